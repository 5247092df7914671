"""Queries that pyoxigraph 0.5 answers wrongly without a word: rewritten where that can be done soundly, else refused.

GROUP_CONCAT gives nothing for a group with an IRI, a number or an unbound value (SPARQL 1.1 §18.5.1.7). Its rewritten
form concatenates the strings of the values and leaves out unbound values, as other engines do; DISTINCT compares the
values, not their strings. A blank node or a triple has no string (§17.4.2.5): a group with one has no value. The engine
evaluates a SELECT within ``GRAPH ?g`` that does not give ?g over all named graphs together (§18.6): that query is
refused, and one whose LIMIT or OFFSET would count the rows of all graphs.

The guide and tests/engine/test_engine_faults.py name the wrong answers that are left.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.errors import QueryRefusedError
from quoth.sparql import tokens
from quoth.sparql.tokens import Token

_OPEN, _CLOSED = frozenset("([{"), frozenset(")]}")
_AGGREGATE = "GROUP_CONCAT"
_FIRST, _LAST = "\\uE000", "\\uE001"
"""Characters for private use, as SPARQL writes them: they enclose what tells values with the same string apart."""


@dataclass(frozen=True)
class Rewritten:
    """A query with parts replaced; ``edits`` are (place in the original, old length, new length)."""

    text: str
    original: str
    edits: Sequence[tuple[int, int, int]] = ()
    before: "Rewritten | None" = None

    def after(self, before: "Rewritten") -> "Rewritten":
        """The same query, whose original was itself the text of ``before``."""
        return dataclasses.replace(self, original=before.original, before=before)

    def offset(self, offset: int) -> int:
        """Where a place of the text is in the original (code points)."""
        shift = 0
        for start, old, new in self.edits:
            if offset <= start + shift:
                break
            if offset < start + shift + new:
                offset, shift = start, 0
                break
            shift += new - old
        return self.before.offset(offset - shift) if self.before else offset - shift

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column of the text, from 1, as line and column of the original."""
        lines = self.text.split("\n")[: line - 1]
        return tokens.line_and_column(self.original, self.offset(sum(len(line) + 1 for line in lines) + column - 1))


def replace(text: str, changes: Sequence[tuple[int, int, str]]) -> Rewritten:
    """A query with (start, end, new text) replaced; the changes are in their order, and none overlaps another."""
    parts: list[str] = []
    at = 0
    for start, end, new in changes:
        parts += [text[at:start], new]
        at = end
    edits = [(start, end - start, len(new)) for start, end, new in changes]
    return Rewritten("".join([*parts, text[at:]]), text, edits)


def correct(text: str) -> Rewritten:
    """The query that the engine answers as ``text`` should be answered.

    Raises QueryRefusedError, with line and column, where there is none.
    """
    lower = text.lower()
    concatenates = _AGGREGATE.lower() in lower
    nests = "graph" in lower and lower.count("select") > 1
    if not concatenates and not nests:
        return Rewritten(text, text)
    stream = list(tokens.tokens(text))
    if nests:
        _refuse_lost_graphs(text, stream)
    return replace(text, [*_concatenations(text, stream)] if concatenates else [])


def _concatenations(text: str, stream: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """The changes to each GROUP_CONCAT: what is before its expression and what is after it."""
    for at, token in enumerate(stream):
        # The grammar wants no boundary before a word.
        if token.kind != "word" or not token.text.upper().endswith(_AGGREGATE) or _text(stream, at + 1) != "(":
            continue
        distinct = _text(stream, at + 2) == "DISTINCT"
        first = at + 3 if distinct else at + 2
        end, close = _find(stream, first, ";)"), _find(stream, first, ")")
        if close == len(stream) or end == first:
            continue  # it does not parse
        separator = next((t.text for t in stream[end:close] if t.kind == "string"), '" "')
        value = text[stream[first].start : _end(stream[end - 1])]
        concat = f"{_AGGREGATE}({'DISTINCT ' if distinct else ''}COALESCE(CONCAT({separator}, STR("
        rest = ")"
        if distinct:
            kind = f'COALESCE(CONCAT(LANG({value}), " ", STR(DATATYPE({value}))), "iri")'
            rest += f', "{_FIRST}", {kind}, "{_LAST}"'
        rest += (
            f'), ISBLANK({value}), ""); separator="")'  # ISBLANK is an error if the value is unbound, else no string
        )
        if distinct:
            concat = f"REPLACE({concat}"
            rest += f', "{_FIRST}[^{_LAST}]*{_LAST}", "")'
        start = _end(token) - len(_AGGREGATE)
        yield start, stream[first].start, f"SUBSTR({concat}"
        yield _end(stream[end - 1]), _end(stream[close]), f"{rest}, 1 + STRLEN({separator}))"


def _refuse_lost_graphs(text: str, stream: Sequence[Token]) -> None:
    for at, token in enumerate(stream):
        if token.text.upper() != "GRAPH" or not _is_variable(stream, at + 1) or _text(stream, at + 2) != "{":
            continue
        graph = stream[at + 1].text[1:]
        end = _find(stream, at + 3, "}")
        inner = at + 3
        while inner < end:
            word = _text(stream, inner)
            if word == "GRAPH":  # which says itself where its patterns are looked up
                inner = _find(stream, _find(stream, inner, "{") + 1, "}")
            elif word == "SELECT":
                _check_select(text, stream, inner, graph)
            inner += 1


def _check_select(text: str, stream: Sequence[Token], at: int, graph: str) -> None:
    """Raise QueryRefusedError for a SELECT within GRAPH ?graph that loses its graph, or cuts the rows of all."""
    body = _find(stream, at, "{")
    close = _find(stream, body + 1, "}")
    # Within parentheses a variable is only part of an expression.
    named = [t.text[1:] for t in _outside_parentheses(stream[at:body]) if t.kind == "variable"]
    after = {t.text.upper() for t in stream[close : _find(stream, close + 1, "}")]}
    if graph in named and not after & {"LIMIT", "OFFSET"}:
        return
    line, column = tokens.line_and_column(text, stream[at].start)
    raise QueryRefusedError(
        f"this SELECT within GRAPH ?{graph} would be answered for all named graphs together, not for each",
        where=f"line {line}, column {column}",
        remedy=f"select ?{graph} in it, group by ?{graph} too if it groups, and put LIMIT and OFFSET outside",
    )


def _outside_parentheses(stream: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in stream:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            yield token


def _find(stream: Sequence[Token], at: int, wanted: str) -> int:
    """The first token from a place on that is one of the wanted, outside of the brackets that open after that place;
    the end of the text if there is none."""
    depth = 0
    for index in range(at, len(stream)):
        text = stream[index].text
        if depth == 0 and text in tuple(wanted):
            return index
        depth += (text in _OPEN) - (text in _CLOSED)
        if depth < 0:
            break
    return len(stream)


def _text(stream: Sequence[Token], at: int) -> str:
    return stream[at].text.upper() if at < len(stream) else ""


def _is_variable(stream: Sequence[Token], at: int) -> bool:
    return at < len(stream) and stream[at].kind == "variable"


def _end(token: Token) -> int:
    return token.start + len(token.text)
