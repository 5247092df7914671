"""Rows, terms and bindings, as both engines handle them."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.errors import NotAcceptableError
from quoth.formats import Kind
from quoth.sparql import query_form

_FORMS = {"solutions": "a SELECT query", "boolean": "an ASK query", "graph": "a CONSTRUCT or DESCRIBE query"}


def rows(solutions: ox.QuerySolutions) -> list[dict[str, Term]]:
    """Solutions as dictionaries by the names of their variables; unbound ones are left out."""
    try:
        names = [variable.value for variable in solutions.variables]
        # A comprehension over the solutions would name them, in a frame of its own.
        found: list[ox.QuerySolution] = list(solutions)
    finally:
        del solutions  # to be freed in this thread only: an error that is kept keeps what is named here
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def named_nodes(iris: Iterable[str]) -> Iterator[ox.NamedNode]:
    """The IRIs as terms. A string that is no IRI (RFC 3987) cannot be in a store and is ignored."""
    for iri in iris:
        try:
            yield ox.NamedNode(iri)
        except ValueError:
            continue


def check_bindings(text: str, bindings: dict[str, Term]) -> None:
    """Check the variables that are to be bound. Raises ValueError for one whose binding would not restrict the result,
    and for a blank node, which names nothing from outside."""
    missing = sorted(bindings.keys() - query_form.projection(text)) if bindings else []
    if missing:
        names = ", ".join(f"?{name}" for name in missing)
        raise ValueError(f"{names} cannot be bound: the query does not project it")
    for name, term in bindings.items():
        if isinstance(term, ox.BlankNode):
            raise ValueError(f"?{name} cannot be bound to a blank node")


def not_acceptable(kind: Kind) -> NotAcceptableError:
    """The error for a kind of result that no acceptable format can carry."""
    return NotAcceptableError(
        f"the result of {_FORMS[kind]} is not available in an acceptable format",
        remedy="accept an RDF format" if kind == "graph" else "accept a SPARQL results format",
    )
