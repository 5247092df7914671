"""Processes that share nothing but a copy of the releases give the same bytes and the same validators."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quoth.release.fetch.fetch import fetch
from quoth.release.fetch.source import FolderSource
from quoth.release.release import Release

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    **{"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "HOME": "/nowhere"},
    **{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
"""The environment of another machine."""


def crawled(
    releases: Path, environment: dict[str, str], umask: int = 0o022, **settings: Any
) -> dict[str, tuple[str, ...]]:
    command = [sys.executable, "-m", "tests.web.crawl", str(releases), json.dumps(settings)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, umask=umask, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {target: tuple(answer) for target, answer in json.loads(done.stdout).items()}


@pytest.mark.slow
def test_every_address_answers_the_same_over_a_copy(release: Release, tmp_path: Path) -> None:
    with closing(FolderSource(release.path.parent)) as source:
        fetch(tmp_path / "copy", source, None, 0, lambda *_: None)
    one = crawled(release.path.parent, {"PYTHONHASHSEED": "1"})
    other = crawled(tmp_path / "copy", ELSEWHERE, umask=0o077)
    assert len(one) > 500
    assert one.keys() == other.keys()
    assert {target: (one[target], other[target]) for target in one if one[target] != other[target]} == {}
    failed = {target: answer[0] for target, answer in one.items() if answer[0] != "200"}
    assert all(status in ("303", "400", "404", "406") for status in failed.values()), failed


@pytest.mark.slow
def test_other_bytes_have_another_etag_whatever_was_set(release: Release) -> None:
    """A strong validator stands for the bytes (RFC 9110 §8.8.1), also where a server has other settings than before."""
    one = crawled(release.path.parent, {})
    other = crawled(
        release.path.parent,
        {},
        query_time_limit_s=3.0,
        query_result_rows=77,
        service_endpoints="http://localhost:9/sparql",
        page_rows=7,
        mcp="on",
        title="Velm",
        contact="mailto:court@velm.example",
        licence="https://velm.example/licence",
    )
    same = {target for target in one.keys() & other.keys() if one[target][3] and one[target][3] == other[target][3]}
    assert {target for target in same if one[target][-1] != other[target][-1]} == set()
    assert one["/sparql?format=ttl"][3] != other["/sparql?format=ttl"][3]
    assert "/releases/1/claims.nq" in same
