"""The calls of other endpoints in a SPARQL query.

The engine has no hook for SERVICE (it just calls out), and its grammar has no word boundaries: ``SERVICEex:a{…}`` and
``trueSERVICE<…>{…}`` call out too, and ``<`` opens an IRI or compares, depending on the grammar around it. A tokenizer
that decides such things by itself can be led astray, so this scan follows every reading: a query is refused if SERVICE
is a keyword in any of them. Each place is read once, however many readings pass it, and the ends of strings, comments
and gaps are looked up, so that the time is proportional to the length of the text.

Where no endpoint is allowed, the workers have no sockets either (``forbid_sockets`` in engine/pool/worker.py).

Federated query: https://www.w3.org/TR/sparql11-federated-query/
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from quoth.sparql.tokens import IRI, LETTER, PREFIX_LENGTH, PREFIXED, TOKENS, VARIABLE, WORD

_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_SILENT = re.compile("silent", re.IGNORECASE | re.ASCII)
# A prefix that is longer than PREFIX_LENGTH counts as a name, however it goes on.
_TARGET = re.compile(rf"(?P<target>{IRI}|{VARIABLE}|{PREFIXED})|[{LETTER}](?:{WORD}|[-.]){{{PREFIX_LENGTH}}}")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SPACE = re.compile(r"[ \t\r\n]+")

_REPEATED = 8
"""Occurrences of the word in one token after which the token counts as a call without a closer look."""


@dataclass(frozen=True)
class Call:
    """A call of SERVICE: its offset, and its target with the target's offset (code points).

    The target is an IRI in its brackets, a prefixed name or a variable; empty for a token that was not read closely.
    """

    start: int
    target: str
    target_start: int


def forbidden_call(text: str, allowed: Collection[str] = ()) -> int | None:
    """The offset (code points) of the first SERVICE call whose target, as written, is not ``allowed``; or None.

    The text is judged as it stands and with its code point escapes decoded (§19.2): engines differ in where they decode
    them.
    """
    offset = min((call.start for call in calls(text) if call.target not in allowed), default=None)
    if offset is None and "\\" in text:
        plain, shifts = _decoded(text)
        start = min((call.start for call in calls(plain) if call.target not in allowed), default=None)
        if start is not None:
            offset = start + sum(by for at, by in shifts if at < start)
    return offset


def calls(text: str) -> list[Call]:
    """The SERVICE calls in any reading of a text, whose escapes are not decoded."""
    if "service" not in text.lower():
        return []
    reader = _Reader(text)
    by_start: dict[int, Call] = {}
    # Walk from every place at which some reading of the text has a token start.
    seen: set[tuple[int, bool]] = set()
    places = [(0, False)]
    while places:
        at, named = places.pop()
        if at == len(text) or (at, named) in seen:
            continue
        seen.add((at, named))
        if text[at] in " \t\r\n#":
            places.append((reader.gap(at), named))
        elif text[at] in "\"'":
            end = reader.string(at)
            if end is not None:  # else nothing that follows can make this reading parse
                places.append((end, False))
        elif match := TOKENS.match(text, at):
            kind = match.lastgroup
            places.append((match.end(), match[0].upper() in ("GRAPH", "FROM", "NAMED")))
            if kind == "iri":
                places.append((at + 1, False))  # here `<` compares
            elif kind in ("word", "blank") or (kind == "prefixed" and not named):
                by_start.update((call.start, call) for call in _calls(reader, at, match.end()))
    return [by_start[start] for start in sorted(by_start)]


def _calls(reader: "_Reader", start: int, end: int) -> Iterator[Call]:
    """The calls that start within one token."""
    places = [m.start() for m in _SERVICE.finditer(reader.text, start, end)]
    if len(places) > _REPEATED:
        yield Call(places[0], "", places[0])
        return
    for at in places:
        after = reader.gap(at + len("service"))
        silent = _SILENT.match(reader.text, after)
        for place in (reader.gap(silent.end()), after) if silent else (after,):
            target = reader.target(place)
            if target is not None:
                yield Call(at, target, place)
                break


class _Reader:
    """The ends of the gaps, strings and targets that begin at a place of a text (code points)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._gaps: dict[int, int] = {}
        self._targets: dict[int, str | None] = {}
        self._lines = [m.start() for m in re.finditer(r"[\r\n]", text)]
        escaped = {m.end() for m in re.finditer(r"\\+", text) if len(m[0]) % 2}
        self._breaks = [at for at in self._lines if at not in escaped]
        self._marks = {
            mark: [m.start() for m in re.finditer(f"(?={mark})", text) if m.start() not in escaped]
            for mark in ('"', "'", '"""', "'''")
        }

    def gap(self, at: int) -> int:
        """The end of the white space and comments at a place, which may be none."""
        passed = []
        while at not in self._gaps:
            passed.append(at)
            if space := _SPACE.match(self.text, at):
                at = space.end()
            elif self.text.startswith("#", at):
                at = _following(self._lines, at, len(self.text))
            else:
                break
        end = self._gaps.get(at, at)
        self._gaps.update((place, end) for place in passed)
        return end

    def string(self, at: int) -> int | None:
        """The end of a string, None if it is never closed. Three marks may still be an empty string and a mark."""
        for mark in (self.text[at] * 3, self.text[at]):
            start = at + len(mark)
            close = _following(self._marks[mark], start, len(self.text))
            limit = len(self.text) if len(mark) == 3 else _following(self._breaks, start, len(self.text))
            if self.text.startswith(mark, at) and close < limit:
                return close + len(mark)
        return None

    def target(self, at: int) -> str | None:
        """The target of a call at a place, up to its brace: empty if too long to be read, None without a target."""
        if at not in self._targets:
            match = _TARGET.match(self.text, at)
            called = match is not None and (match["target"] is None or self.text.startswith("{", self.gap(match.end())))
            self._targets[at] = (match["target"] or "") if match is not None and called else None
        return self._targets[at]


def _following(places: Sequence[int], at: int, end: int) -> int:
    """The first of the sorted places that is not before ``at``, or the end."""
    index = bisect_left(places, at)
    return places[index] if index < len(places) else end


def _decoded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with its code point escapes decoded; and for each, its offset and by how much it shortens the text."""
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
