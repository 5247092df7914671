"""The connection's protocol with one thing more: what the cache holds is answered before there is an ASGI request.

That is what makes a repeated request cheap: an ASGI request costs several times what the answer does.
"""

import functools
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from quoth.web.cache import lines, without_body
from quoth.web.connection import Connection
from quoth.web.exchange import WHOLE, Asked
from quoth.web.front import Front


class Fast(Connection):
    """One connection. ``config.app`` is a Front."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        front = self.config.app
        assert isinstance(front, Front)
        self._front = front
        self._answered = False
        self.body_limit = front.body_limit

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._answered = False

    def on_headers_complete(self) -> None:
        if self.admit() and not self._answer():
            super().on_headers_complete()
            # Its task has not run yet.
            self.scope[WHOLE] = functools.partial(self._send_whole, self.cycle)  # type: ignore[literal-required]

    def on_body(self, body: bytes) -> None:
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._body_since = None
        if not self._answered:
            super().on_message_complete()

    def told(self, status: int, sent: int) -> None:
        self._front.tell_refused(status, sent, self._front.client(self.client, self.headers or ()))

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
        if asked.has(entry.tag, entry.modified):
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

    def _send_whole(self, cycle: RequestResponseCycle, status: int, fields: bytes, body: bytes) -> bool:
        """What ``cycle.send`` does with a response in two messages, in one write: whether it could be done."""
        if self.flow.write_paused or cycle.response_started or cycle.disconnected:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        self._write(status, fields, body, cycle.keep_alive)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True
