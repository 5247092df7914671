"""The WSGI application as an ASGI one, for three things that WSGI does not give.

A response that breaks off breaks the connection, instead of ending as if it were whole; a client that goes away frees
what its response occupies; and the path arrives as it was sent (``%2F`` stays ``%2F``).

ASGI HTTP 2.3: https://asgi.readthedocs.io/en/latest/specs/www.html; WSGI: PEP 3333.
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping, Sequence
from typing import Any, NamedTuple, TypeVar

from quoth.engine.api.client import Presence
from quoth.http.client_address import PRESENCE
from quoth.server.thread_pool import Threads
from quoth.server.wsgi_environ import Scope, encoded, environ

T = TypeVar("T")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BEGUN = "quoth.begun"
"""Where a query that was begun already is, in the scope of a request and in its WSGI environment: what gives its
answer (engine.Begun). In the scope also where nothing is, if there is no use in asking ``direct``."""

THREADS = 32
"""For everything but ad-hoc queries; those that may run and wait together come on top, so that pages never wait
behind them."""


WHOLE_BYTES = 1 << 20
"""A body up to this length that declares it is read in one go."""

_WATCH_AFTER_S = 0.1


class DisconnectedError(Exception):
    """The client went away."""


class Whole(NamedTuple):
    """A whole response, and the query that it answers; names of fields are in lower case."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    query: str = ""


Direct = Callable[[dict[str, Any], bytes], Awaitable[Whole | None]]
"""Of the WSGI environment of a request and its body: the response, if it is at hand without blocking."""


class Asgi:
    """An ASGI application that calls a WSGI one in threads. ``close`` is called when the server stops.

    A request's body is read whole, up to ``body_limit`` bytes and one more, so that the application itself can tell
    that it is too long. A client that takes no byte of a streamed response for ``stall_limit_s`` loses its
    connection. The Presence of the client is in the environment (callers.PRESENCE). ``direct`` is asked first, on the
    event loop.
    """

    def __init__(
        self,
        wsgi: Wsgi,
        body_limit: int,
        close: Callable[[], None] = lambda: None,
        *,
        direct: Direct | None = None,
        queries: int = 32,
        stall_limit_s: float = 60.0,
    ) -> None:
        self._wsgi = wsgi
        self._body_limit = body_limit
        self._close = close
        self._direct = direct
        self._stall_limit_s = stall_limit_s
        self._threads = Threads(THREADS + queries, "request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            with contextlib.suppress(DisconnectedError):
                await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                self._threads.close()
                self._close()
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await self._body(receive)
        loop = asyncio.get_running_loop()
        presence = Presence()
        asked = {**environ(scope, body), PRESENCE: presence, BEGUN: scope.get(BEGUN)}
        response = _Response(self._wsgi, asked)
        watch = _Watch(loop, receive, presence)
        try:
            ready = None if self._direct is None or BEGUN in scope else await self._direct(asked, body)
            if ready is not None:
                response.whole = True
                await send({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
                await send({"type": "http.response.body", "body": ready.body, "more_body": False})
                return
            # The first chunk before the head: an error up to there can still be an error response.
            chunk = await self._threads.run(response.begin)
            if presence.left:
                return
            await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
            while chunk is not None and not response.whole:
                following = await watch.unless_gone(self._threads.run(response.next))
                if chunk:
                    message = {"type": "http.response.body", "body": chunk, "more_body": True}
                    await watch.unless_gone(asyncio.ensure_future(send(message)), self._stall_limit_s)
                chunk = following
            await send({"type": "http.response.body", "body": chunk or b"", "more_body": False})
        finally:
            watch.end()
            presence.leave()  # nobody waits for anything any more
            if not response.whole:
                await self._threads.run(response.close)

    async def _body(self, receive: Receive) -> bytes:
        held: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise DisconnectedError
            if size <= self._body_limit:
                held.append(message.get("body", b""))
                size += len(held[-1])
            if not message.get("more_body", False):
                return b"".join(held)


class _Response:
    """The response of the application, made and read in a thread; in one turn of it if it is short and declares its
    length, as each turn costs more than most answers do. ``whole``: the first chunk is all there is.

    One thread at a time: a client may leave while the next chunk is made, and what is under way cannot be closed.
    """

    def __init__(self, wsgi: Wsgi, environ: dict[str, Any]) -> None:
        self._wsgi = wsgi
        self._environ = environ
        self._chunks: Iterable[bytes] = ()
        self._iterator: Iterator[bytes] = iter(())
        self._lock = threading.RLock()
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.whole = False

    def begin(self) -> bytes | None:
        """Call the application: the first chunk."""
        with self._lock:
            self._chunks = self._wsgi(self._environ, self._start)
            self._iterator = iter(self._chunks)
            length = next((int(v) for k, v in self.headers if k == b"content-length"), None)
            if length is not None and length <= WHOLE_BYTES:
                first: bytes | None = b"".join(self._iterator)
                self.whole = True
            else:
                first = next(self._iterator, None)
                self.whole = first is None
            if self.whole:
                self.close()
            return first

    def _start(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        # Date is for the server to say: one of the application's would be a second, and grow old in the cache.
        self.headers = encoded((name, value) for name, value in headers if name.lower() != "date")
        return lambda _: None

    def next(self) -> bytes | None:
        """The next chunk, or None at the end."""
        with self._lock:
            return next(self._iterator, None)

    def close(self) -> None:
        """Free what the response occupies."""
        with self._lock:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()


class _Watch:
    """Watches whether the client goes, from a moment after the request on: most are answered before."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, presence: Presence) -> None:
        self._receive = receive
        self._presence = presence
        self._gone: asyncio.Future[None] | None = None
        self._later = loop.call_later(_WATCH_AFTER_S, self._begin)

    def _begin(self) -> "asyncio.Future[None]":
        if self._gone is None:
            self._gone = asyncio.ensure_future(self._watch())
        return self._gone

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._presence.leave()

    async def unless_gone(self, future: "asyncio.Future[T]", limit_s: float | None = None) -> T:
        """What the future gives. Raises what it raises, and DisconnectedError if the client went or took too long."""
        await asyncio.wait((future, self._begin()), timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        if not future.done():
            future.add_done_callback(lambda f: f.cancelled() or f.exception())
            future.cancel()
            raise DisconnectedError
        return future.result()

    def end(self) -> None:
        """Watch no longer."""
        self._later.cancel()
        if self._gone is not None:
            self._gone.cancel()
