"""The verdicts on texts about the fictional article, whose claims, chains and hedges are known."""

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.errors import QueryTimeoutError, UsageError
from quoth.index import claim_summaries
from quoth.index.build import INDEX_FILE, rows_of
from quoth.index.claims import ClaimIndex
from quoth.release.open import open_lists
from quoth.release.release import Release
from quoth.verify import verify as court
from quoth.verify.differences import Change
from quoth.verify.findings import Finding, Report
from quoth.verify.verdicts import VERDICTS, Verdict
from quoth.verify.verify import verify

from ..release import publishing
from .conftest import Verify

CLAIM = "http://localhost:8000/id/claim/harbour/"


def verdicts(report: Report) -> list[list[str]]:
    return [[finding.verdict.value for finding in judged.findings] for judged in report.passages]


def only(report: Report) -> Sequence[Finding]:
    [passage] = report.passages
    return passage.findings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It has been late eleven times since January”, the dockers say.", ["verbatim"]),
        ("The dockers say “it has been late ELEVEN times – since January”.", ["typographic-variant"]),
        ("The dockers say “[I]t has been late eleven times since January”.", ["typographic-variant"]),
        ("The dockers say “It has been … since January”.", ["typographic-variant"]),
        ("The dockers say “[The ferry] has been late eleven times since January”.", ["typographic-variant"]),
        ("The dockers say “It has been late twelve times since January”.", ["altered"]),
        ("The dockers say “It has not been late eleven times since January”.", ["altered"]),
        ("The dockers say “It has been late eleven times since yesterday”.", ["altered"]),
        ("The dockers say “It has been early, eleven times, ever since January”.", ["altered"]),
        ("Mara Lind says “the crates hold untaxed tea”.", ["altered", "hedge-lost", "scope-ambiguous"]),
        ("Mara Lind says “it perhaps has no ties to the Pilots’ Guild”.", ["altered", "hedge-added", "another-mouth"]),
        (
            "Mara Lind said: “If the guild accepts, the ferry will sail twice a day”.",
            ["verbatim", "another-mouth"],
        ),
        ("As per Mara Lind, “If the guild accepts, the ferry will sail twice a day”.", ["verbatim", "another-mouth"]),
        ("She said: “If the guild accepts, the ferry will sail twice a day”.", ["verbatim"]),
        ("Captain Tay said: “If the guild accepts, the ferry will sail twice a day”.", ["verbatim"]),
        (
            "Tay said: “If the guild accepts, talks between the two have been going on since February”.",
            ["spliced"],
        ),
        (
            "A report of the Coast Audit says: “the company’s crates cross the bay at night”.",
            ["verbatim", "hands-lost"],
        ),
        (
            "Mara Lind quoted a report of the Coast Audit: “the company’s crates cross the bay at night”.",
            ["verbatim"],
        ),
        ("Orrin Tay said: “The moon is made of green cheese.”", ["not-on-record"]),
        ("Velm Salt said that it has no ties to the Pilots’ Guild.", ["verbatim"]),
        ("Velm Salt said that it has ties to the Pilots’ Guild.", ["altered"]),
        # A mark of omission excuses what is left out, but no negation and no hedge.
        ("Velm Salt said: “it has … ties to the Pilots’ Guild”.", ["altered"]),
        ("Lind said: “The crates … hold untaxed tea”.", ["altered", "hedge-lost"]),
        ("Lind said: “The crates [must] hold untaxed tea”.", ["altered", "hedge-lost", "scope-ambiguous"]),
        # The same number in digits is no other one; a number with a sign is.
        ("The dockers say “It has been late 11 times since January”.", ["typographic-variant"]),
        ("The dockers say “It has been late 12 times since January”.", ["altered"]),
        ("The dockers say “It has been late 11% times since January”.", ["altered"]),
        ("The dockers say “It has been late (sic) eleven times since January”.", ["typographic-variant"]),
        # Who says so denies it elsewhere.
        ("Velm Salt denied that “it has no ties to the Pilots’ Guild”.", ["verbatim", "turned-round"]),
        ("Velm Salt never said that “it has no ties to the Pilots’ Guild”.", ["verbatim", "turned-round"]),
        ("Velm Salt said that “it had paid anyone”.", ["verbatim", "turned-round"]),
        ("Velm Salt denied that “it had paid anyone”.", ["verbatim"]),
        ("Velm Salt need not worry about “it has no ties to the Pilots’ Guild”.", ["verbatim"]),
        ("Velm Salt denied it: “it has no ties to the Pilots’ Guild”.", ["verbatim"]),
        # What is left out within a quotation without a mark stands at the end of what is on record.
        ("Tay: “If the guild accepts, the ferry will sail a day”.", ["altered"]),
        # Outside of quotation marks nobody claims that words of two places are one.
        (
            "Velm Salt said that it has no ties to the Pilots’ Guild and has been late eleven times since January.",
            ["in-other-words"],
        ),
        ("> It has been late eleven times since January\n>\n> — The dockers\n", ["verbatim"]),
        ("> It has been late eleven times since January\n> — Mara Lind, the mayor\n", ["verbatim"]),
        (
            "<blockquote><p>It has been late eleven times since January</p><cite>The dockers</cite></blockquote>",
            ["verbatim"],
        ),
    ],
)
def test_the_verdicts_on_a_sentence(judged: Verify, text: str, expected: list[str]) -> None:
    assert verdicts(judged(text)) == [expected]


