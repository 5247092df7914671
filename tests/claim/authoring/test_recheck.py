"""Quotations in a new version of their text: a place is taken only beyond doubt, and a document keeps its layout."""

import hashlib
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quoth.claim.authoring import recheck
from quoth.claim.authoring.outcomes import Change, Outcome
from quoth.claim.authoring.recheck import Recheck, moved, rechecks
from quoth.claim.authoring.text_change import changes
from quoth.claim.checking.anchors import Anchor, Texts
from quoth.claim.checking.check import check
from quoth.errors import DocumentError

BASE = "http://localhost:8000/"
OLD = "The boat left at noon. It was full. The boat came back at six. It was empty. Ann said it was 🚢 late."


def anchor(text: str, words: str, number: int = 1, prefix: str = "", suffix: str = "") -> Anchor:
    """The anchor of the words where they stand for the nth time."""
    at = -1
    for _ in range(number):
        at = text.index(words, at + 1)
    return Anchor("", "", words, prefix, suffix, at, at + len(words))


def outcome(a: Anchor, new: str, *beside: Anchor, old: bool = False) -> Outcome:
    return changes([a, *beside], len(OLD), new, [OLD] if old else [])[0]


def test_an_unchanged_text_has_every_quotation_where_it_stood() -> None:
    every = [anchor(OLD, "The boat", 1), anchor(OLD, "The boat", 2), anchor(OLD, "It was", 2), anchor(OLD, "🚢")]
    assert {o.change for o in changes(every, len(OLD), OLD)} == {Change.SAME}


def test_offsets_count_code_points() -> None:
    new = "🚢🚢 " + OLD
    found = outcome(anchor(OLD, "late"), new)
    assert (found.change, found.start) == (Change.MOVED, OLD.index("late") + 3)


def test_altered_words_are_shown_as_a_difference() -> None:
    found = outcome(anchor(OLD, "The boat came back at six"), OLD.replace("back at six", "back at half past six"))
    assert found.change is Change.ALTERED
    assert found.difference == "The boat came back at {+half past +}six"
    assert found.start == OLD.index("The boat came")


def test_words_whose_surroundings_changed_are_altered() -> None:
    found = outcome(anchor(OLD, "Ann", prefix="empty. "), OLD.replace("empty", "void"))
    assert (found.change, found.words) == (Change.ALTERED, "Ann")


def test_words_that_nothing_is_like_are_gone() -> None:
    found = outcome(anchor(OLD, "The boat came back at six"), OLD.replace("The boat came back at six. ", ""))
    assert found.change is Change.GONE


def test_words_at_several_places_are_ambiguous_and_the_nearest_is_first() -> None:
    new = "It was so. " * 3 + "Quite another text. " * 200 + "It was so."
    found = outcome(anchor(OLD, "It was", 2), new)
    assert found.change is Change.AMBIGUOUS
    old = OLD.index("It was", 40)
    assert found.places[0] == min(found.places, key=lambda at: abs(at - old))
    assert len(found.places) == 4


def test_the_earlier_text_decides_where_it_leaves_no_doubt() -> None:
    filler = "Something else entirely happened on the quay, as many a witness told us. " * 60
    new = filler + OLD + filler
    second = anchor(OLD, "It was", 2)
    assert outcome(second, new).change is Change.AMBIGUOUS
    found = outcome(second, new, old=True)
    assert (found.change, found.start) == (Change.MOVED, len(filler) + (second.start or 0))


def test_a_longer_quotation_around_the_words_decides_too() -> None:
    filler = "Something else entirely happened on the quay, as many a witness told us. " * 60
    second, around = anchor(OLD, "It was", 2), anchor(OLD, "It was empty")
    found = outcome(second, filler + OLD, around)
    assert (found.change, found.start) == (Change.MOVED, len(filler) + (second.start or 0))


def test_one_of_two_equal_passages_that_is_left_is_not_taken_for_either() -> None:
    old = "A. The ferry was late. B. The ferry was late. C."
    new = "The ferry was late."
    first, second = anchor(old, "The ferry was late", 1), anchor(old, "The ferry was late", 2)
    for earlier in ([old], []):
        outcomes = changes([first, second], len(old), new, earlier)
        assert {o.change for o in outcomes} == {Change.AMBIGUOUS}
    alone = changes([first], len(old), new, [old])
    assert alone[0].change is Change.AMBIGUOUS


