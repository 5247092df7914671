"""The folder of releases: the files of each, their manifest, and which release is current.

    releases/
      1/  store/  segments/  segments.json.gz  report.ttl  report.json  manifest.json
          statistics.json  lists.sqlite  history.sqlite  questions.json  parts.json.gz
      2/  …
      current -> 2
      current.json

The dumps, and the counts of graphs and resources, are in segments, which releases share; open_file reads each as one.

A release never changes once it has its number. Reading needs no lock: ``current`` is switched in one step.

The manifest (manifest.py) has the number of the format. Every earlier format opens too: files that a version did
not write yet are missing there, and what is read from them is empty or made anew.
"""

import functools
import json
import os
import shlex
import sys
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path

from quoth.claim.model.coverage import Coverage
from quoth.config import DEFAULT_BASE
from quoth.errors import NewerReleaseError, NotFoundError, ReleaseError, UnavailableError, permission_remedy, reason
from quoth.release import identity, questions
from quoth.release.dumps.nquads import read_counts
from quoth.release.dumps.tables import GRAPHS, INDEX, TABLES, Segments, concatenated, read_index
from quoth.release.integrity import first_damaged
from quoth.release.manifest import MANIFEST, Manifest
from quoth.release.questions import QUESTIONS
from quoth.release.statistics import STATISTICS, Statistics
from quoth.sparql.named_queries import NamedQuery

CURRENT = "current"
STORE = "store"
REPORT = "report.json"


@dataclass(frozen=True)
class Release:
    """One release. ``reused`` is set by publish where the current release already held the same quads."""

    number: int
    path: Path
    manifest: Manifest
    reused: bool = False

    @property
    def store_path(self) -> Path:
        return self.path / STORE

    def file(self, name: str) -> Path:
        """The path of one of the files in the manifest. Raises NotFoundError for any other name."""
        if name not in self.manifest.files:
            raise NotFoundError(f"release {self.number} has no file {name}")
        return self.path / name

    @functools.cached_property
    def modified(self) -> datetime:
        """When it was made; or made anew, where words had to go from it."""
        made = datetime.fromisoformat(self.manifest.created)
        if not self.manifest.redacted:
            return made
        return max(made, datetime.fromtimestamp(int((self.path / MANIFEST).stat().st_mtime), UTC))

    @functools.cached_property
    def _segments(self) -> Segments:
        return read_index(self.path) if INDEX in self.manifest.files else {}

    def segments(self) -> Segments:
        """The segments of the tables, by their names; none for a release of before. Raises ReleaseError for a file that
        cannot be read."""
        try:
            return self._segments
        except (OSError, EOFError, ValueError, TypeError, zlib.error) as error:
            raise ReleaseError(f"{self.path / INDEX} cannot be read: {error}") from None

    def open_file(self, name: str) -> BufferedReader:
        """One of the files in the manifest, to be read, whether it is kept as one or in segments. Raises NotFoundError
        for any other name, and OSError where it is missing."""
        path = self.file(name)
        segments = self.segments().get(name)
        return path.open("rb") if segments is None else concatenated(segments)

    @property
    def says_who_it_is(self) -> bool:
        """Whether the release says who it is in a graph of its own (identity.py), as the first ones do not."""
        own = identity.graph(self.manifest.base).value
        return any(iri == own for iri, _ in self.graphs(sys.maxsize))

    def graphs(self, limit: int) -> list[tuple[str, int]]:
        """The first named graphs in the order of their IRIs, and the number of triples of each.

        They were counted at publication; the list is empty for a release without these counts.
        """
        if GRAPHS not in self.manifest.files:
            return []
        with self.open_file(GRAPHS) as file:
            return list(islice(read_counts(file), limit))

    def statistics(self) -> Statistics:
        """The statistics of the publication; empty ones for a release without them."""
        if STATISTICS not in self.manifest.files:
            return Statistics()
        return Statistics.from_json(self.file(STATISTICS).read_text("utf-8"))

    def coverage(self) -> Mapping[str, Coverage]:
        """Encoding (IRI) → how its claims cover the text, as the check found it; empty for a release of before."""
        if REPORT not in self.manifest.files:
            return {}
        coverage = json.loads(self.file(REPORT).read_text("utf-8")).get("coverage", ())
        return {c["encoding"]: Coverage.from_json(c) for c in coverage if "encoding" in c}

    def questions(self) -> tuple[NamedQuery, ...]:
        """The questions of the corpus that were published with it, by name; none for a release without them."""
        return questions.from_json(self.file(QUESTIONS).read_text("utf-8")) if QUESTIONS in self.manifest.files else ()

    def verify(
        self, most_bytes: int | None = None, *, names: Collection[str] | None = None, with_store: bool = True
    ) -> None:
        """Compare the files with the manifest (those of the ``names`` alone, if such are given, with the INDEX that
        tables need; those of the store only ``with_store``): the SHA-256 of the smallest up to ``most_bytes``
        altogether, of others what is cheap to tell.

        Raises ReleaseError for one that differs.
        """
        store = {f"{STORE}/{name}": file for name, file in (self.manifest.store or {}).items()}
        files = {
            n: file
            for n, file in self.manifest.files.items()
            if names is None or n in names or (n == INDEX and TABLES & {*names})
        }
        index = {name: file for name, file in files.items() if name == INDEX}
        damaged = first_damaged(self.path, index, {}) or first_damaged(
            self.path, {**files, **(store if with_store else {})}, self.segments() if index else {}, most_bytes
        )
        if damaged is not None:
            raise ReleaseError(
                f"{self.path / damaged} is not the file that was published",
                remedy=f"restore release {self.number} from a copy, or publish anew: `quoth publish --force`",
            )


