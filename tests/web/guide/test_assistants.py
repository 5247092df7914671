"""The guide's page on assistants: its configurations start what they say, and its code prints what it shows."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from quoth.release.release import Release
from quoth.web.guide import chapters

from ...serving import serving

PAGE = (Path(chapters.__file__).parent / "assistants.md").read_text("utf-8")
EXAMPLES = {
    mark: [t.content for t in chapters.examples(PAGE) if t.info == mark]
    for mark in ("json stdio", "json http", "python run", "text printed")
}
BASE = "http://localhost:8000/"


def servers(configuration: str) -> Any:
    """The entry of the one server in the configuration of a client."""
    [entries] = json.loads(configuration).values()
    return entries["quoth"]


@pytest.mark.parametrize("configuration", EXAMPLES["json stdio"])
def test_the_configuration_of_a_client_starts_a_server(configuration: str, release: Release) -> None:
    entry = servers(configuration)
    quoth = Path(sys.executable).parent / "quoth"
    command = entry["command"].replace("/path/to/quoth/.venv/bin/quoth", str(quoth))
    arguments = [a.replace("/path/to/quoth/releases", str(release.path.parent)) for a in entry["args"]]

    async def talking() -> int:
        parameters = StdioServerParameters(command=command, args=arguments, env=dict(os.environ))
        async with Client(stdio_client(parameters)) as client:
            return len((await client.list_tools()).tools)

    assert anyio.run(talking) == 11


def test_the_url_and_the_code_reach_a_server(release: Release) -> None:
    [configuration], [code], [printed] = (EXAMPLES[mark] for mark in ("json http", "python run", "text printed"))
    with serving(release.path.parent, mcp="on", access_log="off") as server:
        own = f"http://127.0.0.1:{server.port}/"
        assert servers(configuration)["url"] == f"{BASE}mcp"
        assert f'"{BASE}mcp"' in code
        done = subprocess.run(
            [sys.executable, "-c", code.replace(BASE, own)], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert set(printed.splitlines()) <= set(lines)
    assert lines[-1] == "outside-corpus"


def test_the_command_of_the_page_is_one() -> None:
    [command] = re.findall(r"```sh\n(.*?)\n```", PAGE)
    done = subprocess.run(
        [Path(sys.executable).parent / "quoth", *command.split()[1:], "--help"], capture_output=True, check=False
    )
    assert done.returncode == 0
