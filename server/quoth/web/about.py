"""What a document says of itself: its topic, its release, what it leaves out, and where the rest is."""

from collections.abc import Iterable

import pyoxigraph as ox

from quoth.claim.vocabulary import PREFIXES, RDF, RDFS, XSD, Namespace
from quoth.web.description import Description
from quoth.web.site import Site

FOAF = Namespace(PREFIXES["foaf"], "Document primaryTopic")
DCTERMS = Namespace(PREFIXES["dcterms"], "isVersionOf")
HYDRA = Namespace(
    "http://www.w3.org/ns/hydra/core#", "Collection PartialCollectionView totalItems view first previous next last"
)
_TURNS = {"first": HYDRA.first, "prev": HYDRA.previous, "next": HYDRA.next, "last": HYDRA.last}


def about_document(
    here: Site, description: Description, name: str, comments: Iterable[str], see_also: str | None
) -> list[ox.Quad]:
    """The statements of the document about a resource; ``name`` is its percent-encoded name below /id/.

    How many links lead to the resource is told as the size of a collection, and its pages as views of that
    (Hydra Core Vocabulary §5: https://www.hydra-cg.com/spec/latest/core/#collections).
    """
    url = here.iris.url
    topic, document = ox.NamedNode(description.iri), ox.NamedNode(url(f"{here.iris.documents}/{name}"))
    quads = [ox.Quad(document, RDF.type, FOAF.Document), ox.Quad(document, FOAF.primaryTopic, topic)]
    if here.pinned:
        quads.append(ox.Quad(document, DCTERMS.isVersionOf, ox.NamedNode(url(f"doc/{name}"))))
    quads += [ox.Quad(document, RDFS.comment, ox.Literal(text, language="en")) for text in comments]
    if see_also:
        quads.append(ox.Quad(topic, RDFS.seeAlso, ox.NamedNode(see_also)))
    links = description.incoming
    if links.total:
        every = ox.NamedNode(f"{document.value}#incoming")
        total = ox.Literal(str(links.total), datatype=XSD.integer)
        quads += [ox.Quad(every, RDF.type, HYDRA.Collection), ox.Quad(every, HYDRA.totalItems, total)]
        if links.pages > 1:
            view = ox.NamedNode(url(links.target(links.number)))
            quads += [ox.Quad(every, HYDRA.view, view), ox.Quad(view, RDF.type, HYDRA.PartialCollectionView)]
            quads += [ox.Quad(view, _TURNS[rel], ox.NamedNode(there)) for there, rel, _ in links.links(url)]
    return quads
