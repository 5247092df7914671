"""Health, readiness and metrics of a server, of several processes too."""

import json
import re
import time
from pathlib import Path

from flask import Flask

from quoth.ops import metrics
from quoth.release.release import Release
from quoth.web.guide import chapters

from ..serving import Server, serving, until
from .samples import ASK, metric

GUIDE = Path(chapters.__file__).parent / "operating.md"


def test_health_and_readiness(server: Server, release: Release) -> None:
    for target, expected in (
        ("/health", {"status": "alive"}),
        ("/ready", {"status": "ready", "release": release.number}),
    ):
        response = server.fetch(target)
        assert (response.status, json.loads(response.body)) == (200, expected)
        assert response.headers["cache-control"] == "no-store"


def test_metrics(server: Server, release: Release) -> None:
    before = metric(server, 'quoth_requests_total{route="sparql",status="400"}')
    server.fetch("/sparql?query=SELEC")
    assert metric(server, 'quoth_requests_total{route="sparql",status="400"}') == before + 1
    assert metric(server, "quoth_release ") == release.number
    assert metric(server, "quoth_queries_waiting") == 0
    until(lambda: metric(server, "quoth_cache_bytes") > 0)
    names = server.fetch("/metrics").body.decode()
    for name in ("quoth_request_seconds_bucket", "quoth_cache_misses_total", "quoth_queries_running"):
        assert name in names
    server.fetch("/wp-admin/" + "x" * 50)
    assert "wp-admin" not in server.fetch("/metrics").body.decode()


def test_the_metrics_are_those_of_the_guide(server: Server) -> None:
    until(lambda: metric(server, "quoth_resident_bytes") > 10 * 2**20)
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", server.fetch("/metrics").body.decode(), re.MULTILINE))
    documented = re.findall(r"^\| `(quoth_\w+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert set(documented) == kinds.keys()
    for name, kind in kinds.items():
        assert name.endswith("_total") == (kind == "counter")


def test_the_routes_are_those_of_the_guide() -> None:
    [listed] = re.findall(r"^The routes are .*$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", listed)) == metrics.ROUTES | {"home", "other"}


def test_only_single_files_and_what_is_not_the_site_s_count_as_others(app: Flask) -> None:
    others = re.compile(r"/(robots|sitemap|favicon|opensearch|llms|context|\.well-known|<)")
    for rule in app.url_map.iter_rules():
        assert (metrics.route(rule.rule) == "other") == bool(others.match(rule.rule)), rule.rule
    assert [metrics.route(path) for path in ("/index.ttl", "/", "/.env", "/claims.csv")] == [
        *("home", "home", "other", "claims")
    ]


def test_several_processes_add_up_their_counts(release: Release) -> None:
    with serving(release.path.parent, processes=2, access_log="off", drain_limit_s=60) as server:
        for _ in range(30):
            assert server.fetch(ASK).status == 200
        # Each process carries its counts over once a second.
        until(lambda: metric(server, 'quoth_requests_total{route="sparql"') == 30)
        assert metric(server, "quoth_cache_misses_total") >= 2
        started = time.monotonic()
    assert server.process.returncode == 0
    assert time.monotonic() - started < 30  # of the 60 that requests would have had
