"""Answers that have nothing in them, and what their queries name that is not there."""

import contextlib
import re
from collections.abc import Callable
from itertools import islice

import pyoxigraph as ox

from quoth.engine.api.interface import Engine, Query
from quoth.errors import QuothError
from quoth.formats import OX_RDF, OX_RESULTS, Kind
from quoth.sparql import unknown_terms, unknown_texts
from quoth.sparql.unknown_terms import Hint

EMPTY_BYTES = 4_096
"""An answer that is longer has something in it."""

_EMPTY_CSV = re.compile(rb"false|[^\n]*\n(?:0?(?:,0?)*\r\n)?")


def holds_nothing(kind: Kind, format: str, body: bytes) -> bool:
    """Whether a whole result, in one of the formats of formats.py, has no triple, is false, or has no row but, perhaps,
    one of zeros and unbound values, with which aggregates say so."""
    if len(body) > EMPTY_BYTES:
        return False
    if kind == "graph":
        return next(ox.parse(body, format=OX_RDF[format]), None) is None
    if format == "csv":  # which the library only writes
        return _EMPTY_CSV.fullmatch(body) is not None
    result = ox.parse_query_results(body, OX_RESULTS[format])
    if isinstance(result, ox.QueryBoolean):
        return not result
    rows = list(islice(result, 2))
    return len(rows) < 2 and all(term is None or getattr(term, "value", "") == "0" for row in rows for term in row)


def hints(engine: Engine, query: Query, near: Callable[[str], str | None] = lambda iri: None) -> list[Hint]:
    """The names in a query without an answer that the data do not have; see hints in unknown_terms and unknown_texts.

    None where the engine fails: the answer is complete without them.
    """
    datasets = {"default-graph-uri": query.default_graphs or (), "named-graph-uri": query.named_graphs or ()}
    with contextlib.suppress(QuothError):
        terms = unknown_terms.hints(query.text, query.base_iri, engine.select, datasets, near)
        return [*terms, *unknown_texts.hints(query.text, query.base_iri, engine.select, near)][: unknown_terms.HINTS]
    return []
