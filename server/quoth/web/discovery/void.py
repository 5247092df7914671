"""What the dataset is, in RDF: VoID (https://www.w3.org/TR/void/), where §7.2 has clients look for it.

Every number was counted when the release was published: its manifest and its statistics.
"""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PREFIXES, QUOTH, RDF, RDFS, XSD, Namespace
from quoth.formats import RDF_FORMATS
from quoth.release.statistics import Part, Statistics
from quoth.web.core.site import Site, site
from quoth.web.discovery import description_views, linksets
from quoth.web.sparql import service_description
from quoth.web.sparql.service_description import VOID, dataset, format_iri, part, triple

DCTERMS = Namespace(
    PREFIXES["dcterms"],
    "title description license created issued modified identifier conformsTo format language isPartOf",
)
FOAF = Namespace(PREFIXES["foaf"], "primaryTopic homepage")
TITLE = "Attributed claims"
DESCRIPTION = "Who said it, on whose authority, how surely, in which words."
EXAMPLES_LIMIT = 12
"""Resources that are named as examples, each of another class."""

_DUMPS = ("claims.trig.gz", "claims.nq.gz")

blueprint = Blueprint("void", __name__)


@blueprint.get("/.well-known/void")
@blueprint.get("/.well-known/void.<suffix>")
def well_known(suffix: str | None = None) -> Response:
    """The description of the dataset in the RDF format that the client likes best, or as a page."""
    catalog = (site().iris.url("catalog"), "describedby", None)
    return description_views.answer(".well-known/void", "The dataset in VoID", statements, [catalog], suffix=suffix)


def statements(here: Site) -> list[ox.Quad]:
    """What was counted at publication, and where the data are."""
    counted = here.release.statistics()
    quads = [
        *_dataset(here),
        *_parts(here),
        *_partitions(here, counted),
        *_terms(here, counted),
    ]
    for file in _DUMPS:
        url = here.iris.url(f"releases/{here.release.number}/{file}")
        quads.append(triple(dataset(here), VOID.dataDump, ox.NamedNode(url)))
    quads += [triple(dataset(here), VOID.feature, format_iri(format.name)) for format in RDF_FORMATS]
    return service_description.by_subject([*quads, *linksets.statements(here)])


def about(here: Site) -> Iterator[ox.Quad]:
    """What every description says of the dataset."""
    whole, manifest = dataset(here), here.release.manifest
    licence = here.licence
    yield triple(whole, RDF.type, VOID.Dataset)
    yield triple(whole, DCTERMS.title, TITLE)
    yield triple(whole, DCTERMS.description, DESCRIPTION)
    yield triple(whole, DCTERMS.identifier, ox.Literal(f"release {manifest.release}"))
    yield triple(whole, DCTERMS.modified, ox.Literal(manifest.created, datatype=XSD.dateTime))
    if licence:
        yield triple(whole, DCTERMS.license, ox.NamedNode(licence))
    yield triple(whole, DCTERMS.conformsTo, ox.NamedNode(ONTOLOGY_IRI))


def _dataset(here: Site) -> Iterator[ox.Quad]:
    manifest, whole = here.release.manifest, dataset(here)
    document = ox.NamedNode(here.iris.url(".well-known/void"))
    claims = part(here, "claims")
    yield triple(document, RDF.type, VOID.DatasetDescription)
    yield triple(document, DCTERMS.title, "Description of a dataset of attributed claims")
    yield triple(document, FOAF.primaryTopic, whole)
    yield from about(here)
    yield triple(whole, FOAF.homepage, ox.NamedNode(here.iris.public))
    yield triple(whole, RDFS.seeAlso, service_description.endpoint(here))
    yield triple(whole, RDFS.seeAlso, ox.NamedNode(here.iris.url("catalog")))
    yield triple(whole, VOID.sparqlEndpoint, service_description.endpoint(here))
    yield triple(whole, VOID.uriSpace, ox.Literal(manifest.base))
    yield triple(whole, VOID.triples, manifest.quads)
    yield triple(whole, VOID.classPartition, claims)
    yield triple(claims, VOID.class_, QUOTH.Claim)
    yield triple(claims, VOID.entities, manifest.claims)


def _parts(here: Site) -> Iterator[ox.Quad]:
    manifest, whole = here.release.manifest, dataset(here)
    for name, label, triples in (
        ("default-graph", "what the publisher asserts: the default graph", manifest.asserted),
        (
            "reported",
            "what was claimed, and what is inferred from it: the named graphs",
            manifest.quads - manifest.asserted,
        ),
    ):
        yield triple(whole, VOID.subset, part(here, name))
        yield triple(part(here, name), RDF.type, VOID.Dataset)
        yield triple(part(here, name), RDFS.label, label)
        yield triple(part(here, name), VOID.triples, triples)


def _partitions(here: Site, counted: Statistics) -> Iterator[ox.Quad]:
    """Classes and properties of the default graph and of the named graphs (VoID §4.5)."""
    if counted.resources:
        yield triple(dataset(here), VOID.documents, counted.resources)
    for name, side in (("default-graph", counted.asserted), ("reported", counted.reported)):
        if side.triples:
            yield from _partition(here, name, side)


def _partition(here: Site, name: str, side: Part) -> Iterator[ox.Quad]:
    node = part(here, name)
    yield triple(node, VOID.distinctSubjects, side.subjects)
    yield triple(node, VOID.classes, side.distinct_classes)
    yield triple(node, VOID.properties, side.distinct_properties)
    for iri, entities in side.classes.items():
        kind = _node(here, f"{name}-class-{_short(iri)}")
        yield triple(node, VOID.classPartition, kind)
        yield triple(kind, VOID.class_, ox.NamedNode(iri))
        yield triple(kind, VOID.entities, entities)
    for iri, triples in side.properties.items():
        property = _node(here, f"{name}-property-{_short(iri)}")
        yield triple(node, VOID.propertyPartition, property)
        yield triple(property, VOID.property, ox.NamedNode(iri))
        yield triple(property, VOID.triples, triples)


def _terms(here: Site, counted: Statistics) -> Iterator[ox.Quad]:
    """The vocabularies that are used, and an example of each of the most frequent classes."""
    used = {iri for side in (counted.asserted, counted.reported) for iri in (*side.classes, *side.properties)}
    spaces = {space for space in PREFIXES.values() for iri in used if iri.startswith(space) and space != QUOTH.iri}
    yield triple(dataset(here), VOID.vocabulary, ox.NamedNode(ONTOLOGY_IRI))
    for space in sorted(spaces):
        yield triple(dataset(here), VOID.vocabulary, ox.NamedNode(space))
    for iri in islice(dict.fromkeys(counted.examples.values()), EXAMPLES_LIMIT):
        yield triple(dataset(here), VOID.exampleResource, ox.NamedNode(iri))


def _node(here: Site, name: str) -> ox.NamedNode:
    return ox.NamedNode(here.iris.url(f".well-known/void#{name}"))


def _short(iri: str) -> str:
    """A name for a term in a fragment: with our prefix, or whole."""
    for prefix, space in PREFIXES.items():
        if iri.startswith(space):
            return quote(f"{prefix}:{iri[len(space) :]}", safe=":")
    return quote(iri, safe=":")
