"""Drafts have the right offsets, and filling in offsets loses nothing of a document."""

import hashlib
import itertools
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quoth.claim.authoring import draft, fill_offsets
from quoth.claim.authoring.drafting.writer import DONE_TO_SOMEBODY
from quoth.claim.authoring.spans import Span, sentences, unique_anchor
from quoth.claim.checking.anchors import MAX_WORDS, Anchor, Texts, places
from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import SPEECH_ACT
from quoth.claim.reading.document import read
from quoth.claim.rules.vocabulary import our_vocabulary
from quoth.errors import DocumentError, UsageError

BASE = "http://localhost:8000/"


def test_a_draft_has_every_sentence_and_right_offsets(text: str) -> None:
    written = YAML(typ="safe").load(draft.draft(text, "harbour"))
    assert written["text"]["length"] == len(text)
    quoted = [anchor for claim in written["claims"] for anchor in anchors_of(claim)]
    for anchor in quoted:
        assert text[anchor["start"] : anchor["end"]] == anchor["exact"]
        assert len(anchor["exact"].split()) <= MAX_WORDS
    for sentence in sentences(text)[1:]:
        assert any(sentence.start < anchor["end"] and anchor["start"] < sentence.end for anchor in quoted)
    acts = {level["speechAct"] for claim in written["claims"] if (level := claim.get("attribution"))}
    assert {"said", "accused", "denied"} <= acts


@pytest.mark.parametrize("act", our_vocabulary().concepts(SPEECH_ACT.iri.rstrip("#")))
def test_an_inner_level_of_any_act_conforms(act: str, tmp_path: Path) -> None:
    words = "Mara Lind said that the pilots had said that a boat was missing."
    (tmp_path / "a.txt").write_text(words, "utf-8")
    [outer, inner] = re.split("(?=  - id: sentence-1-2)", draft.draft(words, "a"))
    path = tmp_path / "a.yaml"
    path.write_text(outer + inner.replace("speechAct: said", f"speechAct: {act}", 1), "utf-8")
    report, _ = check([path], BASE, Texts(tmp_path))
    left = {f.rule for f in report.findings if f.severity == "Violation"} - {"undecided"}
    assert bool(left) == (act in DONE_TO_SOMEBODY)


def anchors_of(claim: Any) -> list[Any]:
    """The anchors of a claim, of its cue and of its source's words."""
    level = claim.get("attribution", {})
    anchors = claim["anchor"] if isinstance(claim["anchor"], list) else [claim["anchor"]]
    return [*anchors, *(level[key] for key in ("cue", "mention") if key in level)]


def test_a_draft_has_a_language_tag(text: str) -> None:
    with pytest.raises(UsageError, match=r"'English' is not a language tag.*write en"):
        draft.draft(text, "harbour", draft.Known("English"))


def test_a_number_that_is_quoted_keeps_its_form(tmp_path: Path) -> None:
    words = "Boat 007 left. Boat 7 stayed."
    (tmp_path / "a.txt").write_text(words, "utf-8")
    text = f"text: {{sha256: {hashlib.sha256(words.encode()).hexdigest()}, length: {len(words)}}}"
    claims = "  - {id: c1, words: 007}"
    path = tmp_path / "a.yaml"
    path.write_text(f"id: id/article/a\ntype: Article\nlabel: A\nlanguage: en\n{text}\nclaims:\n{claims}\n", "utf-8")
    filled, count, findings = fill_offsets.fill(path, BASE, Texts(tmp_path))
    assert (count, findings) == (1, [])
    assert "exact: 007, start: 5, end: 8" in filled


