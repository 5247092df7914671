"""The triples that are looked at, by subject and predicate; an IRI is a text, since those are compared much faster."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS

Node = str | ox.Literal | ox.BlankNode
"""A term of the data; an IRI is a text, since those are compared much faster."""

Values = dict[Node, None]
Properties = dict[str, Values]
Conforms = Callable[["Graph", Node], bool]
Component = Callable[["Graph", Node, Collection[Node]], bool]
"""Whether the values of a focus node keep to a constraint (SHACL §4)."""

TYPE, _SUBCLASS = str(RDF.type), str(RDFS.subClassOf)
_NONE: Properties = {}


class DoubtError(Exception):
    """Something that only a validator can judge."""


class Graph:
    """Triples by subject and predicate, of which the background is shared by many graphs."""

    def __init__(self, triples: Iterable[Any], background: "Graph | None" = None) -> None:
        self._base: dict[Node, Properties] = background.properties if background else {}
        self.properties: dict[Node, Properties] = {}
        self._told: dict[tuple[Conforms, Node], bool] = {}
        self._classes: dict[Node, frozenset[Node]] = {}
        self._inverse: dict[str, dict[Node, Values]] = {}
        named = ox.NamedNode
        for triple in triples:  # or quads
            subject, predicate, value, *_ = triple
            of = subject.value if type(subject) is named else subject
            if (properties := self.properties.get(of)) is None:
                before = self._base.get(of, _NONE)
                properties = self.properties[of] = {key: dict(values) for key, values in before.items()}
            properties.setdefault(predicate.value, {})[value.value if type(value) is named else value] = None

    def of(self, node: Node) -> Properties:
        """The properties of a node."""
        return self.properties.get(node) or self._base.get(node, _NONE)

    def nodes(self) -> Iterable[tuple[Node, Properties]]:
        """All subjects and their properties."""
        yield from self.properties.items()
        yield from ((node, of) for node, of in self._base.items() if node not in self.properties)

    def told(self, shape: Conforms, node: Node) -> bool:
        """Whether the node conforms to the shape, which is found out once."""
        if (known := self._told.get((shape, node))) is None:
            known = self._told[shape, node] = shape(self, node)
        return known

    def inverse(self, predicate: str) -> dict[Node, Values]:
        """Value of the predicate → the subjects that have it."""
        if (known := self._inverse.get(predicate)) is None:
            known = self._inverse[predicate] = {}
            for node, properties in self.nodes():
                for value in properties.get(predicate, ()):
                    known.setdefault(value, {})[node] = None
        return known

    def classes(self, type_: Node) -> frozenset[Node]:
        """The class and all that it is a subclass of."""
        if (known := self._classes.get(type_)) is None:
            found, left = {type_}, [type_]
            while left:
                new = self.of(left.pop()).get(_SUBCLASS, {}).keys() - found
                found |= new
                left += new
            known = self._classes[type_] = frozenset(found)
        return known
