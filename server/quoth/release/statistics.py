"""The statistics of a release: how often it uses each term, and how many resources it has.

They are counted once, at publication, in one pass over the sorted quads; memory grows with the number of terms, not of
quads. The descriptions of the dataset (VoID, DCAT, the sitemap) read them.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, RDF
from quoth.release import nquads
from quoth.release.nquads import graph_of

STATISTICS = "statistics.json"
TERMS_LIMIT = 1_000
"""Classes and properties that each part lists, the most used first. Their whole number is given beside."""

_ONTOLOGY, _OURS = f"<{ONTOLOGY_IRI}".encode(), b"<https://w3id.org/quoth/"
_CONCEPT = f"<{ONTOLOGY_IRI}/".encode()
_TYPE = f"<{RDF.type.value}>".encode()


@dataclass(frozen=True)
class Part:
    """One side of the dataset. ``classes``: IRI → number of instances; ``properties``: IRI → number of triples.

    Both have the most used first, at most TERMS_LIMIT of them.
    """

    triples: int = 0
    subjects: int = 0
    distinct_classes: int = 0
    distinct_properties: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Statistics:
    """The counts of a release. ``asserted`` is the default graph, ``reported`` the named graphs.

    ``resources`` counts those with a document; ``examples`` has one of them for each class of the dataset that has any.
    ``concepts``: concept of the ontology → number of quads with that value, quads about concepts left out.
    ``uses_of``: term of the ontology → the first quad that uses it, in the order of the dump, as a line of N-Quads.
    """

    resources: int = 0
    asserted: Part = Part()
    reported: Part = Part()
    examples: dict[str, str] = field(default_factory=dict)
    concepts: dict[str, int] = field(default_factory=dict)
    uses_of: dict[str, str] = field(default_factory=dict)

    def example(self, term: str) -> ox.Quad | None:
        """The first quad that has a term of the ontology as its property or value; None where none has, and for a
        release that did not keep them."""
        line = self.uses_of.get(term)
        return next(nquads.from_lines([line.encode()]), None) if line else None

    def uses(self, term: str) -> int:
        """How often a term of the ontology is used: instances of a class, quads with a property or a concept."""
        counted = [getattr(part, kind) for part in (self.asserted, self.reported) for kind in ("classes", "properties")]
        return sum(counts.get(term, 0) for counts in (*counted, self.concepts))

    def to_json(self) -> str:
        """The text of the statistics' file."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The statistics in the text of a file. Raises ValueError, TypeError or KeyError for any other text."""
        data: dict[str, Any] = json.loads(text)
        parts = {name: Part(**data[name]) for name in ("asserted", "reported")}
        concepts = data.get("concepts", {})
        return cls(
            data["resources"], parts["asserted"], parts["reported"], data["examples"], concepts, data.get("uses_of", {})
        )


def write(source: Path, folder: Path, base: str, resources: int) -> None:
    """Count the quads of a sorted N-Quads file, in which this number of ``resources`` has a document."""
    with source.open("rb") as lines:
        statistics = _count(lines, base, resources)
    (folder / STATISTICS).write_text(statistics.to_json(), "utf-8")


class _Tally:
    """The counters of one side of the dataset."""

    def __init__(self) -> None:
        self.subjects = 0
        self.classes: Counter[bytes] = Counter()
        self.properties: Counter[bytes] = Counter()

    def part(self) -> Part:
        terms = [_most_used(counter) for counter in (self.classes, self.properties)]
        return Part(self.properties.total(), self.subjects, len(self.classes), len(self.properties), *terms)


def _count(lines: Iterable[bytes], base: str, resources: int) -> Statistics:
    """The statistics of sorted lines."""
    asserted, reported = _Tally(), _Tally()
    examples: dict[bytes, bytes] = {}
    concepts: Counter[bytes] = Counter()
    uses_of: dict[bytes, bytes] = {}
    start = f"<{base}id/".encode()
    for subject, group in groupby(lines, key=lambda line: line.partition(b" ")[0]):
        example = subject.startswith(start) and b"#" not in subject
        classes: dict[_Tally, set[bytes]] = {}
        for line in group:
            _, predicate, rest = line.split(b" ", 2)
            tally = asserted if graph_of(line) == b"\x01" else reported
            tally.properties[predicate] += 1
            types = classes.setdefault(tally, set())
            value = rest.partition(b" ")[0]
            if not subject.startswith(_OURS):
                for term in (predicate, value):
                    if term.startswith(_ONTOLOGY):
                        uses_of.setdefault(term, line)
            if value.startswith(_CONCEPT) and b"#" in value and not subject.startswith(_CONCEPT):
                concepts[value] += 1
            if predicate == _TYPE:
                types.add(value)
                if example and tally is asserted:
                    examples.setdefault(value, subject)
        for tally, types in classes.items():
            tally.subjects += 1
            tally.classes.update(types)
    ordered = sorted(examples.items(), key=lambda item: (-asserted.classes[item[0]], item[0]))[:TERMS_LIMIT]
    examples_of = {_iri(kind): _iri(resource) for kind, resource in ordered}
    uses = {_iri(term): line.decode() for term, line in sorted(uses_of.items())}
    return Statistics(resources, asserted.part(), reported.part(), examples_of, _most_used(concepts), uses)


def _most_used(counter: Counter[bytes]) -> dict[str, int]:
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return {_iri(term): count for term, count in ordered[:TERMS_LIMIT]}


def _iri(term: bytes) -> str:
    return term[1:-1].decode("utf-8")
