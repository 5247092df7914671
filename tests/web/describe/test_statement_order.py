"""A strong validator promises the same bytes (RFC 9110 §8.8.1) from any process."""

import os
import subprocess
import sys

import pytest

from quoth.release.release import Release

PATHS = [
    *(f"/doc/claim/harbour/dockers-late.{s}" for s in ("ttl", "nt", "rdf", "trig", "nq", "jsonld", "html")),
    *("/doc/article/harbour.nq", "/doc/org/velm-salt.trig", "/doc/topic/velm-ferry-delay.nq"),
    *("/claims.nq", "/claims.trig", "/claims.csv", "/claims.nq?voice=reported"),
]
PROGRAM = """
import hashlib, sys
from pathlib import Path
from tests.conftest import application
with application(Path(sys.argv[1])) as app:
    for path in sys.argv[2:]:
        response = app.test_client().get(path)
        print(path, response.status_code, response.headers["ETag"], hashlib.sha256(response.data).hexdigest())
"""


@pytest.fixture(scope="module")
def made(release: Release) -> list[list[str]]:
    """The answers of two processes whose sets and dictionaries have different orders."""
    found = []
    for seed in ("1", "2"):
        program = [sys.executable, "-c", PROGRAM, str(release.path.parent), *PATHS]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        found.append(subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout)
    return [text.splitlines() for text in found]


@pytest.mark.parametrize("place", range(len(PATHS)), ids=PATHS)
def test_two_processes_give_the_same_bytes_and_etags(made: list[list[str]], place: int) -> None:
    one, other = made[0][place], made[1][place]
    assert one.startswith(f"{PATHS[place]} 200 ")
    assert one == other
