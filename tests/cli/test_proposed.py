"""quoth publish leaves proposed claims out, says how many and how to include them; --proposed includes them."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.release.release import Releases

from ..small_article import BEAM, MONTH, claim, document, write
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
