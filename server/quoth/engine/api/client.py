"""The client that an ad-hoc query comes from: for a fair share, and to stop the query if the client leaves."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class Presence:
    """Whether a client is still connected. The holder of its connection calls ``leave``. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._callbacks: dict[object, Callable[[], None]] = {}

    @property
    def left(self) -> bool:
        return self._left

    def leave(self) -> None:
        """Note that the client is gone, and call every subscriber once. Subscribers must not block."""
        with self._lock:
            self._left = True
            callbacks, self._callbacks = self._callbacks, {}
        for callback in callbacks.values():
            callback()

    def on_leaving(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have ``callback`` called when the client leaves, at once if it has left: a function that cancels that."""
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
    """The caller of one request. ``client`` is the same for all requests from one address; None is a caller that need
    not share, like the command line."""

    client: str | None = None
    presence: Presence = field(default_factory=Presence)
