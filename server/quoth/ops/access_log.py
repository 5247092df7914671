"""The access log: one JSON object a line for each request. It tells who asked what, never a query's own words."""

import json
import logging
import os
import queue
import time
from logging.handlers import QueueHandler, QueueListener

from quoth.errors import UsageError

HELD_LIMIT = 20_000
"""Lines that wait to be written."""

_STDERR = 2


class AccessLog:
    """``where`` is ``on`` (standard error), ``off``, or a file to append to. Raises UsageError if it cannot be opened.

    A thread of its own writes the lines, so that no request waits for a disk or a terminal. Where those do not keep up,
    lines are dropped, and how many is told.
    """

    def __init__(self, where: str) -> None:
        self.on = where != "off"
        if not self.on:
            return
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            file = os.dup(_STDERR) if where == "on" else os.open(where, flags, 0o640)
        except OSError as error:
            raise UsageError(f"the access log cannot be opened: {error.strerror}", where=where) from None
        self._file = os.fdopen(file, "w", encoding="utf-8")
        self._handler = _BoundedHandler(queue.Queue(HELD_LIMIT))
        self._handler.setFormatter(_Json())
        self._listener = QueueListener(self._handler.queue, _Writer(self._file))
        self._listener.start()

    def write(self, **members: str | float | bool | None) -> None:
        """A line with these members, without those that are None, after the time."""
        self._handler.handle(logging.makeLogRecord({"msg": members}))

    def close(self) -> None:
        """Write what is left."""
        if self.on:
            self.on = False
            self._listener.stop()
            self._file.close()


class _BoundedHandler(QueueHandler):
    """Drops what does not fit into the queue, and counts it."""

    dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            if self.dropped:
                self.queue.put_nowait(logging.makeLogRecord({"msg": json.dumps({"dropped": self.dropped})}))
                self.dropped = 0
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1


class _Writer(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes, as long as somebody reads it."""

    def handleError(self, record: logging.LogRecord) -> None:
        """A line that cannot be written is lost, and nothing else."""


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        assert isinstance(record.msg, dict)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {"time": f"{stamp}.{int(record.msecs):03}Z", **record.msg}
        return json.dumps({name: value for name, value in line.items() if value is not None})
