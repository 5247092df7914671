"""/timemap/X: the TimeMap of the document about X (RFC 7089 §5), in link format and as PROV-O."""

from datetime import datetime

import pyoxigraph as ox
from flask import Blueprint, Response, request
from werkzeug.http import http_date

from quoth.claim.model.namespaces import PROV, RDF, XSD
from quoth.errors import NotFoundError
from quoth.formats import LINK_FORMAT, RDF_FORMATS, by_name
from quoth.web.core import request_target, variants
from quoth.web.core.request_target import raw_path
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.urls import as_uri
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import mementos
from quoth.web.present.mementos import Memento

OFFERS = (LINK_FORMAT, *RDF_FORMATS)

blueprint = Blueprint("mementos", __name__)


@blueprint.get("/timemap/<path:name>")
def timemap(name: str) -> Response:
    """The versions of a document. Raises NotFoundError, NotAcceptableError."""
    request_target.known_parameters(request.args, ("format",), "timemap")
    site, path = current_site(), raw_path().removeprefix("timemap/")
    stem, _, suffix = path.rpartition(".")
    format = by_name(OFFERS, suffix) if stem else None
    for own, ending in ((path, None), *([(stem, suffix)] if format and format.suffix == suffix else [])):
        if (iri := mementos.named(site, own)) and (versions := mementos.mementos(site, iri)):
            return _respond(site, site.iris.name(iri) or own, versions, ending)
    raise NotFoundError(
        f"no version of {path} is kept here", remedy=f"the kept releases are at {site.iris.url('releases')}"
    )


def _respond(site: Site, name: str, versions: list[Memento], suffix: str | None) -> Response:
    path = f"timemap/{name}"

    def make(variant: Variant) -> bytes | str:
        if variant.format is LINK_FORMAT:
            return _link_format(site, name, versions)
        url = site.iris.url(path)
        return serialize(
            _provenance(site, name, versions), variant.format, site.iris, root=url, profile=variant.profile
        )

    # Which releases are kept changes without a new release.
    depends = [f"{memento.release}" for memento in versions]
    return variants.respond(NegotiableResource(site, path, OFFERS, make, depends=depends), suffix)


def _link_format(site: Site, name: str, versions: list[Memento]) -> str:
    """The TimeMap as application/link-format (§5, RFC 6690)."""
    own, document = (as_uri(site.iris.url(path)) for path in (f"timemap/{name}.link", f"doc/{name}"))
    first, last = (http_date(memento.created) for memento in (versions[0], versions[-1]))
    lines = [
        f'<{document}>; rel="original timegate"',
        f'<{own}>; rel="self"; type="{LINK_FORMAT.media_type}"; from="{first}"; until="{last}"',
        *mementos.dated(site, name, versions),
    ]
    return ",\n".join(lines) + "\n"


def _provenance(site: Site, name: str, versions: list[Memento]) -> list[ox.Quad]:
    """The TimeMap in PROV-O: each version is a specialization of the document, and a revision of the one before;
    a withdrawal invalidates it."""
    url = site.iris.url
    document, collection = ox.NamedNode(url(f"doc/{name}")), ox.NamedNode(url(f"timemap/{name}"))
    quads = [ox.Quad(document, RDF.type, PROV.Entity), ox.Quad(collection, RDF.type, PROV.Collection)]
    earlier = None
    for memento in versions:
        version = ox.NamedNode(mementos.address(site, memento, name))
        quads += [
            ox.Quad(collection, PROV.hadMember, version),
            ox.Quad(version, RDF.type, PROV.Entity),
            ox.Quad(version, PROV.specializationOf, document),
            ox.Quad(version, PROV.generatedAtTime, _time(memento.created)),
            *([ox.Quad(version, PROV.invalidatedAtTime, _time(gone))] if (gone := memento.withdrawn) else []),
            *([ox.Quad(version, PROV.wasRevisionOf, earlier)] if earlier else []),
        ]
        earlier = version
    return quads


def _time(when: datetime) -> ox.Literal:
    return ox.Literal(when.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)
