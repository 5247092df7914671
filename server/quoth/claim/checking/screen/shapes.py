"""Shapes as functions, and whether a graph keeps to all of them for certain."""

import functools
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection as RdfList
from rdflib.namespace import RDFS, SH

from quoth.claim.checking.screen.constraints import (
    LAST_DAY,
    day,
    for_each,
    has_datatype,
    is_a,
    line,
    node_of,
    number,
    of_path,
    text,
    unique_languages,
)
from quoth.claim.checking.screen.graph import TYPE, Component, Conforms, DoubtError, Graph, Node

_KINDS: dict[str, tuple[type, ...]] = {
    str(SH.IRI): (str,),
    str(SH.Literal): (ox.Literal,),
    str(SH.BlankNodeOrIRI): (str, ox.BlankNode),
}
_OF_NONE = (SH.minCount, SH.hasValue, SH.qualifiedMinCount)
"""Constraints that no value at all may break."""

_SILENT = frozenset(
    (
        SH.path,
        SH.closed,
        SH.targetClass,
        SH.targetSubjectsOf,
        SH.targetObjectsOf,
        SH.message,
        SH.description,
        SH.severity,
        SH.flags,
        SH.ignoredProperties,
        SH.qualifiedMinCount,
    )
)
"""Predicates of a shape that constrain nothing, or that other ones look at."""


@functools.lru_cache(16)
def screen(shapes: rdflib.Graph) -> Callable[[Graph], bool]:
    """A function that tells whether a graph conforms to these shapes for certain."""
    try:
        compiler = _Compiler(shapes)
        by_class, of_subjects = compiler.targets(SH.targetClass), compiler.targets(SH.targetSubjectsOf)
        of_objects = compiler.targets(SH.targetObjectsOf)
    except (DoubtError, ValueError, re.error):
        return lambda graph: False

    def conforms(graph: Graph) -> bool:
        of_type: dict[Node, list[Conforms]] = {}
        for node, of in graph.nodes():
            asked: list[Conforms] = []
            for type_ in of.get(TYPE, ()):
                if (theirs := of_type.get(type_)) is None:
                    classes = graph.classes(type_)
                    theirs = of_type[type_] = [
                        s for class_, all_ in by_class.items() if class_ in classes for s in all_
                    ]
                asked += theirs
            for predicate in of.keys() & of_subjects.keys():
                asked += of_subjects[predicate]
            for shape in asked:
                if not graph.told(shape, node):
                    return False
        objects = (
            (s, v)
            for _, of in graph.nodes()
            for p in of.keys() & of_objects.keys()
            for s in of_objects[p]
            for v in of[p]
        )
        return all(graph.told(shape, node) for shape, node in objects)

    def certainly(graph: Graph) -> bool:
        try:
            return conforms(graph)
        except DoubtError:
            return False

    return certainly


