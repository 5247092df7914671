"""The description of an endpoint as a document: what it can do, what instances of each class have, and its questions as
examples. Text-to-SPARQL tools read it where the endpoint itself answers them nothing: its default graph holds what the
publisher asserts, and nothing about the endpoint.
"""

import threading
from collections.abc import Sequence

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import RDFS, SCHEMA, SH
from quoth.formats import Format
from quoth.sparql import examples
from quoth.web.core.site import Site
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import SERVICE
from quoth.web.present import stored_questions, withdrawal_notices


@cached(
    LRUCache(16),
    key=lambda site, format: (site.settings, site.fingerprint, site.engine.generation, site.endpoint, format.name),
    lock=threading.Lock(),
)
def serialize(site: Site, format: Format) -> bytes:
    """The description of the current endpoint."""
    quads = [*dataset_description.statements(site, SERVICE, ()), *questions(site)]
    return dataset_description.write(quads, format, site, {"schema": SCHEMA.iri, "sh": SH.iri})


def questions(site: Site) -> Sequence[ox.Quad]:
    """The questions as examples: each asks about what it asks about on its page."""
    asked = (
        (
            question.name,
            stored_questions.title(site, question),
            question.description,
            question.bound(stored_questions.defaults(site, question)),
        )
        for question in stored_questions.questions(site)
    )
    return [*examples.executables(asked, site.iris.public, site.iris.base, site.iris.url("sparql"))]


def serialize_archived(site: Site, format: Format) -> bytes:
    """The description of the current endpoint under the address of that of one release in the archive, with the release
    as its dataset, and the way to the notices of what was withdrawn since. The graphs have no addresses there."""
    url = site.iris.url
    release, service = url(f"releases/{site.release.number}"), url(site.endpoint)
    names = {url(".well-known/void#dataset"): release, url(".well-known/void"): release}

    def moved(term: ox.NamedNode) -> ox.NamedNode:
        path, mark, part = term.value.partition("#")
        return ox.NamedNode(service + mark + part if path == url("sparql") else names.get(term.value, term.value))

    quads = []
    for s, p, o, _ in [*dataset_description.statements(site, SERVICE, ()), *questions(site)]:
        if ox.NamedNode(url("graphs")) not in (s, o):
            assert isinstance(s, ox.NamedNode)
            quads.append(ox.Quad(moved(s), p, moved(o) if isinstance(o, ox.NamedNode) else o))
    if text := withdrawal_notices.remark(site):
        node = ox.NamedNode(service)
        quads.append(ox.Quad(node, RDFS.comment, ox.Literal(text, language="en")))
        quads.append(ox.Quad(node, RDFS.seeAlso, ox.NamedNode(url(withdrawal_notices.path(site)))))
    return dataset_description.write(quads, format, site)
