"""A pool of killable processes for queries that strangers send.

The engine cannot be interrupted from Python; a process can. Each evaluates one query at a time, ends itself at the
deadline (worker.py), and is replaced. Who may run next is decided in admission.py; a watch ends what nobody fetches,
gives long queries less of the processor, and replaces processes that died while they were idle.
"""

import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Short
from quoth.engine.pool.batch import Batch
from quoth.engine.pool.event_loop import entered
from quoth.engine.pool.execution import GRACE_S, Run, WorkerReportedError, too_large
from quoth.engine.pool.handle import Worker, WorkerExitedError, encoded
from quoth.engine.pool.scheduler import Admission
from quoth.engine.pool.ticket import Turn
from quoth.errors import UnavailableError

__all__ = ["LONG_S", "Limits", "Pool", "Run", "WorkerReportedError", "too_large"]

LONG_S = 0.5
"""Seconds after which a query counts as long."""

_WATCH_S = 0.2


@dataclass(frozen=True)
class Limits:
    """What an ad-hoc query may use.

    ``time_s`` runs from its arrival, without the time that its result waits to be fetched; that is ``delivery_s``.
    ``queue`` counts queries that wait. ``result_mb`` and ``result_rows`` bound a result (None: they do not).
    """

    time_s: float = 10.0
    memory_mb: int = 1024
    workers: int = 4
    long_workers: int = 2
    queue: int = 128
    result_mb: int | None = None
    result_rows: int | None = None
    delivery_s: float = 60.0


