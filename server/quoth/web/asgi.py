"""The WSGI application as an ASGI one, for three things that WSGI under granian lacks.

A response that breaks off breaks the connection, instead of ending as if it were whole; a client that goes away frees
what its response occupies; and the path arrives as it was sent (``%2F`` stays ``%2F``).

ASGI HTTP 2.3: https://asgi.readthedocs.io/en/latest/specs/www.html; WSGI: PEP 3333.
"""

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = 64
"""More than the ad-hoc queries that may run and wait together, so that pages never wait behind them."""


class Disconnected(Exception):
    """The client went away."""


class Asgi:
    """An ASGI application that calls a WSGI one in threads. ``close`` is called when the server stops.

    A request's body is read whole, up to ``body_limit`` bytes and one more, so that the application itself can tell
    that it is too long.
    """

    def __init__(self, wsgi: Wsgi, body_limit: int, close: Callable[[], None] = lambda: None) -> None:
        self._wsgi = wsgi
        self._body_limit = body_limit
        self._close = close
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            with contextlib.suppress(Disconnected):
                await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                self._threads.shutdown(wait=False, cancel_futures=True)
                self._close()
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await self._body(receive)
        loop = asyncio.get_running_loop()
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
            started.update(status=int(status[:3]), headers=headers)
            return lambda _: None

        def run() -> Iterable[bytes]:
            return self._wsgi(environ(scope, body), start_response)

        chunks = await loop.run_in_executor(self._threads, run)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            # The first chunk before the head: an error up to there can still be an error response.
            iterator = iter(chunks)
            chunk = await self._next(iterator, gone)
            raw = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in started["headers"]]
            await send({"type": "http.response.start", "status": started["status"], "headers": raw})
            while chunk is not None:
                following = await self._next(iterator, gone)
                if chunk:
                    more = following is not None
                    await send({"type": "http.response.body", "body": chunk, "more_body": more})
                    if not more:
                        return
                chunk = following
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            close = getattr(chunks, "close", None)
            if close is not None:
                await loop.run_in_executor(self._threads, close)

    async def _next(self, iterator: Iterator[bytes], gone: "asyncio.Future[None]") -> bytes | None:
        """The next chunk, or None at the end. Raises what the iterator raises, and Disconnected."""
        following: asyncio.Future[bytes | None] = asyncio.get_running_loop().run_in_executor(
            self._threads, _take, iterator
        )
        await asyncio.wait((following, gone), return_when=asyncio.FIRST_COMPLETED)
        if not following.done():
            following.add_done_callback(lambda f: f.cancelled() or f.exception())
            raise Disconnected
        return following.result()

    async def _body(self, receive: Receive) -> bytes:
        held: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            if size <= self._body_limit:
                held.append(message.get("body", b""))
                size += len(held[-1])
            if not message.get("more_body", False):
                return b"".join(held)


def _take(iterator: Iterator[bytes]) -> bytes | None:
    return next(iterator, None)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333). REQUEST_URI is the target as it was sent."""
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or quote(path).encode("ascii")
    query: str = scope["query_string"].decode("latin-1")
    server = scope.get("server") or ("localhost", None)
    client = scope.get("client") or ("", None)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": raw.decode("latin-1").partition("?")[0] + (f"?{query}" if query else ""),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if "_" in name.decode("latin-1"):
            continue  # would pass for another header
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        found[key] = f"{found[key]},{text}" if key in found else text
    found["CONTENT_LENGTH"] = found.get("CONTENT_LENGTH") or str(len(body))
    return found
