"""Content codings: RFC 9110 §12.5.3, and what a stream that breaks off leaves behind."""

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest

from quoth.http import content_encoding
from quoth.http.content_encoding import STREAM, WHOLE, zstd


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param("identity", None, id="identity"),
        pytest.param("gzip", "gzip", id="gzip"),
        pytest.param("x-gzip", "gzip", id="alias"),
        pytest.param("GZIP;Q=0.5", "gzip", id="case"),
        pytest.param("gzip, deflate, br, zstd", "br", id="browser"),
        pytest.param("gzip;q=1.0, br;q=0.9", "gzip", id="q"),
        pytest.param("*", "br", id="anything"),
        pytest.param("*, br;q=0", "zstd", id="anything-but"),
        pytest.param("*;q=0", None, id="nothing-at-all"),
        pytest.param("br;q=0, gzip;q=0", None, id="refused"),
        pytest.param("deflate, compress", None, id="not-here"),
        pytest.param("identity;q=1, gzip;q=0.5", None, id="rather-not"),
        pytest.param("gzip;q=2, br;q=x, zstd", "zstd", id="malformed"),
        pytest.param("gzip;q=0.0001", None, id="too-many-digits"),
    ],
)
def test_the_coding_is_negotiated(accepted: str, expected: str | None) -> None:
    assert content_encoding.preferred_coding(accepted, WHOLE) == expected


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", False),
        ("gzip", False),
        ("identity;q=0", True),
        ("gzip, identity;q=0.0", True),
        ("*;q=0", True),
        ("*;q=0, identity;q=0.1", False),
        ("*;q=0.1", False),
    ],
)
def test_clients_that_refuse_identity(accepted: str, expected: bool) -> None:
    assert content_encoding.refuses_plain(accepted) is expected


def plain(data: bytes, name: str) -> bytes:
    plain_body: bytes = {"br": brotli.decompress, "zstd": zstd.decompress, "gzip": gzip.decompress}[name](data)
    return plain_body


@pytest.mark.parametrize("name", WHOLE)
def test_a_body_in_a_coding_is_always_the_same(name: str) -> None:
    body = b"who says so? " * 500
    data = content_encoding.compressed(body, name)
    assert data == content_encoding.compressed(body, name)
    assert len(data) < len(body) / 10
    assert plain(data, name) == body


@pytest.mark.parametrize("name", STREAM)
def test_a_stream_gives_its_first_chunk_at_once(name: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"first"
        yield from [b"and so on"] * 1_000

    closed: list[bool] = []
    stream = content_encoding.EncodedStream(chunks(), name, lambda: closed.append(True))
    first = next(stream)
    begun: dict[str, Callable[[bytes], bytes]] = {
        "br": lambda data: brotli.Decompressor().process(data),
        "zstd": lambda data: zstd.ZstdDecompressor().decompress(data),
        "gzip": lambda data: zlib.decompressobj(31).decompress(data),
    }
    assert begun[name](first) == b"first"
    assert plain(first + b"".join(stream), name) == b"first" + b"and so on" * 1_000
    stream.close()
    assert closed == [True]


@pytest.mark.parametrize("name", STREAM)
def test_a_stream_that_breaks_off_does_not_end_its_coding(name: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half " * 1_000
        raise TimeoutError

    stream = content_encoding.EncodedStream(chunks(), name, lambda: None)
    held = next(stream)
    with pytest.raises(TimeoutError):
        held += b"".join(stream)
    with pytest.raises((EOFError, zstd.ZstdError, brotli.error)):
        plain(held, name)


def test_compressible_media_types() -> None:
    for media_type in ("text/turtle; charset=utf-8", "application/sparql-results+json", "application/n-quads"):
        assert content_encoding.compressible(media_type)
    for media_type in ("application/gzip", "font/woff2", "image/png", ""):
        assert not content_encoding.compressible(media_type)


@pytest.mark.parametrize("name", STREAM)
def test_a_stream_with_a_validator_is_the_same_however_long_it_takes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [b"%d, a line\n" % number * 50 for number in range(1000)]

    def coded(constant: bool) -> bytes:
        return b"".join(content_encoding.EncodedStream(iter(lines), name, lambda: None, constant=constant))

    quick = coded(constant=True)
    assert plain(quick, name) == b"".join(lines)
    monkeypatch.setattr(content_encoding, "FLUSH_EVERY_S", -1)  # as if each line had taken its time
    assert coded(constant=True) == quick
    assert coded(constant=False) != quick
