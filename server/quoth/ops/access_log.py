"""The access log: one JSON object a line for each request. It tells who asked what, never a query's own words.

Lines are gathered, and written ten times a second by a thread of their own, so that no request waits for a disk or a
terminal; in pieces that a pipe takes whole (pipe(7)), since other processes may write to the same one. A queue that
wakes its listener for each line (logging.handlers.QueueListener) took 250 of the 560 µs of a short query, most of it
for handing the interpreter's lock over.
"""

import json
import os
import select
import threading
import time
from collections import deque

from quoth.errors import UsageError, reason

HELD_LIMIT = 20_000
"""Lines that wait to be written; more are dropped, and a line tells their number."""

FLUSH_S = 0.1
_CLOSE_LIMIT_S = 2.0
_STDERR = 2

Members = dict[str, str | float | bool | None]


class AccessLog:
    """``where`` is ``on`` (standard error), ``off``, or a file to append to.

    Raises UsageError if it cannot be opened.
    """

    def __init__(self, where: str) -> None:
        self.on = where != "off"
        if not self.on:
            return
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            self._file = os.dup(_STDERR) if where == "on" else os.open(where, flags, 0o640)
        except OSError as error:
            remedy = "give on, off, or a file in a folder that exists and that this user may write to"
            raise UsageError(f"the access log cannot be opened: {reason(error)}", where=where, remedy=remedy) from None
        self._held: deque[tuple[float, Members]] = deque()
        self._dropped = 0
        self._cut = False
        """Whether the last line was written in part."""
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    def write(self, **members: str | float | bool | None) -> None:
        """A line with these members, without those that are None, after the time."""
        if len(self._held) < HELD_LIMIT:
            self._held.append((time.time(), members))
        else:
            with self._lock:
                self._dropped += 1

    def close(self) -> None:
        """Write what is left."""
        if self.on:
            self.on = False
            self._closed.set()
            self._thread.join(_CLOSE_LIMIT_S)  # it may wait for a reader that is stuck

    def _run(self) -> None:
        while not self._closed.wait(FLUSH_S):
            self._flush()
        self._flush()
        os.close(self._file)

    def _flush(self) -> None:
        lines = [_line(*self._held.popleft()) for _ in range(len(self._held))]
        with self._lock:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            lines.append(json.dumps({"dropped": dropped}).encode() + b"\n")
        piece = b""
        for line in (*lines, b""):
            if piece and (not line or len(piece) + len(line) > select.PIPE_BUF):
                self._write(piece)
                piece = b""
            piece += line

    def _write(self, piece: bytes) -> None:
        """Write some lines; those that cannot be written are dropped."""
        data = memoryview(b"\n" * self._cut + piece)
        try:
            while data:
                data = data[os.write(self._file, data) :]
            self._cut = False
        except OSError:
            self._cut |= len(data) < len(piece)
            with self._lock:
                self._dropped += piece.count(b"\n")


def _line(at: float, members: Members) -> bytes:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    line = {"time": f"{stamp}.{int(at % 1 * 1000):03}Z", **members}
    return json.dumps({name: value for name, value in line.items() if value is not None}).encode() + b"\n"
