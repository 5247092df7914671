"""The history of a dataset: which release added, changed, withdrew or brought back what, and why.

It is a file of each release, HISTORY, so that it is there when earlier releases are not. A publication copies the file
of the release before and adds to it what the lines say that are new or gone. Nothing else is read, and memory does not
grow with the lines: what is counted is in the file.
"""

import shutil
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from quoth.claim.model.namespaces import (
    DCTERMS,
    KINDS,
    PROV,
    QUOTH,
    RDF,
    RDFS,
    SCHEMA,
    kind_of,
)
from quoth.corpus import bases
from quoth.index.database import writing
from quoth.release.dumps import nquads
from quoth.release.dumps.nquads import DEFAULT_GRAPH
from quoth.release.history.conclusion import conclude
from quoth.release.history.schema import (
    ARTICLE,
    CHANGED,
    ENTITY,
    LABELS,
    LINKS,
    SOURCE,
    TABLES,
    TOPIC,
    WITHDRAWN,
)

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
_SEEN = {str(term).encode(): term.value for term in (*LABELS, *LINKS)}
_WITHDRAWS = str(QUOTH.withdraws).encode()
_CORRECTION = str(QUOTH.Correction).encode()
_NOTED = (RDFS.comment, PROV.wasAttributedTo, DCTERMS.date)
_RANKS = {word: rank for rank, word in reversed([*enumerate(KINDS.values())])}


def begin(path: Path) -> None:
    """Make the file of a history in which nothing has happened yet."""
    with writing(path) as connection:
        connection.executescript(TABLES)


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
        conclude(connection, number)
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
