"""/doc/<claim>.bib and /doc/<claim>.csl.json: a claim's citation as a file. Not RDF, so not negotiated."""

from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.web.core.archive import archive
from quoth.web.core.request_target import raw_path
from quoth.web.core.responses import links, validated
from quoth.web.core.site import current_site
from quoth.web.documents.dereferencing import document, gone_or_missing, resource_at
from quoth.web.present import citation
from quoth.web.present.citation import citation_of
from quoth.web.present.claim_lookup import article_of, claims

FILES = {
    "bib": (f"{citation.BIBTEX_TYPE}; charset=utf-8", citation.bibtex),
    "csl.json": (citation.CSL_TYPE, citation.csl_text),
}
"""Suffix → the content type, and the function that writes it."""

blueprint = Blueprint("citing", __name__)


@blueprint.get("/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
@blueprint.get("/releases/<int:number>/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/releases/<int:number>/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def cite(name: str, suffix: str, number: int | None = None) -> Response:
    """The citation of a claim as a file, with a number that of one release; for any other resource, its document.
    Raises NotFoundError, GoneError."""
    site = current_site() if number is None else archive().site(number)
    stem = raw_path().removesuffix(f".{suffix}")
    resource = resource_at(site, stem.removeprefix(f"{site.iris.documents}/"))
    if resource is None:
        return gone_or_missing(site, stem.removeprefix(f"{site.iris.documents}/"))
    if QUOTH.Claim.value not in resource.values(RDF.type):
        return document(f"{name}.{suffix}", number)
    [claim] = claims(site, [resource.iri])
    content_type, write = FILES[suffix]
    headers = Headers({"Link": links([(site.iris.url(stem), "describedby", None)])})
    tag = site.etag(stem, suffix)
    return validated(
        lambda: write(citation_of(site, claim, article_of(site, claim))), tag, content_type, headers, site.modified
    )
