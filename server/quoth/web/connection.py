"""What HTTP/1.1 asks of a server beyond what uvicorn does, and what keeps strangers from holding a connection.

RFC 9112: https://www.rfc-editor.org/rfc/rfc9112. What is refused here never reaches the application, so it is
answered with a problem document of its own, and ends the connection.
"""

import asyncio
import functools
import json
import os
import re
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from quoth.web.cache import lines

KEEP_ALIVE_S = 30
HEAD_LIMIT_S = 20.0
"""For the head of a request to arrive."""

BODY_LIMIT_S = 60.0
"""For its body."""

HEAD_LIMIT_BYTES = 1 << 20
"""Of a head that is read although it is too long, so that its sender comes to read why."""

FIELDS_LIMIT_BYTES = 1 << 16
"""Of a head's fields: what they are put together from takes time on the loop, more with each."""

TARGET_LIMIT_BYTES = (1 << 16) - 1
"""Of a request's target: what the parser takes."""

BODY_LIMIT_BYTES = 1 << 24
"""Of a body that is read although it is too long, so that its sender comes to read why."""

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
        self._refused = False
        self._bytes = 0
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
        super().data_received(data)
        if self._head_since is not None:
            self._bytes += len(data)
            if self._bytes > HEAD_LIMIT_BYTES:
                self.transport.close()

    def on_message_begin(self) -> None:
        # What uvicorn does here is mostly to make a scope: only what reaches the application needs one.
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._bytes = 0
        self._idle_since = None
        self._head_since = self.loop.time()

    def admit(self) -> bool:
        """Whether a request whose head has come is one; if not, it has been refused.

        An absolute target is taken for the path in it (RFC 9112 §3.2.2), OPTIONS * for the root (RFC 9110 §9.3.7).
        """
        self._head_since = None
        if self._refused:
            return False
        if not self.url.startswith(b"/"):
            if found := _AUTHORITY.match(self.url):
                rest = self.url[found.end() :]
                self.url = rest if rest.startswith(b"/") else b"/" + rest
            elif self.url == b"*" and self.parser.get_method() == b"OPTIONS":
                self.url = b"/"
        length = hosts = size = 0
        for name, value in self.headers:
            size += len(name) + len(value) + 4  # with the colon, the space and the end of the line
            if name == b"host":
                hosts += 1
            elif name == b"content-length":
                length = int(value)
        if hosts != 1 and (hosts or self.parser.get_http_version() == "1.1"):  # RFC 9112 §3.2
            self.refuse(400, "Bad request", f"the request has {hosts or 'no'} Host fields", "send one")
        elif len(self.url) > TARGET_LIMIT_BYTES:
            self.refuse(414, "URI too long", "the address is longer than 64 KiB", "send the query by POST")
        elif size > FIELDS_LIMIT_BYTES:
            self.refuse(
                431,
                "Request header fields too large",
                "the header fields are longer than 64 KiB",
                "send fewer or shorter",
            )
        elif length > BODY_LIMIT_BYTES or (length > self.body_limit and self.expect_100_continue):
            self.refuse(
                413,
                "Content too large",
                f"the body has {length} bytes",
                "send less: the limit is the setting query_size_kb",
            )
        else:
            self._body_since = self.loop.time()
            self._bytes = 0
        return not self._refused

    def on_headers_complete(self) -> None:
        url, headers, expect_100_continue = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect_100_continue
        self.headers += headers  # the scope has that very list
        super().on_headers_complete()
        if self.parser.get_http_version() not in ("1.1", "2.0"):
            # Its task has not run yet.
            self.cycle.send = functools.partial(self._send_unframed, self.cycle)  # type: ignore[method-assign]

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        self._bytes += len(body)
        if self._bytes > BODY_LIMIT_BYTES:
            self._refused = True
            self.transport.close()
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._body_since = None
        if not self._refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read."""
        if len(self.url) > TARGET_LIMIT_BYTES:
            self.refuse(414, "URI too long", "the address is longer than 64 KiB", "send the query by POST")
        else:
            self.refuse(400, "Bad request", "this is not HTTP/1.1", "see https://www.rfc-editor.org/rfc/rfc9112")

    def refuse(self, status: int, title: str, detail: str, remedy: str) -> None:
        """Answer with a problem, unless another answer is under way, and end the connection."""
        if self._refused:
            return
        self._refused = True
        # A body that turns out to be none may be answered too: nobody else answers before it is whole.
        idle = self.cycle is None or self.cycle.response_complete
        reading = not idle and not self.cycle.response_started and not self.pipeline and self._body_since is not None
        if idle or reading:
            problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, "remedy": remedy}
            body = (json.dumps(problem, indent=1) + "\n").encode()
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
