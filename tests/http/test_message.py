"""Results that are cached for the fields of requests: small, however much clients send, and found fast."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from quoth.converters import networks
from quoth.formats import RDF_FORMATS
from quoth.http import accept, accept_language, content_encoding
from quoth.http.message import MEMOISED_LIMIT, Request, from_scope, memoised
from quoth.server import response_cache

TRUSTED = networks("10.0.0.0/8", "")
READERS: dict[str, Callable[[str], object]] = {
    "Accept": lambda text: accept.best(text, RDF_FORMATS),
    "Accept-Encoding": lambda text: content_encoding.preferred_coding(text, content_encoding.WHOLE),
    "a key of the cache": lambda text: response_cache.key(
        Request(
            "GET", "/", b"/", b"", dict.fromkeys((b"accept", b"accept-encoding", b"accept-language"), text.encode())
        )
    ),
    "Accept-Language": accept_language.preferred_languages,
    "X-Forwarded-For": lambda text: forwarded(text),
    "one hop": lambda text: forwarded(f"1.2.3.4, {text.replace(',', '.')}"),
}


def forwarded(text: str) -> str:
    """The client of a request that has X-Forwarded-For from a trusted proxy."""
    scope = {"method": "GET", "path": "/", "query_string": b"", "client": ("10.0.0.1", 1)}
    return from_scope({**scope, "headers": [(b"x-forwarded-for", text.encode())]}, TRUSTED).client


MOST = 60_000
"""Characters; the server takes 64 KiB of fields."""


def test_short_fields_are_memoized_and_long_ones_are_not() -> None:
    asked = []

    @memoised(10)
    def length(text: str, more: int) -> int:
        asked.append(text)
        return len(text) + more

    short, long = "x" * MEMOISED_LIMIT, "x" * (MEMOISED_LIMIT + 1)
    for _ in range(2):
        assert length(short, 1) == MEMOISED_LIMIT + 1
        assert length(long, 1) == MEMOISED_LIMIT + 2
    assert asked == [short, long, long]


@pytest.mark.parametrize("name", READERS)
def test_long_fields_leave_little_in_memory(name: str) -> None:
    read = READERS[name]
    tracemalloc.start()
    try:
        for number in range(100):
            read(f"{number:0{MOST}}")
        assert tracemalloc.get_traced_memory()[0] < MOST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "part",
    ["a", ",", "a,", "*/*;", '"', '\\"', " ", "a ", "\t,", "a;q=0,", ";q=", "1:", ":", "a-", "10.0.0.1,", "[", "%"],
)
def test_a_long_field_takes_little_cpu_time(name: str, part: str) -> None:
    text = part * (MOST // len(part))
    began = time.process_time()
    for _ in range(3):
        READERS[name](text + "!")
    assert time.process_time() - began < 0.15
