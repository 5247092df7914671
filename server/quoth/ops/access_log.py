"""The access log: one JSON object a line for each request. It tells who asked what, never a query's own words."""

import json
import os
import threading
import time
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii

from quoth.errors import UsageError

FLUSH_S = 0.2
_HELD_LIMIT = 20_000
_STDERR = 2


def members(what: Mapping[str, str | float | bool | None]) -> str:
    """The members of a JSON object, without its braces and without what is None."""
    return ", ".join([f'"{name}": {_written(value)}' for name, value in what.items() if value is not None])


def _written(value: str | float | bool) -> str:
    """What json.dumps gives, which costs several times as much."""
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    return repr(value).lower()  # true and false; a number has no capital letter but for infinities, which none is


class AccessLog:
    """``where`` is ``on`` (standard error), ``off``, or a file to append to. Raises UsageError if it cannot be opened.

    Lines are gathered, and written a few times a second by a thread of their own, so that no request waits for a disk
    or a terminal. Where those do not keep up, lines are dropped, and how many is told.
    """

    def __init__(self, where: str) -> None:
        self.on = where != "off"
        self._held: list[str] = []
        self._second = 0
        self._stamp = ""
        self._dropped = 0
        self._closed = threading.Event()
        if not self.on:
            return
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            self._file = os.dup(_STDERR) if where == "on" else os.open(where, flags, 0o640)
        except OSError as error:
            raise UsageError(f"the access log cannot be opened: {error.strerror}", where=where) from None
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    def tell(self, text: str) -> None:
        """One request, as the members of its JSON object: what is told often is written once."""
        if len(self._held) >= _HELD_LIMIT:
            self._dropped += 1
            return
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second, self._stamp = second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        self._held.append(f'{{"time": "{self._stamp}.{int((now - second) * 1000):03}Z", {text}}}\n')

    def close(self) -> None:
        """Write what is left."""
        if self.on and not self._closed.is_set():
            self._closed.set()
            self._thread.join(2)

    def _run(self) -> None:
        while not self._closed.wait(FLUSH_S):
            self._flush()
        self._flush()
        os.close(self._file)

    def _flush(self) -> None:
        lines, self._held = self._held, []
        dropped, self._dropped = self._dropped, 0
        if dropped:
            lines.append(json.dumps({"dropped": dropped}) + "\n")
        data = memoryview("".join(lines).encode())
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError:
            self.on = False  # nobody reads it any more
