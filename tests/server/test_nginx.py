"""The guide's configuration of nginx in front of a real server, whose release changes under load."""

import re
import threading
import time
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ..nginx import GUIDE, VALID_S, proxied
from ..serving import serving, until

pytestmark = pytest.mark.slow

BASE = "http://localhost:8000/"

TARGETS = (
    "/doc/topic/x",
    "/doc/topic/x.ttl",
    "/sparql?query=DESCRIBE%3Chttp%3A%2F%2Flocalhost%3A8000%2Fid%2Ftopic%2Fx%3E",
)
COMMENT = re.compile(rb"release (\w+) of x, \d+ and more")
"""Not a label: documents have former labels as data."""
BEFORE = re.compile(rb"<del>.*?</del>")
"""A former value in the history on a page."""


def published(releases: Path, name: str) -> None:
    """A release in which everything says its name, several times."""
    topic = ox.NamedNode(f"{BASE}id/topic/x")
    quads = [ox.Quad(topic, RDF.type, QUOTH.Topic)]
    quads += [ox.Quad(topic, RDFS.label, ox.Literal(f"release {name} of x", language=tag)) for tag in ("en", "en-GB")]
    quads += [
        ox.Quad(topic, RDFS.comment, ox.Literal(f"release {name} of x, {n}" + " and more" * 20)) for n in range(50)
    ]
    publish(publication.published_quads(quads, BASE), releases=releases, base=BASE, report_ttl="", report_json="{}")


def test_nginx_serves_a_new_release_in_time_and_never_mixes_two(tmp_path: Path) -> None:
    assert VALID_S == 5
    assert "five seconds" in GUIDE
    releases, folder = tmp_path / "releases", tmp_path / "nginx"
    folder.mkdir()
    published(releases, "one")
    seen: list[tuple[float, str, set[bytes]]] = []
    stop = threading.Event()
    with (
        serving(releases, access_log="off", trusted_proxies="127.0.0.1") as server,
        proxied(folder, server.port) as proxy,
    ):

        def load(headers: dict[str, str]) -> None:
            while not stop.is_set():
                for target in TARGETS:
                    began = time.monotonic()
                    status, _, body = proxy.get(target, headers)
                    assert status == 200
                    seen.append((began, target, set(COMMENT.findall(BEFORE.sub(b"", body)))))

        threads = [
            threading.Thread(target=load, args=({"Accept": accept},))
            for accept in ("text/html", "text/turtle, */*;q=0.1")
        ]
        for thread in threads:
            thread.start()
        until(lambda: len(seen) > 60)
        published(releases, "two")
        until(lambda: b"release two" in server.get("/doc/topic/x.ttl")[2], 30)
        switched = time.monotonic()
        time.sleep(VALID_S + 4)
        stop.set()
        for thread in threads:
            thread.join()
        misses = Counter(target for _, target, _ in seen)
    assert all(misses[target] > 10 for target in TARGETS)
    assert {frozenset(names) for _, _, names in seen} == {frozenset({b"one"}), frozenset({b"two"})}
    late = [names for began, _, names in seen if began > switched + VALID_S + 3]
    assert late
    assert all(names == {b"two"} for names in late)


def test_nginx_caches_documents_and_not_volatile_results(tmp_path: Path) -> None:
    releases, folder, log = tmp_path / "releases", tmp_path / "nginx", tmp_path / "log"
    folder.mkdir()
    published(releases, "one")
    with (
        serving(releases, access_log=str(log), trusted_proxies="127.0.0.1") as server,
        proxied(folder, server.port) as proxy,
    ):
        for _ in range(6):
            assert proxy.get("/doc/topic/x.ttl")[0] == 200
        tag = proxy.get("/doc/topic/x.ttl")[1]["etag"]
        assert proxy.get("/doc/topic/x.ttl", {"If-None-Match": tag})[0] == 304
        assert b"<html" in proxy.get("/doc/topic/x", {"Accept": "text/html"})[2]
        assert b"<html" not in proxy.get("/doc/topic/x", {"Accept": "text/turtle"})[2]
        now = "/sparql?format=csv&query=SELECT(STRUUID()AS%20%3Fx)%7B%7D"
        assert len({proxy.get(now)[2] for _ in range(4)}) == 4
        time.sleep(VALID_S + 1)
        assert proxy.get("/doc/topic/x.ttl")[0] == 200
        until(lambda: '"status": 304' in log.read_text())  # it asked whether what it has holds
    lines = [line for line in log.read_text().splitlines() if "/doc/topic/x.ttl" in line]
    assert len(lines) == 3
    assert all('"client": "127.0.0.1"' in line for line in lines)
