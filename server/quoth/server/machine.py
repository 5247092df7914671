"""What the machine of a server gives: its port, clock, disks, memory, open files, and who may write where.

Most are checks of `quoth doctor` (doctor.py) that need no release to be opened. Each yields a status, what it found,
and what to do about it.
"""

import itertools
import os
import resource
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.release.release import Releases

Status = Literal["ok", "warning", "fault"]
Findings = Iterator[tuple[Status, str, str | None]]

CLOCK_TOLERANCE = timedelta(minutes=1)
"""By so much the clocks of two machines may differ."""

FILES_LEAST = 1024
"""Open files that a server of a hundred clients needs: connections, stores of releases, processes for queries."""

MOST_FILES = 1 << 16
"""Open files that a process of the server takes, if the machine lets it."""

SERVER_MB, MCP_MB = 150, 50
"""What each process has in memory beside its cache and its queries, and what assistants add, as it was measured."""

_MB = 2**20


def port_error(settings: Settings) -> OSError | None:
    """Why a server cannot listen where the settings say: something does already (our processes would share the port
    with it), the user may not, or the address is none of this machine. None where it can."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return error
    return None


def open_files() -> int:
    """The files that a process of the server may have open: it raises its own limit as far as the system lets it."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(files, MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most))


def clock(settings: Settings, opener: object) -> Findings:
    """Whether it can be right, with regard to when releases were made."""
    now = datetime.now(UTC)
    times = {release.number: release.manifest.created for release in Releases(settings.releases).readable()}
    late = [number for number, made in times.items() if datetime.fromisoformat(made) > now + CLOCK_TOLERANCE]
    if late:
        detail = f"it is {now:%Y-%m-%dT%H:%M:%SZ} here, and release {late[-1]} was made at {times[late[-1]]}"
        yield "fault", detail, "set the clock, of this machine or of the one that publishes"
    for before, after in itertools.pairwise(times):
        if datetime.fromisoformat(times[after]) < datetime.fromisoformat(times[before]) - CLOCK_TOLERANCE:
            yield "warning", f"release {after} was made before release {before}, by the clocks", "compare the clocks"
    if not late:
        yield "ok", f"it is {now:%Y-%m-%dT%H:%M:%SZ}, later than every release", None


def difference(name: str, date: datetime) -> Findings:
    """Whether the clock of another server, which has just answered with a date (RFC 9110 §6.6.1), is the same."""
    apart = date - datetime.now(UTC)
    detail = f"the clock of the {name} differs from this one by {abs(apart.total_seconds()):,.0f} s"
    if abs(apart) > CLOCK_TOLERANCE:
        yield "warning", f"{detail}: it is {'ahead' if apart > timedelta() else 'behind'}", "set both by NTP"
    else:
        yield "ok", detail, None


def disk(settings: Settings, opener: object) -> Findings:
    """Room for a publication, which may take as much as the current release, and for long results."""
    release = Releases(settings.releases).current()
    size = sum(file.stat().st_size for file in release.path.rglob("*") if file.is_file())
    for place, needed, purpose in (
        (settings.releases, size, "a publication may take as much as the current release"),
        (Path(tempfile.gettempdir()), settings.query_spool_mb * _MB, "query_spool_mb promises it to long results"),
    ):
        free = shutil.disk_usage(place).free
        detail = f"{free / _MB:,.0f} MB are free in {place}"
        if free < needed:
            yield (
                "warning",
                f"{detail}, {needed / _MB:,.0f} MB are needed: {purpose}",
                "free some, or lower the setting",
            )
        else:
            yield "ok", detail, None
    if settings.engine:
        yield "ok", "the disk of the engine is not seen from here: it needs room for one more release", None


def memory_mb(settings: Settings) -> int:
    """What queries, texts and the cache may take at once. The queries of another server's engine take none here."""
    workers = settings.verify_workers + (0 if settings.engine else settings.query_workers + settings.query_long_workers)
    each = workers * settings.query_memory_mb + settings.cache_mb + SERVER_MB + (MCP_MB if settings.mcp == "on" else 0)
    return each * settings.processes


def resources(settings: Settings, opener: object) -> Findings:
    """Memory and open files, as far as limits are known."""
    needed, total = memory_mb(settings), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MB
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        if Path(limit).is_file() and (text := Path(limit).read_text("ascii").strip()).isdecimal():
            total = min(total, int(text) // _MB)
    if needed > total:
        remedy = "lower query_memory_mb, query_workers, query_long_workers, verify_workers or processes"
        yield "warning", f"queries and texts may take {needed:,} MB of memory at once, there are {total:,}", remedy
    else:
        yield "ok", f"queries and texts may take {needed:,} MB of {total:,} MB of memory at once", None
    files = open_files()
    few = files < FILES_LEAST
    yield "warning" if few else "ok", f"{files:,} files may be open", "raise it: ulimit -n 65536" if few else None


def permissions(settings: Settings, opener: object) -> Findings:
    """Nobody else may change what is served, and what is needed can be read and written."""
    found = False
    corpus = quoth_toml.find(Path())
    for place in (settings.releases, settings.texts, corpus and corpus.file):
        if place and place.exists() and place.stat().st_mode & stat.S_IWOTH:
            found = True
            yield "fault", f"everybody on this machine may write to {place}", f"chmod o-w {place}"
    if os.geteuid() == 0:
        found = True
        yield "warning", "this is root, as which no server needs to run", "serve as a user of its own"
    if settings.texts and not os.access(settings.texts, os.R_OK | os.X_OK):
        found = True
        yield "fault", f"the texts in {settings.texts} cannot be read", None
    if settings.access_log not in ("on", "off"):
        log = Path(settings.access_log)
        if not os.access(log if log.exists() else log.absolute().parent, os.W_OK):
            found = True
            yield "fault", f"the access log {log} cannot be written", None
    if not found:
        yield "ok", "nobody else may change what is served", None
