"""Taking the words of a claim out of every release that is kept, because they must go.

A release that has them, or whose history does, is made anew beside the others, with a notice in place of the claim, and
then exchanged for the old one in one step. Nothing is deleted in place: what a database deletes stays in its file.
Killed anywhere, each release is the old or the new one, and to do it again finishes: the record comes first.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.errors import NotFoundError, ReleaseError
from quoth.release import resource_counts
from quoth.release.build import full, manifest_files
from quoth.release.build.content import Content
from quoth.release.current import BUILDING, check_exchange, exchange, fsync, lock, sweep, sync
from quoth.release.dumps import nquads, tables
from quoth.release.dumps.tables import GONE, NQUADS
from quoth.release.history import diff
from quoth.release.history.conclusion import CONCERNED
from quoth.release.history.past_changes import PastChanges, Wanted
from quoth.release.history.schema import HISTORY, WITHDRAWN
from quoth.release.manifest import MANIFEST
from quoth.release.questions import QUESTIONS
from quoth.release.redaction import redaction_record
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.redaction.words import BLANK, Words, position
from quoth.release.release import REPORT, Release, Releases
from quoth.release.statistics import STATISTICS

_TURTLE = "report.ttl"
_READ = (NQUADS, GONE, HISTORY, QUESTIONS, REPORT, _TURTLE)


@dataclass(frozen=True)
class Redacted:
    """The notice, and the numbers of the releases that were made anew, oldest first; ``mended``: of those that were
    damaged, what is said about that."""

    redaction: Redaction
    releases: Sequence[int]
    mended: Sequence[str] = ()


def redact(releases: Path, redaction: Redaction) -> Redacted:
    """Take a claim out of all releases that are kept. Where that was begun before, the notice stays the first one.

    Raises NotFoundError where no release has the claim or had it, and ReleaseError where a publication is running or a
    release cannot be read or made anew; the others have been then.
    """
    with lock(releases, "some releases still have the words; to run the command again takes them out of the rest"):
        sweep(releases)
        check_exchange(releases)
        record = redaction_record.read(releases)
        known = next((earlier for earlier in record if earlier.iri == redaction.iri), None)
        others = [earlier for earlier in record if earlier is not known]
        redaction = replace(known or redaction, complete=False)
        words = Words(redaction.iri)
        if known is None and not any(_has(release, words) for release in _whole(releases)):
            raise NotFoundError(f"no release in {releases} has the claim <{redaction.iri}>")
        redaction_record.write(releases, [*others, redaction])
        mended: list[str] = []
        return Redacted(redaction, finish(releases, mended.append), mended)


def finish(releases: Path, note: Callable[[str], None]) -> list[int]:
    """Take out of all releases what is on record and not complete; returns the numbers of those that were made anew.
    ``note`` is told of each that was damaged in what is not read for that. The caller has the lock. Raises ReleaseError
    as ``redact`` does."""
    made = set[int]()
    record = redaction_record.read(releases)
    for place, redaction in enumerate(record):
        if redaction.complete:
            continue
        whole, words = _whole(releases), Words(redaction.iri)
        # The later ones know by their history which words the earlier ones had; so these come first.
        having = [release for release in whole if not _is_done(release, redaction) and _has(release, words)]
        for release in having:
            words.meet(diff.lines(release))
        redaction = record[place] = replace(redaction, blanks=sorted(_blanks(redaction, having, whole, words)))
        redaction_record.write(releases, record)
        for release in having:
            damage = _damage(release)
            _replace(release, redaction, words)
            if damage:
                note(
                    f"release {release.number} was damaged: {damage}; it is whole again, made anew of its quads and"
                    " history, which are what was published"
                )
            made.add(release.number)
        if unread := {*Releases(releases).numbers()} - {release.number for release in whole}:
            raise ReleaseError(
                f"release {min(unread)} is damaged, and may have the words of <{redaction.iri}>",
                where=str(releases),
                remedy="delete its folder, or restore it from a copy, and redact again",
            )
        record[place] = replace(redaction, complete=True)
        redaction_record.write(releases, record)
    return sorted(made)


def _whole(releases: Path) -> list[Release]:
    """The releases of which all that a redaction reads is as it was."""
    whole = []
    for release in Releases(releases).readable():
        with suppress(ReleaseError):
            release.verify(names=_READ, with_store=False)
            whole.append(release)
    return whole


def _damage(release: Release) -> str:
    """What is said of a file that is not as it was; empty for a whole release."""
    try:
        release.verify()
    except ReleaseError as error:
        return error.detail
    return ""


def _is_done(release: Release, redaction: Redaction) -> bool:
    return any(entry["iri"] == redaction.iri for entry in release.manifest.redacted or ())


def _has(release: Release, words: Words) -> bool:
    """Whether a release or its history has the claim; the words that it has for it are taken in."""
    named = words.learn(diff.lines(release))
    if HISTORY in release.manifest.files:
        past = PastChanges(release.file(HISTORY))
        for change in past.changes(Wanted(iri=words.iri), limit=-1):
            words.near |= {change.article} - {""}
            for statement in change.statements:
                of_claim = not statement.part or statement.graph or statement.part.startswith("#anchor")
                for value in (*statement.before, *statement.after) if of_claim else ():
                    words.add_term(value)
        for seen in past.seen(words.iri):
            words.add_term(seen.value)
        named |= past.knows(words.iri)
    return named or any(iri == words.iri for iri, _ in resource_counts.read(release, GONE))


def _blanks(redaction: Redaction, having: Sequence[Release], whole: Sequence[Release], words: Words) -> set[str]:
    """The positions where releases have the words, but for those where the newest one has another text."""
    blanks = {*redaction.blanks}.union(*(words.blanks(diff.lines(release)) for release in having))
    if blanks:
        newest = words.lines(diff.lines(whole[-1]))
        blanks.difference_update(position(line) for line in newest if BLANK.encode() not in line)
    return blanks


def _replace(release: Release, redaction: Redaction, words: Words) -> None:
    """Make a release anew without the claim, and put it in the place of the old one."""
    building = release.path.with_name(f"{BUILDING}{release.number}")
    for folder in (building, building / tables.SEGMENTS):
        folder.mkdir()
    try:
        source = building / "source.nq"
        nquads.sort(chain(words.lines(diff.lines(release)), redaction.lines()), source)
        content = full.make(source, building, release.manifest.base, release.number, None, lambda *_: None)
        source.unlink()
        _write(content, release, building, words)
        if HISTORY in release.manifest.files:
            _write_history(release, building / HISTORY, redaction, words)
        notices = [*(release.manifest.redacted or ()), redaction.notice]
        entries = manifest_files.entries(content, building, None)
        manifest = replace(release.manifest, redacted=notices, **entries)
        (building / MANIFEST).write_text(manifest.to_json(), "utf-8")
        sync(building)
        exchange(building, release.path)
        fsync(release.path.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)  # by now it is the old one


def _write(content: Content, release: Release, building: Path, words: Words) -> None:
    """Write the files beside the store and the lists."""
    gone = (tables.row(f"<{iri}>".encode(), n) for iri, n in resource_counts.read(release, GONE) if iri != words.iri)
    table = tables.tables(release.manifest.base)[GONE]
    content.segments[GONE] = table.build(gone, building / tables.SEGMENTS)
    tables.write_index(content.segments, building)
    (building / STATISTICS).write_text(content.statistics.to_json(), "utf-8")
    for name in {REPORT, QUESTIONS} & release.manifest.files.keys():
        data = words.json(json.loads(release.file(name).read_text("utf-8")), near=name == REPORT)
        (building / name).write_text(json.dumps(data, indent=2, ensure_ascii=False), "utf-8")
    if _TURTLE in release.manifest.files:
        report = words.report(ox.parse(release.file(_TURTLE).read_bytes(), ox.RdfFormat.TURTLE))
        text = ox.serialize(report, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        (building / _TURTLE).write_bytes(cast(bytes, text))


_ITEM = "(SELECT iri FROM item WHERE item.id = item)"
_HISTORY = (
    "UPDATE change SET what = NULL, reason = NULL WHERE item = :item",
    f"UPDATE change SET what = without_in_json(what, {_ITEM}), reason = without(reason, {_ITEM})",
    "DELETE FROM seen WHERE item = :item",
    f"UPDATE OR REPLACE seen SET value = without(value, {_ITEM})",
    f"INSERT INTO change (release, item, kind, reason, by, date) SELECT :number, id, {WITHDRAWN}, :reason, :by, :date"
    " FROM item WHERE id = :item AND first IS NOT NULL",
    CONCERNED.format("change.item = :item AND change.id > (SELECT max(last) FROM release)"),
    "UPDATE item SET described = 0, last = coalesce(last, :number) WHERE id = :item AND first IS NOT NULL",
    "UPDATE release SET last = (SELECT max(id) FROM change) WHERE number = :number",
)


def _write_history(release: Release, path: Path, redaction: Redaction, words: Words) -> None:
    """Write the history without what it says of the claim, which its last release withdrew."""
    copy = path.with_suffix(".copy")
    shutil.copyfile(release.file(HISTORY), copy)

    def without(text: str | None, iri: str) -> str | None:
        return text and words.without(text, iri in words.near)

    def without_in_json(text: str | None, iri: str) -> str | None:
        data = text and words.json(json.loads(text), iri in words.near)
        return data and json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    with closing(sqlite3.connect(copy)) as connection:
        connection.create_function("without", 2, without)
        connection.create_function("without_in_json", 2, without_in_json)
        item = connection.execute("SELECT coalesce(max(id), 0) FROM item WHERE iri = ?", (redaction.iri,)).fetchone()
        date = f"{redaction.date} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        values = {"item": item[0], "number": release.number, "reason": redaction.reason, "date": date}
        with connection:
            for statement in _HISTORY:
                connection.execute(statement, values | {"by": redaction.by or None})
        connection.execute("VACUUM INTO ?", (str(path),))  # without what was deleted
    copy.unlink()
