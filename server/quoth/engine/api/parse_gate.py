"""Long queries are read one after another.

To read a query as tokens holds the interpreter's lock, and takes seconds for the longest. Many at once, which one
client alone can send, would leave no time for anybody else: for pages neither, nor for the event loop.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from quoth.errors import UnavailableError

LONG = 1 << 12
"""Characters; a query up to this length is read at once."""

WAITING = 16
"""Long queries that may wait to be read."""

WAIT_S = 5.0

_places = threading.BoundedSemaphore(WAITING + 1)
_turn = threading.Lock()


@contextmanager
def reading(text: str) -> Iterator[None]:
    """Wait for the turn to read a query, if it is long. Raises UnavailableError if too many wait, or for too long."""
    if len(text) <= LONG:
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
        f"too many queries of more than {LONG:,} characters are being read",
        remedy="try again in a few seconds, or send a shorter query",
    )
