"""quoth publish names what nothing describes any more, unless it was withdrawn."""

import json
from pathlib import Path

from ..small_article import BEAM, MONTH, document, write
from .commands import quoth


def test_what_is_neither_described_nor_withdrawn_any_more_is_named(tmp_path: Path) -> None:
    notes = []
    withdrawn = "withdrawn: [{id: a-month, reason: It was wrong., by: id/org/quoth, date: 2026-11-25}]\n"
    for text in (document(BEAM + MONTH), document(BEAM), document(BEAM + MONTH), withdrawn + document(BEAM)):
        write(tmp_path / "documents", text)
        result = quoth("publish", "documents", "--texts", "documents", "--releases", "releases", cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        notes.append([line for line in result.stderr.splitlines() if "will answer 410" in line])
    assert [len(note) for note in notes] == [0, 1, 0, 0]
    assert "1 resource of release 1 will answer 410" in notes[1][0]
    assert "<http://localhost:8000/id/claim/bridge/a-month>" in notes[1][0]


def test_a_dataset_keeps_its_base_unless_another_one_is_given(tmp_path: Path) -> None:
    write(tmp_path / "documents", document(BEAM + MONTH))
    asked = ("publish", "documents", "--texts", "documents", "--releases", "releases", "--force")
    first, kept, moved = (
        quoth(*asked, *base, cwd=tmp_path)
        for base in (("--base", "https://a.example/"), (), ("--base", "https://b.example/"))
    )
    assert (first.returncode, kept.returncode, moved.returncode) == (0, 0, 0), kept.stderr
    assert "IRIs begin with https://a.example/, as in release 1" in kept.stderr
    assert "the IRIs of release 2 begin with https://a.example/: none of them is in the new one" in moved.stderr
    bases = [json.loads((tmp_path / "releases" / n / "manifest.json").read_text())["base"] for n in ("1", "2", "3")]
    assert bases == ["https://a.example/", "https://a.example/", "https://b.example/"]
