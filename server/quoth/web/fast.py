"""uvicorn's HTTP/1.1 protocol, with two things more: what the cache holds is answered before there is an ASGI request,
and a client that does not finish the head of its request is not waited for.

The first is what makes a repeated request cheap: an ASGI request costs several times what the answer does.
"""

import asyncio
import functools
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from quoth.web.cache import Fields, lines, without_body
from quoth.web.exchange import WHOLE, Asked
from quoth.web.front import Front

KEEP_ALIVE_S = 30
HEAD_LIMIT_S = 20.0
"""For the head of a request to arrive."""

HEAD_LIMIT_BYTES = 1 << 22
"""Of a head; the application is stricter, and says why."""

_CHECK_EVERY_S = 5.0


class Fast(HttpToolsProtocol):
    """One connection. ``config.app`` is a Front."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        front = self.config.app
        assert isinstance(front, Front)
        self._front = front
        self._answered = False
        self._head_bytes = 0
        self._head_since: float | None = None
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
        waits = self._head_since is not None and now - self._head_since > HEAD_LIMIT_S
        idles = self._idle_since is not None and now - self._idle_since > KEEP_ALIVE_S
        if (waits or idles) and not self.transport.is_closing():
            self.transport.close()
        else:
            self._check = self.loop.call_later(_CHECK_EVERY_S, self._end_if_late)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_since is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_LIMIT_BYTES:
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._answered = False
        self._idle_since = None
        self._head_bytes = 0
        self._head_since = self.loop.time()

    def on_headers_complete(self) -> None:
        self._head_since = None
        if not self._answer():
            super().on_headers_complete()
            # Its task has not run yet.
            self.scope[WHOLE] = functools.partial(self._send_whole, self.cycle)  # type: ignore[literal-required]

    def on_body(self, body: bytes) -> None:
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._answered:
            super().on_message_complete()

    def _answer(self) -> bool:
        """Answer from the cache, if that can be done here and now."""
        busy = (self.cycle is not None and not self.cycle.response_complete) or self.pipeline
        if busy or self.flow.write_paused or self.transport.is_closing() or self.parser.get_http_version() != "1.1":
            return False
        asked = Asked(self.parser.get_method().decode("ascii"), self.url, self.headers)
        entry = self._front.hit(asked) if asked.plain else None
        if entry is None:
            return False
        keep_alive = self.parser.should_keep_alive()
        status, fields, body = 200, entry.lines, entry.body if asked.method == "GET" else b""
        if asked.has(entry.tag):
            status, fields, body = 304, lines(without_body(entry.headers)), b""
        self._write(status, fields, body, keep_alive)
        self._answered = True
        self._idle_since = self.loop.time()
        self._front.tell_hit(asked, entry, status, len(body), self._front.client(self.client, self.headers))
        if not keep_alive:
            self.transport.close()
        return True

    def _write(self, status: int, fields: bytes, body: bytes, keep_alive: bool) -> None:
        own = [b"%b: %b\r\n" % field for field in self.server_state.default_headers]
        if not keep_alive:
            own.append(b"connection: close\r\n")
        self.transport.write(b"".join((STATUS_LINE[status], *own, fields, b"\r\n", body)))

    def _send_whole(self, cycle: RequestResponseCycle, status: int, headers: Fields, body: bytes) -> bool:
        """What ``cycle.send`` does with a response in two messages, in one write: whether it could be done."""
        if self.flow.write_paused or cycle.response_started or cycle.disconnected:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        self._write(status, lines(headers), body, cycle.keep_alive)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True
