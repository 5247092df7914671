"""The dataset, its releases and its endpoint for catalogues of data: DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/)."""

from collections.abc import Iterator

import pyoxigraph as ox
from flask import Blueprint, Response

from quoth.claim.model.namespaces import RDF, XSD, Namespace
from quoth.release.release import File, Release
from quoth.resources import folder
from quoth.web.core.site import Site, site
from quoth.web.discovery import description_views, void
from quoth.web.discovery.void import DCTERMS, FOAF
from quoth.web.releases import downloads
from quoth.web.sparql import service_description
from quoth.web.sparql.service_description import dataset, format_iri, triple

DCAT = Namespace(
    "http://www.w3.org/ns/dcat#",
    """Catalog Dataset Distribution DataService dataset service distribution landingPage keyword contactPoint
    accessURL accessService downloadURL mediaType compressFormat byteSize
    endpointURL endpointDescription servesDataset
    version hasVersion isVersionOf hasCurrentVersion previousVersion""",
)
SPDX = Namespace("http://spdx.org/rdf/terms#", "Checksum checksum algorithm checksumAlgorithm_sha256 checksumValue")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#", "Kind hasEmail hasURL")
RELEASES_LIMIT = 100
"""Releases that are listed, the newest first."""

DUMPS = {
    "claims.trig.gz": ("trig", "application/trig", "every quad, as TriG"),
    "claims.nq.gz": ("nquads", "application/n-quads", "every quad, as N-Quads"),
}
"""File of every quad → the format within, its media type, and what it is; all are compressed by gzip."""
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_PROTOCOL = ox.NamedNode("https://www.w3.org/TR/sparql11-protocol/")
_KEYWORDS = ("attribution", "claims", "provenance", "quotations")

blueprint = Blueprint("catalog", __name__)


@blueprint.get("/catalog")
@blueprint.get("/catalog.<suffix>")
def catalog(suffix: str | None = None) -> Response:
    """The catalogue in the RDF format that the client likes best, or as a page."""
    here = site()
    kept = downloads.kept(here, RELEASES_LIMIT)
    return description_views.answer(
        "catalog",
        "The dataset and its releases in DCAT",
        statements,
        [(here.iris.url(".well-known/void"), "describedby", None)],
        version=",".join(str(release.number) for release in kept),
        # A release that is removed changes the catalogue, too.
        modified=here.since(here.settings.releases),
        suffix=suffix,
    )


def statements(here: Site) -> list[ox.Quad]:
    """The catalogue, its one dataset, the releases of it that are kept with their files, and the endpoint."""
    return of_releases(here, downloads.kept(here, RELEASES_LIMIT))


def of_releases(here: Site, kept: list[Release]) -> list[ox.Quad]:
    """The same with those releases, the newest first."""
    versions = [q for release in kept for q in _version(here, release, kept)]
    return service_description.by_subject([*_catalog(here), *_dataset(here, kept), *_service(here), *versions])


def of_release(here: Site, release: Release) -> list[ox.Quad]:
    """What the catalogue says of one release and of its files; which came before it, depends on which are kept."""
    return service_description.by_subject([*_version(here, release, [release])])


def _catalog(here: Site) -> Iterator[ox.Quad]:
    whole = ox.NamedNode(here.iris.url("catalog"))
    yield triple(whole, RDF.type, DCAT.Catalog)
    yield triple(whole, DCTERMS.title, "Catalogue of a dataset of attributed claims")
    yield triple(whole, DCTERMS.description, "The dataset of this server, its releases and its SPARQL endpoint.")
    yield triple(whole, DCTERMS.modified, _created(here.release))
    yield triple(whole, FOAF.homepage, ox.NamedNode(here.iris.public))
    yield triple(whole, DCAT.dataset, dataset(here))
    yield triple(whole, DCAT.service, service_description.endpoint(here))
    yield from _licensed(here, whole)


def _dataset(here: Site, kept: list[Release]) -> Iterator[ox.Quad]:
    whole, endpoint = dataset(here), service_description.endpoint(here)
    queried = ox.NamedNode(here.iris.url("catalog#sparql"))
    yield triple(whole, RDF.type, DCAT.Dataset)
    yield from void.about(here)
    for file in sorted(folder("shapes").glob("*.ttl")):
        yield triple(whole, DCTERMS.conformsTo, ox.NamedNode(here.iris.url(f"shapes/{file.name}")))
    for keyword in _KEYWORDS:
        yield triple(whole, DCAT.keyword, keyword)
    yield triple(whole, DCAT.landingPage, ox.NamedNode(here.iris.public))
    yield triple(whole, DCAT.version, ox.Literal(str(here.release.number)))
    yield triple(whole, DCAT.hasCurrentVersion, _node(here, here.release))
    for release in kept:
        yield triple(whole, DCAT.hasVersion, _node(here, release))
    for name in DUMPS:
        yield triple(whole, DCAT.distribution, _distribution(here, here.release, name))
    yield triple(whole, DCAT.distribution, queried)
    yield triple(queried, RDF.type, DCAT.Distribution)
    yield triple(queried, DCTERMS.title, "the SPARQL endpoint")
    yield triple(queried, DCAT.accessURL, endpoint)
    yield triple(queried, DCAT.accessService, endpoint)
    yield from _licensed(here, queried)
    yield from _contact(here, whole)


