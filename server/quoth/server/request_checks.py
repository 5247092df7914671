"""Checks of a request before anything is made of it: what HTTP/1.1 asks of an origin server beyond what the HTTP server
below does (RFC 9110, RFC 9112).

A request that is refused here has a problem document, and its connection is closed.
"""

import re
from collections.abc import Mapping
from typing import Any

from quoth.http.bounded_memo import memoised
from quoth.http.message import Response
from quoth.http.problem_details import MEDIA_TYPE, ProblemDetails

FIELDS_LIMIT_BYTES = 1 << 16
"""Of the header fields together."""

BODY_LIMIT_BYTES = 1 << 24
"""Of a body that is read although it is too long, so that its sender comes to read why."""

BODY_LIMIT_S = 60.0
"""For a body to arrive."""

_OWS = b" \t"
_NAME = rb"[\w.~!$&'()*+,;=-]*"
_HOST = re.compile(rb"(?:\[[0-9A-Za-z.:]+\]|%b(?:%%[0-9A-Fa-f]{2}%b)*)(?::[0-9]*)?" % (_NAME, _NAME))
"""An address in brackets or a name, and a port (RFC 3986 §3.2)."""

NO_PROXY = ProblemDetails(
    400, "Bad request", "this server is no proxy", "send the request to the server that it is for"
)
BODY_BROKE_OFF = ProblemDetails(400, "Bad request", "the body broke off, or its chunks are none", "send it whole")
BODY_LATE = ProblemDetails(408, "Request timeout", f"the body took longer than {BODY_LIMIT_S:.0f} s", "send it faster")
BODY_ENDLESS = ProblemDetails(
    413, "Content too large", "the body is longer than 16 MiB", "send less: the limit is the setting query_size_kb"
)
_FIELDS_TOO_LARGE = ProblemDetails(
    431, "Request header fields too large", "the header fields are longer than 64 KiB", "send fewer or shorter"
)
_CODED = ProblemDetails(
    501, "Not implemented", "the body is in a transfer coding other than chunked", "send it without, or in chunks only"
)


def refusal(scope: Mapping[str, Any], body_limit: int) -> ProblemDetails | None:
    """Why a request with that ASGI scope is refused, if it is (RFC 9112 §3.2 and §6.1, RFC 9110 §15.5).

    ``body_limit`` are the bytes that are taken of a body; a longer one is read if its sender does not wait to be told
    to send it, so that it comes to read why.
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
    if scope["method"] == "CONNECT" or not scope["path"].startswith("/"):
        return NO_PROXY
    if size > FIELDS_LIMIT_BYTES:
        return _FIELDS_TOO_LARGE
    # The server below gives a request without a Host field an empty one; an empty host is invalid (RFC 9110 §4.2.1).
    if len(hosts) > 1 or (not any(hosts) and scope.get("http_version") not in ("1", "1.0")):
        amount = len(hosts) if len(hosts) > 1 else "no"
        return ProblemDetails(400, "Bad request", f"the request has {amount} Host fields", "send one")
    if hosts and not _is_host(hosts[0]):
        return ProblemDetails(
            400, "Bad request", "the Host field is no host", "send a name or an address, and a port if any"
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


@memoised(64)  # most requests to a server name the same
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value.strip(_OWS)) is not None


def response(problem: ProblemDetails) -> Response:
    """The response that refuses a request, and ends its connection."""
    body = problem.document().encode()
    fields = (
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    )
    return Response(problem.status, fields, body)
