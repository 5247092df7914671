"""The access log: one JSON object a line for each request. It tells who asked what, never a query's own words.

Lines are gathered, and written ten times a second by a thread of their own, so that no request waits for a disk or a
terminal. A queue that wakes its listener for each line (logging.handlers.QueueListener) takes more than half of the
time of a short query, most of it for handing the interpreter's lock over.
"""

import json
import os
import threading
import time
from collections import deque

from quoth.errors import UsageError

HELD_LIMIT = 20_000
"""Lines that wait to be written; beyond these, lines are dropped, and how many is told."""

FLUSH_S = 0.1
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
            raise UsageError(f"the access log cannot be opened: {error.strerror}", where=where) from None
        self._held: deque[tuple[float, Members]] = deque()
        self._dropped = 0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    def write(self, **members: str | float | bool | None) -> None:
        """A line with these members, without those that are None, after the time."""
        if len(self._held) < HELD_LIMIT:
            self._held.append((time.time(), members))
        else:
            self._dropped += 1

    def close(self) -> None:
        """Write what is left."""
        if self.on:
            self.on = False
            self._closed.set()
            self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(FLUSH_S):
            self._flush()
        self._flush()
        os.close(self._file)

    def _flush(self) -> None:
        lines = [_line(*self._held.popleft()) for _ in range(len(self._held))]
        dropped, self._dropped = self._dropped, 0
        if dropped:
            lines.append(json.dumps({"dropped": dropped}) + "\n")
        data = memoryview("".join(lines).encode())
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError:
            pass  # what cannot be written is lost, and nothing else


def _line(at: float, members: Members) -> str:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    line = {"time": f"{stamp}.{int(at % 1 * 1000):03}Z", **members}
    return json.dumps({name: value for name, value in line.items() if value is not None}) + "\n"
