"""The store of finished responses."""

import pytest

from quoth.server import response_cache
from quoth.server.response_cache import Cache, Entry

FINE = [(b"content-type", b"text/csv"), (b"vary", b"Accept, Accept-Encoding"), (b"cache-control", b"no-cache")]


def entry(size: int) -> Entry:
    return Entry([(b"etag", b'"x"')], b"x" * size, "sparql", None)


def key(name: str) -> response_cache.Key:
    return response_cache.key(name.encode(), b"", b"")


def test_it_is_bounded_in_bytes_and_forgets_what_was_not_asked_for() -> None:
    kept = Cache(100_000)
    for number in range(100):
        kept.get(1, key("often"))
        kept.put(1, key(str(number) if number else "often"), entry(5_000))
    assert kept.bytes <= 100_000
    assert 8 < len(kept) < 20
    assert kept.get(1, key("often"))
    assert kept.get(1, key("1")) is None
    kept.put(1, key("large"), entry(20_000))
    assert kept.get(1, key("large")) is None


def test_another_release_empties_it() -> None:
    kept = Cache(100_000)
    assert kept.get(1, key("a")) is None
    kept.put(1, key("a"), entry(10))
    assert kept.get(1, key("a"))
    assert kept.get(2, key("a")) is None
    assert len(kept) == 0
    kept.put(1, key("a"), entry(10))  # a straggler of the old one
    assert kept.get(2, key("a")) is None


def test_the_key_tells_apart_what_the_response_depends_on() -> None:
    keys = {
        response_cache.key(b"/sparql?query=a", b"", b""),
        response_cache.key(b"/sparql?query=b", b"", b""),
        response_cache.key(b"/sparql?query=a", b"text/csv", b""),
        response_cache.key(b"/sparql?query=a", b"", b"gzip"),
        response_cache.key(b"/sparql", b"", b"", b"ASK {}", b"application/sparql-query"),
        response_cache.key(b"/sparql", b"", b"", b"ASK {}", b"application/x-www-form-urlencoded"),
        response_cache.key(b"x" * 10_000, b"", b""),
        response_cache.key(b"x" * 10_001, b"", b""),
    }
    assert len(keys) == 8
    assert response_cache.key(b"/", b"", b"gzip, br") == response_cache.key(b"/", b"", b"br")
    assert sum(map(len, response_cache.key(b"x" * 1_000_000, b"y" * 1_000_000, b""))) < 200


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
    assert response_cache.storable(status, [*FINE, header]) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"a-br"', False),
        (b"a", False),
        (b"", False),
    ],
)
def test_if_none_match(header: bytes, expected: bool) -> None:
    assert response_cache.matches(header, '"a"') is expected