def test_a_finding_has_the_claim_and_the_words_side_by_side(judged: Verify) -> None:
    text = "Velm Salt, *it says*, “has **never** ties to the Pilots' Guild”."
    [altered] = only(judged(text))
    assert altered.verdict is Verdict.ALTERED
    assert altered.evidence[0].claim == f"{CLAIM}no-ties"
    assert altered.evidence[0].credited == ("Velm Salt",)
    assert altered.evidence[0].citation == (f"Velm Salt, in: The late ferry of Port Velm (fiction). {CLAIM}no-ties")
    [words] = altered.words
    assert (words.said, words.recorded) == ("never", "no")
    assert words.said_at is not None
    assert text[words.said_at.start : words.said_at.end] == "never"
    assert words.recorded_at is not None
    article = (Path(__file__).parents[1] / "corpus" / "harbour.txt").read_text("utf-8")
    assert article[words.recorded_at.start : words.recorded_at.end] == "no"


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("it has ties to the Pilots’ Guild", Change.NEGATION_LOST),
        ("it does not have no ties to the Pilots’ Guild", Change.NEGATION_ADDED),
        ("it has no 3 ties to the Pilots’ Guild", Change.NUMBER),
        ("it might have no ties to the Pilots’ Guild", Change.HEDGE_ADDED),
    ],
)
def test_what_an_alteration_changes_is_named(judged: Verify, said: str, change: Change) -> None:
    altered = next(f for f in only(judged(f"Velm Salt said: “{said}”.")) if f.verdict is Verdict.ALTERED)
    assert change.value in altered.why
    assert change in {words.change for words in altered.words}


@pytest.mark.parametrize(
    ("speaker", "told"),
    [
        (
            "Somebody close to them",
            "the speaker can't be told: “Somebody close to them” in the text, two dockers on record",
        ),
        ("The two dockers", ""),
        ("Two dockers", ""),
    ],
)
def test_it_is_said_where_the_speaker_cannot_be_told(judged: Verify, speaker: str, told: str) -> None:
    [same] = only(judged(f"{speaker} said: “It has been late eleven times since January”."))
    assert same.verdict is Verdict.VERBATIM
    assert told in same.why
    assert ("can't be told" in same.why) == bool(told)


