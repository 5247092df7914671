"""Work that is shared among processes, and comes back in its order."""

import contextlib
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

from quoth.errors import UnavailableError

Item = TypeVar("Item")
Result = TypeVar("Result")

LEAST = 12
"""Items for which it is worth while to start processes: that takes about a second of each."""
_AHEAD = 4
"""Items of each process that are sent before the result of the first is taken: more of them would only need memory."""


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared(work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[Result]:
    """The results of the work on each item, in the order of the items; by ``jobs`` processes, if there are many items.

    ``work`` is a function of a module: the processes begin with an empty memory. Raises what it raises, and
    UnavailableError where a process ends by itself.
    """
    rest = iter(items)
    first = list(islice(rest, LEAST if jobs > 1 else 0))
    if len(first) < LEAST:
        yield from map(work, first)
        yield from map(work, rest)
        return
    with contextlib.ExitStack() as stack:
        # Not a fork: it would copy the locks of threads, such as those of the progress bar and of the validator.
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        ahead: deque[Future[Result]] = deque()
        try:
            for item in chain(first, rest):
                ahead.append(pool.submit(work, item))
                if len(ahead) > jobs * _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            raise UnavailableError(
                "a process that checks documents has ended, perhaps for want of memory", remedy="give --jobs 1"
            ) from None


def _begin() -> None:
    """An interrupt is for the process that shares the work: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
