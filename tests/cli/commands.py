"""Running commands as a user does."""

import os
import subprocess
import sys
from pathlib import Path


def environment() -> dict[str, str]:
    """The variables of this process but for QUOTH_CONFORMANCE, which is of the test run and no setting."""
    return {name: value for name, value in os.environ.items() if name != "QUOTH_CONFORMANCE"}


def quoth(*arguments: str | Path, cwd: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the real command in a directory of its own."""
    command = [sys.executable, "-c", "from quoth.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=environment(), input=text, capture_output=True, text=True, timeout=120, check=False
    )
