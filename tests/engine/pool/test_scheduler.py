"""Places, the queue, and the fair share of each client, without processes."""

import threading
import time

import pytest

from quoth.engine.api.client import Caller, Presence
from quoth.engine.pool.scheduler import Scheduler
from quoth.engine.pool.ticket import Ticket, TicketState
from quoth.errors import ClientLeftError, QuothError, UnavailableError


def admit(scheduler: Scheduler, client: str | None, wait_s: float = 0.0) -> Ticket:
    return scheduler.admit(Caller(client), time.monotonic() + wait_s)


class Waiting(threading.Thread):
    """A client that waits for a place, in a thread of its own."""

    def __init__(self, scheduler: Scheduler, client: str, order: list[str] | None = None, wait_s: float = 5) -> None:
        super().__init__(daemon=True)
        self.scheduler, self.wait_s, self.order = scheduler, wait_s, order
        self.caller = Caller(client)
        self.ticket: Ticket | None = None
        self.error: QuothError | None = None
        self.start()
        deadline = time.monotonic() + 5
        while (
            not any(t.caller is self.caller for line in scheduler._waiting.values() for t in line)
            and self.is_alive()
            and time.monotonic() < deadline
        ):
            time.sleep(0.001)

    def run(self) -> None:
        try:
            self.ticket = self.scheduler.admit(self.caller, time.monotonic() + self.wait_s)
            if self.order is not None:
                self.order.append(str(self.caller.client))
                self.scheduler.release(self.ticket)
        except QuothError as error:
            self.error = error


def test_one_client_leaves_a_place_to_others() -> None:
    scheduler = Scheduler(places=3, long_places=0, queue=8)
    admit(scheduler, "a")
    admit(scheduler, "a")
    with pytest.raises(UnavailableError):
        admit(scheduler, "a")
    assert admit(scheduler, "b").state is TicketState.RUNNING


def test_one_client_leaves_half_of_the_queue_to_others() -> None:
    scheduler = Scheduler(places=1, long_places=0, queue=4)
    admit(scheduler, "a")
    greedy = [Waiting(scheduler, "a") for _ in range(2)]
    with pytest.raises(UnavailableError, match="of your queries") as caught:
        admit(scheduler, "a", 1)
    assert caught.value.limit is not None
    assert (caught.value.limit.name, caught.value.limit.value) == ("query_queue", 4)
    others = [Waiting(scheduler, "b") for _ in range(2)]
    # A client with fewer takes the room of the one with the most: of its newest query.
    others += [Waiting(scheduler, "c")]
    greedy[1].join()
    assert isinstance(greedy[1].error, UnavailableError)
    assert "4 queries are waiting" in str(greedy[1].error)
    with pytest.raises(UnavailableError, match="4 queries are waiting"):
        admit(scheduler, "c", 1)
    assert scheduler.waiting == 4
    scheduler.close()
    for one in greedy + others:
        one.join()
        assert isinstance(one.error, UnavailableError)


def test_a_place_goes_to_the_client_with_the_fewest_then_round_robin() -> None:
    scheduler = Scheduler(places=2, long_places=0, queue=8)
    scheduler._share = 2
    held = [admit(scheduler, "a"), admit(scheduler, "a")]
    order: list[str] = []
    waiting = [Waiting(scheduler, name, order) for name in ("a", "a", "b", "b", "c")]
    scheduler.release(held[0])
    for one in waiting:
        one.join()
    assert order == ["b", "c", "b", "a", "a"]


def test_a_long_query_frees_a_place_for_short_ones() -> None:
    scheduler = Scheduler(places=2, long_places=1, queue=8)
    first = admit(scheduler, "a")
    waiting = Waiting(scheduler, "a")
    assert scheduler.promote_to_long(first) is None
    assert first.state is TicketState.LONG
    waiting.join()
    assert waiting.ticket is not None
    assert (scheduler.running, scheduler.long) == (1, 1)
    scheduler.release(first)
    scheduler.release(first)
    assert (scheduler.running, scheduler.long) == (1, 0)
    assert scheduler.promote_to_long(waiting.ticket) is None
    scheduler.release(waiting.ticket)
    assert (scheduler.running, scheduler.long, scheduler.waiting) == (0, 0, 0)
    assert not scheduler._running
    assert not scheduler._long_by_client
    assert scheduler.promote_to_long(first) is None
    assert (first.state, scheduler.long) == (TicketState.ENDED, 0)


