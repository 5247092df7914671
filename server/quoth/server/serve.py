"""Serving the current release: the processes, which are granian's (https://github.com/emmett-framework/granian).

One process supervises; each of the others has a listening socket of its own on the same port, and the kernel gives
each connection to one of them (SO_REUSEPORT). A process that ends is replaced; all end with the one that supervises.
"""

import asyncio
import errno
import functools
import gc
import http.client
import logging
import math
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from http import HTTPStatus
from multiprocessing.synchronize import Semaphore
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from quoth import mcp, processes
from quoth.config import Settings
from quoth.errors import QuothError, UnavailableError, reason
from quoth.ops.access_log import AccessLog
from quoth.server import machine

if TYPE_CHECKING:
    from quoth.server.app import Layer, Opener
    from quoth.server.asgi import AsgiApplication

HEAD_LIMIT_S = 20
"""The time in which the head of a request has to arrive, also after another request of the connection."""

FAILED_STARTS = 3
"""Ends of a process in a row, without one being ready, after which the server ends: so many for each process."""

HEAD_LIMIT_BYTES = 1 << 17
"""The length of the head of a request, and of the bytes beside the chunks of a body."""


OWN_FILES = 512
"""Open files of a process that are no connections: of the release, of results, of the processes for queries."""


def serve(
    settings: Settings, opener: "Opener", *, announce: Callable[[str], None] = print, layer: "Layer | None" = None
) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end, for ``drain_limit_s`` at most; at SIGHUP, open the
    current release at once. ``layer``: one more layer of the application.

    Raises UnavailableError if it could not start (the port is taken, the release cannot be opened).
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}/"
    if error := machine.port_error(settings):
        other = "--port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
        why = f"the server cannot start: {reason(error)}"
        raise UnavailableError(why, where=address, remedy=f"give another {other}")
    # These are checked here too, so that the user sees the error, and no process ends with it.
    AccessLog(settings.access_log).close()
    if settings.mcp == "on":
        mcp.check_installed()
    engine, release = opener(settings)
    engine.close()
    base = release.manifest.base
    elsewhere = "" if base == settings.public_url else f"; its IRIs begin with {base}, and programs look them up there"
    also = "" if address == settings.public_url else f" (listening at {address})"

    def tell() -> None:
        serves, where = f"Quoth serves release {release.number}", f"at {settings.public_url}{also}"
        if settings.engine and not _is_ready(settings):
            serves, where = "Quoth waits for the engine", f"to serve release {release.number} {where}"
        announce(f"{serves} {where}{elsewhere}")
        sys.stdout.flush()

    # Few malloc arenas for the processes that serve: with one for each thread, memory freed by one is not used by
    # others, and the process grows by a third.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    # Not forked: the threads of this process would not survive it.
    multiprocessing.set_start_method("spawn", force=True)
    spawn = multiprocessing.get_context("spawn")
    ready, starts = spawn.Semaphore(0), spawn.Semaphore(0)
    with ExitStack() as stack:
        if settings.processes > 1:
            folder = stack.enter_context(processes.temporary_folder("quoth-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        server = Supervisor(
            "quoth",
            settings.host,
            settings.port,
            interface=Interfaces.ASGI,
            workers=settings.processes,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(HEAD_LIMIT_S * 1000, max_buffer_size=HEAD_LIMIT_BYTES),
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=settings.drain_limit_s,
            backpressure=_connections(),
        )
        server.respawned_wrks = Respawns(starts, FAILED_STARTS * settings.processes)
        threading.Thread(target=_announce, args=(ready, settings, tell), daemon=True).start()
        try:
            server.serve(
                target_loader=functools.partial(_load, settings, opener, (ready, starts), layer), wrap_loader=False
            )
        except SystemExit:
            if not server.interrupt_signal:
                raise UnavailableError("the server ended: its processes end as soon as they start") from None


REOPEN = signal.SIGURG
"""What the supervising process passes SIGHUP on as: a process that is still starting ignores it (signal(7))."""


class Supervisor(Granian):  # type: ignore[misc,valid-type]
    """granian's supervising process. At SIGHUP it has the others open the current release, in place of ending them. A
    terminal that is closed ends the server: its signal is the same, but there is no terminal any more."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._terminal = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN and _has_terminal()

    def signal_handler_reload(self, *_: Any) -> None:
        """Handles SIGHUP."""
        if self._terminal and not _has_terminal():
            self.signal_handler_interrupt()
            return
        for worker in self.wrks:
            with suppress(OSError):  # it has just ended
                os.kill(worker.inner.pid, REOPEN)


def _has_terminal() -> bool:
    """Whether this process has a controlling terminal (tty(4))."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


class Respawns(dict[int, float]):
    """When each process was started anew. granian looks into it for one that ended, and ends the server if that was
    within 5.5 seconds.

    That a process is killed as it starts must not end the server; that none can start must. So this one has a time that
    is long ago, until ``most`` processes in a row have ended and none was ready between them.
    """

    def __init__(self, starts: Semaphore, most: int) -> None:
        super().__init__()
        self._starts = starts
        self._most = most
        self._failures = 0

    def get(self, key: int, default: Any = None) -> Any:
        while self._starts.acquire(block=False):
            self._failures = 0
        self._failures += 1
        return math.inf if self._failures > self._most else -math.inf


def _connections() -> int:
    """The connections that a process may hold at a time; further ones wait until it has closed others. As many as it
    may have open files, but for its own: so neither can many that are idle keep others out, nor take its files."""
    files = machine.open_files()
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return max(files - OWN_FILES, files // 2)


def _announce(ready: Semaphore, settings: Settings, tell: Callable[[], None]) -> None:
    """Wait until every process is about to listen, and one does; then tell."""
    for _ in range(settings.processes):
        ready.acquire()
    while True:
        try:
            socket.create_connection((settings.host, settings.port), 1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return tell()


def _is_ready(settings: Settings) -> bool:
    """Whether one of the processes finds that the engine at another server holds the release."""
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=HEAD_LIMIT_S)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/ready")
        return connection.getresponse().status == HTTPStatus.OK
    return False


def _load(
    settings: Settings, opener: "Opener", started: Sequence[Semaphore], layer: "Layer | None"
) -> "AsgiApplication":
    """The application, in its process: the one that supervises does without it."""
    from quoth.server.app import create_app

    def listening(reopen: Callable[[], None]) -> None:
        asyncio.get_running_loop().add_signal_handler(REOPEN, reopen)
        for semaphore in started:
            semaphore.release()

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which whole groups of processes get; those for queries inherit it
    processes.end_with_parent()
    logging.basicConfig()
    try:
        app = create_app(settings, opener, listening=listening, layer=layer)
    except QuothError as error:
        print(f"quoth: {error}", file=sys.stderr, flush=True)
        sys.exit(error.exit_code)
    gc.collect()
    gc.freeze()  # what is there now stays: the collector need not walk it each time
    return app
