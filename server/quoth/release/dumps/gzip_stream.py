"""Compressed pieces of a text that make one gzip file (RFC 1952) when they are put together, without being read.

It has one member: where the file comes with the content coding gzip, curl and others stop after the first. So a piece
is raw deflate data (RFC 1951) that ends with an empty stored block, at a whole byte, and refers to nothing before it.
"""

import functools
import struct
import zlib
from collections.abc import Iterable

HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""The header of a file without a name or a time."""

_LEVEL = 6
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31
_LOW_BITS = 0x3FF
"""A length is a sum of two, of which there are few: their powers are known after the first hundreds of pieces."""


def pack(text: bytes) -> bytes:
    """A piece with that text; equal texts make equal pieces."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(text) + compressor.flush(zlib.Z_FULL_FLUSH)


def unpack(piece: bytes) -> bytes:
    """The text of a piece. Raises zlib.error."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece)


def tail(pieces: Iterable[tuple[int, int]]) -> bytes:
    """The end of the file: an empty last block, and the checksum and length of the whole text, by the CRC-32 and the
    length of the text of each piece."""
    whole = length = 0
    for crc, size in pieces:
        # https://github.com/madler/zlib/blob/develop/crc32.c, crc32_combine
        power = _product(_power(size & ~_LOW_BITS), _power(size & _LOW_BITS))
        whole = _product(power, whole) ^ crc
        length += size
    return b"\x03\x00" + struct.pack("<II", whole, length % 2**32)


def _product(a: int, b: int) -> int:
    """The product of two polynomials modulo that of CRC-32; the highest bit is the coefficient of x⁰."""
    product = 0
    while a:
        if a & _ONE:
            product ^= b
        a = (a << 1) & 0xFFFFFFFF
        b = (b >> 1) ^ (_POLYNOMIAL if b & 1 else 0)
    return product


@functools.cache
def _squared(times: int) -> int:
    """x⁸, squared so many times."""
    if not times:
        return _ONE >> 8
    root = _squared(times - 1)
    return _product(root, root)


@functools.cache
def _power(size: int) -> int:
    """x to the number of bits in so many bytes."""
    power = _ONE
    for place in range(size.bit_length()):
        if size >> place & 1:
            power = _product(_squared(place), power)
    return power
