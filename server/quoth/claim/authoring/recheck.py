"""The anchors of a document held against a new version of their text, and the document with those that moved.

A new version has the name that the text has: the file in the folder of texts that is called after the article. It is
told from the recorded text by its hash.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from quoth.claim.authoring import fill_offsets, text_change
from quoth.claim.authoring.outcomes import Change, Outcome
from quoth.claim.authoring.yaml_edits import Edits
from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Anchor, Text, Texts, sha256
from quoth.claim.model.namespaces import DCTERMS, QUOTH, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading import document, yaml_syntax
from quoth.errors import DocumentError
from quoth.resources import read_text

YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class Placed:
    """The outcome for an anchor, with its line in the document, and in YAML the mapping that has its offsets."""

    outcome: Outcome
    line: int
    mapping: CommentedMap | None = None


@dataclass(frozen=True)
class Recheck:
    """One text of a document: what the document records, the ``file`` that it was compared with, and what became of
    each anchor. ``earlier``: the records of earlier texts; ``owner``: whether the document has the record."""

    path: Path
    record: Text
    file: Path
    sha256: str
    length: int
    earlier: tuple[Text, ...]
    placed: tuple[Placed, ...]
    owner: bool

    @property
    def is_newer(self) -> bool:
        """Whether the text has another hash than the document records."""
        return self.sha256 != self.record.sha256

    def of(self, *changes: Change) -> list[Placed]:
        """The anchors with one of these outcomes, by their lines."""
        return sorted((p for p in self.placed if p.outcome.change in changes), key=lambda p: p.line)

    @property
    def to_write(self) -> bool:
        """Whether something in the document is to be moved, or a newer text recorded."""
        return bool(self.of(Change.MOVED)) or (self.is_newer and self.owner)


@dataclass(frozen=True)
class Absence:
    """A text that a document records, and that is not at hand."""

    path: Path
    record: Text


def rechecks(
    path: Path, base: str, texts: Texts | None, version: tuple[str, Path] | None = None
) -> Iterator[Recheck | Absence]:
    """The texts whose anchors a document has, each compared with the newest version at hand. ``version``: the slug of
    an article, and the file of its new text.

    Raises DocumentError for a document that cannot be read; UsageError for a text that is not UTF-8.
    """
    read = document.read(path, base)
    index = TripleIndex(read.quads)
    recorded = anchors.texts_of(index)
    every = anchors.anchors(index)
    named = dict.fromkeys(anchor.text for anchor in every if anchor.text)
    own, indexes = set(recorded), dict.fromkeys(recorded, index)
    if not named.keys() <= own:
        for iri, (record, beside) in fill_offsets.recorded_beside(path, base, named).items():
            recorded[iri], indexes[iri] = record, beside
    for iri in (iri for iri in dict.fromkeys((*named, *own)) if iri in recorded):
        record = recorded[iri]
        slug = record.article.rpartition("/")[2]
        if version and slug != version[0]:
            continue
        file = version[1] if version else _newest(record, texts)
        if file is None:
            yield Absence(path, record)
            continue
        of_text = [a for a in every if a.text == iri]
        if iri in own and (settled := _settled(path, record, file, of_text)):
            yield settled
            continue
        if path.suffix.lower() in YAML:
            tree = yaml_syntax.parse(path.read_bytes().decode("utf-8"), path)
            found = ((a, line, place[0][place[1]]) for a, line, place in fill_offsets.yaml_anchors(tree, iri) if place)
        else:
            found = ((a, read.lines.get(a.iri, 0), None) for a in of_text)
        yield _compare(path, record, file, _earlier(indexes[iri], iri, record.article), texts, found, iri in own)


def _newest(record: Text, texts: Texts | None) -> Path | None:
    """The file that has the article's name, or else the one with the recorded hash."""
    return (texts.named(record.article) or texts.path(record.sha256)) if texts else None


def _earlier(index: TripleIndex, iri: str, article: str) -> tuple[Text, ...]:
    """The earlier texts on record, the latest first."""
    texts = sorted(index.values(iri, QUOTH.earlierText), key=lambda t: index.value(t, DCTERMS.date), reverse=True)
    lengths = ((text, index.number(text, QUOTH.textLength)) for text in texts)
    return tuple(Text(article, index.value(text, SCHEMA.sha256), length) for text, length in lengths if length)


