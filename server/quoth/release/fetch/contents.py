"""The files that a release consists of, as its manifest and its index of segments list them.

Both come from elsewhere: a name is one plain word, so that no file is written outside the folder of its kind, and sizes
are numbers. What is compressed is unpacked piece by piece, and no further than it is said to go.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from quoth.errors import ReleaseError
from quoth.release.dumps.nquads import sha256
from quoth.release.dumps.segments import Segment
from quoth.release.dumps.tables import INDEX, SEGMENTS, TABLES, read_index
from quoth.release.integrity import File
from quoth.release.manifest import MANIFEST, Manifest
from quoth.release.release import STORE

MOST_INDEX_BYTES = 2**28
"""Length of an index of segments, unpacked: that of a release of some billion quads."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_BLOCK_BYTES = 1 << 16
_STEP_BYTES = 1 << 20
_RAW, _GZIP = -zlib.MAX_WBITS, zlib.MAX_WBITS | 16


@dataclass(frozen=True)
class Piece:
    """A file of a release: its ``name`` below the folder of the release, its ``size`` in bytes, and a SHA-256 in
    hexadecimal: that of its bytes or, of a segment, of the text that it unpacks to, which is ``unpacked`` bytes."""

    name: str
    size: int
    sha256: str
    unpacked: int | None = None

    def is_in(self, path: Path) -> bool:
        """Whether a file is this piece."""
        if not path.is_file() or path.is_symlink() or path.stat().st_size != self.size:
            return False
        if self.unpacked is None:
            return sha256(path) == self.sha256
        digest, length = hashlib.sha256(), 0
        try:
            for text in _unpacked(path, _RAW):
                digest.update(text)
                length += len(text)
                if length > self.unpacked:
                    return False
        except zlib.error:
            return False
        return length == self.unpacked and digest.hexdigest() == self.sha256


def index(manifest: Manifest) -> Piece | None:
    """The index of segments; None in a release of before, whose tables are files. Raises ReleaseError as ``plain``
    does."""
    return next((piece for piece in plain(manifest) if piece.name == INDEX), None)


def plain(manifest: Manifest) -> list[Piece]:
    """The files that a manifest lists but for tables in segments: those beside the store first. Raises ReleaseError for
    names, sizes and digests that no release has, and where the files of the store are not listed."""
    if manifest.store is None:
        raise ReleaseError(
            f"release {manifest.release} was made by a version of Quoth that did not list the files of its store",
            remedy="copy its folder as it is, with the server stopped, or publish anew",
        )
    in_segments = TABLES if INDEX in manifest.files else frozenset[str]()
    files = {name: file for name, file in manifest.files.items() if name not in in_segments}
    if MANIFEST in files:
        raise _strange(manifest, MANIFEST)
    beside = [_piece(manifest, "", name, file) for name, file in files.items()]
    return [*beside, *(_piece(manifest, f"{STORE}/", name, file) for name, file in manifest.store.items())]


def segments(manifest: Manifest, folder: Path) -> list[Piece]:
    """The segments of all tables, each once, by the index in the ``folder`` of the release. Raises ReleaseError for an
    index that is none."""
    if sum(map(len, _bounded(folder / INDEX))) > MOST_INDEX_BYTES:
        raise ReleaseError(f"{INDEX} of release {manifest.release} is longer than any")
    try:
        listed = {segment.sha256: segment for segment in chain.from_iterable(read_index(folder).values())}
    except (OSError, EOFError, ValueError, TypeError, AttributeError, RecursionError, zlib.error):
        raise _strange(manifest, INDEX) from None
    return [_segment(manifest, segment) for segment in listed.values()]


def _segment(manifest: Manifest, segment: Segment) -> Piece:
    piece = _piece(manifest, f"{SEGMENTS}/", segment.sha256, File(segment.size, segment.sha256))
    if type(segment.uncompressed) is not int:
        raise _strange(manifest, piece.name)
    return Piece(piece.name, piece.size, piece.sha256, segment.uncompressed)


def _piece(manifest: Manifest, folder: str, name: str, file: File) -> Piece:
    named = type(name) is str and _NAME.fullmatch(name) and type(file.sha256) is str
    if not (named and _SHA256.fullmatch(file.sha256) and type(file.bytes) is int and file.bytes >= 0):
        raise _strange(manifest, f"{folder}{name!s:.80}")
    return Piece(folder + name, file.bytes, file.sha256)


def _strange(manifest: Manifest, name: str) -> ReleaseError:
    return ReleaseError(f"release {manifest.release} lists {name!r} as no release does", remedy="see who made it")


def _bounded(path: Path) -> Iterator[bytes]:
    """The text of the index, until it is longer than any."""
    length = 0
    try:
        for text in _unpacked(path, _GZIP):
            yield text
            length += len(text)
            if length > MOST_INDEX_BYTES:
                return
    except zlib.error:
        return  # read_index says so, too


def _unpacked(path: Path, bits: int) -> Iterator[bytes]:
    """What is in a compressed file, in parts of bounded length. Raises zlib.error."""
    unpacker = zlib.decompressobj(bits)
    with path.open("rb") as file:
        for block in iter(lambda: file.read(_BLOCK_BYTES), b""):
            while block:
                yield unpacker.decompress(block, _STEP_BYTES)
                block = unpacker.unconsumed_tail
    yield unpacker.flush()
