"""An HTTP request and its response (RFC 9110 §6), as every layer between the server and the application has them.

A request is made once, out of the scope of an ASGI server, or out of a WSGI environment where the application runs
under another server; the application finds it again with ``of``. Once its body is read, nothing changes it: a layer
that knows more hands a copy on. (The classes are not frozen, since that makes them three times as slow to create.)
Beside them is how the parameters of a request are decoded, and how results for its fields are cached.
"""

from __future__ import annotations

import binascii
import difflib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, cast
from urllib.parse import unquote_to_bytes

from quoth.converters import Networks
from quoth.engine.api.client import Caller, Presence
from quoth.errors import QuothError, UsageError
from quoth.http import client_address

KEY = "quoth.request"
"""The WSGI variable that holds the Request. No header field can have that name."""

Fields = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values."""

FORM = "application/x-www-form-urlencoded"
"""The media type of query strings and of form bodies."""

PARAMETERS_LIMIT = 1_000

MEMOISED_LIMIT = 500
"""Characters or bytes of a field whose result is cached. The fields of browsers and libraries are shorter."""

K = TypeVar("K", str, bytes)
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Request:
    """A request whose body is read. ``fields`` has each name once, in lower case, the values between commas.

    ``client`` is the address to be fair to (client_address), ``peer`` that of the connection, ``presence`` whether the
    client is still there. ``error`` and ``context`` are from a layer for the application: the error to answer with, and
    the query that was read already.
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

    def header(self, name: bytes) -> str:
        """The value of a field, empty if there is none."""
        return self.fields.get(name, b"").decode("latin-1")

    @property
    def caller(self) -> Caller:
        """The client, for an engine."""
        return Caller(self.client, self.presence)

    def as_get(self) -> Self:
        """The same by GET, without a range, which HEAD has none of (RFC 9110 §14.2)."""
        fields = {name: value for name, value in self.fields.items() if name not in (b"range", b"if-range")}
        return replace(self, method="GET", fields=fields)


def from_scope(scope: Mapping[str, Any], trusted: Networks) -> Request:
    """The request that an ASGI scope describes, without its body (ASGI HTTP 2.3).

    A field with an underscore in its name is left out: in a WSGI environment it would pass for another. The server as a
    whole, ``*`` (RFC 9110 §7.1), is asked for its options like its home page.
    """
    fields: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if b"_" not in name:
            fields[name] = fields[name] + b"," + value if name in fields else value
    peer, server = scope.get("client") or ("", ""), scope.get("server") or ("localhost", 80)
    forwarded = fields.get(b"x-forwarded-for", b"")[-client_address.FORWARDED_LIMIT :] if trusted else b""
    return Request(
        scope["method"],
        "/" if scope["path"] == "*" else scope["path"],
        scope.get("raw_path") or scope["path"].encode(),
        scope["query_string"],
        fields,
        version=scope.get("http_version", "1.1"),
        scheme=scope.get("scheme", "http"),
        server=(str(server[0]), str(server[1] or 80)),
        peer=str(peer[0]),
        client=client_address.client(forwarded.decode("latin-1"), str(peer[0]), trusted),
    )


def of(environ: Mapping[str, Any], trusted: Networks = ()) -> Request:
    """The request that a WSGI environment was made from; under another server, what the environment tells of it."""
    known: Request | None = environ.get(KEY)
    if known is not None:
        return known
    path = environ.get("PATH_INFO", "")
    scope = {
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "client": (environ.get("REMOTE_ADDR", ""), 0),
        "headers": [
            (name.removeprefix("HTTP_").replace("_", "-").lower().encode("latin-1"), str(value).encode("latin-1"))
            for name, value in environ.items()
            if value and (name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH"))
        ],
    }
    return from_scope(scope, trusted)


class Stream(Protocol):
    """The chunks of a body. ``aclose`` gives back what it occupies, and has to be called, read to the end or not."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

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


Handler = Callable[[Request], Awaitable[Response]]
"""A layer of the server, or all from that layer on."""


def raw_fields(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Header fields of text as Fields."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def memoised(
    size: int, longest: int = MEMOISED_LIMIT
) -> Callable[[Callable[Concatenate[K, P], R]], Callable[Concatenate[K, P], R]]:
    """A decorator that caches the last ``size`` results, but none whose first argument is longer than ``longest``: a
    client may send 64 KiB in a field, and another one each time."""

    def decorate(function: Callable[Concatenate[K, P], R]) -> Callable[Concatenate[K, P], R]:
        # The types of lru_cache forget the parameters of the function.
        cached = cast(Callable[Concatenate[K, P], R], functools.lru_cache(size)(function))

        @functools.wraps(function)
        def call(text: K, /, *args: P.args, **options: P.kwargs) -> R:
            return (cached if len(text) <= longest else function)(text, *args, **options)

        return call

    return decorate


def decoded(encoded: bytes, charset: str = "utf-8") -> Mapping[str, Sequence[str]]:
    """The parameters of a query string or a form, each with its values in order. Raises UsageError for bytes that are
    not in the charset, and for more than PARAMETERS_LIMIT parameters."""
    values: dict[str, list[str]] = {}
    pairs = [part.partition(b"=") for part in encoded.split(b"&") if part]
    if len(pairs) > PARAMETERS_LIMIT:
        raise UsageError(f"there are more than {PARAMETERS_LIMIT} parameters")
    try:
        for name, _, value in pairs:
            values.setdefault(_unquoted(name).decode(charset), []).append(_unquoted(value).decode(charset))
    except UnicodeDecodeError:
        raise UsageError("the parameters are not UTF-8", remedy="percent-encode them as UTF-8") from None
    return MappingProxyType({name: tuple(texts) for name, texts in values.items()})


parameters = memoised(64, 1 << 12)(decoded)
"""The same from a cache: the access log wants what the endpoint wants, while other requests come in between."""


def refuse_misspelt(names: Iterable[str], known: Sequence[str]) -> None:
    """Raise UsageError for a name that is nearly that of a ``known`` parameter, which would change the answer without a
    word. Others are passed over: clients and trackers of visitors send parameters of their own."""
    for name in names:
        if name in known or name.startswith(("utm_", "mtm_", "pk_")):  # utm_source of a newsletter is no "source"
            continue
        if close := difflib.get_close_matches(name[:40].lower(), known, 1, 0.75):
            raise UsageError("there is no such parameter", where=name[:80], remedy=f"did you mean {close[0]}?")


def _unquoted(text: bytes) -> bytes:
    """Percent-decoding, with + for a space (https://url.spec.whatwg.org/#urlencoded-parsing).

    Well-formed text is decoded as quoted-printable, which is the same with another sign, and has a decoder in C: a
    query has hundreds of these signs.
    """
    spaced = text.replace(b"+", b" ")
    signs = spaced.count(b"%")
    if signs and b"\n" not in spaced and b"\r" not in spaced:
        printable = spaced.replace(b"=", b"%3D").replace(b"%", b"=")
        decoded = binascii.a2b_qp(printable)
        if len(decoded) == len(printable) - 2 * printable.count(b"="):
            return decoded
    return unquote_to_bytes(spaced) if signs else spaced
