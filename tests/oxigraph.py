"""Oxigraph's own server, as a second endpoint beside ours; it is among the development dependencies."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox


def program() -> str:
    """The path of the command."""
    executable = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
    assert executable, "the package oxigraph is among the development dependencies"
    return executable


@contextmanager
def serving(command: str, store: Path, *options: str) -> Iterator[str]:
    """The address of ``oxigraph serve`` or ``serve-read-only`` over the folder of a store, without slash at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [program(), command, "--location", str(store), "--bind", f"127.0.0.1:{port}", *options]
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


def update(url: str, text: str) -> None:
    """Send a SPARQL update to ``oxigraph serve``."""
    _post(f"{url}/update", text.encode(), "application/sparql-update")


def load(url: str, nquads: bytes) -> None:
    """Add quads to ``oxigraph serve``."""
    _post(f"{url}/store", nquads, "application/n-quads")


def content(url: str) -> set[str]:
    """The quads in ``oxigraph serve``."""
    request = urllib.request.Request(f"{url}/store", headers={"Accept": "application/n-quads"})
    with urllib.request.urlopen(request) as response:
        return {str(quad) for quad in ox.parse(response.read(), ox.RdfFormat.N_QUADS)}


def _post(url: str, body: bytes, media_type: str) -> None:
    urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": media_type})).close()
