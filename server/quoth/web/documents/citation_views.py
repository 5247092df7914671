"""/doc/X.bib and /doc/X.csl.json: the citation of a claim or an article as a file."""

from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import RDF
from quoth.web.core.archive import archive
from quoth.web.core.request_target import raw_path
from quoth.web.core.responses import links, validated
from quoth.web.core.site import current_site
from quoth.web.documents import citation_files
from quoth.web.documents.dereferencing import document, gone_or_missing, resource_at
from quoth.web.present import citation

FILES = {
    "bib": (f"{citation.BIBTEX_TYPE}; charset=utf-8", citation_files.bibtex),
    "csl.json": (citation.CSL_TYPE, citation_files.csl),
}
"""Suffix → the content type, and the function that writes it."""

blueprint = Blueprint("citing", __name__)


@blueprint.get("/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
@blueprint.get("/releases/<int:number>/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/releases/<int:number>/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def cite(name: str, suffix: str, number: int | None = None) -> Response:
    """The citation of a claim or an article as a file, with a number that of one release; for any other resource, its
    document. Raises NotFoundError, GoneError."""
    site = current_site() if number is None else archive().site(number)
    stem = raw_path().removesuffix(f".{suffix}")
    resource = resource_at(site, stem.removeprefix(f"{site.iris.documents}/"))
    if resource is None:
        return gone_or_missing(site, stem.removeprefix(f"{site.iris.documents}/"))
    types = resource.values(RDF.type)
    if not citation_files.is_citable(types):
        return document(f"{name}.{suffix}", number)
    content_type, write = FILES[suffix]
    headers = Headers({"Link": links([(site.iris.url(stem), "describedby", None)])})
    tag = site.etag(stem, suffix)
    return validated(lambda: write(site, resource.iri, types), tag, content_type, headers, site.modified)
