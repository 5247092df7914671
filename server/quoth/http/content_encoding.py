"""Content codings: which one a client takes, and compressing with it (RFC 9110 §8.4, §12.5.3).

>>> preferred("gzip;q=0.5, br", WHOLE)
'br'
>>> preferred("identity", WHOLE) is None
True
"""

import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import brotli

from quoth.http.bounded_memo import memoised

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

WHOLE = ("br", "zstd", "gzip")
"""The codings of a body that is at hand whole, the smallest first: it is compressed once and sent often."""

STREAM = ("zstd", "br", "gzip")
"""What a stream comes in, the fastest first."""

LEAST_BYTES = 512
"""A body below this gains nothing by being compressed."""

LONGEST = 1024
"""Characters of an Accept-Encoding header that are read."""

FLUSH_EVERY_S = 0.5
"""No row waits longer than this inside a compressor while others come."""

_ENTRY = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?\Z")
_ALIASES = {"x-gzip": "gzip"}
_COMPRESSIBLE = re.compile(
    r"text/|application/(?:(?:[\w.-]+\+)?(?:json|xml)|n-triples|n-quads|trig|javascript|problem\+json)|image/svg\+xml"
)


@memoised(1024)
def preferred(accept_encoding: str, offers: Sequence[str]) -> str | None:
    """The coding that the client likes best, the first of ``offers`` among equals; None: as it is.

    As it is also where the header names nothing that is on offer, and where it likes that better than any coding.
    """
    qualities = _qualities(accept_encoding)
    anything = qualities.get("*", 0.0)
    ranked = [(-qualities.get(name, anything), place, name) for place, name in enumerate(offers)]
    quality, _, name = min(ranked, default=(0.0, 0, ""))
    # As it is always acceptable unless it is excluded, but nobody who names a coding would rather have more bytes.
    plain = qualities.get("identity", 0.0)
    return name if quality < 0 and -quality >= plain else None


@memoised(1024)
def refuses_plain(accept_encoding: str) -> bool:
    """Whether the client takes nothing as it is: it excludes identity, or everything that it does not name.

    >>> refuses_plain("gzip, identity;q=0"), refuses_plain("br, *;q=0"), refuses_plain("identity, *;q=0")
    (True, True, False)
    """
    qualities = _qualities(accept_encoding)
    return qualities.get("identity", qualities.get("*", 1.0)) == 0


def _qualities(accept_encoding: str) -> dict[str, float]:
    """The quality of each coding that the header names; malformed entries are passed over."""
    qualities: dict[str, float] = {}
    for part in accept_encoding[:LONGEST].lower().split(","):
        found = _ENTRY.match(part.strip())
        if found:
            name = _ALIASES.get(found[1], found[1])
            qualities[name] = max(qualities.get(name, 0.0), 1.0 if found[2] is None else float(found[2]))
    return qualities


def compressible(content_type: str) -> bool:
    """Whether a media type is text of some kind, which compresses well."""
    return _COMPRESSIBLE.match(content_type.lower()) is not None


def tag(identity: str, coding: str | None) -> str:
    """The ETag of a representation in a coding, out of that of the representation as it is (RFC 9110 §8.8.3.3)."""
    return f'{identity[:-1]}-{coding}"' if coding and identity.endswith('"') else identity


def compressed(body: bytes, coding: str) -> bytes:
    """A body in a coding of WHOLE: always the same bytes for the same body, as a strong validator needs."""
    match coding:
        case "br":
            found: bytes = brotli.compress(body, quality=5)
            return found
        case "zstd":
            return zstd.compress(body, level=6)
        case _:
            encoder = zlib.compressobj(6, wbits=31)  # no name and no time in the head, unlike gzip.compress
            return encoder.compress(body) + encoder.flush()


class _Encoder(Protocol):
    def __call__(self, data: bytes, flush: int) -> bytes: ...


_KEEP, _FLUSH, _END = 0, 1, 2


class Stream:
    """An iterator over bytes in a coding of STREAM: what it iterates over, compressed.

    The coding is only ended if the chunks end: where they raise, so does this, and the client has half a stream.
    """

    def __init__(self, chunks: Iterator[bytes], coding: str, close: Callable[[], None]) -> None:
        self._chunks = chunks
        self._encode = _ENCODERS[coding]()
        self._flushed = float("-inf")
        self._ended = False
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                return self._encode(b"", _END)
            now = time.monotonic()
            late = now - self._flushed > FLUSH_EVERY_S
            if late:
                self._flushed = now
            data = self._encode(chunk, _FLUSH if late else _KEEP)
            if data:
                return data
        raise StopIteration


def _zstd() -> _Encoder:
    encoder = zstd.ZstdCompressor(level=3)
    modes: Any = (encoder.CONTINUE, encoder.FLUSH_BLOCK, encoder.FLUSH_FRAME)
    return lambda data, flush: encoder.compress(data, mode=modes[flush])


def _br() -> _Encoder:
    encoder = brotli.Compressor(quality=2)  # as small as gzip, in half the time

    def encode(data: bytes, flush: int) -> bytes:
        found: bytes = encoder.process(data)
        return found if flush == _KEEP else found + (encoder.flush() if flush == _FLUSH else encoder.finish())

    return encode


def _gzip() -> _Encoder:
    encoder = zlib.compressobj(6, wbits=31)
    modes = (zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_FINISH)

    def encode(data: bytes, flush: int) -> bytes:
        found = encoder.compress(data)
        return found + encoder.flush(modes[flush]) if flush else found

    return encode


_ENCODERS = {"zstd": _zstd, "br": _br, "gzip": _gzip}
