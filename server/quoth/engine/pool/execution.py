"""One query on one worker process, from its ticket's place to the last byte that its client fetches."""

import asyncio
import functools
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Self

from quoth.engine.api.interface import Short
from quoth.engine.pool.scheduler import settle
from quoth.engine.pool.spool import SpoolFile
from quoth.engine.pool.ticket import Cause, ExecutionState, Ticket, error_of
from quoth.engine.pool.worker_handle import START_LIMIT_S, Frame, Supervisor, WorkerHandle, WorkerReportedError
from quoth.errors import UnavailableError
from quoth.formats import Kind

GRACE_S = 0.1
"""A process ends itself at its deadline; this long after, its end is not waited for any more."""

_FOLLOW_S = 0.02


class Execution:
    """An iterator over the bytes of a query's result.

    The process writes the result into frames and, beyond these, a spool file. One reader at a time takes in the frames:
    first the event loop, if there is one, for short results (``short``), and then the pool's watch (``follow``).
    """

    def __init__(self, pool: Supervisor, ticket: Ticket, until: float, time_limit_s: float) -> None:
        self.ticket = ticket
        self.began: float | None = None
        self._pool = pool
        self._until = until
        self._time_limit_s = time_limit_s
        self._reusable = True
        self._killed: Cause | None = None
        self._followed = False
        self._stop_reading: Callable[[], object] = lambda: None
        self._unsubscribe: Callable[[], None] = lambda: None
        # Guards what follows; notified when there is more of it.
        self._changed = threading.Condition()
        self._state = ExecutionState.EVALUATING
        self._worker: WorkerHandle | None = None
        self._head: tuple[Kind, str] | None = None
        self._pieces: deque[bytes] = deque()
        self._file: SpoolFile | None = None
        self._fetch_until = 0.0
        self._error: Exception | None = None

    def start(self, worker: WorkerHandle, request: Mapping[str, Any]) -> None:
        """Send the request, once the process is ready. Raises WorkerExitedError if there is no process any more, and
        UnavailableError."""
        self._worker = worker
        self._unsubscribe = self.ticket.caller.presence.on_leaving(functools.partial(self.kill, "left"))
        start_until = worker.created + START_LIMIT_S
        ready = worker.check_ready(max(0.0, min(start_until, self._until) - time.monotonic()))
        self.began = time.monotonic()
        if not ready and self.began >= start_until:
            raise UnavailableError(f"no process for queries was ready within {START_LIMIT_S:g} s")
        if not ready or self.began >= self._until:
            self._give_back(reuse=True)  # the next query need not wait that long for it
            raise UnavailableError("no process for queries was ready in time", remedy="try again in a few seconds")
        worker.send(json.dumps({**request, "until": self._until}).encode() + b"\n")

    def follow(self) -> None:
        """Let the pool's watch take in the frames from now on."""
        with self._changed:
            if self._worker is None:
                return
            if self._killed is not None:  # there may be no watch any more
                self._fail(self._killed)
            else:
                self._stop_reading = self._pool.watch(self._worker, self)
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
            if frames is not None:  # else the watch waits for the process's end
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
            if self._state is ExecutionState.COMPLETE and self._file is None and self._head is not None:
                result = Short(*self._head, b"".join(self._pieces))
                self._end()
                return result
        self.follow()
        self._pool.check_soon()
        return None

    def receive(self) -> None:
        """Take in what the process has written. For the watch: at the process's end it waits a moment for the cause."""
        with self._changed:
            worker = self._worker
            if worker is not None:
                frames = worker.read()
                if frames is None:
                    late = time.monotonic() >= self._until
                    self._fail(self._killed or ("time" if late else worker.exit_cause()))
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
                        self._state = ExecutionState.COMPLETE
                        self._fetch_until = time.monotonic() + self._pool.limits.delivery_s
                        if self._file is not None:
                            self._pool.spool.finish(self._file)
                        self._give_back(reuse=payload != b"old")
                    case b"X":
                        self._state = ExecutionState.FAILED
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
            if self._head is None or (self._error is not None and not self._pieces):
                raise self._end()
            return self._head

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        with self._changed:
            if self._state is ExecutionState.ENDED:
                raise StopIteration
            while True:
                if self._pieces:
                    return self._pieces.popleft()
                if self._error is not None:
                    raise self._end()
                if self._file is not None and (data := self._file.read()):
                    return data
                if self._state is not ExecutionState.EVALUATING:
                    raise self._end()
                # The end of the result is notified, and that its file has grown is not.
                self._changed.wait(None if self._file is None else _FOLLOW_S)

    def check(self, now: float) -> None:
        """Stop the query if it was killed or its time has passed. For the watch."""
        if self._followed and self._worker is not None:
            if self._killed is not None:
                self._fail(self._killed)
            elif now > self._until + GRACE_S:
                self._fail("time")
        elif self._state is ExecutionState.COMPLETE and now > self._fetch_until:
            self._fail("delivery")

    def lower_priority(self) -> None:
        """Have the process run at low priority, and not be used again."""
        worker = self._worker
        if worker is not None and self._reusable:
            self._reusable = False
            worker.lower_priority()

    def kill(self, cause: Cause) -> None:
        """End the process, whether or not somebody reads from it. Does not block."""
        if self._killed is None:
            # In this order: the process is either given back before, and not ours to kill, or not to be used again.
            self._killed = cause
            worker = self._worker
            if worker is not None:
                worker.kill()
                self._pool.check_soon()

    def close(self, cause: Cause = "left") -> None:
        """Stop the query if it still runs, and delete its result. May be called twice, and from any thread."""
        with self._changed:
            if self._worker is not None:
                self._fail(cause)
            self._end()
            self._changed.notify_all()

    def _fail(self, cause: Cause) -> None:
        with self._changed:
            if self._worker is None and self._state is not ExecutionState.COMPLETE:
                return
            self._state = ExecutionState.FAILED
            self._error = error_of(cause, self._pool.limits, self._time_limit_s)
            self._pool.count(cause)
            self._give_back(reuse=False)
            self._drop_result()
            self._changed.notify_all()

    def _give_back(self, *, reuse: bool) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._unsubscribe()
            self._stop_reading()
            self._pool.evaluated(self.ticket, worker, reuse=reuse and self._reusable and self._killed is None)

    def _end(self) -> Exception:
        """Nobody fetches any more: how the iteration ends."""
        self._state = ExecutionState.ENDED
        self._drop_result()
        self._pool.forget(self.ticket)
        return self._error or StopIteration()

    def _drop_result(self) -> None:
        self._pieces.clear()
        file, self._file = self._file, None
        if file is not None:
            self._pool.spool.close(file)

    def __del__(self) -> None:
        # Somebody forgot to close; neither process, place nor file must be lost to that.
        if self._state is not ExecutionState.ENDED:
            self._pool.abandon(self._worker, self.ticket, self._file)


@functools.lru_cache(64)
def _head(payload: bytes) -> tuple[Kind, str]:
    head = json.loads(payload)
    return head["kind"], head["format"]
