"""The layers of the server, each around the ones before it: a request passes them from the last to the first."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

from quoth.config import Settings
from quoth.converters import networks
from quoth.engine.api.interface import Engine
from quoth.http.message import Handler
from quoth.ops.access_log import AccessLog
from quoth.release.release import Release
from quoth.server.access_log_middleware import AccessLogMiddleware
from quoth.server.asgi import AsgiApplication
from quoth.server.byte_ranges import ByteRanges
from quoth.server.current_release import POLL_EVERY_S, CurrentRelease
from quoth.server.http1 import Http10Length
from quoth.server.mcp_endpoint import McpEndpoint
from quoth.server.rate_limit import RateLimit
from quoth.server.response_cache import ResponseCache
from quoth.server.sparql_fast_path import SparqlFastPath
from quoth.server.wsgi_bridge import ContentEncoding, WsgiBridge
from quoth.verify.pool import QUEUE

_log = logging.getLogger("quoth.server")

Layer = Callable[[Handler, CurrentRelease], Handler]
"""Makes one more layer around the others, at the top of a module as the opener."""

Opener = Callable[[Settings], tuple[Engine, Release]]
"""Opens the current release and an engine over it; a function at the top of a module, since each process calls it."""


def create_app(
    settings: Settings,
    opener: Opener,
    *,
    listening: Callable[[Callable[[], None]], None] = lambda reopen: None,
    layer: Layer | None = None,
) -> AsgiApplication:
    """The application of one process. ``listening`` is called when it is about to take requests, with a function that
    has the current release opened at once; ``layer`` makes one around all others but the access log.

    Raises UnavailableError where there is no release to serve, UsageError for a setting that cannot be kept.
    """
    current = CurrentRelease(settings, opener)
    log = AccessLog(settings.access_log)
    application = WsgiBridge(
        ContentEncoding(current),
        settings.query_workers + settings.query_long_workers + settings.query_queue + settings.verify_workers + QUEUE,
    )
    layers: Handler = SparqlFastPath(application, current, settings)
    layers = cache = ResponseCache(layers, current, settings.cache_mb * 2**20, settings.root)
    layers = ByteRanges(layers)
    layers = Http10Length(layers, application)
    layers = assistants = McpEndpoint(layers, current, settings)
    layers = RateLimit(layers, application, settings) if settings.query_rate_limit else layers
    layers = access_log = AccessLogMiddleware(layer(layers, current) if layer else layers, log, settings.root)

    @contextlib.asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        at_once = asyncio.Event()
        following = asyncio.create_task(_follow(current, cache, at_once))
        try:
            async with assistants.running():
                listening(at_once.set)
                yield
        finally:
            following.cancel()
            application.close()
            current.close()
            log.close()

    return AsgiApplication(  # its request checks come before all of these
        layers,
        lifespan=lifespan,
        body_limit=settings.query_size_kb * 1024,
        stall_limit_s=settings.query_delivery_limit_s,
        trusted=networks(settings.trusted_proxies, "trusted_proxies"),
        refused=access_log.refused,
    )


async def _follow(current: CurrentRelease, cache: ResponseCache, at_once: asyncio.Event) -> None:
    """Look for a new release, since requests that the cache answers do not reach the application, and bring the metrics
    up to date. When ``at_once`` is set, open the current release, whether it is another or not."""
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(at_once.wait(), POLL_EVERY_S)
        look = current.reopen if at_once.is_set() else current.poll
        at_once.clear()
        try:
            await loop.run_in_executor(None, look)
            current.measure()
            cache.measure()
        except Exception:  # whatever it was, the next look may succeed
            _log.exception("the check for a new release failed")
