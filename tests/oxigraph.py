"""Oxigraph's own server, as a second endpoint beside ours; it is among the development dependencies."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def program() -> str:
    """The path of the command."""
    executable = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
    assert executable, "the package oxigraph is among the development dependencies"
    return executable


@contextmanager
def serving(command: str, store: Path) -> Iterator[str]:
    """The address of ``oxigraph serve`` or ``serve-read-only`` over the folder of a store, without slash at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [program(), command, "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()
