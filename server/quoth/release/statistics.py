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

from quoth.claim.model.namespaces import ONTOLOGY_IRI, RDF
from quoth.release.nquads import graph_of

STATISTICS = "statistics.json"
TERMS_LIMIT = 1_000
"""Classes and properties that each part lists, the most used first. Their whole number is given beside."""

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
    """

    resources: int = 0
    asserted: Part = Part()
    reported: Part = Part()
    examples: dict[str, str] = field(default_factory=dict)
    concepts: dict[str, int] = field(default_factory=dict)

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
        return cls(data["resources"], parts["asserted"], parts["reported"], data["examples"], concepts)


def write(source: Path, folder: Path, base: str, resources: int) -> None:
    """Count the quads of a sorted N-Quads file, in which this number of ``resources`` has a document."""
    counter = _Counter(base)
    with source.open("rb") as lines:
        counter.read(lines)
    (folder / STATISTICS).write_text(counter.statistics(resources).to_json(), "utf-8")


class _Tally:
    """The counters of one side of the dataset."""

    def __init__(self) -> None:
        self.triples = self.subjects = 0
        self.classes: Counter[bytes] = Counter()
        self.properties: Counter[bytes] = Counter()

    def part(self) -> Part:
        terms = [_most_used(counter) for counter in (self.classes, self.properties)]
        return Part(self.triples, self.subjects, len(self.classes), len(self.properties), *terms)


class _Counter:
    """The counters of a dataset."""

    def __init__(self, base: str) -> None:
        self._base = b"<" + base.encode()
        self._asserted, self._reported = _Tally(), _Tally()
        self._examples: dict[bytes, bytes] = {}
        self._concepts: Counter[bytes] = Counter()

    def read(self, lines: Iterable[bytes]) -> None:
        """Count sorted lines."""
        for subject, group in groupby(lines, key=lambda line: line.partition(b" ")[0]):
            self._subject(subject, group)

    def _subject(self, subject: bytes, lines: Iterable[bytes]) -> None:
        classes: dict[bool, set[bytes]] = {}
        example = subject.startswith(self._base + b"id/") and b"#" not in subject
        for line in lines:
            _, predicate, rest = line.split(b" ", 2)
            asserted = graph_of(line) == b"\x01"
            tally = self._asserted if asserted else self._reported
            tally.triples += 1
            tally.properties[predicate] += 1
            kinds = classes.setdefault(asserted, set())
            value = rest.partition(b" ")[0]
            if value.startswith(_CONCEPT) and b"#" in value and not subject.startswith(_CONCEPT):
                self._concepts[value] += 1
            if predicate == _TYPE:
                kinds.add(value)
                if example and asserted:
                    self._examples.setdefault(value, subject)
        for asserted, kinds in classes.items():
            tally = self._asserted if asserted else self._reported
            tally.subjects += 1
            tally.classes.update(kinds)

    def statistics(self, resources: int) -> Statistics:
        examples = sorted(self._examples.items(), key=lambda item: (-self._asserted.classes[item[0]], item[0]))
        return Statistics(
            resources,
            self._asserted.part(),
            self._reported.part(),
            {_iri(kind): _iri(resource) for kind, resource in examples[:TERMS_LIMIT]},
            _most_used(self._concepts),
        )


def _most_used(counter: Counter[bytes]) -> dict[str, int]:
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return {_iri(term): count for term, count in ordered[:TERMS_LIMIT]}


def _iri(term: bytes) -> str:
    return term[1:-1].decode("utf-8")
