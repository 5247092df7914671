"""The validators of data against shapes: pyshacl-turbo, or pySHACL, the reference, which takes 20 to 30 times as long.

Both give the same results (tests/claim/checking/test_validator.py). The reference judges where it is asked for, and
where the other one is not installed or fails, so that no document goes unchecked.
"""

import functools
import importlib.util
from collections.abc import Callable, Collection
from importlib import metadata
from typing import Any

import pyoxigraph as ox
import rdflib

FAST, REFERENCE = "pyshacl-turbo", "pyshacl"
"""The names of the packages."""


class Validator:
    """Validates graphs against shapes (SHACL §3), and says who did it and why."""

    def __init__(self, reference: bool = False) -> None:
        missing = importlib.util.find_spec("pyshacl_turbo") is None
        self._reference = reference or missing
        self._reason = "asked for" if reference else f"{FAST} is not installed" if missing else ""

    def __str__(self) -> str:
        """``pyshacl-turbo 0.6.5``, or the reference and why: ``pyshacl 0.40.1 (asked for)``."""
        package = REFERENCE if self._reference else FAST
        return f"{package} {metadata.version(package)}" + (f" ({self._reason})" if self._reason else "")

    @property
    def screens(self) -> bool:
        """Whether what is sound is left out (screen): the reference sees everything."""
        return not self._reference

    def results(self, data: Collection[ox.Triple], shapes: rdflib.Graph) -> rdflib.Graph:
        """The validation report on the triples (SHACL §3.6), in which the shapes keep their blank nodes.

        Raises RuntimeError for shapes that cannot be used.
        """
        if not self._reference:
            try:
                return _fast(data, shapes)
            except Exception as error:
                # Whatever it is: the reference decides whether the shapes or the validator are at fault.
                self._reference, self._reason = True, f"{FAST} failed: {type(error).__name__}: {error}"
        return _by_reference(data, shapes)


def _fast(data: Collection[ox.Triple], shapes: rdflib.Graph) -> rdflib.Graph:
    from pyshacl_turbo.rdf import Input

    lines = ox.serialize(data, format=ox.RdfFormat.N_TRIPLES)
    assert lines is not None, "without an output, bytes are returned"
    # Given as a text of N-Triples, it would be parsed by rdflib first, which takes ten times as long as to validate.
    given = Input(lines.decode(), "oxigraph-nquads", None, {}, preserve_ids=True)
    _, report, text = _compiled(shapes).validate(given)
    if not isinstance(report, rdflib.Graph):
        raise RuntimeError(text)
    return report


@functools.lru_cache(maxsize=16)
def _compiled(shapes: rdflib.Graph) -> Any:
    from pyshacl_turbo import compile_shapes

    compile_: Callable[[rdflib.Graph], Any] = compile_shapes
    return compile_(shapes)


def _by_reference(data: Collection[ox.Triple], shapes: rdflib.Graph) -> rdflib.Graph:
    import pyshacl  # it takes longer than all else that a check imports

    # A plain graph: of a dataset, pySHACL would switch the default graph to the union for good.
    graph = rdflib.Graph()
    converted = functools.cache(term)
    for triple in data:
        graph.add((converted(triple.subject), converted(triple.predicate), converted(triple.object)))
    _, report, text = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    if not isinstance(report, rdflib.Graph):
        raise RuntimeError(f"the shapes cannot be used: {text}")
    return report


def term(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph) -> rdflib.term.Node:
    """A term as rdflib has it."""
    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, ox.Literal) and value.language:
        return rdflib.Literal(value.value, lang=value.language)
    if isinstance(value, ox.Literal):
        return rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value), normalize=False)
    return rdflib.BNode(str(value).removeprefix("_:"))
