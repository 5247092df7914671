"""The lists of claims of a release: narrowed, counted and cut into pages without asking the engine to add anything up.

They are tables of SQLite, filled once from the queries ``list-*.rq`` when a release is published: aggregates are what
engines are slowest at, and a release never changes. Nothing is in them that the release does not say; a release that
was published without them gets the same tables in memory.
"""

import functools
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.vocabulary import QUOTH
from quoth.store import queries, search
from quoth.store.engine import Term

LISTS = "lists.sqlite"
_COUNTS_KEPT = 4096

Rows = Callable[[str], Iterable[dict[str, Term]]]
"""Gives the rows of one of our own queries, by its name."""

# Every number is declared an INTEGER: SQLite uses no index where the sides of a comparison differ in affinity.
_SCHEMA = """
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL);
CREATE TABLE claim (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL,
  article INTEGER, voice INTEGER, certainty INTEGER, polarity INTEGER, realis INTEGER, tense INTEGER);
CREATE TABLE credit (source INTEGER, innermost INTEGER, claim INTEGER,
  PRIMARY KEY (source, innermost, claim)) WITHOUT ROWID;
CREATE TABLE act (source INTEGER, claim INTEGER, act INTEGER, PRIMARY KEY (source, claim, act)) WITHOUT ROWID;
CREATE TABLE about (entity INTEGER, claim INTEGER, PRIMARY KEY (entity, claim)) WITHOUT ROWID;
CREATE TABLE topic (topic INTEGER, claim INTEGER, PRIMARY KEY (topic, claim)) WITHOUT ROWID;
CREATE TABLE relation (claim INTEGER, other INTEGER, kind INTEGER, reason TEXT,
  PRIMARY KEY (claim, other, kind)) WITHOUT ROWID;
CREATE TABLE tally (role TEXT, x INTEGER, facet TEXT, value INTEGER, n INTEGER,
  PRIMARY KEY (role, x, facet, value)) WITHOUT ROWID;
CREATE TABLE class (thing INTEGER, class INTEGER, PRIMARY KEY (class, thing)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX credit_of_claim ON credit (claim, innermost, source);
CREATE INDEX relation_of_other ON relation (other, claim);
CREATE INDEX about_of_claim ON about (claim, entity);
CREATE INDEX claim_of_article ON claim (article, id);
CREATE INDEX class_of_thing ON class (thing, class);
ANALYZE;
"""

_ROLES = {
    "all": "SELECT id AS claim FROM claim",
    "about": "SELECT claim FROM about WHERE entity = :x",
    "concerning": "SELECT claim FROM topic WHERE topic = :x",
    "says": "SELECT claim FROM credit WHERE source = :x AND innermost = 1",
    "relays": "SELECT claim FROM credit WHERE source = :x AND innermost = 0 AND NOT EXISTS"
    " (SELECT 1 FROM credit own WHERE own.source = :x AND own.innermost = 1 AND own.claim = credit.claim)",
}
"""The claims in which something plays a part: SQL, in which :x is that thing."""


@dataclass(frozen=True)
class _Facet:
    """SQL about claim ``c``: the ``value`` of a facet, what has to be joined to have it, and the ``test`` whether it
    is ``%s``."""

    value: str
    join: str
    test: str

    @property
    def count(self) -> str:
        """How many claims a group of rows has."""
        return "count(DISTINCT c.id)" if self.join else "count(*)"


def _column(name: str) -> _Facet:
    return _Facet(f"c.{name}", "", f"c.{name} = %s")


_FACETS = {
    "speaker": _Facet(
        "speaker.source",
        "CROSS JOIN credit speaker ON speaker.claim = c.id AND speaker.innermost = 1",
        "EXISTS (SELECT 1 FROM credit WHERE source = %s AND innermost = 1 AND claim = c.id)",
    ),
    "credited": _Facet(
        "credited.source",
        "CROSS JOIN credit credited ON credited.claim = c.id",
        "EXISTS (SELECT 1 FROM credit WHERE source = %s AND claim = c.id)",
    ),
    "act": _Facet(
        "act.act",
        "CROSS JOIN act ON act.claim = c.id AND act.source = :x",
        "EXISTS (SELECT 1 FROM act WHERE source = :x AND claim = c.id AND act = %s)",
    ),
    "about": _Facet(
        "entity.entity",
        "CROSS JOIN about entity ON entity.claim = c.id",
        "EXISTS (SELECT 1 FROM about WHERE entity = %s AND claim = c.id)",
    ),
    "topic": _Facet(
        "topic.topic",
        "CROSS JOIN topic ON topic.claim = c.id",
        "EXISTS (SELECT 1 FROM topic WHERE topic = %s AND claim = c.id)",
    ),
    **{name: _column(name) for name in ("article", "voice", "certainty", "polarity", "realis", "tense")},
}
"""What a list can be narrowed by. CROSS JOIN keeps SQLite to the order of the tables: from claims to their parts."""

