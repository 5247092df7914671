"""An index of the triples of the default graph: the asserted part of a dataset."""

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
    """The triples of the asserted part by predicate and subject, and by predicate and object."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        objects: dict[str, dict[str, list[QuadTerm]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value, graph in quads:  # each attribute of a quad would make a term of its own
            if isinstance(graph, ox.DefaultGraph) and isinstance(subject, ox.NamedNode):
                objects[predicate.value][subject.value].append(value)
        self._objects: dict[str, dict[str, list[QuadTerm]]] = {p: dict(subjects) for p, subjects in objects.items()}
        self._values: dict[str, dict[str, list[str]]] = {}
        self._subjects: dict[str, dict[str, list[str]]] = {}

    @classmethod
    def of_graphs(cls, quads: Iterable[ox.Quad]) -> Self:
        """The triples of quads of any graph."""
        return cls(ox.Quad(q.subject, q.predicate, q.object) for q in quads)

    def values(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        """The lexical forms and IRIs of the objects, in the order of the quads: a list that is not to be changed."""
        if (values := self._values.get(predicate.value)) is None:
            values = self._values[predicate.value] = {
                of: [o.value for o in objects if isinstance(o, ox.NamedNode | ox.Literal)]
                for of, objects in self._objects.get(predicate.value, {}).items()
            }
        return values.get(subject, [])

    def literals(self, subject: str, predicate: ox.NamedNode) -> list[ox.Literal]:
        """The objects that are literals, in the order of the quads."""
        return [o for o in self._objects.get(predicate.value, {}).get(subject, []) if isinstance(o, ox.Literal)]

    def value(self, subject: str, predicate: ox.NamedNode) -> str:
        """The first value, or an empty string."""
        values = self.values(subject, predicate)
        return values[0] if values else ""

    def number(self, subject: str, predicate: ox.NamedNode) -> int | None:
        """The first value that is a whole number, or None."""
        return next((int(v) for v in self.values(subject, predicate) if v.isdecimal() and len(v) < 1000), None)

    def subjects(self, predicate: ox.NamedNode, value: ox.NamedNode | str) -> list[str]:
        """The subjects that have this value: a list that is not to be changed."""
        if (subjects := self._subjects.get(predicate.value)) is None:
            subjects = self._subjects[predicate.value] = defaultdict(list)
            for subject, objects in self._objects.get(predicate.value, {}).items():
                for o in objects:
                    if isinstance(o, ox.NamedNode):
                        subjects[o.value].append(subject)
        return subjects.get(value if isinstance(value, str) else value.value, [])

    def having(self, predicate: ox.NamedNode) -> Iterator[str]:
        """The subjects that have the predicate, each once."""
        return iter(self._objects.get(predicate.value, {}))
