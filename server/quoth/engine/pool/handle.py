"""One process for ad-hoc queries, as the pool sees it. What runs in it is worker.py."""

import contextlib
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from quoth.errors import UnavailableError

START_LIMIT_S = 15.0
SHORT_BYTES = 1 << 16
"""Of an answer that is awaited whole."""

_HEAD = struct.Struct(">cI")
_END = _HEAD.pack(b"E", 0)
_LOW = 15  # of the nice values, -20 to 19


Frames = list[tuple[bytes, bytes]]
"""Kinds and payloads."""


class WorkerExitedError(Exception):
    """The process ended before its answer did."""


class Request(NamedTuple):
    """A request as a process reads it, and when its query is to end (monotonic, the same clock for every process)."""

    line: bytes
    until: float


def encoded(request: Mapping[str, Any], until: float, delivery_limit_s: float) -> Request:
    """A request whose query is to end at ``until``, and whose result may wait to be read for so long beside that."""
    whole = {**request, "until": until, "delivery_limit_s": delivery_limit_s}
    return Request(json.dumps(whole).encode() + b"\n", until)


class Worker:
    """One process and its three pipes: requests to it, a byte for each request that it may begin, and its answers."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        permits, permitting = os.pipe()
        os.set_blocking(permits, False)
        self._permits = open(permits, "rb", buffering=0)  # noqa: SIM115
        self._permitting = open(permitting, "wb", buffering=0)  # noqa: SIM115
        self._taken_back = 0
        # Few malloc arenas: each reserves 64 MB of the address space that the memory limit counts. Larger caches of
        # freed pieces: a query takes and frees many small ones, and 7 % less time so (glibc only).
        environment = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=1000", **os.environ, "MALLOC_ARENA_MAX": "2"}
        program = str(Path(__file__).with_name("worker.py"))
        # -P: the program's folder must not become a place to import from.
        self._process = subprocess.Popen(
            [sys.executable, "-P", program, json.dumps({**config, "permits": permits})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            pass_fds=[permits],
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
        """Wait for it to have opened the store. Raises WorkerExitedError, and UnavailableError if it cannot."""
        if not self._ready:
            try:
                kind, payload = self.frame(time.monotonic() + START_LIMIT_S)
            except TimeoutError:
                raise UnavailableError(f"no process for queries was ready within {START_LIMIT_S:g} s") from None
            if kind != b"R":
                raise UnavailableError(f"the release cannot be opened: {json.loads(payload)['detail']}")
            self._ready = True

    def request(self, *requests: Request) -> None:
        """Send requests, which it answers one after the other. Raises WorkerExitedError.

        Blocks until it has read all of the first, and all but a pipe's capacity of the others.
        """
        data = memoryview(b"".join([request.line for request in requests]))
        try:
            # First: to read a request that may be begun, it need not wait but for the rest of it.
            self._permitting.write(bytes((self._taken_back, *[0] * (len(requests) - 1))))
            self._taken_back = 0
            while data:
                data = data[self._in.write(data) or 0 :]
        except BrokenPipeError:
            raise WorkerExitedError from None

    @property
    def waiting(self) -> int:
        """How many of the requests that it was sent it has not begun."""
        found = bytearray(4)
        fcntl.ioctl(self._permits, termios.FIONREAD, found)
        return int.from_bytes(found, sys.byteorder)

    def take_back(self) -> int:
        """Take back the requests that it has not begun: how many, the last ones that it was sent. It answers what it
        has begun, and then waits."""
        permits = self._permits.read(64)
        if not permits:
            return 0
        self._taken_back = len(permits) + sum(permits)
        return len(permits)

    def frame(self, until: float) -> tuple[bytes, bytes]:
        """The next frame: its kind and payload. Raises WorkerExitedError; TimeoutError past ``until`` (monotonic)."""
        while (found := self._held()) is None:
            left = until - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise TimeoutError
            if not self.read():
                raise WorkerExitedError
        return found

    def awaits(self) -> bool:
        """Read what has come, without waiting for it: whether to wait for more, as the answer is not yet whole nor
        too long to be awaited, and the process not at its end."""
        return self.read() and not self.long and not self._length()

    @property
    def long(self) -> bool:
        """Whether more has been read than is awaited of an answer."""
        return len(self._buffer) > SHORT_BYTES

    def whole(self) -> Frames | None:
        """All frames of an answer that ended well and leaves the process as it was; None, and nothing is taken, if
        that is not what has been read."""
        return self.next() if self._buffer.endswith(_END) else None

    def next(self) -> Frames | None:
        """All frames of the next answer; None, and nothing is taken, if they have not all been read."""
        end = self._length()
        if not end:
            return None
        rest = len(self._buffer) - end
        found = []
        while len(self._buffer) > rest and (frame := self._held()) is not None:
            found.append(frame)
        return found

    def read(self) -> bool:
        """Read what has come, waiting for it if nothing has: False if the process ended."""
        data = os.read(self._out.fileno(), 65536)
        self._buffer += data
        return data != b""

    def _length(self) -> int:
        """Bytes of the next answer; 0 if it has not all been read."""
        at, kind = 0, b""
        while kind not in (b"E", b"X"):
            if len(self._buffer) < at + _HEAD.size:
                return 0
            kind, size = _HEAD.unpack_from(self._buffer, at)
            at += _HEAD.size + size
        return at if len(self._buffer) >= at else 0

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
        for pipe in (self._in, self._out, self._permits, self._permitting):
            pipe.close()
        try:
            # An end of its own is worth waiting for, as its cause is what the client is told.
            code = self._process.wait(0.05)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return code
