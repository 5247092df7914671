"""Building a release beside the others, and switching to it in one step.

The order of the steps makes a publication that is killed leave the old release or the new one: all files are written
under a name that nobody reads, synced to disk, renamed to the release's number, and only then does ``current`` change.
"""

import heapq
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

import quoth
from quoth.claim.model.namespaces import QUOTH, RDF, SCHEMA, Term
from quoth.claim.model.report import Progress
from quoth.errors import NewerReleaseError, ReleaseError, UnavailableError
from quoth.index import build, claim_summaries
from quoth.release import diff, history, identity, nquads, resource_counts, statistics, store
from quoth.release import questions as own_questions
from quoth.release.current import SWITCHING, fsync, lock, switch
from quoth.release.release import CLAIMS, DUMPS, FORMAT, GRAPHS, MANIFEST, STORE, File, Manifest, Release, Releases
from quoth.sparql.named_queries import NamedQuery

Approve = Callable[[diff.Difference, Release], None]
"""Looks at what a publication would change in the current release, and raises an error where it must not."""

_BUILDING = ".building-"
_STEP = 10_000


def publish(
    quads: Iterable[ox.Quad],
    *,
    releases: Path,
    base: str,
    report_ttl: str,
    report_json: str,
    validator: str | None = None,
    questions: Sequence[NamedQuery] = (),
    progress: Progress | None = None,
    force: bool = False,
    approve: Approve | None = None,
) -> Release:
    """Publish exactly these quads, and the corpus's own questions, as the next release, and make it the current one.

    Unless ``force``, a current release that holds the same quads and questions stays current and is returned with
    ``reused`` set. ``validator`` is the software that judged the shapes, which the manifest names.
    ``progress`` is called with a stage (sort, dump, load, verify, finish), how much of it is done, and of how much
    (0: not known). ``approve`` is asked before anything is written, where a release of the same base is current.

    Raises ReleaseError, and leaves nothing, where another publication is running, a quad has a blank node, or the
    store would not give a quad back as it is; NewerReleaseError where a newer version of Quoth published there.
    """
    tell = progress or (lambda stage, done, total: None)
    with lock(releases):
        known = Releases(releases)
        readable = _readable(known)
        _sweep(releases)
        number = max(known.numbers(), default=0) + 1
        building = releases / f"{_BUILDING}{number}"
        building.mkdir()
        try:
            members: dict[str, set[str]] = {"graphs": set(), "claims": set(), "articles": set()}
            source = building / "source.nq"
            own = identity.graph(base)
            given = (quad for quad in quads if quad.graph_name != own)  # a dump has the graph of another release
            count = nquads.sort(nquads.to_lines(_watched(given, members, tell)), source)
            content = nquads.sha256(source)
            current = None
            with suppress(UnavailableError, ReleaseError):
                current = known.current()
            asked = own_questions.to_json(questions)
            if approve is not None and current is not None and current.manifest.base == base:
                with source.open("rb") as lines:
                    approve(diff.compare(diff.lines(current), lines, base), current)
            if current is not None and not force and _same(current, content, base, asked):
                tell("finish", 1, 1)
                return replace(current, reused=True)
            created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            _record(source, building / history.HISTORY, number, created, base, readable)
            count = _name(source, base, number, content, count)
            members["graphs"].add(own.value)
            tell("dump", 0, 2)
            nquads.write_nquads(source, building / "claims.nq.gz")
            tell("dump", 1, 2)
            asserted = nquads.write_trig(source, building / "claims.trig.gz", building / GRAPHS)
            tell("dump", 2, 2)
            (building / "report.ttl").write_text(report_ttl, "utf-8")
            (building / "report.json").write_text(report_json, "utf-8")
            store.load(source, building / STORE, count, tell)
            resources = resource_counts.write(source, building, base, readable[-1] if readable else None)
            statistics.write(source, building, base, resources)
            claims = build.write(building / STORE, building / build.INDEX_FILE)
            claim_summaries.write(source, building / build.INDEX_FILE)
            source.unlink()
            (building / own_questions.QUESTIONS).write_text(asked, "utf-8")
            names = (
                *(*DUMPS, *resource_counts.FILES, statistics.STATISTICS, build.INDEX_FILE, history.HISTORY),
                own_questions.QUESTIONS,
            )
            manifest = Manifest(
                format=FORMAT,
                release=number,
                created=created,
                software=f"quoth {quoth.__version__}",
                validator=validator,
                base=base,
                quads=count,
                asserted=asserted,
                graphs=len(members["graphs"]),
                claims=claims,
                claims_other_encodings=len(members["claims"]) - claims,
                articles=len(members["articles"]),
                content_sha256=content,
                files={name: _file(building / name) for name in names},
                store={file.name: _file(file) for file in sorted((building / STORE).iterdir()) if _lasting(file)},
                uncompressed={name.removesuffix(".gz"): File(*nquads.uncompressed(building / name)) for name in CLAIMS},
            )
            (building / MANIFEST).write_text(manifest.to_json(), "utf-8")
            tell("finish", 0, 1)
            _sync(building)
            building.rename(releases / str(number))
        finally:
            shutil.rmtree(building, ignore_errors=True)
        fsync(releases)
        switch(releases, number)
        tell("finish", 1, 1)
        return known.open(number)


