"""A whole document: the description of its resource, and the statements of the document about itself."""

from collections.abc import Sequence

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, FOAF, PROV, RDF, RDFS, VOID, XSD, Namespace
from quoth.formats import Format
from quoth.web.core.site import Site
from quoth.web.describe.description import Description

HYDRA = Namespace(
    "http://www.w3.org/ns/hydra/core#",
    "Collection PartialCollectionView totalItems member view first previous next last",
)
_RELATIONS = {"first": HYDRA.first, "prev": HYDRA.previous, "next": HYDRA.next, "last": HYDRA.last}


def document_quads(site: Site, description: Description, name: str, format: Format) -> list[ox.Quad]:
    """The quads of a document in a format; a format without named graphs never gets a reported triple.

    ``name`` is the resource's percent-encoded name below /id/.
    """
    incoming = description.incoming
    omitted = not format.quads and bool(description.content or description.inferences)
    remarks = (
        (
            incoming.pages > 1,
            f"Of {incoming.total} links to this resource, {incoming.start} to {incoming.end} are listed here.",
        ),
        (description.cut, "There are more inferences than this document holds: query the endpoint for the rest."),
        (
            omitted,
            "What is claimed, what is inferred and who made the links is in named graphs: see the TriG document.",
        ),
    )
    comments = [text for applies, text in remarks if applies]
    quads = description.everything if format.quads else description.asserted
    return [*quads, *_about_document(site, description, name, comments, omitted)]


def _about_document(
    site: Site, description: Description, name: str, comments: Sequence[str], omitted: bool
) -> list[ox.Quad]:
    """The statements of a document about itself: topic, terms, release, omissions, and where the rest is.

    The number of incoming links is the size of a collection, whose views are the pages of the document
    (Hydra Core Vocabulary §5: https://www.hydra-cg.com/spec/latest/core/#collections).
    """
    url = site.iris.url
    path = f"{site.iris.documents}/{name}"
    topic, document = ox.NamedNode(description.iri), ox.NamedNode(url(path))
    quads = [
        ox.Quad(document, RDF.type, FOAF.Document),
        ox.Quad(document, FOAF.primaryTopic, topic),
        ox.Quad(document, VOID.inDataset, ox.NamedNode(site.iris.dataset)),
        ox.Quad(document, DCTERMS.isPartOf, ox.NamedNode(url(f"releases/{site.release.number}"))),
        *_terms(site, description, document),
    ]
    if site.pinned:
        quads.append(ox.Quad(document, DCTERMS.isVersionOf, ox.NamedNode(url(f"doc/{name}"))))
    quads += [ox.Quad(document, RDFS.comment, ox.Literal(text, language="en")) for text in comments]
    if omitted:
        quads.append(ox.Quad(topic, RDFS.seeAlso, ox.NamedNode(url(f"{path}.trig"))))
    incoming = description.incoming
    if incoming.total:
        collection = ox.NamedNode(f"{document.value}#incoming")
        total = ox.Literal(str(incoming.total), datatype=XSD.integer)
        quads += [ox.Quad(collection, RDF.type, HYDRA.Collection), ox.Quad(collection, HYDRA.totalItems, total)]
        if incoming.pages > 1:
            view = ox.NamedNode(url(incoming.target(incoming.number)))
            quads += [ox.Quad(collection, HYDRA.view, view), ox.Quad(view, RDF.type, HYDRA.PartialCollectionView)]
            quads += [ox.Quad(view, _RELATIONS[rel], ox.NamedNode(href)) for href, rel, _ in incoming.links(url)]
    return quads


def _terms(site: Site, description: Description, document: ox.NamedNode) -> list[ox.Quad]:
    """The encodings that the document is made from, and the licences of these or of its resource, such as a linkset's;
    without any, the licence of the release."""
    quads = [*description.own, *description.background]
    encodings = {q.subject for q in quads if q.predicate == PROV.wasDerivedFrom}
    licensed = {ox.NamedNode(description.iri), *encodings}
    licences = {q.object for q in quads if q.predicate == DCTERMS.license and q.subject in licensed}
    if not licences and site.licence:
        licences = {ox.NamedNode(site.licence)}
    terms = [ox.Quad(document, DCTERMS.source, encoding) for encoding in encodings]
    terms += [ox.Quad(document, DCTERMS.license, licence) for licence in licences]
    return sorted(terms, key=str)
