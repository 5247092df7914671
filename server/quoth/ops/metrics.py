"""The metrics of a running server, for Prometheus.

Several processes count for themselves, in files whose sums each of them can give. The directory of the files is in
PROMETHEUS_MULTIPROC_DIR, which has to be set before this module is imported.
"""

import functools
import os
import threading
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from quoth.corpus.side_by_side import SITE
from quoth.engine.api.interface import Engine
from quoth.ops import vitals

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()

REQUESTS = Counter("quoth_requests", "Requests answered.", ("route", "status"), registry=REGISTRY)
LATENCY = Histogram(
    "quoth_request_seconds",
    "Seconds until a request was answered in full, leaving out those answered from the cache.",
    ("route",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
    registry=REGISTRY,
)
CUT = Counter("quoth_responses_cut", "Responses that broke off, with their connection.", ("route",), registry=REGISTRY)
HITS = Counter("quoth_cache_hits", "Requests answered from the cache.", registry=REGISTRY)
MISSES = Counter("quoth_cache_misses", "Requests that the cache could have answered but did not.", registry=REGISTRY)
CACHE_BYTES = Gauge("quoth_cache_bytes", "Bytes in the cache.", registry=REGISTRY, multiprocess_mode="livesum")
CACHE_ENTRIES = Gauge("quoth_cache_entries", "Responses in the cache.", registry=REGISTRY, multiprocess_mode="livesum")
RUNNING = Gauge(
    "quoth_queries_running", "Ad-hoc queries that are running.", registry=REGISTRY, multiprocess_mode="livesum"
)
WAITING = Gauge(
    "quoth_queries_waiting", "Ad-hoc queries that wait for a process.", registry=REGISTRY, multiprocess_mode="livesum"
)
ENDED = Counter("quoth_queries_ended", "Ad-hoc queries that failed.", ("reason",), registry=REGISTRY)
RESIDENT = Gauge(
    "quoth_resident_bytes",
    "Bytes of memory in use by the server and its processes for queries.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
RELEASE = Gauge("quoth_release", "Number of the release served.", registry=REGISTRY, multiprocess_mode="livemax")

ROUTES = SITE - {"index"} | {"openapi"}
"""The first segments of paths that have a label of their own; other paths, which anybody may make up, share one."""


def route(path: str, root: str = "") -> str:
    """The label of a path of this server.

    >>> route("/sparql"), route("/doc/org/x.ttl"), route("/"), route("/.env"), route("/releases/3/sparql")
    ('sparql', 'doc', 'home', 'other', 'sparql')
    """
    if root and (path == root or path.startswith(root + "/")):
        path = path[len(root) :]
    first, _, rest = path.lstrip("/").partition("/")
    if first == "releases" and rest.partition("/")[2] == "sparql":
        return "sparql"
    name = first.partition(".")[0]
    return "home" if not first or name == "index" else name if name in ROUTES else "other"


latency = functools.cache(LATENCY.labels)
"""``latency(route)``: the latencies of a route."""

requests = functools.cache(REQUESTS.labels)
"""``requests(route, status)``: the requests of a route that were answered with a status."""


class _Figures:
    """Carries an engine's own figures over, and adds up what one engine after another counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: object = None
        self._ended: dict[str, int] = {}

    def take(self, engine: Engine, release: int) -> None:
        figures = engine.figures()
        with self._lock:
            if engine is not self._engine:
                self._engine, self._ended = engine, {}
            RUNNING.set(figures.get("running", 0) + figures.get("long", 0))
            WAITING.set(figures.get("waiting", 0))
            RELEASE.set(release)
            RESIDENT.set(vitals.resident_bytes())
            for reason, count in figures.get("ended", {}).items():
                ENDED.labels(reason).inc(max(0, count - self._ended.get(reason, 0)))
                self._ended[reason] = count


take = _Figures().take
"""``take(engine, number)``: bring the metrics of the engine and of the release up to date."""


def forget_dead(folder: str) -> None:
    """Leave the gauges of processes that have ended out of the sums; their counters stay."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in Path(folder).glob("gauge_live*.db")}:
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


def text(accept: str) -> tuple[bytes, str]:
    """Every metric, of all processes, and the media type (the text format of Prometheus, or OpenMetrics)."""
    registry = REGISTRY
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        forget_dead(folder)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
