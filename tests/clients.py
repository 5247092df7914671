"""Programs by other authors that tests use.

They come from their registries, once, into ``.clients`` at the top of the checkout. Where a tool that installs or runs
them is missing, their tests are skipped with that reason; under CI nothing may be skipped.
"""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

CLIENTS = Path(__file__).parent.parent / ".clients"
INSTALL_LIMIT_S = 600
NPM = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]


def missing(reason: str) -> NoReturn:
    """Skip the test; fail it under CI, where none may be skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and under CI nothing may be skipped")
    pytest.skip(reason)


def need(*programs: str) -> None:
    """Skip the test where a program is missing."""
    for program in programs:
        if shutil.which(program) is None:
            missing(f"there is no {program}")


def installed(name: str, description: Path, command: list[str]) -> Path:
    """The folder ``name`` of .clients, in which ``command`` has been run beside a copy of ``description``."""
    CLIENTS.mkdir(exist_ok=True)
    with open(CLIENTS / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of the test run may be installing it
        return _installed(CLIENTS / name, description, command)


def _installed(folder: Path, description: Path, command: list[str]) -> Path:
    done = folder / "installed"
    wanted = description.read_text("utf-8")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(description, folder)
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False)
    if result.returncode != 0:
        missing(f"{command[0]} cannot install the clients: {(result.stderr or result.stdout)[-500:]}")
    done.write_text(wanted, "utf-8")
    return folder