def _file(path: Path) -> File:
    return File(path.stat().st_size, nquads.sha256(path))


def _lasting(file: Path) -> bool:
    """Whether a file of a store has data: not its lock or the log of its engine."""
    return file.is_file() and not file.name.startswith(("LOCK", "LOG"))


def _same(release: Release, content: str, base: str, questions: str) -> bool:
    """Whether a release has that content (SHA-256), base, and questions (the text of their file)."""
    known = (release.manifest.content_sha256, release.manifest.base)
    return known == (content, base) and own_questions.to_json(release.questions()) == questions


def _watched(quads: Iterable[ox.Quad], members: dict[str, set[str]], tell: Progress) -> Iterator[ox.Quad]:
    """The same quads; the IRIs that the manifest counts are added to ``members`` as the quads pass by.

    Raises ReleaseError for a quad with a blank node.
    """
    kinds: dict[Term, str] = {QUOTH.Claim: "claims", SCHEMA.Article: "articles", SCHEMA.NewsArticle: "articles"}
    for done, quad in enumerate(quads, 1):
        if any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object, quad.graph_name)):
            raise ReleaseError(f"a published quad has a blank node: {quad}", remedy="give it an IRI")
        if isinstance(quad.graph_name, ox.NamedNode):
            members["graphs"].add(quad.graph_name.value)
        elif quad.predicate == RDF.type and isinstance(quad.subject, ox.NamedNode) and quad.object in kinds:
            members[kinds[quad.object]].add(quad.subject.value)
        if done % _STEP == 0:
            tell("sort", done, 0)
        yield quad


def _name(source: Path, base: str, number: int, content: str, count: int) -> int:
    """Add what the release says of itself to the ``count`` sorted lines of a file: how many these are then."""
    total = count + identity.SIZE
    named = sorted(nquads.to_lines(identity.quads(base, number, content, total)))
    whole = source.with_suffix(".whole")
    with source.open("rb") as lines, whole.open("wb") as sink:
        sink.writelines(heapq.merge(lines, named))
    whole.replace(source)
    return total


def _record(source: Path, path: Path, number: int, created: str, base: str, readable: Sequence[Release]) -> None:
    """Write the history of a release with the lines in ``source`` to ``path``. It goes on from that of the last of the
    ``readable`` releases; where an earlier version made that release, history begins with it."""
    last = readable[-1] if readable and readable[-1].manifest.base == base else None
    before = None if last is None else last.path / history.HISTORY
    earlier = last is not None and history.HISTORY not in last.manifest.files
    if last is not None and earlier:
        before = path.with_suffix(".first")
        history.record(before, last.number, last.manifest.created, ((line, True) for line in diff.lines(last)), base)
    with source.open("rb") as lines:
        changed = diff.changed(() if last is None else diff.lines(last), lines)
        history.record(path, number, created, changed, base, before)
    if before is not None and earlier:
        before.unlink()


def _readable(known: Releases) -> list[Release]:
    """The releases that can be read, oldest first; a damaged one is in nobody's way.

    Raises NewerReleaseError for a folder with a release that this version cannot read: the two must not mix.
    """
    readable = []
    for number in known.numbers():
        try:
            readable.append(known.open(number))
        except NewerReleaseError:
            raise
        except ReleaseError:
            continue
    return readable


def _sweep(releases: Path) -> None:
    """Remove what a killed publication left. The caller has the lock."""
    for entry in releases.iterdir():
        if entry.name.startswith(_BUILDING):
            shutil.rmtree(entry)
        elif entry.name.startswith(SWITCHING):
            entry.unlink()


def _sync(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            fsync(Path(parent, name))
        fsync(Path(parent))
