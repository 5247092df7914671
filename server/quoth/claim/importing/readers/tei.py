"""TEI (P5): speeches of transcripts (``u`` with ``@who``), and in other texts ``said`` and ``quote``.

The text is that of the body: a line for each segment, paragraph or verse, an empty one between speeches. Notes and
incidents within them are no part of it. XML is read without a document type, entities and the network.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from quoth.claim.importing.article import Agent, Article, Attribution, Misfit, Span
from quoth.claim.importing.mapping import Mapping
from quoth.corpus.new import slug_of
from quoth.errors import UsageError
from quoth.resources import check_file

KEYS = dict.fromkeys(("files.documents", "entities.person", "entities.org"), str)

TEI = "{http://www.tei-c.org/ns/1.0}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BLOCKS = frozenset(
    [
        "seg",
        "p",
        "l",
        "head",
        "ab",
        "item",
        "speaker",
        "u",
        "div",
        "lg",
        "sp",
        "quote",
        "cit",
        "note",
        "opener",
        "closer",
    ]
)
"""Elements that begin a line."""
_LEFT_OUT = frozenset(
    ["note", "gap", "kinesic", "vocal", "incident", "pb", "fw", "figure", "graphic", "desc", "time", "index"]
)
"""Elements that are about the text, or of what others did meanwhile."""
_SPACE = re.compile(r"\s+")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The texts of a folder, or of one file. See ``Reader.read``."""
    files = [path] if path.is_file() else sorted(path.glob(mapping.get("files.documents", "**/*.xml")))
    if not files:
        raise UsageError("no file in it has the suffix .xml", where=str(path), remedy="name the folder of the texts")
    for file in files:
        check_file(file)
        try:
            root = parse(file, forbid_dtd=True).getroot()
        except ParseError as error:
            line, column = error.position
            yield Misfit("not XML", f"{file}:{line}:{column + 1}", f"it is not XML: {error.msg}", "correct it")
            continue
        except DefusedXmlException:
            detail = "it has a document type or entities, which are not read"
            yield Misfit("not read", str(file), detail, "take the document type out, and write entities out")
            continue
        bodies = root.findall(f".//{TEI}body")
        if root.tag != f"{TEI}TEI" or not bodies or not any(True for _ in _sayings(root)):
            yield Misfit("not a text", str(file), "it has no speeches, sayings or quotations", "a register needs none")
            continue
        yield from _article(file, root, bodies, mapping)


def _sayings(root: Element) -> Iterator[Element]:
    return (e for name in ("u", "said", "quote") for e in root.iter(TEI + name))


def _article(file: Path, root: Element, bodies: list[Element], mapping: Mapping) -> Iterator[Article | Misfit]:
    language = mapping.get("defaults.language") or root.get(f"{_XML}lang", "en")
    people = _Speakers(root, mapping, language)
    text = _Text(str(file), people)
    for body in bodies:
        text.add(body)
    for name, number in sorted(text.left_out.items()):
        yield Misfit(f"left out: {name}", str(file), f"{number} {name} elements are no part of what is said")
    title = root.find(f".//{TEI}titleStmt/{TEI}title[@type='sub'][@{_XML}lang='{language}']")
    title = title if title is not None else root.find(f".//{TEI}titleStmt/{TEI}title")
    date = root.find(f".//{TEI}settingDesc//{TEI}date[@when]")
    licence = root.find(f".//{TEI}availability/{TEI}licence")
    facts = [
        ("headline", _words(title) if title is not None else ""),
        ("datePublished", date.get("when") if date is not None else ""),
    ]
    stated = ((licence.text or "").strip() or licence.get("target", "")) if licence is not None else ""
    yield Article(
        slug=slug_of(root.get(f"{_XML}id", file.stem).removesuffix(".xml")),
        where=str(file),
        text=str(text),
        encoding=mapping.encoding({"name": file.stem}),
        attributions=text.attributions,
        language=language,
        facts=tuple((key, value) for key, value in facts if value),
        text_licence=mapping.get("defaults.text-licence") or _https(stated),
        entities=list(people.agents.values()),
    )


def _https(licence: str) -> str:
    """The licence by the address under which it is known."""
    return re.sub(r"^http://(?=creativecommons\.org/)", "https://", licence)


def _words(element: Element) -> str:
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


