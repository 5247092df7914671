"""The test suite of SHACL (https://w3c.github.io/data-shapes/data-shapes-test-suite/): its cases and their results.

Results are compared by what a report must say of them (SHACL §3.6.2): focus node, path, value, severity, component and
source shape, blank nodes by their place alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH, XSD

from quoth.claim.checking.validator import term

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
COMPARED = (SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)
Results = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """A test: the file with the data, the shapes, and the results; None where the suite expects a failure."""

    name: str
    data: Path
    shapes: Path
    expected: Results | None

    def triples(self) -> list[ox.Triple]:
        """The data, with blank nodes as the file has them."""
        return [quad.triple for quad in ox.parse(path=self.data, base_iri=self.data.as_uri())]


def cases(folder: Path) -> Iterator[Case]:
    """The cases of the suite's Core and SPARQL parts, by file."""
    for path in sorted(folder.rglob("*.ttl")):
        graph = read(path)
        for test in graph.subjects(RDF.type, SHT.Validate):
            action, result = graph.value(test, MF.action), graph.value(test, MF.result)
            data, shapes = (_file(graph.value(action, p)) for p in (SHT.dataGraph, SHT.shapesGraph))
            expected = None if result == SHT.Failure else results(graph, result)
            yield Case(str(path.relative_to(folder)), data, shapes, expected)


def _file(iri: rdflib.term.Node | None) -> Path:
    return Path(str(iri).removeprefix("file://"))


def read(path: Path) -> rdflib.Graph:
    """A file of the suite, each literal as it is written there."""
    graph = rdflib.Graph()
    for quad in ox.parse(path=path, base_iri=path.as_uri()):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def results(graph: rdflib.Graph, report: rdflib.term.Node | None = None) -> Results:
    """The results in a report, or in the only one of a graph, each as often as it is there."""
    found = graph.objects(report, SH.result)
    return Counter(tuple(_text(graph.value(result, p)) for p in COMPARED) for result in found)


def _text(node: rdflib.term.Node | None) -> str:
    plain = "" if node is None else "[]" if isinstance(node, rdflib.BNode) else node.n3()
    return plain.removesuffix(f"^^<{XSD.string}>")  # the same literal as one without a datatype (RDF 1.1 §3.3)
