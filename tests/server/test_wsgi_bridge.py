"""The WSGI application as an ASGI one: bodies are closed when a client leaves, and each field is sent once."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from quoth.server.asgi import AsgiApplication, ClientGoneError, Message
from quoth.server.wsgi_bridge import WsgiBridge

from .. import loop

SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"x")]}


class Chunks:
    """The body of a WSGI response, whose second chunk waits for an event."""

    def __init__(self) -> None:
        self.asked, self.through, self.closed = threading.Event(), threading.Event(), threading.Event()
        self._made = self._make()

    def _make(self) -> Iterator[bytes]:
        yield b"first"
        self.asked.set()
        self.through.wait(10)
        yield b"second"

    def __iter__(self) -> Iterator[bytes]:
        return self._made

    def close(self) -> None:
        self._made.close()  # type: ignore[attr-defined]
        self.closed.set()


def answered(chunks: Chunks, leave_at_once: bool) -> list[Message]:
    """The messages that the application sends for a response with those chunks."""

    def wsgi(environ: dict[str, Any], start: Any) -> Chunks:
        start("200 OK", [("Content-Type", "text/plain"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")])
        return chunks

    sent: list[Message] = []

    async def talk() -> None:
        requests = [{"type": "http.request"}]

        async def receive() -> Message:
            if requests:
                return requests.pop()
            if not leave_at_once:
                await asyncio.sleep(60)
            await asyncio.to_thread(chunks.asked.wait)
            asyncio.get_running_loop().call_later(0.1, chunks.through.set)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await AsgiApplication(WsgiBridge(wsgi), lifespan=contextlib.nullcontext, body_limit=0)(SCOPE, receive, send)

    loop.run(talk())
    return sent


def test_a_body_is_closed_when_its_client_leaves_during_a_chunk() -> None:
    chunks = Chunks()
    with pytest.raises(ClientGoneError):
        answered(chunks, leave_at_once=True)
    assert chunks.closed.is_set()


def test_the_application_s_date_field_gives_way_to_the_server_s() -> None:
    chunks = Chunks()
    chunks.through.set()
    start, *rest = answered(chunks, leave_at_once=False)
    *fields, (name, date) = start["headers"]
    assert fields == [(b"content-type", b"text/plain"), (b"server", b"Quoth")]
    assert name == b"date"
    assert abs(parsedate_to_datetime(date.decode()).timestamp() - time.time()) < 60
    assert b"".join(message["body"] for message in rest) == b"firstsecond"
