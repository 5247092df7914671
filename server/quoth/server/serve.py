"""Serving the current release: the application of a process, and the processes."""

import functools
import socket
import sys
from collections.abc import Callable

from quoth.config import Settings
from quoth.engine.api.interface import Engine
from quoth.errors import UnavailableError
from quoth.http import client_address
from quoth.release.release import Release
from quoth.server import processes
from quoth.server.current_release import Current
from quoth.server.encoding_middleware import Finished
from quoth.server.front import Front
from quoth.server.sparql_fast_path import Direct
from quoth.server.wsgi_bridge import Asgi
from quoth.web.core import rate_limit

Opener = Callable[[Settings], tuple[Engine, Release]]
"""Opens the current release and an engine over it; a function at the top of a module, since each process calls it."""


def serve(settings: Settings, opener: Opener, *, announce: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end, for ``drain_limit_s`` at most.

    The server is an ASGI one that breaks the connection where a response breaks off. Raises UnavailableError if it
    could not start (the port is taken, the release cannot be opened).
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    listening = f"http://{host}:{settings.port}/"
    _free(settings, listening)
    # An error here is the user's to see, not a worker's to die of.
    client_address.networks(settings.trusted_proxies)
    rate_limit.check(settings.query_rate_limit)
    engine, release = opener(settings)
    engine.close()
    also = "" if listening == settings.public_url else f" (listening at {listening})"

    def tell() -> None:
        announce(f"Quoth serves release {release.number} at {settings.public_url}{also}")
        sys.stdout.flush()

    make = functools.partial(load, settings, opener)
    if settings.processes == 1:
        processes.run(make, settings.host, settings.port, settings.drain_limit_s, tell)
    else:
        processes.Processes(settings.processes, make, settings.host, settings.port, settings.drain_limit_s).run(tell)


def _free(settings: Settings, listening: str) -> None:
    """Raises UnavailableError where something listens already: our processes would share the port with it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            why = f"the server cannot start: {error.strerror or error}"
            raise UnavailableError(why, where=listening, remedy="give another --port") from None


def load(settings: Settings, opener: Opener) -> Front:
    """The application of one process."""
    current = Current(settings, opener)
    direct = Direct(lambda: current.site, settings)
    asgi = Asgi(
        Finished(current),
        settings.query_size_kb * 1024,
        current.close,
        direct=direct,
        queries=settings.query_workers + settings.query_long_workers + settings.query_queue,
        stall_limit_s=settings.query_delivery_limit_s,
    )
    return Front(asgi, current, settings, direct)
