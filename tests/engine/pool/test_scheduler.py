"""Places, the queue, and a fair share of both: no process is involved."""

import threading
import time

import pytest

from quoth.engine.api.client import Caller, Presence
from quoth.engine.pool.handle import Request
from quoth.engine.pool.scheduler import TOGETHER_BYTES, Admission
from quoth.engine.pool.ticket import Turn
from quoth.errors import ClientLeftError, QuothError, UnavailableError


def enter(admission: Admission, client: str | None, wait_s: float = 0.0) -> Turn:
    return admission.enter(Caller(client), time.monotonic() + wait_s)


class Waiting(threading.Thread):
    """Somebody who waits for a place, in a thread of their own."""

    def __init__(self, admission: Admission, client: str, order: list[str] | None = None, wait_s: float = 5) -> None:
        super().__init__(daemon=True)
        self.admission, self.wait_s, self.order = admission, wait_s, order
        self.caller = Caller(client)
        self.turn: Turn | None = None
        self.error: QuothError | None = None
        before = admission.waiting
        self.start()
        deadline = time.monotonic() + 5
        while admission.waiting == before and self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.001)

    def run(self) -> None:
        try:
            self.turn = self.admission.enter(self.caller, time.monotonic() + self.wait_s)
            if self.order is not None:
                self.order.append(str(self.caller.client))
                self.admission.leave(self.turn)
        except QuothError as error:
            self.error = error


def test_one_client_leaves_a_place_to_others() -> None:
    admission = Admission(places=3, long_places=0, queue=8)
    enter(admission, "a")
    enter(admission, "a")
    with pytest.raises(UnavailableError):
        enter(admission, "a")
    assert enter(admission, "b").placed


def test_one_client_leaves_half_of_the_queue_to_others() -> None:
    admission = Admission(places=1, long_places=0, queue=4)
    enter(admission, "a")
    greedy = [Waiting(admission, "a") for _ in range(2)]
    with pytest.raises(UnavailableError, match="queries of yours") as caught:
        enter(admission, "a", 1)
    assert caught.value.limit is not None
    assert (caught.value.limit.name, caught.value.limit.value) == ("query_queue", 4)
    others = [Waiting(admission, "b") for _ in range(2)]
    with pytest.raises(UnavailableError, match="4 queries are waiting"):
        enter(admission, "c", 1)
    admission.close()
    for one in greedy + others:
        one.join()
        assert isinstance(one.error, UnavailableError)


def test_a_place_goes_to_whoever_holds_fewest_and_then_round_robin() -> None:
    admission = Admission(places=2, long_places=0, queue=8)
    admission._share = 2
    held = [enter(admission, "a"), enter(admission, "a")]
    order: list[str] = []
    waiting = [Waiting(admission, name, order) for name in ("a", "a", "b", "b", "c")]
    admission.leave(held[0])
    for one in waiting:
        one.join()
    assert order == ["b", "c", "b", "a", "a"]


def test_a_long_query_makes_room_for_short_ones() -> None:
    admission = Admission(places=2, long_places=1, queue=8)
    first = enter(admission, "a")
    waiting = Waiting(admission, "a")
    assert admission.lengthen(first)
    waiting.join()
    assert waiting.turn is not None
    assert (admission.used, admission.long) == (1, 1)
    assert not admission.lengthen(waiting.turn)
    admission.leave(first)
    admission.leave(first)
    assert (admission.used, admission.long) == (1, 0)
    assert admission.lengthen(waiting.turn)
    admission.leave(waiting.turn)
    assert (admission.used, admission.long, admission.waiting) == (0, 0, 0)
    assert not admission._held
    assert not admission._long


def test_who_leaves_gives_up_the_place_in_the_queue_at_once() -> None:
    admission = Admission(places=1, long_places=0, queue=2)
    enter(admission, "a")
    waiting = Waiting(admission, "a", wait_s=60)
    waiting.caller.presence.leave()
    waiting.join(1)
    assert isinstance(waiting.error, ClientLeftError)
    assert admission.waiting == 0


def test_presence_tells_everybody_once() -> None:
    told: list[str] = []
    presence = Presence()
    presence.on_leaving(lambda: told.append("one"))
    forget = presence.on_leaving(lambda: told.append("two"))
    forget()
    presence.leave()
    presence.leave()
    presence.on_leaving(lambda: told.append("late"))
    assert told == ["one", "late"]
    assert presence.left


def test_many_threads_never_hold_more_than_there_is() -> None:
    admission = Admission(places=3, long_places=2, queue=64)
    most = [0]
    wrong: list[str] = []

    def work(number: int) -> None:
        for i in range(200):
            turn = admission.enter(Caller(f"client {number % 3}"), time.monotonic() + 30)
            if admission.used > 3 or admission.long > 2:
                wrong.append("too many")
            most[0] = max(most[0], admission.used)
            if i % 5 == 0:
                admission.lengthen(turn)
            admission.leave(turn)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert (admission.used, admission.long, admission.waiting) == (0, 0, 0)


REQUEST = Request(b"{}\n", 0.0)


def shared(admission: Admission, client: str | None, request: Request = REQUEST) -> Turn:
    return admission.ask(Caller(client), lambda: None, request)


def test_those_who_wait_share_a_place_with_whoever_gets_it() -> None:
    admission = Admission(places=3, long_places=0, queue=20, shared=1)
    first = shared(admission, "a")
    waiting = [shared(admission, client) for client in "abcabc"]
    assert first.placed
    assert not any(turn.placed for turn in waiting)
    admission.leave(first)
    second = next(turn for turn in waiting if turn.placed)
    assert [turn.client for turn in second.companions] == ["b", "c", "a", "b", "c"]
    assert all(turn.led and not turn.placed for turn in second.companions)
    assert (admission.used, admission.waiting) == (1, 0)


def test_a_long_request_and_one_that_comes_alone_share_nothing() -> None:
    admission = Admission(places=3, long_places=0, queue=20, shared=1)
    first = shared(admission, None)
    shared(admission, None)
    shared(admission, None, Request(b"x" * (TOGETHER_BYTES + 1), 0.0))
    admission.leave(first)
    assert (admission.used, admission.waiting) == (1, 1)
    assert admission.ask(Caller(None), lambda: None).placed


def test_a_place_is_handed_over_to_whom_it_may_be() -> None:
    admission = Admission(places=2, long_places=0, queue=20, shared=1)
    first = shared(admission, "a")
    others = [shared(admission, client) for client in "bc"]
    admission.leave(first)
    lead, companion = others
    held = admission.ask(Caller("c"), lambda: None)
    assert held.placed
    assert not admission.hand_over(lead, companion)  # c has its share
    admission.leave(held)
    assert admission.hand_over(lead, companion)
    assert (lead.placed, companion.placed, admission.used) == (False, True, 1)
    assert shared(admission, "a").placed
