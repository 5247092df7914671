"""What a release has counted at publication, as pages, lists and facets get it."""

import statistics
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox
from tests.bench.compare.workload import Subjects, queries

from quoth.index.selection import Selection
from quoth.release.open import open_lists
from quoth.release.release import Release

DRAWN = 1000


def measure(release: Release, about: Subjects) -> Iterator[dict[str, Any]]:
    """By query, the time of its count in the lists, in ms, each subject once, so that nothing is remembered;
    ``agrees``: whether the first counts are those that the query gives."""
    lists, _ = open_lists(release)
    store = ox.Store.read_only(str(release.store_path))
    for query in queries():
        if not query.counted:
            continue
        role, _, facet = query.counted.partition(" ")
        times, agrees = [], True
        drawn = dict.fromkeys(pair for pairs in islice(query.drawn(about, 0), DRAWN) for pair in pairs.items())
        for number, (name, term) in enumerate(drawn):
            started = time.perf_counter()
            selection = Selection(role, term.value)
            counts = lists.facet(selection, facet, 20) if facet else lists.count(selection)
            times.append((time.perf_counter() - started) * 1000)
            if number < 10:
                agrees &= counts == _asked(store, query.text.replace(f"{{{name}}}", str(term)), bool(facet))
        figures = {"p50_ms": round(statistics.median(times), 4), "most_ms": round(max(times), 4)}
        yield {"query": query.name, "subjects": len(times), **figures, "agrees": agrees}


def _asked(store: ox.Store, text: str, facet: bool) -> int | list[tuple[str, int]]:
    rows = [[term.value for term in row] for row in store.query(text)]  # type: ignore[union-attr]
    if not facet:
        return int(rows[0][0])
    return sorted(((value, int(count)) for value, count in rows), key=lambda row: (-row[1], row[0]))
