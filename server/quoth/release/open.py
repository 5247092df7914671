"""Opening releases: the current one with the engine that the settings name, others with the embedded one.

This module alone chooses the engine; the rooms above know the interface in engine/api.
"""

import functools
import shutil
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pyoxigraph as ox

from quoth.claim.model.claim_summary import ClaimSummary
from quoth.config import Settings
from quoth.converters import endpoints
from quoth.engine.api.interface import Engine
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.federation.http_client import CallLimits
from quoth.engine.federation.rewrite import Federation
from quoth.engine.pool.pool import Limits
from quoth.errors import ReleaseError, UnavailableError, UsageError
from quoth.index import claim_summaries
from quoth.index.build import INDEX_FILE, rows_of
from quoth.index.claims import ClaimIndex
from quoth.release.build import store
from quoth.release.current import COPIED
from quoth.release.dumps import nquads
from quoth.release.integrity import VERIFIED_BYTES
from quoth.release.release import STORE, Release, Releases

if TYPE_CHECKING:
    from quoth.engine.remote.engine import RemoteEngine

Summaries = Callable[[Sequence[str]], dict[str, ClaimSummary]]


def open_current(settings: Settings) -> tuple[Engine, Release]:
    """The current release and an engine over it: the embedded one, or the endpoint at ``settings.engine``.

    Close the engine when done. Raises UnavailableError if nothing is published, ReleaseError for a release that is
    damaged, UsageError for settings that do not go together. Whether the endpoint holds the release is for
    Engine.check, which every query asks first.
    """
    release = Releases(settings.releases, settings.base).current()
    release.verify(VERIFIED_BYTES)
    limits = limits_of(settings)
    if settings.engine:
        from quoth.release.standby import StandbyEngine
        from quoth.release.verified import VerifiedEngine

        if settings.service_endpoints:
            raise UsageError(
                "the engine at another server does not restrict SERVICE to those endpoints",
                where="service_endpoints",
                remedy="leave it empty, or leave out --engine",
            )
        remote = _remote(settings, release)
        if remote.dialect is not None and remote.dialect.releases == "one":
            verified = VerifiedEngine(remote, release, replaced=True)
            embedded = functools.partial(EmbeddedEngine, release.store_path, limits)
            return StandbyEngine(verified, embedded, remote.dialect.pages), release
        return VerifiedEngine(remote, release), release
    allowed = endpoints(settings.service_endpoints, "service_endpoints")
    reach = CallLimits(settings.service_time_limit_s, settings.service_result_mb)
    return EmbeddedEngine(release.store_path, limits, Federation(allowed, reach) if allowed else None), release


def open_remote(settings: Settings) -> "RemoteEngine":
    """The endpoint at ``settings.engine``, whichever release it holds. Raises UsageError for what is no URL."""
    return _remote(settings, None)


def _remote(settings: Settings, release: Release | None, beside: "RemoteEngine | None" = None) -> "RemoteEngine":
    """The endpoint of a release, which shares limits with that ``beside``. Raises UnavailableError where the release
    was not loaded."""
    # Its HTTP libraries take some 50 ms to import, which a server with the embedded engine need not spend.
    from quoth.engine.remote.dialect import locate
    from quoth.engine.remote.engine import RemoteEngine
    from quoth.release.deploy.staging import dataset_of, not_staged

    location = locate(settings.engine, settings.engine_login)
    url = location.urls[0]
    if location.dialect is not None:
        if location.dialect.releases != "one":
            release = release or Releases(settings.releases, settings.base).current()
            dataset = dataset_of(settings.releases, location, release)
            if dataset is None:
                raise not_staged(release)
            url = dataset
        url = location.dialect.filled(location.dialect.query, url)
    return RemoteEngine(location.with_login(url), limits_of(settings), beside, location.dialect)


