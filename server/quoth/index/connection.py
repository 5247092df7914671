"""A connection to SQLite whose statements end at a deadline: none can hold a thread, whatever is looked for."""

import sqlite3
import time
from collections.abc import Sequence

from quoth.errors import Limit, QueryTimeoutError

TIME_LIMIT_S = 5.0
"""Seconds that one statement may take. The slowest of a release of a million quads takes a tenth of one."""

_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock: about a millisecond."""


class Timed:
    """One connection, for one thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._until = 0.0
        connection.set_progress_handler(self._late, _STEPS)

    def _late(self) -> bool:
        return time.monotonic() > self._until

    def select(self, text: str, values: Sequence[tuple[str, int | str]]) -> list[tuple[str, ...]]:
        """The rows of a statement, with values bound by name. Raises QueryTimeoutError past TIME_LIMIT_S."""
        self._until = time.monotonic() + TIME_LIMIT_S
        try:
            return self._connection.execute(text, dict(values)).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise QueryTimeoutError(
                f"looking through the lists was stopped after {TIME_LIMIT_S:g} s",
                remedy="narrow the list down, or look for other words",
                limit=Limit("list_time_limit_s", TIME_LIMIT_S),
            ) from None
