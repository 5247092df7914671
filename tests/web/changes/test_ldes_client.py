"""The event stream, as the client of its specification's authors replicates it."""

import re
import subprocess
from pathlib import Path

import pytest

from quoth.web.changes.event_stream import PAGE

from ... import clients
from ...conftest import BASE
from ...release.publishing import quads, release
from ...serving import serving


@pytest.mark.slow
def test_ldes_client_finds_every_member(tmp_path: Path) -> None:
    clients.need("node", "npm")
    folder = clients.installed("ldes", Path(__file__).parent / "ldes" / "package.json", clients.NPM)
    release(tmp_path, quads(PAGE + 20))
    with serving(tmp_path, access_log="off") as server:
        result = subprocess.run(
            ["node", "node_modules/.bin/ldes-client", f"http://127.0.0.1:{server.port}/changes/ldes"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
    members = set(re.findall(rf"^<({BASE}changes/\d+)>", result.stdout, re.MULTILINE))
    assert members == {f"{BASE}changes/{number}" for number in range(1, PAGE + 22)}
