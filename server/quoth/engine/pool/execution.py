"""One query on one worker process, from its ticket's place to the last byte that its client fetches."""

import asyncio
import functools
import json
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self

from quoth.engine.api.interface import Short
from quoth.engine.pool.scheduler import settle, shutting_down
from quoth.engine.pool.spool import Spool, SpoolFile
from quoth.engine.pool.ticket import Ticket
from quoth.engine.pool.worker_handle import START_LIMIT_S, Frame, WorkerHandle
from quoth.errors import ClientLeft, Limit, QueryTimeout, QueryTooLarge, Unavailable
from quoth.formats import Kind
from quoth.sparql import complexity

Cause = Literal["time", "delivery", "memory", "depth", "crowded", "left", "closing", "unexpected"]
"""Why a query was stopped."""

GRACE_S = 0.1
"""The process ends itself at its deadline; this long after, the pool does not wait for that any more."""

_EXIT_WAIT_S = 0.2
_FOLLOW_S = 0.02


@dataclass(frozen=True)
class Limits:
    """The limits of ad-hoc queries.

    ``time_s`` runs from a query's arrival to the end of its evaluation, ``delivery_s`` from there to the last byte that
    the client fetches. ``queue`` counts queries that wait. ``result_mb`` and ``result_rows`` bound a result (None: they
    do not), ``spool_mb`` all results together while they wait to be fetched.
    """

    time_s: float = 10.0
    memory_mb: int = 1024
    workers: int = 4
    long_workers: int = 6
    queue: int = 128
    result_mb: int | None = None
    result_rows: int | None = None
    spool_mb: int = 4096
    delivery_s: float = 60.0


