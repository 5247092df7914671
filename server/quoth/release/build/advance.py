"""A release made of the last one and what changes: nothing that does not change is made anew, and nothing of the last
one is written to."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from quoth.claim.model.report import Progress
from quoth.errors import ReleaseError
from quoth.index import build
from quoth.index.update import Changed
from quoth.release import identity, resource_counts
from quoth.release.build import content, store
from quoth.release.build.content import Content
from quoth.release.build.first_uses import FirstUses
from quoth.release.build.parts import Change
from quoth.release.dumps import nquads, tables
from quoth.release.dumps.nquads import DEFAULT_GRAPH, graph_of
from quoth.release.dumps.segments import Table
from quoth.release.dumps.tables import DOCUMENTS, GONE, GRAPHS, NQUADS, SEGMENTS, TRIG, Segments
from quoth.release.history import diff
from quoth.release.history.diff import Difference
from quoth.release.manifest import FORMAT, SOFTWARE
from quoth.release.release import STORE, Release
from quoth.release.statistics import Counts


@dataclass(frozen=True)
class LastRelease:
    """The lines and rows of the last release, by which the next one is made."""

    release: Release

    @classmethod
    def of(cls, release: Release) -> Self | None:
        """The release, if another can be made of it: this version of Quoth wrote it, and its files are as they were."""
        made = release.manifest.format, release.manifest.software
        with suppress(ReleaseError):
            complete = build.is_complete(release.path / build.INDEX_FILE) and release.statistics().is_complete
            if made == (FORMAT, SOFTWARE) and complete:
                release.verify(with_store=False)
                return cls(release)
        return None

    @property
    def segments(self) -> Segments:
        """The segments of the tables."""
        return self.release.segments()

    @property
    def tables(self) -> dict[str, Table]:
        """The tables of its dataset."""
        return tables.tables(self.release.manifest.base)

    def present(self, lines: Iterable[bytes]) -> Collection[bytes]:
        """Those of the lines that the release has."""
        wanted = set(lines)
        return wanted.intersection(self.of_keys(NQUADS, {tables.subject_of(line) for line in wanted}))

    def of_keys(self, name: str, keys: Collection[bytes]) -> Iterator[bytes]:
        """The lines of a table with these keys, in their order."""
        return self.tables[name].of_keys(self.segments[name], keys)

    def difference(self, change: Change) -> Difference:
        """What a change changes, resource by resource: of the lines about its subjects, others say nothing."""
        subjects = {tables.subject_of(line) for line in (*change.removed, *change.added)}
        before = sorted(self.of_keys(NQUADS, subjects))
        after = sorted({*before} - {*change.removed} | {*change.added})
        return diff.compare(before, after, self.release.manifest.base)

    def numbers(self, name: str, iris: Collection[bytes]) -> Mapping[bytes, int]:
        """The numbers in the rows of a table about those IRIs, as far as it has such."""
        return {tables.row_key(line): int(line.partition(b"\t")[2]) for line in self.of_keys(name, iris)}


def make(last: LastRelease, change: Change, building: Path, number: int, tell: Progress) -> Content:
    """What the last release holds, without some lines and with others, made in the folder ``building``."""
    release, base, table = last.release, last.release.manifest.base, last.tables
    folder = building / SEGMENTS
    own = identity.lines(base, release.number, release.manifest.content_sha256, release.manifest.quads)
    tell("dump", 0, 2)
    cut = table[NQUADS].change(last.segments[NQUADS], [*change.removed, *own], change.added, folder)
    sha256, count = content.digest(cut, table[NQUADS], base), content.count(cut) + identity.SIZE
    named = identity.lines(base, number, sha256, count)
    gone, new = sorted([*change.removed, *own]), sorted([*change.added, *named])
    kept = {NQUADS: table[NQUADS].change(cut, (), named, folder)}
    tell("dump", 1, 2)

    def rewrite(name: str, gone: Iterable[bytes], new: Iterable[bytes]) -> None:
        kept[name] = table[name].change(last.segments[name], gone, new, folder)

    def renumber(name: str, numbers: Mapping[bytes, tuple[int | None, int | None]]) -> None:
        differing = [(iri, before, after) for iri, (before, after) in numbers.items() if before != after]
        rewrite(
            name,
            [tables.row(iri, before) for iri, before, _ in differing if before is not None],
            [tables.row(iri, after) for iri, _, after in differing if after is not None],
        )

    rewrite(TRIG, gone, new)
    renumber(GRAPHS, _graph_sizes(last, gone, new))
    tell("dump", 2, 2)
    stored = store.change(release.store_path, building / STORE, gone, new, tell)
    tell("count", 0, 2)
    documents = resource_counts.changed_rows(
        gone, new, base, lambda iris: last.numbers(DOCUMENTS, iris), lambda iri: _is_described(stored, iri)
    )
    renumber(DOCUMENTS, documents)
    renumber(GONE, _last_described(last, documents))
    tell("count", 1, 2)
    counts = Counts(release.statistics())
    subjects = {tables.subject_of(line) for line in (*gone, *new)}
    counts.change(
        Counts().count(last.of_keys(NQUADS, subjects), base),
        Counts().count(table[NQUADS].of_keys(kept[NQUADS], subjects), base),
        FirstUses(table[NQUADS], kept[NQUADS], stored, base).behind,
    )
    tell("count", 2, 2)

    def about(iris: Iterable[str]) -> Iterator[bytes]:
        starts = {f"<{iri}{end}".encode() for iri in iris for end in ("#", ">")}
        return table[NQUADS].beginning(kept[NQUADS], starts)

    changed = Changed(ox.Store.read_only(str(release.store_path)), stored, gone, new, about)
    claims = content.change_lists(release.path, changed, building, tell)
    if claims is None:
        claims = content.write_lists(stored, lambda: table[NQUADS].all(kept[NQUADS]), building, tell)
    return Content(sha256, kept, counts.statistics(content.count(kept[DOCUMENTS])), claims)


def _graph_sizes(
    last: LastRelease, gone: Iterable[bytes], new: Iterable[bytes]
) -> dict[bytes, tuple[int | None, int | None]]:
    """The number of triples before and after of each named graph that changes; None for one without any."""
    change: Counter[bytes] = Counter()
    for sign, lines in ((-1, gone), (1, new)):
        for line in lines:
            change[graph_of(line)] += sign
    del change[DEFAULT_GRAPH]
    before = last.numbers(GRAPHS, change.keys())
    return {graph: (before.get(graph), before.get(graph, 0) + delta or None) for graph, delta in change.items()}


def _last_described(
    last: LastRelease, documents: Mapping[bytes, tuple[int | None, int | None]]
) -> dict[bytes, tuple[int | None, int | None]]:
    """The last release, before and after, that described each of the resources, which had and have those links."""
    gone = last.numbers(GONE, documents.keys())

    def number(iri: bytes, before: int | None, after: int | None) -> int | None:
        return None if after is not None else last.release.number if before is not None else gone.get(iri)

    return {iri: (gone.get(iri), number(iri, *links)) for iri, links in documents.items()}


def _is_described(stored: ox.Store, iri: bytes) -> bool:
    """Whether the default graph describes a resource, so that it has a document."""
    quads = stored.quads_for_pattern(ox.NamedNode(iri[1:-1].decode()), None, None, ox.DefaultGraph())
    return any(nquads.describes(str(quad.predicate).encode()) for quad in quads)
