"""One process for ad-hoc queries, as the pool sees it. What runs in it is worker.py."""

import contextlib
import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quoth.errors import Unavailable

START_LIMIT_S = 15.0
SHORT_BYTES = 1 << 16
"""Of an answer that is awaited whole."""

_HEAD = struct.Struct(">cI")
_END = _HEAD.pack(b"E", 0)
_LOW = 15  # of the nice values, -20 to 19


class Ended(Exception):
    """The process ended before its answer did."""


class Worker:
    """One process and its two pipes."""

    def __init__(self, config: str) -> None:
        # Few malloc arenas: each reserves 64 MB of the address space that the memory limit counts.
        environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}
        program = str(Path(__file__).with_name("worker.py"))
        # -P: the program's folder must not become a place to import from.
        self._process = subprocess.Popen(
            [sys.executable, "-P", program, config],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in = self._process.stdin
        self._out = self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)
        self._buffer = bytearray()
        self._ready = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether it has opened the store."""
        return self._ready

    @property
    def fd(self) -> int:
        """What its answers are read from."""
        return self._out.fileno()

    def make_ready(self) -> None:
        """Wait for it to have opened the store. Raises Ended, and Unavailable if it cannot."""
        if not self._ready:
            try:
                kind, payload = self.frame(time.monotonic() + START_LIMIT_S)
            except TimeoutError:
                raise Unavailable(f"no process for queries was ready within {START_LIMIT_S:g} s") from None
            if kind != b"R":
                raise Unavailable(f"the release cannot be opened: {json.loads(payload)['detail']}")
            self._ready = True

    def request(self, request: Mapping[str, Any]) -> None:
        """Send a request. Raises Ended."""
        data = memoryview(json.dumps(request).encode() + b"\n")
        try:
            while data:
                data = data[self._in.write(data) or 0 :]
        except BrokenPipeError:
            raise Ended from None

    def frame(self, until: float) -> tuple[bytes, bytes]:
        """The next frame: its kind and payload. Raises Ended, and TimeoutError past ``until`` (monotonic)."""
        while (found := self._held()) is None:
            left = until - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise TimeoutError
            if not self._read():
                raise Ended
        return found

    def awaits(self) -> bool:
        """Read what has come, without waiting for it: whether to wait for more, as the answer is not yet whole nor
        too long to be awaited, and the process not at its end."""
        read = self._read()
        return read and len(self._buffer) <= SHORT_BYTES and not self._complete()

    def whole(self) -> list[tuple[bytes, bytes]] | None:
        """All frames of an answer that ended well and leaves the process as it was; None, and nothing is taken, if
        that is not what has been read."""
        if not (self._complete() and self._buffer.endswith(_END)):
            return None
        return list(iter(self._held, None))

    def _read(self) -> bool:
        data = os.read(self._out.fileno(), 65536)
        self._buffer += data
        return data != b""

    def _complete(self) -> bool:
        """Whether the last frame of an answer is there."""
        at, kind = 0, b""
        while kind not in (b"E", b"X"):
            if len(self._buffer) < at + _HEAD.size:
                return False
            kind, size = _HEAD.unpack_from(self._buffer, at)
            at += _HEAD.size + size
        return len(self._buffer) >= at

    def _held(self) -> tuple[bytes, bytes] | None:
        if len(self._buffer) < _HEAD.size:
            return None
        kind, size = _HEAD.unpack_from(self._buffer)
        end = _HEAD.size + size
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[_HEAD.size : end])
        del self._buffer[:end]
        return kind, payload

    def give_way(self) -> None:
        """Let everybody else have the processor first, for the rest of its life."""
        with contextlib.suppress(OSError):  # it may have ended
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW)

    def kill(self) -> None:
        """End the process at once; the pipes stay open for whoever may be reading them."""
        self._process.kill()

    def close(self) -> int:
        """End the process if need be: its return code (negative: the signal that ended it)."""
        self._in.close()
        self._out.close()
        try:
            # An end of its own is worth waiting for, as its cause is what the client is told.
            code = self._process.wait(0.05)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return code
