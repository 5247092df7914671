"""What a document says of itself: its topic, its terms, its release, what it leaves out, and where the rest is."""

from collections.abc import Iterable

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES, PROV, RDF, RDFS, XSD, Namespace
from quoth.web.core.site import Site
from quoth.web.describe.description import Description
from quoth.web.sparql.service_description import VOID, dataset

FOAF = Namespace(PREFIXES["foaf"], "Document primaryTopic")
DCTERMS = Namespace(PREFIXES["dcterms"], "isVersionOf isPartOf license source")
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
    quads.append(ox.Quad(document, VOID.inDataset, dataset(here)))
    quads.append(ox.Quad(document, DCTERMS.isPartOf, ox.NamedNode(url(f"releases/{here.release.number}"))))
    quads += _terms(here, description, document)
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


def _terms(here: Site, description: Description, document: ox.NamedNode) -> list[ox.Quad]:
    """The encodings from which the document is made, and their licences, or that of what it is about, as a linkset has
    one; without any, the one of the whole release."""
    said = [*description.own, *description.background]
    encodings = {q.subject for q in said if q.predicate == PROV.wasDerivedFrom}
    licensed = {ox.NamedNode(description.iri), *encodings}
    licences = {q.object for q in said if q.predicate == DCTERMS.license and q.subject in licensed}
    if not licences and here.licence:
        licences = {ox.NamedNode(here.licence)}
    quads = [ox.Quad(document, DCTERMS.source, encoding) for encoding in encodings]
    quads += [ox.Quad(document, DCTERMS.license, licence) for licence in licences]
    return sorted(quads, key=str)
