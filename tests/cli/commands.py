"""Running commands as a user does."""

import subprocess
import sys
from pathlib import Path


def quoth(*arguments: str | Path, cwd: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the real command in a directory of its own."""
    command = [sys.executable, "-c", "from quoth.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, input=text, capture_output=True, text=True, timeout=120, check=False)
