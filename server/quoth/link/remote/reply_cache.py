"""The replies of other servers, on disk, so that no server is asked twice for the same.

``cache_hours`` of a target, not the servers, decides how long a reply is used, and nearly all requests are POSTs:
caches that follow RFC 9111 keep neither.
"""

import hashlib
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from quoth.errors import UsageError

_LONGEST_S = 90 * 86400.0
"""Seconds after which a reply is deleted, whatever the target."""


@dataclass(frozen=True)
class Reply:
    """The answer to a request: its media type in lower case, its bytes, and when it came (seconds, POSIX)."""

    media_type: str
    data: bytes
    at: float = field(default_factory=time.time)


class ReplyCache:
    """Replies by request, in ``folder``; safe to kill at any time. Close it when done.

    Raises UsageError where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(folder / "replies.sqlite", isolation_level=None, timeout=10)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, at REAL, media_type TEXT, data BLOB)"
            )
            self._database.execute("DELETE FROM replies WHERE at < ?", [time.time() - _LONGEST_S])
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"the cache cannot be opened: {error}", where=str(folder)) from None

    def get(self, request: httpx2.Request, max_age_s: float) -> Reply | None:
        """The reply to the request, if there is one no older than ``max_age_s`` seconds."""
        query = "SELECT media_type, data, at FROM replies WHERE key = ? AND at > ?"
        row = self._database.execute(query, [_key(request), time.time() - max_age_s]).fetchone()
        return Reply(*row) if row else None

    def put(self, request: httpx2.Request, reply: Reply) -> None:
        """Keep a reply."""
        row = [_key(request), reply.at, reply.media_type, reply.data]
        self._database.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)", row)

    def close(self) -> None:
        """Let the file go."""
        self._database.close()


def _key(request: httpx2.Request) -> str:
    parts = [request.method, str(request.url), request.headers.get("Accept", ""), ""]
    return hashlib.sha256("\n".join(parts).encode() + request.content).hexdigest()