class _Compiler:
    """Shapes as functions. Raises DoubtError for what it does not know."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self._shapes = shapes
        self._done: dict[rdflib.term.Node, Conforms | None] = {}
        if (None, SH.targetNode, None) in shapes or (None, SH.target, None) in shapes or RDFS.Class in shapes.objects():
            raise DoubtError

    def targets(self, kind: rdflib.URIRef) -> dict[str, list[Conforms]]:
        """Class or predicate → the shapes that are for it (SHACL §2.1.3)."""
        found: dict[str, list[Conforms]] = {}
        for shape, of in self._shapes.subject_objects(kind):
            found.setdefault(str(of), []).append(self.shape(shape))
        return found

    def shape(self, shape: rdflib.term.Node) -> Conforms:
        """Whether a focus node conforms to a node shape or a property shape."""
        if shape in self._done:
            if (done := self._done[shape]) is None:
                raise DoubtError  # it is a part of itself (§3.4.3)
            return done
        self._done[shape] = None
        parts = self._components(shape, self._shapes.objects(shape, SH.property))
        path = self._shapes.value(shape, SH.path)
        self._done[shape] = made = self._of_node(shape, parts) if path is None else of_path(self._path(path), parts)
        return made

    def _components(self, shape: rdflib.term.Node, properties: Iterable[rdflib.term.Node]) -> list[Component]:
        stated = self._shapes.predicate_objects(shape)
        parts = [c for p, o in stated if p != SH.property and (c := self._component(shape, p, o))]
        return parts + [for_each(self.shape(each)) for each in properties]

    def _of_node(self, shape: rdflib.term.Node, parts: list[Component]) -> Conforms:
        """A node shape. Of the properties that a node need not have, those that it has are looked at."""
        optional: dict[str, list[Component]] = {}
        needed: list[rdflib.term.Node] = []
        for each in self._shapes.objects(shape, SH.property):
            path = self._shapes.value(each, SH.path)
            if isinstance(path, rdflib.URIRef) and not any((each, p, None) in self._shapes for p in _OF_NONE):
                optional.setdefault(str(path), []).extend(
                    self._components(each, self._shapes.objects(each, SH.property))
                )
            else:
                needed.append(each)
        parts = self._components(shape, needed)
        closed = self._closed(shape)
        looks = bool(optional) or closed is not None

        def conforms(graph: Graph, node: Node) -> bool:
            for predicate, values in graph.of(node).items() if looks else ():
                for part in optional.get(predicate, ()):
                    if not part(graph, node, values):
                        return False
                if closed is not None and predicate not in closed:
                    return False
            focus = (node,)
            for part in parts:  # noqa: SIM110 - see constraints.py
                if not part(graph, node, focus):
                    return False
            return True

        return conforms

    def _closed(self, shape: rdflib.term.Node) -> frozenset[str] | None:
        """The predicates that a node may have; None where it may have any."""
        if not getattr(self._shapes.value(shape, SH.closed), "value", False):
            return None
        allowed = {self._shapes.value(each, SH.path) for each in self._shapes.objects(shape, SH.property)}
        if ignored := self._shapes.value(shape, SH.ignoredProperties):
            allowed |= {*RdfList(self._shapes, ignored)}
        return frozenset(str(path) for path in allowed if isinstance(path, rdflib.URIRef))

    def _path(self, path: rdflib.term.Node) -> Callable[[Graph, Node], Collection[Node]]:
        if isinstance(path, rdflib.URIRef):
            predicate = str(path)
            return lambda graph, node: graph.of(node).get(predicate, ())
        if inverse := self._shapes.value(path, SH.inversePath):
            if not isinstance(inverse, rdflib.URIRef):
                raise DoubtError
            back = str(inverse)
            return lambda graph, node: graph.inverse(back).get(node, ())
        if several := self._shapes.value(path, SH.alternativePath):
            ways = [self._path(each) for each in RdfList(self._shapes, several)]
            return lambda graph, node: dict.fromkeys(v for way in ways for v in way(graph, node))
        raise DoubtError

    def _component(self, shape: rdflib.term.Node, predicate: rdflib.term.Node, value: Any) -> Component | None:
        if predicate in _SILENT or not str(predicate).startswith(str(SH)):
            return None
        make = getattr(self, f"_{str(predicate).removeprefix(str(SH))}", None)
        if make is None:
            raise DoubtError
        made: Component = make(value, shape)
        return made

    def _class(self, value: Any, shape: Any) -> Component:
        return for_each(functools.partial(is_a, frozenset([str(value)])))

    def _datatype(self, value: Any, shape: Any) -> Component:
        return for_each(functools.partial(has_datatype, str(value)))

    def _nodeKind(self, value: Any, shape: Any) -> Component:
        if str(value) not in _KINDS:
            raise DoubtError
        kinds = _KINDS[str(value)]
        return lambda graph, node, values: all(isinstance(v, kinds) for v in values)

    def _minCount(self, value: Any, shape: Any) -> Component:
        least = int(value)
        return lambda graph, node, values: len(values) >= least

    def _maxCount(self, value: Any, shape: Any) -> Component:
        most = int(value)
        return lambda graph, node, values: len(values) <= most

    def _minInclusive(self, value: Any, shape: Any) -> Component:
        least = float(value)
        return lambda graph, node, values: all(number(v) >= least for v in values)

    def _maxInclusive(self, value: Any, shape: Any) -> Component:
        most = float(value)
        return lambda graph, node, values: all(number(v) <= most for v in values)

    def _lessThanOrEquals(self, value: Any, shape: Any) -> Component:
        other = str(value)
        return lambda graph, node, values: (
            not values or max(map(day, values)) <= min(map(day, graph.of(node).get(other, ())), default=LAST_DAY)
        )

    def _minLength(self, value: Any, shape: Any) -> Component:
        least = int(value)
        return lambda graph, node, values: all(len(text(v)) >= least for v in values)

    def _maxLength(self, value: Any, shape: Any) -> Component:
        most = int(value)
        return lambda graph, node, values: all(len(text(v)) <= most for v in values)

    def _pattern(self, value: Any, shape: Any) -> Component:
        if self._shapes.value(shape, SH.flags) is not None:
            raise DoubtError
        pattern = re.compile(str(value))
        return lambda graph, node, values: all(pattern.search(line(v)) is not None for v in values)

    def _uniqueLang(self, value: Any, shape: Any) -> Component:
        return unique_languages if value.value is True else lambda graph, node, values: True

    def _in(self, value: Any, shape: Any) -> Component:
        members = frozenset(node_of(member) for member in RdfList(self._shapes, value))
        return lambda graph, node, values: all(v in members for v in values)

    def _hasValue(self, value: Any, shape: Any) -> Component:
        wanted = node_of(value)
        return lambda graph, node, values: wanted in values

    def _node(self, value: Any, shape: Any) -> Component:
        inner = self.shape(value)
        return for_each(lambda graph, v: graph.told(inner, v))

    def _not(self, value: Any, shape: Any) -> Component:
        inner = self.shape(value)
        return lambda graph, node, values: not any(graph.told(inner, v) for v in values)

    def _or(self, value: Any, shape: Any) -> Component:
        members = [*RdfList(self._shapes, value)]
        stated = [[*self._shapes.predicate_objects(each)] for each in members]
        if all(len(of) == 1 and of[0][0] == SH["class"] for of in stated):
            return for_each(functools.partial(is_a, frozenset(str(of[0][1]) for of in stated)))
        several = [self.shape(each) for each in members]
        return for_each(lambda graph, v: any(graph.told(each, v) for each in several))

    def _qualifiedValueShape(self, value: Any, shape: Any) -> Component:
        least = self._shapes.value(shape, SH.qualifiedMinCount)
        if least is None:
            raise DoubtError
        inner, wanted = self.shape(value), int(str(least))
        return lambda graph, node, values: sum(graph.told(inner, v) for v in values) >= wanted
