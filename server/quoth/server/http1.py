"""What HTTP/1.1 asks of a server beyond what uvicorn does, and what keeps strangers from holding a connection.

RFC 9112: https://www.rfc-editor.org/rfc/rfc9112. What is refused here never reaches the application, so it is
answered with a problem document of its own, and ends the connection.
"""

import asyncio
import functools
import os
import re
import socket
import struct
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from quoth.server import request_checks
from quoth.server.request_checks import BODY_LIMIT_BYTES, Refusal
from quoth.server.response_cache import lines

KEEP_ALIVE_S = 30
HEAD_LIMIT_S = 20.0
"""For the head of a request to arrive."""

BODY_LIMIT_S = 60.0
"""For its body."""

HEAD_LIMIT_BYTES = 1 << 20
"""Of a head that is read although it is too long, so that its sender comes to read why; and of what comes between the
chunks of a body or after them: the parser holds a field until it is whole."""

_CHECK_EVERY_S = 5.0
_AUTHORITY = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)
_RESET, _CLOSE = struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)
_ENDLESS = 1 << 62


class Connection(HttpToolsProtocol):
    """One connection. ``body_limit`` are the bytes that the application takes of a body."""

    body_limit: int = BODY_LIMIT_BYTES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url = b""
        self.version = ""
        self._refused = False
        self._bytes = 0
        """Received of a head, or of a body since there last was anything of it."""
        self._body_bytes = self._trailer_bytes = 0
        self._declined = b""
        """A head that offered another protocol, without the offer."""
        self._head_since: float | None = None
        self._body_since: float | None = None
        self._idle_since: float | None = None
        self._check: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_since = self.loop.time()
        self._check = self.loop.call_later(_CHECK_EVERY_S, self._end_if_late)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._check is not None:
            self._check.cancel()
        super().connection_lost(exc)

    def _end_if_late(self) -> None:
        now = self.loop.time()
        since = (self._head_since, HEAD_LIMIT_S), (self._body_since, BODY_LIMIT_S), (self._idle_since, KEEP_ALIVE_S)
        if any(began is not None and now - began > limit for began, limit in since):
            self.transport.close()
        if not self.transport.is_closing():
            self._check = self.loop.call_later(_CHECK_EVERY_S, self._end_if_late)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self.send_400_response("")
        if self._head_since is not None or self._body_since is not None:
            self._bytes += len(data)
            if self._bytes > HEAD_LIMIT_BYTES:
                self.transport.close()
        if self._head_since is not None and self.headers:
            del self.headers[request_checks.FIELDS_LIMIT :]  # what it takes to be refused

    def _parse(self, data: bytes | memoryview) -> None:
        """Have the parser read what has been received.

        It takes what follows an offer of another protocol for that protocol, the body too, and stops there. So such a
        head is read again without the offer, and then what follows.
        """
        while data and not self._refused:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as offer:
                data = memoryview(data)[offer.args[0] :]
            head, self._declined = self._declined, b""
            # Where the head asks for the connection to be closed, the old one reads no more.
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self.parser.feed_data(head)

    def on_message_begin(self) -> None:
        # What uvicorn does here is mostly to make a scope: only what reaches the application needs one.
        self.url = b""
        self.headers = []
        self._bytes = 0
        self._idle_since = None
        self._head_since = self.loop.time()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head. Those that follow a body are not merged with them (RFC 9110 §6.5.1), but dropped."""
        if self._head_since is None:
            self._trailer_bytes += len(name) + len(value) + 4
            if self._trailer_bytes > request_checks.FIELDS_LIMIT_BYTES:
                self.refuse(request_checks.TRAILERS_TOO_LARGE)
            return
        self.headers.append((name.lower(), value))

    def admit(self) -> bool:
        """Whether a request whose head has come is one to answer now; if not, it has been refused, or is read again.

        An absolute target is taken for the path in it (RFC 9112 §3.2.2), OPTIONS * for the root (RFC 9110 §9.3.7).
        """
        self.version = self.parser.get_http_version()
        upgrade = self.parser.should_upgrade()
        if upgrade and self.parser.get_method() != b"CONNECT":
            self._declined = request_checks.without_upgrade(
                self.parser.get_method(), self.url, self.version, self.headers
            )
            return False
        self._head_since = None
        if self._refused:
            return False
        if not self.url.startswith(b"/"):
            if found := _AUTHORITY.match(self.url):
                rest = self.url[found.end() :]
                self.url = rest if rest.startswith(b"/") else b"/" + rest
            elif self.url == b"*" and self.parser.get_method() == b"OPTIONS":
                self.url = b"/"
        if upgrade:
            refusal: Refusal | None = request_checks.NO_PROXY
        else:
            refusal = request_checks.refusal(self.url, self.headers, self.version, self.body_limit)
        if refusal is not None:
            self.refuse(refusal)
        return refusal is None

    def on_headers_complete(self) -> None:
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url, self.expect_100_continue = url, request_checks.expects_continue(headers, self.version)
        self.headers += headers  # the scope has that very list
        super().on_headers_complete()
        self._body_since = self.loop.time()
        self._bytes = self._body_bytes = self._trailer_bytes = 0
        if self.version not in ("1.1", "2.0"):
            # Its task has not run yet.
            self.cycle.send = functools.partial(self._send_unframed, self.cycle)  # type: ignore[method-assign]

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        self._bytes = 0
        self._body_bytes += len(body)
        if self._body_bytes > BODY_LIMIT_BYTES:
            self._refused = True
            self.transport.close()
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._body_since = None
        if not self._refused and not self._declined:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read."""
        self.refuse(
            request_checks.TARGET_TOO_LONG
            if len(self.url) > request_checks.TARGET_LIMIT_BYTES
            else request_checks.NOT_HTTP
        )

    def refuse(self, refusal: Refusal) -> None:
        """Answer with a problem, unless another answer is under way, and end the connection."""
        if self._refused:
            return
        self._refused = True
        status = refusal.status
        # A body that turns out to be none may be answered too: nobody else answers before it is whole.
        idle = self.cycle is None or self.cycle.response_complete
        reading = not idle and not self.cycle.response_started and not self.pipeline and self._body_since is not None
        if idle or reading:
            body = refusal.problem()
            fields = [
                *self.server_state.default_headers,
                (b"content-type", b"application/problem+json"),
                (b"content-length", b"%d" % len(body)),
                (b"cache-control", b"no-store"),
                (b"access-control-allow-origin", b"*"),
                (b"x-content-type-options", b"nosniff"),
                (b"connection", b"close"),
            ]
            self.transport.write(b"".join((STATUS_LINE[status], lines(fields), b"\r\n", body)))
            self.told(status, len(body))
            if reading:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
        self.transport.close()

    def told(self, status: int, sent: int) -> None:
        """A request was refused."""

    async def _send_unframed(self, cycle: RequestResponseCycle, message: Any) -> None:
        """HTTP/1.0 knows no chunks (RFC 9112 §6.1): the end of the connection ends a response without a length. One
        that breaks off resets the connection, so that it does not pass for a whole one."""
        if message["type"] == "http.response.start":
            bare = cycle.scope["method"] == "HEAD" or message["status"] in (204, 304)
            if not bare and not any(name == b"content-length" for name, _ in message["headers"]):
                cycle.chunked_encoding = False
                cycle.expected_content_length = _ENDLESS
                self._linger(_RESET)
        elif cycle.expected_content_length > _ENDLESS // 2 and not message.get("more_body", False):
            cycle.expected_content_length = len(message.get("body", b""))
            self._linger(_CLOSE)
        await RequestResponseCycle.send(cycle, message)

    def _linger(self, how: bytes) -> None:
        number = self.transport.get_extra_info("socket").fileno()
        with socket.socket(fileno=os.dup(number)) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, how)
