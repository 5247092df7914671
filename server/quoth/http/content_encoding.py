"""Content codings: the one that a client takes, and bodies in it (RFC 9110 §8.4, §12.5.3).

>>> preferred_coding("gzip;q=0.5, br", WHOLE)
'br'
>>> preferred_coding("identity", WHOLE) is None
True
"""

import hashlib
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import brotli

from quoth.http.message import memoised

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

WHOLE = ("br", "zstd", "gzip")
"""The codings of a whole body, the smallest first: the body is compressed once and sent often."""

STREAM = ("zstd", "br", "gzip")
"""The codings of a stream, the fastest first."""

LEAST_BYTES = 512
"""A body below this gains nothing by being compressed."""

ACCEPT_ENCODING_LIMIT = 1024
"""Characters of an Accept-Encoding header that are read."""

FLUSH_EVERY_S = 0.5
"""No row waits longer than this inside a compressor while others come."""

_ENTRY = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?\Z")
_ALIASES = {"x-gzip": "gzip"}
_COMPRESSIBLE = re.compile(
    r"text/|application/(?:(?:[\w.-]+\+)?(?:json|xml)|n-triples|n-quads|trig|javascript|problem\+json)|image/svg\+xml"
)


def preferred_coding(accept_encoding: str, offers: Sequence[str]) -> str | None:
    """The coding that the client likes best, the first of ``offers`` among equals; None for the plain body.

    The body is also plain where the header names nothing on offer, and where it puts identity before every coding.
    """
    qualities = _qualities(accept_encoding)
    anything = qualities.get("*", 0.0)
    ranked = [(-qualities.get(name, anything), place, name) for place, name in enumerate(offers)]
    quality, _, name = min(ranked, default=(0.0, 0, ""))
    # The plain body is acceptable unless it is excluded, but a client that names a coding prefers fewer bytes.
    plain = qualities.get("identity", 0.0)
    return name if quality < 0 and -quality >= plain else None


def refuses_plain(accept_encoding: str) -> bool:
    """Whether the client takes no plain body: it excludes identity, or everything that it does not name.

    >>> refuses_plain("gzip, identity;q=0"), refuses_plain("br, *;q=0"), refuses_plain("identity, *;q=0")
    (True, True, False)
    """
    qualities = _qualities(accept_encoding)
    return qualities.get("identity", qualities.get("*", 1.0)) == 0


@memoised(1024)
def canonical(accept_encoding: str) -> str:
    """Accept-Encoding brought to the few forms that tell apart how a whole body is sent.

    >>> canonical("gzip, br"), canonical("br;q=0.5, deflate"), canonical("br, identity;q=0")
    ('br+gzip', 'br', 'br;')
    """
    name = preferred_coding(accept_encoding, WHOLE) or ""
    if name != "gzip" and preferred_coding(accept_encoding, ("gzip",)):
        name += "+gzip"  # in which a dump is held
    return f"{name};" if refuses_plain(accept_encoding) else name  # short bodies are only then compressed


@memoised(1024)
def _qualities(accept_encoding: str) -> dict[str, float]:
    """The quality of each coding that the header names; malformed entries are passed over."""
    qualities: dict[str, float] = {}
    for part in accept_encoding[:ACCEPT_ENCODING_LIMIT].lower().split(","):
        if entry := _ENTRY.match(part.strip()):
            name = _ALIASES.get(entry[1], entry[1])
            qualities[name] = max(qualities.get(name, 0.0), 1.0 if entry[2] is None else float(entry[2]))
    return qualities


def compressible(content_type: str) -> bool:
    """Whether a media type is text of some kind, which compresses well."""
    return _COMPRESSIBLE.match(content_type.lower()) is not None


def tag(identity: str, coding: str | None) -> str:
    """The ETag of a representation in a coding, out of that of the representation as it is (RFC 9110 §8.8.3.3)."""
    return f'{identity[:-1]}-{coding}"' if coding and identity.endswith('"') else identity


