"""One query's turn to run: what those who decide about it (admission.py) and those who evaluate it (batch.py) tell."""

from collections.abc import Callable

from quoth.engine.api.client import Caller
from quoth.engine.pool.handle import Request


class Turn:
    """One query's turn: waiting, then in a place or a long place, then over.

    ``request`` is the whole request of a query that may share a place, ``companions`` are the turns that share the one
    that this turn has. Such a companion, which is ``led``, waits for an ``outcome`` (batch.py), or is ``sent_back``
    to wait anew; it is ``gone`` if it waits no longer.
    """

    __slots__ = (
        "caller", "client", "companions", "decided", "gone", "led", "long", "outcome", "placed", "request",
        "sent_back", "shares",
    )  # fmt: skip

    def __init__(self, caller: Caller, decided: Callable[[], None], request: Request | None = None) -> None:
        self.caller = caller
        self.client = caller.client
        self.decided = decided
        self.request = request
        self.placed = self.long = self.shares = self.led = self.sent_back = self.gone = False
        self.companions: list[Turn] = []
        self.outcome: object = None

    def send_back(self) -> None:
        """Have it wait anew."""
        self.sent_back = True
        self.decided()
