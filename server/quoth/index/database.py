"""The SQLite file of a release: read by many threads, by statements of which each ends at a deadline, so that none can
hold a thread, whatever is looked for.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from quoth.errors import Limit, QueryTimeoutError

TIME_LIMIT_S = 5.0
"""Seconds that one statement may take. The slowest of a release of a million quads takes a tenth of one."""

_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock: about a millisecond."""

Values = Sequence[tuple[str, int | str]]
"""Values that are bound in a statement, by name."""


class DeadlineConnection:
    """One connection, for one thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._until = 0.0
        connection.set_progress_handler(self._late, _STEPS)

    def _late(self) -> bool:
        return time.monotonic() > self._until

    def select(self, text: str, values: Values) -> list[tuple[str, ...]]:
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


class IndexDatabase:
    """The index of one release. Safe to use from many threads."""

    def __init__(self, path: Path | None, fill: Callable[[sqlite3.Connection], None]) -> None:
        """Opens the file at ``path``; where there is none, fills tables in memory."""
        self._local = threading.local()
        self._path = path if path is not None and path.is_file() else None
        self._memory: DeadlineConnection | None = None
        self._lock = threading.Lock()
        if self._path is None:
            memory = sqlite3.connect(":memory:", check_same_thread=False)
            fill(memory)
            self._memory = DeadlineConnection(memory)

    def select(self, text: str, values: Values = ()) -> list[tuple[str, ...]]:
        """The rows of a query in SQL, with values bound by name. Raises QueryTimeoutError past TIME_LIMIT_S."""
        if self._memory is not None:
            with self._lock:
                return self._memory.select(text, values)
        connection: DeadlineConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            assert self._path is not None
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = self._local.connection = DeadlineConnection(sqlite3.connect(uri, uri=True))
        return connection.select(text, values)

    def term(self, iri: str) -> int:
        """The number of an IRI; 0, which is the number of none, for an IRI that is in no list."""
        rows = self.select("SELECT id FROM term WHERE iri = :iri", [("iri", iri)])
        return int(rows[0][0]) if rows else 0
