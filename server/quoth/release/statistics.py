"""The statistics of a release: how often it uses each term, and how many resources it has.

They are counted at publication, in one pass over the sorted quads, or over those around what changed; memory grows with
the number of terms, not of quads. The descriptions of the dataset (VoID, DCAT, the sitemap) read them.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, Self

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, RDF, SCHEMA, XSD
from quoth.corpus import bases
from quoth.release.dumps import nquads
from quoth.release.dumps.nquads import DEFAULT_GRAPH, graph_of

STATISTICS = "statistics.json"
_ONTOLOGY, _OURS = f"<{ONTOLOGY_IRI}".encode(), b"<https://w3id.org/quoth/"
_CONCEPT = f"<{ONTOLOGY_IRI}/".encode()
_TYPE = str(RDF.type).encode()
_ARTICLES = {str(kind).encode() for kind in (SCHEMA.Article, SCHEMA.NewsArticle)}


@dataclass(frozen=True)
class Part:
    """One side of the dataset. ``classes``: IRI → number of instances; ``properties``: IRI → number of triples; the
    most used first. ``uses``: class → property of its instances → datatype → number of triples; the datatype of what is
    no literal is empty. An earlier version of Quoth counted no ``uses``."""

    triples: int = 0
    subjects: int = 0
    distinct_classes: int = 0
    distinct_properties: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)
    uses: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Statistics:
    """The counts of a release. ``asserted`` is the default graph, ``reported`` the named graphs.

    ``resources`` counts those with a document; ``examples`` has one of them for each class of the dataset that has any.
    ``concepts``: concept of the ontology → number of quads with that value, quads about concepts left out.
    ``uses_of``: term of the ontology → the first quad that uses it, in the order of the dump, as a line of N-Quads.
    """

    resources: int = 0
    articles: int = 0
    asserted: Part = Part()
    reported: Part = Part()
    examples: dict[str, str] = field(default_factory=dict)
    concepts: dict[str, int] = field(default_factory=dict)
    uses_of: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether everything is counted that this version of Quoth counts, so that a change can be counted alone."""
        return bool(self.asserted.uses) or not self.asserted.classes

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
        counts = data["resources"], data.get("articles", 0)
        return cls(*counts, parts["asserted"], parts["reported"], data["examples"], concepts, data.get("uses_of", {}))


class _Tally:
    """The counters of one side of the dataset."""

    def __init__(self, part: Part | None = None) -> None:
        part = part or Part()
        self.subjects = part.subjects
        self.classes = _counter(part.classes)
        self.properties = _counter(part.properties)
        self.uses = Counter(
            {
                (_term(kind), _term(predicate), datatype.encode()): count
                for kind, predicates in part.uses.items()
                for predicate, datatypes in predicates.items()
                for datatype, count in datatypes.items()
            }
        )

    def change(self, gone: "_Tally", new: "_Tally") -> None:
        self.subjects += new.subjects - gone.subjects
        self.classes = self.classes - gone.classes + new.classes
        self.properties = self.properties - gone.properties + new.properties
        self.uses = self.uses - gone.uses + new.uses

    def part(self) -> Part:
        classes, properties = _most_used(self.classes), _most_used(self.properties)
        uses: dict[str, dict[str, dict[str, int]]] = {}
        for (kind, predicate, datatype), count in sorted(self.uses.items()):
            uses.setdefault(_iri(kind), {}).setdefault(_iri(predicate), {})[datatype.decode()] = count
        return Part(
            self.properties.total(),
            self.subjects,
            len(classes),
            len(properties),
            classes,
            properties,
            uses,
        )


Behind = Callable[[str, bytes, Collection[bytes]], Mapping[bytes, bytes]]
"""Gives the first uses of terms (or more) behind the place of a use; the attribute of Counts in which they are."""


