"""/doc/<claim>.bib and /doc/<claim>.csl.json: a claim's citation as a file. Not RDF, so not negotiated."""

from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.archive import archive
from quoth.web.core.responses import links, raw_path, validated
from quoth.web.core.site import Site, current_site
from quoth.web.documents import dereferencing
from quoth.web.present import citation
from quoth.web.present.citation import citation_of
from quoth.web.present.claim_view import claims

FILES = {
    "bib": (f"{citation.BIBTEX_TYPE}; charset=utf-8", citation.bibtex),
    "csl.json": (citation.CSL_TYPE, citation.csl_text),
}
"""Suffix → the content type, and the function that writes it."""

blueprint = Blueprint("citing", __name__)


@blueprint.get("/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def current(name: str, suffix: str) -> Response:
    """The citation of a claim as a file. Raises NotFoundError."""
    return _respond(current_site(), suffix) or dereferencing.document(f"{name}.{suffix}")


@blueprint.get("/releases/<int:number>/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/releases/<int:number>/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def pinned(number: int, name: str, suffix: str) -> Response:
    """The citation of a claim of one release."""
    return _respond(archive().site(number), suffix) or dereferencing.pinned(number, f"{name}.{suffix}")


def _respond(site: Site, suffix: str) -> Response | None:
    """The citation of the claim that the request's path names; None where the path names no claim."""
    stem = raw_path().removesuffix(f".{suffix}")
    iris = site.iris.candidates(f"id/{stem.removeprefix(f'{site.iris.documents}/')}")
    iri = next(
        (iri for iri in iris if QUOTH.Claim.value in TripleIndex(site.about(iri) or ()).values(iri, RDF.type)), None
    )
    if iri is None:
        return None
    [claim] = claims(site, [iri])
    content_type, write = FILES[suffix]
    headers = Headers({"Link": links([(site.iris.url(stem), "describedby", None)])})
    tag = site.etag(stem, suffix)
    return validated(lambda: write(citation_of(site, claim)), tag, content_type, headers, site.modified)
