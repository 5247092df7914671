"""A ticket: one query's way through the scheduler, as a state machine."""

from collections.abc import Callable
from enum import Enum

from quoth.engine.api.client import Caller


class TicketState(Enum):
    """The states of a ticket. The scheduler alone changes them, under its lock.

    ========= =============================================================== ==========
    from      event                                                           to
    ========= =============================================================== ==========
    (new)     a place is free and the client has not its share                RUNNING
    (new)     no such place, and room in the queue                            WAITING
    (new)     no room, but another client has more waiting: its last ticket   WAITING
              is REFUSED instead
    (new)     no room otherwise                                               (an error)
    WAITING   a place becomes free and the ticket is next                     RUNNING
    WAITING   its room in the queue goes to a client with fewer waiting       REFUSED
    WAITING   deadline, the client left, or the server shuts down             ENDED
    RUNNING   the query takes long, and a long place is free                  LONG
    RUNNING   the query takes long, and another client has more long          LONG
              queries: that one's newest is REFUSED instead
    RUNNING   the query takes long otherwise                                  REFUSED
    LONG      its long place goes to a client with fewer long queries         REFUSED
    RUNNING,  the query has been evaluated or was stopped                     ENDED
    LONG
    REFUSED   the error was taken note of                                     ENDED
    ========= =============================================================== ==========

    A RUNNING ticket has a place, a LONG one has a long place; in the other states a ticket has neither.
    """

    WAITING = "waiting"
    RUNNING = "running"
    LONG = "long"
    REFUSED = "refused"
    ENDED = "ended"


class Ticket:
    """One query's ticket. ``wake`` is called, in any thread, when a waiting ticket has changed; it must not block."""

    __slots__ = ("caller", "client", "state", "wake")

    def __init__(self, caller: Caller, wake: Callable[[], None]) -> None:
        self.caller = caller
        self.client = caller.client
        self.state = TicketState.WAITING
        self.wake = wake
