"""A load client: so many connections kept alive, each with one request under way, from one thread.

It costs some 20 µs a request, most of it the kernel's, and reads what HTTP/1.1 servers of either kind send: a length,
or chunks (RFC 9112 §6, §7.1).
"""

import os
import re
import select
import socket
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

STALL_S = 300
"""Seconds after which a server that sends nothing to anybody has failed all that is under way."""

_SIZE = 1 << 16
_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: *(\d+)\r\n")


@dataclass
class Burst:
    """The outcome of a burst of requests. ``latencies`` are in seconds, of the requests that succeeded; a request
    fails if its status is not 200 or its connection breaks."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        """Successful requests a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, q: float) -> float:
        """A quantile of the latencies in seconds, for 0 < q < 1."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")


def get(path: str, query: str, accept: str = "application/sparql-results+json", **headers: str) -> bytes:
    """A request of the SPARQL Protocol by GET, as it is sent."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    target = f"{path}{'&' if '?' in path else '?'}query={quote(query, safe='')}"
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n{more}\r\n".encode()


class _Connection:
    """One connection and the response that it is reading."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self.sent = 0.0
        self.status = 0
        self.closes = False
        """Whether the server closes the connection after this response."""
        self._held = b""

    def open(self) -> int:
        """Connect anew: the file descriptor."""
        self.close()
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket.fileno()

    def send(self, request: bytes) -> None:
        assert self._socket is not None
        self._held = b""
        self.sent = time.perf_counter()
        self._socket.sendall(request)

    def read(self) -> bool:
        """Read what has come: whether the response is whole. Raises ConnectionError where it ended early."""
        assert self._socket is not None
        data = self._socket.recv(_SIZE)
        if not data:
            raise ConnectionError
        held = self._held = self._held + data if self._held else data
        end = held.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.status = int(held[9:12])
        self.closes = b"\r\nconnection: close" in held[:end].lower()
        length = _LENGTH.search(held, 0, end + 2)
        if length is not None:
            return len(held) >= end + 4 + int(length[1])
        if b"\r\ntransfer-encoding: chunked" in held[:end].lower():
            return held.endswith(b"0\r\n\r\n")
        raise ConnectionError("neither a length nor chunks")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def burst(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Burst:
    """Keep ``connections`` requests under way for ``seconds``."""
    burst = Burst()
    poll = select.epoll()
    open_now: dict[int, _Connection] = {}

    def begin(connection: _Connection) -> None:
        number = connection.open()
        open_now[number] = connection
        poll.register(number, select.EPOLLIN)
        connection.send(next(requests))

    for _ in range(connections):
        begin(_Connection(port))
    start = time.perf_counter()
    until = start + seconds
    busy = connections
    while busy:
        if not (ready := poll.poll(STALL_S)):
            burst.failures += busy
            break
        for number, _ in ready:
            connection = open_now[number]
            try:
                if not connection.read():
                    continue
                now = time.perf_counter()
                if connection.status == 200:
                    burst.latencies.append(now - connection.sent)
                else:
                    burst.failures += 1
                if now < until:
                    if connection.closes:
                        del open_now[number]
                        begin(connection)
                    else:
                        connection.send(next(requests))
                    continue
            except (ConnectionError, TimeoutError):
                burst.failures += 1
                if time.perf_counter() < until:
                    del open_now[number]
                    begin(connection)
                    continue
            busy -= 1
            poll.unregister(number)
    burst.seconds = time.perf_counter() - start
    for connection in open_now.values():
        connection.close()
    poll.close()
    return burst


def _statuses() -> dict[int, list[str]]:
    """Process → the fields of proc_pid_stat(5) from the state on."""
    statuses = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            statuses[int(entry.parent.name)] = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
    return statuses


def family(pid: int, statuses: Mapping[int, Sequence[str]] | None = None) -> set[int]:
    """A process and all that descend from it."""
    statuses = _statuses() if statuses is None else statuses
    found = {pid}
    while more := {child for child, fields in statuses.items() if int(fields[1]) in found} - found:
        found |= more
    return found


def cpu_s(pid: int) -> float:
    """The processor time that a process and all that descend from it have taken, in seconds."""
    statuses = _statuses()
    # The third and fourth of these fields hold the time of its ended children.
    ticks = sum(sum(map(int, statuses[member][11:15])) for member in family(pid, statuses) if member in statuses)
    return ticks / os.sysconf("SC_CLK_TCK")


def median(values: list[float]) -> float:
    """The median, or NaN of nothing."""
    return statistics.median(values) if values else float("nan")
