"""The measurement of drafts counts what annotators marked, in a corpus of our own."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.bench import draft_weights, drafts
from tests.bench.attribution_corpus import Annotated, Spans, articles

from quoth.claim.authoring.drafting.language import language

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


def test_no_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no PolNeAR"):
        articles("train", tmp_path)


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
