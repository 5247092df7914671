"""Constraints on values, as functions of a graph, a focus node and its values (SHACL §4).

Loops stand where all() and any() would: those take twice the time, and this is run for every value of every article.
"""

import datetime
import re
from collections.abc import Callable, Collection
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, XSD

from quoth.claim.checking.screen.graph import TYPE, Component, Conforms, DoubtError, Graph, Node

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")
_FORMS = {
    str(XSD.integer): re.compile(r"-?[1-9][0-9]{0,8}|0"),
    str(XSD.decimal): _NUMBER,
    str(XSD.date): re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),
}
"""The forms of the literals of a datatype about which there is no doubt."""
_NUMERIC = frozenset((str(XSD.integer), str(XSD.decimal)))


def of_path(values_of: Callable[[Graph, Node], Collection[Node]], parts: list[Component]) -> Conforms:
    """Whether the values that a path leads to (SHACL §2.3.1) keep to all parts of a property shape."""

    def conforms(graph: Graph, node: Node) -> bool:
        values = values_of(graph, node)
        for part in parts:  # noqa: SIM110
            if not part(graph, node, values):
                return False
        return True

    return conforms


def for_each(fits: Conforms) -> Component:
    """Whether each of the values fits."""

    def component(graph: Graph, node: Node, values: Collection[Node]) -> bool:
        for value in values:  # noqa: SIM110
            if not fits(graph, value):
                return False
        return True

    return component


def is_a(classes: frozenset[str], graph: Graph, value: Node) -> bool:
    """Whether the value is a SHACL instance of one of the classes."""
    for type_ in graph.of(value).get(TYPE, ()):  # noqa: SIM110
        if not classes.isdisjoint(graph.classes(type_)):
            return True
    return False


_ANY_TEXT = frozenset((str(RDF.langString), str(XSD.string)))
_DATE = str(XSD.date)


def has_datatype(datatype: str, graph: Graph, value: Node) -> bool:
    """Whether it is a literal of the datatype. Raises DoubtError for a form that may not be one of it."""
    if not isinstance(value, ox.Literal) or value.datatype.value != datatype:
        return False
    if datatype not in _ANY_TEXT:
        if datatype not in _FORMS or not _FORMS[datatype].fullmatch(value.value):
            raise DoubtError
        if datatype == _DATE:
            _date(value.value)
    return True


def _date(text: str) -> None:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise DoubtError from None


def number(value: Node) -> float:
    """The number that a value is. Raises DoubtError for any other value."""
    numeric = isinstance(value, ox.Literal) and value.datatype.value in _NUMERIC
    if not numeric or not _NUMBER.fullmatch(text(value)):
        raise DoubtError
    return float(text(value))


LAST_DAY = "9999-12-31"


def day(value: Node) -> str:
    """The day that a value is, in a form in which days can be compared. Raises DoubtError for any other value."""
    if not isinstance(value, ox.Literal) or value.datatype.value != _DATE or not _FORMS[_DATE].fullmatch(value.value):
        raise DoubtError
    _date(value.value)
    return value.value


def text(value: Node) -> str:
    """The IRI or the lexical form. Raises DoubtError for a blank node."""
    if isinstance(value, ox.BlankNode):
        raise DoubtError
    return value if isinstance(value, str) else value.value


def line(value: Node) -> str:
    """The text of a value. Raises DoubtError where that has several lines."""
    if "\n" in (form := text(value)):
        raise DoubtError  # its end is another one in Python
    return form


def unique_languages(graph: Graph, node: Node, values: Collection[Node]) -> bool:
    """Whether no two of the values have the same language."""
    if len(values) < 2:
        return True
    languages = [v.language.lower() for v in values if isinstance(v, ox.Literal) and v.language]
    return len({*languages}) == len(languages)


def node_of(term: Any) -> Node:
    """A term of shapes as one of data. Raises DoubtError for a blank node."""
    if isinstance(term, rdflib.URIRef):
        return str(term)
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None else ox.NamedNode(str(term.datatype))
        return (
            ox.Literal(str(term), language=term.language) if term.language else ox.Literal(str(term), datatype=datatype)
        )
    raise DoubtError
