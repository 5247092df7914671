"""The command ``quoth export``: what it writes, and that it comes back by ``quoth import``."""

import json
from pathlib import Path

import pytest

from ..conftest import CORPUS
from .commands import quoth

TEXT = "The ferry was late, the harbour office said. Mara Lind said the harbour office had warned of fog.\n"
TABLE = """article,id,quotation,source,act,cue
ferry,late,The ferry was late,the harbour office,said,the harbour office said
ferry,warned,the harbour office had warned of fog,Mara Lind,said,Mara Lind said
ferry,parts,The ferry […] fog,=1+1,said,
"""
MAPPING = """
[encoding]
encoder = {id = "id/org/quoth", label = "Quoth", type = "Organization"}
method = "By hand, in a spreadsheet."
created = "2026-11-28"
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


def corpus(folder: Path) -> Path:
    """A corpus with the text of one article."""
    assert quoth("new", folder.name, "--publisher", "Velm News", cwd=folder.parent).returncode == 0
    (folder / "texts" / "ferry.txt").write_text(TEXT, "utf-8")
    (folder / "mapping.toml").write_text(MAPPING, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("export", "format", "name"), [("csv", "table", "e.csv"), ("web-annotation",) * 2 + ("e.json",)]
)
def test_what_is_imported_is_exported_and_imported_again_as_it_was(
    export: str, format: str, name: str, tmp_path: Path
) -> None:
    first, second = corpus(tmp_path / "first"), corpus(tmp_path / "second")
    (first / "claims.csv").write_text(TABLE, "utf-8")
    imported = quoth("import", "table", "claims.csv", "--mapping", "mapping.toml", cwd=first)
    assert imported.returncode == 0, imported.stderr
    exported = quoth("export", export, "-o", tmp_path / name, cwd=first)
    assert (exported.returncode, exported.stderr) == (0, "3 claims\n")
    again = quoth("import", format, tmp_path / name, "--mapping", "mapping.toml", cwd=second)
    assert again.returncode == 0, again.stderr
    one, other = (folder / "articles" / "ferry.yaml" for folder in (first, second))
    claims = [path.read_text("utf-8").partition("\nsources:")[2] for path in (one, other)]
    assert claims[0] == claims[1]
    assert claims[0].count("  - id: ") == 3 or claims[0].count("anchor:") == 3
    assert quoth("export", export, cwd=second).stdout == (tmp_path / name).read_text("utf-8")


def test_documents_are_exported_by_name_with_the_labels_of_their_corpus(tmp_path: Path) -> None:
    printed = quoth("export", "web-annotation", CORPUS / "harbour.yaml", cwd=tmp_path)
    assert printed.returncode == 0, printed.stderr
    items = json.loads(printed.stdout)["items"]
    assert len(items) == 27
    assert {"type": "TextualBody", "purpose": "tagging", "value": "source:the harbour office"} in items[0]["body"]


def test_what_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("claims: [", "utf-8")
    failed = quoth("export", "csv", "a.yaml", cwd=tmp_path)
    assert failed.returncode == 3
    assert failed.stdout == ""
    assert "a.yaml:1" in failed.stderr
    assert "Traceback" not in failed.stderr
    failed = quoth("export", "pdf", cwd=tmp_path)
    assert failed.returncode == 2
    assert "web-annotation" in failed.stderr


def test_an_export_is_not_written_where_the_corpus_would_read_it(tmp_path: Path) -> None:
    first = corpus(tmp_path / "first")
    failed = quoth("export", "web-annotation", "-o", "claims.jsonld", cwd=first)
    assert failed.returncode == 2
    assert failed.stderr.startswith("quoth: claims.jsonld: it would be read as a document of the corpus (give it")
    assert not (first / "claims.jsonld").exists()
    assert quoth("export", "web-annotation", "-o", "claims.json", cwd=first).returncode == 0
    assert quoth("check", cwd=first).returncode == 0
