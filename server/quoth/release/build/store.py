"""The store of a release, which is loaded from the sorted quads and holds exactly these."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.report import Progress
from quoth.errors import ReleaseError
from quoth.release.dumps import nquads

_EXAMPLES = 5
_REMEDY = "write the values in the form that the store keeps"
_STEP = 10_000


def load(source: Path, store_path: Path, count: int, progress: Progress) -> ox.Store:
    """Build a store of the quads of a sorted N-Quads file, and verify that it gives each back unchanged. Returns it, to
    read from.

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
        raise ReleaseError(difference, remedy=_REMEDY)
    progress("verify", count, count)
    return stored


def change(
    last: Path, store_path: Path, removed: Sequence[bytes], added: Sequence[bytes], progress: Progress
) -> ox.Store:
    """Build a store of the quads of another one, without some and with others, and verify that it has changed so.
    Returns it, to read from. The files that do not change are links to those of the ``last`` store, whose own are left
    as they are.

    Raises ReleaseError as ``load`` does.
    """
    ox.Store.read_only(str(last)).backup(str(store_path))
    store = ox.Store(str(store_path))
    for quad in nquads.from_lines(_ticking(removed, "load", len(removed) + len(added), progress)):
        store.remove(quad)
    store.extend(nquads.from_lines(added))
    store.flush()
    del store  # closes it
    progress("load", len(removed) + len(added), len(removed) + len(added))
    stored = ox.Store.read_only(str(store_path))
    if difference := _difference(stored, nquads.from_lines(_ticking(added, "verify", len(added), progress))):
        raise ReleaseError(difference, remedy=_REMEDY)
    if any(quad in stored for quad in nquads.from_lines(removed)):
        raise ReleaseError(f"the store in {store_path} keeps what was removed", remedy="run `quoth publish --force`")
    return stored


def _difference(store: ox.Store, quads: Iterable[ox.Quad]) -> str:
    """A sentence about the quads that a store does not have as they are, with some examples; empty where it has all."""
    examples: list[str] = []
    for quad in quads:
        # A pattern matches by value what was stored by value.
        stored = list(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name))
        if not any(str(match) == str(quad) for match in stored):
            kept_as = ", ".join(str(match.object) for match in stored) or "nothing"
            examples.append(f"{quad.object} as {kept_as} (of {quad.subject} {quad.predicate})")
            if len(examples) == _EXAMPLES:
                break
    return "the store would change what is published. It keeps " + "; ".join(examples) if examples else ""


def _ticking(stream: Iterable[bytes], stage: str, total: int, progress: Progress) -> Iterator[bytes]:
    for done, line in enumerate(stream, 1):
        if done % _STEP == 0:
            progress(stage, done, total)
        yield line
    progress(stage, total, total)
