"""Running an application under uvicorn, in this process or in several that share the port.

Each process listens on a socket of its own, and the kernel gives each connection to one of them (SO_REUSEPORT). One
that dies is replaced; SIGTERM and SIGINT let running requests end.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Semaphore
from types import FrameType

import uvicorn
from prometheus_client.multiprocess import mark_process_dead

from quoth.errors import UnavailableError
from quoth.server.cached_http1 import Fast
from quoth.server.front import Front
from quoth.server.http1 import KEEP_ALIVE_S

Loader = Callable[[], Front]
"""Makes the application; a function at the top of a module or a partial of one, since it goes to other processes."""

_RESTART_S = 1.0


class _Server(uvicorn.Server):
    """Says when it listens, and stops too if it was told to before."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._told: int | None = None

    def told(self, number: int, frame: FrameType | None) -> None:
        """What a signal does while uvicorn does not listen to it: before it starts, and, as it raises the signal again
        when it has ended well, after that."""
        self._told = number

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()
        if self._told is not None:
            asyncio.get_running_loop().call_soon(self.handle_exit, self._told, None)


def listen(host: str, port: int) -> socket.socket:
    """A socket for one process. Raises UnavailableError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise UnavailableError(f"the server cannot start: {error.strerror or error}", where=f"{host}:{port}") from None
    return found


def run(load: Loader, host: str, port: int, drain_s: float, listening: Callable[[], None]) -> None:
    """Serve in this process until SIGTERM or SIGINT. Raises UnavailableError if the port cannot be had."""
    # A response that breaks off is told in the access log; uvicorn would add a traceback.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    bound = listen(host, port)
    config = uvicorn.Config(
        load(),
        http=Fast,
        ws="none",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=1024,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(drain_s),
    )
    server = _Server(config, listening)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.told)
    gc.collect()
    gc.freeze()  # what is here now stays: the collector need not walk it each time
    server.run(sockets=[bound])


class Processes:
    """So many processes that serve, until ``run`` is told to stop by SIGTERM or SIGINT."""

    def __init__(self, count: int, load: Loader, host: str, port: int, drain_s: float) -> None:
        self._count = count
        self._arguments = (load, host, port, drain_s)
        self._drain_s = drain_s
        # Not forked: what the engine and the threads of this process hold would not survive it.
        self._context = multiprocessing.get_context("spawn")
        self._ready = self._context.Semaphore(0)
        self._stopped = False

    def run(self, listening: Callable[[], None]) -> None:
        """Serve. Raises UnavailableError if a process cannot start."""
        measures = tempfile.mkdtemp(prefix="quoth-metrics-")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = measures
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        running = [self._start() for _ in range(self._count)]
        try:
            for _ in running:
                self._await(running)
            if not self._stopped:
                listening()
            while not self._stopped:
                time.sleep(0.1)
                for place, process in enumerate(running):
                    if not process.is_alive() and not self._stopped:
                        _forget(process, measures)
                        time.sleep(_RESTART_S)
                        running[place] = self._start()
        finally:
            self._end(running)
            shutil.rmtree(measures, ignore_errors=True)

    def _start(self) -> BaseProcess:
        process = self._context.Process(target=_serve, args=(*self._arguments, self._ready), name="quoth")
        process.start()
        return process

    def _await(self, running: list[BaseProcess]) -> None:
        while not self._stopped and not self._ready.acquire(timeout=0.1):
            if not all(process.is_alive() for process in running):
                raise UnavailableError("the server cannot start: one of its processes ended at once")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True

    def _end(self, running: list[BaseProcess]) -> None:
        for process in running:
            process.terminate()
        until = time.monotonic() + self._drain_s + 5
        for process in running:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()


def _serve(load: Loader, host: str, port: int, drain_s: float, ready: Semaphore) -> None:
    """What one of several processes does."""
    run(load, host, port, drain_s, ready.release)


def _forget(process: BaseProcess, measures: str) -> None:
    """What a dead process measured for now is not added any more; what it counted is."""
    mark_process_dead(process.pid, measures)  # type: ignore[no-untyped-call]
