"""A pool of killable processes for queries that strangers send.

The engine cannot be interrupted from Python; a process can. Each evaluates one query at a time, ends itself at the
deadline (worker.py), and is replaced. Queries beyond the number of processes wait in a short queue, in order.
"""

import json
import signal
import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from quoth.errors import QueryTimeout, QueryTooLarge, Unavailable
from quoth.store.process import START_LIMIT_S, Ended, Worker

# The process ends itself at its deadline; this long after, the pool ends it.
_GRACE_S = 0.2


@dataclass(frozen=True)
class Limits:
    """What an ad-hoc query may use. ``queue`` counts queries that wait, ``result_mb`` bounds a result's size."""

    time_s: float = 10.0
    memory_mb: int = 1024
    workers: int = 2
    queue: int = 32
    result_mb: int | None = None


class Run:
    """One query on one process: an iterator over the bytes of its result."""

    def __init__(self, pool: "Pool", time_limit_s: float) -> None:
        self._pool = pool
        self._time_limit_s = time_limit_s
        self._worker: Worker | None = None
        # Held while reading, so that nobody closes a pipe that is being read.
        self._reading = threading.RLock()
        self.until = time.monotonic() + START_LIMIT_S + time_limit_s

    def start(self, worker: Worker, request: Mapping[str, Any]) -> bytes:
        """Send the request and wait for the result to begin: its head. Raises Ended if it never got so far."""
        with self._reading:
            self._worker = worker
            worker.request({**request, "time_limit_s": self._time_limit_s})
            self.until = time.monotonic() + self._time_limit_s + _GRACE_S
            return self._next()[1]

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
        try:
            kind, payload = worker.frame(self.until)
        except (Ended, TimeoutError):
            late = time.monotonic() >= self.until - _GRACE_S
            raise self._why(self._give_back(reuse=False), late) from None
        if kind in (b"E", b"X"):
            self._give_back(reuse=payload != b"old")
        if kind == b"X":
            raise Reported(**json.loads(payload))
        return kind, payload

    def _why(self, code: int | None, late: bool) -> Exception:
        if late or code == -signal.SIGALRM:
            self._pool.count("time")
            return QueryTimeout(
                f"the query was stopped after {self._time_limit_s:g} s",
                remedy="make it more selective, add a LIMIT, or use the dumps",
            )
        if code is not None and -code in (signal.SIGABRT, signal.SIGBUS, signal.SIGSEGV):
            self._pool.count("memory")
            return too_large(self._pool.limits.memory_mb)
        self._pool.count("unexpected")
        return Unavailable("the query's process ended unexpectedly", remedy="try again")

    def revoke(self) -> None:
        """End a process that is past its deadline although nobody reads from it."""
        worker = self._worker
        if worker is not None:
            worker.kill()

    def _give_back(self, *, reuse: bool) -> int | None:
        worker, self._worker = self._worker, None
        return None if worker is None else self._pool.take_back(self, worker, reuse=reuse)

    def close(self) -> None:
        """Stop the query if it still runs. Wakes a thread that is reading."""
        self.revoke()
        with self._reading:
            self._give_back(reuse=False)
        self._pool.forget(self)

    def __del__(self) -> None:
        # Somebody forgot to close; the process must not be lost to that.
        if self._worker is not None:
            self.close()


