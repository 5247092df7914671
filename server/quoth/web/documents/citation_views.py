"""/doc/<claim>.bib and /doc/<claim>.csl.json: a claim's citation as a file. No RDF, so they are not negotiated."""

from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import PROV, QUOTH, RDF, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.responses import links, raw_path, validated
from quoth.web.core.site import Site, site
from quoth.web.core.subgraph import statements
from quoth.web.documents import dereferencing
from quoth.web.present import citation
from quoth.web.present.citation import Citation
from quoth.web.present.claim_view import Claim, claims
from quoth.web.releases import archive

FILES = {
    "bib": (f"{citation.BIBTEX_TYPE}; charset=utf-8", citation.bibtex),
    "csl.json": (citation.CSL_TYPE, citation.csl_text),
}
"""Suffix → the content type and what writes it."""

blueprint = Blueprint("citing", __name__)


@blueprint.get("/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def cited(name: str, suffix: str) -> Response:
    """The citation of a claim as a file. Raises NotFoundError."""
    return _answer(site(), suffix) or dereferencing.document(f"{name}.{suffix}")


@blueprint.get("/releases/<int:number>/doc/<path:name>.bib", defaults={"suffix": "bib"})
@blueprint.get("/releases/<int:number>/doc/<path:name>.csl.json", defaults={"suffix": "csl.json"})
def pinned(number: int, name: str, suffix: str) -> Response:
    """The same of one release."""
    return _answer(archive.kept().site(number), suffix) or dereferencing.pinned(number, f"{name}.{suffix}")


def _answer(here: Site, suffix: str) -> Response | None:
    """The citation of the claim that the request's path names; None where it names none."""
    stem = raw_path().removesuffix(f".{suffix}")
    iris = here.iris.candidates(f"id/{stem.removeprefix(f'{here.iris.documents}/')}")
    iri = next(
        (iri for iri in iris if QUOTH.Claim.value in TripleIndex(here.about(iri) or ()).values(iri, RDF.type)), None
    )
    if iri is None:
        return None
    [found] = claims(here, [iri])
    content_type, write = FILES[suffix]
    headers = Headers({"Link": links([(here.iris.url(stem), "describedby", None)])})
    tag = here.etag(stem, suffix)
    return validated(lambda: write(of(here, found)), tag, content_type, headers, here.modified)


def of(here: Site, claim: Claim) -> Citation:
    """The citation of a claim: its address is that in the release, as long as this server has the release's store."""
    article = claim.article
    encoding = f"{article.iri}#encoding" if article else ""
    index = TripleIndex(statements(here.engine, [article.iri, encoding]) if article else [])
    encoders = index.values(encoding, PROV.wasAttributedTo)
    number = here.release.number
    name = here.iris.name(claim.ref.iri) or claim.ref.iri
    return Citation(
        name=name.removeprefix("claim/"),
        sentence=claim.ref.label,
        quotes=[quote.exact for quote in claim.quotes],
        encoder=" and ".join(here.labels.label(e) for e in encoders) or "Quoth",
        article=article.label if article else "",
        article_date=index.value(article.iri, SCHEMA.datePublished)[:10] if article else "",
        release=number,
        issued=here.release.manifest.created[:10],
        url=here.iris.url(f"releases/{number}/doc/{name}" if archive.kept().serves(number) else f"doc/{name}"),
        iri=claim.ref.iri,
    )
