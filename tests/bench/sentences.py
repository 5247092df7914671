"""Sentences of an invented article: clauses from sentences.toml, and a text in which every name has its place."""

import json
import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))

_SLOT = re.compile(r"<(\w+)>|\{(\w+)\|(\w+)\}")
_VERBS = {
    "past": "had {0}",
    "negative": "had not {0}",
    "possible": "may have {0}",
    "probable": "had probably {0}",
    "future": "will {1}",
    "infinitive": "to {1}",
}
CODINGS = {
    "past": {"tense": "past"},
    "negative": {"tense": "past", "polarity": "negative"},
    "possible": {"tense": "past", "certainty": "possible"},
    "probable": {"tense": "past", "certainty": "probable"},
    "future": {"tense": "future", "realis": "predicted"},
    "infinitive": {"tense": "future", "realis": "proposed", "certainty": "unknown"},
}
"""How a claim is coded whose clause is in that form, where it differs from the defaults of the document."""


@dataclass(frozen=True)
class Name:
    """Somebody or something: its kind (org, person, place, unnamed, report), IRI, full name and a short one; of an
    unnamed source, how it would know."""

    kind: str
    iri: str
    label: str
    short: str
    warrant: str = ""


Cast = dict[str, list[Name]]
"""The organisations, people and places of an article."""


class Frame(NamedTuple):
    """A sentence that attributes a clause; sentences.toml says what each field has."""

    weight: int
    who: str
    act: str
    forms: str
    pattern: str
    label: str
    more: str


FRAMES = [Frame(*row) for row in DATA["frames"]]


@dataclass(frozen=True)
class Clause:
    """Words in pieces, each with whom it names; the content, as YAML; how it is coded."""

    pieces: tuple[tuple[str, Name | None], ...]
    content: str
    coding: dict[str, str]

    @property
    def words(self) -> str:
        """All of them."""
        return "".join(words for words, _ in self.pieces)


def flow(**values: object) -> str:
    """A mapping of YAML on one line."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in values.items()) + "}"


def quoted(text: str) -> str:
    """A text in YAML."""
    return json.dumps(text, ensure_ascii=False)


class Text:
    """A text while it is written, with the places where it names somebody."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._parts: list[str] = []
        self._begins = True
        self._named: set[str] = set()
        self.length = 0
        self.mentions: list[str] = []

    def __str__(self) -> str:
        return "".join(self._parts)

    def put(self, text: str) -> None:
        """Add words; a sentence begins with a capital."""
        if self._begins:
            text, self._begins = text[0].upper() + text[1:], False
        self._parts.append(text)
        self.length += len(text)

    def end(self, space: str) -> None:
        """End a sentence."""
        self.put(space)
        self._begins = True

    def name(self, name: Name, words: str = "") -> str:
        """Name somebody: at first by the whole name, later sometimes by the short one. Returns the place as YAML."""
        short = name.iri in self._named and self._chance.random() < 0.5
        self._named.add(name.iri)
        start = self.length
        self.put(words or (name.short if short else name.label))
        place = flow(exact=quoted(self._parts[-1]), start=start, end=self.length)
        self.mentions.append(f"  - {{of: {name.iri}, {place[1:]}\n")
        return place

    def place(self, start: int) -> str:
        """The place of the words that begin there and end here, as YAML."""
        words = ""
        for part in reversed(self._parts):
            if len(words) >= self.length - start:
                break
            words = part + words
        return flow(exact=quoted(words), start=start, end=self.length)


def clause(
    form: str, cast: Cast, chance: random.Random, apart: Sequence[Name | None] = (), org: Name | None = None
) -> Clause:
    """A clause whose verb has that form, about nobody who is ``apart``; ``org``: whose deed it is, which its words then
    leave out."""
    words, content = chance.choice(DATA["clauses"])
    while (org and not words.startswith("<org> {")) or ("because" in words and "future" in CODINGS[form].values()):
        words, content = chance.choice(DATA["clauses"])
    names: dict[str, Name] = {}
    for kind, members in cast.items():
        names[kind], names[f"{kind}2"] = chance.sample([name for name in members if name not in apart], 2)
    if org:
        names["org"] = org
        words = words.removeprefix("<org> ")
    number = chance.choice((chance.randint(13, 99), chance.randint(100, 999), 100 * chance.randint(10, 99)))
    plain = {key: chance.choice(DATA[key]) for key in ("goods", "work", "office")} | {"n": f"{number:,}"}
    pieces: list[tuple[str, Name | None]] = []
    at = 0
    for slot in _SLOT.finditer(words):
        pieces.append((words[at : slot.start()], None))
        at = slot.end()
        name = names.get(slot[1])
        pieces.append((name.label if name else plain.get(slot[1]) or _VERBS[form].format(slot[2], slot[3]), name))
    pieces.append((words[at:], None))
    given = plain | {key: name.iri for key, name in names.items()} | {"n": str(number)}
    content = _SLOT.sub(lambda slot: given[slot[1]], content)
    if "because" not in words and chance.random() < 0.7:
        time = chance.choice(DATA["after" if "future" in CODINGS[form].values() else "before"])
        pieces.append((f" {time}", None))
        content += f", time: {{wording: {time}}}"
    return Clause(tuple(piece for piece in pieces if piece[0]), content, CODINGS[form])
