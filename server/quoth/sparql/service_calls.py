"""Where a SPARQL query calls another endpoint.

The engine itself offers no hook for SERVICE (it just calls out), and its grammar is read without word boundaries:
``SERVICEex:a{…}`` and ``trueSERVICE<…>{…}`` call out too, and ``<`` opens an IRI or compares, as the grammar around
it has it. A tokenizer that decides such things by itself can be led astray, so this one follows every reading: a
query is refused if SERVICE is a keyword in any of them. However many there are, a place is read once, and where what
begins there ends is looked up, so the time that this takes is in proportion to the text.

Where nothing may be called, what it overlooked would still not call out: confined.py.

Federated query: https://www.w3.org/TR/sparql11-federated-query/
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from quoth.errors import UsageError
from quoth.sparql.tokens import IRI, LETTER, PREFIX_LENGTH, PREFIXED, TOKENS, VARIABLE, WORD

_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_SILENT = re.compile("silent", re.IGNORECASE | re.ASCII)
# Whatever goes on beyond what is read of a prefix counts as a name.
_TARGET = re.compile(rf"(?P<target>{IRI}|{VARIABLE}|{PREFIXED})|[{LETTER}](?:{WORD}|[-.]){{{PREFIX_LENGTH}}}")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ENDPOINT = re.compile(r'https?://[^<>"{}|^`\\\x00-\x20#]+')
_SPACE = re.compile(r"[ \t\r\n]+")

_REPEATED = 8
"""Times that a token repeats the word, beyond which it is not worth reading closely."""


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
    reader = _Reader(text)
    found: dict[int, Call] = {}
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
                found.update((call.start, call) for call in _calls(reader, at, match.end()))
    return [found[start] for start in sorted(found)]


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
    """Where what begins at a place of a text ends (code points)."""

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
        """White space and comments, if there are any."""
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
        """A string; None if it is never closed. Three marks may still be an empty string and a mark."""
        for mark in (self.text[at] * 3, self.text[at]):
            start = at + len(mark)
            close = _following(self._marks[mark], start, len(self.text))
            limit = len(self.text) if len(mark) == 3 else _following(self._breaks, start, len(self.text))
            if self.text.startswith(mark, at) and close < limit:
                return close + len(mark)
        return None

    def target(self, at: int) -> str | None:
        """A target of a call, and whatever stands before its brace: the target, empty if it is too long to be read;
        None if there is none."""
        if at not in self._targets:
            match = _TARGET.match(self.text, at)
            called = match is not None and (match["target"] is None or self.text.startswith("{", self.gap(match.end())))
            self._targets[at] = (match["target"] or "") if match is not None and called else None
        return self._targets[at]


def _following(places: Sequence[int], at: int, end: int) -> int:
    """The first of those places from one on, or the end."""
    found = bisect_left(places, at)
    return places[found] if found < len(places) else end


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


def endpoints(text: str) -> list[str]:
    """URLs separated by white space. Raises UsageError for what is no http(s) URL without user, password, fragment."""
    found = text.split()
    for url in found:
        try:
            parts = urlsplit(url)
            legal = _ENDPOINT.fullmatch(url) and parts.hostname and "@" not in parts.netloc and parts.port != 0
        except ValueError:
            legal = False
        if not legal:
            raise UsageError(
                f"{url!r} is not the http URL of a SPARQL endpoint",
                where="service_endpoints",
                remedy="write URLs in full, separated by spaces",
            )
    return found
