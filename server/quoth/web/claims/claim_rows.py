"""Claims as rows of a table: for CSV with one value or a list in each cell, for JSON as objects."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from quoth.web.core.site import Site
from quoth.web.present.claim_view import Claim, Ref

COLUMNS: Mapping[str, str] = {
    "claim": "IRI of the claim",
    "sentence": "the claim as a sentence of ours, which begins with who says it",
    "speaker": "who says it, at the inner end of the chain",
    "speaker_iri": "their IRIs",
    "chain": "the whole chain of attribution in words",
    "depth": "how many hands it came through; 1 is the article itself",
    "voice": "`own` where the article says it itself, else `reported`",
    "certainty": "how sure the speaker is",
    "polarity": "`positive` or `negative`: whether the speaker says that it is so or that it is not",
    "realis": "as what it is said: `actual`, `proposed`, `predicted` …",
    "tense": "`past`, `present` or `future`, seen from the article",
    "quotation": "the words that carry it",
    "start": "where they begin in the article's text, in Unicode code points",
    "end": "where they end, exclusive",
    "about": "the entities that it names",
    "about_iri": "their IRIs",
    "article": "the article that makes or reports it",
    "article_iri": "its IRI",
    "document": "the address of the claim's page",
}
"""The columns of the table, in order, and their contents."""

SEPARATOR = " | "
"""Stands between several values in one cell of a CSV."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cells(site: Site, claim: Claim) -> list[str]:
    """One claim as a row of COLUMNS."""
    offsets = (claim.quotes[0].start, claim.quotes[-1].end) if claim.quotes else (None, None)
    return [
        claim.ref.iri,
        claim.ref.label,
        *_both(claim.speakers),
        claim.in_words,
        str(len(claim.levels)),
        "own" if claim.own_voice else "reported",
        *map(_local, (claim.certainty, claim.polarity, claim.realis, claim.tense)),
        SEPARATOR.join(q.exact for q in claim.quotes),
        *("" if offset is None else str(offset) for offset in offsets),
        *_both(claim.about),
        *_both([claim.article] if claim.article else []),
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
    writer.writerows([_harmless(cell) for cell in cells(site, claim)] for claim in claims)
    return written.getvalue().encode()


def objects(site: Site, claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
    """Claims as objects for JSON, in which several values are a list."""
    for claim in claims:
        yield {
            "claim": claim.ref.iri,
            "sentence": claim.ref.label,
            "chain": [
                {"sources": [_object(s) for s in level.sources], "act": level.act, "stance": level.stance}
                for level in claim.levels
            ],
            "depth": len(claim.levels),
            "voice": "own" if claim.own_voice else "reported",
            "certainty": _local(claim.certainty) or None,
            "polarity": _local(claim.polarity) or None,
            "realis": _local(claim.realis) or None,
            "tense": _local(claim.tense) or None,
            "quotations": [{"exact": q.exact, "start": q.start, "end": q.end} for q in claim.quotes],
            "about": [_object(entity) for entity in claim.about],
            "article": _object(claim.article) if claim.article else None,
            "document": site.iris.document(claim.ref.iri) or "",
        }


def _object(ref: Ref) -> dict[str, str]:
    return {"iri": ref.iri, "label": ref.label}


def _both(refs: Sequence[Ref]) -> tuple[str, str]:
    return SEPARATOR.join(r.label for r in refs), SEPARATOR.join(r.iri for r in refs)


def _local(concept: Ref | None) -> str:
    return concept.iri.rpartition("#")[2] if concept else ""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
