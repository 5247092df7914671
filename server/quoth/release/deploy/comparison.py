"""Whether an engine holds just the quads of a release, graph by graph, in memory that does not grow with them.

Each line of canonical N-Quads has a hash, and each graph the sum of its lines' hashes: the same in whatever order an
engine gives them. Graphs share a fixed number of sums by the hash of their names.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from itertools import chain, islice

from quoth.release.dumps.nquads import DEFAULT_GRAPH, graph_of
from quoth.release.release import Release

_SUMS = 2**16
_NAMED = 3
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""No digit is lost, and none written out: an exponent from elsewhere may be any."""
_LITERAL = re.compile(rb'"([^"\\]*)"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>(?= (?:<[^>]*> )?\.\n\Z)')


class Comparison:
    """The lines of a release, then those of an engine that keeps the values alone of literals of the datatypes
    ``rewrites`` (names in XML Schema)."""

    def __init__(self, rewrites: Sequence[str] = ()) -> None:
        self._rewrites = {name.encode() for name in rewrites}
        self._sums, self._counts = [0] * _SUMS, [0] * _SUMS
        self.quads = 0

    def expect(self, lines: Iterable[bytes]) -> None:
        """Take the lines of the release."""
        self._take(lines, 1)

    def meet(self, lines: Iterable[bytes]) -> None:
        """Take those of the engine."""
        self.quads += self._take(lines, -1)

    def difference(self, release: Release) -> str | None:
        """What is wrong with the engine's content, as the end of a sentence; None where nothing is."""
        wrong = {number for number, total in enumerate(self._sums) if total or self._counts[number]}
        if not wrong:
            return None
        names = chain(["the default graph"] if _place(DEFAULT_GRAPH) in wrong else [], _named(release, wrong))
        shown = ", ".join(islice(names, _NAMED)) or "graphs that the release does not have"
        return f"has {self.quads} quads of {release.manifest.quads}, and not those of the release in {shown}"

    def _take(self, lines: Iterable[bytes], sign: int) -> int:
        count = 0
        for line in lines:
            count += 1
            place = _place(graph_of(line))
            text = _LITERAL.sub(self._by_value, line) if self._rewrites else line
            self._sums[place] += sign * int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "big")
            self._counts[place] += sign
        return count

    def _by_value(self, literal: re.Match[bytes]) -> bytes:
        if literal[2] not in self._rewrites:
            return literal[0]
        return b'"%s"^^%s' % (_value(literal[1], literal[2]), literal[2])


def _value(lexical: bytes, datatype: bytes) -> bytes:
    """A text that only lexical forms of the same value share."""
    try:
        if datatype != b"decimal":
            return str(float(lexical)).encode()
        return str(Decimal(lexical.decode()).normalize(_EXACT)).encode()
    except (ValueError, InvalidOperation):
        return lexical


def _place(graph: bytes) -> int:
    return zlib.crc32(graph) % _SUMS


def _named(release: Release, wrong: set[int]) -> Iterator[str]:
    for iri, _ in release.graphs(release.manifest.graphs):
        if _place(f"<{iri}>".encode()) in wrong:
            yield f"<{iri}>"
