"""quoth publish leaves proposed claims out, says how many and how to include them; --proposed includes them."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.reading import document as reading
from quoth.cli.publish import publish_documents
from quoth.config import Settings
from quoth.release.release import Releases

from ..small_article import BEAM, MONTH, TEXT, claim, document, write
from .commands import quoth

CLAIM = "http://localhost:8000/id/claim/bridge/"
SOURCE = """
sources:
  - {id: id/source/bridge/clerk, type: [AnonymousSource, Agent], label: a clerk, partOfSource: id/source/bridge/office}
  - {id: id/source/bridge/office, type: [AnonymousSource, Group], label: the clerk's office}
"""
BOTH = """
inference:
  - attributedTo: id/org/quoth
    comment: By hand.
    graph:
      - {id: beam-cracked, corroborates: a-month, because: Both are of the same repair.}
"""
TOPIC = "topics:\n  - {id: id/topic/repair, label: the repair, scopeNote: When it ends.}\n"
GUESSED = f"""
mentions:
  - {{of: id/org/council, exact: The council, start: {TEXT.index("The council")}, end: {TEXT.index(" said that")}}}
entities:
  - {{id: id/org/program, type: Organization, label: a program}}
  - {{id: id/org/guessed, type: Organization, label: a guess}}
{TOPIC}inference:
  - attributedTo: id/org/program
    comment: Guessed.
    graph:
      - {{id: beam-cracked, inTensionWith: shut-reported, because: The program takes the two to differ.}}
"""
REVIEWED = document(BEAM, encoding="status: reviewed")
PROPOSED = document(
    MONTH + claim("shut", "id/source/bridge/clerk", "said", "The mill bridge was shut"),
    encoding='id: "#encoding-2"\n  status: proposed',
).replace("\nclaims:", f"{SOURCE}\nclaims:")


def published(folder: Path) -> set[str]:
    """The quads of the current release, as lines."""
    store = ox.Store.read_only(str(Releases(folder / "releases").current().store_path))
    return {str(quad) for quad in store}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    write(tmp_path / "data", REVIEWED, PROPOSED + BOTH)
    return tmp_path


def test_proposed_claims_are_left_out(documents: Path) -> None:
    result = quoth("publish", "data", "--releases", "releases", "--texts", "data", cwd=documents)
    assert result.returncode == 0, result.stderr
    assert "2 proposed claims are left out" in result.stderr
    assert "quoth publish --proposed" in result.stderr
    quads = published(documents)
    assert any(f"<{CLAIM}beam-cracked>" in quad for quad in quads)
    for name in (f"{CLAIM}a-month", f"{CLAIM}shut", "source/bridge/clerk", "source/bridge/office", "same repair"):
        assert not any(name in quad for quad in quads), name
    assert any("bridge#encoding-2> <http://www.w3.org/ns/adms#status>" in quad for quad in quads), "its record stays"
    release = Releases(documents / "releases").current()
    assert release.manifest.claims == 1
    assert json.loads((release.path / "report.json").read_text("utf-8"))["claims"] == 1


def test_proposed_claims_are_included_when_asked_for(documents: Path) -> None:
    result = quoth("publish", "data", "--releases", "releases", "--texts", "data", "--proposed", cwd=documents)
    assert result.returncode == 0, result.stderr
    assert "left out" not in result.stderr
    quads = published(documents)
    status = "<http://www.w3.org/ns/adms#status> <https://w3id.org/quoth/ns/encoding-status#proposed>"
    assert {name for name in ("a-month", "shut", "beam-cracked") if f"<{CLAIM}{name}> {status}" in quads} == {
        "a-month",
        "shut",
    }


def test_an_encoding_without_a_status_is_published(tmp_path: Path) -> None:
    write(tmp_path / "data", document(BEAM))
    result = quoth("publish", "data", "--releases", "releases", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "left out" not in result.stderr
    assert any(f"<{CLAIM}beam-cracked>" in quad for quad in published(tmp_path))


@pytest.mark.slow
def test_what_a_proposed_encoding_infers_and_mentions_is_left_out(tmp_path: Path) -> None:
    own = claim("shut-reported", "id/org/council", "said", "The mill bridge was shut")
    reviewed = document(BEAM + own, encoding="status: reviewed")
    proposed = document(MONTH, encoding='id: "#encoding-2"\n  status: proposed', entities=GUESSED).replace(
        "attributedTo: id/org/quoth\n  created", "attributedTo: id/org/program\n  created"
    )
    parts = (
        "inTensionWith>",
        f"bridge#encoding-2-mention-{TEXT.index('The council')}",
        "bridge#encoding-2-inference",
        "topic/repair",
    )
    for proposals, folder in (("--proposed", tmp_path / "with"), ("--force", tmp_path / "without")):
        write(folder / "data", reviewed, proposed)
        result = quoth("publish", "data", "--releases", "releases", "--texts", "data", proposals, cwd=folder)
        assert result.returncode == 0, result.stderr
        quads = [quad for quad in published(folder) if "/id/" in quad]
        for part in (*parts, "org/guessed"):
            assert any(part in quad for quad in quads) == (proposals == "--proposed"), part
        assert any(quad.startswith("<http://localhost:8000/id/org/program>") for quad in quads), "its encoding names it"
        store = ox.Store.read_only(str(Releases(folder / "releases").current().store_path))
        words = "?words a <http://www.w3.org/ns/oa#TextPositionSelector>"
        assert not bool(store.query(f"ASK {{ {words} FILTER NOT EXISTS {{ ?mention ?of ?words }} }}"))


def test_documents_are_read_once_where_something_is_left_out(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    read_one = reading.read

    def counted(path: Path, base: str) -> reading.Document:
        read.append(path)
        return read_one(path, base)

    monkeypatch.setattr(reading, "read", counted)
    settings = Settings(releases=documents / "releases", texts=documents / "data", cache=documents / "cache")
    publish_documents([documents / "data"], settings, jobs=1)
    assert sorted(read) == sorted({*read}) != []


def test_publication_takes_the_number_of_processes(documents: Path) -> None:
    command = ("publish", "data", "--releases", "releases", "--texts", "data", "--jobs")
    assert quoth(*command, "1", cwd=documents).returncode == 0
    assert published(documents)
    refused = quoth(*command, "0", cwd=documents)
    assert (refused.returncode, "--jobs" in refused.stderr) == (2, True)