def open_staged(settings: Settings, release: Release, current: Engine) -> Engine | None:
    """An engine over an earlier release in its own dataset at ``settings.engine``, beside that of the ``current`` one;
    None where it has none there."""
    from quoth.release.verified import VerifiedEngine

    if not isinstance(current, VerifiedEngine):
        return None
    try:
        remote = _remote(settings, release, current.remote)
        # Nothing keeps a publication from a server that has an earlier release.
        is_kept = remote.dialect is None or remote.dialect.releases == "many"
        return VerifiedEngine(remote, release, replaced=not is_kept)
    except (UnavailableError, ReleaseError, UsageError):
        return None


def limits_of(settings: Settings) -> Limits:
    """The limits of ad-hoc queries. At another server nothing tells long queries from short ones, so that all have the
    places of both."""
    more = settings.query_long_workers if settings.engine else 0
    return Limits(
        time_s=settings.query_time_limit_s,
        memory_mb=settings.query_memory_mb,
        workers=settings.query_workers + more,
        long_workers=settings.query_long_workers,
        queue=settings.query_queue,
        result_mb=settings.query_result_mb,
        result_rows=settings.query_result_rows,
        spool_mb=settings.query_spool_mb,
        delivery_s=settings.query_delivery_limit_s,
    )


def open_lists(release: Release) -> tuple[ClaimIndex, Summaries]:
    """The lists of a release, which are made anew in memory where an earlier version wrote them otherwise, and a
    function that gives summaries of claims (IRIs) which the lists have none of. Raises ReleaseError for a release that
    is damaged."""
    release.verify(VERIFIED_BYTES, names={INDEX_FILE}, with_store=False)

    @functools.cache
    def opened() -> ox.Store:
        return ox.Store.read_only(str(release.store_path))

    lists = ClaimIndex(release.path / INDEX_FILE, lambda name: rows_of(opened())(name))
    return lists, lambda iris: claim_summaries.of_store(opened(), iris)


def open_archived(release: Release, current: Engine) -> Engine:
    """An engine over a release that is not the current one. Its ad-hoc queries go to the processes of the ``current``
    engine, if that is the embedded one; else pages and documents alone are made from it. Raises UnavailableError if it
    is damaged or its store cannot be opened."""
    try:
        release.verify(VERIFIED_BYTES)
    except ReleaseError as damage:
        error = UnavailableError(
            f"release {release.number} is damaged and is not served",
            remedy="ask for another release, or tell the operator, who runs `quoth verify-release`",
        )
        error.add_note(str(damage))  # it names a file, which is nothing for clients
        raise error from None
    if isinstance(current, EmbeddedEngine):
        return EmbeddedEngine(release.store_path, beside=current)
    return EmbeddedEngine(release.store_path, Limits(workers=1))


class Copy:
    """An ``engine`` over a copy of the store of a release, in a ``folder`` that goes with this object."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self._folder = engine, folder
        self._delete = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    @property
    def is_there(self) -> bool:
        """Whether nobody has deleted the copy, as the next publication does."""
        return self._folder.exists()

    def close(self) -> None:
        """Delete the copy. Queries that began over it end."""
        self.engine.close()
        self._delete()


def open_copy(release: Release, quads: Iterable[ox.Quad], current: Engine) -> Copy | None:
    """An engine that reads some ``quads`` beside those of a release: over a copy of its store, beside the releases,
    with which it shares files. None where no copy can be made, as in a folder that this process may not write to, and
    where the ``current`` engine is not the embedded one."""
    if not isinstance(current, EmbeddedEngine):
        return None
    try:
        folder = Path(mkdtemp(prefix=COPIED, dir=release.path.parent))
    except OSError:
        return None
    try:
        path = folder / str(release.number) / STORE
        path.parent.mkdir()
        store.change(release.store_path, path, (), [*nquads.to_lines(quads)], lambda *_: None)
        return Copy(EmbeddedEngine(path, beside=current), folder)
    except (OSError, RuntimeError, ReleaseError, UnavailableError):  # such as a full disk
        shutil.rmtree(folder, ignore_errors=True)
        return None