class WorkerReportedError(Exception):
    """An error that the process reported itself: its kind and a message."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


class Supervisor(Protocol):
    """The pool, as its executions know it."""

    limits: Limits
    spool: Spool

    def watch(self, execution: "Execution", worker: WorkerHandle) -> Callable[[], None]:
        """Have ``receive`` called whenever the process has written something: a function that ends that."""
        ...

    def evaluated(self, ticket: Ticket, worker: WorkerHandle, *, reuse: bool) -> None:
        """Take a process and a place back. Does not block."""
        ...

    def check_soon(self) -> None:
        """Call ``check`` without delay. Does not block."""
        ...

    def count(self, cause: str) -> None:
        """Count a query that did not end well."""
        ...

    def forget(self, execution: "Execution") -> None:
        """Call ``check`` no more, and release the ticket."""
        ...

    def abandon(self, worker: WorkerHandle | None, ticket: Ticket, file: SpoolFile | None) -> None:
        """Take back everything of an execution that nobody closed. Takes no lock: the garbage collector calls it."""
        ...


def too_large(memory_mb: int) -> QueryTooLarge:
    """The error for a query that needed more than its memory."""
    return QueryTooLarge(
        f"the query needed more than its {memory_mb} MB of memory",
        remedy="sort or group fewer rows, or use the dumps",
        limit=Limit("query_memory_mb", memory_mb),
    )


@functools.lru_cache(64)
def _head(payload: bytes) -> tuple[Kind, str]:
    head = json.loads(payload)
    return head["kind"], head["format"]


class Execution:
    """An iterator over the bytes of a query's result.

    The process writes the result into frames and, beyond these, a spool file; one reader at a time takes in the frames:
    first the event loop, if there is one, for short results (``short``), and then the pool's watch (``follow``). Once
    the result is complete the process goes back to the pool, and the bytes wait here for the client.
    """

    def __init__(self, pool: Supervisor, ticket: Ticket, until: float, time_limit_s: float) -> None:
        self.ticket = ticket
        self.began: float | None = None
        self._pool = pool
        self._until = until
        self._time_limit_s = time_limit_s
        self._worker: WorkerHandle | None = None
        self._followed = False
        self._reusable = True
        self._killed: Cause | None = None
        self._stop_reading: Callable[[], object] = lambda: None
        self._unsubscribe: Callable[[], None] = lambda: None
        # Guards what follows; notified when there is more of it.
        self._changed = threading.Condition()
        self._head: tuple[Kind, str] | None = None
        self._pieces: deque[bytes] = deque()
        self._file: SpoolFile | None = None
        self._fetch_until: float | None = None
        self._error: Exception | None = None
        self._ended = False

    def start(self, worker: WorkerHandle, request: Mapping[str, Any]) -> None:
        """Send the request, once the process is ready. Raises WorkerExitedError if it is not there any more, and
        Unavailable."""
        self._worker = worker
        self._unsubscribe = self.ticket.caller.presence.on_leaving(functools.partial(self.kill, "left"))
        if not worker.check_ready(START_LIMIT_S):
            raise Unavailable(f"no process for queries was ready within {START_LIMIT_S:g} s")
        self.began = time.monotonic()
        if self.began >= self._until:
            raise Unavailable("no process for queries was ready in time", remedy="try again in a few seconds")
        worker.send(json.dumps({**request, "until": self._until}).encode() + b"\n")

    def follow(self) -> None:
        """Let the pool's watch take in the frames from now on."""
        with self._changed:
            if self._killed is not None:  # there may be no watch any more
                self._fail(self._killed)
            elif self._worker is not None:
                self._stop_reading = self._pool.watch(self, self._worker)
                self._followed = True

    async def short(self) -> Short | None:
        """Wait on an event loop: the result if it is short and complete; else None, and the watch goes on."""
        worker = self._worker
        assert worker is not None
        loop = asyncio.get_running_loop()
        decided: asyncio.Future[None] = loop.create_future()
        self._stop_reading = functools.partial(loop.remove_reader, worker.fileno())

        def read() -> None:
            frames = worker.read()
            if frames is not None:  # else the process is to be waited for, by the watch
                self._take(frames)
            if frames is None or self._worker is None or self._file is not None:
                settle(decided)

        loop.add_reader(worker.fileno(), read)
        timer = loop.call_later(max(0.0, self._until + GRACE_S - time.monotonic()), settle, decided)
        try:
            await decided
        finally:
            timer.cancel()
            if self._worker is not None:
                self._stop_reading()
        with self._changed:
            if self._fetch_until is not None and self._file is None and self._head is not None:
                result = Short(*self._head, b"".join(self._pieces))
                self._pieces.clear()
                self._end()
                return result
        self.follow()
        self._pool.check_soon()
        return None

    def receive(self) -> None:
        """Take in what the process has written. For the watch: at the process's end it waits for that a moment."""
        with self._changed:
            worker = self._worker
            if worker is not None:
                frames = worker.read()
                if frames is None:
                    self._fail(self._killed or self._cause_of_exit(worker))
                else:
                    self._take(frames)

    def _take(self, frames: list[Frame]) -> None:
        with self._changed:
            for kind, payload in frames:
                match kind:
                    case b"K":
                        self._head = _head(payload)
                    case b"D":
                        self._pieces.append(payload)
                    case b"S":
                        self._make_room()
                    case b"E":
                        self._fetch_until = time.monotonic() + self._pool.limits.delivery_s
                        if self._file is not None:
                            self._pool.spool.finish(self._file)
                        self._give_back(reuse=payload != b"old")
                    case b"X":
                        self._error = WorkerReportedError(**json.loads(payload))
                        self._pool.count(self._error.error)
                        self._give_back(reuse=True)
            self._changed.notify_all()

    def _make_room(self) -> None:
        if self._worker is None:
            return
        if self._file is None:
            self._file = self._pool.spool.open(self.ticket.client)
            self._worker.grant(self._file.granted_mb if self._file else 0, self._file)
        else:
            self._worker.grant(self._pool.spool.extend(self._file))

    def head(self) -> tuple[Kind, str]:
        """Wait for the result to begin: its kind and format."""
        with self._changed:
            self._changed.wait_for(lambda: self._head or self._error)
            if self._head is None or (self._error and self._worker is None and not self._pieces):
                raise self._ended_with()
            return self._head

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        with self._changed:
            if self._ended:
                raise StopIteration
            while True:
                if self._pieces:
                    return self._pieces.popleft()
                if self._error is not None:
                    raise self._ended_with()
                if self._file is not None and (data := self._file.read()):
                    return data
                if self._worker is None:
                    self._end()
                    raise StopIteration
                # The end of the result is notified, and that its file has grown is not.
                self._changed.wait(None if self._file is None else _FOLLOW_S)

    def _ended_with(self) -> Exception:
        error = self._error
        assert error is not None
        self._end()
        return error

    def check(self, now: float) -> None:
        """Stop the query if it was killed or its time has passed. For the watch."""
        if self._followed and self._worker is not None:
            if self._killed is not None:
                self._fail(self._killed)
            elif now > self._until + GRACE_S:
                self._fail("time")
        elif self._fetch_until is not None and now > self._fetch_until:
            self._fail("delivery")

    def lower_priority(self) -> None:
        """Have the process run at low priority, and not be used again."""
        worker = self._worker
        if worker is not None and self._reusable:
            self._reusable = False
            worker.lower_priority()

    def kill(self, cause: Cause) -> None:
        """End the process, whether or not somebody reads from it. Does not block."""
        worker = self._worker
        if worker is not None and self._killed is None:
            self._killed = cause
            worker.kill()
            self._pool.check_soon()

    def close(self, cause: Cause = "left") -> None:
        """Stop the query if it still runs, and delete its result. May be called twice, and from any thread."""
        if self._worker is not None:
            self._fail(cause)
        with self._changed:
            self._end()
            self._changed.notify_all()

    def _fail(self, cause: Cause) -> None:
        with self._changed:
            if self._worker is None and self._fetch_until is None:
                return
            self._error = self._error_of(cause)
            self._pool.count(cause)
            self._pieces.clear()
            self._give_back(reuse=False)
            self._delete_file()
            self._fetch_until = None
            self._changed.notify_all()

    def _give_back(self, *, reuse: bool) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._unsubscribe()
            self._stop_reading()
            self._pool.evaluated(self.ticket, worker, reuse=reuse and self._reusable and self._killed is None)

    def _end(self) -> None:
        """Nobody fetches any more."""
        self._ended = True
        self._fetch_until = None
        self._pieces.clear()
        self._delete_file()
        self._pool.forget(self)

    def _delete_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            self._pool.spool.close(file)

    def _cause_of_exit(self, worker: WorkerHandle) -> Cause:
        match worker.exit_code(_EXIT_WAIT_S):
            case code if code == -signal.SIGALRM:
                return "time"
            case code if code == -signal.SIGSEGV:  # the stack overflowed; a process that lacks memory aborts
                return "depth"
            case code if code in (-signal.SIGABRT, -signal.SIGBUS):
                return "memory"
        return "time" if time.monotonic() >= self._until else "unexpected"

    def _error_of(self, cause: Cause) -> Exception:
        limits = self._pool.limits
        match cause:
            case "time":
                return QueryTimeout(
                    f"the query was stopped after {self._time_limit_s:g} s",
                    remedy="make it more selective, add a LIMIT, or use the dumps",
                    limit=Limit("query_time_limit_s", self._time_limit_s),
                )
            case "delivery":
                return QueryTimeout(
                    f"the client took more than {limits.delivery_s:g} s to fetch the result",
                    remedy="fetch it faster, add a LIMIT, or use the dumps",
                    limit=Limit("query_delivery_limit_s", limits.delivery_s),
                )
            case "memory":
                return too_large(limits.memory_mb)
            case "depth":
                return complexity.too_deep("")
            case "crowded":
                return Unavailable(
                    f"the query takes longer than others, and {limits.long_workers} such queries are running already",
                    remedy="try again in a few seconds, or make it more selective",
                    limit=Limit("query_long_workers", limits.long_workers),
                )
            case "left":
                return ClientLeft("the client left before its query ended")
            case "closing":
                return shutting_down()
        return Unavailable("the query's process ended unexpectedly", remedy="try again")

    def __del__(self) -> None:
        # Somebody forgot to close; neither process, place nor file must be lost to that.
        if not self._ended:
            self._pool.abandon(self._worker, self.ticket, self._file)
