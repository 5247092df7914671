"""A release made of all its lines. Memory does not grow with their number."""

from collections.abc import Iterator
from pathlib import Path

from quoth.claim.model.report import Progress
from quoth.release import identity, resource_counts
from quoth.release.build import content, store
from quoth.release.build.content import Content
from quoth.release.dumps import nquads
from quoth.release.dumps.nquads import graph_of
from quoth.release.dumps.tables import DOCUMENTS, GONE, GRAPHS, NQUADS, SEGMENTS, TRIG, Segments, graph_rows, tables
from quoth.release.release import STORE, Release
from quoth.release.statistics import Counts


def make(source: Path, building: Path, base: str, number: int, previous: Release | None, tell: Progress) -> Content:
    """What a release holds, made in the folder ``building`` of the file ``source`` of its sorted lines, to which what
    the release says of itself is added. ``previous`` is the release before it."""
    table, folder = tables(base), building / SEGMENTS
    tell("dump", 0, 2)
    with source.open("rb") as lines:
        cut = table[NQUADS].build(lines, folder)
    sha256, count = content.digest(cut, table[NQUADS], base), content.count(cut) + identity.SIZE
    named = identity.lines(base, number, sha256, count)
    nquads.add(named, source)
    kept: Segments = {NQUADS: table[NQUADS].change(cut, (), named, folder)}
    tell("dump", 1, 2)
    by_graph = source.with_name("graphs.nq")
    with source.open("rb") as lines:
        # No line has \x00: it separates what the lines are sorted by from the line.
        nquads.sort((graph_of(line) + b"\x00" + line for line in lines), by_graph)
    kept[TRIG] = table[TRIG].build(_behind_keys(by_graph), folder)
    kept[GRAPHS] = table[GRAPHS].build(graph_rows(_behind_keys(by_graph)), folder)
    by_graph.unlink()
    tell("dump", 2, 2)
    stored = store.load(source, building / STORE, count, tell)
    tell("count", 0, 2)
    with source.open("rb") as lines:
        links = resource_counts.count_links(lines, base)
    for name, rows in zip((DOCUMENTS, GONE), resource_counts.rows(links, base, previous), strict=True):
        kept[name] = table[name].build(rows, folder)
    tell("count", 1, 2)
    with source.open("rb") as lines:
        counts = Counts().count(lines, base)
    tell("count", 2, 2)
    claims = content.write_lists(stored, lambda: table[NQUADS].all(kept[NQUADS]), building, tell)
    return Content(sha256, kept, counts.statistics(len(links)), claims)


def _behind_keys(path: Path) -> Iterator[bytes]:
    with path.open("rb") as lines:
        yield from (line.partition(b"\x00")[2] for line in lines)
