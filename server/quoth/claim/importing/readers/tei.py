"""TEI (P5): speeches of transcripts (``u`` with ``@who``), and in other texts ``said`` and ``quote``.

Who speaks is described in the text itself (``listPerson``), or in registers beside it, which the mapping names
(``files.registers``). XML is read without a document type, entities and the network.
"""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from quoth.claim.importing.article import Article, Misfit
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers.tei_people import People
from quoth.claim.importing.readers.tei_text import TEI, XML, Body, words
from quoth.corpus.new import lasting_slug
from quoth.errors import UsageError
from quoth.resources import check_file

KEYS = {
    **dict.fromkeys(("files.documents", "files.registers", "entities.person", "entities.org"), str),
    "left-out.*": str,
}
MAX_DEPTH = 100
"""Elements within each other."""
MAX_SLUG = 120
"""Characters of the name of a text in IRIs."""

_ADDRESS = re.compile(r'https?://[^\s<>"{}|\\^`]+')
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The texts of a folder, or of one file. See ``Reader.read``."""
    folder = path if path.is_dir() else path.parent
    registers = sorted(folder.glob(pattern)) if (pattern := mapping.get("files.registers")) else []
    files = [path] if path.is_file() else sorted(path.glob(mapping.get("files.documents", "**/*.xml")))
    files = [file for file in files if file not in registers]
    if not files:
        raise UsageError("no file in it has the suffix .xml", where=str(path), remedy="name the folder of the texts")
    people = People(mapping)
    for file in registers:
        root = _parsed(file)
        if isinstance(root, Misfit):
            yield root
        else:
            people.learn(root)
    for file in files:
        yield from _texts(file, people, mapping)


def _texts(file: Path, people: People, mapping: Mapping) -> Iterator[Article | Misfit]:
    """The texts in a file: one, or those of a corpus (``teiCorpus``)."""
    root = _parsed(file)
    if isinstance(root, Misfit):
        yield root
        return
    if root.tag not in (f"{TEI}TEI", f"{TEI}teiCorpus"):
        detail = f"its root is {root.tag[:60]}, and not TEI of the namespace {TEI.strip('{}')}"
        yield Misfit("not TEI", str(file), detail, "give TEI P5, with its namespace")
        return
    people.learn(root)
    # In a corpus, each text has a name of its own, or else a number.
    for number, text in enumerate(root.iter(f"{TEI}TEI"), 1):
        name = text.get(f"{XML}id", "") or (file.stem if number == 1 else f"{file.stem}-{number}")
        yield from _article(file, name, text, people, mapping)


def _parsed(file: Path) -> Element | Misfit:
    """The root of a file, or why it is not read."""
    try:
        check_file(file)
        root = parse(file, forbid_dtd=True).getroot()
    except ParseError as error:
        line, column = error.position
        return Misfit("not XML", f"{file}:{line}:{column + 1}", f"it is not XML: {error.msg}", "correct it")
    except DefusedXmlException:
        data = file.read_bytes()
        found = _DECLARATION.search(data)
        line = data.count(b"\n", 0, found.start() if found else 0) + 1
        detail = "it has a document type or entities, which are not read"
        return Misfit("not read", f"{file}:{line}", detail, "take the document type out, and write its entities out")
    except (UsageError, ValueError, LookupError) as error:
        detail = error.detail if isinstance(error, UsageError) else f"it cannot be read: {error}"
        return Misfit("not read", str(file), detail, "save it as UTF-8")
    if root is None or _depth(root) > MAX_DEPTH:
        detail = f"it has more than {MAX_DEPTH} elements within each other"
        return Misfit("not read", str(file), detail, "is it the text that you meant?")
    return root


def _depth(root: Element) -> int:
    """The depth of the elements, as far as it is of interest."""
    depth, level = 1, [root]
    while level and depth <= MAX_DEPTH:
        level = [child for element in level for child in element]
        depth += bool(level)
    return depth


def _article(file: Path, name: str, root: Element, people: People, mapping: Mapping) -> Iterator[Article | Misfit]:
    body = Body(str(file), people)
    for element in root.findall(f".//{TEI}body"):
        body.add(element)
    if not body.attributions:
        yield Misfit("not a text", str(file), "it has no speeches (u), sayings (said) or quotations (quote) with words")
        return
    known = mapping.table("left-out")
    for kind, number in sorted(body.left_out.items()):
        reason = known.get(kind, "no part of what is said")
        remedy = "" if kind in known else f'say why under [left-out] in a mapping: "{kind}" = "…"'
        yield Misfit(f"left out: {kind}", str(file), f"{number} {kind}: {reason}", remedy, kind in known, number)
    yield Article(
        slug=lasting_slug(name.removesuffix(".xml"), MAX_SLUG),
        where=str(file),
        text=str(body),
        encoding=mapping.encoding({"name": file.stem}),
        attributions=body.attributions,
        language=(language := mapping.get("defaults.language") or root.get(f"{XML}lang", "en")),
        facts=tuple(_facts(root, language)),
        text_licence=mapping.get("defaults.text-licence") or _licence(root),
        entities=people.spoken(),
    )


def _facts(root: Element, language: str) -> Iterator[tuple[str, object]]:
    """The title in the language of the text, the address of the source, and the day of what was said."""
    titles = root.findall(f".//{TEI}titleStmt/{TEI}title")
    own = [title for title in titles if title.get(f"{XML}lang", language) == language]
    # Of titles in one language, the one below the main one says which text of a series it is.
    title = next((t for t in own if t.get("type") == "sub"), next(iter(own or titles), None))
    if title is not None and words(title):
        yield "headline", words(title)
    for page in root.iterfind(f".//{TEI}sourceDesc//{TEI}idno[@type='URI']"):
        if _ADDRESS.fullmatch(words(page)):
            yield "url", words(page)
            break
    dates = root.iterfind(f".//{TEI}settingDesc//{TEI}date")
    if day := next((day for date in dates if (day := _day(date.get("when") or date.get("from") or ""))), ""):
        yield "datePublished", day


def _day(written: str) -> str:
    try:
        return datetime.date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return ""


def _licence(root: Element) -> str:
    """The address of the licence of a text, the one under which it is known; empty if it states none."""
    for licence in root.iterfind(f".//{TEI}availability/{TEI}licence"):
        for stated in (licence.get("target", ""), words(licence)):
            if _ADDRESS.fullmatch(stated):
                return re.sub(r"^http://(?=creativecommons\.org/)", "https://", stated)
    return ""
