"""What changed from one release to another: the resources that are new or gone, and the others property by property.

Both sides are read as sorted lines (dumps/nquads.py), so that only what differs is held in memory.
"""

import gzip
import sys
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import IO, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDFS, SKOS
from quoth.corpus import bases
from quoth.errors import ReleaseError
from quoth.release import identity
from quoth.release.dumps import nquads
from quoth.release.dumps.segments import Segment
from quoth.release.dumps.tables import NQUADS, concatenated, subject_of, tables
from quoth.release.history.changes import Statement
from quoth.release.release import Release

LINKS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
"""The properties of links to other datasets."""
LABELS = tuple(str(term).encode() for term in (RDFS.label, SKOS.prefLabel))
"""The properties that name a resource, as they stand in lines."""
_NEVER_CUT = tuple(str(term).encode() for term in (QUOTH.withdraws, *LINKS))


@dataclass
class Difference:
    """The difference of two releases: IRIs of resources in their order, changes by resource, and the lines that are
    gone and new.

    Where it is ``cut``, changes are empty, and of the lines it has notices of withdrawals and links alone."""

    added: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    changed: dict[str, list[Statement]] = field(default_factory=dict)
    removed_lines: list[bytes] = field(default_factory=list)
    added_lines: list[bytes] = field(default_factory=list)
    cut: bool = False


def between(before: Release, after: Release) -> Difference:
    """What changed from one release to another of the same base, but for what releases say of themselves.

    Segments that both have are not read: all lines about a subject are in one.
    """
    held = [{segment.sha256 for segment in segments_of(release)} for release in (before, after)]
    shared = held[0] & held[1]
    return compare(lines(before, shared), lines(after, shared), after.manifest.base)


def lines(release: Release, without: Collection[str] = ()) -> Iterator[bytes]:
    """The lines of a release's quads, sorted, without those about the release itself, and without the segments that
    have one of those SHA-256. Raises ReleaseError for a release whose lines cannot be read."""
    own = f" {identity.graph(release.manifest.base)} .\n".encode()
    segments = [segment for segment in segments_of(release) if segment.sha256 not in without]
    with (
        _readable(release),
        concatenated(segments) if segments or without else release.open_file(NQUADS) as packed,
        gzip.open(packed) as file,
    ):
        yield from (line for line in cast(IO[bytes], file) if not line.endswith(own))


def about(release: Release, iris: Iterable[str]) -> Iterator[bytes]:
    """The lines of a release about resources, but for their parts. Raises ReleaseError as ``lines`` does."""
    keys = {f"<{iri}>".encode() for iri in iris}
    if segments := segments_of(release):
        with _readable(release):
            yield from tables(release.manifest.base)[NQUADS].of_keys(segments, keys)
    else:
        yield from (line for line in lines(release) if subject_of(line) in keys)


@contextmanager
def _readable(release: Release) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise ReleaseError(
            f"the quads of release {release.number} cannot be read: {error}",
            where=str(release.path),
            remedy="restore it from a copy, or publish anew: `quoth publish --force`",
        ) from None


def segments_of(release: Release) -> Sequence[Segment]:
    """The segments of a release's lines; none for a release of an earlier format."""
    return release.segments().get(NQUADS, [])


def compare(before: Iterable[bytes], after: Iterable[bytes], base: str, most: int = sys.maxsize) -> Difference:
    """The difference between some sorted lines and others; cut if more than ``most`` lines differ, to fit into memory.

    A resource is there where the default graph describes it, as for its document. What is said of anything but the
    resources of the dataset and their contents, such as of the terms of the ontology, is among the lines alone.
    """
    found, start = Difference(), bases.line_starts(base)
    subject, held, differing = b"", [False, False], 0
    for line, side in merged(before, after):
        name, predicate, _ = line.split(b" ", 2)
        if side is not Side.BOTH:
            differing += 1
            if differing > most and not found.cut:
                _cut(found, base)
            if found.cut:
                found.changed |= _wholes([line], base)
            if not found.cut or predicate in _NEVER_CUT:
                (found.removed_lines if side is Side.BEFORE else found.added_lines).append(line)
        if name != subject:
            _note(found, subject, held)
            subject, held = name, [False, False]
        if name.startswith(start) and b"#" not in name and nquads.describes(predicate):
            described = nquads.graph_of(line) == nquads.DEFAULT_GRAPH
            held[0] |= described and side is not Side.AFTER
            held[1] |= described and side is not Side.BEFORE
    _note(found, subject, held)
    if found.cut:
        found.changed = {iri: [] for iri in sorted(found.changed.keys() - {*found.added, *found.withdrawn})}
    else:
        found.changed = _changes(found, base)
    return found


def _cut(found: Difference, base: str) -> None:
    """Reduce a difference to what it has when it is cut."""
    found.cut = True
    for lines in (found.removed_lines, found.added_lines):
        found.changed |= _wholes(lines, base)
        lines[:] = (line for line in lines if line.split(b" ", 2)[1] in _NEVER_CUT)


def _wholes(lines: Iterable[bytes], base: str) -> dict[str, list[Statement]]:
    """The resources that lines are about, each without its changes."""
    start = bases.line_starts(base)
    named = ((nquads.graph_of(line), line.partition(b" ")[0]) for line in lines)
    wholes = (next((iri for iri in iris if iri.startswith(start)), b"") for iris in named)
    return {whole[1:-1].partition(b"#")[0].decode(): [] for whole in wholes if whole}


