"""A server of its own for a test: `quoth serve` in a process, and raw connections to it."""

import contextlib
import http.client
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def free_port(host: str = "127.0.0.1") -> int:
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
        port: int = free.getsockname()[1]
    return port


class Reply(NamedTuple):
    """A response; names of its header fields are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class Server:
    """A running server."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]", host: str = "127.0.0.1") -> None:
        self.port = port
        self.host = host
        self.process = process
        self._count = itertools.count()

    def request(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """The response to a request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, target: str, headers: dict[str, str] | None = None) -> Reply:
        """The response to a GET."""
        return self.request("GET", target, headers)

    def fetch(self, target: str, method: str = "GET", body: bytes | None = None, **fields: str) -> Reply:
        """The response to a request whose header fields are keywords, with _ for -."""
        return self.request(method, target, {k.replace("_", "-"): v for k, v in fields.items()}, body)

    def ask(self, query: str, headers: dict[str, str] | None = None) -> Reply:
        """The response to a query by GET, which no cache can know."""
        return self.get(f"/sparql?query={quote(query)}%23{next(self._count)}", headers)

    def send(self, query: str, headers: str = "", format: str = "tsv") -> socket.socket:
        """A query by GET on a raw connection, whose answer nobody has read yet."""
        connection = socket.create_connection((self.host, self.port), 60)
        target = f"/sparql?format={format}&query={quote(query)}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        return connection

    def processes(self) -> list[int]:
        """The ids of the processes for queries."""
        pids = []
        for status in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if b"pool/worker.py" in status.read_bytes() and self.process.pid in ancestors(int(status.parent.name)):
                    pids.append(int(status.parent.name))
            except OSError:
                continue
        return pids


def children(pid: int) -> list[int]:
    """The processes that serve below the one that was started, which supervises them."""
    pids = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                pids.append(int(child))
    return sorted(pids)


def cpu_s(pid: int) -> float:
    """The CPU time of a process, in seconds (proc_pid_stat(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def ancestors(pid: int) -> list[int]:
    pids = []
    while pid := parent(pid):
        pids.append(pid)
    return pids


@contextmanager
def serving(
    releases: Path, port: int = 0, log: Path | None = None, prefix: Sequence[str] = (), **settings: Any
) -> Iterator[Server]:
    """A server over those releases, with those settings, at a free port unless one is named; what it says on standard
    error goes into the file ``log``, if there is one; ``prefix`` is a command that runs it in its own process, such as
    env."""
    host = settings.get("host", "127.0.0.1")
    port = port or free_port(host)
    given = {f"QUOTH_{name.upper()}": str(value) for name, value in settings.items()}
    environment = {
        **os.environ,
        "QUOTH_RELEASES": str(releases),
        "QUOTH_PORT": str(port),
        "QUOTH_PUBLIC_URL": f"http://127.0.0.1:{port}/",
        **given,
    }
    command = [*prefix, sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    with (
        open(log or os.devnull, "wb") as said,
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said if log else None) as process,
    ):
        server = Server(port, process, host)
        try:
            deadline = time.monotonic() + 90
            while True:
                try:
                    server.get("/context.jsonld")
                    break
                except OSError:
                    assert process.poll() is None, "the server ended"
                    assert time.monotonic() < deadline, "the server does not answer"
                    time.sleep(0.05)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def until(condition: Any, limit_s: float = 30.0) -> float:
    """Wait for a condition: how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < limit_s, "it did not come true"
        time.sleep(0.02)
    return time.monotonic() - started
