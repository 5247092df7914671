"""The time until which a page may ask an engine: all its queries together have the time that one query has."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)
_LEAST_S: ContextVar[float] = ContextVar("least_s", default=0.0)


def begin(limit_s: float | None) -> None:
    """Begin a request in this thread, which has so many seconds for all its own queries; None: it has no such limit."""
    _UNTIL.set(None if limit_s is None else time.monotonic() + limit_s)


@contextmanager
def apart(least_s: float = 0.0) -> Iterator[None]:
    """Work within is not part of the request: each query of it has time of its own, ``least_s`` seconds or more."""
    until, least = _UNTIL.set(None), _LEAST_S.set(least_s)
    try:
        yield
    finally:
        _UNTIL.reset(until)
        _LEAST_S.reset(least)


def until(limit_s: float) -> float:
    """The time (monotonic) until which a query has to end that may take so many seconds by itself."""
    alone = time.monotonic() + max(limit_s, _LEAST_S.get())
    together = _UNTIL.get()
    return alone if together is None else min(alone, together)
