"""Each comparison of a coding with its words finds what it is for, and nothing in a coding that fits."""

from pathlib import Path

import pytest

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.checking.wording.lexicon import lexicon
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.report import Finding

from ..mentioned import DOCUMENT

BASE = "http://localhost:8000/"
RULES = {"number-words", "time-words", "negation-words", "hedge-words", "cue-verb", "warrant-words", "word-lists"}
WORDS = "{exact: it has no ties to the Pilots’ Guild, start: 488, end: 523}"
POSITIVE = "polarity: positive"


def found(tmp_path: Path, texts: Texts | None, *changes: tuple[str, str]) -> list[Finding]:
    text = DOCUMENT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "w.yaml"
    path.write_text(text, "utf-8")
    report, _ = check([path], BASE, texts)
    assert not report.unreadable, report.findings
    return [f for f in report.findings if f.rule in RULES]


def words(text: str, exact: str) -> tuple[str, str]:
    at = text.index(exact)
    return WORDS, f'{{exact: "{exact}", start: {at}, end: {at + len(exact)}}}'


def has(part: str) -> tuple[str, str]:
    return CONTENT, f"{CONTENT}      {part}\n"


LATE = "It has been late eleven times since January"
MAY = "The crates may hold untaxed tea"
POSITIVELY = ("polarity: negative", POSITIVE)
CONTENT = "      eventType: tie\n"
CUE = 'cue: {exact: "it said, too", start: 469, end: 481}'

# The words that the claim quotes; further changes; the rule that must find it, or nothing.
CASES: dict[str, tuple[str | None, list[tuple[str, str]], str]] = {
    "as it is": (None, [], ""),
    "the number in words": (LATE, [POSITIVELY, has("quantity: 11")], ""),
    "another number": (LATE, [POSITIVELY, has("quantity: 12")], "number-words"),
    "a number in an attribute": (LATE, [POSITIVELY, has("attribute: late 111 times")], "number-words"),
    "a number word in an attribute": (LATE, [POSITIVELY, has("attribute: twelve times")], "number-words"),
    "one is no number": (LATE, [POSITIVELY, has("attribute: the late one")], ""),
    "the time as worded": (LATE, [POSITIVELY, has("time: {wording: since January}")], ""),
    "another time": (LATE, [POSITIVELY, has("time: {wording: since June}")], "time-words"),
    "a negation, positive": (None, [POSITIVELY], "negation-words"),
    "no negation, negative": (LATE, [], "negation-words"),
    "denied by the cue": (LATE, [(CUE, 'cue: {exact: "The company denied", start: 425, end: 443}')], ""),
    "a hedge, certain": (MAY, [POSITIVELY], "hedge-words"),
    "a hedge, possible": (MAY, [POSITIVELY, ("certainty: certain", "certainty: possible")], ""),
    "a hedge of a condition": (MAY, [POSITIVELY, ("realis: actual", "realis: conditional")], ""),
    "a cue without a verb": (None, [(CUE, 'cue: {exact: "The company", start: 425, end: 436}')], "cue-verb"),
    "a cue with another verb": (None, [(CUE, 'cue: {exact: "they added", start: 322, end: 332}')], ""),
    "a cue with a phrase": (None, [(CUE, 'cue: {exact: "According to", start: 591, end: 603}')], ""),
    "a warrant of our own": (None, [("unload the boats at Quay 4", "know the boats")], "warrant-words"),
    "another language": (None, [("language: en", "language: nn")], "word-lists"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_coding_is_compared_with_its_words(name: str, tmp_path: Path, texts: Texts, text: str) -> None:
    exact, changes, rule = CASES[name]
    findings = found(tmp_path, texts, *([words(text, exact)] if exact else []), *changes)
    assert [f.rule for f in findings] == ([rule] if rule else [])
    assert all(f.severity == ("Info" if rule == "word-lists" else "Warning") and f.line for f in findings)


def test_a_warning_stops_no_publication(tmp_path: Path, texts: Texts) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(DOCUMENT.replace("polarity: negative", POSITIVE), "utf-8")
    report, _ = check([path], BASE, texts)
    assert report.conforms
    assert report.count()["Warning"]


def test_a_warrant_is_not_compared_without_the_text(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(DOCUMENT.replace("unload the boats at Quay 4", "know the boats"), "utf-8")
    report, _ = check([path], BASE)
    assert "warrant-words" not in {f.rule for f in report.findings}
    assert "warrants not at all" in str(report.coverage[0])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("144 of 1,200", [[144], [1200]]),
        ("ninety-nine", [[90, 99]]),
        ("a hundred and five", [[100, 105]]),
        ("two million; ten", [[2, 2_000_000], [10]]),
        ("two dozen crates, one of them, 3.5 tons", [[2, 24], [1], [3.5]]),
        ("in March 2024 and 2025", [[2024], [2025]]),
        ("someone often attended", []),
        ("millions", []),
    ],
)
def test_numbers_are_read_from_digits_and_words(text: str, numbers: list[list[float]]) -> None:
    english = lexicon("en-GB")
    assert english
    assert english.numbers_in(text) == numbers


@pytest.mark.parametrize("language", ["nn", "../en", "", "en/../en", "e" * 400])
def test_a_language_without_lists_has_none(language: str) -> None:
    assert lexicon(language) is None


def test_a_long_quotation_is_cut_between_words() -> None:
    text = "About 140 people will lose their jobs when the mill closes in spring, according to the union "
    shown = excerpt(text)
    assert shown == "“About 140 people will lose … to the union”"
    assert [w for w in shown.strip("“”").split() if w not in (*text.split(), "…")] == []
