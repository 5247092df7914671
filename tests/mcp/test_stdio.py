"""`quoth mcp` through the package's own client, which starts it; and what the command says where it cannot serve."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from quoth.release.release import Release

from .. import loop

T = TypeVar("T")


def talk(release: Release, conversation: Callable[[Client], Awaitable[T]], mode: str) -> T:
    """What a conversation with a `quoth mcp` of its own comes to."""
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_QUERY_TIME_LIMIT_S": "1"}
    parameters = StdioServerParameters(
        command=sys.executable, args=["-c", "from quoth.cli import main; main()", "mcp"], env=environment
    )

    async def talking() -> T:
        async with Client(stdio_client(parameters), mode=mode) as client:
            return await conversation(client)

    return loop.run(talking())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_asks_over_standard_input_and_output(release: Release, mode: str) -> None:
    async def conversation(client: Client) -> list[Any]:
        listed = await client.list_tools()
        said = await client.call_tool("who_says", {"statement": "the ferry was late"})
        late = await client.call_tool("sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
        read = await client.read_resource("quoth://doc/claim/harbour/ferry-late")
        return [len(listed.tools), said.structured_content["status"], late.structured_content["status"], read]

    tools, said, late, read = talk(release, conversation, mode)
    assert (tools, said, late) == (11, "found", "timed-out")
    assert "the ferry was late" in read.contents[0].text


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from quoth.cli import main; main()", *arguments]
    return subprocess.run(
        command, env={**os.environ, **environment}, input="", capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.slow
def test_it_ends_with_its_input_and_prints_nothing_else(release: Release) -> None:
    done = run("mcp", QUOTH_RELEASES=str(release.path.parent))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_a_release_one_line_says_so(tmp_path: Path) -> None:
    done = run("mcp", "--releases", str(tmp_path / "none"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (5, "", 1)


@pytest.mark.parametrize("command", [["mcp"], ["serve", "--mcp"]])
def test_without_the_package_one_line_names_the_extra(release: Release, command: list[str], tmp_path: Path) -> None:
    hide = "import sys; sys.modules['mcp'] = None; from quoth.cli import main; main()"
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent)}
    done = subprocess.run(
        [sys.executable, "-c", hide, *command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 5
    assert done.stderr == (
        "quoth: assistants need the package mcp, which is not installed (install it with: pip install 'quoth[mcp]')\n"
    )


def test_without_the_extra_everything_else_is_there() -> None:
    hide = (
        "import sys; sys.modules.update(mcp=None, mcp_types=None, pydantic=None); import quoth.server.app;"
        " from quoth.cli import main; sys.argv = ['quoth', '--help']; main()"
    )
    done = subprocess.run([sys.executable, "-c", hide], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
