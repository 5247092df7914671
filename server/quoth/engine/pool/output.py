"""The writing half of a worker process: frames, and a result within its limits. Like ``worker``, with few imports.

Result formats: https://www.w3.org/TR/sparql11-results-json/, …-csv-tsv/, https://www.w3.org/TR/rdf-sparql-XMLres/.
"""

import json
import os
import socket
import struct
from functools import cache
from typing import Any

from quoth.engine.api.serialization import XmlChecker, sort_prefixes

WRITER_BYTES = 8_000
"""The engine's writer hands on a little more than this at a time, and less only at the end."""

INLINE_BYTES = 1 << 16
"""Results up to this size are sent in frames, and what is beyond it is written to a file."""


class ReportedError(Exception):
    """An error to report to the pool: its kind and a message."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Channel:
    """The two ends of a worker: frames go out by the pipe that was its standard output, requests and grants come in by
    the socket that is its standard input."""

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)  # nothing printed by accident may end up between frames
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=os.dup(0))
        # Nothing else comes in between a request and the next one but grants, each of which is waited for.
        self.requests = open(0, "rb", closefd=False)  # noqa: SIM115
        self._held = b""

    def hold(self, kind: bytes, payload: bytes) -> None:
        """Send a frame with the next one: a short answer is one write and one read."""
        self._held += struct.pack(">cI", kind, len(payload)) + payload

    def drop(self) -> None:
        """Do not send the frames that are held."""
        self._held = b""

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        self.hold(kind, payload)
        rest = memoryview(self._held)
        self._held = b""
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def ask_for_room(self) -> tuple[int, list[int]]:
        """Ask the pool for room on the disk: the megabytes that it grants, and at the first time the file."""
        self.send(b"S")
        grant, files, _, _ = socket.recv_fds(self._socket, 1, 1)
        return (grant[0] if grant else 0), files


class ResultFile:
    """The part of a large result beyond its frames."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._fd = -1
        self._room = 0

    def write(self, data: bytes) -> None:
        """Raises ReportedError where there is no room."""
        while self._room < len(data):
            size_mb, files = self._channel.ask_for_room()
            self._fd = files[0] if files else self._fd
            if not size_mb:
                raise ReportedError("spool", "")
            self._room += size_mb * 2**20
        self._room -= len(data)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as failure:
            raise ReportedError("spool", str(failure)) from None

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)


@cache
def head(kind: str, format: str) -> bytes:
    """The payload of the frame that comes before a result."""
    return json.dumps({"kind": kind, "format": format}).encode()


class Output:
    """The file object that the engine serialises into. The kind is announced with the first bytes, so that an error
    before them is still an answer of its own. Close it when done."""

    def __init__(self, channel: Channel, kind: str, format: str, request: dict[str, Any]) -> None:
        self._channel = channel
        self._file = ResultFile(channel)
        self._head = head(kind, format)
        self._format = format
        self._xml = XmlChecker() if format in ("xml", "rdfxml") else None
        self._size_limit = request["size_limit"]
        self._size = 0
        self._row_limit = request["row_limit"]
        self._rows = RowCounter(format) if kind == "solutions" and self._row_limit is not None else None
        self._started = False

    def write(self, data: bytes) -> int:
        size = len(data)
        self._size += size
        if self._size_limit is not None and self._size > self._size_limit:
            raise ReportedError("size", f"the result is larger than {self._size_limit} bytes")
        if self._rows is not None and self._rows.add(data) > self._row_limit:
            raise too_many(self._row_limit, "rows")
        if self._xml is not None:
            data = self._xml.check(data)
        first = not self._started
        if first:
            data = sort_prefixes(self._format, data)
            self.start()
        if self._size > INLINE_BYTES:
            self._file.write(data)
        elif first and len(data) < WRITER_BYTES:
            self._channel.hold(b"D", data)  # it did not fill the writer's buffer, so it is all
        else:
            self._channel.send(b"D", data)
        return size

    def start(self) -> None:
        """Announce the result, if that has not been done."""
        if not self._started:
            self._started = True
            self._channel.hold(b"K", self._head)

    def flush(self) -> None:
        """Do nothing: no bytes are kept back."""

    def close(self) -> None:
        self._file.close()


def too_many(limit: int, what: str) -> ReportedError:
    return ReportedError("rows", f"the result has more than {limit:,} {what}")


class RowCounter:
    """Counts the rows of a SELECT's result in its bytes, as the engine writes the format (no white space between
    tokens), since the engine's writers do not tell.

    In JSON a row without any binding is not counted: it is three bytes, which the limit in bytes takes care of.
    """

    def __init__(self, format: str) -> None:
        self._count = {"json": self._json, "csv": self._csv, "tsv": self._tsv, "xml": self._xml}[format]
        self._tail = b""
        self._quoted = 0
        self.rows = -1 if format in ("csv", "tsv") else 0  # the header

    def add(self, data: bytes) -> int:
        """The rows so far, with these bytes."""
        self._count(bytes(data))
        return self.rows

    def _json(self, data: bytes) -> None:
        # Within a string every quotation mark has a backslash before it, so one without starts a name, or ends a
        # string; after the end of a string comes a comma or a brace.
        whole = self._tail + data
        self.rows += _objects(whole) - _objects(self._tail)
        self._tail = whole[-3:]

    def _csv(self, data: bytes) -> None:
        for part in data.split(b'"'):
            self.rows += 0 if self._quoted else part.count(b"\n")
            self._quoted ^= 1
        self._quoted ^= 1  # one quotation mark fewer than parts

    def _tsv(self, data: bytes) -> None:
        self.rows += data.count(b"\n")

    def _xml(self, data: bytes) -> None:
        whole = self._tail + data
        self.rows += whole.count(b"<result>")
        self._tail = whole[-7:]


def _objects(data: bytes) -> int:
    """The number of objects with members that begin as elements of an array."""
    places = data.count(b',{"') + data.count(b'[{"')
    return places - sum(data.count(b) for b in (b',{",', b',{"}', b'[{",', b'[{"}')) if places else 0
