"""The store of finished responses, and what it answers over real connections."""

import socket
from pathlib import Path

import pytest

from quoth.http.message import Request, Response
from quoth.server import response_cache
from quoth.server.response_cache import ResponseCache

from .. import loop
from ..serving import Server, serving, until
from .samples import ASK, LONG, PAGE, SELECT, hits, published, steady

FINE = [(b"content-type", b"text/csv"), (b"vary", b"Accept, Accept-Encoding"), (b"cache-control", b"no-cache")]


def asking(
    target: str, method: str = "GET", body: bytes = b"", accept: str = "", coding: str = "", media_type: str = ""
) -> Request:
    path, _, query = target.partition("?")
    fields = {b"accept": accept, b"accept-encoding": coding, b"content-type": media_type}
    sent = {name: value.encode() for name, value in fields.items() if value}
    return Request(method, path, path.encode(), query.encode(), sent, body)


class Cached:
    """A cache before an application that makes bodies of a length."""

    def __init__(self, limit_bytes: int = 100_000) -> None:
        self.generation = 1
        self.length = 10
        self.made = 0
        self.cache = ResponseCache(self._make, self, limit_bytes)

    async def _make(self, request: Request) -> Response:
        self.made += 1
        return Response(200, [(b"etag", b'"x"')], b"x" * self.length)

    def ask(self, target: str) -> str | None:
        return loop.run(self._ask(target))

    async def _ask(self, target: str) -> str | None:
        return (await self.cache(asking(target))).cache

    def count(self, targets: list[str]) -> int:
        """How many of these are kept, without making any."""
        before = self.made
        count = sum(response_cache.key(asking(target)) in self.cache._entries for target in targets)
        assert self.made == before
        return count


def test_the_least_recently_used_responses_are_evicted() -> None:
    cached = Cached()
    cached.length = 5_000
    for number in range(1, 100):
        cached.ask("/often")
        cached.ask(f"/{number}")
    targets = [f"/{number}" for number in range(1, 100)]
    assert cached.cache._entries.currsize <= 100_000
    assert 8 < cached.count([*targets, "/often"]) < 20
    assert cached.ask("/often") == "hit"
    assert cached.ask("/1") == "miss"
    cached.length = 20_000
    assert [cached.ask("/large") for _ in range(2)] == ["miss", "miss"]


def test_another_release_empties_the_cache() -> None:
    cached = Cached()
    assert [cached.ask("/a") for _ in range(2)] == ["miss", "hit"]
    cached.generation = 2
    assert [cached.ask("/a") for _ in range(2)] == ["miss", "hit"]


def test_a_response_made_before_a_new_release_is_not_cached() -> None:
    cached = Cached()

    async def slow(request: Request) -> Response:
        cached.generation = 2
        return Response(200, (), b"of the first release")

    cached.cache._following = slow
    assert cached.ask("/a") == "miss"
    cached.cache._following = cached._make
    assert cached.ask("/a") == "miss"


def test_the_key_has_everything_that_a_response_depends_on() -> None:
    direct, form = "application/sparql-query", "application/x-www-form-urlencoded"
    requests = [
        asking("/sparql?query=a"),
        asking("/sparql?query=b"),
        asking("/sparql?query=a", accept="text/csv"),
        asking("/sparql?query=a", coding="gzip"),
        asking("/sparql", "POST", b"ASK {}", media_type=direct),
        asking("/sparql", "POST", b"ASK {}", media_type=form),
        asking("x" * 10_000),
        asking("x" * 10_001),
    ]
    assert len({response_cache.key(request) for request in requests}) == 8
    assert response_cache.key(asking("/", coding="gzip, br")) == response_cache.key(
        asking("/", coding="br, gzip;q=0.5")
    )
    # A dump is held in gzip alone.
    assert response_cache.key(asking("/", coding="gzip, br")) != response_cache.key(asking("/", coding="br"))
    assert sum(map(len, response_cache.key(asking("x" * 1_000_000, accept="y" * 1_000_000)))) < 200


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        pytest.param(200, (b"x", b"y"), True, id="fine"),
        pytest.param(404, (b"x", b"y"), False, id="error"),
        pytest.param(303, (b"x", b"y"), False, id="redirect"),
        pytest.param(200, (b"retry-after", b"5"), False, id="retry-after"),
        pytest.param(200, (b"set-cookie", b"a=b"), False, id="cookie"),
        pytest.param(200, (b"cache-control", b"No-Store"), False, id="no-store"),
        pytest.param(200, (b"vary", b"Cookie"), False, id="varies-by-more"),
        pytest.param(200, (b"vary", b"*"), False, id="varies-by-anything"),
    ],
)
def test_storable_responses(status: int, header: tuple[bytes, bytes], expected: bool) -> None:
    assert response_cache.storable(Response(status, [*FINE, header])) is expected


@pytest.mark.parametrize("target", [ASK, SELECT, PAGE, f"{PAGE}.ttl", "/", "/queries"])
@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
def test_a_repeated_request_is_answered_from_the_cache(server: Server, target: str, coding: str) -> None:
    first = steady(server.fetch(target, Accept="text/html, */*;q=0.1", Accept_Encoding=coding))
    before = hits(server)
    second = steady(server.fetch(target, Accept="text/html, */*;q=0.1", Accept_Encoding=coding))
    assert first == second
    assert hits(server) == before + 1
    assert first.status == 200
    assert {"accept-encoding"} <= {part.strip().lower() for part in first.headers["vary"].split(",")}
    assert first.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("target", [ASK, PAGE, "/ns.ttl", "/sparql?query=SELECT(1%20AS%20%3Fx)%7B%7D", LONG])
def test_head_has_the_fields_of_get(server: Server, target: str) -> None:
    head = steady(server.fetch(target, "HEAD"))
    get = steady(server.fetch(target))
    assert head.body == b""
    assert {k: v for k, v in get.headers.items() if k != "transfer-encoding"} == head.headers
    assert steady(server.fetch(target, "HEAD")) == head


def test_posted_queries_are_cached(server: Server) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    direct = {"Content_Type": "application/sparql-query"}
    for body, headers, answer in (
        (b"query=ASK{}#posted", form, b"true"),
        (b"ASK{FILTER(1=2)}#posted", direct, b"false"),
    ):
        assert answer in server.fetch("/sparql", "POST", body, **headers).body
        before = hits(server)
        assert answer in server.fetch("/sparql", "POST", body, **headers).body
        assert hits(server) == before + 1
        assert server.fetch("/sparql", "POST", body, **headers, Content_Encoding="gzip").status == 415


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
def test_errors_streams_and_volatile_results_are_not_cached(server: Server, target: str) -> None:
    first = server.fetch(target)
    before = hits(server)
    second = server.fetch(target)
    assert hits(server) == before
    if "SELECT(" in target:
        assert first.body != second.body


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    server.fetch(ASK, Accept="text/csv")
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


@pytest.mark.slow
def test_a_new_release_empties_the_cache_of_a_server(tmp_path: Path) -> None:
    published(tmp_path, "the first")
    with serving(tmp_path) as server:
        first = server.fetch("/doc/topic/x.ttl")
        assert b"the first" in first.body
        published(tmp_path, "the second")
        until(lambda: b"the second" in server.fetch("/doc/topic/x.ttl").body)
        assert server.fetch("/doc/topic/x.ttl", If_None_Match=first.headers["etag"]).status == 200
