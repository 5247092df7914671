"""The history of a dataset: which release added, changed, withdrew or brought back what, and why.

It is a file of each release, HISTORY, so that it is there when earlier releases are not. A publication copies the file
of the release before and adds to it what the lines say that are new or gone. Nothing else is read, and memory does not
grow with the lines: what is counted is in the file.

    release   the releases, each with its time and its last change
    item      every IRI that is named, how many statements describe it, the first and last release that described it
    change    what happened to an item in a release, with the reason, and the values before and after; what came after
              the release was made, a redaction, has its time behind the date
    tie       what each claim concerns (ROLES), by the number of the statements that say so
    concern   the changes by what they concern
    seen      labels and links: the first release that had each, and the last where it is gone
"""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from quoth.claim.model.namespaces import (
    DCTERMS,
    KINDS,
    LINKING,
    PROV,
    QUOTH,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    kind_of,
)
from quoth.corpus import bases
from quoth.index.database import writing
from quoth.release import nquads
from quoth.release.nquads import DEFAULT_GRAPH

HISTORY = "history.sqlite"
"""The name of the file."""

KINDS_OF_CHANGE = ("added", "changed", "withdrawn", "returned")
"""What can happen to an item; ``change.kind`` is the place in this tuple."""
ADDED, CHANGED, WITHDRAWN, RETURNED = range(4)

ROLES = ("article", "entity", "topic", "source")
"""How a claim concerns a thing; ``role`` is the place in this tuple."""
ARTICLE, ENTITY, TOPIC, SOURCE = range(4)

_SCHEMA = """
CREATE TABLE release (number INTEGER PRIMARY KEY, created TEXT NOT NULL, last INTEGER NOT NULL);
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, kind TEXT, described INTEGER NOT NULL DEFAULT 0,
  first INTEGER, last INTEGER);
CREATE TABLE change (id INTEGER PRIMARY KEY, release INTEGER NOT NULL, item INTEGER NOT NULL, kind INTEGER NOT NULL,
  reason TEXT, by TEXT, date TEXT, what TEXT);
CREATE INDEX change_of_item ON change (item);
CREATE INDEX change_of_kind ON change (kind);
CREATE TABLE tie (item INTEGER, role INTEGER, thing INTEGER, n INTEGER NOT NULL, PRIMARY KEY (item, role, thing))
  WITHOUT ROWID;
CREATE TABLE concern (role INTEGER, thing INTEGER, change INTEGER, PRIMARY KEY (role, thing, change)) WITHOUT ROWID;
CREATE TABLE seen (item INTEGER, property INTEGER, value TEXT, first INTEGER NOT NULL, last INTEGER, n INTEGER NOT NULL,
  PRIMARY KEY (item, property, value)) WITHOUT ROWID;
"""
_WORKING = """
CREATE TEMP TABLE touched (item INTEGER PRIMARY KEY, present INTEGER NOT NULL);
CREATE TEMP TABLE statement (item INTEGER, part TEXT, property TEXT, graph TEXT, side INTEGER, value TEXT);
CREATE TEMP TABLE note (iri TEXT, kind INTEGER, reason TEXT, by TEXT, date TEXT, PRIMARY KEY (iri, kind));
"""

_TYPE = str(RDF.type).encode()
_TIES = {
    str(term).encode(): role
    for term, role in (
        (PROV.wasQuotedFrom, ARTICLE),
        (SCHEMA.about, ENTITY),
        (QUOTH.concerns, TOPIC),
        (QUOTH.creditedTo, SOURCE),
    )
}
LABELS = (SKOS.prefLabel, RDFS.label, SKOS.altLabel)
"""The labels of which the first and last release are known, those that name the thing first."""
LINKS = tuple(sorted(LINKING, key=str))
"""The links of which the first and last release are known."""
_SEEN = {str(term).encode(): term.value for term in (*LABELS, *LINKS)}
_WITHDRAWS = str(QUOTH.withdraws).encode()
_CORRECTION = str(QUOTH.Correction).encode()
_NOTED = (RDFS.comment, PROV.wasAttributedTo, DCTERMS.date)
_RANKS = {word: rank for rank, word in reversed([*enumerate(KINDS.values())])}


def begin(path: Path) -> None:
    """Make the file of a history in which nothing has happened yet."""
    with writing(path) as connection:
        connection.executescript(_SCHEMA)


