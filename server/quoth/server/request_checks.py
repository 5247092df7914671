"""The head of a request: why one is refused, and how it reads without an offer to speak another protocol."""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from quoth.http.bounded_memo import memoised

Fields = Iterable[tuple[bytes, bytes]]

FIELDS_LIMIT_BYTES = 1 << 16
"""Of a section of fields: what they are put together from takes time on the loop, more with each."""

FIELDS_LIMIT = FIELDS_LIMIT_BYTES // 4
"""So many fields are longer than that, whatever they are."""

TARGET_LIMIT_BYTES = (1 << 16) - 1
"""Of a request's target: what the parser takes."""

BODY_LIMIT_BYTES = 1 << 24
"""Of a body that is read although it is too long."""

_DECIDING = frozenset((b"host", b"content-length", b"transfer-encoding"))
_OWS = b" \t"
_NAME = rb"[\w.~!$&'()*+,;=-]*"
_HOST = re.compile(rb"(?:\[[0-9A-Za-z.:]+\]|%b(?:%%[0-9A-Fa-f]{2}%b)*)(?::[0-9]*)?" % (_NAME, _NAME))
"""An address in brackets or a name, and a port (RFC 3986 §3.2)."""


class Refusal(NamedTuple):
    """Why a request is not taken."""

    title: str
    status: int
    detail: str
    remedy: str

    def problem(self) -> bytes:
        """The problem document that says so (RFC 9457), where there is no application to make it."""
        return (json.dumps({"type": "about:blank", **self._asdict()}, indent=1) + "\n").encode()


TARGET_TOO_LONG = Refusal("URI too long", 414, "the address is longer than 64 KiB", "send the query by POST")
NOT_HTTP = Refusal("Bad request", 400, "this is not HTTP/1.1", "see https://www.rfc-editor.org/rfc/rfc9112")
NO_PROXY = Refusal("Bad request", 400, "this server is no proxy", "send the request to the server that it is for")
_TOO_LARGE = "Request header fields too large"
FIELDS_TOO_LARGE = Refusal(_TOO_LARGE, 431, "the header fields are longer than 64 KiB", "send fewer or shorter")
TRAILERS_TOO_LARGE = Refusal(_TOO_LARGE, 431, "the trailer fields are longer than 64 KiB", "send none: none are used")


def refusal(target: bytes, fields: Fields, version: str, body_limit: int) -> Refusal | None:
    """Why a request with that head is refused, if it is (RFC 9112 §3.2 and §6.1, RFC 9110 §15.5).

    ``fields`` have names in lower case. ``body_limit`` are the bytes that are taken of a body; a longer one is read if
    its sender does not wait to be told to send it, so that it comes to read why.
    """
    host = b""
    codings: list[bytes] = []
    hosts = length = size = 0
    for name, value in fields:
        size += len(name) + len(value) + 4  # with the colon, the space and the end of the line
        if name not in _DECIDING:
            continue
        if name == b"host":
            host = value
            hosts += 1
        elif name == b"content-length":
            length = int(value)
        else:
            codings += [coding.strip(_OWS).lower() for coding in value.split(b",")]
    if size > FIELDS_LIMIT_BYTES:
        return FIELDS_TOO_LARGE
    if hosts != 1 and (hosts or version == "1.1"):
        return Refusal("Bad request", 400, f"the request has {hosts or 'no'} Host fields", "send one")
    if not _is_host(host):
        return Refusal("Bad request", 400, "the Host field is no host", "send a name or an address, and a port if any")
    if len(target) > TARGET_LIMIT_BYTES:
        return TARGET_TOO_LONG
    # Without chunked at the end, it is the parser that refuses it.
    if codings and codings[-1] == b"chunked" and any(codings[:-1]):
        detail = "the body is in a transfer coding other than chunked"
        return Refusal("Not implemented", 501, detail, "send it without, or in chunks only")
    if length > BODY_LIMIT_BYTES or (length > body_limit and expects_continue(fields, version)):
        detail = f"the body has {length} bytes"
        return Refusal("Content too large", 413, detail, "send less: the limit is the setting query_size_kb")
    return None


@memoised(64)  # most requests to a server name the same
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value.strip(_OWS)) is not None


def expects_continue(fields: Fields, version: str) -> bool:
    """Whether the client waits to be told to send the body; that of HTTP/1.0 does not (RFC 9110 §10.1.1)."""
    return version != "1.0" and any(n == b"expect" and v.strip(_OWS).lower() == b"100-continue" for n, v in fields)


def without_upgrade(method: bytes, target: bytes, version: str, fields: Fields) -> bytes:
    """A head as it would be had it not offered another protocol, which a server may ignore (RFC 9110 §7.8)."""
    kept = [b"%b: %b\r\n" % field for field in fields if field[0] != b"upgrade"]
    return b"%b %b HTTP/%b\r\n%b\r\n" % (method, target, version.encode(), b"".join(kept))
