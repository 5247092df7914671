"""A query's limits, the states of its ticket and of its execution, and the reasons for which it is stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from quoth.engine.api.client import Caller
from quoth.errors import ClientLeftError, Limit, QueryTimeoutError, QueryTooLargeError, QuothError, UnavailableError
from quoth.sparql import query_limits


@dataclass(frozen=True)
class Limits:
    """The limits of ad-hoc queries.

    ``time_s`` runs from a query's arrival to the end of its evaluation, ``delivery_s`` from there to the last byte that
    the client fetches. ``queue`` counts queries that wait. ``result_mb`` and ``result_rows`` bound a result (None: they
    do not), ``spool_mb`` all results together while they wait to be fetched.
    """

    time_s: float = 10.0
    memory_mb: int = 1024
    workers: int = 4
    long_workers: int = 6
    queue: int = 128
    result_mb: int | None = None
    result_rows: int | None = None
    spool_mb: int = 4096
    delivery_s: float = 60.0


class TicketState(Enum):
    """The states of a ticket. The scheduler alone changes them, under its lock.

    ========= =============================================================== ==========
    from      event                                                           to
    ========= =============================================================== ==========
    (new)     a place is free that the client may have                        RUNNING
    (new)     no such place, and room in the queue                            WAITING
    (new)     no room, but another client has more waiting: its newest        WAITING
              ticket is REFUSED instead
    (new)     no room otherwise                                               (an error)
    WAITING   a place becomes free and the ticket is next                     RUNNING
    WAITING   its room in the queue goes to a client with fewer waiting       REFUSED
    WAITING   deadline, the client left, or the server shuts down             ENDED
    RUNNING   the query takes long, and a long place is free                  LONG
    RUNNING   the query takes long, and another client has more long          LONG
              queries: its newest is REFUSED instead
    RUNNING   the query takes long otherwise                                  REFUSED
    LONG      its long place goes to a client with fewer long queries         REFUSED
    RUNNING,  the query has been evaluated, or it was stopped                 ENDED
    LONG
    REFUSED   the query has been stopped, or told that it need not wait       ENDED
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


class ExecutionState(Enum):
    """The states of an execution. They change under its lock.

    ========== =============================================================== ==========
    from       event                                                           to
    ========== =============================================================== ==========
    EVALUATING the process wrote the last frame: it goes back to the pool      COMPLETE
    EVALUATING the process reported an error: it goes back to the pool         FAILED
    EVALUATING the process died, was killed, or is past the deadline: it is    FAILED
               replaced
    COMPLETE   the delivery limit passed                                       FAILED
    COMPLETE   the last byte was fetched                                       ENDED
    FAILED     the error was raised                                            ENDED
    (any)      ``close``                                                       ENDED
    ========== =============================================================== ==========
    """

    EVALUATING = "evaluating"
    COMPLETE = "complete"
    FAILED = "failed"
    ENDED = "ended"


Cause = Literal["time", "delivery", "memory", "depth", "crowded", "left", "closing", "unexpected"]
"""Why a query was stopped."""


def error_of(cause: Cause, limits: Limits, time_limit_s: float) -> QuothError:
    """The error for a query that was stopped, whose own time limit is ``time_limit_s``."""
    match cause:
        case "time":
            return QueryTimeoutError(
                f"the query was stopped after {time_limit_s:g} s",
                remedy="make it more selective, add a LIMIT, or use the dumps",
                limit=Limit("query_time_limit_s", time_limit_s),
            )
        case "delivery":
            return QueryTimeoutError(
                f"the client took more than {limits.delivery_s:g} s to fetch the result",
                remedy="fetch it faster, add a LIMIT, or use the dumps",
                limit=Limit("query_delivery_limit_s", limits.delivery_s),
            )
        case "memory":
            return QueryTooLargeError(
                f"the query needed more than its {limits.memory_mb} MB of memory",
                remedy="sort or group fewer rows, or use the dumps",
                limit=Limit("query_memory_mb", limits.memory_mb),
            )
        case "depth":
            return query_limits.too_deep("")
        case "crowded":
            return UnavailableError(
                f"the query takes longer than others, and {limits.long_workers} such queries are running already",
                remedy="try again in a few seconds, or make it more selective",
                limit=Limit("query_long_workers", limits.long_workers),
            )
        case "left":
            return ClientLeftError("the client left before its query ended")
        case "closing":
            return shutting_down()
    return UnavailableError("the query's process ended unexpectedly", remedy="try again")


def shutting_down() -> UnavailableError:
    """The error for queries that run, wait or come while the server stops."""
    return UnavailableError("the server is shutting down", remedy="try again in a few seconds")
