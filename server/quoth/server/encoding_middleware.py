"""The last layer around the application: validators for what has none, and content codings.

It works in the thread of the request, since compressing takes its time.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Self

from quoth.http import content_encoding

WHOLE_BYTES = 1 << 20
"""A body up to this length that declares it is taken whole."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Finished:
    """WSGI middleware. A whole response to GET without an ETag gets one out of its bytes; text is compressed as
    Accept-Encoding has it, with an ETag of its own for each coding (RFC 9110 §8.8.3.3)."""

    def __init__(self, wsgi: Wsgi) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
            started[:] = (status, Head(headers))
            return lambda _: None

        chunks = self._wsgi(environ, start)
        try:
            status, head = started
            finished = _finished(environ, int(status[:3]), head, chunks)
        except BaseException:
            _close(chunks)
            raise
        start_response(status, head.listed())
        return finished


class Head:
    """The fields of a response, each once, by name in lower case."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in headers:
            key = name.lower()
            before = self._fields.get(key)
            self._fields[key] = (name, value if before is None else f"{before[1]}, {value}")

    def copy(self) -> Self:
        """Another one with the same fields."""
        found = type(self)(())
        found._fields = self._fields.copy()
        return found

    def get(self, name: str) -> str:
        return self._fields.get(name, ("", ""))[1]

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def set(self, name: str, value: str) -> None:
        self._fields[name.lower()] = (name, value)

    def drop(self, name: str) -> None:
        self._fields.pop(name, None)

    def listed(self) -> list[tuple[str, str]]:
        return list(self._fields.values())

    def vary(self) -> None:
        """The response depends on Accept-Encoding too."""
        if self.get("vary").endswith("Accept-Encoding"):
            return
        named = [part.strip() for part in self.get("vary").split(",") if part.strip()]
        if "*" not in named and "accept-encoding" not in map(str.lower, named):
            self.set("Vary", ", ".join([*named, "Accept-Encoding"]))

    def encoded(self, coding: str) -> None:
        """The body is in ``coding`` now."""
        self.set("Content-Encoding", coding)
        self.drop("accept-ranges")
        self.drop("repr-digest")  # it was of other bytes
        tag = self.get("etag")
        if tag.endswith('"'):
            self.set("ETag", f'{tag[:-1]}-{coding}"')


def _finished(environ: dict[str, Any], status: int, head: Head, chunks: Iterable[bytes]) -> Iterable[bytes]:
    text = _is_text(head)
    if environ["REQUEST_METHOD"] == "HEAD" or status in (206, 304):
        return chunks
    length = head.get("content-length")
    if length.isdecimal() and int(length) <= WHOLE_BYTES:
        body = b"".join(chunks)
        _close(chunks)
        return [whole(environ, status, head, body)]
    name = (
        content_encoding.preferred(environ.get("HTTP_ACCEPT_ENCODING", ""), content_encoding.STREAM) if text else None
    )
    if name is None:
        return chunks
    head.drop("content-length")
    head.encoded(name)
    return content_encoding.Stream(iter(chunks), name, lambda: _close(chunks))


def whole(environ: dict[str, Any], status: int, head: Head, body: bytes) -> bytes:
    """The body of a response as it is sent, and its fields with that."""
    text = _is_text(head)
    get = environ["REQUEST_METHOD"] == "GET"
    if status == 200 and get and "etag" not in head and head.get("cache-control") != "no-store":
        head.set("ETag", f'"{_digest(head.get("content-type"), body)}"')
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    worth = len(body) >= content_encoding.LEAST_BYTES or (accepted and content_encoding.refuses_plain(accepted))
    # Whoever refuses every coding that there is, and none too, gets the body as it is (RFC 9110 §12.5.3).
    name = content_encoding.preferred(accepted, content_encoding.WHOLE) if text and worth else None
    if name is not None:
        body = content_encoding.compressed(body, name)
        head.set("Content-Length", str(len(body)))
        head.encoded(name)
    return body


def _is_text(head: Head) -> bool:
    """Whether the body may be compressed; if so, the response says that it may."""
    found = "content-encoding" not in head and content_encoding.compressible(head.get("content-type"))
    if found:
        head.vary()
    return found


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


def _digest(content_type: str, body: bytes) -> str:
    found = hashlib.blake2b(content_type.encode() + b"\0", digest_size=12)
    found.update(body)
    return found.hexdigest()
