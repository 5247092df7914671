"""The store of a release, which is loaded from the sorted quads and holds exactly these."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.report import Progress
from quoth.errors import ReleaseError
from quoth.release import nquads

_EXAMPLES = 5
_STEP = 10_000


def load(source: Path, store_path: Path, count: int, progress: Progress) -> None:
    """Build a store of the quads of a sorted N-Quads file, and verify that it gives each back unchanged.

    The engine stores some literals by value (``007`` as ``7``), so that the release would not serve what was published.
    Raises ReleaseError that names such quads.
    """
    store = ox.Store(str(store_path))
    with source.open("rb") as file:
        store.bulk_extend(nquads.from_lines(_ticking(file, "load", count, progress)))
    store.optimize()
    store.flush()
    del store  # closes it
    stored = ox.Store.read_only(str(store_path))
    with source.open("rb") as file:
        published = nquads.fingerprint(file)
    if nquads.fingerprint(nquads.to_lines(stored), lambda done: progress("verify", done, count)) != published:
        with source.open("rb") as file:
            difference = _difference(stored, nquads.from_lines(file))
        raise ReleaseError(difference, remedy="write the values in the form that the store keeps")
    progress("verify", count, count)


def _difference(store: ox.Store, quads: Iterable[ox.Quad]) -> str:
    """A sentence about the quads that a store does not have as they are, with some examples."""
    examples: list[str] = []
    for quad in quads:
        # A pattern matches by value what was stored by value.
        stored = list(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name))
        if not any(str(match) == str(quad) for match in stored):
            kept_as = ", ".join(str(match.object) for match in stored) or "nothing"
            examples.append(f"{quad.object} as {kept_as} (of {quad.subject} {quad.predicate})")
            if len(examples) == _EXAMPLES:
                break
    return "the store would change what is published. It keeps " + "; ".join(examples)


def _ticking(stream: Iterable[bytes], stage: str, total: int, progress: Progress) -> Iterator[bytes]:
    for done, line in enumerate(stream, 1):
        if done % _STEP == 0:
            progress(stage, done, total)
        yield line
    progress(stage, total, total)
