"""The scheduler: which query may run next, and which may run long.

Every query begins in one of a few places. A client may hold all of them but one, and half of the queue, so no client by
itself keeps the others out. A free place goes to the client that holds the fewest, among equals to one that had no long
query lately, and among these round-robin. All clients that had long queries lately get half of the places together.
When the queue is full, a client with few waiting queries takes the room of the client with the most.

A query that takes long moves to a *long place*, so that its place is free for short queries: no place is ever held by a
long query, however many clients there are. The long places of all clients together are limited. A query that takes long
when they are full ends, or the newest long query of a client that has more of them.
"""

import asyncio
import contextlib
import threading
import time
from collections import Counter, deque
from collections.abc import Callable

from quoth.engine.api.client import Caller
from quoth.engine.pool.ticket import Ticket, TicketState, shutting_down
from quoth.errors import ClientLeftError, Limit, QuothError, UnavailableError

LATELY_S = 30.0
"""Seconds for which a client is one that had a long query lately."""


class Scheduler:
    """``places`` queries run, ``long_places`` more if they take long, and ``queue`` wait. Safe for many threads.

    ``noun`` is what errors call the queries, ``queue_limit`` the name of the limit that a full queue is."""

    def __init__(
        self, places: int, long_places: int, queue: int, noun: str = "queries", queue_limit: str = "query_queue"
    ) -> None:
        self._noun, self._queue_limit = noun, queue_limit
        self._places = places
        self._long_places = long_places
        self._queue = queue
        self._share = max(1, places - 1)
        self._half = -(-places // 2)
        # At least two, so that a client's short query can run beside its long one.
        self._long_share = max(2, long_places - 1)
        self._queue_share = max(1, queue // 2)
        self._lock = threading.Lock()
        self._running: Counter[str | None] = Counter()
        self._long: list[Ticket] = []  # in the order in which they became long
        self._long_by_client: Counter[str | None] = Counter()
        self._last_long: dict[str, float] = {}
        self._waiting: dict[str | None, deque[Ticket]] = {}
        self._closed = False

    @property
    def running(self) -> int:
        """Places that are taken, without the long ones."""
        return self._running.total()

    @property
    def long(self) -> int:
        """Long places that are taken."""
        return len(self._long)

    @property
    def waiting(self) -> int:
        """Queries that wait."""
        with self._lock:
            return self._queued()

    def admit(self, caller: Caller, until: float) -> Ticket:
        """Wait for a place, until the time ``until`` (monotonic) at most; ``release`` it in the end.

        Raises UnavailableError if the queue or the client's share of it is full, or no place became free in time, and
        ClientLeftError.
        """
        woken = threading.Event()
        ticket = self.request(caller, woken.set)
        if ticket.state is TicketState.WAITING:
            unsubscribe = caller.presence.on_leaving(woken.set)
            try:
                woken.wait(max(0.0, until - time.monotonic()))
            finally:
                unsubscribe()
            self.conclude(ticket)
        return ticket

    async def admit_async(self, caller: Caller, until: float) -> Ticket:
        """Wait for a place on an event loop, without a thread: see ``admit``."""
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()
        thread = threading.get_ident()

        def wake() -> None:
            if threading.get_ident() == thread:
                settle(woken)
                return
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(settle, woken)

        ticket = self.request(caller, wake)
        if ticket.state is TicketState.WAITING:
            unsubscribe = caller.presence.on_leaving(wake)
            timer = loop.call_later(max(0.0, until - time.monotonic()), settle, woken)
            try:
                await woken
            except asyncio.CancelledError:
                with contextlib.suppress(QuothError):
                    self.conclude(ticket)
                self.release(ticket)
                raise
            finally:
                timer.cancel()
                unsubscribe()
            self.conclude(ticket)
        return ticket

    def request(self, caller: Caller, wake: Callable[[], None]) -> Ticket:
        """Take a place if one is free, else room in the queue: then ``conclude`` the ticket once it was woken, or once
        nobody wants to wait any longer. Raises UnavailableError if there is no room in the queue."""
        ticket = Ticket(caller, wake)
        with self._lock:
            if self._closed:
                raise shutting_down()
            self._forget_long()
            if self._running.total() < self._places and self._may_start(ticket.client):
                self._start(ticket)
            else:
                self._enqueue(ticket)
        return ticket

    def conclude(self, ticket: Ticket) -> None:
        """End the waiting of a ticket: with a place, or with UnavailableError or ClientLeftError."""
        with self._lock:
            state = ticket.state
            if state is TicketState.RUNNING:
                return
            if state is TicketState.WAITING:
                line = self._waiting[ticket.client]
                line.remove(ticket)
                if not line:
                    del self._waiting[ticket.client]
            ticket.state = TicketState.ENDED
            if self._closed:
                raise shutting_down()
        if ticket.caller.presence.left:
            raise ClientLeftError("the client left while its query waited")
        if state is TicketState.REFUSED:
            raise self._queue_full(f"{self._queue} {self._noun} are waiting already")
        raise UnavailableError(
            f"none of the {self._places} processes for {self._noun} became free in time",
            remedy="try again in a few seconds, with fewer requests at a time",
        )

    def promote_to_long(self, ticket: Ticket) -> Ticket | None:
        """Move the ticket of a query that takes long to a long place: the ticket that lost its place for that, which
        may be the same one; None if a long place was free, or the query has ended meanwhile."""
        with self._lock:
            if ticket.state is not TicketState.RUNNING:
                return None
            refused = self._newest_of_most(ticket) if len(self._long) >= self._long_places else None
            if refused is not None:
                self._vacate(refused, TicketState.REFUSED)
            if refused is not ticket:
                self._vacate(ticket, TicketState.LONG)
                self._long.append(ticket)
                self._long_by_client[ticket.client] += 1
            if ticket.client is not None:
                self._last_long.pop(ticket.client, None)
                self._last_long[ticket.client] = time.monotonic()
            self._grant()
            return refused

    def release(self, ticket: Ticket) -> None:
        """Give the place back. May be called twice."""
        if ticket.state is TicketState.ENDED:  # which no event changes any more
            return
        with self._lock:
            self._vacate(ticket, TicketState.ENDED)
            self._grant()

    def close(self) -> None:
        """Send away every query that waits or will come."""
        with self._lock:
            self._closed = True
            for line in self._waiting.values():
                for ticket in line:
                    ticket.wake()

    def _may_start(self, client: str | None) -> bool:
        """Whether a client may have one of the free places. With long queries it may not have more besides than could
        become long within its share of the long places, but for one."""
        if client is None:
            return True
        if client in self._last_long and sum(self._running[c] for c in self._last_long) >= self._half:
            return False
        running, long = self._running[client], self._long_by_client[client]
        return not running or (running < self._share and (not long or running + long < self._long_share))

    def _forget_long(self) -> None:
        """Forget the clients whose last long query was not lately; they are in the order of these."""
        before = time.monotonic() - LATELY_S
        while self._last_long and self._last_long[client := next(iter(self._last_long))] < before:
            del self._last_long[client]

    def _start(self, ticket: Ticket) -> None:
        ticket.state = TicketState.RUNNING
        self._running[ticket.client] += 1

    def _vacate(self, ticket: Ticket, state: TicketState) -> None:
        """Free the place that a ticket has, if it has one, and put it in that state."""
        if ticket.state is TicketState.RUNNING:
            _decrease(self._running, ticket.client)
        elif ticket.state is TicketState.LONG:
            self._long.remove(ticket)
            _decrease(self._long_by_client, ticket.client)
        ticket.state = state

    def _newest_of_most(self, ticket: Ticket) -> Ticket:
        """The newest of the queries that take long, this one among them, of the client that has the most of them."""
        count = self._long_by_client.copy()
        count[ticket.client] += 1
        return max((ticket, *reversed(self._long)), key=lambda t: count[t.client])

    def _enqueue(self, ticket: Ticket) -> None:
        line = self._waiting.get(ticket.client, ())
        if ticket.client is not None and len(line) >= self._queue_share:
            raise self._queue_full(
                f"{self._queue_share} of your {self._noun} are waiting already,"
                " which is one client's share of the queue"
            )
        if self._queued() >= self._queue:
            longest = max(self._waiting.values(), key=len)
            if len(longest) <= len(line) + 1:
                raise self._queue_full(f"{self._queue} {self._noun} are waiting already")
            refused = longest.pop()
            refused.state = TicketState.REFUSED
            refused.wake()
        self._waiting.setdefault(ticket.client, deque()).append(ticket)

    def _queued(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _queue_full(self, what: str) -> UnavailableError:
        return UnavailableError(
            f"all processes for {self._noun} are busy, and {what}",
            remedy="try again in a few seconds, with fewer requests at a time",
            limit=Limit(self._queue_limit, self._queue),
        )

    def _grant(self) -> None:
        """Give the places that are free to tickets that wait."""
        self._forget_long()
        while self._running.total() < self._places and not self._closed:
            able = list(filter(self._may_start, self._waiting))
            if not able:
                return
            client = min(able, key=lambda c: (self._running[c] + self._long_by_client[c], c in self._last_long))
            line = self._waiting.pop(client)
            ticket = line.popleft()
            if line:
                self._waiting[client] = line  # at the end: the other clients come first
            self._start(ticket)
            ticket.wake()


def settle(future: "asyncio.Future[None]") -> None:
    """Let a future be done, if it is not."""
    if not future.done():
        future.set_result(None)


def _decrease(counter: Counter[str | None], client: str | None) -> None:
    """Count down by one, and forget a client of which nothing is left."""
    counter[client] -= 1
    if counter[client] <= 0:
        del counter[client]