class Releases:
    """The releases in a folder, which may not exist yet. ``base`` is that of a release to be published there, which
    errors advise where there is none."""

    def __init__(self, path: Path, base: str = DEFAULT_BASE) -> None:
        self.path = path
        self._base = base

    @property
    def _remedy(self) -> str:
        options = shlex.join(["--releases", str(self.path), "--base", self._base])
        return f"name the folder of your releases, or run `quoth publish {options}`"

    def folders(self) -> dict[int, int]:
        """The numbers of the complete releases, ascending, with those of their folders in the file system, which change
        where a release is made anew. Raises UnavailableError if the folder cannot be read."""
        try:
            entries = [entry for entry in os.scandir(self.path) if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return {}
        except OSError as error:
            detail = f"the releases cannot be read: {reason(error)}"
            raise UnavailableError(detail, where=str(self.path), remedy=permission_remedy(error)) from None
        # str(int()) keeps out ٣ and 007, which int() reads.
        named = {e.name: e.inode() for e in entries if e.name.isdecimal() and str(int(e.name)) == e.name}
        return {number: named[str(number)] for number in sorted(map(int, named))}

    def numbers(self) -> list[int]:
        """The numbers of the complete releases, ascending. Raises UnavailableError if the folder cannot be read."""
        return [*self.folders()]

    def all(self) -> list[Release]:
        """Every complete release, oldest first."""
        return [self.open(number) for number in self.numbers()]

    def readable(self) -> list[Release]:
        """The releases that can be read, oldest first; a damaged one is in nobody's way.

        Raises NewerReleaseError for a folder with a release that this version cannot read: the two must not mix.
        """
        readable = []
        for number in self.numbers():
            try:
                readable.append(self.open(number))
            except NewerReleaseError:
                raise
            except ReleaseError:
                continue
        return readable

    def open(self, number: int) -> Release:
        """The release of that number.

        Raises NotFoundError, NewerReleaseError, and ReleaseError for one without a readable manifest.
        """
        path = self.path / str(number)
        if not path.is_dir():
            kept = ", ".join(map(str, self.numbers()))
            raise NotFoundError(
                f"there is no release {number} in {self.path}", remedy=f"name one of {kept}" if kept else self._remedy
            )
        file = path / MANIFEST
        try:
            manifest = Manifest.from_json(file.read_text("utf-8"), str(file))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ReleaseError(f"{file} cannot be read: {reason(error)}", remedy=permission_remedy(error)) from None
        return Release(number, path.resolve(), manifest)

    def current(self) -> Release:
        """The release that is being served. Raises UnavailableError where nothing is published, and what ``open``
        raises."""
        number = self.current_number()
        try:
            return self.open(number)
        except NotFoundError:
            raise UnavailableError(
                f"the current release, {number}, is missing from {self.path}", remedy=self._remedy
            ) from None

    def current_number(self) -> int:
        """The number of the release that is being served, which may be damaged or missing. Raises UnavailableError
        where nothing is published."""
        try:
            return int(os.readlink(self.path / CURRENT))
        except ValueError:
            raise UnavailableError(f"{self.path / CURRENT} does not lead to a release", remedy=self._remedy) from None
        except OSError as error:
            if not self.path.exists():
                raise UnavailableError(f"there is no folder {self.path}", remedy=self._remedy) from None
            if not isinstance(error, FileNotFoundError):
                detail = f"the releases cannot be read: {reason(error)}"
                raise UnavailableError(detail, where=str(self.path), remedy=permission_remedy(error)) from None
            raise UnavailableError(f"nothing is published in {self.path}", remedy=self._remedy) from None
