"""The tables behind the lists of a release, and how they are filled from its store when it is published."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, Term
from quoth.index import facets, fulltext
from quoth.sparql import named_queries

INDEX_FILE = "lists.sqlite"
"""The name of their file."""

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

_TALLIED = 200
"""Lists with more claims than these are counted at publication, so that their pages are as fast as any."""


def write(store_path: Path, path: Path) -> None:
    """Fill the file of the lists from the store of a release."""
    store = ox.Store.read_only(str(store_path))

    def rows(name: str) -> Iterator[dict[str, Term]]:
        found = store.query(named_queries.text(name))
        assert isinstance(found, ox.QuerySolutions)
        names = [v.value for v in found.variables]
        for solution in found:
            yield {name: solution[name] for name in names if solution[name] is not None}

    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        fill(connection, rows)
    finally:
        connection.close()


def fill(connection: sqlite3.Connection, rows: Rows) -> None:
    """Make the tables out of what ``rows`` gives for the queries ``list-*.rq``."""
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
    fulltext.fill(connection, rows)
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
        connection.execute(f"INSERT INTO tally SELECT :role, :x, '', 0, count(*) {facets.source(role)}", bound)
        for name, facet in facets.FACETS.items():
            counts = facets.value_counts(name, facets.source(role, facet.join))
            text = f"INSERT INTO tally SELECT :role, :x, :facet, value, n FROM ({counts}) WHERE value IS NOT NULL"
            connection.execute(text, {**bound, "facet": name})


def _value(row: dict[str, Term], name: str) -> str:
    found = row.get(name)
    return found.value if isinstance(found, ox.NamedNode | ox.Literal) else ""
