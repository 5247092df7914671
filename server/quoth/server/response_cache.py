"""The layer that keeps whole responses ready (RFC 9111 §3).

A release never changes, so what was answered once is the answer for as long as the release is current. Nothing here
expires: the least recently used goes when the room is full, and everything when another release becomes current.
"""

import hashlib
import re
from collections.abc import Callable

from cachetools import LRUCache

from quoth.http import content_encoding
from quoth.http.accept_language import preferred
from quoth.http.bounded_memo import memoised
from quoth.http.message import Fields, Handler, Request, Response
from quoth.ops import metrics

POST_BYTES = 1 << 16
"""A query with a longer body is not looked for."""

Key = tuple[bytes, bytes, str, bytes, tuple[str, ...]]

_VARIES_BY = frozenset((b"accept", b"accept-encoding", b"accept-language", b""))
_NEVER = frozenset((b"set-cookie", b"retry-after", b"content-range"))
_PRIVATE = re.compile(rb"no-store|private", re.IGNORECASE)
_LONG_BYTES = 2_000
_OVERHEAD_BYTES, _FIELD_BYTES = 2_000, 200
"""What an entry takes beside its body, and a field of it, roughly."""


class ResponseCache:
    """Keeps responses of one generation, at most ``limit_bytes`` of them. ``generation`` gives another number
    whenever what is served changes. For the thread of one event loop. ``root`` is the path of
    the public URL, without a slash at its end."""

    def __init__(self, following: Handler, generation: Callable[[], int], limit_bytes: int, root: str = "") -> None:
        self._following = following
        self._root = root
        self._generation = generation
        self._limit_bytes = limit_bytes
        self._current = generation()
        self._empty()

    async def __call__(self, request: Request) -> Response:
        generation = self._generation()
        if generation != self._current:
            self._empty()
            self._current = generation
        if not cacheable(request, self._root):
            return await self._following(request)
        entry_key = key(request)
        entry: Response | None = self._entries.get(entry_key)
        if entry is not None:
            metrics.HITS.inc()
            return entry
        metrics.MISSES.inc()
        response = await self._following(request)
        # What another release than the current one answered is not for others; and one response does not push out
        # most of the others.
        current = generation == self._current == self._generation()
        if current and storable(response) and size(response) <= self._limit_bytes // 8:
            self._entries[entry_key] = Response(response.status, response.fields, response.body, "hit")
        response.cache = "miss"
        return response

    def _empty(self) -> None:
        self._entries: LRUCache[Key, Response] = LRUCache(self._limit_bytes, getsizeof=size)

    def measure(self) -> None:
        """Bring the metrics of the cache up to date."""
        metrics.CACHE_BYTES.set(self._entries.currsize)
        metrics.CACHE_ENTRIES.set(len(self._entries))


def cacheable(request: Request, root: str) -> bool:
    """Whether the response to a request may come from the cache: to a GET, and to a query that is posted.

    What is posted without a media type is not read, whatever the URL has.
    """
    if request.whole:
        return request.method == "GET"
    if request.method != "POST" or not request.header(b"content-type") or b"content-encoding" in request.fields:
        return False
    return metrics.route(request.path, root) == "sparql" and len(request.body) <= POST_BYTES


def key(request: Request) -> Key:
    """What a response depends on beside the release: the target as it was sent, Accept as it was sent, the coding that
    Accept-Encoding comes down to, what was posted, and the languages that Accept-Language comes down to."""
    fields = request.fields
    posted = b""
    if request.method == "POST":
        posted = hashlib.sha256(fields.get(b"content-type", b"") + b"\0" + request.body).digest()
    languages = preferred(request.header(b"accept-language"))
    coding = _coding(fields.get(b"accept-encoding", b""))
    return _short(request.target), _short(fields.get(b"accept", b"")), coding, posted, languages


def _short(text: bytes) -> bytes:
    return text if len(text) <= _LONG_BYTES else b"\0" + hashlib.sha256(text).digest()


@memoised(1024)
def _coding(accept_encoding: bytes) -> str:
    text = accept_encoding.decode("latin-1")
    name = content_encoding.preferred(text, content_encoding.WHOLE) or ""
    return f"{name};" if content_encoding.refuses_plain(text) else name  # short bodies are only then compressed


def size(response: Response) -> int:
    """Bytes that a whole response takes."""
    assert isinstance(response.body, bytes)
    return len(response.body) + len(response.fields) * _FIELD_BYTES + _OVERHEAD_BYTES


def storable(response: Response) -> bool:
    """Whether a response may be kept and sent to anybody who asks the same."""
    return response.status == 200 and isinstance(response.body, bytes) and _for_everybody(response.fields)


def _for_everybody(fields: Fields) -> bool:
    for name, value in fields:
        if name in _NEVER:
            return False
        if name == b"cache-control" and _PRIVATE.search(value):
            return False
        if name == b"vary" and not {part.strip() for part in value.lower().split(b",")} <= _VARIES_BY:
            return False
    return True
