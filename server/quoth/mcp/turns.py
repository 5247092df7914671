"""Turns of clients whose tools run in this process, like those of queries at the endpoint."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quoth.engine.api.client import Caller
from quoth.errors import ClientLeftError, Limit, UnavailableError

RETRY_AFTER_S = 5.0


class Turns:
    """Turns for ``most`` calls at a time, of one client all but one; ``queue`` more may wait, half of them of one
    client, for ``limit_s`` seconds at most. A caller that need not share always has its turn. Of one event loop."""

    def __init__(self, most: int, queue: int, limit_s: float) -> None:
        self._most, self._queue, self._limit_s = most, queue, limit_s
        self._places = asyncio.Semaphore(most)
        self._own: dict[str, asyncio.Semaphore] = {}
        self._asking: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, caller: Caller) -> AsyncIterator[None]:
        """Wait for a turn, and have it. Raises UnavailableError where too many wait or it takes too long, and
        ClientLeftError where the client is gone by then."""
        client = caller.client
        if client is None:
            yield
            return
        mine = self._asking[client] >= self._most + self._queue // 2
        if mine or self._asking.total() >= self._most + self._queue:
            raise _busy("too many calls wait", Limit("query_queue", self._queue))
        self._asking[client] += 1
        own = self._own.setdefault(client, asyncio.Semaphore(max(1, self._most - 1)))
        try:
            async with self._place(own), self._place(self._places):
                if caller.presence.left:
                    raise ClientLeftError("the client has left")
                yield
        finally:
            self._asking[client] -= 1
            if not self._asking[client]:
                del self._asking[client], self._own[client]

    @asynccontextmanager
    async def _place(self, places: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._limit_s):
                await places.acquire()
        except TimeoutError:
            detail = "the server was busy with other calls for too long"
            raise _busy(detail, Limit("query_time_limit_s", self._limit_s)) from None
        try:
            yield
        finally:
            places.release()


def _busy(detail: str, limit: Limit) -> UnavailableError:
    return UnavailableError(detail, remedy="try again later", limit=limit, retry_after_s=RETRY_AFTER_S)
