"""A package adds a reader by an entry point; its mistakes are told as its own, and do no harm."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quoth.claim.importing import readers
from quoth.claim.importing.mapping import Mapping
from quoth.errors import UsageError
from quoth.web.guide import chapters

from .examples import TEXT, corpus, taken

PAGE = Path(chapters.__file__).with_name("importing.md")
[READER] = [t.content for t in chapters.examples(PAGE.read_text("utf-8")) if t.info == "python reader"]
"""The example of the guide."""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The module ``desk_reader`` in a folder of packages, the reader ``desk-notes`` of the package desk-quoth."""
    folder = tmp_path / "site"
    info = folder / "desk_quoth-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: desk-quoth\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[quoth.readers]\ndesk-notes = desk_reader\n", "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
    yield folder / "desk_reader.py"
    sys.modules.pop("desk_reader", None)


def read(to: Path) -> list[object]:
    notes = to / "ferry.txt"
    notes.write_text("Mara Lind: The ferry was late\nno speaker\n", "utf-8")
    (to / "texts").mkdir()
    (to / "texts" / "ferry.txt").write_text(TEXT, "utf-8")
    return list(readers.get("desk-notes").read(notes, Mapping(), to / "texts"))


def test_a_reader_of_another_package_is_found_and_imports(package: Path, tmp_path: Path) -> None:
    package.write_text(READER, "utf-8")
    assert readers.names()[-1] == "desk-notes"
    assert {"lines.separator": str} == readers.get("desk-notes").KEYS
    to = corpus(tmp_path)
    outcome = taken(to, read(to))  # type: ignore[arg-type]
    assert (outcome.claims, [m.kind for m in outcome.misfits]) == ({"added": 1}, ["no speaker"])
    assert (to / "articles" / "ferry.yaml").is_file()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1/0", "the reader of desk-quoth cannot be loaded: ZeroDivisionError"),
        ("import nothing_of_that_name", "the reader of desk-quoth cannot be loaded: ModuleNotFoundError"),
        ("KEYS = {}", "the reader of desk-quoth cannot be loaded|the reader failed: AttributeError"),
        ("read = None", "the reader of desk-quoth cannot be loaded: AttributeError"),
        (
            "KEYS = {}\ndef read(*a):\n    raise RuntimeError('no\\x1b[31m')\n    yield",
            "the reader failed: RuntimeError",
        ),
        ("KEYS = {}\ndef read(*a): yield 7", "it gives int, which is neither Article nor Misfit"),
        ("KEYS = {}\ndef read(*a): return 7", "the reader failed: TypeError"),
        ("KEYS = {}\ndef read(*a): return read(*a)", "the reader failed: RecursionError"),
    ],
    ids=range(8),
)
def test_the_mistakes_of_a_reader_are_its_own(written: str, told: str, package: Path, tmp_path: Path) -> None:
    package.write_text(written, "utf-8")
    with pytest.raises(UsageError, match=told) as error:
        read(corpus(tmp_path))
    assert "\x1b" not in error.value.detail


def test_a_format_that_nobody_reads_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="there is no reader for 'word'") as error:
        readers.get("word")
    assert "brat" in (error.value.remedy or "")