def _compare(
    path: Path,
    record: Text,
    file: Path,
    earlier: tuple[Text, ...],
    texts: Texts | None,
    found: Iterable[tuple[Anchor, int, Any]],
    owner: bool,
) -> Recheck:
    digest, text = sha256(file), read_text(file)
    placed = [(a, line, m) for a, line, m in found if isinstance(a.start, int) and isinstance(a.end, int) and a.exact]
    recorded = digest == record.sha256
    # An anchor that stands in the text that its own document records has been placed; others count in an earlier text.
    stands = [recorded and owner and _stands(anchor, text) for anchor, _, _ in placed]
    former = earlier[0] if earlier else None
    length = record.length if not recorded else former.length if former else None
    hashes = [t.sha256 for t in (record, *earlier) if t.sha256 != digest]
    olds = (old for h in dict.fromkeys(hashes) if texts and (old := texts.get(h)) is not None)
    others = [anchor for (anchor, _, _), standing in zip(placed, stands, strict=True) if not standing]
    outcomes = iter(text_change.changes(others, length, text, olds) if others else ())
    every = tuple(
        Placed(
            Outcome(anchor, Change.SAME, anchor.start) if standing else next(outcomes),
            line,
            mapping if isinstance(mapping, CommentedMap) else None,
        )
        for (anchor, line, mapping), standing in zip(placed, stands, strict=True)
    )
    return Recheck(path, record, file, digest, len(text), earlier, every, owner)


def _settled(path: Path, record: Text, file: Path, every: Iterable[Anchor]) -> Recheck | None:
    """The text as the document records it, if that is the file and each anchor stands in it. So it is with most
    documents, whose lines are not looked for then."""
    if sha256(file) != record.sha256:
        return None
    text = read_text(file)
    placed = [a for a in every if a.start is not None and a.end is not None and a.exact]
    if not all(_stands(anchor, text) for anchor in placed):
        return None
    # Levels that several claims share have anchors of one place, each claim its own.
    distinct = dict.fromkeys(replace(anchor, iri="") for anchor in placed)
    outcomes = tuple(Placed(Outcome(anchor, Change.SAME, anchor.start), 0) for anchor in distinct)
    return Recheck(path, record, file, record.sha256, len(text), (), outcomes, True)


def _stands(anchor: Anchor, text: str) -> bool:
    """Whether the quotation stands at its offsets, which are as far apart as it is long."""
    first = (anchor.start or 0) - len(anchor.prefix)
    run = anchor.prefix + anchor.exact + anchor.suffix
    return first >= 0 and text.startswith(run, first) and (anchor.end or 0) - (anchor.start or 0) == len(anchor.exact)


def moved(recheck: Recheck, day: str) -> str:
    """The document with the offsets of the anchors whose place is beyond doubt, and with the hash and the length of the
    new text beside those of the earlier one, until ``day``. Everything else in it is left as it is.

    Raises DocumentError for a document that is not in YAML, for a text in which no anchor has a certain place, and
    where an anchor stands by chance where it stood; with the line of what cannot be edited.
    """
    path = recheck.path
    if path.suffix.lower() not in YAML:
        raise DocumentError("only a document in YAML is edited", where=str(path), remedy="write what is listed by hand")
    if recheck.placed and not recheck.of(Change.SAME, Change.MOVED):
        raise DocumentError(
            f"nothing is written: no quotation has a place in {recheck.file} that is beyond doubt",
            where=str(path),
            remedy="make sure that the file is a version of this text",
        )
    if chance := next((p for p in recheck.placed if p.outcome.by_chance), None):
        raise DocumentError(
            "nothing is written: a quotation whose place is in doubt stands by chance at its old offsets too",
            where=f"{path}:{chance.line}",
            remedy="give it a prefix or a suffix that the new text has, and run this again",
        )
    written = path.read_bytes().decode("utf-8")
    edits = Edits(written, path)
    for placed in recheck.of(Change.SAME, Change.MOVED):
        anchor, start = placed.outcome.anchor, placed.outcome.start
        assert start is not None, "the place is certain"
        assert placed.mapping is not None, "an anchor with offsets is a mapping"
        edits.number(placed.mapping, "start", start)
        edits.number(placed.mapping, "end", start + len(anchor.exact))
    if recheck.is_newer and recheck.owner:
        text = yaml_syntax.parse(written, path)["text"]
        edits.digest(text, "sha256", recheck.sha256)
        edits.number(text, "length", recheck.length)
        if recheck.record.sha256 not in {text.sha256 for text in recheck.earlier}:
            record = recheck.record
            entry = f'{{sha256: "{record.sha256}", length: {record.length}, date: {day}}}'
            edits.first_entry(text, "earlier", entry, after="length")
    return edits.applied()
