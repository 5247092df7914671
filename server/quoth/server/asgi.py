"""The ASGI application: where the product's code begins.

It checks a request, reads its body, makes a Request of it, and sends the Response that the layers below give. A
response that breaks off breaks the connection, instead of ending as if it were whole; a client that goes away frees
what its response occupies.

ASGI HTTP 2.3: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import Any, TypeVar

from quoth.converters import Networks
from quoth.engine.api.client import Presence
from quoth.errors import QuothError
from quoth.http import message
from quoth.http.message import Handler, Response, Stream
from quoth.http.problem_details import ProblemDetails
from quoth.server import http1

T = TypeVar("T")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SERVER = (b"server", b"Quoth")
"""In every response: without the field, the server below would put in its own name."""

_WATCH_AFTER_S = 0.1
_BODY_FIELDS = frozenset((b"content-length", b"transfer-encoding"))
"""One of them says that a request has a body (RFC 9112 §6.3)."""

_log = logging.getLogger("quoth.server")


class ClientGoneError(Exception):
    """The client went away, or takes nothing of its response."""


@dataclass(frozen=True)
class AsgiApplication:
    """The layers as an ASGI application. ``lifespan`` is entered when the server starts, and left when it stops. The
    application calls ``refused`` with each response to a malformed request, and with the address of its client.

    A body is read whole, up to ``body_limit`` bytes and one more, so that the application itself can tell that it is
    too long. A client that takes no byte of a streamed response for ``stall_limit_s`` loses its connection.
    """

    layers: Handler
    lifespan: Callable[[], AbstractAsyncContextManager[None]]
    body_limit: int
    stall_limit_s: float = 60.0
    trusted: Networks = ()
    refused: Callable[[Response, str], None] = lambda response, client: None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            async with self.lifespan():
                await send({"type": "lifespan.startup.complete"})
                await receive()
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        request = message.from_scope(scope, self.trusted)
        problem = http1.refusal(scope, self.body_limit)
        if problem is None and not _BODY_FIELDS.isdisjoint(request.fields):
            body = await self._body(receive)
            if isinstance(body, bytes):
                request.body = body
            else:
                problem = body
        if problem is not None:
            response = http1.refused(problem)
            self.refused(response, request.client)
            await _send_whole(response, send)
            return
        watch = _Watch(receive, request.presence)
        response = Response(500, ())
        try:
            response = await self.layers(request)
            if isinstance(response.body, bytes):
                await _send_whole(response, send)
            elif not request.presence.left:
                await self._stream(response, response.body, watch, send)
        except (QuothError, ClientGoneError):
            raise  # the access log tells that the response was cut
        except Exception:
            _log.exception("unforeseen error at %s %s", request.method, request.path)
            raise
        finally:
            watch.end()
            request.presence.leave()  # no query needs to go on
            if not isinstance(response.body, bytes):
                await response.body.aclose()

    async def _stream(self, response: Response, chunks: Stream, watch: "_Watch", send: Send) -> None:
        await send(_start(response))
        while (chunk := await watch.unless_gone(anext(chunks, None))) is not None:
            if chunk:
                body = {"type": "http.response.body", "body": chunk, "more_body": True}
                await watch.unless_gone(send(body), self.stall_limit_s)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _body(self, receive: Receive) -> bytes | ProblemDetails:
        """The body of a request, or the problem with it."""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(http1.BODY_LIMIT_S):
                while True:
                    part = await receive()
                    if part["type"] == "http.disconnect":
                        return http1.BODY_BROKE_OFF
                    data: bytes = part.get("body", b"")
                    if size <= self.body_limit:
                        parts.append(data)
                    size += len(data)
                    if size > http1.BODY_LIMIT_BYTES:
                        return http1.BODY_ENDLESS
                    if not part.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            return http1.BODY_LATE


def _start(response: Response) -> Message:
    fields = [*response.fields, SERVER, _date(int(time.time()))]
    return {"type": "http.response.start", "status": response.status, "headers": fields}


@lru_cache(1)
def _date(second: int) -> tuple[bytes, bytes]:
    """The time of a response (RFC 9110 §6.6.1). That of the server below stands still after its clock has gone back,
    until it has come again to where it was."""
    return b"date", formatdate(second, usegmt=True).encode()


async def _send_whole(response: Response, send: Send) -> None:
    await send(_start(response))
    await send({"type": "http.response.body", "body": response.body, "more_body": False})


class _Watch:
    """Watches whether the client goes, from a moment after the request on: most are answered before."""

    def __init__(self, receive: Receive, presence: Presence) -> None:
        self._receive = receive
        self._presence = presence
        self._gone: asyncio.Task[None] | None = None
        self._later = asyncio.get_running_loop().call_later(_WATCH_AFTER_S, self._begin)

    def _begin(self) -> "asyncio.Task[None]":
        if self._gone is None:
            self._gone = asyncio.ensure_future(self._watch())
        return self._gone

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._presence.leave()

    async def unless_gone(self, work: Awaitable[T], limit_s: float | None = None) -> T:
        """The result of the work. Raises its errors, and ClientGoneError if the client went or took too long."""
        task = asyncio.ensure_future(work)
        await asyncio.wait((task, self._begin()), timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            self._presence.leave()
            task.cancel()
            await asyncio.wait((task,))
            raise ClientGoneError
        return task.result()

    def end(self) -> None:
        """Watch no longer."""
        self._later.cancel()
        if self._gone is not None:
            self._gone.cancel()
