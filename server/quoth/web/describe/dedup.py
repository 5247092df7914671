"""What batches share, each statement once, in memory that does not grow with them."""

import sqlite3
from collections.abc import Iterable

import pyoxigraph as ox

_MEMORY_KB = 4096


class Once:
    """Lets each of many statements through once.

    It remembers them by hashes of 64 bits, in a temporary database that moves to a file when it grows. That any two of
    ten million statements have the same is as likely as 1 in 400,000.
    """

    def __init__(self) -> None:
        # A stream may be read by one thread after another.
        self._seen = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute(f"PRAGMA cache_size = -{_MEMORY_KB}")
        self._seen.execute("CREATE TABLE seen (hash INTEGER PRIMARY KEY)")

    def new(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        """Those that have not been let through before."""
        text = "INSERT OR IGNORE INTO seen VALUES (?)"
        return [quad for quad in quads if self._seen.execute(text, (hash(quad),)).rowcount]

    def close(self) -> None:
        """Forget them."""
        self._seen.close()
