"""Slots for whole tables that are sent as streams: few at a time, so that pages never wait, and none for ever."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from quoth.errors import Limit, QueryTimeoutError, UnavailableError

STREAMS = 4
"""Whole tables that one process sends at a time."""

STREAMS_OF_ONE = 2
"""Whole tables that one client gets at a time."""

STREAM_LIMIT_S = 600.0
"""Seconds that sending a whole table may take. The server cuts a client that takes nothing off before that."""

RETRY_AFTER_S = 10.0


class StreamSlots:
    """The slots for whole tables. Safe to use from many threads.

    However many tables are being sent, one piece of one table is made at a time: the pages have the rest of the
    processor.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._held: Counter[str | None] = Counter()

    def enter(self, client: str | None) -> Callable[[], None]:
        """Take a slot. Returns the function that gives it back, which may be called twice. Raises UnavailableError
        where no slot is free."""
        with self._lock:
            mine = client is not None and self._held[client] >= STREAMS_OF_ONE
            if mine or self._held.total() >= STREAMS:
                most = STREAMS_OF_ONE if mine else STREAMS
                raise UnavailableError(
                    f"{most} whole tables are being sent {'to you already' if mine else 'already'}",
                    remedy="try again when one has finished, or get pages, with limit and page",
                    limit=Limit("whole_tables_of_one_client" if mine else "whole_tables", most),
                    retry_after_s=RETRY_AFTER_S,
                )
            self._held[client] += 1
        leaving = ExitStack()  # runs its callback once, however often it is closed
        leaving.callback(self._leave, client)
        return leaving.close

    def _leave(self, client: str | None) -> None:
        with self._lock:
            self._held[client] -= 1
            self._held += Counter()  # forgets clients that have none

    def pieces(self, source: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces, made in turn with those of other streams. Raises QueryTimeoutError for a slow client."""
        until = time.monotonic() + STREAM_LIMIT_S
        while True:
            with self._making:
                piece = next(source, None)
            if piece is None:
                return
            yield piece
            if time.monotonic() > until:
                raise QueryTimeoutError(
                    f"the table was not fetched within {STREAM_LIMIT_S:g} s",
                    limit=Limit("whole_table_limit_s", STREAM_LIMIT_S),
                )