def test_long_queries_never_take_the_places_of_short_ones() -> None:
    scheduler = Scheduler(places=2, long_places=2, queue=8)
    for client in "abcdef":
        ticket = admit(scheduler, client)
        refused = scheduler.promote_to_long(ticket)
        assert refused is (None if client in "ab" else ticket)
    assert (scheduler.running, scheduler.long) == (0, 2)


def test_the_client_with_the_most_long_queries_loses_one_to_another_client() -> None:
    scheduler = Scheduler(places=4, long_places=3, queue=8)
    greedy = [admit(scheduler, client) for client in "baa"]
    assert [scheduler.promote_to_long(ticket) for ticket in greedy] == [None, None, None]
    modest = admit(scheduler, "c")
    assert scheduler.promote_to_long(modest) is greedy[2]
    assert [ticket.state for ticket in (*greedy, modest)] == [TicketState.LONG] * 2 + [
        TicketState.REFUSED,
        TicketState.LONG,
    ]
    scheduler.release(greedy[2])
    assert scheduler.long == 3


def test_a_client_at_its_limit_waits_instead_of_losing_its_long_queries() -> None:
    scheduler = Scheduler(places=4, long_places=4, queue=8)
    for _ in range(2):
        assert scheduler.promote_to_long(admit(scheduler, "a")) is None
    beside = admit(scheduler, "a")
    with pytest.raises(UnavailableError, match="in time"):
        admit(scheduler, "a")
    assert admit(scheduler, "b").state is TicketState.RUNNING
    assert scheduler.promote_to_long(beside) is None
    assert admit(scheduler, "a").state is TicketState.RUNNING


def test_a_client_after_a_long_query_comes_after_others() -> None:
    scheduler = Scheduler(places=1, long_places=1, queue=8)
    long = admit(scheduler, "long")
    scheduler.promote_to_long(long)
    scheduler.release(long)
    held = admit(scheduler, "other")
    order: list[str] = []
    waiting = [Waiting(scheduler, name, order) for name in ("long", "short")]
    scheduler.release(held)
    for one in waiting:
        one.join()
    assert order == ["short", "long"]


def test_a_client_that_leaves_frees_its_place_in_the_queue() -> None:
    scheduler = Scheduler(places=1, long_places=0, queue=2)
    admit(scheduler, "a")
    waiting = Waiting(scheduler, "a", wait_s=60)
    waiting.caller.presence.leave()
    waiting.join(1)
    assert isinstance(waiting.error, ClientLeftError)
    assert scheduler.waiting == 0


def test_presence_calls_each_callback_once() -> None:
    calls: list[str] = []
    presence = Presence()
    presence.on_leaving(lambda: calls.append("one"))
    forget = presence.on_leaving(lambda: calls.append("two"))
    forget()
    presence.leave()
    presence.leave()
    presence.on_leaving(lambda: calls.append("late"))
    assert calls == ["one", "late"]
    assert presence.left


def test_concurrent_threads_never_exceed_the_places() -> None:
    scheduler = Scheduler(places=3, long_places=2, queue=64)
    most = [0]
    wrong: list[str] = []

    def work(number: int) -> None:
        for i in range(200):
            ticket = scheduler.admit(Caller(f"client {number % 3}"), time.monotonic() + 30)
            if scheduler.running > 3 or scheduler.long > 2:
                wrong.append("too many")
            most[0] = max(most[0], scheduler.running)
            if i % 5 == 0:
                scheduler.promote_to_long(ticket)
            scheduler.release(ticket)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert (scheduler.running, scheduler.long, scheduler.waiting) == (0, 0, 0)
