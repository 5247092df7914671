"""The report of a text as the page shows it: the text with its passages marked, and what is said of each."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from quoth.verify.differences import Change
from quoth.verify.text_report import visible
from quoth.verify.verdicts import VERDICTS, Meaning, Verdict
from quoth.web.core.site import Site

_SURE = {"certain": "certain", "likely": "likely", "possible": "possible: please look yourself"}


@dataclass(frozen=True)
class Piece:
    """A part of some words, and whether it differs from what it is compared with."""

    words: str
    differs: bool


@dataclass(frozen=True)
class Side:
    """Words on record: in pieces, with the page of their claim or article, who is credited with them, the citation."""

    words: Sequence[Piece]
    href: str
    is_claim: bool
    citation: str
    others: Sequence[str]


@dataclass(frozen=True)
class Found:
    """A finding: its verdict, whether it fails, why, how sure it is, the words of the text in pieces, where they
    differ, and those on record."""

    meaning: Meaning
    fails: bool
    why: str
    sure: str
    said: Sequence[Piece]
    recorded: Sequence[Side]


@dataclass(frozen=True)
class Item:
    """A passage with its number, its line, its speaker, and what was found."""

    number: int
    line: int
    text: str
    speaker: str
    findings: Sequence[Found]


@dataclass(frozen=True)
class Page:
    """What the page shows. ``counts``: each verdict that occurs, with its number."""

    marked: Markup
    items: Sequence[Item]
    counts: Sequence[tuple[Meaning, int]]
    searched: str
    notes: Sequence[str]
    fails: bool


def page(site: Site, made: Mapping[str, Any], text: str) -> Page:
    """The page of what a process has ``made`` of a submitted text (verify/worker.py)."""
    report = made["report"]
    counts = Counter(finding["verdict"] for passage in report["passages"] for finding in passage["findings"])
    return Page(
        Markup(made["marked"]),
        [_item(site, number, passage, text) for number, passage in enumerate(report["passages"], 1)],
        [(VERDICTS[verdict], counts[verdict.value]) for verdict in Verdict if counts[verdict.value]],
        report["searched"],
        report["notes"],
        report["fails"],
    )


def _item(site: Site, number: int, passage: Mapping[str, Any], text: str) -> Item:
    speaker = visible(passage["speaker"] or passage["name"])
    findings = [_found(site, finding, text) for finding in passage["findings"]]
    return Item(number, passage["line"], visible(passage["text"]), speaker, findings)


def _found(site: Site, finding: Mapping[str, Any], text: str) -> Found:
    differing = [words for words in finding["words"] if words["change"] != Change.TYPOGRAPHY.value]
    said = [_span(words["saidAt"]) for words in differing if words["saidAt"]]
    recorded = [_span(words["recordedAt"]) for words in differing if words["recordedAt"]]
    return Found(
        VERDICTS[Verdict(finding["verdict"])],
        finding["fails"],
        visible(finding["why"]),
        _SURE[finding["sureness"]],
        _pieces(text[finding["start"] : finding["end"]], finding["start"], said) if said else (),
        [_side(site, evidence, recorded) for evidence in finding["evidence"]],
    )


def _side(site: Site, evidence: Mapping[str, Any], differing: Sequence[tuple[int, int]]) -> Side:
    iri, at, words = evidence["claim"] or evidence["article"], evidence["at"], evidence["words"]
    # With something that is not known in it, the words are not as long as their place in the text.
    known = at is not None and at["end"] - at["start"] == len(words)
    pieces = _pieces(words, at["start"], differing) if known else [Piece(visible(words), False)]
    others = [site.iris.document(other) or other for other in evidence["others"]]
    citation = evidence["citation"].removesuffix(iri).rstrip()
    return Side(pieces, site.iris.document(iri) or iri, bool(evidence["claim"]), citation, others)


def _span(at: Mapping[str, int]) -> tuple[int, int]:
    return at["start"], at["end"]


def _pieces(words: str, first: int, differing: Sequence[tuple[int, int]]) -> list[Piece]:
    """Words that begin at the place ``first``, cut where those begin and end that differ."""

    def cut() -> Iterator[Piece]:
        done = 0
        for start, end in sorted(differing):
            start, end = max(done, start - first), min(len(words), end - first)
            if start < end:
                yield Piece(words[done:start], False)
                yield Piece(words[start:end], True)
                done = end
        yield Piece(words[done:], False)

    return [Piece(visible(piece.words), piece.differs) for piece in cut() if piece.words]
