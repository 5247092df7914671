"""What a SPARQL query is: its form, what it declares and projects; whether it only reads, and only here.

SPARQL 1.1 Query Language §4.1, §16.
"""

import re

from quoth.errors import QueryRefusedError, QuerySyntaxError
from quoth.sparql.service_calls import outward
from quoth.sparql.tokens import GAP, IRI, PREFIXED, SOME_GAP, Token, place, tokens

# Declarations as they mostly are: to read these whole is many times faster than token by token, to the same end.
_PROLOGUE = re.compile(rf"{GAP}(?:(?:PREFIX{SOME_GAP}{PREFIXED}{GAP}|BASE{GAP}){IRI}{GAP})*+", re.IGNORECASE | re.ASCII)
# And what a query mostly begins with then: the keyword, and something that no name goes on with.
_FORM = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)(?=[ \t\r\n#{*(?$<])", re.IGNORECASE | re.ASCII)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")

_QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})


def admit(text: str) -> str | None:
    """Let a query pass that only reads, and only here: its form (SELECT, ASK, CONSTRUCT, DESCRIBE), or None if
    that is for the engine's parser to complain about.

    Raises QueryRefusedError for an update and for SERVICE, with line and column.
    """
    form = no_update(text)
    offset = outward(text)
    if offset is not None:
        line, column = place(text, offset)
        raise QueryRefusedError(
            "SERVICE would make this server call another one, which it does not do",
            where=f"line {line}, column {column}",
            remedy="query the other endpoint yourself, or federate from an engine of yours",
        )
    return form


def no_update(text: str) -> str | None:
    """Like admit, but SERVICE may be called."""
    if found := _FORM.match(text, _prologue(text)):
        return found[1].upper()
    keyword = _first_keyword(text)
    if keyword is not None and keyword.text.upper() in _UPDATES:
        line, column = place(text, keyword.start)
        raise QueryRefusedError(
            f"{keyword.text.upper()} is an update: this endpoint only answers queries",
            where=f"line {line}, column {column}",
            remedy="a release never changes; publish a new one with `quoth publish`",
        )
    form = keyword.text.upper() if keyword is not None else None
    return form if form in _QUERIES else None


def form(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE. Raises as admit, and QuerySyntaxError where it is none of them."""
    found = admit(text)
    if found is None:
        keyword = _first_keyword(text)
        line, column = place(text, len(text) if keyword is None else keyword.start)
        raise QuerySyntaxError("expected SELECT, ASK, CONSTRUCT or DESCRIBE", line=line, column=column)
    return found


def _first_keyword(text: str) -> Token | None:
    """The word after the prologue (SPARQL 1.1 §4.1: BASE and PREFIX declarations)."""
    stream = tokens(text, _prologue(text))
    for token in stream:
        match token.text.upper():
            case "PREFIX":
                next(stream, None)
                next(stream, None)
            case "BASE" | "VERSION":
                next(stream, None)
            case _:
                return token
    return None


def _prologue(text: str) -> int:
    """Where the declarations end that are as they mostly are (code points)."""
    found = _PROLOGUE.match(text)
    return found.end() if found else 0


def prefixes(text: str) -> dict[str, str]:
    """The prefixes that the prologue declares, with their colons, and their IRIs in brackets."""
    found: dict[str, str] = {}
    stream = tokens(text)
    for token in stream:
        match token.text.upper():
            case "PREFIX":
                name, iri = next(stream, None), next(stream, None)
                if name is not None and iri is not None:
                    found[name.text] = iri.text
            case "BASE" | "VERSION":
                next(stream, None)
            case _:
                break
    return found


def undeclared(text: str, *, has_base: bool) -> Token | None:
    """The first prefixed name whose prefix is not declared, or relative IRI with nothing to resolve it against."""
    declared: set[str] = set()
    before = ""
    for token in tokens(text):
        if before == "PREFIX":
            declared.add(token.text)
        elif (token.kind == "prefixed" and token.text.partition(":")[0] + ":" not in declared) or (
            token.kind == "iri" and before != "BASE" and not has_base and not _ABSOLUTE.match(token.text)
        ):
            return token
        before = token.text.upper()
        has_base = has_base or before == "BASE"
    return None


def projection(text: str) -> frozenset[str]:
    """The variables that a SELECT query projects, without their question marks (§16.1).

    For ``SELECT *`` every variable that occurs. Raises ValueError for any other form.
    """
    stream = list(tokens(text))
    keyword = _first_keyword(text)
    if keyword is None or keyword.text.upper() != "SELECT":
        raise ValueError("our own queries are SELECT queries")
    variables: set[str] = set()
    depth = 0
    renamed = False
    for token in (t for t in stream if t.start > keyword.start):
        if token.text == "*" and depth == 0:
            return frozenset(t.text[1:] for t in stream if t.kind == "variable")
        if token.text == "{" or token.text.upper() in ("WHERE", "FROM"):
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and (depth == 0 or (depth == 1 and renamed)):
            variables.add(token.text[1:])
        renamed = token.text.upper() == "AS"
    return frozenset(variables)
