"""Who may run next: places for queries, a bounded queue for those who wait, and a fair share of both.

One client may hold all places but one and half of the queue, so that no client by itself keeps the others out. A
place that becomes free goes to the client that holds the fewest, and among equals round-robin.

A query that turns out to be long moves to a *long place* if one is free, and the place that it leaves is free for
short ones. So a few heavy queries do not slow down the many light ones, even of the same client.

Queries that wait may *share* a place: then its process answers several without a pause, one after the other, as long
as each turns out to be short. There are as many shared places as processors, as more would be in each other's way.
"""

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from quoth.engine.api.client import Caller
from quoth.engine.pool.handle import Request
from quoth.engine.pool.ticket import Turn
from quoth.errors import ClientLeftError, Limit, UnavailableError

TOGETHER = 8
"""Queries that share a place at most."""

TOGETHER_BYTES = 1 << 14
"""Of requests that wait for the first one of them: well within the capacity of a pipe."""


_NOBODY = object()


class Admission:
    """``places`` queries run, ``long_places`` more if they are long, and ``queue`` wait; ``shared`` places may be
    shared. Safe for many threads."""

    def __init__(self, places: int, long_places: int, queue: int, shared: int = os.cpu_count() or 1) -> None:
        self.places = places
        self._shared = self._free_shared = shared
        self._queue = queue
        self._share = max(1, places - 1)
        self._queue_share = max(1, queue // 2)
        self._lock = threading.Lock()
        self._free = places
        self._free_long = long_places
        self._held: Counter[str | None] = Counter()
        self._long: Counter[str | None] = Counter()
        self._waiting: dict[str | None, deque[Turn]] = {}
        self._closed = False

    @property
    def used(self) -> int:
        """Places that are taken, without the long ones."""
        return self.places - self._free

    @property
    def long(self) -> int:
        """Long places that are taken."""
        return self._long.total()

    @property
    def waiting(self) -> int:
        """Queries that wait."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def enter(self, caller: Caller, until: float) -> Turn:
        """Wait for a place, until the time ``until`` (monotonic) at most; ``leave`` it in the end.

        Raises UnavailableError if the queue or the client's share of it is full, or no place became free in time, and
        ClientLeftError.
        """
        decided = threading.Event()
        turn = self.ask(caller, decided.set)
        if not turn.placed:
            forget = caller.presence.on_leaving(decided.set)
            try:
                decided.wait(max(0.0, until - time.monotonic()))
            finally:
                forget()
            self.settle(turn)
        return turn

    def ask(
        self, caller: Caller, decided: Callable[[], None], request: Request | None = None, *, again: bool = False
    ) -> Turn:
        """Take a place if one is free, else one in the queue: then ``settle`` it once ``decided`` was called, which
        happens in any thread and must not block, or once nobody wants to wait any longer. With a ``request``, the place
        may be another's that is shared. Whoever asks ``again``, having been sent back, is next.

        Raises UnavailableError if the queue or the client's share of it is full.
        """
        turn = Turn(caller, decided, request)
        with self._lock:
            if self._closed:
                raise _closing()
            if self._free and self._may(turn):
                self._place(turn)
            elif again:
                self._waiting.setdefault(turn.client, deque()).appendleft(turn)
            else:
                self._line_up(turn)
        return turn

    def settle(self, turn: Turn) -> None:
        """The end of waiting: with a place, an outcome, or sent back; or with UnavailableError or ClientLeftError."""
        with self._lock:
            if turn.placed or turn.outcome is not None or turn.sent_back:
                return
            turn.gone = True
            if not turn.led:
                self._step_out(turn)
            if self._closed:
                raise _closing()
        if turn.caller.presence.left:
            raise ClientLeftError("the client left while its query waited")
        raise UnavailableError(
            f"none of the {self.places} processes for queries became free in time",
            remedy="try again in a few seconds",
            limit=Limit("query_workers", self.places),
        )

    def lengthen(self, turn: Turn) -> bool:
        """Move a query to a long place: whether it is in one."""
        with self._lock:
            if turn.placed and not turn.long and self._free_long:
                self._free_long -= 1
                self._free += 1
                _decrease(self._held, turn.client)
                self._long[turn.client] += 1
                turn.long = True
                self._grant()
            return turn.long

    def more(self, turn: Turn, most: int) -> list[Turn]:
        """Others who share a place from now on that is shared: so many of those who wait at most."""
        with self._lock:
            return self._join(turn, most) if turn.shares and not self._closed else []

    def hand_over(self, turn: Turn, to: Turn) -> bool:
        """Leave a place that was shared to one of those who shared it, alone; or not, if its client would have too
        many."""
        with self._lock:
            if to is not turn:
                if to.client != turn.client and not self._has_room(to.client):
                    return False
                turn.placed, to.placed = False, True
                _decrease(self._held, turn.client)
                self._held[to.client] += 1
            self._unshare(turn)
            self._grant()
            return True

    def leave(self, turn: Turn) -> None:
        """Give the place back. May be called twice."""
        with self._lock:
            if not turn.placed:
                return
            turn.placed = False
            self._unshare(turn)
            if turn.long:
                self._free_long += 1
                _decrease(self._long, turn.client)
            else:
                self._free += 1
                _decrease(self._held, turn.client)
            self._grant()

    def close(self) -> None:
        """Send everybody away who waits or will come."""
        with self._lock:
            self._closed = True
            for line in self._waiting.values():
                for turn in line:
                    turn.decided()

    def _has_room(self, client: str | None) -> bool:
        return client is None or self._held[client] < self._share

    def _may(self, turn: Turn) -> bool:
        """Whether it may have a place that is free."""
        return self._has_room(turn.client) and (turn.request is None or self._free_shared > 0)

    def _line_up(self, turn: Turn) -> None:
        line = self._waiting.get(turn.client, ())
        if sum(map(len, self._waiting.values())) >= self._queue:
            what = f"{self._queue} queries are waiting already"
        elif turn.client is not None and len(line) >= self._queue_share:
            what = f"{self._queue_share} queries of yours are waiting already, which is a client's share of the queue"
        else:
            self._waiting.setdefault(turn.client, deque()).append(turn)
            return
        raise UnavailableError(
            f"all processes for queries are busy, and {what}",
            remedy="try again in a few seconds, with fewer requests at a time",
            limit=Limit("query_queue", self._queue),
        )

    def _step_out(self, turn: Turn) -> None:
        line = self._waiting[turn.client]
        line.remove(turn)
        if not line:
            del self._waiting[turn.client]

    def _grant(self) -> None:
        while self._free and not self._closed:
            able = [client for client, line in self._waiting.items() if self._may(line[0])]
            if not able:
                return
            turn = self._next(min(able, key=lambda c: self._held[c] + self._long[c]))
            self._place(turn)
            turn.decided()

    def _next(self, client: str | None) -> Turn:
        line = self._waiting.pop(client)
        turn = line.popleft()
        if line:
            self._waiting[client] = line  # at the end: the next one's turn comes first
        return turn

    def _place(self, turn: Turn) -> None:
        self._free -= 1
        self._held[turn.client] += 1
        turn.placed = True
        if turn.request is not None:
            turn.shares = True
            self._free_shared -= 1
            turn.companions = self._join(turn, TOGETHER - 1)

    def _join(self, turn: Turn, most: int) -> list[Turn]:
        """Let some of those who wait share a place."""
        room = min(most, -(-sum(map(len, self._waiting.values())) // self._shared))
        size = TOGETHER_BYTES
        found: list[Turn] = []
        while room > 0 and (client := self._joining(turn, size)) is not _NOBODY:
            companion = self._next(client)
            companion.led = True
            found.append(companion)
            size -= len(companion.request.line) if companion.request else 0
            room -= 1
        return found

    def _joining(self, turn: Turn, size: int) -> Any:
        """The client whose query is the next that may share a place, with a request up to that size."""
        for client, line in self._waiting.items():
            request = line[0].request
            if request is not None and len(request.line) <= size and (client == turn.client or self._has_room(client)):
                return client
        return _NOBODY

    def _unshare(self, turn: Turn) -> None:
        if turn.shares:
            turn.shares = False
            self._free_shared += 1


def _decrease(counter: Counter[str | None], client: str | None) -> None:
    """Count down by one, and forget a client of whom nothing is left."""
    counter[client] -= 1
    if counter[client] <= 0:
        del counter[client]


def _closing() -> UnavailableError:
    return UnavailableError("the server is shutting down", remedy="try again in a few seconds")
