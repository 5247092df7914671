"""Whole responses, kept ready: what is stored, under which key, and what it answers (RFC 9110 §13, RFC 9111 §3).

A release never changes, so what was answered once is the answer for as long as the release is current. Nothing here
expires: the least recently used goes when the room is full, and everything when another release becomes current.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from cachetools import LRUCache
from werkzeug.http import parse_date

from quoth.http import content_encoding
from quoth.http.accept_language import preferred
from quoth.http.bounded_memo import memoised

Fields = Sequence[tuple[bytes, bytes]]
Key = tuple[bytes, bytes, str, bytes, tuple[str, ...]]

_TAG = re.compile(r'(?:W/)?"[^"]*"')
_VARIES_BY = frozenset((b"accept", b"accept-encoding", b"accept-language", b""))
_NEVER = frozenset((b"set-cookie", b"retry-after", b"content-range"))
_PRIVATE = re.compile(rb"no-store|private", re.IGNORECASE)
_OF_A_BODY = frozenset(
    (b"content-length", b"content-type", b"content-encoding", b"content-range", b"transfer-encoding")
)
_LONG_BYTES = 2_000
_OVERHEAD_BYTES = 2_000
"""What an entry takes beside its bytes, roughly."""


def key(
    target: bytes,
    accept: bytes,
    accept_encoding: bytes,
    body: bytes = b"",
    content_type: bytes = b"",
    accept_language: bytes = b"",
) -> Key:
    """What a response depends on beside the release: the target as it was sent, Accept as it was sent, the coding that
    Accept-Encoding comes down to, what was posted, and the languages that Accept-Language comes down to."""
    posted = hashlib.sha256(content_type + b"\0" + body).digest() if content_type or body else b""
    languages = preferred(accept_language.decode("latin-1")) if accept_language else ()
    return _short(target), _short(accept), _coding(accept_encoding), posted, languages


def _short(text: bytes) -> bytes:
    return text if len(text) <= _LONG_BYTES else b"\0" + hashlib.sha256(text).digest()


@memoised(1024)
def _coding(accept_encoding: bytes) -> str:
    text = accept_encoding.decode("latin-1")
    found = content_encoding.preferred(text, content_encoding.WHOLE) or ""
    return f"{found};" if content_encoding.refuses_plain(text) else found  # short bodies are only then compressed


class Entry:
    """A response with status 200: its fields as they are sent, and its body. ``route`` and ``query`` (the hash of the
    query) are what the metrics and the access log tell of it, ``told`` what the log has as text already, for
    ``told_of``."""

    __slots__ = ("body", "headers", "lines", "modified", "query", "route", "tag", "told", "told_of")

    def __init__(self, headers: Fields, body: bytes, route: str, query: str | None) -> None:
        self.headers = headers
        self.body = body
        self.route = route
        self.query = query
        self.tag = tag_of(headers)
        self.modified = modified_of(headers)
        self.told = ""
        self.told_of: object = None
        self.lines = lines(headers)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.lines) * 2 + len(self.body) + _OVERHEAD_BYTES


def lines(headers: Fields) -> bytes:
    """Fields as HTTP/1.1 sends them (RFC 9112 §5)."""
    return b"".join([b"%b: %b\r\n" % field for field in headers])


def tag_of(headers: Fields) -> str:
    """The ETag among the fields, empty if there is none."""
    return next((value.decode("latin-1") for name, value in headers if name == b"etag"), "")


def modified_of(headers: Fields) -> bytes:
    """The Last-Modified among the fields, empty if there is none."""
    return next((value for name, value in headers if name == b"last-modified"), b"")


def unchanged(modified: bytes, since: bytes) -> bool | None:
    """Whether what was changed at ``modified`` was not changed after a date; None where either is no date, and a
    condition does not count (RFC 9110 §13.1.3, §13.1.4)."""
    if modified == since != b"":
        return True
    changed, then = (parse_date(date.decode("latin-1")) for date in (modified, since))
    return None if changed is None or then is None else changed <= then


def without_body(headers: Fields) -> Fields:
    """The fields of a 304 in place of these (RFC 9110 §15.4.5)."""
    return [(name, value) for name, value in headers if name not in _OF_A_BODY]


def matches(if_none_match: bytes, tag: str) -> bool:
    """Whether If-None-Match names an ETag, by weak comparison (RFC 9110 §13.1.2)."""
    text = if_none_match.decode("latin-1").strip()
    own = tag.removeprefix("W/")
    return bool(tag) and (text == "*" or any(named.removeprefix("W/") == own for named in _TAG.findall(text)))


def same(if_match: bytes, tag: str) -> bool:
    """Whether If-Match holds for what has an ETag, by strong comparison (RFC 9110 §13.1.1)."""
    text = if_match.decode("latin-1").strip()
    return text == "*" or (tag.startswith('"') and tag in _TAG.findall(text))


def storable(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a whole response may be kept and sent to anybody who asks the same."""
    if status != 200:
        return False
    for name, value in headers:
        if name in _NEVER:
            return False
        if name == b"cache-control" and _PRIVATE.search(value):
            return False
        if name == b"vary" and not {part.strip() for part in value.lower().split(b",")} <= _VARIES_BY:
            return False
    return True


class Cache:
    """Entries of one release, at most ``limit_bytes`` of them. Not for more than one thread."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._release: object = None
        self._empty()

    def _empty(self) -> None:
        self._entries: LRUCache[Key, Entry] = LRUCache(self._limit_bytes, getsizeof=lambda entry: entry.size)

    @property
    def bytes(self) -> int:
        """How much room is taken."""
        return int(self._entries.currsize)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, release: object, key: Key) -> Entry | None:
        """The entry of a release; with another release than before, everything is dropped."""
        if release != self._release:
            self._empty()
            self._release = release
        try:
            return self._entries[key]
        except KeyError:
            return None

    def put(self, release: object, key: Key, entry: Entry) -> None:
        """Keep an entry, unless it alone would take an eighth of the room or its release is not current any more."""
        if release == self._release and entry.size <= self._limit_bytes // 8:
            self._entries[key] = entry
