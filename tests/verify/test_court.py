"""The court over a folder of releases: the texts at hand, one quotation as a whole, earlier releases."""

from pathlib import Path

import pytest

from quoth.errors import UsageError
from quoth.release.release import Release
from quoth.verify.article_texts import ArticleTexts
from quoth.verify.court import Court
from quoth.verify.findings import Report

from ..conftest import CORPUS

ARTICLE = "http://localhost:8000/id/article/harbour"


def verdicts(report: Report) -> list[list[str]]:
    return [[finding.verdict.value for finding in judged.findings] for judged in report.passages]


@pytest.fixture(scope="module")
def court(release: Release) -> Court:
    return Court(release.path.parent, CORPUS)


@pytest.fixture(scope="module")
def unclaimed(release: Release, text: str) -> str:
    """Five words of the article side by side that no claim has."""
    without = Court(release.path.parent)
    words = text.split()
    for at in range(len(words) - 5):
        part = " ".join(words[at : at + 5]).strip("“”,.")
        if not set(part) & set('“”()"—'):
            [[*found]] = verdicts(without.verify(part, whole=True))
            if found == ["not-on-record"]:
                return part
    raise AssertionError("every word is claimed")


def test_words_in_the_text_that_no_claim_has_are_told_as_such(court: Court, unclaimed: str, text: str) -> None:
    report = court.verify(f"Mara Lind said: “{unclaimed.upper()}”.")
    [[found]] = [judged.findings for judged in report.passages]
    assert found.verdict.value == "in-text-only"
    assert found.why == "in the text of The late ferry of Port Velm (fiction), but no claim has it"
    [evidence] = found.evidence
    assert (evidence.claim, evidence.article) == ("", ARTICLE)
    assert evidence.at is not None
    assert text[evidence.at.start : evidence.at.end] == evidence.words
    assert evidence.words.split()[0] == unclaimed.split()[0]
    assert not report.fails
    assert "and the whole text of 1 article." in report.searched


def test_not_found_says_that_texts_were_searched(court: Court) -> None:
    [[found]] = [judged.findings for judged in court.verify("He said: “The moon is made of tea”.").passages]
    assert found.verdict.value == "not-on-record"
    assert "nor does the text of any article that is at hand (1)" in found.why


def test_without_texts_nothing_is_said_of_them(release: Release) -> None:
    report = Court(release.path.parent).verify("He said: “The moon is made of tea”.")
    assert "text of any" not in report.passages[0].findings[0].why
    assert (report.texts, "not the articles' whole texts" in report.searched) == (0, True)


def test_a_text_with_another_hash_is_no_text_of_an_article(release: Release, tmp_path: Path) -> None:
    (tmp_path / "harbour.txt").write_text("The moon is made of tea.", "utf-8")
    report = Court(release.path.parent, tmp_path).verify("He said: “The moon is made of tea”.")
    assert (report.texts, verdicts(report)) == (0, [["not-on-record"]])


def test_a_quotation_as_a_whole(court: Court) -> None:
    report = court.verify("It has been late “eleven” times", whole=True)
    assert verdicts(report) == [["typographic-variant"]]
    assert (report.passages[0].at.start, report.passages[0].at.end) == (0, 31)
    with pytest.raises(UsageError):
        court.verify("…", whole=True)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([["don't", "GO"]], "don’t — go"),
        ([["One"], ["three", "four"]], "One two three four"),
        ([["ne", "two"]], None),
        ([["three"], ["One"]], None),
        ([["[T]wo"]], "two"),
        ([["e.g.", "(x"]], None),
    ],
)
def test_words_are_found_in_a_text_whatever_stands_between(parts: list[list[str]], words: str | None) -> None:
    texts = ArticleTexts({"a": "One two three four. We don’t — go."})
    found = texts.find(parts)
    assert (found.words if found else None) == words


def test_a_negation_that_a_mark_of_omission_hides_is_not_excused_by_the_text(court: Court) -> None:
    assert verdicts(court.verify("Velm Salt said: “it has … ties to the Pilots’ Guild”.")) == [["altered"]]


def test_a_passage_of_which_not_all_is_compared_is_noted(court: Court) -> None:
    assert "only the first 3,000 words" in court.verify("“" + "ferry " * 3_001 + "”").notes[0]
    assert not court.verify("“" + "ferry " * 3_000 + "”").notes


def test_few_words_that_lost_one_are_altered(court: Court) -> None:
    assert verdicts(court.verify("Velm Salt said it has “no to the Pilots’ Guild”.")) == [["altered"]]
    assert verdicts(court.verify("He said: “no to the Zebras’ Clan”.")) == [["not-on-record"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mara Lind told reporters that Orrin Tay said: “If the guild accepts, the ferry will sail twice a day”.",
            True,
        ),
        ("Orrin Tay told reporters that: “If the guild accepts, the ferry will sail twice a day”.", False),
    ],
)
def test_a_hand_that_nobody_has_is_invented(court: Court, text: str, expected: bool) -> None:
    [*found] = verdicts(court.verify(text))[-1]
    assert ("hands-invented" in found) == expected