def test_a_word_alone_that_moved_unlike_all_around_it_is_in_doubt() -> None:
    """It was taken out where it stood, and another one written elsewhere."""
    new = "At noon. " + OLD.replace(" at noon", " then")
    beside = anchor(OLD, "The boat left"), anchor(OLD, "It was full")
    found = outcome(anchor(OLD, "noon"), new, *beside)
    assert (found.change, found.places) == (Change.AMBIGUOUS, (3,))
    assert outcome(anchor(OLD, "noon"), "At last. " + OLD, *beside).change is Change.MOVED


def test_two_places_that_moved_alike_decide_for_what_lies_between() -> None:
    before, after = anchor(OLD, "noon"), anchor(OLD, "came back")
    found = outcome(anchor(OLD, "It was", 1), "New. " + OLD, before, after)
    assert (found.change, found.start) == (Change.MOVED, OLD.index("It was") + 5)
    beside = "New. " + OLD.replace("full", "quite full")
    assert outcome(anchor(OLD, "It was", 1), beside, before, after).change is Change.AMBIGUOUS


WORDS = st.lists(st.sampled_from(["the", "boat", "was", "late", "🚢", "said."]), min_size=1, max_size=12)


@given(WORDS, WORDS, WORDS, WORDS, st.booleans(), st.data())
def test_what_is_certain_is_where_an_insertion_puts_it(
    head: list[str], tail: list[str], new: list[str], gap: list[str], kept: bool, data: st.DataObject
) -> None:
    """An insertion in the middle of a text, on purpose among words that repeat: a certain place has the quoted words,
    and words with the whole old text around them are never put elsewhere than they went."""
    first, last, middle = " ".join(head) + " ", " ".join(tail), " ".join(new + gap) + " "
    old, text = first + last, first + middle + last
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    a = Anchor("", "", old[start:end], "", "", start, end)
    [found] = changes([a], len(old), text, [old] if kept else [])
    if found.change.certain:
        assert found.start is not None
        assert text[found.start : found.start + len(a.exact)] == a.exact
    cut = start < len(first) < end  # words that the insertion parts may come from it where they stand together again
    if kept and not cut and all(len(re.findall(f"(?={re.escape(a.exact)})", each)) == 1 for each in (old, text)):
        assert found.change.certain


LONG = """
import json, resource, time
from quoth.claim.authoring.text_change import changes
from quoth.claim.checking.anchors import Anchor

old = "ha " * 3_400_000
everywhere = [Anchor("", "", "ha", start=3 * n, end=3 * n + 2) for n in range(500)]
nowhere = [Anchor("", "", "ha ho " * 5, start=5_000_000 + n, end=5_000_030 + n) for n in range(500)]
outcomes = [o.change for o in changes([*everywhere, *nowhere], len(old), "x" + old, [old])]
cpu_s = resource.getrusage(resource.RUSAGE_SELF).ru_utime
# ru_maxrss would be that of the process that started this one, where that was larger.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps([sorted(set(outcomes[:500])), sorted(set(outcomes[500:])), cpu_s, int(peak.split()[1])]))
"""


@pytest.mark.slow
def test_a_long_text_of_one_word_ends_soon_in_little_memory() -> None:
    """10 MB of a repeated word, and quotations that occur everywhere, or nowhere but almost."""
    done = subprocess.run([sys.executable, "-c", LONG], capture_output=True, text=True, check=True)
    everywhere, nowhere, cpu_s, peak_kb = json.loads(done.stdout)
    assert everywhere == ["ambiguous"]
    assert set(nowhere) <= {"altered", "gone", "unsearched"}
    assert cpu_s < 60  # it takes 10
    assert peak_kb < 500_000


def test_what_the_limit_leaves_out_is_said() -> None:
    noon = anchor(OLD, "at noon", suffix=". It")
    outcomes = changes([noon, anchor(OLD, "late")], len(OLD), f"New. {OLD} Old.", limit=len(OLD) + 30)
    assert [o.change for o in outcomes] == [Change.MOVED, Change.UNSEARCHED]