class Counts:
    """The counters behind the statistics, of all lines or of some: all those of whichever subjects they are about.

    ``examples``: class → the first resource that is one; ``uses_of``: term → the first line that uses it.
    """

    def __init__(self, statistics: Statistics | None = None) -> None:
        known = statistics or Statistics()
        self.asserted, self.reported = _Tally(known.asserted), _Tally(known.reported)
        self.articles = known.articles
        self.concepts = _counter(known.concepts)
        self.examples = {_term(kind): _term(resource) for kind, resource in known.examples.items()}
        self.uses_of = {_term(term): line.encode() for term, line in known.uses_of.items()}

    def count(self, lines: Iterable[bytes], base: str) -> Self:
        """Add sorted lines; returns itself."""
        start = bases.line_starts(base)
        for subject, group in groupby(lines, key=lambda line: line.partition(b" ")[0]):
            example = subject.startswith(start) and b"#" not in subject
            classes: dict[_Tally, set[bytes]] = {}
            uses: dict[_Tally, Counter[tuple[bytes, bytes]]] = {}
            for line in group:
                _, predicate, rest = line.split(b" ", 2)
                tally = self.asserted if graph_of(line) == DEFAULT_GRAPH else self.reported
                tally.properties[predicate] += 1
                types = classes.setdefault(tally, set())
                uses.setdefault(tally, Counter())[predicate, _datatype(rest)] += 1
                value = rest.partition(b" ")[0]
                if not subject.startswith(_OURS):
                    for term in (predicate, value):
                        if term.startswith(_ONTOLOGY):
                            self.uses_of.setdefault(term, line)
                if value.startswith(_CONCEPT) and b"#" in value and not subject.startswith(_CONCEPT):
                    self.concepts[value] += 1
                if predicate == _TYPE:
                    types.add(value)
                    if example and tally is self.asserted:
                        self.examples.setdefault(value, subject)
            for tally, types in classes.items():
                tally.subjects += 1
                tally.classes.update(types)
                for kind in types:
                    tally.uses.update({(kind, *use): count for use, count in uses[tally].items()})
            self.articles += not _ARTICLES.isdisjoint(classes.get(self.asserted, ()))
        return self

    def change(self, gone: "Counts", new: "Counts", behind: Behind) -> None:
        """Take away the counts of the lines about some subjects and add those of their lines now. ``behind`` finds
        the first uses of terms whose first use is gone."""
        self.asserted.change(gone.asserted, new.asserted)
        self.reported.change(gone.reported, new.reported)
        self.articles += new.articles - gone.articles
        self.concepts = self.concepts - gone.concepts + new.concepts
        for name in ("examples", "uses_of"):
            first: dict[bytes, bytes] = getattr(self, name)
            lost = _replace(first, getattr(gone, name), getattr(new, name))
            if lost:
                found = behind(name, min(lost.values()), lost)
                first |= {term: min(found[term], first.get(term, found[term])) for term in lost if term in found}

    def statistics(self, resources: int) -> Statistics:
        """The statistics of all lines, in which this number of ``resources`` has a document."""
        asserted = self.asserted.part()
        ordered = sorted(self.examples.items(), key=lambda item: (-self.asserted.classes[item[0]], item[0]))
        examples = {_iri(kind): _iri(resource) for kind, resource in ordered}
        uses = {_iri(term): line.decode() for term, line in sorted(self.uses_of.items())}
        return Statistics(
            resources, self.articles, asserted, self.reported.part(), examples, _most_used(self.concepts), uses
        )


def _replace(first: dict[bytes, bytes], gone: Mapping[bytes, bytes], new: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Change the first uses of terms for the lines that are gone and new; returns those that were and are no more: the
    next ones may stand among the lines that did not change."""
    lost = {term: use for term, use in gone.items() if first.get(term) == use and new.get(term) != use}
    for term in lost:
        del first[term]
    first |= {term: min(use, first.get(term, use)) for term, use in new.items()}
    return lost


def _datatype(rest: bytes) -> bytes:
    """The IRI of the datatype of the object with which the ``rest`` of a line begins; empty for what is no literal."""
    if not rest.startswith(b'"'):
        return b""
    behind = rest.rpartition(b'"')[2]  # no IRI has a quotation mark, so that a graph's name has none
    if behind.startswith(b"^^<"):
        return behind[3:].partition(b">")[0]
    return (RDF.langString if behind.startswith(b"@") else XSD.string).value.encode()


def _counter(counts: Mapping[str, int]) -> Counter[bytes]:
    return Counter({_term(iri): count for iri, count in counts.items()})


def _most_used(counter: Counter[bytes]) -> dict[str, int]:
    return {_iri(term): count for term, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))}


def _iri(term: bytes) -> str:
    return term[1:-1].decode("utf-8")


def _term(iri: str) -> bytes:
    return f"<{iri}>".encode()
