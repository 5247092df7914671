"""A gate that lets large queries be read as tokens one at a time.

Reading holds the interpreter's lock, for seconds in the case of the largest queries. Many at once, which one client
alone can send, would leave no time for other queries, pages and the event loop.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from quoth.errors import UnavailableError

LARGE_QUERY_CHARS = 1 << 12
"""Characters; a query up to this length is read at once."""

MAX_WAITING = 16
"""Long queries that may wait to be read."""

WAIT_S = 5.0

_places = threading.BoundedSemaphore(MAX_WAITING + 1)
_turn = threading.Lock()


@contextmanager
def exclusive(text: str) -> Iterator[None]:
    """Hold the gate while a query is read, if it is large. Raises UnavailableError if too many wait, or too long."""
    if len(text) <= LARGE_QUERY_CHARS:
        yield
        return
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        if not _turn.acquire(timeout=WAIT_S):
            raise _busy()
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()


def _busy() -> UnavailableError:
    return UnavailableError(
        f"too many queries of more than {LARGE_QUERY_CHARS:,} characters are being read",
        remedy="try again in a few seconds, or send a shorter query",
    )
