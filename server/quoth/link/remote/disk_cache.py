"""What was answered before, on disk, so that nobody is asked twice for the same."""

import hashlib
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request

from quoth.errors import UsageError

_LONGEST_S = 90 * 86400.0
"""After this long an answer is forgotten, whoever asked for it."""


@dataclass(frozen=True)
class Reply:
    """What a request was answered with: 200, a media type in lower case, and the bytes; and when (seconds, POSIX)."""

    media_type: str
    data: bytes
    at: float = field(default_factory=time.time)


class Cache:
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

    def get(self, request: Request, max_age_s: float) -> Reply | None:
        """What the request was answered with, if that is no older than ``max_age_s`` seconds."""
        query = "SELECT media_type, data, at FROM replies WHERE key = ? AND at > ?"
        row = self._database.execute(query, [_key(request), time.time() - max_age_s]).fetchone()
        return Reply(*row) if row else None

    def put(self, request: Request, reply: Reply) -> None:
        """Keep a reply."""
        row = [_key(request), reply.at, reply.media_type, reply.data]
        self._database.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)", row)

    def close(self) -> None:
        """Let the file go."""
        self._database.close()


def _key(request: Request) -> str:
    body = request.data if isinstance(request.data, bytes) else b""
    parts = [request.get_method(), request.full_url, request.get_header("Accept") or "", ""]
    return hashlib.sha256("\n".join(parts).encode() + body).hexdigest()
