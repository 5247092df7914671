"""Limits on the reading of a query: how deep it may be, and that large ones are read one at a time.

The engine parses and evaluates by recursion, on a stack that a bomb overflows: as measured, about 700 nested function
calls overflow it, or about 3,000 clauses in a chain. And reading a query as tokens holds the interpreter's lock, for
seconds in the case of the largest. Many at once, which one client alone can send, would leave no time for other
queries, pages and the event loop.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from quoth.errors import QuerySyntaxError, UnavailableError
from quoth.sparql import tokens

NESTING_LIMIT = 128
"""Brackets of any kind that may be open at once."""

CHAIN_LIMIT = 2_048
"""Operators and clauses that may follow one another, with those before each bracket that is still open: each makes
the tree that the engine builds one level deeper."""

_OPEN, _CLOSED = frozenset("([{"), frozenset(")]}")
_OPERATORS = frozenset("|&+-*/!^")
_CLAUSES = frozenset(("BIND", "FILTER", "MINUS", "OPTIONAL", "UNION"))

LARGE_QUERY_CHARS = 1 << 12
"""Characters; a query up to this length is read at once."""

MAX_WAITING = 16
"""Long queries that may wait to be read."""

WAIT_S = 5.0

_places = threading.BoundedSemaphore(MAX_WAITING + 1)
_turn = threading.Lock()


@contextmanager
def exclusive(text: str) -> Iterator[None]:
    """Hold the gate while a query is read, if it is large. Raises UnavailableError if too many wait, or too long."""
    if len(text) <= LARGE_QUERY_CHARS:
        yield
        return
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        if not _turn.acquire(timeout=WAIT_S):
            raise _busy()
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()


def _busy() -> UnavailableError:
    return UnavailableError(
        f"too many queries of more than {LARGE_QUERY_CHARS:,} characters are being read",
        remedy="try again in a few seconds, or send a shorter query",
    )


def check(text: str) -> None:
    """Raise QuerySyntaxError, with line and column, for a query that is nested too deeply.

    Only the most usual reading of the text is judged (service_calls.py has the others). A bomb that hides from that
    ends the process that evaluates it, and the pool reports it by that end.
    """
    if len(text) <= CHAIN_LIMIT and sum(map(text.count, _OPEN)) <= NESTING_LIMIT:
        return
    chains: list[int] = []  # the length of the chain before each open bracket
    chain = 0
    in_values = False  # within VALUES a sign is no operator
    before = ""
    for token in tokens.tokens(text):
        word = token.text.upper()
        if word == "VALUES":
            in_values = True
        elif word in _OPEN:
            if len(chains) == NESTING_LIMIT:
                raise too_deep(text, token.start)
            chains.append(chain)
        elif word in _CLOSED:
            chain = chains.pop() if chains else 0
            in_values = in_values and word != "}"
        elif not in_values and (word in _CLAUSES or (word in _OPERATORS and not (word == before and word in "|&"))):
            chain += 1
            if chain > CHAIN_LIMIT:
                raise too_deep(text, token.start)
        before = word


def too_deep(text: str, offset: int | None = None) -> QuerySyntaxError:
    """The error for a query that is nested too deeply, at an offset if that is known."""
    line, column = (None, None) if offset is None else tokens.line_and_column(text, offset)
    return QuerySyntaxError(
        f"the query is nested too deeply: at most {NESTING_LIMIT} brackets may be open at once, and at most "
        f"{CHAIN_LIMIT:,} operators or clauses may be chained",
        line=line,
        column=column,
        remedy="list values in VALUES or IN instead of chaining them, or ask several queries",
    )
