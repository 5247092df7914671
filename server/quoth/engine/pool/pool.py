"""A pool of killable processes for queries that strangers send.

The engine cannot be interrupted from Python; a process can. Each evaluates one query at a time, ends itself at the
deadline, and is replaced. The scheduler decides which query runs next. A thread, the watch, takes in what the processes
write, stops queries whose time has passed, moves long ones out of the way of short ones, and does all that might block:
closing, reaping and starting processes.
"""

import contextlib
import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Short
from quoth.engine.pool.execution import Execution
from quoth.engine.pool.scheduler import Scheduler
from quoth.engine.pool.spool import Spool, SpoolFile
from quoth.engine.pool.ticket import Limits, Ticket, TicketState, shutting_down
from quoth.engine.pool.worker_handle import Receiver, Watch, WorkerExitedError, WorkerHandle
from quoth.errors import UnavailableError

__all__ = ["LONG_S", "Limits", "Pool"]

LONG_S = 0.5
"""Seconds after which a query counts as long."""

_CLOSE_WAIT_S = 1.0
_EXIT_WAIT_S = 5.0


class Pool:
    """At most ``limits.workers`` processes, and ``limits.long_workers`` more for queries that turned out to be long;
    started when they are first needed. ``network``: they may use it. Safe to use from many threads."""

    def __init__(self, store: Path, limits: Limits, prefixes: Mapping[str, str], *, network: bool = False) -> None:
        self.limits = limits
        self.spool = Spool(limits.spool_mb)
        self._config = {
            "store": str(store),
            "memory_mb": limits.memory_mb,
            "prefixes": dict(prefixes),
            "network": network,
        }
        self._scheduler = Scheduler(limits.workers, limits.long_workers, limits.queue)
        self._lock = threading.RLock()
        # Processes: ready for a query, with one, to be closed, and closed but not yet waited for.
        self._idle: list[WorkerHandle] = []
        self._busy: set[WorkerHandle] = set()
        self._retired: deque[WorkerHandle] = deque()
        self._ending: list[WorkerHandle] = []
        # Stores, beside that of the pool, that processes may keep open.
        self._stores: set[str] = set()
        # Queries: those that somebody holds, those whose holder is gone, and how many ended badly, by cause.
        self._executions: weakref.WeakValueDictionary[Ticket, Execution] = weakref.WeakValueDictionary()
        self._abandoned: deque[tuple[WorkerHandle | None, Ticket, SpoolFile | None]] = deque()
        self._ended: Counter[str] = Counter()
        self._closed = False
        self._watch: Watch | None = None

    def run(self, request: Mapping[str, Any], caller: Caller, time_limit_s: float | None = None) -> Execution:
        """Start a query: the execution to read its result from, from the head on.

        Raises QueryTimeoutError, QueryTooLargeError, UnavailableError, ClientLeftError, and WorkerReportedError.
        """
        time_limit_s = time_limit_s or self.limits.time_s
        until = time.monotonic() + time_limit_s
        for _ in range(2):
            execution = self._execution(self._scheduler.admit(caller, until), until, time_limit_s)
            if self._start(execution, request):
                return execution
        raise UnavailableError("no process for queries can be started", remedy="is the memory limit too low?")

    async def begin(self, request: Mapping[str, Any], caller: Caller) -> Short | Callable[[], Execution]:
        """Like ``run``, on an event loop: a short result, or a function that gives the execution, to be called in a
        thread."""
        until = time.monotonic() + self.limits.time_s
        ticket = await self._scheduler.admit_async(caller, until)
        execution = self._execution(ticket, until, self.limits.time_s)
        worker = self._ready_worker(request.get("store"))
        if worker is None:  # to start one takes longer than a loop should wait
            return lambda: execution if self._start(execution, request) else self.run(request, caller)
        if not self._start(execution, request, worker):
            return lambda: self.run(request, caller)
        try:
            return await execution.short() or (lambda: execution)
        except BaseException:
            execution.close("unexpected")
            raise

    def _execution(self, ticket: Ticket, until: float, time_limit_s: float) -> Execution:
        execution = Execution(self, ticket, until, time_limit_s)
        with self._lock:
            if not self._closed:
                self._executions[ticket] = execution
                self._watch = self._watch or Watch(self.check)
                return execution
        execution.close()
        raise shutting_down()

    def _start(self, execution: Execution, request: Mapping[str, Any], ready: WorkerHandle | None = None) -> bool:
        """Start a query that has its place, on a process that is ready, or on any and followed by the watch; False if
        the process ended while it was idle, or could not start."""
        try:
            store = request.get("store")
            worker = ready or self._worker(store)
            if store is not None:
                worker.stores.add(store)
            execution.start(worker, request)
            if ready is None:
                execution.follow()
        except WorkerExitedError:
            execution.close("unexpected")
            return False
        except BaseException:
            execution.close("unexpected")
            raise
        return True

    def _worker(self, store: str | None) -> WorkerHandle:
        """An idle process, one that has the store open if there is one, or a new one."""
        with self._lock:
            while self._idle:
                worker = self._idle.pop(self._places(store)[-1])
                if worker.alive:
                    self._busy.add(worker)
                    return worker
                self._retire(worker)
        try:
            worker = WorkerHandle(self._config)
        except OSError as error:
            raise UnavailableError(
                f"no process for queries can be started: {error}", remedy="try again later"
            ) from None
        with self._lock:
            self._busy.add(worker)
            if not self._closed:
                return worker
        worker.close()
        raise shutting_down()

    def _places(self, store: str | None) -> list[int]:
        """The places of the idle processes, those last that have the store open."""
        return sorted(range(len(self._idle)), key=lambda place: store in self._idle[place].stores)

    def _ready_worker(self, store: str | None) -> WorkerHandle | None:
        """An idle process that need not be waited for."""
        with self._lock:
            for place in reversed(self._places(store)):
                if self._idle[place].ready:
                    worker = self._idle.pop(place)
                    self._busy.add(worker)
                    return worker
        return None

    def watch(self, worker: WorkerHandle, receiver: Receiver) -> Callable[[], None]:
        """See Supervisor.watch."""
        assert self._watch is not None
        return self._watch.add(worker, receiver)

    def evaluated(self, ticket: Ticket, worker: WorkerHandle, *, reuse: bool) -> None:
        """See Supervisor.evaluated."""
        with self._lock:
            self._busy.discard(worker)
            leaving = 1 if ticket.state is TicketState.LONG else 0
            if reuse and not worker.outdated and worker.stores <= self._stores and self._has_room(leaving):
                # Before the place is left, so that the query that gets it finds the process.
                self._idle.append(worker)
            else:
                self._retire(worker)
        self._scheduler.release(ticket)

    def open_store(self, path: str) -> None:
        """Let processes keep another store open, which requests name by ``store``."""
        with self._lock:
            self._stores.add(path)

    def close_store(self, path: str) -> None:
        """Have no process keep that store open: one that evaluates a query over it ends after that."""
        with self._lock:
            self._stores.discard(path)
            for worker in [worker for worker in self._idle if path in worker.stores]:
                self._idle.remove(worker)
                self._retire(worker)
            for worker in self._busy:
                worker.outdated |= path in worker.stores

    def _has_room(self, leaving: int = 0) -> bool:
        """Whether there may be one more idle process. A query with a place may not have fetched a process for it yet,
        so processes are counted; those of long queries do not count, of which ``leaving`` have ended."""
        short = len(self._idle) + len(self._busy) - (self._scheduler.long - leaving)
        return not self._closed and short < self.limits.workers

    def _retire(self, worker: WorkerHandle) -> None:
        """Have the watch close a process, and start another one in its place."""
        self._retired.append(worker)
        if self._watch is None:
            self._close_retired()
        self.check_soon()

    def abandon(self, worker: WorkerHandle | None, ticket: Ticket, file: SpoolFile | None) -> None:
        """See Supervisor.abandon."""
        self._abandoned.append((worker, ticket, file))
        self.check_soon()

    def forget(self, ticket: Ticket) -> None:
        """See Supervisor.forget."""
        self._scheduler.release(ticket)
        with self._lock:
            self._executions.pop(ticket, None)

    def count(self, cause: str) -> None:
        """See Supervisor.count."""
        with self._lock:
            self._ended[cause] += 1

    def check_soon(self) -> None:
        """See Supervisor.check_soon."""
        if self._watch is not None:
            self._watch.wake()

    def figures(self) -> dict[str, Any]:
        """The numbers of queries that run, that run long and that wait, and the number of idle processes; and how many
        queries ``ended`` badly so far, by reason: those of ``ticket.Cause`` and those that ``worker`` reports, and
        ``idle`` for a process that died without a query."""
        with self._lock:
            return {
                "running": self._scheduler.running,
                "long": self._scheduler.long,
                "waiting": self._scheduler.waiting,
                "idle": len(self._idle),
                "ended": dict(self._ended),
            }

    def check(self) -> None:
        """See to everything that does not follow from what a process has written. For the watch."""
        self._close_abandoned()
        self._check_executions()
        with self._lock:
            self._replace_workers()

    def _close_abandoned(self) -> None:
        while self._abandoned:
            worker, ticket, file = self._abandoned.popleft()
            if file is not None:
                self.spool.close(file)
            if worker is not None:
                if self._watch is not None:
                    self._watch.remove(worker.fileno())
                self.evaluated(ticket, worker, reuse=False)
            self._scheduler.release(ticket)

    def _check_executions(self) -> None:
        now = time.monotonic()
        with self._lock:
            executions = dict(self._executions)
        for ticket, execution in executions.items():
            execution.check(now)
            if ticket.state is TicketState.RUNNING and execution.began is not None and now - execution.began > LONG_S:
                execution.lower_priority()
                refused = self._scheduler.promote_to_long(ticket)
                if refused in executions:
                    executions[refused].kill("crowded")

    def _replace_workers(self) -> None:
        """Close the processes that ended or are to end, and start another one, to be ready when it is wanted."""
        replace = bool(self._retired) or bool(self._scheduler.long and not self._idle)
        for worker in list(self._idle):
            try:
                worker.check_ready()
                if worker.alive:
                    continue
            except (WorkerExitedError, UnavailableError):
                pass
            self._idle.remove(worker)
            self._retired.append(worker)
            if worker.ready:  # one that could not even start is not tried again before it is needed
                self._ended["idle"] += 1
                replace = True
        self._close_retired()
        if replace and not self._idle and self._has_room():
            with contextlib.suppress(OSError):  # the next query that needs one tells why it cannot be started
                self._idle.append(WorkerHandle(self._config))

    def _close_retired(self) -> None:
        while self._retired:
            worker = self._retired.popleft()
            worker.close()
            self._ending.append(worker)
        self._ending = [worker for worker in self._ending if worker.alive]

    def close(self) -> None:
        """End every process, busy ones too."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            executions, workers, self._idle = list(self._executions.values()), self._idle, []
        self._scheduler.close()
        for execution in executions:
            execution.kill("closing")
        if self._watch is not None:
            until = time.monotonic() + _CLOSE_WAIT_S
            while self._busy and time.monotonic() < until:
                time.sleep(0.01)
            self._watch.close()
            self._watch = None
        self.check()
        workers += self._busy
        for worker in workers:
            worker.close()
        for worker in workers + self._ending:
            worker.exit_code(_EXIT_WAIT_S)