DOCUMENT = """\
# A comment that stays.
id: id/article/boat
type: Article
label: "The boat"    # of ours
language: en
text:
  sha256: "{sha256}"   # of the bytes
  length: {length}   # code points
encoding: {{attributedTo: id/org/quoth, created: 2026-11-20, method: By hand., licence: https://example.org/l}}
entities:
  - {{id: id/org/quoth, type: Organization, label: Quoth}}
  - {{id: id/person/ann, type: Person, label: Ann}}
mentions:
  - {{of: id/person/ann,   exact: Ann, start: 77, end: 80}}
claims:
  - id: late
    source: id/person/ann
    speechAct: said
    cue: {{exact: Ann said, start: 77, end: 85}}
    words:
      exact: it was 🚢 late
      start: 86     # where Ann goes on
      end: 99
  - id: full
    words: {{exact: It was full, start: 23, end: 34}}
"""


def corpus(folder: Path, text: str = OLD, document: str = DOCUMENT) -> Path:
    """A document of the text, which is written beside it."""
    (folder / "boat.txt").write_text(text, "utf-8")
    path = folder / "boat.yaml"
    path.write_text(document.format(sha256=hashlib.sha256(OLD.encode()).hexdigest(), length=len(OLD)), "utf-8")
    return path


def only(path: Path) -> Recheck:
    [found] = rechecks(path, BASE, Texts(path.parent))
    assert isinstance(found, Recheck)
    return found


