"""``quoth verify`` as a user runs it: exit codes, formats, standard input, what it refuses."""

import json
from pathlib import Path

import pytest

from quoth.release.release import Release

from .commands import quoth


@pytest.fixture
def releases(release: Release) -> Path:
    return release.path.parent


def test_a_true_text_ends_with_0_and_an_altered_one_with_1(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "true.md").write_text("Tay said: “If the guild accepts, the ferry will sail twice a day”.")
    (tmp_path / "false.md").write_text("# News\n\nTay said: “If the guild accepts, the ferry won’t sail twice a day”.")
    true = quoth("verify", "true.md", "--releases", releases, cwd=tmp_path)
    assert (true.returncode, true.stdout) == (0, "")
    assert "1 passage: 1 verbatim. Searched: the words that" in true.stderr
    false = quoth("verify", "false.md", "--releases", releases, cwd=tmp_path)
    assert false.returncode == 1
    assert false.stdout.startswith("false.md:3:12: altered (certain): “If the guild accepts, the ferry won’t sail")
    assert "negation added" in false.stdout


def test_standard_input_and_the_formats(releases: Path, tmp_path: Path) -> None:
    text = "Tay said: “If the guild accepts, the ferry will sail twice a day”."
    for format_, beginning in (("json", "{"), ("sarif", "{"), ("html", "<!DOCTYPE html>")):
        done = quoth("verify", "-", "--format", format_, "--releases", releases, cwd=tmp_path, text=text)
        assert (done.returncode, done.stdout[: len(beginning)]) == (0, beginning)
    schema = quoth("verify", "--schema", cwd=tmp_path)
    assert json.loads(schema.stdout)["title"] == "Report of quoth verify"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "which text?"),
        (("none.md",), 2, "No such file"),
        (("empty.md",), 2, "the text has no words"),
        (("empty.md", "--language", "not a language"), 2, "the text has no words"),
        (("latin.md",), 2, "it is not UTF-8 (byte 1)"),
        ((".",), 2, "it is not a file"),
    ],
)
def test_what_cannot_be_read_is_refused(
    releases: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "empty.md").write_text(" \n")
    (tmp_path / "latin.md").write_bytes(b"a\xe9")
    done = quoth("verify", *arguments, "--releases", releases, cwd=tmp_path)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    done = quoth("verify", "-", "--releases", "none", cwd=tmp_path, text="“the ferry”")
    assert done.returncode == 5
    assert "quoth publish" in done.stderr