class Pool:
    """At most ``limits.workers`` processes, and ``limits.long_workers`` more for queries that turned out to be long;
    started when they are first needed. ``network``: they may use it. Safe to use from many threads."""

    def __init__(self, store: Path, limits: Limits, prefixes: Mapping[str, str], *, network: bool = False) -> None:
        self.limits = limits
        self._config = {
            "store": str(store),
            "memory_mb": limits.memory_mb,
            "prefixes": dict(prefixes),
            "network": network,
        }
        self._admission = Admission(limits.workers, limits.long_workers, limits.queue)
        self._lock = threading.RLock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._runs: weakref.WeakSet[Run] = weakref.WeakSet()
        self._abandoned: deque[tuple[Worker | None, Turn]] = deque()
        self._ended: Counter[str] = Counter()
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def run(self, request: Mapping[str, Any], caller: Caller, time_limit_s: float | None = None) -> Run:
        """Start a query: the run to read its result from, from the head on.

        Raises QueryTimeoutError, QueryTooLargeError, UnavailableError, ClientLeftError, and
        WorkerReportedError for what the process itself found.
        """
        time_limit_s = time_limit_s or self.limits.time_s
        until = time.monotonic() + time_limit_s
        for _ in range(2):
            run = self._admitted(self._admission.enter(caller, until), until, time_limit_s)
            if self._started(run, request):
                return run
        raise UnavailableError("no process for queries can be started", remedy="is the memory limit too low?")

    async def begin(self, request: Mapping[str, Any], caller: Caller) -> Short | Callable[[], Run]:
        """The same on an event loop: a short result, or what gives the run, to be called in a thread."""
        until = time.monotonic() + self.limits.time_s
        sent = encoded(request, until, self.limits.delivery_s + GRACE_S)
        turn = await entered(self._admission, caller, until, sent)
        if not turn.led:
            worker = self._ready()
            if worker is not None:
                await Batch(self, worker, turn).run()
            else:
                for one in (turn, *turn.companions):
                    one.send_back()
                self._admission.leave(turn)
        if isinstance(turn.outcome, Short):
            return turn.outcome
        if isinstance(turn.outcome, Exception):
            raise turn.outcome
        if isinstance(turn.outcome, Run):
            return await self._short(turn.outcome)
        turn = await entered(self._admission, caller, until, None, again=True)
        run = self._admitted(turn, until, self.limits.time_s)
        worker = self._ready()
        if worker is None:  # to start one takes longer than a loop should wait
            return lambda: run if self._started(run, request) else self.run(request, caller)
        if not self._started(run, request, worker):
            return lambda: self.run(request, caller)
        return await self._short(run)

    async def _short(self, run: Run) -> Short | Callable[[], Run]:
        try:
            return await run.short() or (lambda: run)
        except BaseException:
            run.close("unexpected")
            raise

    def more(self, turn: Turn, most: int) -> list[Turn]:
        """See Admission.more."""
        return self._admission.more(turn, most)

    def hand_over(self, turn: Turn, to: Turn) -> bool:
        """See Admission.hand_over."""
        return self._admission.hand_over(turn, to)

    def going_on(self, turn: Turn, worker: Worker) -> Run | UnavailableError:
        """The run of a query that a process is evaluating already, and that has a place."""
        assert turn.request is not None
        run = self._admitted(turn, turn.request.until, self.limits.time_s)
        run.take_over(worker)
        return run

    def _started(self, run: Run, request: Mapping[str, Any], worker: Worker | None = None) -> bool:
        """Start a query that has its place; False if the process ended while it was idle, or could not start."""
        try:
            run.start(worker or self._worker(), request)
        except WorkerExitedError:
            run.close("unexpected")
            return False
        except BaseException:
            run.close("unexpected")
            raise
        return True

    def _admitted(self, turn: Turn, until: float, time_limit_s: float) -> Run:
        run = Run(self, turn, until, time_limit_s)
        with self._lock:
            self._runs.add(run)
            if self._watch is None:
                self._watch = threading.Thread(target=_watch, args=[weakref.ref(self), self._closed], daemon=True)
                self._watch.start()
        return run

    def _worker(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    self._busy.add(worker)
                    return worker
                worker.close()
        worker = Worker(self._config)
        with self._lock:
            self._busy.add(worker)
        return worker

    def _ready(self) -> Worker | None:
        """An idle process that need not be waited for."""
        with self._lock:
            for place in reversed(range(len(self._idle))):
                if self._idle[place].ready:
                    worker = self._idle.pop(place)
                    self._busy.add(worker)
                    return worker
        return None

    def take_back(self, turn: Turn, worker: Worker, *, reuse: bool) -> int | None:
        """Nobody needs a process any more, which is kept or replaced, nor a place: the return code of one that
        ended."""
        code = None if reuse else worker.close()
        with self._lock:
            self._busy.discard(worker)
            # Before the place is left, so that whoever gets it finds the process.
            leaving = 1 if turn.placed and turn.long else 0
            kept = reuse and self._room(leaving)
            if kept:
                self._idle.append(worker)
            elif not reuse:
                self._spare(leaving)
            self._admission.leave(turn)
        if reuse and not kept:
            worker.close()
        return code

    def _room(self, leaving: int = 0) -> bool:
        """Whether there may be one more idle process. Who has a place may not have fetched a process for it yet, so
        processes are counted; those of long queries do not count, of which ``leaving`` have ended."""
        short = len(self._idle) + len(self._busy) - (self._admission.long - leaving)
        return not self._closed.is_set() and short < self.limits.workers

    def _spare(self, leaving: int = 0) -> None:
        """Start a replacement now, to be ready when it is wanted."""
        if self._room(leaving):
            self._idle.append(Worker(self._config))

    def abandon(self, worker: Worker | None, turn: Turn) -> None:
        """Nobody holds a run any more: neither its process nor its turn must be lost. Takes no lock, since a garbage
        collector may call it."""
        self._abandoned.append((worker, turn))

    def forget(self, run: Run) -> None:
        """A run no longer counts."""
        self._admission.leave(run.turn)
        with self._lock:
            self._runs.discard(run)

    def count(self, cause: str) -> None:
        """Count a query that did not end well, by why."""
        with self._lock:
            self._ended[cause] += 1

    def figures(self) -> dict[str, Any]:
        """How many queries run (long ones apart) and wait, how many processes are idle, and the queries that did not
        end well so far, by why (run.Cause, and the errors of worker.py)."""
        with self._lock:
            return {
                "running": self._admission.used,
                "long": self._admission.long,
                "waiting": self._admission.waiting,
                "idle": len(self._idle),
                "ended": dict(self._ended),
            }

    def look(self) -> None:
        """What the watch does each time."""
        now = time.monotonic()
        while self._abandoned:
            worker, turn = self._abandoned.popleft()
            if worker is not None:
                worker.close()
                with self._lock:
                    self._busy.discard(worker)
            self._admission.leave(turn)
        with self._lock:
            runs = list(self._runs)
        for run in runs:
            if run.stalled(now):
                run.revoke("delivery")
                self.forget(run)
            elif run.began is not None and now - run.began > LONG_S:
                run.give_way()
                if not run.turn.long and self._admission.lengthen(run.turn):
                    with self._lock:
                        if not self._idle:
                            self._spare()
        with self._lock:
            dead = [worker for worker in self._idle if not worker.alive]
            for worker in dead:
                self._idle.remove(worker)
                worker.close()
                if worker.ready:  # one that could not even start is not tried again before it is needed
                    self._ended["idle"] += 1
                    self._spare()

    def close(self) -> None:
        """End every process, busy ones too."""
        self._closed.set()
        self._admission.close()
        with self._lock:
            idle, self._idle = self._idle, []
            runs, busy = list(self._runs), list(self._busy)
        for worker in idle:
            worker.close()
        for run in runs:
            run.close("closing")
        for worker in busy:  # of those that share them
            worker.kill()
        self.look()


def _watch(pool: "weakref.ref[Pool]", closed: threading.Event) -> None:
    while not closed.wait(_WATCH_S):
        found = pool()
        if found is None:
            return
        found.look()
        del found
