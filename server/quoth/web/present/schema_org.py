"""Data for search engines within a page: JSON-LD in schema.org's terms, which no browser runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from quoth.web.core.urls import is_web
from quoth.web.present.claim_view import Claim, Ref

CONTEXT = "https://schema.org"
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script(data: Mapping[str, Any]) -> Markup:
    """The data as a block of a page. Nothing in it can end the block or begin markup: see HTML §4.12.1.3.

    >>> print(script({"name": "</script>"}))
    <script type="application/ld+json">{"name": "\\u003c/script\\u003e"}</script>
    """
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return Markup('<script type="application/ld+json">') + Markup(text) + Markup("</script>")


def claim(found: Claim, url: str, about: Sequence[Ref], licence: str | None) -> dict[str, Any]:
    """A claim with its quotations (https://schema.org/Claim, https://schema.org/Quotation).

    Its authors are those who make it; of a claim in an article's own voice nothing but the article is known.
    """
    article = {"@type": "Article", "@id": found.article.iri, "name": found.article.label} if found.article else None
    quotations = [
        {"@type": "Quotation", "text": quote.exact, **({"isPartOf": article} if article else {})}
        for quote in found.quotes
    ]
    return {
        "@context": CONTEXT,
        "@type": "Claim",
        "@id": found.ref.iri,
        "url": url,
        "name": found.ref.label,
        **({} if found.own_voice else {"author": [_named(speaker) for speaker in found.speakers]}),
        "creditText": found.in_words,
        "appearance": quotations,
        **({"about": [_named(entity) for entity in about]} if about else {}),
        **({"license": licence} if licence else {}),
    }


def _named(ref: Ref) -> dict[str, str]:
    return {"@id": ref.iri, "name": ref.label}


def article(
    iri: str, label: str, url: str, language: str, links: Sequence[str], published: str, licence: str | None
) -> dict[str, Any]:
    """An article whose claims are in this dataset; its text is not. ``published`` is empty where no date is known."""
    return {
        "@context": CONTEXT,
        "@type": "Article",
        "@id": iri,
        "name": label,
        **({"inLanguage": language} if language else {}),
        **({"datePublished": published} if published else {}),
        **({"sameAs": same} if (same := [link for link in links if is_web(link)]) else {}),
        "subjectOf": {
            "@type": "Dataset",
            "url": url,
            "name": f"Claims of {label}",
            **({"license": licence} if licence else {}),
        },
    }


def dataset(
    iri: str,
    url: str,
    version: str,
    modified: str,
    licence: str | None,
    downloads: Mapping[str, str],
    endpoint: str,
    release: str,
) -> dict[str, Any]:
    """The dataset (https://schema.org/Dataset): ``downloads`` are the URLs of its files, each with the media
    type of what is within, as the catalogue has it."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": iri,
        "url": url,
        "name": "Attributed claims",
        "description": "Who said it, on whose authority, how surely, in which exact words: the assertions of articles"
        " as linked data, each with its chain of attribution.",
        "version": version,
        "dateModified": modified,
        "isAccessibleForFree": True,
        "keywords": ["claims", "attribution", "provenance", "linked data", "fact-checking"],
        "subjectOf": {"@type": "WebPage", "url": release},
        "distribution": [
            *({"@type": "DataDownload", "contentUrl": u, "encodingFormat": type} for u, type in downloads.items()),
            {"@type": "DataDownload", "contentUrl": endpoint, "description": "SPARQL 1.1 endpoint"},
        ],
        **({"license": licence} if licence else {}),
    }
