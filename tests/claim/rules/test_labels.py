"""Labels of claims that have none quote their words: of long ones the beginning."""

from pathlib import Path

import pytest

from quoth.claim.model.namespaces import RDFS
from quoth.claim.reading.document import read
from quoth.claim.rules.labels import WORDS_LIMIT, labels

BASE = "http://localhost:8000/"
LONG = "Das Haus tagt heute. " * 30


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("the ferry was late", "“the ferry was late”."),
        ("The ferry was late.", "“The ferry was late.”"),  # with one full stop
        ("Was it late?", "“Was it late?”"),
        ("x" * WORDS_LIMIT, f"“{'x' * WORDS_LIMIT}”."),
        (LONG.strip(), f"“{LONG[: 11 * 21].strip()} Das Haus …”"),  # cut between words
    ],
)
def test_a_label_quotes_the_beginning_of_long_words(words: str, quoted: str, tmp_path: Path) -> None:
    claim = f"  - {{id: one, source: id/person/lind, speechAct: said, words: {words!r}}}\n"
    head = "id: id/article/a\ntype: Article\nlabel: A\nlanguage: de\nclaims:\n"
    lind = "entities:\n  - {id: id/person/lind, type: Person, label: Mara Lind}\n"
    (tmp_path / "a.yaml").write_text(head + claim + lind, "utf-8")
    made = {q.object.value for q in labels(read(tmp_path / "a.yaml", BASE).quads) if q.predicate == RDFS.label}  # type: ignore[union-attr]
    assert made == {f"Mara Lind said: {quoted}"}


@pytest.mark.parametrize(
    ("cue", "telling"),
    [
        ("has not confirmed", "Mara Lind “has not confirmed”"),
        ("hat nie gesagt", "Mara Lind “hat nie gesagt”"),
        ("said she does not know", "Mara Lind said"),
        ("confirmed", "Mara Lind said"),
    ],
)
def test_what_the_cue_says_was_not_done_is_not_said_to_be(cue: str, telling: str, tmp_path: Path) -> None:
    words = "words: {exact: the quay is closed}, cue: {exact: " + cue + "}"
    claim = f"  - {{id: one, source: id/person/lind, speechAct: said, {words}}}\n"
    head = "id: id/article/a\ntype: Article\nlabel: A\nlanguage: en\nclaims:\n"
    lind = "entities:\n  - {id: id/person/lind, type: Person, label: Mara Lind}\n"
    (tmp_path / "a.yaml").write_text(head + claim + lind, "utf-8")
    made = {q.object.value for q in labels(read(tmp_path / "a.yaml", BASE).quads) if q.predicate == RDFS.label}  # type: ignore[union-attr]
    assert made == {f"{telling}: “the quay is closed”."}


def test_a_label_is_one_line(tmp_path: Path) -> None:
    head = "id: id/article/a\ntype: Article\nlabel: A\nlanguage: en\nclaims:\n"
    claim = '  - {id: one, source: id/person/lind, speechAct: said, words: "late\\n  again"}\n'
    lind = "entities:\n  - {id: id/person/lind, type: Person, label: Mara Lind}\n"
    (tmp_path / "a.yaml").write_text(head + claim + lind, "utf-8")
    made = {q.object.value for q in labels(read(tmp_path / "a.yaml", BASE).quads) if q.predicate == RDFS.label}  # type: ignore[union-attr]
    assert made == {"Mara Lind said: “late again”."}
