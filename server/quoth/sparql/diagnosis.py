"""Why a query does not parse, in words, and where.

The engine names the furthest place that its parser tried, which is seldom that of the mistake. So the text is searched
for mistakes that people make: first for what is wrong anywhere, then for what ``mistakes`` lists and for unknown names;
only then is the engine's own complaint passed on. All of this runs only for a text that the engine has refused.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from quoth.claim.model.namespaces import PREFIXES
from quoth.errors import QuerySyntaxError
from quoth.sparql import mistakes, query_form
from quoth.sparql.tokens import TOKENS, Token, is_unclosed, line_and_column, tokens


@dataclass(frozen=True)
class Fault:
    """What is wrong at an offset of the text (code points), and what to do."""

    start: int
    detail: str
    remedy: str | None = None


MESSAGE_CHARS = 400

_QUOTES = {**dict.fromkeys("“”„‟«»″〝〞", '"'), **dict.fromkeys("‘’‚‛‹›′´`", "'")}
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_INVISIBLE = ("Zs", "Zl", "Zp", "Cf", "Cc")
"""Categories of Unicode whose characters show nothing, or only a gap."""

_FULL_IRI = re.compile(r"<(?:https?|ftp|urn|file|mailto|tag|doi):[^<>\r\n]*(>?)", re.IGNORECASE)
_ILLEGAL = re.compile(r'[\x00-\x20"{}|^`]|\\(?!u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})')
_BARE_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]*", re.IGNORECASE)
_STAR = re.compile(r"\bSELECT\s+(?:(?:DISTINCT|REDUCED)\s+)?(\*)", re.IGNORECASE)
_SELECTED = re.compile(r"\bSELECT\b[^{]*", re.IGNORECASE)
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_PLACE = re.compile(r"^error at (\d+):(\d+): (.*)", re.DOTALL)


def syntax_error(text: str, message: str, *, has_base: bool) -> QuerySyntaxError:
    """The error for a query that the engine refuses with this message; ``has_base``: relative IRIs are resolved."""
    if query_form.is_empty(text):
        return QuerySyntaxError("the query is empty", remedy="write one, such as SELECT * { ?s ?p ?o } LIMIT 9")
    faults = [*islice(_wrong_anywhere(text), 1)] or [*_ungrouped(text, message)]
    if not faults:
        faults = [*(Fault(*found) for found in mistakes.find(text)), *_unknown_words(text)]
        if undeclared := query_form.undeclared(text, has_base=has_base):
            faults.append(_undeclared(undeclared))
    if faults:
        fault = min(faults, key=lambda f: f.start)
        line, column = line_and_column(text, fault.start)
        return QuerySyntaxError(
            _shortened(fault.detail), line=line, column=column, remedy=fault.remedy and _shortened(fault.remedy)
        )
    return _engine_error(text, message)


def _shortened(text: str) -> str:
    """What is quoted from a query may be as long as the query."""
    return text if len(text) <= MESSAGE_CHARS else text[: MESSAGE_CHARS - 1] + "…"


def _wrong_anywhere(text: str) -> Iterator[Fault]:
    """The mistakes that are such wherever they stand, in their order: characters, IRIs and strings; then brackets."""
    stream: list[Token] = []
    for match in TOKENS.finditer(text):
        kind, start = match.lastgroup or "", match.start()
        if kind == "open" or is_unclosed(text, match):
            yield _unclosed_string(text, start)
            break
        if kind == "iri" and (illegal := _ILLEGAL.search(match[0])):
            yield _illegal_character(match[0], illegal, start)
        if kind in ("iri", "string", "gap"):
            if kind != "gap":
                stream.append(Token(kind, match[0], start))
            continue
        yield from _look_alikes(match[0], start)
        stream.append(Token(kind, match[0], start))
        if match[0] == "<" and (iri := _FULL_IRI.match(text, start)):
            yield _unreadable_iri(iri)
            break  # its rest makes no tokens
        if kind == "prefixed" and (url := _BARE_URL.match(text, start)):
            yield Fault(start, f"the URL {url[0]} is missing its brackets", f"write <{url[0]}>")
            break
    else:
        yield from _brackets(text, stream)


def _look_alikes(token: str, start: int) -> Iterator[Fault]:
    """Characters that look like others of SPARQL: typographic quotation marks, dashes, full-width forms, odd spaces."""
    for at, character in enumerate(token):
        if character.isascii() and character.isprintable():
            continue
        name = f"U+{ord(character):04X}, {unicodedata.name(character, 'a control character').lower()}"
        plain = _QUOTES.get(character) or _DASHES.get(character) or unicodedata.normalize("NFKC", character)
        if unicodedata.category(character) in _INVISIBLE:
            yield Fault(start + at, f"there is an invisible character ({name})", "delete it, or write a space")
        elif plain.isascii():
            yield Fault(start + at, f"the character {character} ({name}) is not one of SPARQL's", f"write {plain}")


def _unclosed_string(text: str, start: int) -> Fault:
    mark = text[start]
    if text.find(mark, start + 1) > text.find("\n", start) > 0:
        return Fault(
            start, "the string that begins here does not end on its line", f"close it, or write {mark * 3} around it"
        )
    return Fault(
        start, f"the string that begins here is never closed by {mark}", f"a mark within it is written \\{mark}"
    )


def _unreadable_iri(iri: re.Match[str]) -> Fault:
    if not iri[1]:
        return Fault(iri.start(), f"the IRI {iri[0].split()[0]} is not closed", "add > at its end")
    illegal = _ILLEGAL.search(iri[0])
    assert illegal is not None, "or it would have been a token"
    return _illegal_character(iri[0], illegal, iri.start())


def _illegal_character(iri: str, illegal: re.Match[str], start: int) -> Fault:
    name = "a space" if illegal[0] == " " else repr(illegal[0]).replace("\\\\", "\\")
    code = "".join(f"%{byte:02X}" for byte in illegal[0].encode())
    return Fault(start + illegal.start(), f"there is {name} in the IRI {iri}", f"write {code} for it, or delete it")


def _undeclared(token: Token) -> Fault:
    if token.kind == "iri":
        return Fault(
            token.start,
            f"{token.text} is a relative IRI, and there is no BASE",
            "write it whole, or add BASE <…> at the top",
        )
    prefix = token.text.partition(":")[0]
    return Fault(
        token.start,
        f"the prefix {prefix}: is not declared",
        f"add PREFIX {prefix}: <{PREFIXES.get(prefix) or mistakes.PREFIXES.get(prefix, '…')}> at the top",
    )


def _brackets(text: str, stream: list[Token]) -> Iterator[Fault]:
    """The first bracket that closes nothing, or that closes another one; or else the last that is never closed."""
    opened: list[Token] = []
    for token in stream:
        if token.text in _CLOSERS:
            opened.append(token)
        elif token.text in _CLOSERS.values():
            if not opened:
                yield Fault(token.start, f"this {token.text} closes nothing", "delete it, or open one before it")
                return
            opener = opened.pop()
            if _CLOSERS[opener.text] != token.text:
                line, column = line_and_column(text, opener.start)
                yield Fault(
                    token.start,
                    f"{token.text} comes before the {opener.text} of line {line}, column {column} is closed",
                    f"add {_CLOSERS[opener.text]} before it",
                )
                return
    if opened:
        yield Fault(
            opened[-1].start,
            f"the {opened[-1].text} that opens here is never closed",
            f"add {_CLOSERS[opened[-1].text]}",
        )


def _ungrouped(text: str, message: str) -> Iterator[Fault]:
    """What groups lack, of which the engine complains when it has read the whole (SPARQL 1.1 §19.8, notes 5 and 12)."""
    if "not authorized with GROUP BY" in message and (star := _STAR.search(text)):
        yield Fault(
            star.start(1),
            "SELECT * cannot be used with GROUP BY or an aggregate",
            "name the variables; a condition on an aggregate goes into HAVING",
        )
    elif "contains a variable that is unbound" in message:
        selects = list(_SELECTED.finditer(text))
        plain = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", lambda m: " " * len(m[0]), selects[0][0])
        grouped = re.findall(r"[?$]\w+", text.rpartition("}")[2])
        variable = next((v for v in re.finditer(r"[?$]\w+", plain) if v[0] not in grouped), None)
        alone = variable if len(selects) == 1 else None
        yield Fault(
            selects[0].start() + (alone.start() if alone else 0),
            f"{alone[0] if alone else 'a variable'} is selected, but the query does not group by it",
            "add it to GROUP BY, or select an aggregate such as (SAMPLE(?x) AS ?any)",
        )
    elif "overrides an existing variable" in message and (select := _SELECTED.search(text)):
        yield Fault(
            select.start(), "AS names a variable that is already in the pattern", "choose another name after AS"
        )


def _unknown_words(text: str) -> Iterator[Fault]:
    """The first word that is no keyword and no function."""
    for token in tokens(text):
        word = token.text.upper()
        if token.kind != "word" or not word[0].isalpha() or word in mistakes.WORDS:
            continue
        close = difflib.get_close_matches(word[:40], mistakes.WORDS, 1, 0.75)
        meant = f"did you mean {close[0]}? Otherwise " if close else ""
        remedy = (
            f'{meant}write ?{token.text} for a variable, "{token.text}" for a string, <…> or prefix:name for an IRI'
        )
        yield Fault(token.start, f"{token.text} is neither a keyword nor a term", remedy)
        return


def _engine_error(text: str, message: str) -> QuerySyntaxError:
    match = _PLACE.match(message)
    if match is None:
        return QuerySyntaxError(message)
    line, column, expected = int(match[1]), int(match[2]), match[3]
    # The parser's list is incomplete: it names keywords that could follow, and seldom variables and IRIs.
    words = [word for word in re.findall(r"\b[A-Z_]{2,}\b|\"[^\"]+\"", expected) if word not in ("LATERAL", "SERVICE")]
    if words and not re.search(r"['\"\[]", expected):
        # For a keyword the place is where it would have ended.
        column = max(1, column - max(map(len, words)))
    lines = text.split("\n")
    text_line = lines[line - 1] if line <= len(lines) else ""
    near = text_line[max(0, column - 16) : column + 14].strip()
    detail = f"syntax error near {near!r}" if near else "syntax error"
    if len(words) > 1:
        detail += f"; possible here, among others: {' '.join(words[:6])}"
    elif words and words[0].startswith('"'):
        detail += f"; expected is {words[0]}"
    return QuerySyntaxError(detail, line=line, column=column)