class Reported(Exception):
    """An error that the process reported itself."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


def too_large(memory_mb: int) -> QueryTooLarge:
    """The error for a query that needed more than its memory."""
    return QueryTooLarge(
        f"the query needed more than its {memory_mb} MB of memory, or is nested too deeply",
        remedy="sort or group fewer rows, or use the dumps",
    )


class Pool:
    """At most ``limits.workers`` processes, started when they are first needed. Safe to use from many threads."""

    def __init__(self, store: Path, limits: Limits, prefixes: Mapping[str, str]) -> None:
        self.limits = limits
        self._config = json.dumps({"store": str(store), "memory_mb": limits.memory_mb, "prefixes": dict(prefixes)})
        self._changed = threading.Condition(threading.RLock())
        self._idle: list[Worker] = []
        self._runs: weakref.WeakSet[Run] = weakref.WeakSet()
        self._waiting: deque[object] = deque()
        self._closed = False
        self._ended: Counter[str] = Counter()

    def figures(self) -> dict[str, Any]:
        """See Engine.figures."""
        with self._changed:
            return {"running": len(self._runs), "waiting": len(self._waiting), "ended": dict(self._ended)}

    def count(self, cause: str) -> None:
        """Count a query that did not end well, by why."""
        with self._changed:
            self._ended[cause] += 1

    def run(self, request: Mapping[str, Any], time_limit_s: float | None = None) -> tuple[dict[str, str], Run]:
        """Start a query: the kind and format of its result, and the run to read it from.

        Raises QueryTimeout, QueryTooLarge, Unavailable, and Reported for what the process itself found.
        """
        for _ in range(2):
            run = self._admitted(time_limit_s or self.limits.time_s)
            try:
                return json.loads(run.start(self._worker(), request)), run
            except Ended:
                run.close()  # it ended while it was idle, or could not start
            except BaseException:
                run.close()
                raise
        raise Unavailable("no process for queries can be started", remedy="is the memory limit too low?")

    def _admitted(self, time_limit_s: float) -> Run:
        """Wait for a turn."""
        with self._changed:
            if len(self._runs) >= self.limits.workers or self._waiting:
                if len(self._waiting) >= self.limits.queue:
                    raise self._busy()
                self._wait()
            if self._closed:
                raise Unavailable("the server is shutting down")
            run = Run(self, time_limit_s)
            self._runs.add(run)
            return run

    def _wait(self) -> None:
        ticket = object()
        self._waiting.append(ticket)
        # As long as it takes for one that was admitted just before to run into its deadline.
        limit = time.monotonic() + self.limits.time_s + 2 * _GRACE_S
        try:
            while not self._closed and not (self._waiting[0] is ticket and len(self._runs) < self.limits.workers):
                now = time.monotonic()
                if now >= limit:
                    raise self._busy()
                late = [run for run in self._runs if run.until <= now]
                for run in late:
                    # Its reader has stopped reading: a process must not be lost to that.
                    run.revoke()
                    self._runs.discard(run)
                if late:
                    self._changed.notify_all()
                    continue
                soonest = min((run.until for run in self._runs), default=limit)
                self._changed.wait(max(0.0, min(limit, soonest) - now))
        finally:
            self._waiting.remove(ticket)
            self._changed.notify_all()

    def _busy(self) -> Unavailable:
        return Unavailable(
            f"all {self.limits.workers} processes for queries are busy", remedy="try again in a few seconds"
        )

    def _worker(self) -> Worker:
        with self._changed:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
                worker.close()
        return Worker(self._config)

    def take_back(self, run: Run, worker: Worker, *, reuse: bool) -> int | None:
        """A run is done with its process, which is kept or replaced: the return code of one that ended."""
        code = None if reuse else worker.close()
        with self._changed:
            self._runs.discard(run)
            # After a revocation somebody else may have the place already.
            wanted = not self._closed and len(self._idle) + len(self._runs) < self.limits.workers
            if wanted:
                # A replacement is started now, to be ready when it is wanted.
                self._idle.append(worker if reuse else Worker(self._config))
            self._changed.notify_all()
        if reuse and not wanted:
            worker.close()
        return code

    def forget(self, run: Run) -> None:
        """A run no longer counts."""
        with self._changed:
            self._runs.discard(run)
            self._changed.notify_all()

    def close(self) -> None:
        """End every process, busy ones too."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            runs = list(self._runs)
            self._changed.notify_all()
        for worker in idle:
            worker.close()
        for run in runs:
            run.close()
