"""The statement of a release about itself: a named graph of its own, by which any engine can be asked what it holds.

Every dump and store has it, so that an engine gets it with the data. ``content_sha256`` of the manifest is about the
other quads: the same content has the same digest in whatever release.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, RDF, SCHEMA, VOID, XSD

FILE = "identity.nq"
"""The file of a release with the quads of the graph; releases of 0.1 have neither."""

NUMBER = DCTERMS.identifier


def graph(base: str) -> ox.NamedNode:
    """The IRI of the graph, and of the release as its subject: the same for every release of a dataset."""
    return ox.NamedNode(f"{base}release")


def quads(base: str, number: int, content_sha256: str, samples: Iterable[ox.Literal]) -> list[ox.Quad]:
    """The quads of the graph: number and digest of the release, and ``samples`` of its literals, by which an engine
    that changes values is known."""
    it = graph(base)
    statements: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (RDF.type, VOID.Dataset),
        (NUMBER, ox.Literal(str(number))),
        (SCHEMA.sha256, ox.Literal(content_sha256)),
        *((RDF.value, sample) for sample in samples),
    ]
    return [ox.Quad(it, predicate, value, it) for predicate, value in statements]


def read(folder: Path) -> list[ox.Quad]:
    """The quads of the graph of the release in that folder; none where it has no such file."""
    file = folder / FILE
    return list(ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)) if file.is_file() else []


class Samples:
    """One literal of each datatype, and one with a language, of the quads that pass by."""

    def __init__(self) -> None:
        self._of: dict[str, ox.Literal] = {}

    def watch(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """The same quads."""
        for quad in quads:
            value = quad.object
            if isinstance(value, ox.Literal) and value.datatype != XSD.string:
                kept = self._of.setdefault(value.datatype.value, value)
                if str(value) < str(kept):  # the least, so that it does not hang on the order of the quads
                    self._of[value.datatype.value] = value
            yield quad

    def literals(self) -> list[ox.Literal]:
        """The samples, in the order of their datatypes."""
        return [self._of[datatype] for datatype in sorted(self._of)]
