"""The form of a SPARQL query, its prologue and its projection; whether it only reads, and always answers the same.

SPARQL 1.1 Query Language §4.1, §16.
"""

import re
from collections.abc import Iterator

from quoth.errors import QueryRefusedError, QuerySyntaxError
from quoth.sparql.service_calls import calls, forbidden_call
from quoth.sparql.tokens import GAP, IRI, PREFIXED, SOME_GAP, Token, line_and_column, tokens

# Declarations in their usual form. One match for all is many times faster than token by token, with the same result.
_PROLOGUE = re.compile(rf"{GAP}(?:(?:PREFIX{SOME_GAP}{PREFIXED}{GAP}|BASE{GAP}){IRI}{GAP})*+", re.IGNORECASE | re.ASCII)
# The usual beginning of the query after them: the keyword, and a character that continues no name.
_FORM = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)(?=[ \t\r\n#{*(?$<])", re.IGNORECASE | re.ASCII)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")

_QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})

# The engine's grammar wants no boundary before a word: DISTINCTNOW() calls NOW.
_VOLATILE = re.compile(r"(?:NOW|RAND|UUID)\s*[(#]|\\u", re.IGNORECASE)
_VOLATILE_WORDS = ("now", "rand", "uuid", "service", "\\u")


def admit(text: str) -> str | None:
    """The form of a query that may be evaluated: SELECT, ASK, CONSTRUCT or DESCRIBE.

    None for a text of no form, about which the engine's parser complains best. Raises QuerySyntaxError for an update,
    which is no query, and QueryRefusedError for SERVICE, with line and column.
    """
    form = reject_updates(text)
    offset = forbidden_call(text)
    if offset is not None:
        line, column = line_and_column(text, offset)
        raise QueryRefusedError(
            "SERVICE would make this server call another, which it does not do",
            where=f"line {line}, column {column}",
            remedy="query the other endpoint yourself, or federate from your own engine",
        )
    return form


def reject_updates(text: str) -> str | None:
    """The form of a query, like ``admit``, which may call SERVICE. Raises QuerySyntaxError for an update (SPARQL 1.1
    Protocol §2.1.4)."""
    if match := _FORM.match(text, _prologue(text)):
        return match[1].upper()
    keyword = _first_keyword(text)
    if keyword is not None and keyword.text.upper() in _UPDATES:
        line, column = line_and_column(text, keyword.start)
        raise QuerySyntaxError(
            f"{keyword.text.upper()} is an update, not a query: only queries are answered",
            line=line,
            column=column,
            remedy="a release never changes; publish a new one with `quoth publish`",
        )
    form = keyword.text.upper() if keyword is not None else None
    return form if form in _QUERIES else None


def form(text: str) -> str:
    """The form of a query, like ``admit``; QuerySyntaxError for a text of no form."""
    form = admit(text)
    if form is None:
        keyword = _first_keyword(text)
        line, column = line_and_column(text, len(text) if keyword is None else keyword.start)
        raise QuerySyntaxError("expected SELECT, ASK, CONSTRUCT or DESCRIBE", line=line, column=column)
    return form


def _first_keyword(text: str) -> Token | None:
    """The word after the prologue (SPARQL 1.1 §4.1: BASE and PREFIX declarations)."""
    return _read_prologue(tokens(text, _prologue(text)))[1]


def _read_prologue(stream: Iterator[Token]) -> tuple[dict[str, str], Token | None]:
    """The prefixes that a prologue declares, and the word after it."""
    declared: dict[str, str] = {}
    for token in stream:
        match token.text.upper():
            case "PREFIX":
                name, iri = next(stream, None), next(stream, None)
                if name is not None and iri is not None:
                    declared[name.text] = iri.text
            case "BASE" | "VERSION":
                next(stream, None)
            case _:
                return declared, token
    return declared, None


def _prologue(text: str) -> int:
    """The end of the declarations that have the usual form (code points)."""
    match = _PROLOGUE.match(text)
    return match.end() if match else 0


def is_empty(text: str) -> bool:
    """Whether a text has nothing but white space and comments, with a byte order mark or without."""
    return next(tokens(text.removeprefix("\ufeff")), None) is None


def prefixes(text: str) -> dict[str, str]:
    """The prefixes that the prologue declares, each with its colon, and their IRIs in brackets."""
    return _read_prologue(tokens(text))[0]


def undeclared(text: str, *, has_base: bool) -> Token | None:
    """The first prefixed name without a declared prefix, or relative IRI without a base to resolve it against."""
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


def is_deterministic(text: str) -> bool:
    """Whether a query has the same answer each time, as the release never changes.

    A query that reads the clock, draws lots or asks elsewhere has not (SPARQL 1.1 §17.4.2.12, §17.4.4, §17.4.5.1). The
    function errs on the safe side: a text that only mentions such a call counts as making it, and so does a text with
    code point escapes (§19.2), which could spell it.

    >>> is_deterministic("SELECT (NOW() AS ?t) {}"), is_deterministic("SELECT * { ?known ?p ?o }")
    (False, True)
    """
    lower = text.lower()  # looking for substrings first is ten times faster, and most texts have none
    if not any(word in lower for word in _VOLATILE_WORDS):
        return True
    return _VOLATILE.search(text) is None and not calls(text)