def test_not_found_says_what_was_searched_and_not_that_it_is_false(judged: Verify) -> None:
    report = judged("“The moon is made of green cheese,” he said.")
    assert "not among the words on record" in VERDICTS[only(report)[0].verdict].sentence
    assert report.fails
    assert "not the articles' whole texts" in report.searched


def test_a_title_or_term_that_is_not_on_record_fails_no_build(judged: Verify) -> None:
    report = judged("The film “Moonlight Sonata” is on tonight.")
    assert verdicts(report) == [["not-on-record"]]
    assert not report.fails


def test_the_article_itself_is_true_to_the_record(judged: Verify, text: str) -> None:
    report = judged(text)
    assert len(report.passages) > 10
    assert {v for found in verdicts(report) for v in found} <= {"verbatim", "typographic-variant", "in-other-words"}
    assert not report.fails


def test_a_text_in_a_language_without_lists_says_so(release: Release) -> None:
    lists, _ = open_lists(release)
    report = verify("Hän sanoi: ”It has been late eleven times since January”.", lists, 1, tag="fi")
    assert verdicts(report) == [["verbatim"]]
    assert "no word lists for fi" in report.notes[0]


@pytest.mark.parametrize("text", ["", " \n…", "x" * (court.MAX_CHARACTERS + 1)], ids=["empty", "no words", "too long"])
def test_a_text_without_words_or_too_long_is_refused(judged: Verify, text: str) -> None:
    with pytest.raises(UsageError):
        judged(text)


HOSTILE = {
    "open marks": "“a " * 60_000,
    "many quotations": "said Tay “the ferry”. " * 2_000,
    "open elements": "<blockquote>" * 10_000 + "the ferry",
    "deep blocks": "> " * 50_000 + "x",
    "brackets": "[" * 99_999 + "x",
    "omissions": "“the …" * 20_000 + "x",
    "one word": "“" + "ferry " * 30_000 + "”",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_take_bounded_time(judged: Verify, text: str) -> None:
    began = time.process_time()
    with contextlib.suppress(UsageError, QueryTimeoutError):
        judged(text[: court.MAX_CHARACTERS])
    assert time.process_time() - began < court.TIME_LIMIT_S


def test_words_that_were_withdrawn_or_corrected_since(release: Release, tmp_path: Path) -> None:
    every = list(ox.Store.read_only(str(release.store_path)))
    first = publishing.release(tmp_path, every)
    quads = [quad for quad in every if "harbour/twice-a-day" not in str(quad)]
    corrected = [
        ox.Quad(q.subject, q.predicate, ox.Literal("It has been late nine times since January"), q.graph_name)
        if isinstance(q.object, ox.Literal) and q.object.value == "It has been late eleven times since January"
        else q
        for q in quads
    ]
    second = publishing.release(tmp_path, corrected)
    assert second.number == 2
    lists, past = open_lists(second)[0], open_lists(first)[0]
    text = "“If the guild accepts, the ferry will sail twice a day”. “It has been late eleven times since January”."
    report = verify(text, lists, 2, earlier=[(1, past)])
    assert verdicts(report) == [["withdrawn-since"], ["corrected-since"]]
    assert verdicts(verify(text, lists, 2)) != verdicts(report)


def test_a_release_without_summaries_and_pairs_gives_the_same(release: Release, judged: Verify, tmp_path: Path) -> None:
    store = ox.Store.read_only(str(release.store_path))
    lists = ClaimIndex(tmp_path / INDEX_FILE, rows_of(store))
    text = "Tay said: “It has been late twelve times since January”. Lind: “the crates hold untaxed tea”."
    report = verify(text, lists, release.number, summaries=lambda iris: claim_summaries.of_store(store, iris))
    assert report == judged(text)
    claims = [row[0] for row in open_lists(release)[0].select("SELECT iri FROM claim")]
    assert claim_summaries.of_store(store, claims) == open_lists(release)[0].summaries(claims)
