"""The measurement of drafts counts what annotators marked, in a corpus of our own."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.bench import draft_weights, drafts, german_corpus
from tests.bench.attribution_corpus import Annotated, Spans, articles

from quoth.claim.authoring.drafting.language import language

GERMAN = Path(german_corpus.__file__).with_name("german_attributions.jsonl")
TEXT = "Mara Lind said that the boats are old. It rained. The mayor wants to sell the mill.\n"
MARKS = (
    ("Source", "Mara Lind"),
    ("Cue", "said"),
    ("Content", "that the boats are old"),
    ("Source", "The mayor"),
    ("Cue", "wants"),
    ("Content", "to sell the mill"),
)


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A corpus of one article with two attributions, by two annotators, the second of whom marked nothing."""
    part = tmp_path / "polnear" / "data" / "dev"
    (part / "text").mkdir(parents=True)
    (part / "attributions").mkdir()
    (part / "text" / "a_ferry.txt").write_text(TEXT, "utf-8")
    lines = [
        f"T{n}\t{role} {TEXT.index(words)} {TEXT.index(words) + len(words)}\t{words}"
        for n, (role, words) in enumerate(MARKS, 1)
    ]
    events = ["E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3", "E2\tAttribution:T5 Source:T4 Cue:T5 Content:T6"]
    (part / "attributions" / "a_ferry_1a2b.ann").write_text("\n".join([*lines, *events]), "utf-8")
    (part / "attributions" / "a_ferry_9c9c.ann").write_text("", "utf-8")
    return tmp_path


def test_drafts_are_held_against_the_first_annotator(corpora: Path) -> None:
    [article] = articles("dev", corpora)
    assert [a["Cue"] for a in article.attributions] == [[(10, 14)], [(60, 65)]]
    counts, _ = drafts.measure([article])["quoth draft"]
    assert (counts["marked"], counts["sources"], counts["found"], counts["sources found"]) == (2, 2, 2, 2)
    assert 2 * counts["content shared"] / counts["content"] > 0.9
    peer, _ = drafts.measure([article])["peer"]
    assert (peer["found"], peer["sources found"]) == (1, 0)
    assert drafts.row("dev", counts, 0.0).startswith("| dev | 2 | 1.000 | 1.000 | 1.000 | 1.000 |")


def test_german_sentences_are_held_against_their_marks(tmp_path: Path) -> None:
    """The second sentence alone is annotated; a note within the segment is none of its text."""
    first, said = "Das Hafenamt sagte, dass es regnet. ", "Die Lotsin sagte, dass die Boote alt sind."
    sitting = tmp_path / "parlamint-at" / "data" / "editions" / "S_1.xml"
    sitting.parent.mkdir(parents=True)
    sitting.write_text(
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><seg xml:id="S_1_d2">{first}<note>Ruf</note>{said}</seg></TEI>',
        "utf-8",
    )
    roles = {"cue": "sagte", "source": "Die Lotsin", "content": "dass die Boote alt sind"}
    marks = {
        role: [[len(first) + said.index(words), len(first) + said.index(words) + len(words)]]
        for role, words in roles.items()
    }
    line = {"part": "dev", "segment": "S_1_d2", "sentence": [len(first), len(first + said)], "attributions": [marks]}
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps(line), "utf-8")
    [sentence] = german_corpus.sentences("de-dev", tmp_path, lines)
    assert sentence.text == first + said
    measured = drafts.measure([sentence])
    counts, _ = measured["quoth draft"]
    assert (counts["proposed"], counts["right"], counts["sources found"], counts["no edit"]) == (1, 1, 1, 1)
    assert "peer" not in measured


def test_every_german_mark_is_in_its_sentence() -> None:
    lines = [json.loads(line) for line in GERMAN.read_text("utf-8").splitlines()]
    assert [sum(line["part"] == part for line in lines) for part in ("dev", "test")] == [120, 120]
    for line in lines:
        first, end = line["sentence"]
        places = [place for marks in line["attributions"] for spans in marks.values() for place in spans]
        assert all(first <= a < b <= end for a, b in places)


def test_no_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no PolNeAR"):
        articles("train", tmp_path)
    with pytest.raises(SystemExit, match="no ParlaMint-AT"):
        german_corpus.sentences("de-dev", tmp_path)


def test_marks_between_two_parts_belong_to_one() -> None:
    words = ["Late", ",", "she", "said", ":", "“", "old", ".", "New"]
    plain = ["C<", "O", "S<", "Q", "O", "O", "C>", "O", "C<"]
    assert draft_weights.bridged(plain, words) == ["C<", "C<", "S<", "Q", "C>", "C>", "C>", "O", "C<"]


def test_names_have_no_grade() -> None:
    text = "Here Lind said so. " * 9
    cues: list[Mapping[str, Spans]] = [{"Cue": [(place + 5, place + 14)]} for place in range(0, len(text), 19)]
    english = language("en")
    assert english
    assert text[slice(*cues[1]["Cue"][0])] == "Lind said"
    assert draft_weights.grades([Annotated("a", text, cues)], english) == {"say": "h"}
