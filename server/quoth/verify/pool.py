"""Processes that hold strangers' texts against the record, a text at a time each, under the limits that queries have.

Clients take turns as they do with queries (``engine/pool/scheduler``). A text that takes too long, or too much memory,
ends with its process; so does one whose client has left.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quoth import errors
from quoth.engine.api.client import Caller
from quoth.engine.pool.scheduler import Scheduler
from quoth.errors import (
    ClientLeftError,
    Limit,
    QueryTooLargeError,
    QuothError,
    TextTimeoutError,
    UnavailableError,
    reason,
)
from quoth.verify.worker import HEAD, framed

QUEUE = 32
"""Texts that may wait, half of them of one client."""
_MARGIN_S = 0.3
"""Seconds before its limit at which a process gives a text up itself, and can take the next one."""


@dataclass(frozen=True)
class Limits:
    """Seconds after a text's arrival when it is given up, memory of its process, and how many processes there are."""

    time_s: float = 10.0
    memory_mb: int = 1024
    workers: int = 2


class UnexpectedError(Exception):
    """A fault of Quoth's own; its detail is for the log, and has nothing of the text."""


class CourtPool:
    """Processes over one release, given by its folder's parent and its number. Safe for many threads. They end with
    the pool: what they read from closes."""

    def __init__(self, releases: Path, number: int, texts: Path | None, limits: Limits) -> None:
        self._limits = limits
        folder, of_texts = str(releases.resolve()), str(texts.resolve()) if texts else None
        self._config = {"releases": folder, "number": number, "texts": of_texts, "memory_mb": limits.memory_mb}
        self._scheduler = Scheduler(limits.workers, limits.workers, QUEUE, "texts", "verify_queue")
        self._idle: list[_Process] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _end, self._idle)

    def judge(self, text: str, language: str, format: str, caller: Caller, until: float, whole: bool = False) -> Any:
        """The report of a text in a format (worker.written), by the time ``until`` (monotonic).

        Raises what ``verify`` does, TextTimeoutError, QueryTooLargeError, ClientLeftError, and UnavailableError where
        too many texts are waiting or no process became free in time."""
        ticket = self._scheduler.admit(caller, until)
        try:
            with self._lock:
                process = self._idle.pop() if self._idle else None
            if process is None or not process.alive:
                process = _Process(self._config)
            if not process.is_ready(until) and process.alive:
                self._keep(process)  # for who comes next
                raise UnavailableError("the process for texts is only starting", remedy="try again in a few seconds")
            if process.refusal:
                _end([process])
                remedy = "tell the operator, who runs `quoth verify-release`"
                raise UnavailableError("the release cannot be opened", remedy=remedy)
            limit_s = max(_MARGIN_S, until - time.monotonic() - _MARGIN_S)
            request = {"text": text, "language": language, "whole": whole, "format": format, "limit_s": limit_s}
            unsubscribe = caller.presence.on_leaving(process.kill)
            try:
                answer = process.ask(framed(request), until)
            finally:
                unsubscribe()
            if answer is None:
                _end([process])
                raise ClientLeftError("the client left") if caller.presence.left else self._ended(process, until)
            self._keep(process)
        finally:
            self._scheduler.release(ticket)
        if "body" in answer:
            return answer["body"]
        raise self._told(answer)

    def _keep(self, process: "_Process") -> None:
        with self._lock:
            self._idle.append(process)

    def _late(self) -> QuothError:
        return TextTimeoutError(
            f"holding the text against the record was stopped after {self._limits.time_s:g} s",
            remedy="split the text",
            limit=Limit("query_time_limit_s", self._limits.time_s),
        )

    def _too_large(self) -> QuothError:
        return QueryTooLargeError(
            f"holding the text against the record took more than {self._limits.memory_mb} MB of memory",
            remedy="split the text",
            limit=Limit("query_memory_mb", self._limits.memory_mb),
        )

    def _ended(self, process: "_Process", until: float) -> Exception:
        """The error that a process ended for, or was late for."""
        code = process.exit_code()
        if code == signal.SIGALRM or time.monotonic() >= until:
            return self._late()
        return self._too_large() if code == signal.SIGKILL else UnexpectedError(f"a process ended with {code}")

    def _told(self, answer: Mapping[str, Any]) -> Exception:
        """The error that a process told."""
        name = answer["error"]
        if name == "memory":
            return self._too_large()
        if name == "QueryTimeoutError":
            return self._late()
        kind = getattr(errors, name, None)
        if not (isinstance(kind, type) and issubclass(kind, QuothError)):
            return UnexpectedError(answer["detail"])
        limit = answer["limit"]
        return kind(answer["detail"], remedy=answer["remedy"], limit=Limit(*limit) if limit else None)


def _end(processes: Sequence["_Process"]) -> None:
    for process in processes:
        process.kill()
        process.exit_code()


class _Process:
    """One process of worker.py, in a group of its own with those that it forks."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "quoth.verify.worker", json.dumps(config)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except OSError as error:
            raise UnavailableError(f"no process can be started: {reason(error)}") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        self._ready = False
        self.refusal: Mapping[str, Any] | None = None
        """The error for which the record cannot be opened."""

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it, and what it forked."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def exit_code(self) -> int:
        """The code that it ended with; a signal that it was killed by, as its number."""
        code = abs(self._process.wait())
        self._in.close()
        self._out.close()
        return code

    def is_ready(self, until: float) -> bool:
        """Whether the record is open, or is so by that time."""
        if not self._ready and (opened := self._answer(until)) is not None:
            self._ready, self.refusal = True, opened if "error" in opened else None
        return self._ready

    def ask(self, request: bytes, until: float) -> Mapping[str, Any] | None:
        """The answer to a request; None where it ends before that, or does not give it in time."""
        view = memoryview(request)
        try:
            while view:
                view = view[self._in.write(view) :]
        except OSError:
            return None
        return self._answer(until)

    def _answer(self, until: float) -> Mapping[str, Any] | None:
        """The next message; None at the end, or where it is not whole by that time."""
        data = bytearray()
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        while len(data) < HEAD.size or len(data) < HEAD.size + HEAD.unpack_from(data)[0]:
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                return None
            piece = os.read(self._out.fileno(), 1 << 20)
            if not piece:
                return None
            data += piece
        answer: Mapping[str, Any] = json.loads(data[HEAD.size :])
        return answer
