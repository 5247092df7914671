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


class ContentEncoding:
    """WSGI middleware. A whole response to GET without an ETag gets one out of its bytes; text is compressed as
    Accept-Encoding has it, with an ETag of its own for each coding (RFC 9110 §8.8.3.3)."""

    def __init__(self, wsgi: Wsgi) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
            started[:] = (status, HeaderFields(headers))
            return lambda _: None

        chunks = self._wsgi(environ, start)
        try:
            status, fields = started
            body = _finished(environ, int(status[:3]), fields, chunks)
        except BaseException:
            _close(chunks)
            raise
        start_response(status, fields.listed())
        return body


class HeaderFields:
    """The fields of a response, each once, by name in lower case."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in headers:
            key = name.lower()
            before = self._fields.get(key)
            self._fields[key] = (name, value if before is None else f"{before[1]}, {value}")

    def copy(self) -> Self:
        """Another one with the same fields."""
        copied = type(self)(())
        copied._fields = self._fields.copy()
        return copied

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
        if "etag" in self:
            self.set("ETag", content_encoding.tag(self.get("etag"), coding))


def _finished(environ: dict[str, Any], status: int, fields: HeaderFields, chunks: Iterable[bytes]) -> Iterable[bytes]:
    text = _is_text(fields)
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if environ["REQUEST_METHOD"] == "HEAD" or status in (206, 304):
        return chunks
    length = fields.get("content-length")
    if length.isdecimal() and int(length) <= WHOLE_BYTES:
        body = b"".join(chunks)
        _close(chunks)
        return [whole(environ["REQUEST_METHOD"], accepted, status, fields, body)]
    coding = content_encoding.preferred(accepted, content_encoding.STREAM) if text else None
    if coding is None:
        return chunks
    fields.drop("content-length")
    fields.encoded(coding)
    return content_encoding.Stream(iter(chunks), coding, lambda: _close(chunks))


def whole(method: str, accepted: str, status: int, fields: HeaderFields, body: bytes) -> bytes:
    """The body of a response as it is sent, and its fields with that. ``accepted`` is Accept-Encoding."""
    text = _is_text(fields)
    if status == 200 and method == "GET" and "etag" not in fields and fields.get("cache-control") != "no-store":
        fields.set("ETag", f'"{_digest(fields.get("content-type"), body)}"')
    worth = len(body) >= content_encoding.LEAST_BYTES or (accepted and content_encoding.refuses_plain(accepted))
    # Who refuses every coding that there is, and none too, gets the body as it is (RFC 9110 §12.5.3).
    coding = content_encoding.preferred(accepted, content_encoding.WHOLE) if text and worth else None
    if coding is not None:
        body = content_encoding.compressed(body, coding)
        fields.set("Content-Length", str(len(body)))
        fields.encoded(coding)
    return body


def _is_text(fields: HeaderFields) -> bool:
    """Whether the body may be compressed; if so, the response says that it may."""
    text = "content-encoding" not in fields and content_encoding.compressible(fields.get("content-type"))
    if text:
        fields.vary()
    return text


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


def _digest(content_type: str, body: bytes) -> str:
    digest = hashlib.blake2b(content_type.encode() + b"\0", digest_size=12)
    digest.update(body)
    return digest.hexdigest()
