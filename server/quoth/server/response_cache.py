"""The layer that answers from stored responses (RFC 9111), and evaluates conditions and HEAD (RFC 9110 §9.3.2, §13).

A release never changes, so a response holds for as long as the release is current. Nothing expires: the least recently
used response goes when the room is full, and every one when another release becomes current.

The layers below get GET for HEAD, so that HEAD and a 304 have just the fields that GET has. Below, a condition only
saves work: the application answers 304 by itself where it can tell without a representation.
"""

import hashlib
import re
from typing import Protocol

from cachetools import LRUCache

from quoth.http import accept_language, conditional, content_encoding
from quoth.http.message import Handler, Request, Response, raw_fields
from quoth.http.problem_details import ProblemDetails
from quoth.ops import metrics
from quoth.web.core.responses import ALWAYS

POST_BYTES = 1 << 16
"""The length of a body up to which the response to a posted query is stored."""

Key = tuple[bytes, bytes, str, bytes, tuple[str, ...]]

_OF_A_BODY = frozenset(
    (b"accept-ranges", b"content-length", b"content-type", b"content-encoding", b"content-range", b"transfer-encoding")
)
_UNMET = ProblemDetails(
    412,
    "Precondition failed",
    "what is served now is not what If-Match or If-Unmodified-Since asks for",
    "leave the condition out, or use the ETag or the Last-Modified of an answer to GET",
).response(*raw_fields(ALWAYS))

_VARIES_BY = frozenset((b"accept", b"accept-datetime", b"accept-encoding", b"accept-language", b""))
_NEVER = frozenset((b"set-cookie", b"retry-after", b"content-range"))
_PRIVATE = re.compile(rb"no-store|private", re.IGNORECASE)
_LONG_BYTES = 2_000
_OVERHEAD_BYTES, _FIELD_BYTES = 2_000, 200
"""Memory of an entry beside its body, and of one of its fields, roughly."""


class Generation(Protocol):
    """A number that is another one whenever the answers to requests may have changed."""

    @property
    def generation(self) -> int: ...


class ResponseCache:
    """Stores the responses of the ``current`` generation, at most ``limit_bytes`` of them. For the thread of one event
    loop. ``root`` is the path of the public URL, without a slash at its end."""

    def __init__(self, following: Handler, current: Generation, limit_bytes: int, root: str = "") -> None:
        self._following = following
        self._root = root
        self._current = current
        self._generation = current.generation
        self._limit_bytes = limit_bytes
        self._empty()

    async def __call__(self, request: Request) -> Response:
        if not request.reads:
            return await self._stored(request)
        head = request.method == "HEAD" and not request.body
        response = await self._stored(request.as_get() if head else request)
        status, fields, body = response.status, response.fields, b""
        if status in (200, 206) and not conditional.FIELDS.isdisjoint(request.fields):
            tag = response.value(b"etag").decode("latin-1")
            outcome = conditional.outcome(request.fields, tag, response.value(b"last-modified"))
            status = status if outcome == 200 else outcome
        if status == 304:  # RFC 9110 §15.4.5
            fields = [(name, value) for name, value in fields if name not in _OF_A_BODY]
        elif status != response.status:
            assert isinstance(_UNMET.body, bytes)
            fields, body = _UNMET.fields, b"" if head else _UNMET.body
        elif not head:
            return response
        if not isinstance(response.body, bytes):
            await response.body.aclose()
        return Response(status, fields, body, response.cache)

    async def _stored(self, request: Request) -> Response:
        """The stored response, else that of the following layer, which is stored if it may be."""
        generation = self._current.generation
        if generation != self._generation:
            self._empty()
            self._generation = generation
        if not cacheable(request, self._root):
            return await self._following(request)
        entry_key = key(request)
        entry: Response | None = self._entries.get(entry_key)
        if entry is not None:
            metrics.HITS.inc()
            return entry
        metrics.MISSES.inc()
        response = await self._following(request)
        # The answer of another release than the current one is not for other requests, and one response does not push
        # out most of the others.
        current = generation == self._generation == self._current.generation
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
    """Whether the response may be a stored one: to a GET, and to a posted query, which has a media type."""
    if b"accept-datetime" in request.fields:  # asks for an earlier version (RFC 7089)
        return False
    if request.method == "GET" and not request.body:
        return True  # of a range, too: the layer above takes it out of what is stored
    if request.method != "POST" or not request.header(b"content-type") or b"content-encoding" in request.fields:
        return False
    return metrics.route(request.path, root) == "sparql" and len(request.body) <= POST_BYTES


def key(request: Request) -> Key:
    """The parts of a request that its response depends on, beside the release: the target and Accept as they were sent,
    the codings and languages that Accept-Encoding and Accept-Language come down to, and a posted query."""
    fields = request.fields
    posted = b""
    if request.method == "POST":
        posted = hashlib.sha256(fields.get(b"content-type", b"") + b"\0" + request.body).digest()
    coding = content_encoding.canonical(request.header(b"accept-encoding"))
    accepted = request.header(b"accept-language") if b"accept-language" in fields else None
    languages = accept_language.preferred_languages(accepted)
    return _short(request.target), _short(fields.get(b"accept", b"")), coding, posted, languages


def _short(text: bytes) -> bytes:
    return text if len(text) <= _LONG_BYTES else b"\0" + hashlib.sha256(text).digest()


def size(response: Response) -> int:
    """Bytes that a whole response takes."""
    assert isinstance(response.body, bytes)
    return len(response.body) + len(response.fields) * _FIELD_BYTES + _OVERHEAD_BYTES


def storable(response: Response) -> bool:
    """Whether a response may be stored and sent to anybody with the same request."""
    if response.status != 200 or not isinstance(response.body, bytes):
        return False
    for name, value in response.fields:
        if name in _NEVER or (name == b"cache-control" and _PRIVATE.search(value)):
            return False
        if name == b"vary" and not {part.strip() for part in value.lower().split(b",")} <= _VARIES_BY:
            return False
    return True
