"""The application of the current release: when a new release is published, the next requests go to it.

Requests that are under way keep the release that they began with; its engine is closed once they must have ended.
"""

import contextlib
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from quoth.config import Settings
from quoth.engine.api.interface import Engine
from quoth.errors import QuothError
from quoth.ops import metrics
from quoth.release.release import Release, Releases
from quoth.release.retention import hold
from quoth.web.app import create_app
from quoth.web.core.site import Site

POLL_EVERY_S = 1.0
GRACE_S = 10.0
"""Beyond the limits of a query and of its delivery."""
LOOKED_AT_S = 10.0
"""The seconds that a server waits for the engine before it listens."""


class CurrentRelease:
    """A WSGI application over whichever release is current. Raises UnavailableError at once if there is none."""

    def __init__(self, settings: Settings, opener: Callable[[Settings], tuple[Engine, Release]]) -> None:
        self._settings = settings
        self._opener = opener
        self._releases = Releases(settings.releases)
        self._lock = threading.Lock()
        self._folders = self._releases.folders()
        self._changes = 0
        self._said = ""
        self._take()
        # It may have to count for longer than anybody waits for a server to start.
        looking = threading.Thread(target=self._look, daemon=True)
        looking.start()
        looking.join(LOOKED_AT_S)
        self._polled = time.monotonic()

    @property
    def generation(self) -> int:
        """Another number from when on no response from before is to be sent again: after a switch to another release, a
        change of the list of releases, and as the engine says."""
        return self._changes + self._engine.generation

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.poll()
        return self._app(environ, start_response)

    def _look(self) -> None:
        # Where the engine does not hold the release, it says why in the log, and every request is answered 503.
        with contextlib.suppress(QuothError):
            self._engine.check()

    def _take(self, check: bool = False) -> None:
        """Serve the current release, and keep it from being removed; if ``check``, only if its engine holds it."""
        engine, release = self._opener(self._settings)
        served = os.stat(release.path).st_ino
        with contextlib.ExitStack() as opened:
            opened.callback(engine.close)
            opened.enter_context(hold(release.path))
            if check:
                engine.check()
            self._open(engine, release)
            self._served = served
            self._ending = opened.pop_all()

    def _open(self, engine: Engine, release: Release) -> None:
        """Serve this release. Where that fails, what was served stays."""
        app = create_app(self._settings, engine, release)
        self._engine, self._release, self._app = engine, release, app
        self._generation = engine.generation
        self.site: Site = app.extensions["quoth"]

    def poll(self) -> None:
        """Switch to the current release if it is another one; not more often than every POLL_EVERY_S. Beside the
        requests where another server has to count what it has of it."""
        if time.monotonic() - self._polled > POLL_EVERY_S and self._lock.acquire(blocking=False):
            self._polled = time.monotonic()
            if self._settings.engine:
                threading.Thread(target=self._follow, daemon=True).start()
            else:
                self._follow()

    def _follow(self) -> None:
        try:
            self._switch()
        finally:
            self._lock.release()

    def reopen(self) -> None:
        """Open the current release at once, also if it is the one that is served: its texts may be others by now."""
        with self._lock:
            self._polled = time.monotonic()
            self._said = ""
            self._switch(anew=True)

    def measure(self) -> None:
        """Bring the metrics of the engine and the release up to date."""
        metrics.take(self._engine, self._release.number)

    def _switch(self, anew: bool = False) -> None:
        old, end = self._engine, self._ending.close
        try:
            folders, number = self._releases.folders(), self._release.number
            same = folders.get(number) == self._served
            if folders != self._folders:
                # Stored responses list the releases, and may say what is redacted since.
                replaced = [number for number, folder in self._folders.items() if folders.get(number) != folder]
                self._folders = folders
                self._changes += 1
                self._app.extensions["quoth-archive"].close(replaced)
            if not anew and same and self._releases.current().number == number:
                if old.generation != self._generation:
                    self._open(old, self._release)  # anew, without what was kept of the engine's answers
                return
            self._take(check=True)
        except (QuothError, OSError, sqlite3.Error) as error:
            message = f"quoth: release {self._release.number} stays: {error}"
            if message != self._said:  # once, and not every second
                print(message, file=sys.stderr, flush=True)
            self._said = message
            return
        self._changes += 1 + old.generation
        self._said = ""
        longest_s = self._settings.query_time_limit_s + self._settings.query_delivery_limit_s
        ending = threading.Timer(longest_s + GRACE_S, end)
        ending.daemon = True
        ending.start()

    def close(self) -> None:
        """Closes the engine of the current release."""
        self._ending.close()
