"""What a process for queries writes: frames on its standard output, and a result into them, within its limits.

Like worker.py, with few imports.
"""

import json
import os
import signal
import struct
from functools import cache
from typing import Any

from quoth.engine.api.serialization import Xml, in_order
from quoth.engine.pool.row_count import Counts

SHORT_BYTES = 8_000
"""The engine's writer hands on a little more than this at a time, and less only at the end."""


class AnswerError(Exception):
    """An error to report: its kind and what to tell."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Pipe:
    """The standard output, as frames. A full pipe blocks: that is the back-pressure."""

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)  # nothing printed by accident may end up between frames
        self._delivery_s = 0.0
        self._timed = self._running = False
        self._held = b""

    def begin(self, time_limit_s: float, delivery_limit_s: float) -> None:
        """Start the clock of a query."""
        self._delivery_s = delivery_limit_s
        self._timed = self._running = True
        signal.setitimer(signal.ITIMER_REAL, time_limit_s)

    def end(self) -> None:
        """The query has ended. Of a short one the clock runs on until the next one's begins or the process rests: to
        stop it costs as much as to send the answer."""
        self._timed = False
        if not self._held:
            self.rest()

    def rest(self) -> None:
        """Stop the clock."""
        if self._running:
            self._running = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def hold(self, kind: bytes, payload: bytes) -> None:
        """Send a frame with the next one: a short answer is one write and one read."""
        self._held += struct.pack(">cI", kind, len(payload)) + payload

    def drop(self) -> None:
        """Do not send what is held."""
        self._held = b""

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        frame = memoryview(self._held + struct.pack(">cI", kind, len(payload)) + payload)
        self._held = b""
        left_s = signal.setitimer(signal.ITIMER_REAL, self._delivery_s)[0] if self._timed else 0.0
        while frame:
            frame = frame[os.write(self._fd, frame) :]
        if self._timed:
            self._delivery_s = signal.setitimer(signal.ITIMER_REAL, left_s)[0]


@cache
def head(kind: str, format: str) -> bytes:
    """What is told of a result before it."""
    return json.dumps({"kind": kind, "format": format}).encode()


class Output:
    """The file that the engine serialises into: announces the kind with the first bytes, so that an error before
    them is still an answer of its own."""

    def __init__(self, pipe: Pipe, kind: str, format: str, request: dict[str, Any]) -> None:
        self._pipe = pipe
        self._head = head(kind, format)
        self._format = format
        self._xml = Xml() if format in ("xml", "rdfxml") else None
        self._limit = request["size_limit"]
        self._size = 0
        self._rows_limit = request["row_limit"]
        counts = kind == "solutions" and self._rows_limit is not None
        self._rows = Counts(format) if counts else None
        self.started = False

    def write(self, data: bytes) -> int:
        size = len(data)
        self._size += size
        if self._limit is not None and self._size > self._limit:
            raise AnswerError("size", f"the result is larger than {self._limit} bytes")
        if self._rows is not None and self._rows.add(data) > self._rows_limit:
            raise too_many(self._rows_limit, "rows")
        if self._xml is not None:
            data = self._xml.checked(data)
        if not self.started:
            data = in_order(self._format, data)
        first = not self.started
        self.start()
        if first and len(data) < SHORT_BYTES:
            self._pipe.hold(b"D", data)  # it did not fill the writer's buffer, so it is all
        else:
            self._pipe.send(b"D", data)
        return size

    def start(self) -> None:
        if not self.started:
            self.started = True
            self._pipe.hold(b"K", self._head)

    def flush(self) -> None:
        """Nothing is kept back."""


def too_many(limit: int, what: str) -> AnswerError:
    return AnswerError("rows", f"the result has more than {limit:,} {what}")
