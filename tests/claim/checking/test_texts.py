"""The folder of texts: what is found in it by its hash, and what is named because it cannot be read."""

import hashlib
import os
from pathlib import Path

import pytest

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.errors import UsageError

from . import written
from .written import BASE, checked, document

TEXT = "The heron waited by the lock."
HASH = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize("name", ["story.txt", "STORY.TXT", "story.md", "Story.Text"])
def test_a_text_is_found_by_its_hash_whatever_the_case_of_its_suffix(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TEXT, "utf-8")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert Texts(tmp_path).get(HASH.upper()) == TEXT
    assert Texts(tmp_path).get("0" * 64) is None


def test_a_text_that_is_not_at_hand_is_no_wrong_claim(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text(document(), "utf-8")
    (tmp_path / "story.txt").write_text(TEXT, "utf-8")
    report = check([path], BASE, Texts(tmp_path))[0]
    [finding] = report.findings
    assert (finding.rule, finding.severity, report.conforms) == ("text-at-hand", "Warning", True)
    assert finding.message.startswith("its quotations could not be compared with its text: none in ")
    assert not report.passes(strict=True)


def test_a_text_that_was_changed_is_named(tmp_path: Path) -> None:
    report = checked(tmp_path, document(), written.TEXT + "It snowed.\n")
    assert [(f.rule, f.severity) for f in report.findings] == [("text-changed", "Violation")]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "annexed.txt"
    broken.symlink_to("missing")
    with pytest.raises(UsageError, match=r"annexed\.txt: No such file"):
        Texts(tmp_path)
    broken.unlink()
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UsageError, match=r"pipe\.txt: it is not a file"):
        Texts(tmp_path)
