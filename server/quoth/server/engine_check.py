"""Whether the engine holds the releases that it should, and its login is kept well: for `quoth doctor` (doctor.py)."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.engine.remote.dialect import Location, locate
from quoth.errors import QuothError
from quoth.release.deploy import record
from quoth.release.deploy.staging import is_at
from quoth.release.open import open_staged
from quoth.release.release import Release, Releases
from quoth.server.machine import Findings

Opener = Callable[[Settings], tuple[Engine, Release]]


def engine(settings: Settings, opener: Opener) -> Findings:
    """Whether it answers for the current release; of a server with a dialect, which others it holds, and whether there
    is room for the next one."""
    location = locate(settings.engine, settings.engine_login) if settings.engine else None
    if location:
        yield from _login(settings, location)
    current, release = opener(settings)
    with closing(current):
        current.check()
        began = time.perf_counter()
        with current.answer(Query("ASK { ?s ?p ?o }"), Wanted()) as answer:
            says = json.loads(b"".join(answer.chunks))["boolean"]
        took = f"{(time.perf_counter() - began) * 1000:.0f} ms"
        which = f"the engine at {' '.join(location.urls)}" if location else "the embedded engine"
        if not says:
            yield "fault", f"{which} holds nothing of release {release.number}", None
        yield "ok", f"{which} answers for release {release.number} (a query took {took})", None
        if location and location.dialect:
            yield from _datasets(settings, location, current, release.number)


def _datasets(settings: Settings, location: Location, current: Engine, number: int) -> Findings:
    """The releases in the engine, by the record of their datasets, each asked whether it is there."""
    known = {url: of for url, (of, _) in record.read(settings.releases).items() if is_at(url, location)}
    kept = {release.number: release for release in Releases(settings.releases).readable()}
    for url, of in sorted(known.items(), key=lambda item: item[1]):
        if of not in kept:
            yield "warning", f"{url} holds release {of}, which is kept no more", "quoth publish drops it"
        elif of != number:
            problem = _problem(settings, kept[of], current)
            remedy = f"quoth rollback {of} loads it again before it is served"
            yield ("warning", f"{url}: {problem}", remedy) if problem else ("ok", f"{url} holds release {of}", None)
    for url, (of, _) in record.left(settings.releases).items():
        if url not in known:
            remedy = "delete it there, or name its server in engine once more for quoth releases prune"
            yield "warning", f"{url} holds release {of} of before, and is on no server that engine names", remedy
    if location.dialect and location.dialect.releases == "slots":
        free = [url for url in location.urls if known.get(url) != number]
        where = f"the next release goes into {' or '.join(free)}"
        remedy = "name one more server in engine: quoth publish needs one that is not read"
        yield ("ok", where, None) if free else ("fault", "there is no room for the next release", remedy)


def _problem(settings: Settings, release: Release, current: Engine) -> str | None:
    """Why an earlier release is not in its dataset; None where it is."""
    staged = open_staged(settings, release, current)
    if staged is None:
        return f"it was loaded from another state of release {release.number}"
    with closing(staged):
        try:
            staged.check()
        except QuothError as error:
            return "; ".join(getattr(error, "__notes__", ())) or error.detail
    return None


def _login(settings: Settings, location: Location) -> Findings:
    """Whether others can read the user name and the password, on this machine or on the way."""
    file: Path | None = settings.engine_login
    if file and file.stat().st_mode & 0o004:
        yield "fault", f"everybody on this machine may read {file}", f"chmod o-r {file}"
    is_digest = location.dialect is not None and location.dialect.login == "digest"
    for host in _in_clear(location) if location.user and not is_digest else ():
        detail = f"the password of the engine goes to {host} in clear text"
        yield "warning", detail, "give the engine TLS and an https URL, unless nobody else is on that network"


def _in_clear(location: Location) -> Iterator[str]:
    for parts in map(urlsplit, location.urls):
        if parts.scheme == "http" and is_open(parts.hostname or ""):
            yield parts.hostname or ""


def is_open(host: str) -> bool:
    """Whether the name or address of a host is another than this machine's alone."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