def test_the_check_of_a_draft_lists_what_to_confirm(text: str, texts: Texts, tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(draft.draft(text, "d"), "utf-8")
    report, _ = check([path], BASE, texts)
    assert not report.unreadable
    assert not [f for f in report.findings if f.rule in ("anchor-text", "anchor-quotation", "anchor-length")]
    assert {f.rule for f in report.findings if f.severity == "Violation"} == {"undecided"}


@given(st.text(alphabet="aA1 .!?\n“”é🚢\r\t", max_size=80))
def test_sentences_keep_every_word(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    kept = "".join(text[s.start : s.end] for s in spans)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", text)


@given(st.text(alphabet="ab \n🚢", min_size=1, max_size=40), st.data())
def test_an_anchor_is_unique_in_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    anchor = unique_anchor(text, Span(start, end))
    assert start in places(text, anchor)
    assert len(places(text, anchor)) == 1 or text.startswith(anchor.prefix + anchor.exact)


@pytest.mark.slow
def test_the_time_of_a_draft_grows_with_the_length_of_a_repetitive_text() -> None:
    repeated = "He said the same.\u2028\x7f Again \ufeffand again.\x85 "

    def cpu_s(count: int) -> float:
        began = time.process_time()
        draft.draft(repeated * count, "d")
        return time.process_time() - began

    assert cpu_s(3200) < 24 * cpu_s(400)  # eight times as much for eight times the length, and not 64 times


@pytest.mark.long
def test_a_draft_of_a_long_repetitive_text_reads_back(tmp_path: Path) -> None:
    text = "He said the same.\u2028\x7f Again \ufeffand again.\x85 " * 50
    path = tmp_path / "d.yaml"
    path.write_text(draft.draft(text, "d"), "utf-8")
    (tmp_path / "d.txt").write_text(text, "utf-8", newline="")
    report, _ = check([path], BASE, Texts(tmp_path))
    assert not [f for f in report.findings if f.rule in ("syntax", "anchor-text", "anchor-quotation", "anchor-length")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Lind left. He ran.",
        "He met J. Tay. It rained.",
        "Gov. Pence left. He ran.",
        "It was Jan. 4. He ran.",
        "Es war am 3. Oktober. Er lief.",
    ],
)
def test_abbreviations_end_no_sentence(sentence: str) -> None:
    assert len(sentences(sentence)) == 2


@pytest.mark.parametrize(
    ("text", "headline", "claims"),
    [
        ("Ferry late again\n\nThe ferry was late. It rained.\n", "Ferry late again", 2),
        ("Ferry “late”\r\n\r\nThe ferry was late.\r\n", "Ferry “late”", 1),
        ("The ferry was late.\n\nIt rained.\n", None, 2),
        ("Ferry late again\nThe ferry was late.\n", None, 1),
        ("Ferry late again\n", None, 1),
    ],
)
def test_a_headline_is_no_claim(text: str, headline: str | None, claims: int) -> None:
    written = YAML(typ="safe").load(draft.draft(text, "d"))
    assert (written.get("headline"), len(written["claims"])) == (headline, claims)


def without_offsets(harbour: Path, path: Path) -> str:
    written = re.sub(r", start: \d+, end: \d+\}", "}", harbour.read_text("utf-8"))
    written = re.sub(r'words: \{exact: ("[^"]*")\}', r"words: \1", written)
    path.write_text(written, "utf-8")
    shutil.copy(harbour.with_name("vocabulary.yaml"), path.parent)
    return written


def test_offsets_are_filled_into_yaml(harbour: Path, texts: Texts, tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    written = without_offsets(harbour, path)
    assert written.count("start:") == 0
    filled, count, findings = fill_offsets.fill(path, BASE, texts)
    assert (findings, count) == ([], 87)
    path.write_text(filled, "utf-8")
    assert set(read(path, BASE).quads) == set(read(harbour, BASE).quads)
    assert filled.count("#") == written.count("#"), "comments are kept"
    assert fill_offsets.fill(path, BASE, texts)[1] == 0


def test_offsets_of_a_shortened_quotation_are_corrected(harbour: Path, texts: Texts, tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    shorter = harbour.read_text("utf-8").replace('"Orrin Tay, the captain", start', '"the captain", start')
    path.write_text(shorter, "utf-8")
    filled, count, findings = fill_offsets.fill(path, BASE, texts)
    assert (findings, count) == ([], 1)
    assert '{exact: "the captain", start: 183, end: 194}' in filled


def test_offsets_are_filled_into_trig(harbour: Path, texts: Texts, tmp_path: Path) -> None:
    quads = read(harbour, BASE).quads
    bare = [q for q in quads if "-position" not in str(q)]
    path = tmp_path / "h.trig"
    path.write_bytes(b"# a comment\n" + (ox.serialize(bare, format=ox.RdfFormat.TRIG) or b""))
    filled, count, findings = fill_offsets.fill(path, BASE, texts)
    assert (findings, count) == ([], 95)  # the words of acts and of named levels, which YAML has once
    assert filled.startswith("# a comment\n")
    path.write_text(filled, "utf-8")
    assert set(read(path, BASE).quads) == set(quads)


def test_offsets_are_filled_into_a_claim_in_words(harbour: Path, texts: Texts, tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    head = harbour.read_text("utf-8").partition("\nclaims:\n")[0]
    path.write_text(
        f"""{head}
claims:
  - id: crates
    source: id/source/harbour/audit-report
    speechAct: recorded
    cue: records that
    words: the company’s crates cross the bay at night
    within: {{source: id/person/mara-lind, speechAct: said, cue: According to Lind}}
""",
        "utf-8",
    )
    filled, count, findings = fill_offsets.fill(path, BASE, texts)
    assert (count, findings) == (3, [])
    assert "words: {exact: the company’s crates cross the bay at night, start: 674, end: 717}" in filled
    path.write_text(filled, "utf-8")
    assert not [f for f in check([path], BASE, texts)[0].findings if f.severity == "Violation"]


def test_a_quotation_that_occurs_twice_is_reported_with_its_places(harbour: Path, texts: Texts, tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    written = without_offsets(harbour, path).replace(', prefix: "— "', "", 1)
    path.write_text(written, "utf-8")
    filled, count, [finding] = fill_offsets.fill(path, BASE, texts)
    lacking = harbour.read_text("utf-8").count("start:") - 1
    assert filled.count("start:") == count == lacking, "the others have one place each"
    path.write_text(filled, "utf-8")
    assert fill_offsets.fill(path, BASE, texts) == (filled, 0, [finding])
    assert filled.count('{exact: "the ferry was late"}') == 1
    assert "2 times: at 14 after" in finding.message
    assert finding.line == written[: written.index('the ferry was late"')].count("\n") + 1


def test_a_missing_text_is_reported(harbour: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no text in"):
        fill_offsets.fill(harbour, BASE, Texts(tmp_path))


def test_places_count_code_points() -> None:
    assert places("🚢🚢a", Anchor("", "", "a")) == [2]
    assert places("aaa", Anchor("", "", "aa")) == [0, 1]
    assert places("aaa", Anchor("", "", "")) == []
