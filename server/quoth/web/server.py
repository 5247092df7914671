"""Serving an application with granian: worker processes, each with an engine of its own over the same release."""

import functools
import socket
import sys
from collections.abc import Callable

from granian.constants import Interfaces
from granian.server import Server

from quoth.config import Settings
from quoth.errors import Unavailable
from quoth.store.engine import Engine
from quoth.store.release import Release
from quoth.web import callers, rate
from quoth.web.asgi import Asgi
from quoth.web.current import Current

Opener = Callable[[Settings], tuple[Engine, Release]]
"""Opens the current release and an engine over it; a function at the top of a module, since each worker calls it."""


def serve(settings: Settings, opener: Opener, *, workers: int = 1, announce: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end, for ``drain_limit_s`` at most.

    The interface is ASGI, since granian's WSGI ends a response that broke off as if it were whole. Raises Unavailable
    if the workers could not start (the port is taken, the release cannot be opened).
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    listening = f"http://{host}:{settings.port}/"
    _free(settings, listening)
    # An error here is the user's to see, not a worker's to die of.
    callers.networks(settings.trusted_proxies)
    rate.check(settings.query_rate_limit)
    engine, release = opener(settings)
    engine.close()
    server = Server(
        "quoth",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        log_enabled=True,
        log_level="warning",  # type: ignore[arg-type]
        workers_kill_timeout=settings.drain_limit_s,
        respawn_failed_workers=False,
    )
    also = "" if listening == settings.public_url else f" (listening at {listening})"
    server.on_startup(lambda: announce(f"Quoth serves release {release.number} at {settings.public_url}{also}"))
    try:
        server.serve(target_loader=functools.partial(load, settings, opener), wrap_loader=False)
    except (OSError, RuntimeError) as error:
        raise Unavailable(f"the server cannot start: {error}", where=listening, remedy="give another --port") from None
    sys.stdout.flush()


def _free(settings: Settings, listening: str) -> None:
    """Raises Unavailable where something listens already: granian would share the port with it, request by request."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            why = f"the server cannot start: {error.strerror or error}"
            raise Unavailable(why, where=listening, remedy="give another --port") from None


def load(settings: Settings, opener: Opener) -> Asgi:
    """The application of one worker process."""
    current = Current(settings, opener)
    return Asgi(
        current,
        settings.query_size_kb * 1024,
        current.close,
        queries=settings.query_workers + settings.query_long_workers + settings.query_queue,
        stall_limit_s=settings.query_delivery_limit_s,
    )