class _Speakers:
    """The people of a text, by the ids that ``@who`` names."""

    def __init__(self, root: Element, mapping: Mapping, language: str) -> None:
        self.agents: dict[str, Agent] = {}
        self._language = language
        space = mapping.get("entities.person", "id/person/{id}")
        self._known = {p.get(f"{_XML}id", ""): p for p in root.iter(f"{TEI}person")}
        self._space = space

    def agent(self, who: str, note: str) -> Agent | None:
        """The speaker of that reference. One who is not described has the words of the note before the speech."""
        id = who.rpartition("#")[2]
        person = self._known.get(id)
        if person is None:
            return Agent(note or id.replace("_", " ")) if note or id else None
        if id not in self.agents:
            self.agents[id] = Agent(_name(person), self._space.format(id=slug_of(id)), "Person", _details(person))
        return self.agents[id]


def _name(person: Element) -> str:
    name = person.find(f"{TEI}persName")
    if name is None:
        return person.get(f"{_XML}id", "")
    parts = [part for tag in ("forename", "surname") for part in name.findall(TEI + tag)]
    return " ".join(map(_words, parts)) if parts else _words(name)


def _details(person: Element) -> tuple[tuple[str, object], ...]:
    """The pages about a person that the input names."""
    pages = [_words(idno) for idno in person.findall(f"{TEI}idno[@type='URI']")]
    return (("seeAlso", [page for page in pages if page.startswith(("http://", "https://"))]),) if pages else ()


@dataclass
class _Text:
    """The text of a body, as it grows, with the attributions in it."""

    file: str
    people: _Speakers
    attributions: list[Attribution] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._note, self._noted = Span(0, 0), ""
        self._used: Counter[str] = Counter()

    def __str__(self) -> str:
        return "".join(self._pieces).rstrip() + "\n"

    def add(self, element: Element) -> None:
        """Add an element with what is in it."""
        name = element.tag.removeprefix(TEI) if isinstance(element.tag, str) else "comment"
        if name == "note" and element.get("type") == "speaker":
            self._line(blank=True)
            start = self._length
            self._write(_words(element))
            self._note, self._noted = Span(start, self._length), _words(element)
            return
        if name in _LEFT_OUT or name == "comment":
            if name in ("note", "kinesic", "vocal", "incident"):
                self.left_out[f"{name} {element.get('type', '')}".strip()] += 1
            return
        if name in _BLOCKS:
            self._line()
        start = self._length
        self._write(element.text)
        for child in element:
            if name == "u" and child.tag == f"{TEI}seg":
                self._segment(element, child)
            else:
                self.add(child)
            self._write(child.tail)
        if name in _BLOCKS:
            self._line()
        if name in ("said", "quote"):
            self._said(element, start)

    def _segment(self, speech: Element, segment: Element) -> None:
        self._line()
        start = self._length
        self.add_inline(segment)
        words = Span(start, self._length)
        self._attribute(segment, speech.get("who", ""), self._noted, words, self._note)
        self._line()

    def add_inline(self, element: Element) -> None:
        """Add what is in an element, without a line for the element itself."""
        self._write(element.text)
        for child in element:
            self.add(child)
            self._write(child.tail)

    def _said(self, element: Element, start: int) -> None:
        self._attribute(
            element, element.get("who", "") or element.get("source", ""), "", Span(start, self._length), Span(0, 0)
        )

    def _attribute(self, element: Element, who: str, note: str, words: Span, mention: Span) -> None:
        if words.end <= words.start:
            return
        agent = self.people.agent(who, note.rstrip(" :"))
        name = (
            slug_of(element.get(f"{_XML}id", "").rpartition("_")[2])
            or f"{element.tag.removeprefix(TEI)}-{len(self.attributions) + 1}"
        )
        self._used[name] += 1
        id = name if self._used[name] == 1 else f"{name}-{self._used[name]}"
        unnamed = Agent("an unnamed speaker", type="AnonymousSource")
        where = f"{self.file}#{element.get(f'{_XML}id', name)}"
        self.attributions.append(
            Attribution(id, where, (words,), agent or unnamed, (), (mention,) if mention.end else (), "said", "")
        )

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
        if blank and len(self._pieces) > 1 and self._pieces[-2:] != ["\n", "\n"]:
            self._append("\n")

    def _write(self, words: str | None) -> None:
        folded = _SPACE.sub(" ", words or "")
        if not self._pieces or self._pieces[-1].endswith(("\n", " ")):
            folded = folded.lstrip(" ")
        if folded:
            self._append(folded)

    def _append(self, words: str) -> None:
        self._pieces.append(words)
        self._length += len(words)
