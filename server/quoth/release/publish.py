"""Building a release beside the others, and switching to it in one step.

The order of the steps makes a publication that is killed leave the old release or the new one: all files are written
under a name that nobody reads, synced to disk, renamed to the release's number, and only then does ``current`` change.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

import pyoxigraph as ox

from quoth.claim.model.part import Part, Recall
from quoth.claim.model.report import Progress
from quoth.errors import ReleaseError, UnavailableError
from quoth.release import identity, plan, statistics
from quoth.release import questions as own_questions
from quoth.release.build import advance, full, manifest_files
from quoth.release.build import parts as parts_of
from quoth.release.build.advance import LastRelease
from quoth.release.build.content import Content
from quoth.release.build.parts import Change, PartIndex
from quoth.release.current import BUILDING, fsync, lock, sweep, switch, sync
from quoth.release.draft import Draft, change_of_all
from quoth.release.dumps import nquads, tables
from quoth.release.history import diff, recorder
from quoth.release.history.schema import HISTORY
from quoth.release.integrity import VERIFIED_BYTES
from quoth.release.manifest import MANIFEST, Manifest
from quoth.release.plan import Plan
from quoth.release.redaction import redaction, redaction_record
from quoth.release.release import REPORT, Release, Releases
from quoth.sparql.named_queries import NamedQuery

_COUNTS = (tables.DOCUMENTS, tables.GONE)

Approve = Callable[[Plan], None]
"""Looks at the plan of a publication, and raises an error to stop it."""
Stage = Callable[[Release, Progress], None]
"""Has whatever else is to hold a release take it, before it is current, and raises an error to stop the publication."""


class Options(TypedDict):
    """What goes with a publication: the folder of the ``releases``, the ``base`` of the dataset, the reports of the
    check and the ``validator`` that judged the shapes, the corpus's own ``questions``.

    Unless ``force``, a current release that holds the same quads and questions stays current. ``progress`` is called
    with a stage (last, sort, dump, load, verify, count, index, engine, compare, finish), how much of it is done, and of
    how much (0: not known). ``approve`` is asked before anything is written, ``stage`` before the switch, of a release
    that stays, too. ``note`` is told, in a sentence, where a damaged release is passed over.
    """

    releases: Path
    base: str
    report_ttl: str
    report_json: str
    validator: NotRequired[str | None]
    questions: NotRequired[Sequence[NamedQuery]]
    progress: NotRequired[Progress | None]
    force: NotRequired[bool]
    approve: NotRequired[Approve | None]
    stage: NotRequired[Stage | None]
    note: NotRequired[Callable[[str], None] | None]


def publish(quads: Iterable[ox.Quad], **options: Unpack[Options]) -> Release:
    """Publish exactly these quads as the next release, and make it the current one; or return the current one, with
    ``reused`` set, where it holds the same.

    The last release is changed, where only some lines differ, rather than all made anew; the result is the same.

    Raises ReleaseError, and leaves nothing, where another publication is running, a quad has a blank node, or the
    store would not give a quad back as it is; NewerReleaseError where a newer version of Quoth published there.
    """
    return _publish(Draft.of_quads(quads), options)


def publish_parts(parts: Sequence[Part], recall: Recall, **options: Unpack[Options]) -> Release:
    """Publish the quads of these parts, as ``publish`` does. Where the last release was made of parts too, and those
    that are gone can be recalled, no others are read.

    Raises what ``publish`` raises.
    """
    return _publish(Draft.of_parts(parts, recall), options)


def _publish(draft: Draft, options: Options) -> Release:
    releases, base = options["releases"], options["base"]
    tell = options.get("progress") or (lambda stage, done, total: None)
    asked = own_questions.to_json(options.get("questions", ()))
    force, approve = options.get("force", False), options.get("approve")
    note: Callable[[str], None] = options.get("note") or (lambda text: None)
    stage: Stage = options.get("stage") or (lambda release, tell: None)

    def tick(done: int) -> None:
        tell("sort", done, 0)

    with lock(releases):
        known = Releases(releases)
        readable = known.readable()
        sweep(releases)
        if redaction.finish(releases, note):
            readable = known.readable()
        redactions = redaction_record.read(releases)
        draft = draft.after(redactions)
        number = max(known.numbers(), default=0) + 1
        current = _current(known, base)
        # Nothing is made of a damaged release, nor does it stay where it would be published again.
        usable = current if current is not None and not force and _is_whole(current, VERIFIED_BYTES) else None
        repeats = (
            usable is not None and usable.manifest.base == base and own_questions.to_json(usable.questions()) == asked
        )
        parts = parts_of.read(usable.path) if usable is not None and draft.recall else None
        if usable is not None and repeats and parts is not None and parts.keys == draft.keys:
            return _same(usable, stage, tell)
        last = None
        if usable is not None and usable.manifest.base == base and usable.number == readable[-1].number:
            tell("last", 0, 1)
            last = LastRelease.of(usable)
        before = last.release if last else next(filter(_has_whole_past, reversed(readable)), None)
        past_counts = next((r for r in reversed(readable) if last or _is_whole(r, names=_COUNTS)), None)
        building = releases / f"{BUILDING}{number}"
        for folder in (building, building / tables.SEGMENTS):
            folder.mkdir()
        source = building / "source.nq"
        try:
            told = draft.change(last, parts, tick) if last is not None and parts is not None else None
            change, index = told or (None, None)
            if change is None:
                index = draft.sort(source, base, tick)
                change = change_of_all(source, usable) if usable is not None else None
            if usable is not None and repeats and change is not None and not (change.removed or change.added):
                return _same(usable, stage, tell)
            if approve is not None:
                alike = [r for r in reversed(readable) if str(r.manifest.base) == str(base)]
                alike.sort(key=lambda release: release != current)  # the current one first
                unread = [] if current else sorted({*known.numbers()} - {release.number for release in readable})
                approve(plan.of_newest(alike, unread, source, base, change, force, note))
            if lost := [n for n in known.numbers() if before is None or n > before.number]:
                on = "begins anew" if before is None else f"goes on from release {before.number}"
                note(f"release {lost[-1]} is damaged: the history of the next one {on}")
            # Not before a release before it, should the clock have gone back: what changed is told in order of time.
            created = max([datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), *(r.manifest.created for r in readable)])
            _record(source, change if last else None, building / HISTORY, number, created, base, before)
            if last is not None and change is not None:
                content = advance.make(last, change, building, number, tell)
            else:
                content = full.make(source, building, base, number, past_counts, tell)
            source.unlink(missing_ok=True)
            _write(content, index, building, options, asked)
            counted = manifest_files.entries(content, building, usable)
            validator = options.get("validator")
            notices = [entry.notice for entry in redactions] or None
            manifest = Manifest(
                release=number, created=created, validator=validator, base=base, redacted=notices, **counted
            )
            (building / MANIFEST).write_text(manifest.to_json(), "utf-8")
            tell("finish", 0, 1)
            sync(building)
            stage(Release(number, building, manifest), tell)
            building.rename(releases / str(number))
        finally:
            shutil.rmtree(building, ignore_errors=True)
        fsync(releases)
        switch(releases, number)
        tell("finish", 1, 1)
        return known.open(number)


def _same(release: Release, stage: Stage, tell: Progress) -> Release:
    """The current release, which stays."""
    stage(release, tell)
    tell("finish", 1, 1)
    return replace(release, reused=True)


def _write(content: Content, index: PartIndex | None, building: Path, options: Options, questions: str) -> None:
    """Write the files beside the store and the lists."""
    (building / "report.ttl").write_text(options["report_ttl"], "utf-8")
    (building / REPORT).write_text(options["report_json"], "utf-8")
    (building / own_questions.QUESTIONS).write_text(questions, "utf-8")
    (building / statistics.STATISTICS).write_text(content.statistics.to_json(), "utf-8")
    tables.write_index(content.segments, building)
    if index is not None:
        index.write(building)


def _current(known: Releases, base: str) -> Release | None:
    """The current release, if it can be read and has that base as its own."""
    with suppress(UnavailableError, ReleaseError):
        current = known.current()
        return current if str(current.manifest.base) == str(base) else None
    return None


def _record(
    source: Path,
    change: Change | None,
    path: Path,
    number: int,
    created: str,
    base: str,
    last: Release | None,
) -> None:
    """Write the history of a release to ``path``. It goes on from that of the release ``last``, if that has the same
    base, which the ``change`` is of, if that is known; else all lines are in the file ``source``.

    Where an earlier version made the last release, history begins with it.
    """
    if last is not None and str(last.manifest.base) != str(base):
        last = None
    before = None if last is None else last.path / HISTORY
    earlier = last is not None and HISTORY not in last.manifest.files
    if last is not None and earlier:
        before = path.with_suffix(".first")
        recorder.record(before, last.number, last.manifest.created, ((line, True) for line in _lines(last, path)), base)
    if change is not None:
        recorder.record(path, number, created, change.lines(), base, before)
    else:
        with source.open("rb") as file:
            changed = diff.changed(() if last is None else _lines(last, path), file)
            recorder.record(path, number, created, changed, base, before)
    if before is not None and earlier:
        before.unlink(missing_ok=True)


def _has_whole_past(release: Release) -> bool:
    """Whether the files are as they were that the next history goes on from: the last one, and the lines, which the
    store has too."""
    return _is_whole(release, names=(HISTORY,)) and (_has_whole_dump(release) or _has_whole_store(release))


def _has_whole_dump(release: Release) -> bool:
    return _is_whole(release, names=(tables.NQUADS,))


def _has_whole_store(release: Release) -> bool:
    return bool(release.manifest.store) and _is_whole(release, names=(), with_store=True)


def _lines(release: Release, path: Path) -> Iterator[bytes]:
    """The lines of a release with a whole past, sorted: of its dump, or of its store, by a file beside ``path``."""
    if _has_whole_dump(release):
        yield from diff.lines(release)
        return
    spare, own = path.with_suffix(".lines"), identity.graph(release.manifest.base)
    stored = ox.Store.read_only(str(release.store_path))
    nquads.sort(nquads.to_lines(quad for quad in stored if quad.graph_name != own), spare)
    with spare.open("rb") as file:
        yield from file
    spare.unlink()


def _is_whole(
    release: Release, most_bytes: int | None = None, *, names: Collection[str] | None = None, with_store: bool = False
) -> bool:
    with suppress(ReleaseError):
        release.verify(most_bytes, names=names, with_store=with_store or names is None)
        return True
    return False
