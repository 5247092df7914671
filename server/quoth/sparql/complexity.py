"""The depth of a query. The engine parses and evaluates by recursion, on a stack that a bomb overflows.

As measured, about 700 nested function calls overflow it, or about 3,000 clauses in a chain.
"""

from quoth.errors import QuerySyntaxError
from quoth.sparql import tokens

NESTING_LIMIT = 128
"""Brackets of any kind that may be open at once."""

CHAIN_LIMIT = 2_048
"""Operators and clauses that may follow one another, with those before each bracket that is still open: each makes
the tree that the engine builds one level deeper."""

_OPEN, _CLOSED = frozenset("([{"), frozenset(")]}")
_OPERATORS = frozenset("|&+-*/!^")
_CLAUSES = frozenset(("BIND", "FILTER", "MINUS", "OPTIONAL", "UNION"))


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
        f"{CHAIN_LIMIT:,} operators or clauses be chained",
        line=line,
        column=column,
        remedy="list values in VALUES or IN instead of chaining them, or ask several queries",
    )
