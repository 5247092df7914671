"""RDF in tests of the web room: documents read back, the queries that describe the dataset, a vocabulary's terms."""

import json
from collections.abc import Iterable

import pyoxigraph as ox

from quoth.formats import OX_RDF, Format
from quoth.resources import jsonld_context
from quoth.sparql import named_queries
from quoth.web.describe import dataset_description

from ..conftest import BASE

SD_TERMS = frozenset(
    """Service Dataset Graph NamedGraph endpoint supportedLanguage SPARQL11Query resultFormat defaultEntailmentRegime
    defaultDataset availableGraphs defaultGraph namedGraph name graph feature BasicFederatedQuery""".split()  # noqa: SIM905
)
"""Terms of the specification's vocabulary, §3."""


def parsed(body: bytes, format: Format) -> set[ox.Quad]:
    if format.name == "jsonld":
        document = json.loads(body)
        assert document["@context"] == BASE + "context.jsonld"
        body = json.dumps({**document, "@context": jsonld_context()}).encode()
    return set(ox.parse(body, format=OX_RDF[format.name]))


def descriptions() -> dict[str, str]:
    """The text of each query."""
    folder = dataset_description.QUERIES
    return {query.name: query.text for query in named_queries.load(folder)}


def texts(quads: Iterable[ox.Quad], subject: ox.NamedNode | str, predicate: ox.NamedNode) -> list[str]:
    """The IRIs and the texts of literals that are the values of a property."""
    of = (ox.NamedNode(str(subject)) if isinstance(subject, str) else subject, predicate)
    return [str(getattr(q.object, "value", "")) for q in quads if (q.subject, q.predicate) == of]
