"""Whether the files of a release are what was published: all their bytes, or what can be told before it is served."""

import hashlib
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from quoth.index.database import file_uri
from quoth.release.dumps.segments import Segment
from quoth.release.dumps.tables import SEGMENTS, concatenated

VERIFIED_BYTES = 512 * 2**20
"""As much of a release is compared with its manifest before it is served or built upon, which takes half a second."""


@dataclass(frozen=True)
class File:
    """A file of a release: its size in bytes and its SHA-256 in hexadecimal, which is empty where nobody took it."""

    bytes: int
    sha256: str


def first_damaged(
    folder: Path, listed: Mapping[str, File], segments: Mapping[str, Sequence[Segment]], most_bytes: int | None = None
) -> str | None:
    """The name of a file of a release that is not as ``listed``, the smallest first; None where all are.

    The smallest files are hashed, up to ``most_bytes`` altogether (None: all of them). Of the others, the size is
    compared, and a database has to open. A table that is kept in ``segments`` counts as one file.
    """
    left = sys.maxsize if most_bytes is None else most_bytes
    for name, file in sorted(listed.items(), key=lambda item: item[1].bytes):
        left -= file.bytes
        if not _is_whole(folder, name, file, segments.get(name), hashed=left >= 0):
            return name
    return None


def _is_whole(folder: Path, name: str, file: File, parts: Sequence[Segment] | None, hashed: bool) -> bool:
    sizes = [(name, file.bytes)] if parts is None else [(f"{SEGMENTS}/{part.sha256}", part.size) for part in parts]
    if not all((path := folder / part).is_file() and path.stat().st_size == size for part, size in sizes):
        return False
    if not hashed:
        return not name.endswith(".sqlite") or _opens(folder / name)
    with (folder / name).open("rb") if parts is None else concatenated(parts) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.sha256


def _opens(database: Path) -> bool:
    """Whether the header and the schema of a database can be read, and tell the size that the file has."""
    try:
        with closing(sqlite3.connect(file_uri(database), uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            [(size,)] = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            return bool(database.stat().st_size == size)
    except sqlite3.DatabaseError:
        return False
