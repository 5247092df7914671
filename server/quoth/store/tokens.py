"""Reads a SPARQL query as tokens: which form it has, what it projects, whether it would reach outwards.

The engine itself offers no hook for SERVICE (it just calls out), and its grammar is read without word boundaries:
``SERVICEex:a{…}`` and ``trueSERVICE<…>{…}`` call out too, and ``<`` opens an IRI or compares, as the grammar around
it has it. A tokenizer that decides such things by itself can be led astray, so this one follows every reading: a
query is refused if SERVICE is a keyword in any of them.

Terminals: SPARQL 1.1 Query Language §19.8; federated query: https://www.w3.org/TR/sparql11-federated-query/
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from quoth.errors import QueryRefused, QuerySyntaxError

_LETTER = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
_LETTER += r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_WORD = rf"[{_LETTER}_0-9\u00B7\u0300-\u036F\u203F\u2040]"
_LOCAL = rf"(?:{_WORD}|[-.:]|%[0-9A-Fa-f]{{2}}|\\[-_~.!$&'()*+,;=/?#@%])"
_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*)*+"
_SOME_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*)++"
_IRI = r'<[^<>"{}|^`\x00-\x20]*+>'
_VARIABLE = rf"[?$]{_WORD}++"
# The bound keeps a query of a million "a-a-a-" from being read a million times over; a longer prefix falls apart into
# words, which hides nothing.
_PREFIXED = rf"(?:[{_LETTER}](?:{_WORD}|[-.]){{0,255}}+)?:{_LOCAL}*+"

_TOKENS = re.compile(
    rf"""
      (?P<gap>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<iri>{_IRI})
    | (?P<string>(?P<long>\"\"\"|''')(?:[^\\]|\\.)*?(?P=long)|"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
    | (?P<open>["'])
    | (?P<variable>{_VARIABLE})
    | (?P<blank>_:{_LOCAL}*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9-]++)?)
    | (?P<prefixed>{_PREFIXED})
    | (?P<word>{_WORD}++)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# Declarations as they mostly are: to read these whole is many times faster than token by token, to the same end.
_PROLOGUE = re.compile(
    rf"{_GAP}(?:(?:PREFIX{_SOME_GAP}{_PREFIXED}{_GAP}|BASE{_GAP}){_IRI}{_GAP})*+", re.IGNORECASE | re.ASCII
)
# And what a query mostly begins with then: the keyword, and something that no name goes on with.
_FORM = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)(?=[ \t\r\n#{*(?$<])", re.IGNORECASE | re.ASCII)
# The whole of a call: what is not followed by a target and a brace calls nobody.
_CALL = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?P<target>{_IRI}|{_VARIABLE}|{_PREFIXED}){_GAP}\{{", re.IGNORECASE | re.ASCII
)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})


# A quotation mark that is never closed costs a look at all that follows it. A query that parses has none.
_UNCLOSED = 64


@dataclass(frozen=True)
class Token:
    """One terminal: its kind (a group of the expression above), its text, and where it starts (code points)."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class Call:
    """One call of SERVICE: its place, and its target with its place (code points).

    The target is an IRI in its brackets, a prefixed name or a variable; empty where it was not looked for.
    """

    start: int
    target: str
    target_start: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens of a query from a place on, in its most usual reading, without white space and comments, up to where a
    string is opened and never closed."""
    unclosed = 0
    for match in _TOKENS.finditer(text, start):
        kind = match.lastgroup
        unclosed += _is_unclosed(text, match)
        if kind == "open" or unclosed > _UNCLOSED:
            return
        if kind is not None and kind != "gap":
            yield Token(kind, match[0], match.start())


def _is_unclosed(text: str, match: re.Match[str]) -> bool:
    """Whether a string begins here that is never closed; three marks may still be an empty string and a mark."""
    return match.lastgroup == "open" or (
        match[0] in ('""', "''") and text[match.end() : match.end() + 1] == match[0][0]
    )


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a place in a text; a column is a code point."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def admit(text: str) -> str | None:
    """Let a query pass that only reads, and only here: its form (SELECT, ASK, CONSTRUCT, DESCRIBE), or None if
    that is for the engine's parser to complain about.

    Raises QueryRefused for an update and for SERVICE, and QuerySyntaxError for strings that are never closed, with
    line and column.
    """
    form = no_update(text)
    offset = service(text)
    if offset is not None:
        line, column = place(text, offset)
        raise QueryRefused(
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
        raise QueryRefused(
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


def service(text: str, allowed: Collection[str] = ()) -> int | None:
    """Where a SERVICE call starts (code points) whose target, as it is written, is not an allowed one; or None.

    Judges the text as it stands and with its code point escapes decoded (§19.2), since engines differ in where they
    decode them.
    """
    offset = min((call.start for call in calls(text) if call.target not in allowed), default=None)
    if offset is None and "\\" in text:
        plain, shifts = _decoded(text)
        found = min((call.start for call in calls(plain) if call.target not in allowed), default=None)
        if found is not None:
            offset = found + sum(by for at, by in shifts if at < found)
    return offset


def calls(text: str) -> list[Call]:
    """The SERVICE calls in a text, in whatever reading of it, its escapes as they are."""
    if "service" not in text.lower():
        return []
    found: dict[int, Call] = {}
    # Walk from every place at which some reading of the text has a token start.
    seen: set[tuple[int, bool]] = set()
    places = [(0, False)]
    unclosed = 0
    while places:
        at, named = places.pop()
        match = _TOKENS.match(text, at) if (at, named) not in seen else None
        if match is None:
            continue
        seen.add((at, named))
        kind = match.lastgroup
        unclosed += _is_unclosed(text, match)
        if unclosed > _UNCLOSED:
            line, column = place(text, at)
            raise QuerySyntaxError("a string is opened here that is never closed", line=line, column=column)
        if kind == "open":
            continue  # nothing that follows can make this reading parse
        names_graph = named if kind == "gap" else match[0].upper() in ("GRAPH", "FROM", "NAMED")
        places.append((match.end(), names_graph))
        if kind == "iri":
            places.append((at + 1, False))  # here `<` compares
        elif kind in ("word", "blank") or (kind == "prefixed" and not named):
            found.update((call.start, call) for call in _calls(text, match.start(), match.end()))
    return [found[start] for start in sorted(found)]


def _calls(text: str, start: int, end: int) -> Iterator[Call]:
    """The calls that start within one token; a token that repeats the word is not worth reading closely."""
    places = [m.start() for m in _SERVICE.finditer(text, start, end)]
    if len(places) > 8:
        yield Call(places[0], "", places[0])
        return
    for at in places:
        if call := _CALL.match(text, at):
            yield Call(at, call["target"], call.start("target"))


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


def _decoded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with its code point escapes decoded, and by how much each makes what follows it shorter."""
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    end = length = 0
    for match in _ESCAPE.finditer(text):
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            continue
        parts += [text[end : match.start()], chr(code)]
        length += match.start() - end
        shifts.append((length, len(match[0]) - 1))
        length += 1
        end = match.end()
    return "".join([*parts, text[end:]]), shifts


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
