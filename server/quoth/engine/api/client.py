"""Who asks an ad-hoc query: whom to be fair to, and whether they are still there for the answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class Presence:
    """Whether a client is still there. Whoever holds its connection calls ``leave``; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._callbacks: dict[object, Callable[[], None]] = {}

    @property
    def left(self) -> bool:
        return self._left

    def leave(self) -> None:
        """The client is gone: call everybody who asked to be told, once. They must not block."""
        with self._lock:
            self._left = True
            callbacks, self._callbacks = self._callbacks, {}
        for callback in callbacks.values():
            callback()

    def on_leaving(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have ``callback`` called when the client leaves (at once if it has left): a function that forgets it."""
        key = object()
        with self._lock:
            if not self._left:
                self._callbacks[key] = callback
                return lambda: self._forget(key)
        callback()
        return lambda: None

    def _forget(self, key: object) -> None:
        with self._lock:
            self._callbacks.pop(key, None)


@dataclass(frozen=True)
class Caller:
    """One request's caller. ``client`` is the same for all that come from one place; None is somebody who need not
    share, like the command line."""

    client: str | None = None
    presence: Presence = field(default_factory=Presence)
