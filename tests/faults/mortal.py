"""Processes that a test kills, and starts anew as they were."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from ..serving import until


class Mortal:
    """The process of this test that listens at the port of a URL, an engine by whomever. Raises AssertionError where
    there is none."""

    def __init__(self, url: str) -> None:
        self._port = urlsplit(url).port or 80
        found = [pid for pid in _children() if f":{self._port}" in _command(pid) or f"={self._port}" in _command(pid)]
        assert len(found) == 1, f"{len(found)} processes listen at {url}"
        self._process: subprocess.Popen[bytes] | None = None
        [self.pid] = found
        proc = Path(f"/proc/{self.pid}")
        self._command = _command(self.pid).split("\0")[:-1]
        self._folder = (proc / "cwd").readlink()
        pairs = (pair.partition("=") for pair in (proc / "environ").read_text().split("\0") if pair)
        self._environment = {name: value for name, _, value in pairs}

    def kill(self) -> None:
        """End it as the system does where memory runs out."""
        os.kill(self.pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        until(lambda: not self.listens())

    def start(self) -> None:
        """Start it anew, at the same port over the same files, and wait until it listens."""
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.pid = self._process.pid
        until(self.listens, 120)

    def listens(self) -> bool:
        """Whether it takes connections."""
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self._port), 5).close()
            return True
        return False

    def close(self) -> None:
        """End what this started."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _children() -> list[int]:
    return [int(pid) for file in Path("/proc/self/task").glob("*/children") for pid in file.read_text().split()]


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""