def record(
    path: Path, number: int, created: str, changed: Iterable[tuple[bytes, bool]], base: str, before: Path | None = None
) -> None:
    """Write the history of a release to ``path``: that of the release before, the file ``before``, and what changed.

    ``number`` and ``created`` are those of the release. ``changed`` are the lines that differ from the release before,
    sorted, each with whether it is new, or gone; without a release before, every line is new. Lines about the release
    itself are not among them.
    """
    if before is None:
        begin(path)
    else:
        shutil.copyfile(before, path)
    with writing(path) as connection:
        connection.executescript(_WORKING)
        _Recorder(connection, number, base).read(changed)
        _conclude(connection, number)
        connection.execute(
            "INSERT INTO release VALUES (?, ?, (SELECT coalesce(max(id), 0) FROM change))", (number, created)
        )


class _Recorder:
    """Takes the changed lines into the tables, one after the other."""

    def __init__(self, connection: sqlite3.Connection, number: int, base: str) -> None:
        self._execute = connection.execute
        self._number = number
        [(self._last,)] = connection.execute("SELECT coalesce(max(number), 0) FROM release")
        self._start = bases.line_starts(base)
        self._claims = bases.line_starts(base, "claim/")
        self._item = lru_cache(50_000)(self._numbered)
        self._touched = lru_cache(10_000)(self._touch)

    def _numbered(self, iri: bytes) -> int:
        """The number of an IRI (in angle brackets), which is entered where it is new."""
        name = iri[1:-1].decode()
        for (number,) in self._execute("SELECT id FROM item WHERE iri = ?", (name,)):
            return int(number)
        return self._execute("INSERT INTO item (iri) VALUES (?)", (name,)).lastrowid or 0

    def _touch(self, whole: bytes) -> tuple[int, bool]:
        """The number of a resource of which a line is new or gone, and whether the release before described it."""
        item = self._item(whole)
        [(present,)] = self._execute("SELECT first IS NOT NULL AND last IS NULL FROM item WHERE id = ?", (item,))
        self._execute("INSERT OR IGNORE INTO touched VALUES (?, ?)", (item, present))
        return item, bool(present)

    def read(self, changed: Iterable[tuple[bytes, bool]]) -> None:
        """Take all lines in."""
        for subject, group in groupby(changed, key=lambda line: line[0].partition(b" ")[0]):
            whole = subject.partition(b"#")[0] + b">" if b"#" in subject else subject
            described = 0
            types: tuple[list[str], list[str]] = ([], [])
            notice: dict[bytes, bytes] = {}
            for line, new in group:
                _, predicate, rest = line.split(b" ", 2)
                if not self._last and subject is not whole and predicate not in _TIES:
                    continue  # nothing was there before, so that no part of it has changed
                graph = nquads.graph_of(line)
                value = rest[: -3 if graph == DEFAULT_GRAPH else -4 - len(graph)]
                owner = graph.partition(b"#")[0] + b">" if graph.startswith(self._claims) else whole
                if not owner.startswith(self._start):
                    continue
                item, present = self._touched(owner)
                if present:
                    self._state(item, owner, subject, predicate, graph, value, new)
                if predicate in _TIES:
                    self._tie(item, _TIES[predicate], value, new)
                if graph != DEFAULT_GRAPH:
                    continue
                if subject is whole and nquads.describes(predicate):
                    described += 1 if new else -1
                    if predicate in _SEEN:
                        self._see(item, _SEEN[predicate], value, new)
                    elif predicate == _TYPE:
                        types[new].append(value[1:-1].decode())
                elif new and (predicate not in notice or value.endswith(b"@en")):
                    notice[predicate] = value
            if described or any(types):
                self._describe(self._item(whole), described, *types)
            if _WITHDRAWS in notice:
                self._note(notice[_WITHDRAWS], WITHDRAWN, notice)
            elif notice.get(_TYPE) == _CORRECTION:
                self._note(whole, CHANGED, notice)

    def _state(
        self, item: int, owner: bytes, subject: bytes, predicate: bytes, graph: bytes, value: bytes, new: bool
    ) -> None:
        name = owner[1:-1].decode()
        part, named = (
            ("" if term == DEFAULT_GRAPH else term[1:-1].decode().removeprefix(name)) for term in (subject, graph)
        )
        cells = (item, part, predicate[1:-1].decode(), named, new, value.decode())
        self._execute("INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?)", cells)

    def _tie(self, item: int, role: int, value: bytes, new: bool) -> None:
        self._execute(
            "INSERT INTO tie VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            (item, role, self._item(value), 1 if new else -1),
        )

    def _see(self, item: int, property: str, value: bytes, new: bool) -> None:
        cells = (item, self._item(f"<{property}>".encode()), value.decode())
        if new:
            self._execute(
                "INSERT INTO seen VALUES (?, ?, ?, ?, NULL, 1) ON CONFLICT DO UPDATE SET n = n + 1, last = NULL",
                (*cells, self._number),
            )
        else:
            self._execute(
                "UPDATE seen SET n = n - 1, last = iif(n = 1, ?, NULL) WHERE item = ? AND property = ? AND value = ?",
                (self._last, *cells),
            )

    def _describe(self, item: int, described: int, gone: list[str], new: list[str]) -> None:
        [(kind,)] = self._execute("SELECT kind FROM item WHERE id = ?", (item,))
        words = {kind_of([type]) for type in new}
        if kind and kind not in {kind_of([type]) for type in gone}:
            words.add(kind)
        word = min(words, key=lambda word: _RANKS.get(word, len(_RANKS)), default=kind)
        self._execute("UPDATE item SET described = described + ?, kind = ? WHERE id = ?", (described, word, item))

    def _note(self, about: bytes, kind: int, notice: dict[bytes, bytes]) -> None:
        """Keep a notice as the reason of a change of that kind; several corrections of one thing are one reason."""
        values = [notice.get(str(term).encode()) for term in _NOTED]
        cells = [value and nquads.term(value).value for value in values]
        self._execute(
            "INSERT INTO note VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = reason || char(10) ||"
            " excluded.reason, by = iif(by IS excluded.by, by, NULL), date = max(date, excluded.date)",
            (about[1:-1].decode(), kind, *cells),
        )


