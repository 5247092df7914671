"""/doc/<claim>.bib and /doc/<claim>.csl.json: a claim's citation as a file. They are no RDF and are not negotiated."""

from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from quoth.claim.index import Index
from quoth.claim.vocabulary import PROV, QUOTH, RDF, SCHEMA
from quoth.web import citation, resource
from quoth.web.citation import Citation
from quoth.web.reading import Claim, claims
from quoth.web.responses import etag, links, raw_path, validated
from quoth.web.site import Site, site
from quoth.web.walk import statements

FILES = {
    "bib": (citation.BIBTEX_TYPE, citation.bibtex),
    "csl.json": (citation.CSL_TYPE, citation.csl_text),
}
"""Suffix → the media type and what writes it."""

blueprint = Blueprint("citing", __name__)


@blueprint.get("/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def cited(name: str, suffix: str) -> Response:
    """The citation of a claim as a file. Raises NotFound."""
    here = site()
    path = raw_path().removeprefix("doc/").removesuffix("." + suffix)
    iri = next((i for i in here.iris.candidates(f"id/{path}") if _is_claim(here, i)), None)
    if iri is None:
        return resource.document(f"{name}.{suffix}")
    [found] = claims(here, [iri])
    media_type, write = FILES[suffix]
    headers = Headers({"Link": links([(here.iris.url(f"doc/{path}"), "describes", None)])})
    return validated(lambda: write(of(here, found)), etag(iri, suffix), f"{media_type}; charset=utf-8", headers)


def of(here: Site, claim: Claim) -> Citation:
    """The citation of a claim of the release."""
    article = claim.article
    encoding = f"{article.iri}#encoding" if article else ""
    index = Index(statements(here.engine, [article.iri, encoding]) if article else [])
    encoders = index.values(encoding, PROV.wasAttributedTo)
    name = here.iris.name(claim.ref.iri) or claim.ref.iri
    return Citation(
        name=name.removeprefix("claim/"),
        sentence=claim.ref.label,
        quotes=[quote.exact for quote in claim.quotes],
        encoder=" and ".join(here.labels.label(e) for e in encoders) or "Quoth",
        article=article.label if article else "",
        article_date=index.value(article.iri, SCHEMA.datePublished)[:10] if article else "",
        release=here.release.number,
        issued=here.release.manifest.created[:10],
        url=here.iris.url(f"releases/{here.release.number}/doc/{name}"),
        iri=claim.ref.iri,
    )


def _is_claim(here: Site, iri: str) -> bool:
    return here.says_something(iri) and QUOTH.Claim.value in Index(statements(here.engine, [iri])).values(iri, RDF.type)
