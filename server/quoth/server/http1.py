"""The rules of HTTP/1 for an origin server that the HTTP server below does not apply (RFC 9110, RFC 9112).

First the checks of a request before anything else is done with it: a request that they refuse is answered with a
problem document, and its connection is closed. Then the layer that gives a streamed response to HTTP/1.0 a length.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any, Self

from quoth.errors import QuothError
from quoth.http.message import Handler, Request, Response
from quoth.http.problem_details import ProblemDetails

FIELDS_LIMIT_BYTES = 1 << 16
"""The length of all header fields together."""

BODY_LIMIT_BYTES = 1 << 24
"""The length of a body that is read although it is too long, so that its sender comes to read the problem."""

BODY_LIMIT_S = 60.0
"""The time in which a body has to arrive."""

HELD_LIMIT_BYTES = 1 << 25
"""The length of a response to HTTP/1.0 that is held until it has ended."""

_HELD_IN_MEMORY_BYTES = _CHUNK_BYTES = 1 << 16
_OWS = b" \t"
_NAME = rb"[\w.~!$&'()*+,;=-]*"
_HOST = re.compile(rb"(?:\[[0-9A-Za-z.:]+\]|%b(?:%%[0-9A-Fa-f]{2}%b)*)(?::[0-9]*)?" % (_NAME, _NAME))
"""An address in brackets or a name, and a port (RFC 3986 §3.2)."""

NO_PROXY = ProblemDetails(
    400, "Bad request", "this server is not a proxy", "send the request to the server that it is for"
)
BODY_BROKE_OFF = ProblemDetails(400, "Bad request", "the body broke off, or its chunks are malformed", "send it whole")
BODY_LATE = ProblemDetails(408, "Request timeout", f"the body took longer than {BODY_LIMIT_S:.0f} s", "send it faster")
BODY_ENDLESS = ProblemDetails(
    413, "Content too large", "the body is longer than 16 MiB", "send less: the limit is the setting query_size_kb"
)
_FIELDS_TOO_LARGE = ProblemDetails(
    431, "Request header fields too large", "the header fields are longer than 64 KiB", "send fewer or shorter"
)
_CODED = ProblemDetails(
    501,
    "Not implemented",
    "the body is in a transfer coding other than chunked",
    "send it without a transfer coding, or with chunked alone",
)
_TOO_LONG = ProblemDetails(
    426, "Upgrade required", "the response is too long for HTTP/1.0", "send the request by HTTP/1.1, or ask for less"
)


def refusal(scope: Mapping[str, Any], body_limit: int) -> ProblemDetails | None:
    """The problem with a request of that ASGI scope, None for a good one (RFC 9112 §3.2 and §6.1, RFC 9110 §15.5).

    ``body_limit``: bytes that are taken of a body. A longer body is read nevertheless, unless its sender waits to be
    told to send it, so that the sender comes to read the problem.
    """
    hosts: list[bytes] = []
    codings: list[bytes] = []
    length = size = 0
    waits = False
    for name, value in scope["headers"]:
        size += len(name) + len(value) + 4  # with the colon, the space and the end of the line
        if name == b"host":
            hosts.append(value)
        elif name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            codings += [coding.strip(_OWS).lower() for coding in value.split(b",")]
        elif name == b"expect":
            waits = value.strip(_OWS).lower() == b"100-continue"
    whole_server = scope["method"] == "OPTIONS" and scope["path"] == "*"
    if scope["method"] == "CONNECT" or not (scope["path"].startswith("/") or whole_server):
        return NO_PROXY
    if size > FIELDS_LIMIT_BYTES:
        return _FIELDS_TOO_LARGE
    # The server below gives a request without a Host field an empty one; an empty host is invalid (RFC 9110 §4.2.1).
    if len(hosts) > 1 or (not any(hosts) and scope.get("http_version") not in ("1", "1.0")):
        amount = len(hosts) if len(hosts) > 1 else "no"
        return ProblemDetails(400, "Bad request", f"the request has {amount} Host fields", "send one")
    if hosts and not _HOST.fullmatch(hosts[0].strip(_OWS)):
        return ProblemDetails(
            400, "Bad request", "the Host field is not a host", "send a name or an address, and a port if any"
        )
    if any(coding not in (b"", b"chunked") for coding in codings):
        return _CODED
    if length > BODY_LIMIT_BYTES or (length > body_limit and waits):
        return ProblemDetails(
            413,
            "Content too large",
            f"the body has {length} bytes",
            "send less: the limit is the setting query_size_kb",
        )
    return None


def refused(problem: ProblemDetails, *fields: tuple[bytes, bytes]) -> Response:
    """The response that refuses a request and ends its connection."""
    security = ((b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff"))
    return problem.response(*security, (b"connection", b"close"), *fields)


class Http10Length:
    """The layer that holds responses to HTTP/1.0 that are streamed without a length.

    HTTP/1.0 knows no chunks (RFC 9112 §6.1): without a length, a response that breaks off passes for a whole one. So
    the stream is held in a temporary file until it has ended. A response that is too long for that is refused, and
    ``application`` answers with the error of one that breaks off.
    """

    def __init__(self, following: Handler, application: Handler) -> None:
        self._following = following
        self._application = application

    async def __call__(self, request: Request) -> Response:
        response = await self._following(request)
        if request.version not in ("1", "1.0") or isinstance(response.body, bytes) or response.value(b"content-length"):
            return response
        file = tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY_BYTES)  # noqa: SIM115  # _File closes it
        length = 0
        try:
            async for chunk in response.body:
                length += file.write(chunk)
                if length > HELD_LIMIT_BYTES:
                    file.close()
                    return refused(_TOO_LONG, (b"upgrade", b"HTTP/1.1"))
        except BaseException as error:
            file.close()
            if isinstance(error, QuothError):
                return await self._application(replace(request, error=error))
            raise
        finally:
            await response.body.aclose()
        file.seek(0)
        fields = (*response.fields, (b"content-length", b"%d" % length))
        return replace(response, fields=fields, body=_File(file))


class _File:
    """The bytes of a file as a stream."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if chunk := self._file.read(_CHUNK_BYTES):
            return chunk
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self._file.close()
