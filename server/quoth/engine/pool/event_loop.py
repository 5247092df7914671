"""Waiting on an event loop, without a thread: for a place, and for the answer of a process."""

import asyncio
import contextlib
import threading
import time

from quoth.engine.api.client import Caller
from quoth.engine.pool.handle import Request, Worker
from quoth.engine.pool.scheduler import Admission
from quoth.engine.pool.ticket import Turn
from quoth.errors import QuothError


async def entered(
    admission: Admission, caller: Caller, until: float, request: Request | None, *, again: bool = False
) -> Turn:
    """What Admission.enter does; with a request, it may also end with an outcome, or sent back (Turn)."""
    loop = asyncio.get_running_loop()
    thread = threading.get_ident()
    decided: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if threading.get_ident() == thread:
            _settle(decided)
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(_settle, decided)

    turn = admission.ask(caller, tell, request, again=again)
    if turn.placed:
        return turn
    forget = caller.presence.on_leaving(tell)
    timer = loop.call_later(max(0.0, until - time.monotonic()), _settle, decided)
    try:
        await decided
    except asyncio.CancelledError:
        with contextlib.suppress(QuothError):
            admission.settle(turn)
            admission.leave(turn)
        raise
    finally:
        timer.cancel()
        forget()
    admission.settle(turn)
    return turn


async def arrival(worker: Worker, limit_s: float) -> None:
    """Read what a process answers, until there is no reason to wait for more of it (Worker.awaits), for ``limit_s``
    at most."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()

    def read() -> None:
        if not worker.awaits():
            _settle(arrived)

    loop.add_reader(worker.fd, read)
    timer = loop.call_later(max(0.0, limit_s), _settle, arrived)
    try:
        await arrived
    finally:
        timer.cancel()
        loop.remove_reader(worker.fd)


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
