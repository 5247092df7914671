"""One query on one process, from its turn to its end."""

import functools
import json
import signal
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from quoth.engine.api.interface import Short
from quoth.engine.pool.event_loop import arrival
from quoth.engine.pool.handle import Frames, Worker, WorkerExitedError, encoded
from quoth.engine.pool.ticket import Turn
from quoth.errors import ClientLeftError, Limit, QueryTimeoutError, QueryTooLargeError, UnavailableError
from quoth.formats import Kind
from quoth.sparql import complexity

if TYPE_CHECKING:
    from quoth.engine.pool.pool import Pool

Cause = Literal["time", "delivery", "memory", "depth", "left", "closing", "unexpected"]
"""Why a process was ended with its query."""

# The process ends itself at its deadline; this long after, the pool ends it.
GRACE_S = 0.2


class WorkerReportedError(Exception):
    """An error that the process reported itself."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


def reported(payload: bytes) -> WorkerReportedError:
    """An error, out of the last frame of an answer."""
    return WorkerReportedError(**json.loads(payload))


def too_large(memory_mb: int) -> QueryTooLargeError:
    """The error for a query that needed more than its memory."""
    return QueryTooLargeError(
        f"the query needed more than its {memory_mb} MB of memory",
        remedy="sort or group fewer rows, or use the dumps",
        limit=Limit("query_memory_mb", memory_mb),
    )


def short(frames: Frames) -> Short:
    """A short result, out of the frames of an answer that ended well."""
    kind, format = _head(frames[0][1])
    return Short(kind, format, b"".join([payload for _, payload in frames[1:-1]]))


@functools.lru_cache(64)
def _head(payload: bytes) -> tuple[Kind, str]:
    head = json.loads(payload)
    return head["kind"], head["format"]


class Run:
    """An iterator over the bytes of a query's result.

    Two clocks run in turn. While somebody waits for the next bytes, it is the query's own (``until`` is when it runs
    out if it runs without a stop); while the bytes wait to be fetched, it is the client's (Limits.delivery_s). So a
    slow client gets a result whole that took its time, and cannot keep a process for ever.
    """

    def __init__(self, pool: "Pool", turn: Turn, until: float, time_limit_s: float) -> None:
        self._pool = pool
        self._until = until
        self._time_limit_s = time_limit_s
        self._worker: Worker | None = None
        self._forget: Callable[[], None] = lambda: None
        # Held while reading, so that nobody closes a pipe that is being read.
        self._reading = threading.RLock()
        self._left_s = 0.0
        self._delivery_left_s = pool.limits.delivery_s
        self._fetchable_since: float | None = None
        self._revoked: Cause | None = None
        self.began: float | None = None
        self.low = False
        self.turn = turn

    def start(self, worker: Worker, request: Mapping[str, Any]) -> None:
        """Send the request, once the process is ready. Raises WorkerExitedError before that, UnavailableError."""
        with self._reading:
            self._have(worker)
            worker.make_ready()
            self._begin()
            if self._left_s <= 0:
                raise UnavailableError("no process for queries was ready in time", remedy="try again in a few seconds")
            worker.request(encoded(request, self._until, self._delivery_left_s + GRACE_S))

    def take_over(self, worker: Worker) -> None:
        """Have a process that was sent the request already."""
        with self._reading:
            self._begin()
            self._have(worker)

    def _begin(self) -> None:
        self.began = time.monotonic()
        self._left_s = self._until - self.began

    def _have(self, worker: Worker) -> None:
        self._worker = worker
        self._forget = self.turn.caller.presence.on_leaving(functools.partial(self.revoke, "left"))

    def head(self) -> dict[str, str]:
        """Wait for the result to begin: its kind and format."""
        with self._reading:
            found: dict[str, str] = json.loads(self._next()[1])
            return found

    async def short(self) -> Short | None:
        """Wait on an event loop: the result if it is short and all there; else what there is can be read from
        ``head`` on, in a thread."""
        worker = self._worker
        assert worker is not None
        asked = time.monotonic()
        with self._reading:
            await arrival(worker, self._left_s + GRACE_S)
            self._left_s -= time.monotonic() - asked
            frames = None if self.low or self._revoked else worker.whole()
            if frames is None:
                return None
            self._give_back(reuse=True)
        return short(frames)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        with self._reading:
            if self._worker is not None:
                kind, payload = self._next()
                if kind == b"D":
                    return payload
        raise StopIteration

    def _next(self) -> tuple[bytes, bytes]:
        """The next frame. At the last one, or if there is none, the process goes back to the pool."""
        worker = self._worker
        assert worker is not None
        asked = time.monotonic()
        if self._fetchable_since is not None:
            self._delivery_left_s -= asked - self._fetchable_since
            self._fetchable_since = None
        try:
            kind, payload = worker.frame(asked + self._left_s + GRACE_S)
        except (WorkerExitedError, TimeoutError):
            self._left_s -= time.monotonic() - asked
            raise self._why(self._give_back(reuse=False)) from None
        self._fetchable_since = time.monotonic()
        self._left_s -= self._fetchable_since - asked
        if kind in (b"E", b"X"):
            self._give_back(reuse=payload != b"old" and not self.low and self._revoked is None)
        if kind == b"X":
            report = reported(payload)
            self._pool.count(report.error)
            raise report
        return kind, payload

    def _why(self, code: int | None) -> Exception:
        cause: Cause = self._revoked or "unexpected"
        if self._revoked is None:
            if self._left_s <= GRACE_S / 2 or code == -signal.SIGALRM:
                cause = "delivery" if self._delivery_left_s <= 0 else "time"
            elif code == -signal.SIGSEGV:  # the stack overflowed; what lacks memory aborts
                cause = "depth"
            elif code is not None and -code in (signal.SIGABRT, signal.SIGBUS):
                cause = "memory"
        self._pool.count(cause)
        match cause:
            case "time":
                return QueryTimeoutError(
                    f"the query was stopped after {self._time_limit_s:g} s",
                    remedy="make it more selective, add a LIMIT, or use the dumps",
                    limit=Limit("query_time_limit_s", self._time_limit_s),
                )
            case "delivery":
                limit = self._pool.limits.delivery_s
                return QueryTimeoutError(
                    f"the client took more than {limit:g} s to fetch the result",
                    remedy="fetch it faster, add a LIMIT, or use the dumps",
                    limit=Limit("query_delivery_limit_s", limit),
                )
            case "memory":
                return too_large(self._pool.limits.memory_mb)
            case "depth":
                return complexity.too_deep("")
            case "left":
                return ClientLeftError("the client left before its query ended")
            case "closing":
                return UnavailableError("the server is shutting down", remedy="try again in a few seconds")
        return UnavailableError("the query's process ended unexpectedly", remedy="try again")

    def stalled(self, now: float) -> bool:
        """Whether the client has run out of its time to fetch the result."""
        since = self._fetchable_since
        return since is not None and self._worker is not None and now - since > self._delivery_left_s

    def revoke(self, cause: Cause) -> None:
        """End the process, whether or not somebody reads from it. Does not block."""
        worker = self._worker
        if worker is not None:
            self._revoked = self._revoked or cause
            worker.kill()

    def give_way(self) -> None:
        """Have the process run at low priority, and not be used again."""
        worker = self._worker
        if worker is not None and not self.low:
            self.low = True
            worker.give_way()

    def _give_back(self, *, reuse: bool) -> int | None:
        worker, self._worker = self._worker, None
        self._forget()
        if worker is None:
            return None
        code = self._pool.take_back(self.turn, worker, reuse=reuse)
        self._pool.forget(self)
        return code

    def close(self, cause: Cause = "left") -> None:
        """Stop the query if it still runs. Wakes a thread that is reading."""
        if self._worker is not None:
            self.revoke(cause)
            with self._reading:
                if self._worker is not None:
                    self._pool.count(cause)
                self._give_back(reuse=False)
        self._pool.forget(self)

    def __del__(self) -> None:
        # Somebody forgot to close; neither process nor place must be lost to that.
        if self._worker is not None:
            self._worker.kill()
        if self.turn.placed:
            self._pool.abandon(self._worker, self.turn)