_ROLE_COUNTS = {
    "about": "SELECT count(*) FROM about WHERE entity = thing.id",
    "concerning": "SELECT count(*) FROM topic WHERE topic = thing.id",
    "credited": "SELECT count(DISTINCT claim) FROM credit WHERE source = thing.id",
    "quoted": "SELECT count(*) FROM claim WHERE article = thing.id",
}
"""In how many claims a ``thing`` plays a part."""

_MEMBERS = {
    "about": "EXISTS (SELECT 1 FROM about WHERE entity = :x AND claim = two.id)",
    "concerning": "EXISTS (SELECT 1 FROM topic WHERE topic = :x AND claim = two.id)",
}
"""Whether the second claim of a pair is of the selection too."""

_TALLY = "FROM tally WHERE role = :role AND x = :x AND facet = :facet"
_TALLIED = 200
"""Lists with more claims than these are counted at publication, so that their pages are as fast as any."""

ROLES = tuple(_ROLES)
FACETS = tuple(_FACETS)


@dataclass(frozen=True)
class Selection:
    """Claims in which ``of`` plays a part (one of ROLES; ``of`` is an IRI, empty for all claims), of which each of
    ``narrowed`` holds, pairs of one of FACETS and an IRI, and in which ``words`` are found (search.expression)."""

    role: str
    of: str = ""
    narrowed: tuple[tuple[str, str], ...] = ()
    words: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is narrowed by nothing."""
        return not self.narrowed and not self.words

    def without(self, facet: str) -> "Selection":
        """The same, not narrowed by that facet."""
        return replace(self, narrowed=tuple(pair for pair in self.narrowed if pair[0] != facet))


@dataclass(frozen=True)
class Pair:
    """Two claims of which one is inferred to bear on the other; IRIs, and ``reason`` in words."""

    kind: str
    claim: str
    other: str
    reason: str


@dataclass(frozen=True)
class Thing:
    """Something with an IRI and classes, and the number of claims in which it plays a part."""

    iri: str
    claims: int
    classes: frozenset[str]


class Lists:
    """The lists of one release. Safe to use from many threads."""

    def __init__(self, path: Path | None, rows: Rows) -> None:
        """Opens the file at ``path``; where there is none, fills tables in memory from ``rows``."""
        self._local = threading.local()
        self._path = path if path is not None and path.is_file() else None
        self._memory: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        if self._path is None:
            self._memory = sqlite3.connect(":memory:", check_same_thread=False)
            _fill(self._memory, rows)
        self._counted = functools.lru_cache(_COUNTS_KEPT)(self.select)

    def count(self, selection: Selection) -> int:
        """How many claims it has."""
        source, values = self._source(selection)
        text = f"SELECT count(*) {source}"
        if selection.whole:
            text = f"SELECT coalesce((SELECT n {_TALLY}), ({text}))"
            values |= {"role": selection.role, "facet": ""}
        [(count,)] = self._counted(text, _frozen(values))
        return int(count)

    def claims(self, selection: Selection, *, first: int, size: int) -> list[str]:
        """``size`` of its claims from place ``first`` (from 0) on, by article and place in the text: their IRIs."""
        source, values = self._source(selection)
        text = f"SELECT c.iri {source} ORDER BY chosen.claim LIMIT :size OFFSET :first"
        return [iri for (iri,) in self.select(text, _frozen({**values, "size": size, "first": first}))]

    def graded(self, selection: Selection, *, first: int, size: int) -> list[str]:
        """The same, those that are certain first and those of unknown certainty last; within a grade as before."""
        grades = sorted(self.facet(selection, "certainty"), key=lambda grade: (_grade(grade[0]), grade[0]))
        found: list[str] = []
        for iri, count in grades:
            if first < count and len(found) < size:
                one = replace(selection, narrowed=(*selection.narrowed, ("certainty", iri)))
                found += self.claims(one, first=first, size=size - len(found))
            first = max(0, first - count)
        return found

    def facet(self, selection: Selection, name: str, limit: int = 100) -> list[tuple[str, int]]:
        """The values of a facet (IRIs) and how many claims have each, the most first."""
        values: dict[str, int | str] = {"x": self.term(selection.of), "role": selection.role, "facet": name}
        found = f"SELECT value, n {_TALLY}"
        if not selection.whole or not self._counted(f"SELECT 1 {_TALLY} LIMIT 1", _frozen(values)):
            source, values = self._source(selection, _FACETS[name].join)
            found = _facet(name, source)
        text = (
            f"SELECT term.iri, n FROM ({found}) CROSS JOIN term ON term.id = value"
            " ORDER BY n DESC, term.iri LIMIT :limit"
        )
        return [(iri, int(count)) for iri, count in self._counted(text, _frozen({**values, "limit": limit}))]

    def pairs(self, selection: Selection, kinds: Sequence[str], limit: int) -> list[Pair]:
        """Claims of the selection that bear on each other in one of those ways (IRIs), at most ``limit``.

        Its role is "about" or "concerning"; what it is narrowed by does not count for the second of a pair.
        """
        source, values = self._source(
            selection,
            "CROSS JOIN relation ON relation.claim = c.id CROSS JOIN claim two ON two.id = relation.other"
            " CROSS JOIN term ON term.id = relation.kind",
        )
        names = [f"kind{i}" for i in range(len(kinds))]
        text = (
            f"SELECT term.iri, c.iri, two.iri, reason {source}"
            f" AND {_MEMBERS[selection.role]} AND term.iri IN ({', '.join(':' + n for n in names)})"
            " ORDER BY chosen.claim, relation.other LIMIT :limit"
        )
        bound = {**values, "limit": limit, **dict(zip(names, kinds, strict=True))}
        return [Pair(*row) for row in self.select(text, _frozen(bound))]

    def things(
        self, role: str, classes: Sequence[str], but: Sequence[str] = (), *, first: int, size: int
    ) -> list[Thing]:
        """Things of any of those classes and none of ``but`` (IRIs), by the number of claims in which they play a part,
        the most first: ``size`` of them from place ``first`` on."""
        found, bound = _of_classes(classes, but)
        text = (
            f"SELECT thing.iri, ({_ROLE_COUNTS[role]}) AS n,"
            " (SELECT group_concat(kind.iri, ' ') FROM class JOIN term kind ON kind.id = class.class"
            " WHERE class.thing = thing.id)"
            f" FROM ({found}) found JOIN term thing ON thing.id = found.thing"
            " ORDER BY n DESC, thing.iri LIMIT :size OFFSET :first"
        )
        rows = self._counted(text, _frozen({**bound, "size": size, "first": first}))
        return [Thing(iri, int(count), frozenset(kinds.split())) for iri, count, kinds in rows]

    def things_count(self, classes: Sequence[str], but: Sequence[str] = ()) -> int:
        """How many things there are of any of those classes and none of ``but`` (IRIs)."""
        found, bound = _of_classes(classes, but)
        [(count,)] = self._counted(f"SELECT count(*) FROM ({found})", _frozen(bound))
        return int(count)

    def _source(self, selection: Selection, join: str = "") -> tuple[str, dict[str, int | str]]:
        """FROM and WHERE of a selection, with what is bound in them; ``c`` is the claim."""
        values: dict[str, int | str] = {"x": self.term(selection.of)}
        tests = ["1"]
        for place, (facet, iri) in enumerate(selection.narrowed):
            values[f"v{place}"] = self.term(iri)
            tests.append(_FACETS[facet].test % f":v{place}")
        if selection.words:
            values["words"] = selection.words
            tests.append(search.TEST)
        return _from(selection.role, join, tests), values

    def term(self, iri: str) -> int:
        """The number of an IRI; 0, which is no number of any, for one that is in no list."""
        found = self.select("SELECT id FROM term WHERE iri = :iri", (("iri", iri),))
        return int(found[0][0]) if found else 0

    def select(self, text: str, values: tuple[tuple[str, int | str], ...]) -> list[tuple[str, ...]]:
        """The rows of a query in SQL, with values bound by name."""
        if self._memory is not None:
            with self._lock:
                return self._memory.execute(text, dict(values)).fetchall()
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            assert self._path is not None
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = self._local.connection = sqlite3.connect(uri, uri=True)
        return connection.execute(text, dict(values)).fetchall()


def _frozen(values: Mapping[str, int | str]) -> tuple[tuple[str, int | str], ...]:
    return tuple(values.items())


def _from(role: str, join: str = "", tests: Iterable[str] = ("1",)) -> str:
    chosen = f"({_ROLES[role]}) chosen CROSS JOIN claim c ON c.id = chosen.claim"
    return f"FROM {chosen} {join} WHERE {' AND '.join(tests)}"


def _grade(certainty: str) -> int:
    name = certainty.rpartition("#")[2]
    return {"certain": 0, "unknown": 2}.get(name, 1)


def _facet(name: str, source: str) -> str:
    """SQL for the values of a facet and the numbers of their claims."""
    facet = _FACETS[name]
    return f"SELECT {facet.value} AS value, {facet.count} AS n {source} GROUP BY value"


def _of_classes(classes: Sequence[str], but: Sequence[str]) -> tuple[str, dict[str, int | str]]:
    """SQL for the things of any of those classes and none of ``but``, and what is bound in it."""
    one = {f"class{i}": iri for i, iri in enumerate(classes)}
    none = {f"but{i}": iri for i, iri in enumerate(but)}

    def having(names: Iterable[str]) -> str:
        classes = f"SELECT id FROM term WHERE iri IN ({', '.join(':' + n for n in names)})"
        return f"SELECT thing FROM class WHERE class IN ({classes})"

    return f"{having(one)}{' EXCEPT ' if but else ' UNION '}{having(none)}", {**one, **none}


def write(store_path: Path, path: Path) -> None:
    """Fill the file of the lists from the store of a release."""
    store = ox.Store.read_only(str(store_path))

    def rows(name: str) -> Iterator[dict[str, Term]]:
        found = store.query(queries.text(name))
        assert isinstance(found, ox.QuerySolutions)
        names = [v.value for v in found.variables]
        for solution in found:
            yield {name: solution[name] for name in names if solution[name] is not None}

    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        _fill(connection, rows)
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, rows: Rows) -> None:
    connection.executescript(_SCHEMA)
    terms: dict[str, int] = {}

    def term(row: dict[str, Term], name: str) -> int | None:
        found = row.get(name)
        return terms.setdefault(found.value, len(terms) + 1) if isinstance(found, ox.NamedNode) else None

    def whole(row: dict[str, Term], name: str) -> int | None:
        """The claim of which something is a part."""
        return claims.get(_value(row, name).partition("#")[0])

    def insert(table: str, width: int, values: Iterable[Sequence[int | str | None]]) -> None:
        complete = (v for v in values if None not in v)
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * width)})", complete)

    starts: dict[str, int] = {}
    for row in rows("list-starts"):
        claim, start = _value(row, "claim"), _value(row, "start")
        if start.isdecimal() and len(start) < 16:
            starts[claim] = min(int(start), starts.get(claim, int(start)))
    found = list(rows("list-claims"))
    found.sort(key=lambda row: (_value(row, "article"), starts.get(_value(row, "claim"), 0), _value(row, "claim")))
    claims = {iri: i for i, iri in enumerate(dict.fromkeys(_value(row, "claim") for row in found), 1)}
    columns = ("article", "voice", "certainty", "polarity", "realis", "tense")
    connection.executemany(
        "INSERT OR IGNORE INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((claims[c], c, *(term(row, name) for name in columns)) for row in found for c in [_value(row, "claim")]),
    )
    levels = [(term(r, "source"), int("claim" in r), whole(r, "level"), term(r, "act")) for r in rows("list-levels")]
    insert("credit", 3, (level[:3] for level in levels))
    insert("act", 3, ((source, claim, act) for source, _, claim, act in levels))
    insert("about", 2, ((term(r, "entity"), whole(r, "claim")) for r in rows("list-about")))
    insert("topic", 2, ((term(r, "topic"), whole(r, "situation")) for r in rows("list-topics")))
    insert(
        "relation",
        4,
        ((whole(r, "claim"), whole(r, "other"), term(r, "kind"), _value(r, "reason")) for r in rows("list-relations")),
    )
    not_listed = terms.setdefault(QUOTH.Claim.value, len(terms) + 1)
    classes = ((term(r, "thing"), term(r, "class")) for r in rows("list-things") if r["class"] != QUOTH.Claim)
    insert("class", 2, (pair for pair in classes if pair[1] != not_listed))
    connection.executemany("INSERT INTO term VALUES (?, ?)", ((number, iri) for iri, number in terms.items()))
    search.fill(connection, rows)
    connection.executescript(_INDEXES)
    _tally(connection)
    connection.commit()


def _tally(connection: sqlite3.Connection) -> None:
    """Count the long lists, before they are narrowed: their claims, and those with each value of a facet."""
    columns = {"about": "about.entity", "concerning": "topic.topic", "says": "credit.source", "relays": "credit.source"}
    long = [("all", 0)]
    for role, column in columns.items():
        text = f"SELECT {column} FROM {column.partition('.')[0]} GROUP BY {column} HAVING count(*) > {_TALLIED}"
        long += [(role, x) for (x,) in connection.execute(text)]
    for role, x in long:
        bound = {"x": x, "role": role}
        connection.execute(f"INSERT INTO tally SELECT :role, :x, '', 0, count(*) {_from(role)}", bound)
        for name, facet in _FACETS.items():
            found = f"SELECT * FROM ({_facet(name, _from(role, facet.join))}) WHERE value IS NOT NULL"
            connection.execute(
                f"INSERT INTO tally SELECT :role, :x, :facet, value, n FROM ({found})", {**bound, "facet": name}
            )


def _value(row: dict[str, Term], name: str) -> str:
    found = row.get(name)
    return found.value if isinstance(found, ox.NamedNode | ox.Literal) else ""
