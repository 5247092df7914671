"""Worker processes as the pool sees them: a handle for each, and the thread that watches what they write.

Their program, and the frames that they write, are in ``worker``.
"""

import contextlib
import functools
import json
import os
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from quoth.engine.pool.spool import Spool, SpoolFile
from quoth.engine.pool.ticket import Cause, Limits, Ticket
from quoth.errors import UnavailableError

START_LIMIT_S = 15.0
_CHECK_EVERY_S = 0.1
_EXIT_WAIT_S = 0.2
_REAP_WAIT_S = 5.0

_HEAD = struct.Struct(">cI")
_LOW = 15  # of the nice values, -20 to 19

Frame = tuple[bytes, bytes]
"""Kind and payload."""


class WorkerExitedError(Exception):
    """The process ended before it could take a request."""


class WorkerReportedError(Exception):
    """An error that the process reported itself: its kind and a message."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


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
        self.created = time.monotonic()
        self.ready = False
        """Whether the process is known to have opened the store."""
        self.stores: set[str] = set()
        """The other stores that it has been sent requests for, and may have open."""
        self.outdated = False
        """Whether it may have a store open that was closed since, in whose place another one may be."""

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fileno(self) -> int:
        """The descriptor that its frames are read from."""
        return self._frames.fileno()

    def check_ready(self, wait_s: float = 0.0) -> bool:
        """Whether it has opened the store, or does so within that time. Raises WorkerExitedError, and UnavailableError
        if it cannot."""
        until = time.monotonic() + wait_s
        poll = select.poll()
        poll.register(self._frames, select.POLLIN)
        while not self.ready and poll.poll(max(0.0, until - time.monotonic()) * 1000):
            frames = self.read()
            if frames is None:
                raise WorkerExitedError
            for kind, payload in frames:
                if kind == b"X":
                    raise UnavailableError(f"the release cannot be opened: {json.loads(payload)['detail']}")
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

    def exit_cause(self) -> Cause:
        """Why the process ended of itself, for which it is waited a moment."""
        code = -(self.exit_code(_EXIT_WAIT_S) or 0)
        if code == signal.SIGALRM:
            return "time"
        if code == signal.SIGSEGV:  # the stack overflowed; a process that lacks memory aborts
            return "depth"
        return "memory" if code in (signal.SIGABRT, signal.SIGBUS) else "unexpected"

    def close(self) -> None:
        """Kill the process and close what leads to it. To wait for its end, ask for the exit code."""
        self._process.kill()
        self._socket.close()
        self._frames.close()

    def __del__(self) -> None:
        # Nobody else waits for the process, which would stay as a zombie.
        with contextlib.suppress(AttributeError):  # it could not be started
            self.close()
            self.exit_code(_REAP_WAIT_S)


class Receiver(Protocol):
    """An object that wants what a process writes."""

    def receive(self) -> None:
        """Read from the process. Called when that does not block."""


class Supervisor(Protocol):
    """The pool, as its executions know it. No method blocks."""

    limits: Limits
    spool: Spool

    def watch(self, worker: WorkerHandle, receiver: Receiver) -> Callable[[], None]:
        """Have the receiver called whenever the process has written something: a function that ends that."""

    def evaluated(self, ticket: Ticket, worker: WorkerHandle, *, reuse: bool) -> None:
        """Take a process and a place back."""

    def check_soon(self) -> None:
        """Have all executions checked without delay."""

    def count(self, cause: str) -> None:
        """Count a query that did not end well."""

    def forget(self, ticket: Ticket) -> None:
        """Release the ticket of an execution that has ended."""

    def abandon(self, worker: WorkerHandle | None, ticket: Ticket, file: SpoolFile | None) -> None:
        """Take back what an execution held that nobody closed. Takes no lock: the garbage collector calls it."""


class Watch:
    """A thread that has receivers called when their processes have written something, and ``check`` after that and ten
    times a second. It keeps neither the receivers nor the owner of ``check``, a bound method, from being collected."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = weakref.WeakMethod(check)
        self._selector = selectors.DefaultSelector()
        self._wake_end, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._selector.register(self._wake_end, selectors.EVENT_READ)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="query-watch", daemon=True)
        self._thread.start()

    def add(self, worker: WorkerHandle, receiver: Receiver) -> Callable[[], None]:
        """Watch a process for a receiver: a function that ends that."""
        self._selector.register(worker, selectors.EVENT_READ, weakref.ref(receiver))
        return functools.partial(self.remove, worker.fileno())

    def remove(self, fd: int) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(fd)

    def wake(self) -> None:
        """Have ``check`` called without delay. Does not block, and takes no lock."""
        with contextlib.suppress(OSError):  # the thread is awake, or gone
            self._wake.send(b"\0")

    def close(self) -> None:
        """End the thread, and wait for that."""
        self._closed = True
        self.wake()
        self._thread.join()
        self._selector.close()

    def _run(self) -> None:
        with self._wake, self._wake_end:
            while not self._closed:
                for key, _ in self._selector.select(_CHECK_EVERY_S):
                    if key.data is None:
                        self._wake_end.recv(4096)
                    elif (receiver := key.data()) is not None:
                        receiver.receive()
                    receiver = None  # or the thread would hold it until the next one
                check = self._check()
                if check is None:
                    return
                check()
                del check
