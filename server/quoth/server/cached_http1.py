"""The connection's protocol with two things more, which an ASGI request costs several times as much as.

What the cache holds is answered at once; if the request is the same to the byte as one before, without reading it. And
a query that is sent by GET is answered without one if its result is short (direct.py).
"""

import functools
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from quoth.engine.api.client import Presence
from quoth.server.exchange import WHOLE, Asked
from quoth.server.front import Found, Front
from quoth.server.http1 import Connection
from quoth.server.response_cache import Entry, Fields, lines, without_body
from quoth.server.wsgi_bridge import BEGUN

LATER_BYTES = 1 << 16
"""Of requests that wait for the answer to the one before, beyond which no more is read."""

_END = b"\r\n\r\n"


class Fast(Connection):
    """One connection. ``config.app`` is a Front."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        front = self.config.app
        assert isinstance(front, Front)
        self._front = front
        self.body_limit = front.body_limit
        self._answered = False
        self._alone: bytes | None = None
        """What has been received, if that is one whole request without a body and nothing else."""
        self._asked: Asked | None = None
        """A query that is answered here, and its client."""
        self._presence: Presence | None = None
        self._later = b""
        """What has come since, to be read once that is answered."""
        self._ending = False
        self._peer: str | None = None
        self._own: tuple[Fields, bytes] = ((), b"")

    def data_received(self, data: bytes) -> None:
        if self._asked is not None:
            self._later += data
            if len(self._later) > LATER_BYTES:
                self.flow.pause_reading()
            return
        between = self._between()
        if between and self._answer_again(data):
            return
        self._alone = data if between and 0 < data.find(_END) == len(data) - len(_END) else None
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._presence is not None:
            self._presence.leave()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server is to stop: end the connection, after what is under way."""
        if self._asked is not None:
            self._ending = True
        else:
            super().shutdown()

    def on_headers_complete(self) -> None:
        self._answered = False
        if self.admit() and not self._answer():
            self._to_application()

    def on_body(self, body: bytes) -> None:
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._body_since = None
        if not self._answered:
            super().on_message_complete()

    def told(self, status: int, sent: int) -> None:
        asked = Asked("", b"", self.headers or ())
        self._front.tell_refused(status, sent, self._client_of(asked))

    def _to_application(self) -> None:
        super().on_headers_complete()
        # Its task has not run yet.
        self.scope[WHOLE] = functools.partial(self._send_whole, self.cycle)  # type: ignore[literal-required]

    def _between(self) -> bool:
        """Whether the connection is between requests, and can take the response to another."""
        begun = self._body_since is not None or (self._head_since is not None and self._bytes > 0)
        busy = (self.cycle is not None and not self.cycle.response_complete) or self.pipeline
        return not (begun or busy or self._refused or self.flow.write_paused or self.transport.is_closing())

    def _answer_again(self, data: bytes) -> bool:
        """Answer from the cache what has been answered from it before."""
        asked = self._front.known(data)
        if asked is None:
            return False
        entry = self._front.hit(asked)
        if entry is None:
            return False
        self._unset_keepalive_if_required()
        self._head_since = None
        self._hit(asked, entry, True)
        return True

    def _hit(self, asked: Asked, entry: Entry, keep_alive: bool) -> None:
        status = self._send(asked, entry, keep_alive)
        sent = len(entry.body) if status == 200 and asked.method == "GET" else 0
        self._front.tell_hit(asked, entry, status, sent, self._client_of(asked))

    def _answer(self) -> bool:
        """Answer here and now from the cache, or soon without the application, if either can be done."""
        busy = (self.cycle is not None and not self.cycle.response_complete) or self.pipeline
        if busy or self.flow.write_paused or self.transport.is_closing() or self.version != "1.1":
            return False
        asked = Asked(self.parser.get_method().decode("ascii"), self.url, self.headers)
        entry = self._front.hit(asked) if asked.plain else None
        keep_alive = self.parser.should_keep_alive()
        self._answered = True
        if entry is not None:
            if self._alone is not None and keep_alive:
                self._front.know(self._alone, asked)
            self._hit(asked, entry, keep_alive)
        elif self._alone is not None and self._front.directly(asked):
            self._asked = asked
            task = self.loop.create_task(self._ask(asked, keep_alive))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        else:
            self._answered = False
        return self._answered

    async def _ask(self, asked: Asked, keep_alive: bool) -> None:
        self._presence = Presence()
        found = Found(None, None)
        try:
            found = await self._front.ask(asked, self._client_of(asked), self._presence)
        finally:
            self._asked = None
            if not self.transport.is_closing():
                self._go_on(asked, found, keep_alive)

    def _go_on(self, asked: Asked, found: Found, keep_alive: bool) -> None:
        if found.entry is not None:
            self._send(asked, found.entry, keep_alive and not self._ending)
        else:
            self._answered = False
            self._to_application()
            self.scope[BEGUN] = found.begun  # type: ignore[literal-required]
            self.cycle.keep_alive = keep_alive  # which the parser tells only as long as it reads
            super().on_message_complete()
            if self._ending:
                super().shutdown()
        later, self._later = self._later, b""
        if later:
            self.flow.resume_reading()
            self.data_received(later)

    def _client_of(self, asked: Asked) -> str:
        """Whom a request comes from."""
        if asked.forwarded:
            return self._front.client(self.client, asked.forwarded)
        if self._peer is None:
            self._peer = self._front.client(self.client, b"")
        return self._peer

    def _own_lines(self) -> bytes:
        """The fields of the server itself, as they are sent: others each second, for the date."""
        fields = self.server_state.default_headers
        if fields is not self._own[0]:
            self._own = fields, lines(fields)
        return self._own[1]

    def _send(self, asked: Asked, entry: Entry, keep_alive: bool) -> int:
        """Send what is stored, or those of its fields that a client wants who has it: the status."""
        has = asked.has(entry.tag, entry.modified)
        status, fields = (304, lines(without_body(entry.headers))) if has else (200, entry.lines)
        self._write(status, fields, entry.body if status == 200 and asked.method == "GET" else b"", keep_alive)
        self._idle_since = self.loop.time()
        if not keep_alive:
            self.transport.close()
        return status

    def _write(self, status: int, fields: bytes, body: bytes, keep_alive: bool) -> None:
        own = self._own_lines()
        close = b"" if keep_alive else b"connection: close\r\n"
        self.transport.write(b"".join((STATUS_LINE[status], own, close, fields, b"\r\n", body)))

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
