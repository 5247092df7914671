"""Where a SPARQL query calls another endpoint.

The engine itself offers no hook for SERVICE (it just calls out), and its grammar is read without word boundaries:
``SERVICEex:a{…}`` and ``trueSERVICE<…>{…}`` call out too, and ``<`` opens an IRI or compares, as the grammar around
it has it. A tokenizer that decides such things by itself can be led astray, so this one follows every reading: a
query is refused if SERVICE is a keyword in any of them.

Federated query: https://www.w3.org/TR/sparql11-federated-query/
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from quoth.errors import QuerySyntaxError
from quoth.store.tokens import GAP, IRI, PREFIXED, TOKENS, UNCLOSED, VARIABLE, is_unclosed, place

# The whole of a call: what is not followed by a target and a brace calls nobody.
_CALL = re.compile(
    rf"service{GAP}(?:silent{GAP})?(?P<target>{IRI}|{VARIABLE}|{PREFIXED}){GAP}\{{", re.IGNORECASE | re.ASCII
)
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Call:
    """One call of SERVICE: its place, and its target with its place (code points).

    The target is an IRI in its brackets, a prefixed name or a variable; empty where it was not looked for.
    """

    start: int
    target: str
    target_start: int


def outward(text: str, allowed: Collection[str] = ()) -> int | None:
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
        match = TOKENS.match(text, at) if (at, named) not in seen else None
        if match is None:
            continue
        seen.add((at, named))
        kind = match.lastgroup
        unclosed += is_unclosed(text, match)
        if unclosed > UNCLOSED:
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
