"""quoth recheck tells what became of quotations, writes only when asked, and the record reaches pages and formats."""

import hashlib
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from ..small_article import BEAM, MONTH, TEXT, checked, document, site, write
from .commands import quoth

NEW = "Corrected.\n" + TEXT.replace("a beam had cracked", "two beams had cracked")
ARTICLE = "/doc/article/bridge"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path, document(BEAM + MONTH))
    (tmp_path / "bridge.txt").write_text(NEW, "utf-8")
    return tmp_path


def test_the_report_says_what_would_move_and_what_is_altered(corpus: Path) -> None:
    before = (corpus / "document-0.yaml").read_bytes()
    done = quoth("recheck", "document-0.yaml", "--texts", ".", cwd=corpus)
    assert done.returncode == 1, done.stderr
    start, new = TEXT.index("the repair"), NEW.index("the repair")
    length = len("the repair would take a month")
    assert f"would move: “the repair would take a month”, {start} to {start + length} → {new} to {new + length}" in (
        done.stdout
    )
    assert "altered" in done.stdout
    assert "[-a beam-]{+two beams+}" in done.stdout or "[-beam-]{+beams+}" in done.stdout
    assert sha256(TEXT)[:12] in done.stdout
    assert sha256(NEW)[:12] in done.stdout
    assert (corpus / "document-0.yaml").read_bytes() == before


def test_what_is_written_is_printed_and_the_rest_is_told_again(corpus: Path) -> None:
    done = quoth("recheck", "document-0.yaml", "--texts", ".", "--write", cwd=corpus)
    assert done.returncode == 1
    assert ": moved: “the repair would take a month”" in done.stdout
    written = (corpus / "document-0.yaml").read_text("utf-8")
    assert sha256(NEW) in written
    assert f'earlier: [{{sha256: "{sha256(TEXT)}", length: {len(TEXT)}, date: ' in written
    again = quoth("recheck", "document-0.yaml", "--texts", ".", "--write", cwd=corpus)
    assert again.returncode == 1
    assert "moved" not in again.stdout
    assert "altered" in again.stdout
    assert (corpus / "document-0.yaml").read_text("utf-8") == written
    check = quoth("check", "document-0.yaml", "--texts", ".", cwd=corpus)
    assert check.returncode == 1
    assert "a beam had cracked" in check.stdout


def test_json_has_the_same(corpus: Path) -> None:
    done = quoth("recheck", "document-0.yaml", "--texts", ".", "--format", "json", cwd=corpus)
    [report] = json.loads(done.stdout)["documents"]
    assert report["recorded"] == {"sha256": sha256(TEXT), "length": len(TEXT)}
    assert report["present"] == {"sha256": sha256(NEW), "length": len(NEW)}
    assert (report["newer"], report["written"]) == (True, False)
    assert (report["counts"]["moved"], report["counts"]["altered"]) == (1, 1)
    [altered] = [a for a in report["anchors"] if a["change"] == "altered"]
    assert NEW[altered["newStart"] : altered["newEnd"]] == altered["newExact"]
    [moved] = [a for a in report["anchors"] if a["change"] == "moved"]
    assert NEW[moved["newStart"] : moved["newEnd"]] == moved["exact"]


def test_a_new_version_may_have_any_name(corpus: Path) -> None:
    (corpus / "bridge.txt").rename(corpus / "version.two")
    other = quoth("recheck", "document-0.yaml", "--text", "version.two", "--article", "road", cwd=corpus)
    assert other.returncode == 2
    assert "no document has quotations of road" in other.stderr
    half = quoth("recheck", "document-0.yaml", "--text", "version.two", cwd=corpus)
    assert half.returncode == 2
    done = quoth("recheck", "document-0.yaml", "--text", "version.two", "--article", "bridge", "--write", cwd=corpus)
    assert ": moved: " in done.stdout


def test_nothing_is_left_to_do_where_all_stand(tmp_path: Path) -> None:
    write(tmp_path, document(BEAM + MONTH))
    done = quoth("recheck", "document-0.yaml", "--texts", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "document-0.yaml: bridge.txt is the text on record: 2 same\n"


def test_a_text_that_is_not_there_is_said(tmp_path: Path) -> None:
    write(tmp_path, document(BEAM + MONTH))
    (tmp_path / "bridge.txt").unlink()
    done = quoth("recheck", "document-0.yaml", "--texts", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "not compared: no text of bridge is in ." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_document_that_cannot_be_edited_is_reported(corpus: Path, tmp_path: Path) -> None:
    _, quads = checked(tmp_path / "other", document(MONTH))
    (corpus / "bridge.nq").write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    done = quoth("recheck", "bridge.nq", "--texts", ".", "--write", cwd=corpus)
    assert done.returncode == 3
    assert "would move" in done.stdout
    assert "only a document in YAML is edited" in done.stderr


def test_both_hashes_are_on_the_page_and_in_every_format(corpus: Path, tmp_path: Path) -> None:
    quoth("recheck", "document-0.yaml", "--texts", ".", "--write", cwd=corpus)
    written = (corpus / "document-0.yaml").read_text("utf-8").replace(BEAM, "")
    _, quads = checked(tmp_path / "documents", written)
    with site(tmp_path / "releases", quads) as client:
        page = client.get(ARTICLE, headers={"Accept": "text/html"}).text
        assert page.index(sha256(NEW)) < page.index("Earlier texts") < page.index(sha256(TEXT))
        for media_type in ("text/turtle", "application/ld+json", "application/n-quads", "application/rdf+xml"):
            body = client.get(ARTICLE, headers={"Accept": media_type}).text
            assert sha256(TEXT) in body, media_type
            assert "earlier" in body, media_type