def _contact(here: Site, whole: ox.NamedNode) -> Iterator[ox.Quad]:
    """Where the publisher can be reached, if the operator says so. Who that is, no setting tells."""
    url = here.settings.contact
    if url:
        contact = ox.NamedNode(here.iris.url("catalog#contact"))
        yield triple(whole, DCAT.contactPoint, contact)
        yield triple(contact, RDF.type, VCARD.Kind)
        yield triple(contact, VCARD.hasEmail if url.startswith("mailto:") else VCARD.hasURL, ox.NamedNode(url))


def _service(here: Site) -> Iterator[ox.Quad]:
    endpoint = service_description.endpoint(here)
    yield triple(endpoint, RDF.type, DCAT.DataService)
    yield triple(endpoint, DCTERMS.title, "SPARQL endpoint of attributed claims")
    yield triple(endpoint, DCTERMS.conformsTo, _PROTOCOL)
    yield triple(endpoint, DCAT.endpointURL, endpoint)
    yield triple(endpoint, DCAT.endpointDescription, endpoint)
    yield triple(endpoint, DCAT.servesDataset, dataset(here))
    yield from _licensed(here, endpoint)


def _version(here: Site, release: Release, kept: list[Release]) -> Iterator[ox.Quad]:
    """A release as a dataset of its own, which never changes."""
    node = _node(here, release)
    yield triple(node, RDF.type, DCAT.Dataset)
    yield triple(node, DCTERMS.title, f"{void.TITLE}, release {release.number}")
    yield triple(node, DCTERMS.issued, _created(release))
    yield triple(node, DCAT.version, ox.Literal(str(release.number)))
    yield triple(node, DCAT.isVersionOf, dataset(here))
    yield triple(node, DCAT.landingPage, node)
    for earlier in [other for other in kept if other.number < release.number][:1]:
        yield triple(node, DCAT.previousVersion, _node(here, earlier))
    if release.number == here.release.number:
        yield from _licensed(here, node)
    for name in DUMPS:
        if name in release.manifest.files:
            yield triple(node, DCAT.distribution, _distribution(here, release, name))
            yield from _file(here, release, name, release.manifest.files[name])


def _file(here: Site, release: Release, name: str, file: File) -> Iterator[ox.Quad]:
    format, media_type, title = DUMPS[name]
    node = _distribution(here, release, name)
    checksum = ox.NamedNode(f"{node.value}-sha256")
    yield triple(node, RDF.type, DCAT.Distribution)
    yield triple(node, DCTERMS.title, title)
    yield triple(node, DCTERMS.issued, _created(release))
    yield triple(node, DCTERMS.format, format_iri(format))
    yield triple(node, DCAT.accessURL, _node(here, release))
    yield triple(node, DCAT.downloadURL, ox.NamedNode(here.iris.url(f"releases/{release.number}/{name}")))
    yield triple(node, DCAT.mediaType, ox.NamedNode(_MEDIA_TYPES + media_type))
    yield triple(node, DCAT.compressFormat, ox.NamedNode(_MEDIA_TYPES + "application/gzip"))
    yield triple(node, DCAT.byteSize, ox.Literal(str(file.bytes), datatype=XSD.nonNegativeInteger))
    yield triple(node, SPDX.checksum, checksum)
    yield triple(checksum, RDF.type, SPDX.Checksum)
    yield triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield triple(checksum, SPDX.checksumValue, ox.Literal(file.sha256, datatype=XSD.hexBinary))
    if release.number == here.release.number:
        yield from _licensed(here, node)


def _licensed(here: Site, node: ox.NamedNode) -> Iterator[ox.Quad]:
    """The licence of the current release; what an older one had is told by its own data."""
    licence = here.licence
    if licence:
        yield triple(node, DCTERMS.license, ox.NamedNode(licence))


def _node(here: Site, release: Release) -> ox.NamedNode:
    return ox.NamedNode(here.iris.url(f"releases/{release.number}"))


def _distribution(here: Site, release: Release, name: str) -> ox.NamedNode:
    return ox.NamedNode(here.iris.url(f"catalog#release-{release.number}-{name}"))


def _created(release: Release) -> ox.Literal:
    return ox.Literal(release.manifest.created, datatype=XSD.dateTime)
