"""Opening releases: the current one with the engine that the settings name, others with the embedded one.

This module alone chooses the engine; the rooms above know the interface in engine/api.
"""

from typing import TYPE_CHECKING

from quoth.config import Settings
from quoth.engine.api.interface import Engine
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.federation.http_client import CallLimits
from quoth.engine.federation.rewrite import Federation
from quoth.engine.pool.pool import Limits
from quoth.errors import ReleaseError, UnavailableError, UsageError
from quoth.release.integrity import VERIFIED_BYTES
from quoth.release.release import Release, Releases
from quoth.sparql.service_calls import endpoints

if TYPE_CHECKING:
    from quoth.engine.remote.engine import RemoteEngine


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
        from quoth.release.verified import VerifiedEngine

        if settings.service_endpoints:
            raise UsageError(
                "the engine at another server does not restrict SERVICE to those endpoints",
                where="service_endpoints",
                remedy="leave it empty, or leave out --engine",
            )
        return VerifiedEngine(open_remote(settings), release), release
    allowed = endpoints(settings.service_endpoints)
    reach = CallLimits(settings.service_time_limit_s, settings.service_result_mb)
    return EmbeddedEngine(release.store_path, limits, Federation(allowed, reach) if allowed else None), release


def open_remote(settings: Settings) -> "RemoteEngine":
    """The endpoint at ``settings.engine``, whichever release it holds. Raises UsageError for what is no URL."""
    # Its HTTP libraries take some 50 ms to import, which a server with the embedded engine need not spend.
    from quoth.engine.remote.engine import RemoteEngine

    return RemoteEngine(settings.engine, limits_of(settings))


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
