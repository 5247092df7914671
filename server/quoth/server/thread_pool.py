"""Threads that work for an event loop: what run_in_executor does, for half of its price, which every query pays."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """At most ``limit`` threads, started as they are needed. Only for the thread of one event loop.

    They are daemons: a server that has drained does not wait for what may still hang in one.
    """

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._started = 0
        self._pending = 0

    def run(self, function: Callable[[], T]) -> "asyncio.Future[T]":
        """Call a function in a thread: the future of its result. It runs to its end even if that is cancelled."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = function()
            except BaseException as raised:
                error = raised
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(self._done, future, result, error)

        self._pending += 1
        if self._pending > self._started < self._limit:
            self._started += 1
            threading.Thread(target=self._work, name=f"{self._name}-{self._started}", daemon=True).start()
        self._queue.put(work)
        return future

    def close(self) -> None:
        """Let the threads end once they have done what was asked for."""
        for _ in range(self._started):
            self._queue.put(None)

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            work()
            del work  # or what it holds would stay until the next one

    def _done(self, future: "asyncio.Future[T]", result: T, error: BaseException | None) -> None:
        self._pending -= 1
        if future.done():
            return
        if error is None:
            future.set_result(result)
        elif isinstance(error, StopIteration):
            future.set_exception(RuntimeError("a function in a thread raised StopIteration"))
        else:
            future.set_exception(error)
