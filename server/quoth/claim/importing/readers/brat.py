"""Brat standoff (https://brat.nlplab.org/standoff.html): events that tie the spans of a source, a cue and a content.

A line ``T3⇥Cue 54 59;63 70⇥said … today`` is a span, in pieces; ``E1⇥Attribution:T4 Source:T1 Cue:T3 Content:T2`` an
event; a relation (``R1⇥Same Arg1:T1 Arg2:T9``) can say that two spans name one source. Offsets count code points.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from quoth.claim.authoring.drafting.naming import without_possessive
from quoth.claim.importing.article import (
    UNNAMED,
    Agent,
    Article,
    Attribution,
    Encoding,
    Located,
    Misfit,
    Quote,
    Span,
)
from quoth.claim.importing.mapping import Mapping
from quoth.corpus.new import lasting_slug
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

KEYS = {
    **dict.fromkeys(("files.annotations", "files.text", "files.name"), str),
    **dict.fromkeys(("metadata.file", "metadata.key", "metadata.author", "metadata.publisher"), str),
    **dict.fromkeys(("metadata.headline", "metadata.url", "metadata.datePublished", "metadata.section"), str),
    "metadata.none": list,
    "publishers.*": str,
    **dict.fromkeys(("events.attribution", "roles.source", "roles.cue", "roles.words", "relations.same"), list),
    "left-out.*": str,
}
MAX_NAME = 120
"""Characters of the name of a text or an annotator in IRIs."""
_TEXT_BOUND = re.compile(r"(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12}){0,200})(?:\t(.*))?", re.DOTALL)
_KIND = re.compile(r"[TERAMN#*]\d*\t")
_FACTS = ("headline", "url", "datePublished", "section")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a folder, or of one file of annotations. See ``Reader.read``."""
    pattern = mapping.get("files.annotations", "**/*.ann")
    try:
        files = [path] if path.is_file() else sorted(path.glob(pattern))
    except (NotImplementedError, ValueError) as error:
        remedy = "write a pattern from the folder that is imported, like **/*.ann"
        raise mapping.error("files.annotations", f"{pattern!r}: {error}", remedy) from None
    if not files:
        raise UsageError(f"no file in it is like {pattern}", where=str(path), remedy="name the folder above them")
    metadata = _metadata(path, mapping)
    name_of = _name_pattern(mapping)
    annotated: Counter[str] = Counter()
    for file in files:
        names = {"name": file.stem}
        if found := name_of.fullmatch(file.stem):
            names |= found.groupdict("")
        text_file = file.parent / mapping.filled("files.text", names, "{name}.txt")
        if not text_file.is_file():
            yield Misfit("without a text", str(file), f"there is no {text_file}", "see files.text in the mapping")
            continue
        try:
            check_file(file)
            check_file(text_file)
            text, annotations = read_text(text_file), read_text(file)
        except UsageError as error:
            yield Misfit("not readable", error.where or str(file), error.detail, "save it as UTF-8")
            continue
        annotator = lasting_slug(name, MAX_NAME) if (name := names.get("annotator", "")) else ""
        encoding = mapping.encoding(names, annotator)
        first = not annotated[names["name"]]
        annotated[names["name"]] += 1
        row = metadata.get(names["name"], {})
        article, misfits = _article(_Annotations(file, annotations, text, mapping), encoding, row)
        yield from misfits
        yield replace(article, slug=lasting_slug(names["name"], MAX_NAME), first=first)


def _article(annotations: "_Annotations", encoding: Encoding, row: dict[str, str]) -> tuple[Article, list[Misfit]]:
    file, mapping = annotations.file, annotations.mapping
    none = mapping.get("metadata.none", [""])
    known = {key: row.get(column, "") for key, column in mapping.table("metadata").items() if isinstance(column, str)}
    known = {key: value.strip() for key, value in known.items() if value not in none}
    publisher = mapping.table("publishers").get(known.get("publisher", ""), "")
    article = Article(
        slug="",
        where=str(file),
        text=annotations.text,
        encoding=encoding,
        attributions=list(annotations.attributions(encoding.name)),
        language=mapping.get("defaults.language", "en"),
        facts=tuple((key, known[key]) for key in _FACTS if key in known),
        publisher=_organization(publisher) if publisher else None,
        authors=tuple(Agent(name.strip()) for name in re.split(r",| and ", known.get("author", "")) if name.strip()),
        text_licence=mapping.get("defaults.text-licence"),
        entities=[_organization(words) for words in mapping.table("publishers").values()],
    )
    return article, annotations.misfits


