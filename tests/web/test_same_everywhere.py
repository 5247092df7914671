"""Processes that share nothing but a copy of the releases give the same bytes and the same validators."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from quoth.release.fetch.fetch import fetch
from quoth.release.fetch.source import FolderSource
from quoth.release.release import Release

ROOT = Path(__file__).parents[2]


def crawled(releases: Path, seed: str) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "tests.web.crawl", str(releases)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_every_address_answers_the_same_over_a_copy(release: Release, tmp_path: Path) -> None:
    with closing(FolderSource(release.path.parent)) as source:
        fetch(tmp_path / "copy", source, None, 0, lambda *_: None)
    one, other = crawled(release.path.parent, "1"), crawled(tmp_path / "copy", "2")
    assert len(one) > 500
    assert one.keys() == other.keys()
    assert {target: (one[target], other[target]) for target in one if one[target] != other[target]} == {}
    failed = {target: answer[0] for target, answer in one.items() if answer[0] != "200"}
    assert all(status in ("303", "404", "406") for status in failed.values()), failed
