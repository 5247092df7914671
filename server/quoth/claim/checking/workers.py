"""Work that is shared among processes, and comes back in its order."""

import contextlib
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from quoth import processes
from quoth.errors import UnavailableError

if TYPE_CHECKING:  # imported where processes start: few documents need none
    from concurrent.futures import Future, ProcessPoolExecutor

Item = TypeVar("Item")
Result = TypeVar("Result")

LEAST = 12
"""Items for which it is worth while to start processes: that takes about a second of each."""
_AHEAD = 4
"""Items of each process that are sent before the result of the first is taken: more of them would only need memory."""

_COLLECTION = (100_000, 20, 100)
"""The thresholds of Python's collector of circles, for work that makes millions of small objects and no circles."""


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Up to ``jobs`` processes, which start when there is enough to do, and end with the context."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(_rarely_collected())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def shared(self, work: Callable[[Item], Result], items: Iterable[Item], least: int = LEAST) -> Iterator[Result]:
        """The results of the work on each item, in the order of the items; in this process, if there are fewer than
        ``least`` items, or one job.

        ``work`` is a function of a module: the processes begin with an empty memory. Raises what it raises, and
        UnavailableError where a process ends by itself.
        """
        rest = iter(items)
        first = list(islice(rest, least if self._jobs > 1 else 0))
        if self._jobs == 1 or len(first) < least:
            yield from map(work, chain(first, rest))
            return
        from concurrent.futures.process import BrokenProcessPool

        pool = self._started()
        ahead: deque[Future[Result]] = deque()
        try:
            for item in chain(first, rest):
                ahead.append(pool.submit(work, item))
                if len(ahead) > self._jobs * _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            raise UnavailableError(
                "a process that checks documents has ended, perhaps for want of memory", remedy="give --jobs 1"
            ) from None

    def _started(self) -> "ProcessPoolExecutor":
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            # Not a fork: it would copy the locks of threads, such as those of the progress bar and of the validator.
            self._pool = ProcessPoolExecutor(self._jobs, mp_context=get_context("spawn"), initializer=_begin)
            self._stack.callback(self._pool.shutdown, wait=True, cancel_futures=True)
        return self._pool


@contextlib.contextmanager
def _rarely_collected() -> Iterator[None]:
    """A time in which circles are seldom looked for: to look through all objects again and again takes long."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTION)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def _begin() -> None:
    """An interrupt is for the process that shares the work: it ends the others, which end with it if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    processes.end_with_parent()
    gc.set_threshold(*_COLLECTION)
