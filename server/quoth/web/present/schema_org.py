"""Data for search engines within a page: JSON-LD in schema.org's terms, which no browser runs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from quoth.claim.model.namespaces import QUOTH, RDF, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.formats import NQUADS, TRIG
from quoth.web.core.archive import files_of
from quoth.web.core.site import Site
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.publication import Publication, publication
from quoth.web.present.thing_history import Correction

CONTEXT = "https://schema.org"
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script(data: Mapping[str, Any]) -> Markup:
    """The data as a block of a page. Nothing in it can end the block or begin markup: see HTML §4.12.1.3.

    >>> print(script({"name": "</script>"}))
    <script type="application/ld+json">{"name": "\\u003c/script\\u003e"}</script>
    """
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return Markup('<script type="application/ld+json">') + Markup(text) + Markup("</script>")


def claim(
    claim: Claim,
    url: str,
    authors: Sequence[Ref],
    about: Sequence[Ref],
    licence: str | None,
    published: Publication,
    corrections: Iterable[Correction],
) -> dict[str, Any]:
    """A claim with its quotations (https://schema.org/Claim, https://schema.org/Quotation).

    ``authors``: to whom it is attributed (prov:wasAttributedTo), which is whom the article itself vouches for; of an
    inner source it is only told that the claim is theirs. ``published``: the publication of the article.
    """
    article = claim.article and {
        **{"@type": "Article", "@id": claim.article.iri, "name": claim.article.label},
        **_publication(published),
    }
    quotations = [{"@type": "Quotation", "text": q.exact, **_known(isPartOf=article)} for q in claim.quotes]
    return {
        "@context": CONTEXT,
        "@type": "Claim",
        "@id": claim.ref.iri,
        "url": url,
        "name": claim.ref.label,
        **_known(author=[_named(author) for author in authors]),
        "creditText": claim.in_words,
        "appearance": quotations,
        **_known(about=[_named(entity) for entity in about], license=licence, creativeWorkStatus=claim.status),
        **_known(correction=[_correction(correction) for correction in corrections]),
    }


def article(site: Site, iri: str, index: TripleIndex) -> dict[str, Any]:
    """An article whose claims are in this dataset; its text is not. ``index``: the statements about it."""
    label = site.labels.label(iri)
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle" if SCHEMA.NewsArticle.value in index.values(iri, RDF.type) else "Article",
        "@id": iri,
        "name": label,
        **_known(
            inLanguage=index.value(iri, SCHEMA.inLanguage),
            isBasedOn=[{"@id": original} for original in index.values(iri, QUOTH.reprints)],
        ),
        **_publication(publication(site, iri, index)),
        "subjectOf": {
            "@type": "Dataset",
            "url": site.iris.url(f"doc/{site.iris.name(iri)}"),
            "name": f"Claims of {label}",
            **_known(license=site.licence),
        },
    }


def dataset(site: Site) -> dict[str, Any]:
    """The dataset (https://schema.org/Dataset). Its downloads have the media types of the dumps within, as in the
    catalogue."""
    manifest, url = site.release.manifest, site.iris.url
    release = url(f"releases/{manifest.release}")
    files = files_of(site.release)
    dumps = [(f"claims.{f.suffix}{end}", f.media_type) for end in ("", ".gz") for f in (TRIG, NQUADS)]
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": site.iris.dataset,
        "url": url(""),
        "name": site.settings.title or "Attributed claims",
        "description": "Who said it, on whose authority, with what certainty, in which exact words: the assertions of"
        " articles as linked data, each with its chain of attribution.",
        "version": str(manifest.release),
        "dateModified": manifest.created,
        "isAccessibleForFree": True,
        "keywords": ["claims", "attribution", "provenance", "linked data", "fact-checking"],
        "subjectOf": {"@type": "WebPage", "url": release},
        "distribution": [
            *(
                {"@type": "DataDownload", "contentUrl": f"{release}/{name}", "encodingFormat": media_type}
                | _known(sha256=getattr(files[name], "sha256", None) or None)
                for name, media_type in dumps
                if name in files
            ),
            {"@type": "DataDownload", "contentUrl": url("sparql"), "description": "SPARQL 1.1 endpoint"},
        ],
        **_known(license=site.licence),
    }


def _publication(published: Publication) -> dict[str, object]:
    """What is known of an article's publication."""
    return _known(
        headline=published.headline,
        author=[_named(author) for author in published.authors],
        publisher=[_named(publisher) for publisher in published.publishers],
        datePublished=published.date,
        articleSection=published.sections,
        url=published.urls,
        archivedAt=published.archived,
    )


def _correction(correction: Correction) -> dict[str, object]:
    """A correction of our record (https://schema.org/CorrectionComment)."""
    authors = [_named(author) for author in correction.by]
    return {"@type": "CorrectionComment", "text": correction.reason, "datePublished": correction.day, "author": authors}


def _named(ref: Ref) -> dict[str, str]:
    return {"@id": ref.iri, "name": ref.label}


def _known(**members: object) -> dict[str, object]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value}
