"""ClaimReview (https://schema.org/ClaimReview): the reviews of fact-checkers as JSON-LD, alone, in a list, a graph or
a feed (``dataFeedElement``).

The text of a review is what its record says: the claim that was reviewed, and the rating in words. So a review has two
claims: what somebody is said to have claimed, and the verdict, in the reviewer's own voice.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Misfit, Span
from quoth.claim.importing.mapping import Mapping
from quoth.corpus.new import slug_of
from quoth.errors import UsageError
from quoth.resources import read_text

KEYS = {"publishers.*": str}
MAX_DEPTH = 20


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The reviews in a file. See ``Reader.read``."""
    try:
        data: Any = json.loads(read_text(path).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"it is not JSON: {error}", where=str(path), remedy="save the JSON-LD of the reviews"
        ) from None
    slugs: dict[str, int] = {}
    for number, review in enumerate(_reviews(data, 0), 1):
        where = f"{path}#review {number}"
        said, verdict = _text(review.get("claimReviewed")), _rating(review)
        url = _text(review.get("url")) or _text(review.get("@id"))
        if not said or not url:
            lacking = "claimReviewed" if not said else "url"
            yield Misfit(
                "incomplete", where, f"the review has no {lacking}", "a review needs its claim and its address"
            )
            continue
        slug = slug_of(url.partition("://")[2])[:80].strip("-")
        slugs[slug] = slugs.get(slug, 0) + 1
        if slugs[slug] > 1:
            slug = f"{slug}-{slugs[slug]}"
        yield _article(review, slug, where, (said, verdict), url, mapping)


def _article(
    review: dict[str, Any], slug: str, where: str, told: tuple[str, str], url: str, mapping: Mapping
) -> Article:
    said, verdict = told
    text = said + "\n" + (verdict + "\n" if verdict else "")
    claimant = _agent(_first(review.get("itemReviewed")).get("author"))
    attributions = [
        Attribution("reviewed", where, (Span(0, len(said)),), claimant or UNNAMED, speech_act="said", within="")
    ]
    if verdict:
        attributions.append(Attribution("verdict", where, (Span(len(said) + 1, len(said) + 1 + len(verdict)),)))
    facts = [("label", _text(review.get("name")) or f"Review: {said[:80]}"), ("url", url)]
    facts += [("datePublished", day[:10])] if (day := _text(review.get("datePublished"))) else []
    reviewer = _agent(review.get("author")) or Agent("the reviewer")
    id, _, label = mapping.table("publishers").get(reviewer.label, "").partition(" ")
    language = _text(review.get("inLanguage")) or mapping.get("defaults.language", "en")
    publisher = Agent(label or reviewer.label, id, "Organization") if id else None
    return Article(
        slug,
        where,
        text,
        mapping.encoding({"name": slug}),
        attributions,
        language,
        tuple(facts),
        publisher,
        () if publisher else (reviewer,),
        entities=[publisher] if publisher else [],
    )


def _reviews(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The reviews in a JSON value, wherever they stand in it."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for each in data:
            yield from _reviews(each, depth + 1)
    elif isinstance(data, dict):
        if "ClaimReview" in _listed(data.get("@type")):
            yield data
        else:
            for key in ("@graph", "dataFeedElement", "item", "itemListElement", "mainEntity"):
                yield from _reviews(data.get(key), depth + 1)


def _rating(review: dict[str, Any]) -> str:
    """The rating in words; a number alone says nothing without its scale."""
    rating = _first(review.get("reviewRating"))
    if words := _text(rating.get("alternateName")) or _text(rating.get("name")):
        return words
    value, best = _text(rating.get("ratingValue")), _text(rating.get("bestRating"))
    return f"{value} of {best}" if value and best else ""


def _agent(value: Any) -> Agent | None:
    name = _text(_first(value).get("name")) or _text(value)
    return Agent(name) if name else None


def _first(value: Any) -> dict[str, Any]:
    return next((v for v in _listed(value) if isinstance(v, dict)), {})


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """The text of a value, in one line; that of the first of several."""
    for each in _listed(value):
        if isinstance(each, str | int | float) and not isinstance(each, bool):
            return " ".join(str(each).split())
        if isinstance(each, dict) and "@value" in each:
            return _text(each["@value"])
    return ""
