"""One worker process as the pool sees it. Its program, and the frames that it writes, are in ``worker``."""

import contextlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quoth.engine.pool.spool import SpoolFile
from quoth.errors import Unavailable

START_LIMIT_S = 15.0

_HEAD = struct.Struct(">cI")
_LOW = 19  # of the nice values, -20 to 19

Frame = tuple[bytes, bytes]
"""Kind and payload."""


class WorkerExitedError(Exception):
    """The process ended before it could take a request."""


class WorkerHandle:
    """A process, the socket that carries requests and grants to it, and the pipe that carries its frames back."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._socket, theirs = socket.socketpair()
        # Few malloc arenas: each reserves 64 MB of the address space that the memory limit counts. Larger caches of
        # freed pieces: a query takes and frees many small ones, and 7 % less time so (glibc only).
        environment = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=1000", **os.environ, "MALLOC_ARENA_MAX": "2"}
        program = str(Path(__file__).with_name("worker.py"))
        with theirs:
            # -P: the program's folder must not become a place to import from.
            self._process = subprocess.Popen(
                [sys.executable, "-P", program, json.dumps(config)],
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                bufsize=0,
                env=environment,
            )
        assert self._process.stdout is not None
        self._frames = self._process.stdout
        self._buffer = bytearray()
        self.ready = False
        """Whether the process is known to have opened the store."""

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fileno(self) -> int:
        """What its frames are read from."""
        return self._frames.fileno()

    def check_ready(self, wait_s: float = 0.0) -> bool:
        """Whether it has opened the store, or does so within that time. Raises WorkerExitedError, and Unavailable if
        it cannot."""
        until = time.monotonic() + wait_s
        poll = select.poll()
        poll.register(self._frames, select.POLLIN)
        while not self.ready and poll.poll(max(0.0, until - time.monotonic()) * 1000):
            frames = self.read()
            if frames is None:
                raise WorkerExitedError
            for kind, payload in frames:
                if kind == b"X":
                    raise Unavailable(f"the release cannot be opened: {json.loads(payload)['detail']}")
                self.ready = True
        return self.ready

    def send(self, request: bytes) -> None:
        """Send a request, a line. Blocks until the process has read all of it but what fits into the socket's buffer.
        Raises WorkerExitedError."""
        try:
            self._socket.sendall(request)
        except OSError:
            raise WorkerExitedError from None

    def grant(self, size_mb: int, file: SpoolFile | None = None) -> None:
        """Let the process write so many more megabytes (0: it has to stop) of its result; the first time, to a file."""
        with contextlib.suppress(OSError):  # it has ended, which the pipe will tell
            socket.send_fds(self._socket, [bytes((size_mb,))], [] if file is None else [file.fileno()])

    def read(self) -> list[Frame] | None:
        """Wait for the next bytes: the frames that are whole with them; None at the end of the pipe."""
        data = os.read(self._frames.fileno(), 65536)
        if not data:
            return None
        self._buffer += data
        frames: list[Frame] = []
        at = 0
        while len(self._buffer) >= at + _HEAD.size:
            kind, size = _HEAD.unpack_from(self._buffer, at)
            end = at + _HEAD.size + size
            if len(self._buffer) < end:
                break
            frames.append((kind, bytes(self._buffer[at + _HEAD.size : end])))
            at = end
        del self._buffer[:at]
        return frames

    def lower_priority(self) -> None:
        """Let all others have the processor first, for the rest of the process's life."""
        with contextlib.suppress(OSError):  # it may have ended
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW)

    def kill(self) -> None:
        """End the process at once; the pipe stays open for the thread that may be reading it."""
        self._process.kill()

    def exit_code(self, wait_s: float) -> int | None:
        """The return code (negative: the signal that ended it); None if the process has not ended within that time."""
        try:
            return self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """Kill the process and close what leads to it. To wait for its end, ask for the exit code."""
        self._process.kill()
        self._socket.close()
        self._frames.close()
