"""What stands before the application, over real connections: cache, codings, conditions, metrics, access log."""

import gzip
import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import brotli
import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.http.content_encoding import zstd
from quoth.release.publish import publish
from quoth.release.release import Release

from ..serving import Server, serving, until

ASK = "/sparql?query=ASK%7B%7D"
SELECT = "/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7DLIMIT%2040"
LONG = "/sparql?format=tsv&query=SELECT*%7B%3Fs%20%3Fp%20%3Fo.%3Fa%20%3Fb%20%3Fc%7DLIMIT%2030000"
PAGE = "/doc/claim/harbour/no-ties"
BASE = "http://localhost:8000/"


class Got(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="module")
def server(release: Release, log: Path) -> Iterator[Server]:
    with serving(release.path.parent, access_log=log, query_workers=2) as server:
        yield server


def ask(server: Server, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Got:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    try:
        connection.request(method, target, body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return Got(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def metric(server: Server, name: str) -> float:
    lines = ask(server, "/metrics").body.decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def hits(server: Server) -> float:
    return metric(server, "quoth_cache_hits_total")


def steady(got: Got) -> Got:
    """Without what is different each second."""
    return got._replace(headers={k: v for k, v in got.headers.items() if k != "date"})


@pytest.mark.parametrize("target", [ASK, SELECT, PAGE, f"{PAGE}.ttl", "/", "/queries"])
@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
def test_the_second_answer_is_the_first_from_the_cache(server: Server, target: str, coding: str) -> None:
    first = steady(ask(server, target, Accept="text/html, */*;q=0.1", Accept_Encoding=coding))
    before = hits(server)
    second = steady(ask(server, target, Accept="text/html, */*;q=0.1", Accept_Encoding=coding))
    assert first == second
    assert hits(server) == before + 1
    assert first.status == 200
    assert {"accept-encoding"} <= {part.strip().lower() for part in first.headers["vary"].split(",")}
    assert first.headers["access-control-allow-origin"] == "*"


def test_each_coding_has_an_etag_of_its_own(server: Server) -> None:
    plain = ask(server, PAGE, Accept_Encoding="identity")
    readers = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
    tags = {plain.headers["etag"]}
    for coding, read in readers.items():
        found = ask(server, PAGE, Accept_Encoding=coding)
        assert found.headers["content-encoding"] == coding
        assert read(found.body) == plain.body
        assert int(found.headers["content-length"]) == len(found.body)
        tags.add(found.headers["etag"])
    assert len(tags) == 4
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("target", [SELECT, PAGE])
def test_a_condition_holds_for_its_own_variant_alone(server: Server, target: str) -> None:
    tags = {c: ask(server, target, Accept_Encoding=c).headers["etag"] for c in ("identity", "gzip", "br")}
    for coding in tags:
        for other, tag in tags.items():
            found = ask(server, target, Accept_Encoding=coding, If_None_Match=f'"nothing", {tag}')
            assert found.status == (304 if coding == other else 200)
            assert found.headers["etag"] == tags[coding]
            if found.status == 304:
                assert not found.body
                assert {"vary", "cache-control", "access-control-allow-origin"} <= found.headers.keys()
                assert not {"content-type", "content-length", "content-encoding"} & found.headers.keys()
    # Not from the cache either.
    fresh = target + ("&x=1" if "?" in target else "?x=1")
    assert ask(server, fresh, If_None_Match=tags["identity"]).status == 304
    assert ask(server, fresh, If_None_Match="*").status == 304


@pytest.mark.parametrize("target", [ASK, PAGE, "/ns.ttl", "/sparql?query=SELECT(1%20AS%20%3Fx)%7B%7D", LONG])
def test_head_has_the_fields_of_get(server: Server, target: str) -> None:
    head = steady(ask(server, target, "HEAD"))
    get = steady(ask(server, target))
    assert head.body == b""
    assert {k: v for k, v in get.headers.items() if k != "transfer-encoding"} == head.headers
    assert steady(ask(server, target, "HEAD")) == head


def test_posted_queries_are_kept_too(server: Server) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    direct = {"Content_Type": "application/sparql-query"}
    for body, headers, answer in (
        (b"query=ASK{}#posted", form, b"true"),
        (b"ASK{FILTER(1=2)}#posted", direct, b"false"),
    ):
        assert answer in ask(server, "/sparql", "POST", body, **headers).body
        before = hits(server)
        assert answer in ask(server, "/sparql", "POST", body, **headers).body
        assert hits(server) == before + 1
        assert ask(server, "/sparql", "POST", body, **headers, Content_Encoding="gzip").status == 415


@pytest.mark.parametrize(
    "target",
    [
        "/sparql?query=SELECT(NOW()AS%20%3Fx)%7B%7D",
        "/sparql?query=SELECT(struuid()AS%20%3Fx)%7B%7D",
        "/sparql?query=SELEC",
        "/doc/org/nobody",
        "/health",
        "/metrics",
        LONG,
    ],
)
def test_what_is_not_kept(server: Server, target: str) -> None:
    first = ask(server, target)
    before = hits(server)
    second = ask(server, target)
    assert hits(server) == before
    if "SELECT(" in target:
        assert first.body != second.body


def test_a_short_body_is_compressed_for_those_who_take_none_as_it_is(server: Server) -> None:
    target = f"{ASK}%23short"
    for _ in range(2):  # from the application, and from the cache
        plain = ask(server, target, Accept_Encoding="gzip")
        found = ask(server, target, Accept_Encoding="gzip, identity;q=0")
        assert "content-encoding" not in plain.headers
        assert found.headers["content-encoding"] == "gzip"
        assert gzip.decompress(found.body) == plain.body
        assert found.headers["etag"] != plain.headers["etag"]
    nothing = ask(server, target, Accept_Encoding="compress, *;q=0")
    assert (nothing.status, nothing.body) == (200, plain.body)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "br, identity;q=0"])
def test_streams_are_compressed(server: Server, coding: str) -> None:
    plain = ask(server, LONG)
    found = ask(server, LONG, Accept_Encoding=coding)
    name = coding.partition(",")[0]
    readers = {"gzip": gzip.decompress, "zstd": zstd.decompress, "br": brotli.decompress}
    assert found.headers["content-encoding"] == name
    assert len(found.body) < len(plain.body) / 5
    assert readers[name](found.body) == plain.body


def test_a_pipeline_is_answered_in_order(server: Server) -> None:
    ask(server, ASK, Accept="text/csv")
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        known = f"GET {ASK} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
        fresh = "GET /sparql?query=ASK%7BFILTER(1%3D2)%7D%23{} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
        last = known.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
        asked = known + fresh.format(1) + known + fresh.format(2) + known + last
        connection.sendall(asked.encode())
        held = b""
        while data := connection.recv(65536):
            held += data
    bodies = [part.partition(b"HTTP/")[0].strip() for part in held.split(b"\r\n\r\n")[1:]]
    assert bodies == [b"true", b"false", b"true", b"false", b"true", b"true"]


def test_the_log_tells_who_asked_what_and_no_query(server: Server, log: Path) -> None:
    for _ in range(2):
        ask(server, "/sparql?query=ASK%7B%3Fsecret%20%3Fb%20%3Fc%7D")
    ask(server, "/sparql", "POST", b"ASK{?secret ?b ?c}", Content_Type="application/sparql-query")
    ask(server, "/doc/org/nobody")
    until(lambda: log.read_text().endswith("}\n") and "nobody" in log.read_text().splitlines()[-1])
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert "secret" not in log.read_text()
    *queries, page = lines[-4:]
    assert {(q["path"], q["status"], q["client"]) for q in queries} == {("/sparql", 200, "127.0.0.1")}
    assert [q["cache"] for q in queries] == ["miss", "hit", "miss"]
    assert queries[0]["query"] == queries[1]["query"]
    assert len(queries[0]["query"]) == 12
    assert queries[0]["ms"] > 0
    assert queries[0]["bytes"] == queries[1]["bytes"] > 20
    assert (page["status"], page["path"]) == (404, "/doc/org/nobody")
    assert "query" not in page


def test_the_log_names_the_client_behind_a_proxy(release: Release, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(release.path.parent, access_log=str(log), trusted_proxies="127.0.0.1 10.0.0.0/8") as server:
        for forwarded in ("192.0.2.7", "192.0.2.7", "2001:db8:1:2::3, 10.0.0.1", 'x", "y": "'):
            ask(server, ASK, X_Forwarded_For=forwarded)
        until(lambda: len(log.read_text().splitlines()) >= 5)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["client"] for line in lines[-4:]] == ["192.0.2.7", "192.0.2.7", "2001:db8:1:2::/64", "127.0.0.1"]
    assert [line["cache"] for line in lines[-4:]] == ["miss", "hit", "hit", "hit"]


def test_the_log_of_a_server_on_ipv6(release: Release, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(release.path.parent, access_log=str(log), host="::1") as server:
        assert ask(server, ASK).status == 200
        until(lambda: len(log.read_text().splitlines()) >= 2)
    assert {json.loads(line)["client"] for line in log.read_text().splitlines()} == {"::/64"}


def test_health_and_readiness(server: Server, release: Release) -> None:
    for target, expected in (
        ("/health", {"status": "alive"}),
        ("/ready", {"status": "ready", "release": release.number}),
    ):
        found = ask(server, target)
        assert (found.status, json.loads(found.body)) == (200, expected)
        assert found.headers["cache-control"] == "no-store"


def test_metrics(server: Server, release: Release) -> None:
    before = metric(server, 'quoth_requests_total{route="sparql",status="400"}')
    ask(server, "/sparql?query=SELEC")
    assert metric(server, 'quoth_requests_total{route="sparql",status="400"}') == before + 1
    assert metric(server, "quoth_release ") == release.number
    assert metric(server, "quoth_queries_waiting") == 0
    until(lambda: metric(server, "quoth_cache_bytes") > 0)
    names = ask(server, "/metrics").body.decode()
    for name in ("quoth_request_seconds_bucket", "quoth_cache_misses_total", "quoth_queries_running"):
        assert name in names
    ask(server, "/wp-admin/" + "x" * 50)
    assert "wp-admin" not in ask(server, "/metrics").body.decode()


def published(releases: Path, label: str) -> None:
    topic = ox.NamedNode(f"{BASE}id/topic/x")
    quads = [ox.Quad(topic, RDF.type, QUOTH.Topic), ox.Quad(topic, RDFS.label, ox.Literal(label, language="en"))]
    publish(publication.published_quads(quads, BASE), releases=releases, base=BASE, report_ttl="", report_json="{}")


def test_a_new_release_empties_the_cache_though_everything_is_a_hit(tmp_path: Path) -> None:
    published(tmp_path, "the first")
    with serving(tmp_path) as server:
        first = ask(server, "/doc/topic/x.ttl")
        assert b"the first" in first.body
        published(tmp_path, "the second")
        until(lambda: b"the second" in ask(server, "/doc/topic/x.ttl").body, 6)
        assert ask(server, "/doc/topic/x.ttl", If_None_Match=first.headers["etag"]).status == 200


def test_several_processes_count_together_and_are_replaced(release: Release) -> None:
    with serving(release.path.parent, processes=2, access_log="off") as server:
        for _ in range(30):
            assert ask(server, ASK).status == 200
        # Each process carries its counts over once a second.
        until(lambda: metric(server, 'quoth_requests_total{route="sparql"') == 30)
        assert metric(server, "quoth_cache_misses_total") >= 2
        started = time.monotonic()
    assert server.process.returncode == 0
    assert time.monotonic() - started < 8
