"""The SQLite file of a release: read by many threads, by statements that each end at a deadline, so that no statement
can hold a thread, whatever is looked for.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from quoth.errors import Limit, QueryTimeoutError

TIME_LIMIT_S = 5.0
"""Seconds that one statement may take. The slowest of a release of a million quads takes a tenth of a second."""

_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock: about a millisecond."""


def file_uri(path: Path) -> str:
    """The address (https://www.sqlite.org/uri.html) of the file at ``path``, which nobody changes, to read from it."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that fills the file at ``path``, quickly: nobody reads a release before it is whole. It sorts on the
    same disk, which has room for releases, as the system's folder for temporary files need not."""
    folder = str(path.resolve().parent).replace("'", "''")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store_directory = '{folder}';"
        )
        try:
            with connection:
                yield connection
        finally:
            connection.execute("PRAGMA temp_store_directory = ''")  # which holds for the process


class _Connection:
    """A connection for one thread at a time, and when its statement has to end."""

    def __init__(self, uri: str) -> None:
        self.until = 0.0
        self.sqlite = sqlite3.connect(uri, uri=True, check_same_thread=False)
        # What is read again is in the system's cache. With 2 MB, SQLite's own measure, searches took 3 % less processor
        # time.
        self.sqlite.execute("PRAGMA cache_size = -256")
        self.sqlite.set_progress_handler(lambda: time.monotonic() > self.until, _STEPS)


class IndexDatabase:
    """The index of one release. Safe to use from many threads."""

    def __init__(self, uri: str) -> None:
        """Connects to the database at ``uri``, which nobody changes."""
        self._uri = uri
        # As many as statements have run at a time, and not as threads have run one: each takes some 0.5 MB.
        self._idle = [_Connection(uri)]

    def select(self, text: str, /, **values: int | str | None) -> list[tuple[str, ...]]:
        """The rows of a query in SQL, with values bound by name. Raises QueryTimeoutError past TIME_LIMIT_S."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _Connection(self._uri)
        connection.until = time.monotonic() + TIME_LIMIT_S
        try:
            return connection.sqlite.execute(text, values).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise QueryTimeoutError(
                f"the search through the lists was stopped after {TIME_LIMIT_S:g} s",
                remedy="narrow the list down, or search for other words",
                limit=Limit("list_time_limit_s", TIME_LIMIT_S),
            ) from None
        finally:
            self._idle.append(connection)

    def term(self, iri: str) -> int:
        """The number of an IRI in the index, or 0, which no IRI has, for an IRI that the index does not contain."""
        return next((int(number) for (number,) in self.select("SELECT id FROM term WHERE iri = :iri", iri=iri)), 0)
