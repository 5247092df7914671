"""How deeply a query is nested. The engine reads and evaluates by recursion, on a stack that a bomb overflows; what
was measured to overflow it first are about 700 nested function calls, and about 3,000 clauses in a chain."""

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
    """Raises QuerySyntaxError where a query is nested too deeply, with line and column.

    Reads the text in its most usual way alone. What hides from that (service.py says how) ends its process, and is
    told by its end (run.py).
    """
    if len(text) <= CHAIN_LIMIT and sum(map(text.count, _OPEN)) <= NESTING_LIMIT:
        return
    chains: list[int] = []  # for each bracket that is open, the chain before it
    chain = 0
    listing = False  # values, in which a sign is no operator
    before = ""
    for token in tokens.tokens(text):
        word = token.text.upper()
        if word == "VALUES":
            listing = True
        elif word in _OPEN:
            if len(chains) == NESTING_LIMIT:
                raise too_deep(text, token.start)
            chains.append(chain)
        elif word in _CLOSED:
            chain = chains.pop() if chains else 0
            listing = listing and word != "}"
        elif not listing and (word in _CLAUSES or (word in _OPERATORS and not (word == before and word in "|&"))):
            chain += 1
            if chain > CHAIN_LIMIT:
                raise too_deep(text, token.start)
        before = word


def too_deep(text: str, offset: int | None = None) -> QuerySyntaxError:
    """The error for such a query."""
    line, column = (None, None) if offset is None else tokens.place(text, offset)
    return QuerySyntaxError(
        f"the query is nested too deeply: at most {NESTING_LIMIT} brackets may be open at once, and at most "
        f"{CHAIN_LIMIT:,} operators or clauses be chained",
        line=line,
        column=column,
        remedy="list values in VALUES or IN instead of chaining them, or ask several queries",
    )
