"""The result of a query as a page for people, which says so where rows are cut."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any

import pyoxigraph as ox
from flask import render_template

from quoth.claim.model.namespaces import Term, prefixed_name
from quoth.engine.api import empty_answers
from quoth.engine.api.interface import Answer
from quoth.errors import QueryTooLargeError
from quoth.sparql.tokens import tokens
from quoth.sparql.unknown_terms import Hint
from quoth.web.core.serializers import prefixes_for
from quoth.web.core.site import Site
from quoth.web.present import phrases, withdrawal_notices

ROWS_LIMIT = 1_000
TRIPLES_LIMIT = 5_000
_UNREMARKABLE = frozenset(("en", "xsd:string", "xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:date"))


@dataclass(frozen=True)
class Cell:
    """One value of a table: its text, the target of its link if any, its language or datatype; and its ``tag``: whether
    it is a claim that nobody has reviewed, or was withdrawn after the release that is asked."""

    text: str
    href: str | None = None
    note: str = ""
    tag: str = ""


def page(site: Site, query: str, answer: Answer, explain: Callable[[], Sequence[Hint]] = tuple, **context: Any) -> str:
    """The page of a result that the engine gives as JSON or N-Triples. Stops reading after the declared limit.

    ``explain`` gives the hints of a result that has nothing in it. ``context`` goes to the template (a stored question,
    its form and its other pages).
    """
    first = list(_beginning(answer.chunks))
    nothing = empty_answers.holds_nothing(answer.kind, answer.format, b"".join(first))
    stream = io.BufferedReader(_Chunks(chain(first, answer.chunks)))
    defaults = {"question": None, "shown": 0, "cut": False, "archived": None}
    context = {**defaults, "hints": explain() if nothing else (), **context}
    if answer.kind == "graph":
        triples = list(islice(ox.parse(stream, format=ox.RdfFormat.N_TRIPLES), TRIPLES_LIMIT + 1))
        cut = len(triples) > TRIPLES_LIMIT
        shown = [q.triple for q in triples[:TRIPLES_LIMIT]]
        prefixes = prefixes_for(ox.Quad(*triple) for triple in shown)
        text = (ox.serialize(shown, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()
        return render_template(
            "result.html", query=query, **{**context, "turtle": text, "shown": len(shown), "cut": cut}
        )
    try:
        return _table(site, query, stream, context)
    except MemoryError:  # the parser's bound on one value
        raise QueryTooLargeError(
            "a value is too long for a page", remedy="ask for another format, such as CSV"
        ) from None


def _beginning(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """All of a short result; of a longer one, enough to see that it is."""
    size = 0
    while size <= empty_answers.EMPTY_BYTES and (chunk := next(chunks, b"")):
        size += len(chunk)
        yield chunk


def _table(site: Site, query: str, stream: IO[bytes], context: dict[str, Any]) -> str:
    parsed = ox.parse_query_results(stream, ox.QueryResultsFormat.JSON)
    if isinstance(parsed, ox.QueryBoolean):
        return render_template("result.html", query=query, boolean=bool(parsed), **context)
    try:
        variables = _in_order(query, [v.value for v in parsed.variables])
        found = list(islice(parsed, ROWS_LIMIT + 1))
    finally:
        del parsed  # to be freed in this thread only: an error that is kept keeps what is named here
    rows = [[cell(site, s[v]) for v in variables] for s in found]
    if context["question"]:
        variables, rows = _labelled(variables, rows)
    return render_template(
        "result.html",
        query=query,
        variables=[(phrases.heading(v), v) for v in variables],
        rows=rows[:ROWS_LIMIT],
        **{**context, "shown": min(len(rows), ROWS_LIMIT), "cut": len(rows) > ROWS_LIMIT},
    )


def _in_order(query: str, variables: list[str]) -> list[str]:
    """The variables of SELECT *, which have no order of their own (SPARQL 1.1 §16.1), as the query has them; those
    that a query selects by name in the order of the result."""
    every = list(tokens(query))
    words = [token.text.upper() for token in every]
    first = words.index("SELECT") if "SELECT" in words else len(words)
    if "*" not in [word for word in words[first + 1 : first + 3] if word not in ("DISTINCT", "REDUCED")][:1]:
        return variables
    named = dict.fromkeys(token.text[1:] for token in every if token.kind == "variable")
    return [name for name in named if name in variables] + [name for name in variables if name not in named]


def _labelled(variables: list[str], rows: list[list[Cell]]) -> tuple[list[str], list[list[Cell]]]:
    """The table with each column ``xLabel`` merged into column ``x``, as the text of its links."""
    pairs = {v: variables.index(f"{v}Label") for v in variables if f"{v}Label" in variables}
    shown = [v for v in variables if v.removesuffix("Label") == v or v.removesuffix("Label") not in pairs]

    def merged(row: list[Cell], variable: str) -> Cell:
        own = row[variables.index(variable)]
        label = row[pairs[variable]] if variable in pairs else Cell("")
        return Cell(label.text, own.href, label.note, own.tag) if label.text else own

    return shown, [[merged(row, v) for v in shown] for row in rows]


def cell(site: Site, term: Term | None) -> Cell:
    """A term for a reader. Only http(s) IRIs become links."""
    if term is None:
        return Cell("")
    if isinstance(term, ox.NamedNode):
        text = prefixed_name(term.value) or site.iris.shorten(term.value)
        tag = "proposed" if site.claim_index.is_proposed(term.value) else ""
        if site.pinned and term.value in withdrawal_notices.later(site).withdrawals:
            tag = "withdrawn"
        return Cell(text, site.iris.href(term.value), tag=tag)
    if isinstance(term, ox.Literal):
        datatype = prefixed_name(term.datatype.value) or term.datatype.value
        note = term.language or datatype
        return Cell(term.value, None, "" if note in _UNREMARKABLE else note)
    return Cell(str(term))


class _Chunks(io.RawIOBase):
    """An iterator of bytes as a file, so that the engine's own parsers read a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._held:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._held = memoryview(chunk)
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size
