"""A page of a list in RDF: the list is a collection, the page a view of it with links to the others.

Hydra Core Vocabulary §5.1 (collections) and §5.2 (partial collection views): http://www.hydra-cg.com/spec/latest/core/
"""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF, RDFS, XSD
from quoth.http.pagination import Page
from quoth.web.core.site import Site
from quoth.web.core.urls import Iris
from quoth.web.describe.self_description import HYDRA


def collection_quads(iris: Iris, page: Page[None], members: Iterable[str]) -> list[ox.Quad]:
    """That a list is a collection of so many items, among them ``members`` (IRIs), and which pages are around this one.
    The collection is the list at its first page's address, without the suffix of a format."""
    plain = page.at(page.path.partition(".")[0])
    collection, view = ox.NamedNode(iris.url(plain.target(1))), ox.NamedNode(iris.url(page.target(page.number)))
    total = ox.Literal(str(page.total), datatype=XSD.integer)
    places = {HYDRA.first: 1, HYDRA.previous: page.number - 1, HYDRA.next: page.number + 1, HYDRA.last: page.pages}
    return [
        ox.Quad(collection, RDF.type, HYDRA.Collection),
        ox.Quad(collection, HYDRA.totalItems, total),
        *(ox.Quad(collection, HYDRA.member, ox.NamedNode(iri)) for iri in members),
        ox.Quad(collection, HYDRA.view, view),
        ox.Quad(view, RDF.type, HYDRA.PartialCollectionView),
        *(
            ox.Quad(view, link, ox.NamedNode(iris.url(page.target(number))))
            for link, number in places.items()
            if 1 <= number <= page.pages
        ),
    ]


def thing_quads(site: Site, claims: Mapping[str, tuple[str, int]]) -> list[ox.Quad]:
    """The types and labels of things (IRIs), and with each the list of its claims, an address, and their number."""
    types = [q for q in site.engine.describe(list(claims)) if q.predicate == RDF.type]
    quads = [*types, *site.labels.quads(claims)]
    for iri, (address, count) in claims.items():
        listed, total = ox.NamedNode(address), ox.Literal(str(count), datatype=XSD.integer)
        quads += [
            ox.Quad(ox.NamedNode(iri), RDFS.seeAlso, listed),
            ox.Quad(listed, RDF.type, HYDRA.Collection),
            ox.Quad(listed, HYDRA.totalItems, total),
        ]
    return quads
