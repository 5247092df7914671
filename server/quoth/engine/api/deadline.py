"""The time until which a page may ask an engine: all its queries together have the time that one query has."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


def begin(limit_s: float | None) -> None:
    """Begin a request in this thread, which has so many seconds for all its own queries; None: it has no such limit."""
    _UNTIL.set(None if limit_s is None else time.monotonic() + limit_s)


@contextmanager
def apart() -> Iterator[None]:
    """Work within is not part of the request, and has time of its own."""
    token = _UNTIL.set(None)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def until(limit_s: float) -> float:
    """The time (monotonic) until which a query has to end that may take so many seconds by itself."""
    alone = time.monotonic() + limit_s
    together = _UNTIL.get()
    return alone if together is None else min(alone, together)