def test_moved_anchors_are_written_and_nothing_else(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    assert not only(path).to_write
    (tmp_path / "boat.txt").write_text(new := "Corrected. " + OLD, "utf-8")
    found = only(path)
    assert found.is_newer
    assert len(found.of(Change.MOVED)) == len(found.placed) == 4
    before = path.read_text("utf-8")
    after = moved(found, "2026-11-29")
    path.write_text(after, "utf-8")
    digests = [hashlib.sha256(t.encode()).hexdigest() for t in (OLD, new)]
    entry = f'  earlier: [{{sha256: "{digests[0]}", length: {len(OLD)}, date: 2026-11-29}}]\n'
    expected = before.replace(digests[0], digests[1]).replace(f"length: {len(OLD)} ", f"length: {len(new)} ")
    for old in (77, 80, 85, 86, 99, 34, 23):
        expected = expected.replace(f": {old}", f": {old + 11}")
    assert after.replace(entry, "") == expected
    assert entry in after
    report, _ = check([path], BASE, Texts(tmp_path))
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    assert not only(path).to_write


def test_anchors_of_a_level_that_claims_share_count_once(harbour: Path, texts: Texts) -> None:
    [found] = rechecks(harbour, BASE, texts)
    assert isinstance(found, Recheck)
    assert not found.to_write
    anchors = [p.outcome.anchor for p in found.of(Change.SAME)]
    assert len(anchors) == len({(a.prefix, a.exact, a.suffix, a.start) for a in anchors}) > 50


def test_every_later_text_is_added_to_the_earlier_ones(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    for number, day in enumerate(("2026-11-27", "2026-11-28", "2026-11-29"), 1):
        (tmp_path / "boat.txt").write_text("New. " * number + OLD, "utf-8")
        path.write_text(moved(only(path), day), "utf-8")
    dates = [str(entry["date"]) for entry in YAML(typ="safe").load(path)["text"]["earlier"]]
    assert dates == ["2026-11-29", "2026-11-28", "2026-11-27"]
    report, _ = check([path], BASE, Texts(tmp_path))
    assert report.conforms


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("text:\n  sha256: \"{sha256}\"   # of the bytes\n  length: {length}   # code points\n",
         "text: {{sha256: '{sha256}', length: {length}}}\n"),
        ("  length: {length}   # code points\n",
         "  length: {length}\n  earlier:\n    - {{sha256: \"" + "a" * 64 + "\", length: 7, date: 2026-01-01}}\n"),
        ("  length: {length}   # code points\n", "  length: {length}\n  earlier: []\n"),
    ],
    ids=["flow", "block list", "empty list"],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_record_may_be_written_in_any_form(old: str, new: str, line_end: str, tmp_path: Path) -> None:
    assert old in DOCUMENT
    path = corpus(tmp_path, "New. " + OLD, DOCUMENT.replace(old, new))
    path.write_bytes(path.read_text("utf-8").replace("\n", line_end).encode())
    after = moved(only(path), "2026-11-29")
    path.write_bytes(after.encode())
    assert after.count("\r\n") == (after.count("\n") if line_end == "\r\n" else 0)
    report, _ = check([path], BASE, Texts(tmp_path))
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    record = YAML(typ="safe").load(path)["text"]
    assert record["sha256"] == hashlib.sha256(f"New. {OLD}".encode()).hexdigest()
    assert record["earlier"][0]["sha256"] == hashlib.sha256(OLD.encode()).hexdigest()


def test_an_altered_anchor_stays_and_is_told_again(tmp_path: Path) -> None:
    path = corpus(tmp_path, "New. " + OLD.replace("full", "overfull"))
    path.write_text(moved(only(path), "2026-11-29"), "utf-8")
    assert "exact: It was full, start: 23, end: 34" in path.read_text("utf-8")
    again = only(path)
    assert not again.to_write
    [altered] = again.of(Change.ALTERED)
    assert altered.outcome.difference == "It was [-full-]{+overfull+}"
    assert len(again.of(Change.SAME)) == 3


def test_a_quotation_that_stands_by_chance_where_it_stood_is_never_left_there(tmp_path: Path) -> None:
    new = "X" * 23 + "It was full" + "Y" * 5000 + "It was full. Ann said it was 🚢 late."
    path = corpus(tmp_path, new)
    found = only(path)
    [full] = found.of(Change.AMBIGUOUS)
    assert full.outcome.by_chance
    with pytest.raises(DocumentError, match=r"boat.yaml:25: nothing is written"):
        moved(found, "2026-11-29")


def test_the_earlier_text_is_found_under_any_name(tmp_path: Path) -> None:
    filler = "Something else entirely happened on the quay, as many a witness told us. " * 60
    document = DOCUMENT.replace("exact: It was full, start: 23, end: 34", "exact: It was, start: 23, end: 29")
    path = corpus(tmp_path, filler + OLD + filler, document)
    [doubtful] = only(path).of(Change.AMBIGUOUS)
    assert doubtful.outcome.anchor.exact == "It was"
    (tmp_path / "boat-before.txt").write_text(OLD, "utf-8")
    assert len(only(path).of(Change.MOVED)) == 4


def test_a_second_document_of_the_article_follows_the_first(tmp_path: Path) -> None:
    first = corpus(tmp_path)
    second = tmp_path / "second.yaml"
    second.write_text(
        "id: id/article/boat\nencoding: {id: '#encoding-2', attributedTo: id/org/quoth}\n"
        "claims:\n  - {id: back, words: {exact: came back, start: 45, end: 54}}\n",
        "utf-8",
    )
    (tmp_path / "boat.txt").write_text(new := "Corrected. " + OLD, "utf-8")
    for path in (first, second):
        path.write_text(moved(only(path), "2026-11-29"), "utf-8")
    at = new.index("came back")
    assert f"exact: came back, start: {at}, end: {at + 9}" in second.read_text("utf-8")


@pytest.mark.parametrize("text", ["", "Quite another text of another article."])
def test_a_file_that_has_no_quotation_is_not_taken_for_a_version(text: str, tmp_path: Path) -> None:
    path = corpus(tmp_path, text)
    found = only(path)
    assert found.is_newer
    with pytest.raises(DocumentError, match=r"no quotation has a place in .*boat.txt that is beyond doubt"):
        moved(found, "2026-11-29")


def test_a_text_that_is_not_at_hand_is_no_result(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    (tmp_path / "boat.txt").rename(tmp_path / "other.md")
    assert not only(path).is_newer  # its hash is known, whatever its name
    (tmp_path / "other.md").unlink()
    [absence] = rechecks(path, BASE, Texts(tmp_path))
    assert isinstance(absence, recheck.Absence)


def test_random_edits_never_put_an_anchor_where_it_did_not_go() -> None:
    """Marked words, which occur once, say where each quotation went, however the text around them was edited."""
    chance = random.Random(13)
    words = "the boat was late and the quay was full of boats that were late".split()  # noqa: SIM905
    for _ in range(300):
        tokens = [(chance.choice(words), number) for number in range(60)]
        old = " ".join(word for word, _ in tokens)
        starts: dict[int, int] = {}
        at = 0
        for word, number in tokens:
            starts[number] = at
            at += len(word) + 1
        edited: list[tuple[str, int]] = []
        for word, number in tokens:
            roll = chance.random()
            if roll < 0.05:
                continue
            if roll < 0.1:
                edited.append((chance.choice(words), -1))
            edited.append((word, number))
        new = " ".join(word for word, _ in edited)
        went, at = {}, 0
        for word, number in edited:
            went[number] = at
            at += len(word) + 1
        first = chance.randrange(50)
        quoted = range(first, first + chance.randrange(4, 9))
        exact = " ".join(tokens[n][0] for n in quoted)
        a = Anchor("", "", exact, "", "", starts[first], starts[first] + len(exact))
        [found] = changes([a], len(old), new, [old])
        if found.change.certain and all(n in went for n in quoted):
            intact = new[went[first] :].startswith(exact)
            assert not intact or found.start == went[first]


ITEMS = "".join(f"Item {n} of alpha was late. " for n in range(3))


@pytest.mark.parametrize("old", [[ITEMS], []], ids=["old text", "quotations alone"])
def test_no_place_is_proposed_for_two_that_stood_apart(old: list[str]) -> None:
    """The first stays, the second is altered, and the sentence of the third is gone."""
    every = [anchor(ITEMS, f"Item {n} of alpha was late") for n in range(3)]
    new = "Item 0 of alpha was late. Item 1 of alpha was very early. "
    same, altered, gone = changes(every, len(ITEMS), new, old)
    assert (same.change, same.start) == (Change.SAME, 0)
    assert (altered.change, altered.start) == (Change.ALTERED, 26)
    assert altered.words == "Item 1 of alpha was very"
    assert gone.change is Change.GONE
    assert [o.change for o in changes(every[::-1], len(ITEMS), new, old)] == [Change.GONE, Change.ALTERED, Change.SAME]


def test_what_stood_in_one_another_may_do_so_again() -> None:
    """A name whose place is certain is within the sentence that is altered."""
    name, sentence = anchor(OLD, "Ann"), anchor(OLD, "Ann said it was 🚢 late")
    new = OLD.replace("🚢 late", "🚢 very late")
    assert [o.change for o in changes([name, sentence], len(OLD), new)] == [Change.SAME, Change.ALTERED]


FERRY = "The ferry was late, the harbour office said."
LIE = "It is a lie, said the harbour office, that: The ferry was late."


@pytest.mark.parametrize("old", [[FERRY], []], ids=["old text", "quotations alone"])
@pytest.mark.parametrize("inside", [(), ("ferry",), ("ferry", "was late", "harbour office")], ids=len)
def test_words_that_stand_once_with_nothing_around_them_as_it_was_are_in_doubt(
    old: list[str], inside: tuple[str, ...]
) -> None:
    found = changes([anchor(FERRY, words) for words in ("The ferry was late", *inside)], len(FERRY), LIE, old)[0]
    assert (found.change, found.places) == (Change.AMBIGUOUS, (LIE.index("The"),))


@pytest.mark.parametrize(
    ("quoted", "new"),
    [
        (anchor(FERRY, "The ferry was late", suffix=", the harbour"), f"Monday. {FERRY} It has been in port since."),
        (anchor(FERRY, "The ferry was late"), f"Monday. {FERRY}"),
        (anchor(FERRY, "The ferry was late"), f"{FERRY} It has been in port since."),
    ],
    ids=["a suffix", "the end of the text", "its beginning"],
)
def test_words_with_something_around_them_as_it_was_have_their_place(quoted: Anchor, new: str) -> None:
    [found] = changes([quoted], len(FERRY), new)
    assert (found.change.certain, found.start) == (True, new.index("The"))


def test_a_check_proposes_the_nearest_place_as_recheck_does(tmp_path: Path) -> None:
    path = corpus(tmp_path, "It was full. " + "Another day went by. " * 20 + "It was full. ")
    text = "It was full! " + "x" * 40 + " It was full."
    path.write_text(path.read_text("utf-8").replace("start: 23, end: 34", "start: 50, end: 61"), "utf-8")
    (tmp_path / "boat.txt").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(
        path.read_text("utf-8")
        .replace(hashlib.sha256(OLD.encode()).hexdigest(), digest)
        .replace(f"length: {len(OLD)} ", f"length: {len(text)} "),
        "utf-8",
    )
    report, _ = check([path], BASE, Texts(tmp_path))
    [remedy] = [f.remedy for f in report.findings if f.rule == "anchor-text"]
    [doubtful] = only(path).of(Change.AMBIGUOUS)
    assert doubtful.outcome.places[0] == text.rindex("It was full") == 54
    assert remedy == "set start to 54 and end to 65"
