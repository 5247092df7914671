"""Programs by other authors that read the examples of server/deploy, in an environment of their own."""

import subprocess
import sys
from pathlib import Path

from .clients import installed

CLIENTS = Path(__file__).parent / "conformance" / "clients"
INSTALL = f"{sys.executable} -m venv venv && venv/bin/pip install --quiet -r linters.txt"


def lint(program: str, *arguments: str | Path, said: str = "") -> "subprocess.CompletedProcess[str]":
    """Run one of them with those arguments and that standard input. Skips the test where it cannot be installed."""
    there = installed("linters", CLIENTS / "linters.txt", ["sh", "-c", INSTALL]) / "venv" / "bin"
    command = [there / program, *arguments]
    return subprocess.run(command, input=said, capture_output=True, text=True, timeout=120, check=False)
