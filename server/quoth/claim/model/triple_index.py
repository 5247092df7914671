"""An index of the triples of the default graph: the asserted part of a dataset."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import QuadTerm


class Statement(NamedTuple):
    """A quad whose terms have been taken out of it: each attribute of pyoxigraph's makes a new object."""

    subject: ox.NamedNode | ox.BlankNode | ox.Triple
    predicate: ox.NamedNode
    object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph


def statements(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads as statements, for those who look at all of them again and again; an engine takes none of these."""
    return cast(list[ox.Quad], [*map(Statement._make, quads)])


class TripleIndex:
    """The triples of the asserted part by subject and predicate, and by predicate and object."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._objects: dict[tuple[str, str], list[QuadTerm]] = defaultdict(list)
        named, default, objects = ox.NamedNode, ox.DefaultGraph, self._objects
        for subject, predicate, value, graph in quads:  # each attribute of a quad would make a term of its own
            if type(graph) is default and type(subject) is named:
                objects[subject.value, predicate.value].append(value)

    @classmethod
    def of_graphs(cls, quads: Iterable[ox.Quad]) -> Self:
        """The triples of quads of any graph."""
        return cls(ox.Quad(q.subject, q.predicate, q.object) for q in quads)

    @functools.cached_property
    def _subjects(self) -> dict[tuple[str, str], list[str]]:
        subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (subject, predicate), objects in self._objects.items():
            for value in objects:
                if isinstance(value, ox.NamedNode):
                    subjects[predicate, value.value].append(subject)
        return subjects

    def values(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        """The lexical forms and IRIs of the objects, in the order of the quads."""
        objects = self._objects.get((subject, predicate.value), [])
        return [o.value for o in objects if isinstance(o, ox.NamedNode | ox.Literal)]

    def literals(self, subject: str, predicate: ox.NamedNode) -> list[ox.Literal]:
        """The objects that are literals, in the order of the quads."""
        return [o for o in self._objects.get((subject, predicate.value), []) if isinstance(o, ox.Literal)]

    def value(self, subject: str, predicate: ox.NamedNode) -> str:
        """The first value, or an empty string."""
        return next(iter(self.values(subject, predicate)), "")

    def number(self, subject: str, predicate: ox.NamedNode) -> int | None:
        """The first value that is a whole number, or None."""
        return next((int(v) for v in self.values(subject, predicate) if v.isdecimal() and len(v) < 1000), None)

    def subjects(self, predicate: ox.NamedNode, value: ox.NamedNode | str) -> list[str]:
        """The subjects that have this value."""
        iri = value if isinstance(value, str) else value.value
        return self._subjects.get((predicate.value, iri), [])

    def having(self, predicate: ox.NamedNode) -> Iterator[str]:
        """The subjects that have the predicate, each once."""
        return (s for s, p in self._objects if p == predicate.value)
