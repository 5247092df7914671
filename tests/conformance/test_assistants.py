"""/mcp through clients of the Model Context Protocol on Node: one by other authors, and the protocol's own."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from quoth.release.release import Release

from ..clients import NPM, installed, need
from ..serving import serving
from .conftest import HERE

pytestmark = pytest.mark.slow  # its clients are installed from npm

CLIENTS = HERE / "clients" / "assistants"


@pytest.fixture(scope="module")
def node_assistants() -> Path:
    """The folder with node_modules."""
    need("node", "npm")
    return installed("assistants", CLIENTS / "package.json", NPM)


@pytest.fixture(scope="module")
def url(release: Release) -> Iterator[str]:
    with serving(release.path.parent, mcp="on", access_log="off") as server:
        yield f"http://127.0.0.1:{server.port}/mcp"


@pytest.mark.parametrize("script", ["ai-sdk.cjs", "sdk.cjs"])
def test_a_client_on_node_is_told_the_same(
    url: str, node_assistants: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODE_PATH", str(node_assistants / "node_modules"))
    command = ["node", str(CLIENTS / script), url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["tools"]) == 11
    assert "what_does_X_say" in told["tools"]
    chains = [claim["chain"] for voice in told["said"]["voices"] for claim in voice["claims"]]
    assert "The harbour office said, as the article reports." in chains
    assert told["outside"]["status"] == "outside-corpus"
    assert (told["refused"]["isError"], told["refused"]["structuredContent"]["status"]) == (True, "refused")
    assert told["resources"] == 50
    assert "quoth://doc/claim/{+name}" in told["templates"]
    assert told["prompts"] == ["check_text", "who_says_so"]
    assert json.loads(told["read"])["quotations"] == [{"exact": "the ferry was late", "start": 14, "end": 32}]
