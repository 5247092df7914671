"""ClaimReview (https://schema.org/ClaimReview): the reviews of fact-checkers as JSON-LD, alone, in a list, a graph or
a feed (``dataFeedElement``).

The text of a review is what its record says: the claim that was reviewed, and the rating in words. So a review has two
claims: what somebody is said to have claimed, and the verdict, in the reviewer's own voice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Misfit, Span
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers import json_files
from quoth.claim.importing.readers.json_files import address, day, listed, objects, text
from quoth.claim.importing.sources import MAX_LABEL
from quoth.claim.model import language_tag
from quoth.corpus.new import lasting_slug

KEYS = {"publishers.*": str}
MAX_DEPTH = 20
MAX_SLUG = 80
MAX_AGENTS = 20
"""Authors of a claim or a review."""
_AROUND = ("@graph", "dataFeedElement", "item", "itemListElement", "mainEntity")
"""The keys under which reviews stand in lists, graphs and feeds."""


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The reviews in a file, or in the files of a folder. See ``Reader.read``."""
    slugs: set[str] = set()
    for each in json_files.read(path):
        if isinstance(each, Misfit):
            yield each
            continue
        file, data = each
        number = 0
        for number, review in enumerate(_reviews(data, 0), 1):
            where = f"{file}#review {number}"
            url = address(review.get("url")) or address(review.get("@id"))
            if lacking := "claimReviewed" if not text(review.get("claimReviewed")) else "" if url else "url":
                detail = f"the review has no {lacking} that can be read"
                yield Misfit("incomplete", where, detail, "a review needs its claim and its address (https://…)")
            else:
                yield _article(review, _slug(url, slugs), where, url, mapping)
        if not number:
            remedy = 'give JSON-LD with "@type": "ClaimReview"'
            yield Misfit("without reviews", str(file), "it has no ClaimReview", remedy)


def _slug(url: str, used: set[str]) -> str:
    stem = lasting_slug(url.partition("://")[2], MAX_SLUG)
    slug, number = stem, 1
    while slug in used:
        number += 1
        slug = f"{stem}-{number}"
    used.add(slug)
    return slug


def _article(review: dict[str, Any], slug: str, where: str, url: str, mapping: Mapping) -> Article:
    said, verdict = text(review.get("claimReviewed")), _rating(review)
    claimants = next((a for item in objects(review.get("itemReviewed")) if (a := _agents(item.get("author")))), ())
    names = " and ".join(agent.label for agent in claimants)
    claimant = claimants[0] if len(claimants) == 1 else Agent(names[:MAX_LABEL], type="Group") if names else UNNAMED
    attributions = [Attribution("reviewed", where, (Span(0, len(said)),), claimant, speech_act="said", within="")]
    if verdict:
        attributions.append(Attribution("verdict", where, (Span(len(said) + 1, len(said) + 1 + len(verdict)),)))
    facts = [("label", (text(review.get("name")) or f"Review: {said}")[:MAX_LABEL]), ("url", url)]
    facts += [("datePublished", date)] if (date := day(review.get("datePublished"))) else []
    reviewers = _agents(review.get("author")) or (Agent("the reviewer"),)
    id, _, label = mapping.table("publishers").get(reviewers[0].label, "").partition(" ")
    publisher = Agent(label or reviewers[0].label, id, "Organization") if id else None
    tongue = next(iter(objects(review.get("inLanguage"))), {}).get("alternateName", review.get("inLanguage"))
    language = text(tongue).replace("_", "-")
    return Article(
        slug,
        where,
        "".join(f"{line}\n" for line in (said, verdict) if line),
        mapping.encoding({"name": slug}),
        attributions,
        language if language_tag.is_valid(language) else mapping.get("defaults.language", "en"),
        tuple(facts),
        publisher,
        () if publisher else reviewers,
        text_licence=mapping.get("defaults.text-licence"),
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
        types = (name for name in listed(data.get("@type")) if isinstance(name, str))
        if any(name.rpartition("/")[2].rpartition(":")[2] == "ClaimReview" for name in types):
            yield data
        else:
            for key in _AROUND:
                yield from _reviews(data.get(key), depth + 1)


def _rating(review: dict[str, Any]) -> str:
    """The rating in words; a number alone says nothing without its scale."""
    for rating in objects(review.get("reviewRating")):
        if words := text(rating.get("alternateName")) or text(rating.get("name")):
            return words
        value, best = text(rating.get("ratingValue")), text(rating.get("bestRating"))
        if value and best:
            return f"{value} of {best}"
    return ""


def _agents(value: Any) -> tuple[Agent, ...]:
    """Those whom a value names, with the pages about them."""
    found = []
    for each in listed(value)[:MAX_AGENTS]:
        of = each if isinstance(each, dict) else {}
        pages = [page for page in map(address, listed(of.get("sameAs"))) if page]
        if name := text(of.get("name")) or text(each):
            found.append(Agent(name[:MAX_LABEL], details=(("seeAlso", pages),) if pages else ()))
    return tuple(found)
