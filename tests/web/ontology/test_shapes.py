"""/shapes: the served default graph conforms to it, and what breaks it is found, by pySHACL."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import PROV, RDF, SKOS

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.rules import publication
from quoth.formats import TURTLE
from quoth.resources import folder

from ...conftest import BASE
from ..rdf import parsed

QUOTH = rdflib.Namespace("https://w3id.org/quoth/ns#")
SCHEMA = rdflib.Namespace("https://schema.org/")
CLAIM = rdflib.URIRef(f"{BASE}id/claim/harbour/no-ties")
EX = rdflib.Namespace("urn:example:")


def default_graph(documents: Path, texts: Texts | None) -> bytes:
    """What a release of documents asserts, as N-Triples."""
    report, authored = check.check([documents], BASE, texts)
    assert report.conforms
    quads = [q for q in publication.published_quads(authored, BASE) if q.graph_name == ox.DefaultGraph()]
    return ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="module")
def asserted(harbour: Path, texts: Texts) -> bytes:
    return default_graph(harbour, texts)


@pytest.fixture
def served(asserted: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=asserted, format="nt")


@pytest.fixture
def shapes(client: FlaskClient) -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get("/shapes.ttl").text, format="turtle")


def test_what_is_served_conforms(served: rdflib.Graph, shapes: rdflib.Graph) -> None:
    assert (CLAIM, QUOTH.voice, None) in served
    conforms, _, words = pyshacl.validate(served, shacl_graph=shapes)
    assert conforms, words


@pytest.mark.slow
def test_the_shipped_data_conform_as_published(shapes: rdflib.Graph) -> None:
    graph = rdflib.Graph().parse(data=default_graph(folder("data"), None), format="nt")
    assert len(graph) > 10_000
    conforms, _, words = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, words


def value(graph: rdflib.Graph, predicate: rdflib.URIRef) -> rdflib.term.Node:
    """A value of the claim's property."""
    return next(graph.objects(CLAIM, predicate))


BREAKS: dict[str, Callable[[rdflib.Graph], object]] = {
    "reported content": lambda g: g.add((CLAIM, EX.said, EX.something)),
    "two voices": lambda g: g.add((CLAIM, QUOTH.voice, next(v for v in voices(g) if (CLAIM, QUOTH.voice, v) not in g))),
    "no voice": lambda g: g.remove((CLAIM, QUOTH.voice, None)),
    "no coding": lambda g: g.remove((CLAIM, QUOTH.coding, None)),
    "no article": lambda g: g.remove((CLAIM, PROV.wasQuotedFrom, None)),
    "a depth in words": lambda g: g.set((CLAIM, QUOTH.depth, rdflib.Literal("three"))),
    "a depth of none": lambda g: g.set((CLAIM, QUOTH.depth, rdflib.Literal(0))),
    "credit to no source": lambda g: g.add((CLAIM, QUOTH.creditedTo, EX.nobody)),
    "another type": lambda g: g.add((CLAIM, RDF.type, EX.Fact)),
    "an article of another type": lambda g: g.add((value(g, PROV.wasQuotedFrom), RDF.type, EX.Lie)),
    "an entity with an author": lambda g: g.add((value(g, QUOTH.creditedTo), SCHEMA.author, EX.nobody)),
    "an entity of another type": lambda g: g.add((value(g, QUOTH.creditedTo), RDF.type, EX.Villain)),
    "mentioned in what is no claim": lambda g: g.add((value(g, QUOTH.anchor), QUOTH.mentionedIn, EX.text)),
}


def voices(graph: rdflib.Graph) -> list[rdflib.term.Node]:
    return list(graph.subjects(SKOS.inScheme, rdflib.URIRef("https://w3id.org/quoth/ns/voice")))


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_what_breaks_the_shapes_is_found(
    served: rdflib.Graph, shapes: rdflib.Graph, change: Callable[[rdflib.Graph], object]
) -> None:
    change(served)
    assert not pyshacl.validate(served, shacl_graph=shapes)[0]


def test_documents_have_shapes_of_their_own(client: FlaskClient) -> None:
    assert parsed(client.get("/shapes/published").data, TURTLE) == parsed(client.get("/shapes").data, TURTLE)
    files = [file.stem for file in folder("shapes").glob("*.ttl") if file.stem != "published"]
    documents = len(parsed(client.get("/shapes/documents").data, TURTLE))
    assert documents == sum(len(parsed(client.get(f"/shapes/{name}").data, TURTLE)) for name in files) > 100
    page = client.get("/shapes", headers={"Accept": "text/html"}).text
    assert page.index("shapes.ttl") < page.index("documents.ttl")
    for name in ("documents", "published", "claims"):
        assert client.get(f"/shapes/{name}.html").status_code == 200
    assert client.get("/shapes/nothing").status_code == 404
