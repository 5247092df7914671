"""The deadline of the request that is being answered, which its queries share, one after the other."""

import time
from contextvars import ContextVar

_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


def start(limit_s: float) -> None:
    """Give the work that follows in this context ``limit_s`` seconds from now."""
    _UNTIL.set(time.monotonic() + limit_s)


def until(limit_s: float) -> float:
    """The time (time.monotonic) by which a query that begins now has to be done: ``limit_s`` seconds from now, or the
    deadline of the request, if that is earlier."""
    own, whole = time.monotonic() + limit_s, _UNTIL.get()
    return own if whole is None else min(own, whole)
