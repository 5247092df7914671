"""What a process knows of itself, for people who run it: since when, how much memory, which requests failed last.

It keeps no address, path, query or message: the page that shows it is public.
"""

import contextlib
import os
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

STARTED = datetime.now(UTC).replace(microsecond=0)
"""When this process began."""

KEPT = 20
"""Failures that are kept, the last ones."""

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Failure(NamedTuple):
    """A request that failed: when (seconds since 1970), the route (metrics.route) and the status; ``cut`` where its
    response broke off."""

    at: float
    route: str
    status: int
    cut: bool

    def as_json(self) -> dict[str, object]:
        """The failure as the members of an object."""
        stamp = datetime.fromtimestamp(int(self.at), UTC).isoformat().replace("+00:00", "Z")
        return {"time": stamp, "route": self.route, "status": self.status, "cut": self.cut}


_failures: deque[Failure] = deque(maxlen=KEPT)


def note(route: str, status: int, cut: bool) -> None:
    """Keep a request in mind if it failed by a fault of the server: any status from 500 on, or a response that broke
    off."""
    if status >= 500 or cut:
        _failures.append(Failure(time.time(), route, status, cut))


def failures() -> list[Failure]:
    """The last failures, the latest first."""
    return [*reversed(_failures)]


def resident_bytes() -> int:
    """The memory that this process and those that it started have in use (proc_pid_statm(5)); what they share counts
    for each. 0 where the system does not tell."""
    total, pids = 0, ["self"]
    with contextlib.suppress(OSError):  # a thread has just ended, or no file can be opened at the moment
        for children in Path("/proc/self/task").glob("*/children"):
            pids += children.read_text("ascii").split()
    for pid in pids:
        with contextlib.suppress(OSError):  # it has just ended
            total += int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE_BYTES
    return total
