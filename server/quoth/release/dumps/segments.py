"""Sorted lines in compressed segments, so that a change of a few lines makes few of them anew.

Where a segment begins is told by the lines alone (content-defined chunking): the same lines are cut at the same places,
whichever lines were there before. Each segment is a piece of a gzip file (gzip_stream.py), in a file named by the
SHA-256 of its text; a table of lines is its segments in their order.
"""

import functools
import hashlib
import os
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

from quoth.release.dumps import gzip_stream

KEYS_A_SEGMENT = 1024
"""Keys between two cuts, on average: some thousand lines. Eight times as many are a matter of one in 3,000."""


@dataclass(frozen=True)
class Segment:
    """A segment: the first ``key`` in it, the SHA-256 of its text in hexadecimal, the CRC-32 and the length in bytes of
    the text, its number of lines (0 for a head), the ``size`` of its file in bytes, and the ``folder`` of that."""

    key: str
    sha256: str
    crc: int
    uncompressed: int
    lines: int
    size: int
    folder: Path

    @property
    def path(self) -> Path:
        """The path of the file."""
        return self.folder / self.sha256

    def text(self) -> bytes:
        """The text of the segment. Raises OSError or zlib.error where the file is damaged."""
        text = gzip_stream.unpack(self.path.read_bytes())
        if zlib.crc32(text) != self.crc:
            raise zlib.error(f"{self.path} is damaged")
        return text


@dataclass(frozen=True)
class Table:
    """A way to keep sorted lines in segments.

    No segment is cut within a ``key``, nor before one that begins with ``uncut``; the lines are in the order of their
    keys and, of one key, of their bytes. ``write`` and ``read`` turn the lines of a segment into text and back.
    ``head`` is a text before all others, in a segment of its own.
    """

    name: str
    key: Callable[[bytes], bytes]
    head: bytes = b""
    uncut: bytes = b"\x00"
    write: Callable[[Sequence[bytes]], bytes] = b"".join
    read: Callable[[bytes], Iterable[bytes]] = lambda text: text.splitlines(keepends=True)

    def build(self, lines: Iterable[bytes], folder: Path) -> list[Segment]:
        """The segments of sorted lines, written into a folder."""
        return [*([_segment(b"", self.head, 0, folder)] if self.head else []), *self._build(lines, folder)]

    def change(
        self, segments: Sequence[Segment], removed: Iterable[bytes], added: Iterable[bytes], folder: Path
    ) -> list[Segment]:
        """The segments without some lines and with others: those that neither touches are the same, and where they
        were; the others are written into a folder."""
        heads, segments = segments[: bool(self.head)], segments[bool(self.head) :]
        first = _first_keys(segments)
        order = functools.cache(lambda line: (self.key(line), line))
        fresh, gone = sorted(added, key=order), set(removed)
        result: list[Segment] = []
        place = 0
        for start, end in _runs(_touched(first, map(self.key, [*gone, *fresh]))):
            result += segments[place:start]
            below = bisect_left(fresh, first[start], key=self.key) if start else 0
            above = bisect_left(fresh, first[end], key=self.key) if end < len(first) else len(fresh)
            held = {line for segment in segments[start:end] for line in self.lines(segment)}
            lines = sorted((held - gone) | {*fresh[below:above]}, key=order)
            while result and lines and not self._is_cut(self.key(lines[0])):
                lines = [*self.lines(result.pop()), *lines]  # the key at which it was cut is gone
            result += self._build(lines, folder)
            place = end
        return [*heads, *result, *segments[place:]]

    def of_keys(self, segments: Sequence[Segment], keys: Collection[bytes]) -> Iterator[bytes]:
        """All lines with these keys, in their order."""
        segments = segments[bool(self.head) :]
        for place in _touched(_first_keys(segments), keys) if segments else ():
            yield from (line for line in self.lines(segments[place]) if self.key(line) in keys)

    def beginning(self, segments: Sequence[Segment], starts: Collection[bytes]) -> Iterator[bytes]:
        """All lines with keys that begin in one of those ways, in their order."""
        first = _first_keys(segments := segments[bool(self.head) :])
        starts = tuple(starts)
        places = [_touched(first, [start, start + b"\xff"]) for start in starts if segments]
        for place in sorted({place for ends in places for place in range(ends[0], ends[-1] + 1)}):
            yield from (line for line in self.lines(segments[place]) if self.key(line).startswith(starts))

    def from_key(self, segments: Sequence[Segment], key: bytes) -> Iterator[Iterable[bytes]]:
        """The lines of each segment from that on in which a key is or would be."""
        segments = segments[bool(self.head) :]
        [place] = _touched(_first_keys(segments), [key])
        yield from (self.lines(segment) for segment in segments[place:])

    def all(self, segments: Sequence[Segment]) -> Iterator[bytes]:
        """All lines."""
        return chain.from_iterable(self.lines(segment) for segment in segments[bool(self.head) :])

    def lines(self, segment: Segment) -> Iterable[bytes]:
        """The lines of a segment."""
        return self.read(segment.text())

    def _build(self, lines: Iterable[bytes], folder: Path) -> Iterator[Segment]:
        held: list[bytes] = []
        for key, group in groupby(lines, self.key):
            if held and self._is_cut(key):
                yield _segment(self.key(held[0]), self.write(held), len(held), folder)
                held = []
            held.extend(group)
        if held:
            yield _segment(self.key(held[0]), self.write(held), len(held), folder)

    def _is_cut(self, key: bytes) -> bool:
        number = int.from_bytes(hashlib.blake2b(key, digest_size=4).digest(), "big")
        return number % KEYS_A_SEGMENT == 0 and not key.startswith(self.uncut)


def gather(segments: Iterable[Segment], folder: Path) -> None:
    """Have a folder contain the files of these segments and no others: as links to where they are."""
    names = set[str]()
    for segment in segments:
        names.add(segment.sha256)
        with suppress(FileExistsError):
            os.link(segment.path, folder / segment.sha256)
    for name in set(os.listdir(folder)) - names:
        (folder / name).unlink()


def _segment(key: bytes, text: bytes, lines: int, folder: Path) -> Segment:
    digest = hashlib.sha256(text).hexdigest()
    piece = gzip_stream.pack(text)
    (folder / digest).write_bytes(piece)
    return Segment(key.decode(), digest, zlib.crc32(text), len(text), lines, len(piece), folder)


def _first_keys(segments: Iterable[Segment]) -> list[bytes]:
    return [segment.key.encode() for segment in segments]


def _touched(first: Sequence[bytes], keys: Iterable[bytes]) -> list[int]:
    """The places of the segments in which the keys are or would be, by the first keys of all."""
    return sorted({max(0, bisect_right(first, key) - 1) for key in keys})


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Consecutive numbers as ranges: the first, and the one behind the last."""
    for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in group]
        yield members[0], members[-1] + 1