class Side(Enum):
    """The sides of a difference that have a line."""

    BOTH, BEFORE, AFTER = range(3)


def merged(before: Iterable[bytes], after: Iterable[bytes]) -> Iterator[tuple[bytes, Side]]:
    """Every line of either side in their order, once, with the side or sides that have it."""
    left, right = iter(before), iter(after)
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a < b):
            yield cast(bytes, a), Side.BEFORE
            a = next(left, None)
        elif a is None or b < a:
            yield b, Side.AFTER
            b = next(right, None)
        else:
            yield a, Side.BOTH
            a, b = next(left, None), next(right, None)


def changed(before: Iterable[bytes], after: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines that one side alone has, in their order, each with whether that is the side ``after``."""
    return ((line, side is Side.AFTER) for line, side in merged(before, after) if side is not Side.BOTH)


def patch(before: Release | None, after: Release) -> Iterator[bytes]:
    """The lines of an RDF Patch (https://afs.github.io/rdf-patch/) that makes the dump of the one release, or nothing,
    into that of the other; what each says of itself is among them. Raises ReleaseError as ``lines`` does."""
    held = [{segment.sha256 for segment in segments_of(release)} for release in (before, after) if release]
    shared = set.intersection(*held) if before else set[str]()
    sides = [(() if release is None else lines(release, shared), _own_lines(release)) for release in (before, after)]
    yield b"TX .\n"
    for old, new in zip(*sides, strict=True):
        yield from ((b"A " if is_new else b"D ") + line for line, is_new in changed(old, new))
    yield b"TC .\n"


def _own_lines(release: Release | None) -> list[bytes]:
    """The lines in which a release says who it is, sorted; none for one of the first, which do not."""
    if release is None or not release.says_who_it_is:
        return []
    manifest = release.manifest
    return identity.lines(manifest.base, release.number, manifest.content_sha256, manifest.quads)


def _note(found: Difference, subject: bytes, held: list[bool]) -> None:
    if held == [False, True]:
        found.added.append(subject[1:-1].decode())
    elif held == [True, False]:
        found.withdrawn.append(subject[1:-1].decode())


def _changes(found: Difference, base: str) -> dict[str, list[Statement]]:
    """The changes by resource, for those that are on both sides."""
    new_or_gone = {*found.added, *found.withdrawn}
    values: dict[str, dict[tuple[str, str, str], tuple[list[str], list[str]]]] = defaultdict(dict)
    for side, differing in enumerate((found.removed_lines, found.added_lines)):
        for quad in nquads.from_lines(differing):
            subject, graph = getattr(quad.subject, "value", ""), getattr(quad.graph_name, "value", "")
            whole = next((i.partition("#")[0] for i in (graph, subject) if i.startswith(bases.spaces(base))), "")
            if whole and whole not in new_or_gone:
                part = subject.removeprefix(whole)
                key = (part if part.startswith("#") or not part else subject, quad.predicate.value, graph)
                values[whole].setdefault(key, ([], []))[side].append(str(quad.object))
    return {
        iri: [Statement(*key, tuple(gone), tuple(new)) for key, (gone, new) in sorted(properties.items())]
        for iri, properties in sorted(values.items())
    }


def labels(found: Difference, before: Release | None, wanted: Collection[str] | None = None) -> dict[str, str]:
    """The label of each resource that is new, gone or changed and ``wanted`` (None: of all), as far as it has one: an
    English one first.

    They are among the lines that differ, else the release ``before`` has them, if there is one.
    """
    known: dict[str, ox.Literal] = {}

    def take(quads: Iterable[ox.Quad]) -> None:
        for quad in quads:
            iri, text = getattr(quad.subject, "value", ""), quad.object
            if isinstance(text, ox.Literal) and (iri not in known or text.language == "en"):
                known[iri] = text

    def named(lines: Iterable[bytes]) -> Iterator[bytes]:
        labels = (line for line in lines if line.split(b" ", 2)[1] in LABELS)
        return (line for line in labels if nquads.graph_of(line) == nquads.DEFAULT_GRAPH)

    take(nquads.from_lines(named((*found.removed_lines, *found.added_lines))))
    asked = (*found.withdrawn, *found.changed) if wanted is None else wanted
    if before is not None and (unknown := {iri for iri in asked if iri not in known}):
        take(nquads.from_lines(named(about(before, unknown))))
    return {iri: text.value for iri, text in known.items()}


def reasons(found: Difference) -> dict[str, str]:
    """The reason for each withdrawal and each change that a new notice gives, by the IRI of what it is about."""
    notices: list[tuple[str, str]] = []
    comments: dict[str, str] = {}
    for quad in nquads.from_lines(found.added_lines):
        subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if quad.predicate == QUOTH.withdraws:
            notices.append((value, subject))
        elif quad.predicate == QUOTH.correction and subject in found.changed:
            notices.append((subject, value))
        elif quad.predicate == RDFS.comment:
            comments.setdefault(subject, value)
    every: dict[str, list[str]] = defaultdict(list)
    for iri, notice in notices:
        every[iri] += [comments[notice]] if notice in comments else []
    return {iri: " ".join(texts) for iri, texts in every.items() if texts}
