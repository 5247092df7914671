"""What a release holds, however it was made: the digest by which releases are compared, its tables and its counts."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.report import Progress
from quoth.index import build, claim_summaries, update
from quoth.index.update import Changed
from quoth.release import identity
from quoth.release.dumps.segments import Segment, Table
from quoth.release.dumps.tables import GRAPHS, NQUADS, Segments
from quoth.release.statistics import Statistics


@dataclass(frozen=True)
class Content:
    """``sha256`` is the digest of the content; ``claims`` counts those that lists count."""

    sha256: str
    segments: Segments
    statistics: Statistics
    claims: int

    @property
    def quads(self) -> int:
        """The number of all quads."""
        return count(self.segments[NQUADS])

    @property
    def graphs(self) -> int:
        """The number of the named graphs."""
        return count(self.segments[GRAPHS])


def count(segments: Sequence[Segment]) -> int:
    """The number of the lines in segments."""
    return sum(segment.lines for segment in segments)


def digest(segments: Sequence[Segment], table: Table, base: str) -> str:
    """The SHA-256 of the SHA-256 of each segment of N-Quads, in hexadecimal, each with a line feed.

    The lines in which a release says who it is (identity.py) are left out. They move no cut, and are all in the segment
    in which lines are that begin with ``table.uncut``.
    """
    own = f" {identity.graph(base)} .\n".encode()
    digests = [segment.sha256 for segment in segments]
    for place, segment in enumerate(segments):
        following = segments[place + 1].key.encode() if place + 1 < len(segments) else None
        if following is None or following > table.uncut:
            kept = [line for line in table.lines(segment) if not line.endswith(own)]
            digests[place : place + 1] = [hashlib.sha256(b"".join(kept)).hexdigest()] if kept else []
            break
    return hashlib.sha256("".join(f"{sha256}\n" for sha256 in digests).encode()).hexdigest()


def change_lists(last: Path, changed: Changed, building: Path, tell: Progress) -> int | None:
    """Write the lists of a release as those of the ``last`` one in a folder with what has ``changed``. Returns the
    number of claims that are counted, or None, and leaves no file, where that would take no less than to write all."""
    path = building / build.INDEX_FILE
    tell("index", 0, 2)
    shutil.copyfile(last / path.name, path)
    claims = update.update(path, changed)
    if claims is None:
        path.unlink()
    else:
        tell("index", 2, 2)
    return claims


def write_lists(stored: ox.Store, lines: Callable[[], Iterable[bytes]], building: Path, tell: Progress) -> int:
    """Write the lists of a release from its store and its sorted ``lines``, which are read twice. Returns the number of
    claims that are counted."""
    path = building / build.INDEX_FILE
    tell("index", 0, 2)
    claims = build.write(stored, path)
    tell("index", 1, 2)
    claim_summaries.write(lines, path)
    tell("index", 2, 2)
    return claims
