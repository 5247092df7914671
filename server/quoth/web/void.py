"""What the dataset is, in RDF: VoID (https://www.w3.org/TR/void/), where §7.2 has clients look for it."""

import functools

import pyoxigraph as ox
from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from quoth.claim.vocabulary import ONTOLOGY_IRI, PREFIXES, QUOTH, RDF, RDFS, XSD, Namespace
from quoth.formats import RDF_FORMATS, Format
from quoth.web import linksets, responses, service
from quoth.web.negotiate import choose
from quoth.web.service import VOID, dataset, format_iri, part, triple
from quoth.web.site import Site, site

DCTERMS = Namespace(PREFIXES["dcterms"], "title description license modified identifier")
FOAF = Namespace(PREFIXES["foaf"], "primaryTopic homepage")
_DUMPS = {"trig": "claims.trig.gz", "nquads": "claims.nq.gz"}

blueprint = Blueprint("void", __name__)


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """The description of the dataset in the RDF format that the client likes best."""
    format = choose(request.headers.get("Accept"), RDF_FORMATS)
    endpoint = (site().iris.url("sparql"), "service", None)
    return responses.validated(
        lambda: _body(site(), format),
        responses.etag("void", format.name),
        format.content_type,
        Headers({"Vary": "Accept", "Link": responses.links([endpoint])}),
    )


@functools.lru_cache(maxsize=16)
def _body(here: Site, format: Format) -> bytes:
    return service.serialize(statements(here), format, here)


def statements(here: Site) -> list[ox.Quad]:
    """What the release's own manifest counts, and where the data are."""
    manifest = here.release.manifest
    document, whole = ox.NamedNode(here.iris.url(".well-known/void")), dataset(here)
    default, reported, claims = (part(here, name) for name in ("default-graph", "reported", "claims"))
    licence = responses.licence(here)
    quads = [
        triple(document, RDF.type, VOID.DatasetDescription),
        triple(document, DCTERMS.title, "Description of a dataset of attributed claims"),
        triple(document, FOAF.primaryTopic, whole),
        triple(whole, RDF.type, VOID.Dataset),
        triple(whole, DCTERMS.title, "Attributed claims"),
        triple(whole, DCTERMS.description, "Who said it, on whose authority, how surely, in which words."),
        triple(whole, DCTERMS.identifier, ox.Literal(f"release {manifest.release}")),
        triple(whole, DCTERMS.modified, ox.Literal(manifest.created, datatype=XSD.dateTime)),
        *([triple(whole, DCTERMS.license, ox.NamedNode(licence))] if licence else []),
        triple(whole, FOAF.homepage, ox.NamedNode(here.iris.public)),
        triple(whole, RDFS.seeAlso, service.endpoint(here)),
        triple(whole, VOID.sparqlEndpoint, service.endpoint(here)),
        triple(whole, VOID.uriSpace, ox.Literal(manifest.base)),
        triple(whole, VOID.vocabulary, ox.NamedNode(ONTOLOGY_IRI)),
        triple(whole, VOID.triples, manifest.quads),
        triple(whole, VOID.classPartition, claims),
        triple(claims, VOID.class_, QUOTH.Claim),
        triple(claims, VOID.entities, manifest.claims),
        triple(whole, VOID.subset, default),
        triple(default, RDF.type, VOID.Dataset),
        triple(default, RDFS.label, "what the publisher asserts: the default graph"),
        triple(default, VOID.triples, manifest.asserted),
        triple(whole, VOID.subset, reported),
        triple(reported, RDF.type, VOID.Dataset),
        triple(reported, RDFS.label, "what was claimed, and what is inferred from it: the named graphs"),
        triple(reported, VOID.triples, manifest.quads - manifest.asserted),
    ]
    for name, file in _DUMPS.items():
        url = here.iris.url(f"releases/{here.release.number}/{file}")
        quads += [triple(whole, VOID.dataDump, ox.NamedNode(url)), triple(whole, VOID.feature, format_iri(name))]
    return service.by_subject([*quads, *linksets.statements(here)])
