"""The first uses of terms that are not where they were: found nearby in the sorted lines, or in the store."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF
from quoth.release.dumps import nquads
from quoth.release.dumps.segments import Segment, Table
from quoth.release.statistics import Counts

_SEGMENTS = 8
"""Segments that are read behind the place of a use that is gone. Terms that these do not have are rare or far, and are
looked up in the store."""


class FirstUses:
    """The first uses of terms in sorted ``segments`` and the ``store`` of the same quads."""

    def __init__(self, table: Table, segments: Sequence[Segment], store: ox.Store, base: str) -> None:
        self._table, self._segments, self._store, self._base = table, segments, store, base

    def behind(self, kind: str, place: bytes, terms: Collection[bytes]) -> Mapping[bytes, bytes]:
        """The first use of each of the ``terms``, of which none has a use before a ``place`` (a line or a subject):
        ``kind`` is that attribute of Counts in which they are."""
        counts = Counts()
        found: dict[bytes, bytes] = getattr(counts, kind)
        missing = set(terms)
        for lines in islice(self._table.from_key(self._segments, self._table.key(place)), _SEGMENTS):
            counts.count(lines, self._base)
            missing -= found.keys()
            if not missing:
                return found
        for term in missing:
            counts = Counts().count(sorted(self._stored(kind, term)), self._base)
            found |= {key: use for key, use in getattr(counts, kind).items() if key == term}
        return found

    def _stored(self, kind: str, term: bytes) -> Iterator[bytes]:
        node = ox.NamedNode(term[1:-1].decode())
        if kind == "examples":
            yield from nquads.to_lines(self._store.quads_for_pattern(None, RDF.type, node, None))
        else:
            yield from nquads.to_lines(self._store.quads_for_pattern(None, node, None, None))
            yield from nquads.to_lines(self._store.quads_for_pattern(None, None, node, None))