def negotiable(fields: dict[str, str]) -> bool:
    """Whether a body with those fields may be compressed. If so, Vary names Accept-Encoding from then on."""
    if "content-encoding" in fields or not compressible(fields.get("content-type", "")):
        return False
    named = [part.strip() for part in fields.get("vary", "").split(",") if part.strip()]
    if "*" not in named and "accept-encoding" not in map(str.lower, named):
        fields["vary"] = ", ".join([*named, "Accept-Encoding"])
    return True


def mark(fields: dict[str, str], coding: str) -> None:
    """Make the fields those of the same representation in a coding."""
    fields["content-encoding"] = coding
    fields.pop("accept-ranges", None)
    fields.pop("repr-digest", None)  # it was of other bytes
    if "etag" in fields:
        fields["etag"] = tag(fields["etag"], coding)


def mark_ranges(fields: dict[str, str], method: str, status: int) -> None:
    """Say in the fields of a whole response to GET whether parts of it can be had (RFC 9110 §14.3): of what has a known
    length and a strong validator, if the application does not say otherwise."""
    if status == 200 and method == "GET":
        divisible = "content-length" in fields and fields.get("etag", "").startswith('"')
        fields.setdefault("accept-ranges", "bytes" if divisible else "none")


def encode_whole(body: bytes, method: str, accept_encoding: str, status: int, fields: dict[str, str]) -> bytes:
    """A whole body as it is sent to a client with that Accept-Encoding. ``fields``, with names in lower case, are
    changed with it: a response to GET gets an ETag if it has none and may be stored."""
    text = negotiable(fields)
    if status == 200 and method == "GET" and "etag" not in fields and fields.get("cache-control") != "no-store":
        digest = hashlib.blake2b(fields.get("content-type", "").encode() + b"\0" + body, digest_size=12)
        fields["etag"] = f'"{digest.hexdigest()}"'
    worthwhile = len(body) >= LEAST_BYTES or (accept_encoding and refuses_plain(accept_encoding))
    # A client that refuses every coding and plain bytes too gets the body as it is (RFC 9110 §12.5.3).
    coding = preferred_coding(accept_encoding, WHOLE) if text and worthwhile else None
    if coding is not None:
        body = compressed(body, coding)
        fields["content-length"] = str(len(body))
        mark(fields, coding)
    mark_ranges(fields, method, status)
    return body


def compressed(body: bytes, coding: str) -> bytes:
    """A body in a coding of WHOLE: always the same bytes for the same body, as a strong validator needs."""
    match coding:
        case "br":
            data: bytes = brotli.compress(body, quality=5)
            return data
        case "zstd":
            return zstd.compress(body, level=6)
        case _:
            encoder = zlib.compressobj(6, wbits=31)  # no name and no time in the head, unlike gzip.compress
            return encoder.compress(body) + encoder.flush()


class _Encoder(Protocol):
    def __call__(self, data: bytes, flush: int) -> bytes: ...


_KEEP, _FLUSH, _END = 0, 1, 2


class EncodedStream:
    """An iterator over chunks in a coding of STREAM. If it is ``constant``, nothing is flushed before the end, and the
    same chunks are always the same bytes, as a strong validator needs.

    The coding is only ended if the chunks end: where they raise, so does the iterator, and the client has half a
    stream.
    """

    def __init__(
        self, chunks: Iterator[bytes], coding: str, close: Callable[[], None], *, constant: bool = False
    ) -> None:
        self._chunks = chunks
        self._encode = _ENCODERS[coding]()
        self._flushed = float("inf" if constant else "-inf")
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
        encoded: bytes = encoder.process(data)
        return encoded if flush == _KEEP else encoded + (encoder.flush() if flush == _FLUSH else encoder.finish())

    return encode


def _gzip() -> _Encoder:
    encoder = zlib.compressobj(6, wbits=31)
    modes = (zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_FINISH)

    def encode(data: bytes, flush: int) -> bytes:
        encoded = encoder.compress(data)
        return encoded + encoder.flush(modes[flush]) if flush else encoded

    return encode


_ENCODERS = {"zstd": _zstd, "br": _br, "gzip": _gzip}
