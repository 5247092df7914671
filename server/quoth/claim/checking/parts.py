"""The parts of a publication: what is published of each unit, and the ontology. They are kept as verdicts are."""

from collections.abc import Iterable

import pyoxigraph as ox

from quoth.claim.checking import readings
from quoth.claim.checking.stored import Stored, digest, software
from quoth.claim.checking.units import Corpus, Unit
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.model.part import Part
from quoth.claim.reading.n_quads import from_text
from quoth.claim.rules import publication


class Parts:
    """The parts of a corpus, whose lines are made when somebody asks, and those of earlier ones, as far as they are
    kept."""

    def __init__(self, corpus: Corpus, units: Iterable[Unit], base: str, kept: Stored) -> None:
        self._corpus, self._units, self._base, self._kept = corpus, units, base, kept

    def all(self) -> list[Part]:
        """The parts; what several of them have is published once."""
        ontology = Part(digest([software(), "ontology"]), lambda: self._lines(None))
        return [ontology, *(Part(self._key(unit), lambda unit=unit: self._lines(unit)) for unit in self._units)]  # type: ignore[misc]

    def recall(self, key: str) -> list[bytes] | None:
        """The lines of a part with that key; None where they are not kept."""
        text = self._kept.get(key)
        return _lines_of(text.encode()) if isinstance(text, str) else None

    def of_quads(self, quads: Iterable[ox.Quad]) -> Part:
        """A part of quads that are of no document, kept so that it can be recalled."""
        lines = to_lines(quads)
        key = digest([software(), b"".join(lines).decode()])
        self._kept.put(key, b"".join(lines).decode())
        return Part(key, lambda: lines)

    def _key(self, unit: Unit) -> str:
        members = [self._corpus.readings[number].key for number in unit.members]
        return digest([software(), self._base, members, sorted({text for _, text in unit.context}), "part"])

    def _lines(self, unit: Unit | None) -> list[bytes]:
        key = digest([software(), "ontology"]) if unit is None else self._key(unit)
        if (lines := self.recall(key)) is None:
            lines = to_lines(ontology_quads() if unit is None else self._published(unit))
            self._kept.put(key, b"".join(lines).decode())
        return lines

    def _published(self, unit: Unit) -> list[ox.Quad]:
        """The quads of a unit, and what follows from them in their context."""
        members = [self._corpus.readings[number] for number in unit.members]
        authored = [q for r in members for q in readings.loaded(r.path, r.key, self._base, self._kept).quads]
        around = (q for _, text in unit.context for q in from_text(text))
        return [*authored, *publication.derive([*authored, *around], self._base)]


def to_lines(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Quads as canonical N-Quads, sorted and each once."""
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return sorted(set(_lines_of(data)))


def _lines_of(data: bytes) -> list[bytes]:
    """The lines, each with its line feed: no other character ends a line of N-Quads here."""
    return [line + b"\n" for line in data.split(b"\n")[:-1]]
