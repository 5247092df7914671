"""Anchors: quotations with their place in a text (Web Annotation Data Model §4.2.4, §4.2.5).

Offsets count Unicode code points from 0; the end is exclusive. They count in the unchanged text of the file: line feeds
included, nothing normalised.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from quoth.claim.checking.nearest_words import TextSearch, as_written
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.licences import PASSAGES, Passages
from quoth.claim.model.namespaces import DCTERMS, OA, QUOTH, SCHEMA
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.corpus import quoth_toml
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

TEXT_SUFFIXES = (".txt", ".text", ".md")
MAX_WORDS = 30
"""Words that one anchor may have."""

FILL_OFFSETS = "run quoth draft --anchors on this file"
LETTER_BY_LETTER = "quote the text letter by letter"


@dataclass(frozen=True)
class Anchor:
    """One oa:SpecificResource. ``start`` and ``end`` are None for an anchor that has only its quotation."""

    iri: str
    text: str
    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Text:
    """The record of an article's text in a document: SHA-256 of the file's bytes, length in code points, the IRI of its
    own licence, if it has one."""

    article: str
    sha256: str
    length: int
    licence: str = ""


class Texts:
    """The texts in a directory by their SHA-256, so that no file name has to be agreed on: its files with a suffix in
    ``TEXT_SUFFIXES``, in upper or lower case. Folders are passed over, but the directory of a corpus stands for the
    texts of the corpora that it names, too.

    Raises UsageError for a link that leads nowhere, and for what is no file or cannot be read.
    """

    def __init__(self, directory: Path) -> None:
        if not directory.is_dir():
            raise UsageError("there is no such directory", where=str(directory), remedy="name the texts' directory")
        self.directory = directory
        self._bases = quoth_toml.text_folders(directory)
        files = (p for folder in self._bases for p in sorted(folder.iterdir()))
        texts = (p for p in files if p.suffix.lower() in TEXT_SUFFIXES and not p.is_dir())
        self._paths = {sha256(p): p for p in texts}

    @property
    def hashes(self) -> list[str]:
        """The hashes of the texts, in order."""
        return sorted(self._paths)

    def get(self, sha256: str) -> str | None:
        """The text with that hash, or None. Raises UsageError for a file that is not UTF-8."""
        path = self.path(sha256)
        return None if path is None else read_text(path)

    def path(self, sha256: str) -> Path | None:
        """The file of the text with that hash, or None."""
        return self._paths.get(sha256.lower())

    def named(self, article: str) -> Path | None:
        """The text whose file has the name of an article (IRI), without its suffix; None where there is none. A text of
        that name in a corpus with another base is not it."""
        slug, bases = article.rpartition("/")[2], filter(None, self._bases.values())
        own = max((base for base in bases if article.startswith(base)), key=len, default=self._bases[self.directory])
        named = (path for path in self._paths.values() if path.stem.lower() == slug)
        return next((path for path in named if self._bases[path.parent] == own), None)


def sha256(path: Path) -> str:
    """The hash of a text, as hexadecimal digits. Raises UsageError for what is no file or cannot be read."""
    check_file(path)
    try:
        with path.open("rb") as text:
            return hashlib.file_digest(text, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(error.strerror or "it cannot be read", where=str(path)) from None


def places(text: str, quote: Anchor, most: int | None = None) -> list[int]:
    """The offsets of the quotation between its prefix and its suffix in the text; the first ``most`` of them."""
    offsets: list[int] = []
    context = quote.prefix + quote.exact + quote.suffix
    at = text.find(context)
    while at >= 0 and quote.exact and len(offsets) != most:
        offsets.append(at + len(quote.prefix))
        at = text.find(context, at + 1)
    return offsets


def anchors(index: TripleIndex) -> list[Anchor]:
    """Every anchor that has a quotation, in the order of the documents."""
    return [anchor(index, iri) for iri in index.having(OA.hasSelector)]


def anchor(index: TripleIndex, iri: str) -> Anchor:
    """The anchor of that IRI."""
    selectors = index.values(iri, OA.hasSelector)
    words = (next((v for s in selectors for v in index.values(s, p)), "") for p in (OA.exact, OA.prefix, OA.suffix))
    numbers = ((index.number(s, p) for s in selectors) for p in (OA.start, OA.end))
    exact, prefix, suffix = words
    start, end = (next((n for n in offsets if n is not None), None) for offsets in numbers)
    return Anchor(iri, index.value(iri, OA.hasSource), exact, prefix, suffix, start, end)


def texts_of(index: TripleIndex) -> dict[str, Text]:
    """The IRI of a text → its record."""
    records = {}
    for article in index.having(SCHEMA.encoding):
        for text in index.values(article, SCHEMA.encoding):
            length = index.number(text, QUOTH.textLength)
            if length is not None:
                licence = index.value(text, DCTERMS.license)
                records[text] = Text(article, index.value(text, SCHEMA.sha256), length, licence)
    return records


def verify(index: TripleIndex, texts: Texts | None, passages: Passages = PASSAGES) -> list[Finding]:
    """Check every anchor against its text where that is at hand, and always all anchors against each other; and how
    much of a text they quote, unless its licence allows all of it."""
    findings: list[Finding] = []
    recorded = texts_of(index)
    by_text: dict[str, list[Anchor]] = defaultdict(list)
    for each in anchors(index):
        by_text[each.text].append(each)
    for iri, members in by_text.items():
        if iri not in recorded:
            continue  # the shapes report that the record of the text is missing
        record = recorded[iri]
        article = record.article
        text = texts.get(record.sha256) if texts else None
        if texts and text is None:
            findings.append(_absent(texts, record))
        if text is not None and len(text) != record.length:
            message = f"the text has {len(text)} code points, not {record.length}"
            findings.append(Finding(message, "text-length", focus=article, remedy=f"set the length to {len(text)}"))
        search = None if text is None else TextSearch(text)
        if not passages.may_be_whole(record.licence):
            findings += [*map(_too_long, filter(_is_long, members)), *_too_much(members, record, passages)]
        for anchor in members:
            findings += _check(anchor, record.length, search)
        if text is None:
            findings += _compare(members, record.length)
    return findings


def _absent(texts: Texts, record: Text) -> Finding:
    """The finding about a text that is not at hand: a warning that nobody could look, or that it was changed."""
    slug = record.article.rpartition("/")[2]
    if named := texts.named(record.article):
        message = f"{named} is not the recorded text: its SHA-256 is {sha256(named)}, not {record.sha256[:12]}…"
        remedy = "put the text there unchanged, or let quoth recheck compare the quotations with the new one"
        return Finding(message, "text-changed", focus=record.article, remedy=remedy)
    message = f"its quotations could not be compared with its text: none in {texts.directory} has its SHA-256"
    message += f" {record.sha256[:12]}…"
    remedy = f"put the text there unchanged, as {slug}.txt; without it, only their offsets are compared"
    return Finding(message, "text-at-hand", "Warning", focus=record.article, remedy=remedy)


def _is_long(anchor: Anchor) -> bool:
    return len(anchor.exact.split()) > MAX_WORDS


def _too_long(anchor: Anchor) -> Finding:
    message = f"the quotation has {len(anchor.exact.split())} words; an anchor has at most {MAX_WORDS}"
    remedy = "quote the fewest words that carry the assertion, in several anchors if need be"
    return Finding(message, "anchor-words", focus=anchor.iri, remedy=remedy)


def _too_much(members: list[Anchor], record: Text, passages: Passages) -> Iterator[Finding]:
    """A finding where the quotations of a text, each letter counted once, are more of it than they may be."""
    if record.length < passages.least:
        return
    ends = sorted((a.start, a.end) for a in members if a.start is not None and a.end is not None and a.start >= 0)
    quoted = reached = 0
    for start, end in ends:
        quoted += max(0, min(end, record.length) - max(start, reached))
        reached = max(reached, end)
    if quoted * 100 > passages.percent * record.length:
        share = f"{100 * quoted / record.length:.0f} %"
        most = passages.percent
        message = f"its claims quote {share} of its text, and no licence of the text allows more than {most} %"
        remedy = (
            "quote less; or state the licence of the text, if it has one that lets anybody pass it on (text: {sha256:"
            " …, length: …, licence: …}); or set quoted_percent in quoth.toml, if you have permission"
        )
        yield Finding(message, "quoted-share", focus=record.article, remedy=remedy)


def _check(anchor: Anchor, length: int, search: TextSearch | None) -> Iterator[Finding]:
    """The first thing that is wrong with the words or offsets of an anchor, in a text of ``length`` code points that is
    searched if it is at hand."""
    offsets = places(search.text, anchor) if search else []
    if search and not offsets:
        yield missing(anchor, search)
        return
    start, end = anchor.start, anchor.end
    if start is None or end is None:
        return  # the shapes ask for offsets
    place = min(offsets, key=lambda at: (abs(at - start), at), default=start)
    rule, message = "", ""
    if not 0 <= start < end <= length:
        rule, message = "anchor-bounds", f"offsets {start} to {end} are not within a text of {length} code points"
    elif search and start not in offsets:
        words_there = excerpt(search.text[start:end])
        where = f"not {excerpt(anchor.exact)}, which is at {_listed(offsets)}"
        rule, message = "anchor-text", f"at {start} the text has {words_there}, {where}"
    elif end - start != len(anchor.exact):
        quotation = f"{excerpt(anchor.exact)} has {len(anchor.exact)} code points"
        rule, message = "anchor-length", f"{quotation}, but {start} to {end} is {end - start}"
    if rule:
        remedy = f"set start to {place} and end to {place + len(anchor.exact)}" if search else FILL_OFFSETS
        yield Finding(message, rule, focus=anchor.iri, remedy=remedy)


def missing(anchor: Anchor, search: TextSearch) -> Finding:
    """The finding about a quotation that is not in its text, with the words of the text that are nearest to it."""
    text, quotation = search.text, excerpt(anchor.exact)
    if bare := places(text, replace(anchor, prefix="", suffix=""), 6):
        start, end = bare[0], bare[0] + len(anchor.exact)
        before = text[max(0, start - len(anchor.prefix)) : start] if anchor.prefix else ""
        after = text[end : end + len(anchor.suffix)]
        around = " and ".join(f"{excerpt(w)} {side} it" for w, side in ((before, "before"), (after, "after")) if w)
        message = f"the quotation {quotation} is at {_listed(bare)}, but not with its prefix and suffix"
        message += f": at {start} the text has {around}" if around else ""
        remedy = "copy the prefix and suffix from the text, or take them out"
    elif (nearest := search.nearest(anchor.exact)) and nearest.alike:
        message = f"the quotation {quotation} almost occurs at {nearest.start}: the text has {nearest.difference}"
        remedy = f"write exact: {as_written(nearest.words)}"
    elif nearest:
        words = f"whose nearest words are {excerpt(nearest.words)} at {nearest.start}"
        message, remedy = f"the quotation {quotation} is not in the text, {words}", LETTER_BY_LETTER
    else:
        message, remedy = f"the quotation {quotation} is not in the text", LETTER_BY_LETTER
    return Finding(message, "anchor-quotation", focus=anchor.iri, remedy=remedy)


def _compare(anchors: list[Anchor], length: int) -> Iterator[Finding]:
    """Findings about overlapping quotations, which must agree letter by letter."""
    known: dict[int, tuple[str, str]] = {}
    for anchor in anchors:
        if anchor.start is None or not 0 <= anchor.start - len(anchor.prefix) <= length:
            continue
        run = anchor.prefix + anchor.exact + anchor.suffix
        for at, letter in enumerate(run[: length + 1], anchor.start - len(anchor.prefix)):
            before, other = known.setdefault(at, (letter, anchor.iri))
            if before != letter:
                message = f"at {at} this quotation has {letter!r}, but that of <{other}> has {before!r}"
                remedy = "one of the two has wrong words or offsets"
                yield Finding(message, "anchor-agreement", focus=anchor.iri, remedy=remedy)
                break


def _listed(places: list[int]) -> str:
    return ", ".join(str(p) for p in places[:5]) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
