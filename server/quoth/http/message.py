"""An HTTP request and its response (RFC 9110 §6), as every layer between the server and the application has them.

A request is made once, out of the scope of an ASGI server, or out of a WSGI environment where the application runs
under another server; the application finds it again with ``of``. Once its body is read, nothing changes it: a layer
that knows more hands a copy on. (The classes are not frozen, since that makes one three times as slow to create.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

from quoth.engine.api.client import Caller, Presence
from quoth.errors import QuothError
from quoth.http import client_address
from quoth.http.client_address import Networks

KEY = "quoth.request"
"""The WSGI variable that holds the Request. No header field can have that name."""

Fields = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values."""


@dataclass(slots=True)
class Request:
    """A request whose body is read. ``fields`` has each name once, in lower case, the values between commas.

    ``client`` is the address to be fair to (client_address), ``peer`` that of the connection, ``presence`` whether the
    client is still there. ``error`` is for the application to answer with, ``context`` what a layer has found out for
    it.
    """

    method: str
    path: str
    raw_path: bytes
    query_string: bytes
    fields: Mapping[bytes, bytes]
    body: bytes = b""
    version: str = "1.1"
    scheme: str = "http"
    server: tuple[str, str] = ("localhost", "80")
    peer: str = ""
    client: str = ""
    presence: Presence = field(default_factory=Presence)
    error: QuothError | None = None
    context: Any = None

    @property
    def target(self) -> bytes:
        """The path and the query string as they were sent."""
        return self.raw_path + b"?" + self.query_string if self.query_string else self.raw_path

    @property
    def reads(self) -> bool:
        """Whether the method is GET or HEAD."""
        return self.method in ("GET", "HEAD")

    @property
    def whole(self) -> bool:
        """Whether a whole representation is asked for, without a body."""
        return self.reads and not self.body and b"range" not in self.fields and b"if-range" not in self.fields

    def header(self, name: bytes) -> str:
        """The value of a field, empty if there is none."""
        return self.fields.get(name, b"").decode("latin-1")

    @property
    def caller(self) -> Caller:
        """Who asks, for an engine."""
        return Caller(self.client, self.presence)

    def as_get(self) -> Self:
        """The same by GET, without a range, which HEAD has none of (RFC 9110 §14.2)."""
        fields = {name: value for name, value in self.fields.items() if name not in (b"range", b"if-range")}
        return replace(self, method="GET", fields=fields)


def from_scope(scope: Mapping[str, Any], trusted: Networks) -> Request:
    """The request that an ASGI scope describes, without its body (ASGI HTTP 2.3).

    A field with an underscore in its name is left out: in a WSGI environment it would pass for another.
    """
    fields: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if b"_" not in name:
            fields[name] = fields[name] + b"," + value if name in fields else value
    peer, server = scope.get("client") or ("", ""), scope.get("server") or ("localhost", 80)
    forwarded = fields.get(b"x-forwarded-for", b"").decode("latin-1") if trusted else ""
    return Request(
        scope["method"],
        scope["path"],
        scope.get("raw_path") or scope["path"].encode(),
        scope["query_string"],
        fields,
        version=scope.get("http_version", "1.1"),
        scheme=scope.get("scheme", "http"),
        server=(str(server[0]), str(server[1] or 80)),
        peer=str(peer[0]),
        client=client_address.behind(forwarded, str(peer[0]), trusted),
    )


def of(environ: Mapping[str, Any], trusted: Networks = ()) -> Request:
    """The request that a WSGI environment was made from; under another server, what the environment tells of it."""
    known: Request | None = environ.get(KEY)
    if known is not None:
        return known
    fields = {
        name.removeprefix("HTTP_").replace("_", "-").lower().encode("latin-1"): str(value).encode("latin-1")
        for name, value in environ.items()
        if value and (name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH"))
    }
    return Request(
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", ""),
        environ.get("PATH_INFO", "").encode("latin-1"),
        environ.get("QUERY_STRING", "").encode("latin-1"),
        fields,
        peer=str(environ.get("REMOTE_ADDR", "")),
        client=client_address.client(environ, trusted),
    )


class Stream(Protocol):
    """The chunks of a body. ``aclose`` gives back what it occupies, and has to be called, read to the end or not."""

    def __aiter__(self) -> Stream: ...

    async def __anext__(self) -> bytes: ...

    async def aclose(self) -> None: ...


@dataclass(slots=True)
class Response:
    """A response: its body whole, or as a stream that raises where it breaks off."""

    status: int
    fields: Fields
    body: bytes | Stream = b""
    cache: str | None = None
    """``hit`` or ``miss`` where the cache could answer."""

    def value(self, name: bytes) -> bytes:
        """The value of a field, empty if there is none."""
        return next((value for field, value in self.fields if field == name), b"")

    async def without_body(self, status: int, fields: Fields) -> Response:
        """Another one in place of this one, whose body is closed."""
        if not isinstance(self.body, bytes):
            await self.body.aclose()
        return replace(self, status=status, fields=fields, body=b"")


Handler = Callable[[Request], Awaitable[Response]]
"""A layer of the server, or all from that layer on."""