_HAPPENED = f"""
SELECT item.id, CASE WHEN touched.present AND item.described > 0 THEN {CHANGED} WHEN touched.present THEN {WITHDRAWN}
  WHEN item.first IS NULL THEN {ADDED} ELSE {RETURNED} END AS happened, note.reason, note.by, note.date
FROM touched JOIN item ON item.id = touched.item LEFT JOIN note ON note.iri = item.iri AND note.kind = happened
WHERE touched.present OR item.described > 0 ORDER BY item.iri
"""


CONCERNED = f"""
INSERT OR IGNORE INTO concern SELECT role.value, tie.thing, change.id
FROM change JOIN tie ON tie.item = change.item, json_each(iif(tie.role = {SOURCE}, '[{ENTITY}, {SOURCE}]',
  json_array(tie.role))) role
WHERE {{}} ORDER BY 1, 2, 3
"""
"""The things that the claims of some changes concern: an entity is concerned by what it says, too."""

_OWN = f"""
INSERT OR IGNORE INTO concern SELECT role.value, change.item, change.id
FROM change JOIN item ON item.id = change.item, json_each(CASE item.kind
  WHEN 'claim' THEN '[]' WHEN 'article' THEN '[{ARTICLE}]' WHEN 'topic' THEN '[{TOPIC}]'
  ELSE '[{ENTITY}, {SOURCE}]' END) role
WHERE change.id > :last ORDER BY 1, 2, 3
"""
"""A change of what is no claim concerns the thing itself."""


def _conclude(connection: sqlite3.Connection, number: int) -> None:
    """Make changes of what was read, and bring the items up to date."""
    connection.execute("CREATE INDEX temp.statement_of_item ON statement (item)")
    [(last,)] = connection.execute("SELECT coalesce(max(id), 0) FROM change")
    [(earlier,)] = connection.execute("SELECT max(number) FROM release")
    for item, kind, *note in connection.execute(_HAPPENED):
        what = _what(connection, item) if kind == CHANGED else None
        connection.execute(
            "INSERT INTO change (release, item, kind, reason, by, date, what) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, item, kind, *note, what),
        )
    values: dict[str, int | str | None] = {"last": last, "earlier": earlier, "number": number}
    for statement in (
        CONCERNED.format(f"change.id > :last AND (n > 0 OR change.kind <> {RETURNED})"),
        _OWN,
        "DELETE FROM tie WHERE n <= 0 AND item IN"
        " (SELECT touched.item FROM touched JOIN item ON item.id = touched.item WHERE described > 0)",
        "UPDATE item SET first = coalesce(item.first, :number),"
        f" last = iif(change.kind = {WITHDRAWN}, :earlier, NULL) FROM change WHERE change.id > :last"
        " AND change.item = item.id",
    ):
        connection.execute(statement, values)


def _what(connection: sqlite3.Connection, item: int) -> str:
    """The values of a changed item that are gone and new, as JSON: a list for each property of each of its parts."""
    rows = connection.execute(
        "SELECT part, property, graph, side, value FROM statement WHERE item = ? ORDER BY 1, 2, 3, 4, 5", (item,)
    )

    def changes() -> Iterator[list[object]]:
        for key, group in groupby(rows, key=itemgetter(0, 1, 2)):
            sides: tuple[list[str], list[str]] = ([], [])
            for *_, side, value in group:
                sides[side].append(value)
            yield [*key, *sides]

    return json.dumps(list(changes()), ensure_ascii=False, separators=(",", ":"))
