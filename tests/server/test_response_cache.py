"""The store of finished responses."""

import pytest

from quoth.http.message import Request, Response
from quoth.server import response_cache
from quoth.server.response_cache import ResponseCache

from .. import loop

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
        kept = sum(response_cache.key(asking(target)) in self.cache._entries for target in targets)
        assert self.made == before
        return kept


def test_it_is_bounded_in_bytes_and_forgets_what_was_not_asked_for() -> None:
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


def test_another_release_empties_it() -> None:
    cached = Cached()
    assert [cached.ask("/a") for _ in range(2)] == ["miss", "hit"]
    cached.generation = 2
    assert [cached.ask("/a") for _ in range(2)] == ["miss", "hit"]


def test_what_another_release_answered_is_not_kept() -> None:
    cached = Cached()

    async def slow(request: Request) -> Response:
        cached.generation = 2
        return Response(200, (), b"of the first release")

    cached.cache._following = slow
    assert cached.ask("/a") == "miss"
    cached.cache._following = cached._make
    assert cached.ask("/a") == "miss"


def test_the_key_tells_apart_what_the_response_depends_on() -> None:
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
    assert response_cache.key(asking("/", coding="gzip, br")) == response_cache.key(asking("/", coding="br"))
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
def test_what_may_be_stored(status: int, header: tuple[bytes, bytes], expected: bool) -> None:
    assert response_cache.storable(Response(status, [*FINE, header])) is expected
