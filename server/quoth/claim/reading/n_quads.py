"""Statements as N-Quads (https://www.w3.org/TR/rdf12-n-quads/), in the form in which pyoxigraph writes them."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

Row = tuple[str, str, str, str]
"""The subject, predicate, object and graph of a statement as N-Quads; an empty string for the default graph."""


def to_text(quads: Iterable[ox.Quad]) -> str:
    """Quads as N-Quads."""
    return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()


def from_text(text: str) -> Iterator[ox.Quad]:
    """The quads of N-Quads."""
    return iter(ox.parse(text.encode(), ox.RdfFormat.N_QUADS))


def rows_of(text: str) -> list[Row]:
    """The statements in N-Quads that ``to_text`` wrote, each once.

    >>> rows_of('<urn:s> <urn:p> "a \\"word\\""@en <urn:g> .\n<urn:s> <urn:p> <urn:o> .\n')
    [('<urn:s>', '<urn:p>', '"a \\"word\\""@en', '<urn:g>'), ('<urn:s>', '<urn:p>', '<urn:o>', '')]
    """
    return [_terms(line) for line in dict.fromkeys(text.split("\n")) if line]


def _terms(line: str) -> Row:
    subject, predicate, rest = line.split(" ", 2)
    # Within a literal or a triple are spaces; neither a datatype nor a graph has what ends them.
    last = '"' if rest[0] == '"' else ")>>" if rest.startswith("<<") else ""
    end = rest.index(" ", rest.rfind(last) if last else 0)
    return subject, predicate, rest[:end], rest[end + 1 : -2]


def line(row: Row) -> str:
    """A statement as a line of N-Quads."""
    subject, predicate, value, graph = row
    return f"{subject} {predicate} {value} {graph} .\n" if graph else f"{subject} {predicate} {value} .\n"
