"""Claims as rows of a table: for CSV with one value or a list in each cell, for JSON as objects."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from quoth.index.facets import FACETS
from quoth.web.core.site import Site
from quoth.web.present.claim_view import Claim, Level, Ref
from quoth.web.present.facet_values import short
from quoth.web.present.phrases import NOT_CODED
from quoth.web.present.publication import Publication, publications

COLUMNS: Mapping[str, str] = {
    "claim": "IRI of the claim",
    "sentence": "the claim as a sentence of ours, which begins with who says it",
    "speaker": "who says it, at the inner end of the chain; `unclear` where the text leaves it open",
    "speaker_iri": "their IRIs",
    "possible_speaker": "of whom the text leaves it open who says it",
    "possible_speaker_iri": "their IRIs",
    "chain": "the whole chain of attribution in words; of several that the text allows, each",
    "depth": "how many hands it came through; 1 is the article itself; `unclear` where the text leaves it open",
    "voice": "`own` where the article says it itself, else `reported`, or `unclear`",
    "coding": "`inWords`, or `withContent`: of claims in words, what follows is `not coded`",
    "certainty": "how sure the speaker is",
    "polarity": "`positive` or `negative`: whether the speaker says that it is so or that it is not",
    "realis": "as what it is said: `actual`, `proposed`, `predicted` …",
    "tense": "`past`, `present` or `future`, seen from the article",
    "information_status": "`atIssue`, `presupposed`, `implicated` or `aside`: what part it has in its sentence",
    "event_type": "what is said to happen, as the parameter `eventType` has it",
    "quotation": "the words that carry it",
    "start": "where they begin in the article's text, in Unicode code points",
    "end": "where they end, exclusive",
    "about": "the entities that it names",
    "about_iri": "their IRIs",
    "article": "the article that makes or reports it",
    "article_iri": "its IRI",
    "article_headline": "its headline",
    "article_author": "who wrote it",
    "article_publisher": "who published it",
    "article_published": "on which day, or when, as far as the article itself is dated",
    "article_section": "in which section of the paper",
    "article_language": "in which language, as its tag: `en`",
    "article_url": "where it is on the web",
    "article_archived": "where a copy is kept",
    "encoding_iri": "the IRI of the encoding that it is part of",
    "status": "`proposed` or `reviewed`: that of the encoding; empty where the data give none",
    "document": "the address of the claim's page",
}
"""The columns of the table, in order, and their contents."""

SEPARATOR = " | "
"""Stands between several values in one cell of a CSV."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cells(site: Site, claim: Claim, published: Publication, events: Sequence[str]) -> list[str]:
    """One claim as a row of COLUMNS; ``published``: the publication of its article; ``events``: as ``_beside`` has
    them."""
    offsets = (claim.quotes[0].start, claim.quotes[-1].end) if claim.quotes else (None, None)
    return [
        claim.ref.iri,
        claim.ref.label,
        *(_both(claim.speakers) if claim.speakers or not claim.unclear else ("unclear", "")),
        *_both([candidate for candidate in claim.candidates if candidate not in claim.speakers]),
        claim.in_words,
        str(claim.depth or "unclear"),
        claim.voice,
        _coding(claim),
        *(_local(value) or NOT_CODED for value in _values(claim)),
        SEPARATOR.join(events) if claim.with_content else NOT_CODED,
        SEPARATOR.join(q.exact for q in claim.quotes),
        *("" if offset is None else str(offset) for offset in offsets),
        *_both(claim.about),
        *_both([claim.article] if claim.article else []),
        published.headline,
        SEPARATOR.join(author.label for author in published.authors),
        SEPARATOR.join(publisher.label for publisher in published.publishers),
        published.date,
        SEPARATOR.join(published.sections),
        published.language,
        SEPARATOR.join(published.urls),
        SEPARATOR.join(published.archived),
        claim.encoding,
        claim.status,
        site.iris.document(claim.ref.iri) or "",
    ]


def lines(site: Site, claims: Iterable[Claim], *, head: bool) -> bytes:
    """Claims as lines of a CSV (RFC 4180) in UTF-8, with the names of the columns before them if wanted.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    if head:
        writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in cells(site, *row)] for row in _beside(site, claims))
    return written.getvalue().encode()


def objects(site: Site, claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
    """Claims as objects for JSON, in which several values are a list."""
    for claim, published, events in _beside(site, claims):
        yield {
            "claim": claim.ref.iri,
            "sentence": claim.ref.label,
            "chain": _chain(claim.levels),
            "readings": [_chain(chain) for chain in claim.readings],
            "depth": claim.depth,
            "voice": claim.voice,
            "coding": _coding(claim),
            "certainty": _local(claim.certainty) or None,
            "polarity": _local(claim.polarity) or None,
            "realis": _local(claim.realis) or None,
            "tense": _local(claim.tense) or None,
            "informationStatus": _local(claim.information_status) or None,
            "eventTypes": events if claim.with_content else None,
            "quotations": [{"exact": q.exact, "start": q.start, "end": q.end} for q in claim.quotes],
            "about": [_object(entity) for entity in claim.about],
            "article": _article(claim.article, published) if claim.article else None,
            "encoding": claim.encoding or None,
            "status": claim.status or None,
            "document": site.iris.document(claim.ref.iri) or "",
        }


def _beside(site: Site, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Publication, list[str]]]:
    """The claims, each with the publication of its article, and with the types of the situations in its content as the
    parameter eventType has them."""
    claims = list(claims)
    types = site.claim_index.event_types([claim.ref.iri for claim in claims])
    published = publications(site, (claim.article.iri for claim in claims if claim.article))
    for claim in claims:
        events = [short(site, FACETS["eventType"], type) for type in types.get(claim.ref.iri, ())]
        yield claim, published[claim.article.iri] if claim.article else Publication(), events


def _article(article: Ref, published: Publication) -> dict[str, Any]:
    return {
        **_object(article),
        "headline": published.headline or None,
        "authors": [*map(_object, published.authors)],
        "publishers": [*map(_object, published.publishers)],
        "published": published.date or None,
        "sections": [*published.sections],
        "language": published.language or None,
        "urls": [*published.urls],
        "archived": [*published.archived],
    }


def _chain(levels: Sequence[Level]) -> list[dict[str, Any]]:
    return [
        {"sources": [_object(s) for s in level.sources], "act": level.act or None, "stance": level.stance or None}
        for level in levels
    ]


def _coding(claim: Claim) -> str:
    return "withContent" if claim.with_content else "inWords"


def _values(claim: Claim) -> Sequence[Ref | None]:
    return claim.certainty, claim.polarity, claim.realis, claim.tense, claim.information_status


def _object(ref: Ref) -> dict[str, str]:
    return {"iri": ref.iri, "label": ref.label}


def _both(refs: Sequence[Ref]) -> tuple[str, str]:
    return SEPARATOR.join(r.label for r in refs), SEPARATOR.join(r.iri for r in refs)


def _local(concept: Ref | None) -> str:
    return concept.iri.rpartition("#")[2] if concept else ""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
