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

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Encoding, Misfit, Span
from quoth.claim.importing.mapping import Mapping
from quoth.corpus.new import slug_of
from quoth.errors import UsageError
from quoth.resources import read_text

KEYS = {
    **dict.fromkeys(("files.annotations", "files.text", "files.name"), str),
    **dict.fromkeys(("metadata.file", "metadata.key", "metadata.author", "metadata.publisher"), str),
    **dict.fromkeys(("metadata.headline", "metadata.url", "metadata.datePublished", "metadata.section"), str),
    "metadata.none": list,
    "publishers.*": str,
    **dict.fromkeys(("events.attribution", "roles.source", "roles.cue", "roles.words", "relations.same"), list),
    "left-out.*": str,
}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_TEXT_BOUND = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")
_FACTS = ("headline", "url", "datePublished", "section")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a folder, or of one file of annotations. See ``Reader.read``."""
    pattern = mapping.get("files.annotations", "**/*.ann")
    files = [path] if path.is_file() else sorted(path.glob(pattern))
    if not files:
        raise UsageError(f"no file in it is like {pattern}", where=str(path), remedy="name the folder above them")
    metadata = _metadata(path, mapping)
    name_of = _name_pattern(mapping)
    annotated: Counter[str] = Counter()
    for file in files:
        names = {"name": file.stem}
        if found := name_of.fullmatch(file.stem):
            names |= found.groupdict("")
        text_file = file.parent / mapping.get("files.text", "{name}.txt").format_map(names)
        if not text_file.is_file():
            yield Misfit("without a text", str(file), f"there is no {text_file}", "see files.text in the mapping")
            continue
        annotator = slug_of(names.get("annotator", ""))
        encoding = mapping.encoding(names, annotator)
        first = not annotated[names["name"]]
        annotated[names["name"]] += 1
        row = metadata.get(names["name"], {})
        article, misfits = _article(file, read_text(text_file), encoding, row, mapping)
        yield from misfits
        yield replace(article, slug=slug_of(names["name"]), first=first)


def _article(
    file: Path, text: str, encoding: Encoding, row: dict[str, str], mapping: Mapping
) -> tuple[Article, list[Misfit]]:
    annotations = _Annotations(file, mapping)
    none = mapping.get("metadata.none", [""])
    known = {key: row.get(column, "") for key, column in mapping.table("metadata").items() if isinstance(column, str)}
    known = {key: value.strip() for key, value in known.items() if value not in none}
    misfits = annotations.misfits
    if (day := known.get("datePublished", "")) and not _DATE.fullmatch(day):
        misfits.append(Misfit("no date", str(file), f"{day!r} is no date", "write it like 2026-11-28"))
        del known["datePublished"]
    publisher = mapping.table("publishers").get(known.get("publisher", ""), "")
    id, _, label = publisher.partition(" ")
    article = Article(
        slug="",
        where=str(file),
        text=text,
        encoding=encoding,
        attributions=list(annotations.attributions(text, encoding.name)),
        language=mapping.get("defaults.language", "en"),
        facts=tuple((key, known[key]) for key in _FACTS if key in known),
        publisher=Agent(label, id, "Organization") if publisher else None,
        authors=tuple(Agent(name.strip()) for name in re.split(r",| and ", known.get("author", "")) if name.strip()),
        text_licence=mapping.get("defaults.text-licence"),
        entities=[Agent(label, id, "Organization")] if publisher else [],
    )
    return article, misfits


@dataclass
class _Annotations:
    """The lines of one file of annotations."""

    file: Path
    mapping: Mapping
    misfits: list[Misfit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._spans: dict[str, tuple[str, tuple[Span, ...]]] = {}
        self._events: list[tuple[str, int, str, list[tuple[str, str]]]] = []
        self._same: dict[str, str] = {}
        left_out = self.mapping.table("left-out")
        # Only line feeds end a line: a span's words may hold any other character.
        for number, line in enumerate(read_text(self.file).removeprefix("\ufeff").split("\n"), 1):
            id, _, rest = line.rstrip("\r").partition("\t")
            match id[:1]:
                case "T" if found := _TEXT_BOUND.match(rest):
                    pairs = (map(int, pair.split()) for pair in found[2].split(";"))
                    self._spans[id] = (found[1], tuple(Span(*pair) for pair in pairs))
                    if found[1] in left_out:
                        self._misfit(f"left out: {found[1]}", number, f"{id} is {left_out[found[1]]}")
                case "E":
                    (kind, *_), *roles = [part.split(":") for part in rest.split()] or [[""]]
                    if kind in self.mapping.get("events.attribution", ["Attribution"]):
                        pairs = [
                            (role.rstrip("0123456789") if role[-1:].isdigit() else role, *ids) for role, *ids in roles
                        ]
                        self._events.append((id, number, kind, [(p[0], p[1]) for p in pairs if len(p) == 2]))
                    elif kind:
                        self._misfit(
                            f"event: {kind}", number, f"{id} is of the type {kind}", "see events in the mapping"
                        )
                case "R":
                    kind, *ends = rest.split()
                    if kind in self.mapping.get("relations.same", []) and len(ends) == 2:
                        one, other = (end.partition(":")[2] for end in ends)
                        self._same[other] = one
                    else:
                        self._misfit(f"relation: {kind}", number, f"{id} relates spans by {kind}", "see relations")
                case "A" | "M":
                    self._misfit(f"attribute: {rest.partition(' ')[0]}", number, f"{id}: {rest}")
                case "N" | "#" | "*" | "":
                    if id:
                        self._misfit("note" if id[0] == "#" else "normalisation", number, f"{id}: {rest[:80]}")
                case _:
                    self._misfit("not of brat", number, f"the line is none of brat's standoff: {line[:60]!r}")

    def attributions(self, text: str, annotator: str) -> Iterator[Attribution]:
        """The attributions, in the order of their first words in the text."""
        roles = {role: self.mapping.get(f"roles.{role}", [default]) for role, default in _ROLES.items()}
        found = []
        for id, number, _kind, arguments in self._events:
            spans: dict[str, list[Span]] = {role: [] for role in roles}
            named = ""
            for role, target in arguments:
                of_role = next(
                    (name for name, words in roles.items() if role in words or role.rstrip("s") in words), None
                )
                if target not in self._spans or of_role is None:
                    self._misfit(f"argument: {role}", number, f"{id} has {role}:{target}, which nothing stands for")
                    continue
                spans[of_role] += self._spans[target][1]
                named = self._same.get(target, target) if of_role == "source" else named
            if not any(spans.values()):
                self._misfit("without spans", number, f"{id} has no spans")
                continue
            source = UNNAMED
            if named:
                words = " … ".join(text[s.start : s.end] for s in self._spans.get(named, ("", ()))[1])
                source = Agent(" ".join(words.split())) if words.strip() else UNNAMED
            key = f"{annotator}-{id.lower()}" if annotator else id.lower()
            each = tuple(tuple(spans[role]) for role in ("words", "cue", "source"))
            found.append(Attribution(key, f"{self.file}:{number}", each[0], source, each[1], each[2]))
        yield from sorted(found, key=lambda a: min((*a.words, *a.cue)) if (*a.words, *a.cue) else (0, 0))

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
