"""The status of an answer, for programs: found, or why nothing is there."""

from enum import Enum

from quoth.errors import (
    GoneError,
    NotFoundError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    QueryTooLargeError,
    QuothError,
    TextTimeoutError,
    UsageError,
)


class Status(Enum):
    """The status of an answer; MEANINGS says what each means."""

    FOUND = "found"
    NOTHING_FOUND = "nothing-found"
    OUTSIDE_CORPUS = "outside-corpus"
    WITHDRAWN = "withdrawn"
    TIMED_OUT = "timed-out"
    REFUSED = "refused"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


MEANINGS = {
    Status.FOUND: "what was asked for is in the answer",
    Status.NOTHING_FOUND: "the corpus was searched and has nothing of the kind; that says nothing about what is true",
    Status.OUTSIDE_CORPUS: "the corpus does not know who or what was asked about, so it cannot tell",
    Status.WITHDRAWN: "it was in an earlier release and was withdrawn, with the reason in the message",
    Status.TIMED_OUT: "the search was stopped by its time limit, so that what there is remains open",
    Status.REFUSED: "this server does not do that, or not as much of it",
    Status.INVALID: "an argument cannot be understood; the message says which and what to give",
    Status.UNAVAILABLE: "the server is busy or cannot read its data now; ask again later",
}
"""Every status with its meaning."""

FAILURES = (Status.TIMED_OUT, Status.REFUSED, Status.INVALID, Status.UNAVAILABLE)
"""Those of calls that failed; the others are answers."""


class NothingFoundError(NotFoundError):
    """The corpus knows what was asked about, and has nothing of the kind that was asked for."""


_OF_ERRORS: tuple[tuple[type[QuothError], Status], ...] = (
    (QueryTimeoutError, Status.TIMED_OUT),
    (TextTimeoutError, Status.TIMED_OUT),
    (QueryRefusedError, Status.REFUSED),
    (QueryTooLargeError, Status.REFUSED),
    (GoneError, Status.WITHDRAWN),
    (NothingFoundError, Status.NOTHING_FOUND),
    (NotFoundError, Status.OUTSIDE_CORPUS),
    (QuerySyntaxError, Status.INVALID),
    (UsageError, Status.INVALID),
)


def of_error(error: QuothError) -> Status:
    """The status of an answer in place of which there is that error."""
    return next((status for kind, status in _OF_ERRORS if isinstance(error, kind)), Status.UNAVAILABLE)
