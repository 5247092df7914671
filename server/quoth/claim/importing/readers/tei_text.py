"""The text of a document in TEI, as it grows, with the attributions in it.

A line for each segment, paragraph or verse, an empty one between speeches. Notes and incidents within them are no part
of it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol
from xml.etree.ElementTree import Element

from quoth.claim.importing.article import Agent, Attribution, Span
from quoth.corpus.new import slug_of

TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
MAX_ID = 80
"""Characters of an id that are made of an element's own."""

_BLOCKS = frozenset(
    (
        "ab",
        "cit",
        "closer",
        "div",
        "head",
        "item",
        "l",
        "lg",
        "note",
        "opener",
        "p",
        "quote",
        "seg",
        "sp",
        "speaker",
        "u",
    )
)
"""Elements that begin a line."""
_LEFT_OUT = frozenset(
    ("del", "desc", "figure", "fw", "gap", "graphic", "incident", "index", "kinesic", "note", "pb", "time", "vocal")
)
"""Elements that are about the text, or of what others did meanwhile."""
_INSTEAD = frozenset(f"{TEI}{name}" for name in ("corr", "expan", "reg"))
"""Elements of a choice that an editor puts in the place of the words that the source has (TEI 3.5)."""
_COUNTED = frozenset(("incident", "kinesic", "note", "vocal"))
"""Those of them that have words or deeds of others, whose number is of interest."""
_SPACE = re.compile(r"\s+")


def words(element: Element) -> str:
    """The words in an element, in one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


class Speakers(Protocol):
    """Those who speak in a text."""

    def speaker(self, who: str, note: str) -> Agent:
        """The one whom ``@who`` names, or the words of the note before the speech."""
        ...


class Body:
    """The text of a body, in the file of that name."""

    def __init__(self, file: str, people: Speakers) -> None:
        self._file, self._people = file, people
        self.attributions: list[Attribution] = []
        self.left_out: Counter[str] = Counter()
        self._pieces: list[str] = []
        self._length = 0
        self._note, self._noted = Span(0, 0), ""
        self._used: Counter[str] = Counter()
        self._around: list[str] = []
        self._by_element: dict[str, int] = {}

    def __str__(self) -> str:
        return "".join(self._pieces).rstrip() + "\n"

    def add(self, element: Element) -> None:
        """Add an element with what is in it."""
        if not isinstance(element.tag, str):
            return
        if not element.tag.startswith(TEI):
            self.left_out[element.tag.rpartition("}")[2][:60]] += 1
            return
        name = element.tag.removeprefix(TEI)
        if name == "note" and element.get("type") == "speaker" and not self._around:
            self._line(blank=True)
            start = self._length
            self._write(words(element))
            self._note, self._noted = Span(start, self._length), words(element)
        elif name in _LEFT_OUT:
            if name in _COUNTED:
                self.left_out[f"{name} {element.get('type', '')[:60]}".strip()] += 1
        elif name == "u" and any(child.tag == f"{TEI}seg" for child in element):
            for child in self._inside(element):
                if child.tag == f"{TEI}seg":
                    self._said(child, element.get("who", ""), block=True)
                else:
                    self.add(child)
        elif name in ("u", "said", "quote") or (name == "q" and element.get("who")):
            who = element.get("who", "") or (element.get("source", "") if name == "quote" else "")
            self._said(element, who, block=name in _BLOCKS)
        else:
            if name in _BLOCKS:
                self._line()
            for child in self._inside(element):
                if name != "choice" or child.tag not in _INSTEAD or len(element) < 2:
                    self.add(child)
            if name in _BLOCKS:
                self._line()

    def _inside(self, element: Element) -> Iterator[Element]:
        """Each element in one, after the text before it has been added; that after it is added last."""
        self._write(element.text)
        for child in element:
            yield child
            self._write(child.tail)

    def _said(self, element: Element, who: str, *, block: bool) -> None:
        """Add an element whose words somebody says. Those within it are reported by this one."""
        if block:
            self._line()
        speech = element.tag in (f"{TEI}u", f"{TEI}seg")
        # A speaker's name that stands before a speech is no mention of those whom the speech quotes.
        note, mention = (self._noted, self._note) if speech else ("", Span(0, 0))
        start = self._length
        own = element.get(f"{XML}id", "")
        id = self._id(element, own)
        self._around.append(id)
        for child in self._inside(element):
            self.add(child)
        self._around.pop()
        span = Span(start, self._length)
        if block:
            self._line()
        if span.end <= start:
            return
        first = self._by_element.get(element.get("prev", "").removeprefix("#"))
        if own:
            self._by_element[own] = len(self.attributions) if first is None else first
        if first is not None:
            # One saying in parts (TEI 16.3): its words are those of all of them.
            before = self.attributions[first]
            self.attributions[first] = replace(before, words=(*before.words, span))
            return
        where = f"{self._file}#{own[:MAX_ID] or id}"
        source = self._people.speaker(who, note.rstrip(" :"))
        within = self._around[-1] if self._around else ""
        mentions = (mention,) if mention.end else ()
        self.attributions.append(Attribution(id, where, (span,), source, (), mentions, "said", within))

    def _id(self, element: Element, own: str) -> str:
        """The id of an attribution: the element's own without the name of the file, else its number."""
        name = slug_of(own.rpartition("_")[2])[:MAX_ID]
        if not name:
            kind = element.tag.removeprefix(TEI)
            self._used[kind] += 1
            name = f"{kind}-{self._used[kind]}"
        self._used[name] += 1
        return name if self._used[name] == 1 else f"{name}-{self._used[name]}"

    def _line(self, *, blank: bool = False) -> None:
        """Begin a line, if there is something on this one; or after an empty one."""
        if not self._length:
            return
        last = self._pieces[-1]
        if not last.endswith("\n"):
            stripped = last.rstrip(" ")
            self._length -= len(last) - len(stripped)
            self._pieces[-1] = stripped
            self._append("\n")
        if blank and self._pieces[-2:] != ["\n", "\n"]:
            self._append("\n")

    def _write(self, written: str | None) -> None:
        folded = _SPACE.sub(" ", written or "")
        if not self._pieces or self._pieces[-1].endswith(("\n", " ")):
            folded = folded.lstrip(" ")
        if folded:
            self._append(folded)

    def _append(self, written: str) -> None:
        self._pieces.append(written)
        self._length += len(written)