def _organization(words: str) -> Agent:
    """An organisation out of its id and its name, with a space between them."""
    id, _, label = words.partition(" ")
    return Agent(label, id, "Organization")


@dataclass
class _Annotations:
    """The lines of one file of annotations of a text."""

    file: Path
    written: str
    text: str
    mapping: Mapping
    misfits: list[Misfit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._spans: dict[str, tuple[Span | Located, ...]] = {}
        self._events: list[tuple[str, int, list[tuple[str, str]]]] = []
        self._same: dict[str, str] = {}
        broken = False
        # Only line feeds end a line: a span's words may hold any other character.
        for number, line in enumerate(self.written.removeprefix("\ufeff").split("\n"), 1):
            id, _, rest = line.rstrip("\r").partition("\t")
            if id[:1] == "T" and (found := _TEXT_BOUND.fullmatch(rest)):
                self._spans[id] = self._span(found[2], found[3] or "")
                # The words of a span over several lines go on in the next ones.
                broken = any("\n" in self.text[s.start : s.end] for s in self._spans[id] if isinstance(s, Span))
                self._left_out("left out", found[1], number, f"{id} is {{}}", "left-out")
            elif not (broken and _KIND.match(line) is None):
                self._line(id, rest, number, line)
                broken = False

    def _span(self, offsets: str, words: str) -> tuple[Span | Located, ...]:
        """The pieces of a span: with the words that the line gives for each, where the text has others there."""
        pieces: list[Span | Located] = []
        for start, end in (map(int, pair.split()) for pair in offsets.split(";")):
            given, words = words[: end - start], words[end - start :].lstrip(" ")
            there = self.text[start:end]
            same = given.split() == there.split() or (
                "\n" in there and "".join(there.split()).startswith("".join(given.split()))
            )
            pieces.append(Span(start, end) if same or not given else Located(given, start))
        return tuple(pieces)

    def _line(self, id: str, rest: str, number: int, line: str) -> None:
        """Take a line that is no span."""
        words = rest.split()
        match id[:1]:
            case "E" if words:
                (kind, *_), *roles = [part.split(":") for part in words]
                if kind in self.mapping.get("events.attribution", ["Attribution"]):
                    self._events.append((id, number, [(p[0], p[1]) for p in roles if len(p) == 2]))
                else:
                    remedy = "name it under events or left-out in the mapping"
                    self._left_out(f"event: {kind}", kind, number, f"{id} is of the type {kind}", remedy)
            case "R" if len(words) == 3:
                kind, *ends = words
                if kind in self.mapping.get("relations.same", []):
                    one, other = (end.partition(":")[2] for end in ends)
                    self._same[other] = one
                else:
                    remedy = "name it under relations or left-out in the mapping"
                    self._left_out(f"relation: {kind}", kind, number, f"{id} relates spans by {kind}", remedy)
            case "A" | "M" if words:
                remedy = "a claim has no place for it: name it under left-out in the mapping"
                self._left_out(f"attribute: {words[0]}", words[0], number, f"{id}: {rest}", remedy)
            case "#":
                self._left_out("note", "AnnotatorNotes", number, f"{id}: {rest[:80]}", "read it; it is not imported")
            case "N" | "*" if words:
                self._left_out("normalisation", words[0], number, f"{id}: {rest[:80]}", "use names.tsv for entities")
            case _ if line.strip():
                self._misfit("not of brat", number, f"the line is none of brat's standoff: {line[:60]!r}")

    def _left_out(self, kind: str, type: str, number: int, detail: str, remedy: str) -> None:
        """Tell of something that is left out; if the mapping does so, with its reason, it is no failure."""
        reason = self.mapping.table("left-out").get(type)
        if reason:
            detail = detail.format(reason) if "{}" in detail else f"{detail}: {reason}"
            self.misfits.append(Misfit(f"left out: {type}", f"{self.file}:{number}", detail, declared=True))
        elif remedy != "left-out":
            self._misfit(kind, number, detail, remedy)

    def attributions(self, annotator: str) -> Iterator[Attribution]:
        """The attributions, in the order of their first words in the text."""
        roles = {role: self.mapping.get(f"roles.{role}", [default]) for role, default in _ROLES.items()}
        # An event can be an argument of the one that reports it: all its spans are.
        spans_of = {id: [target for _, target in arguments] for id, _, arguments in self._events}
        found = []
        for id, number, arguments in self._events:
            spans: dict[str, list[Span | Located]] = {role: [] for role in roles}
            named = ""
            for role, target in arguments:
                plain = role.rstrip("0123456789")  # brat numbers arguments of one role: Content, Content2
                of_role = next((name for name, words in roles.items() if role in words or plain in words), None)
                pieces = [piece for span in spans_of.get(target, [target]) for piece in self._spans.get(span, ())]
                if of_role is None or not pieces:
                    detail = f"{id} has {role}:{target}, " + (
                        "which is not in the file" if of_role else "a role of none"
                    )
                    remedy = "annotate its words" if of_role else "name the role under roles in the mapping"
                    self._misfit(f"argument: {role}", number, detail, remedy)
                    continue
                spans[of_role] += pieces
                named = self._same.get(target, target) if of_role == "source" else named
            if not any(spans.values()):
                self._misfit("without spans", number, f"{id} has no spans", "annotate its cue and its content")
                continue
            words = " … ".join(self._words(piece) for piece in self._spans.get(named, ()))
            # “Lind’s claim” is Lind’s; the names of other formats are as somebody has written them.
            source = Agent(without_possessive(" ".join(words.split()))) if words.strip() else UNNAMED
            key = f"{annotator}-{id.lower()}" if annotator else id.lower()
            each = tuple(tuple(spans[role]) for role in ("words", "cue", "source"))
            found.append(Attribution(key, f"{self.file}:{number}", each[0], source, each[1], each[2]))
        yield from sorted(
            found, key=lambda a: min((p.start for p in (*a.words, *a.cue) if not isinstance(p, Quote)), default=0)
        )

    def _words(self, piece: Span | Located) -> str:
        return piece.exact if isinstance(piece, Located) else self.text[piece.start : piece.end]

    def _misfit(self, kind: str, number: int, detail: str, remedy: str = "") -> None:
        self.misfits.append(Misfit(kind, f"{self.file}:{number}", detail, remedy))


_ROLES = {"source": "Source", "cue": "Cue", "words": "Content"}


def _metadata(path: Path, mapping: Mapping) -> dict[str, dict[str, str]]:
    """The rows of the table of articles, by the name of the article's file."""
    if not (name := mapping.get("metadata.file")):
        return {}
    file = (path if path.is_dir() else path.parent) / name
    if not file.is_file():
        raise mapping.error("metadata.file", f"there is no {file}", "name the table from the folder that is imported")
    delimiter = "," if file.suffix == ".csv" else "\t"
    rows = csv.DictReader(
        read_text(file).removeprefix("\ufeff").splitlines(),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE,
    )
    key = mapping.get("metadata.key", "filename")
    if key not in (rows.fieldnames or ()):
        raise mapping.error("metadata.key", f"{file} has no column {key}", f"it has {', '.join(rows.fieldnames or ())}")
    return {row[key]: {k: v for k, v in row.items() if k and isinstance(v, str)} for row in rows if row[key]}


def _name_pattern(mapping: Mapping) -> re.Pattern[str]:
    try:
        return re.compile(mapping.get("files.name", "(?P<name>.*)"))
    except re.error as error:
        raise mapping.error("files.name", f"it is no pattern: {error}", "see Python's re") from None
