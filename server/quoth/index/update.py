"""The lists of a release made of those of the last one and what changes: only the rows of what that touches are made
anew, by the same queries, from the few quads on which they depend."""

import functools
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PROV, QUOTH, RDF, QuadTerm
from quoth.index import build, claim_summaries, dependencies, order, tally
from quoth.index.database import writing
from quoth.index.dependencies import ASSERTED, TooMuchError, Touched
from quoth.index.fulltext import NAMES

LARGEST_SHARE, FEW = 0.25, 500
"""Of all claims and things, the share past which all rows are made anew, unless that is but few."""
_FLAGS = {"counted", "innermost"}
"""Columns with numbers that are no terms or claims."""
_CLAIMS = ("claim", "other")
_OF_CHANGED = "{} IN (SELECT claim FROM changed)"


@dataclass(frozen=True)
class Changed:
    """What changes from one release to the next: the stores of both, the lines that are ``removed`` and ``added``, and
    ``about``, which gives the sorted lines of the next that are about resources and their parts, in any graph."""

    before: ox.Store
    after: ox.Store
    removed: Sequence[bytes]
    added: Sequence[bytes]
    about: Callable[[Collection[str]], Iterable[bytes]]


def update(path: Path, changed: Changed) -> int | None:
    """Change the lists in the file at ``path``, which are those of the release before. Returns the number of claims
    that are counted; None where all rows have to be made anew, as another version made them or too much changes, and
    leaves the file in any state then."""
    with writing(path) as connection, closing(sqlite3.connect(":memory:")) as made:
        try:
            return _Update(connection, made, changed).run()
        except TooMuchError:
            return None


class _Update:
    """An update of the lists behind ``connection``, with the rows that are made anew in those behind ``made``."""

    def __init__(self, connection: sqlite3.Connection, made: sqlite3.Connection, changed: Changed) -> None:
        self._lists, self._made, self._changed = connection, made, changed
        # The numbers in the rows that are made anew → those in the lists.
        self._claims_known: dict[int, int | None] = {}
        self._terms_known: dict[int, int] = {}

    def run(self) -> int:
        """Raises TooMuchError where all rows have to be made anew."""
        claims, things = self._touched()
        own = [*self._changed.about(claims)]
        near = dependencies.surroundings(claims, things, _quads(own), self._changed.after)
        build.fill(self._made, build.rows_of(near))
        self._made.execute(claim_summaries.SCHEMA)
        if _schema(self._lists) != _schema(self._made):
            raise TooMuchError
        self._lists.execute("CREATE TEMP TABLE changed (claim INTEGER PRIMARY KEY)")
        around = claims | self._partners(claims)
        self._select(around)
        lists = tally.of_changed(self._lists)
        tally.add(self._lists, lists, -1)
        self._select(claims)
        self._replace_claims(claims)
        self._select(around)
        self._lists.execute(f"DELETE FROM bearing WHERE {_OF_CHANGED.format('claim')}")
        kinds = (f"SELECT kind, {side} FROM relation WHERE {_OF_CHANGED.format(side)}" for side in _CLAIMS)
        self._lists.execute(f"INSERT INTO bearing {' UNION '.join(kinds)}")
        lists |= tally.of_changed(self._lists)
        tally.add(self._lists, lists, 1)
        tally.settle(self._lists, lists)
        self._replace_classes(claims | things)
        self._replace_items(claims | things)
        claim_summaries.insert(self._lists, own, near)
        [(count,)] = self._lists.execute("SELECT n FROM tally WHERE role = 'all' AND facet = ''")
        return int(count)

    def _touched(self) -> tuple[set[str], set[str]]:
        """The claims and things that have rows which may differ: all claims of an article, if one has."""
        [(items,)] = self._lists.execute("SELECT coalesce(max(id), 0) FROM item")
        found = Touched(functools.cache(self._is_claim), max(FEW, int(items * LARGEST_SHARE)))
        for lines, store in ((self._changed.removed, self._changed.before), (self._changed.added, self._changed.after)):
            dependencies.touch(found, _quads(lines), store)
        articles, known, waiting = set[str](), set[str](), set(found.claims)
        while waiting:
            known |= waiting
            new = {article for claim in waiting for article in self._articles(claim)} - articles
            articles |= new
            for article in new:
                found.add(self._claims(article))
            waiting = found.claims - known
        return found.claims, found.things

    def _is_claim(self, iri: str) -> bool:
        quad = ox.Quad(ox.NamedNode(iri), RDF.type, QUOTH.Claim)
        return quad in self._changed.after or bool(self._rows("SELECT 1 FROM claim WHERE iri = ?", iri))

    def _articles(self, claim: str) -> Iterator[str]:
        """The articles of a claim, before and after; empty for none."""
        before = "SELECT coalesce(term.iri, '') FROM claim LEFT JOIN term ON term.id = article WHERE claim.iri = ?"
        yield from (iri for (iri,) in self._rows(before, claim))
        node = ox.NamedNode(claim)
        after = [
            quad.object for quad in self._changed.after.quads_for_pattern(node, PROV.wasQuotedFrom, None, ASSERTED)
        ]
        yield from (article.value for article in after if isinstance(article, ox.NamedNode)) if after else [""]

    def _claims(self, article: str) -> Iterator[QuadTerm]:
        """The claims of an article, before and after."""
        test = "= (SELECT id FROM term WHERE iri = ?)" if article else "IS nullif(?, '')"
        before = f"SELECT iri FROM claim WHERE article {test}"
        yield from (ox.NamedNode(iri) for (iri,) in self._rows(before, article))
        if article:
            node = ox.NamedNode(article)
            after = self._changed.after.quads_for_pattern(None, PROV.wasQuotedFrom, node, ASSERTED)
            yield from (quad.subject for quad in after)

    def _partners(self, claims: Iterable[str]) -> set[str]:
        """The claims that are related to those, before and after."""
        one, two = (
            f"SELECT {b}.iri FROM relation JOIN claim one ON one.id = claim JOIN claim two ON two.id = other"
            f" WHERE {a}.iri IN (SELECT value FROM json_each(?))"
            for a, b in (("one", "two"), ("two", "one"))
        )
        listed = json.dumps([*claims])
        return {
            iri
            for connection in (self._lists, self._made)
            for text in (one, two)
            for (iri,) in connection.execute(text, [listed])
        }

    def _select(self, claims: Iterable[str]) -> None:
        """Have those of the claims that are there in the table ``changed``."""
        self._lists.execute("DELETE FROM changed")
        text = "INSERT INTO changed SELECT id FROM claim WHERE iri IN (SELECT value FROM json_each(?))"
        self._lists.execute(text, [json.dumps([*claims])])

    def _replace_claims(self, claims: Collection[str]) -> None:
        """Replace the claims and all rows about them, but for what they bear on others."""
        old = dict(self._rows("SELECT iri, id FROM claim WHERE id IN (SELECT claim FROM changed)"))
        tables = {
            table: columns for table, columns in _tables(self._made).items() if "claim" in columns and table != "item"
        }
        for table, columns in tables.items():
            for column in set(columns).intersection(_CLAIMS):
                self._lists.execute(f"DELETE FROM {table} WHERE {_OF_CHANGED.format(column)}")
        self._lists.execute(f"DELETE FROM claim WHERE {_OF_CHANGED.format('id')}")
        articles: dict[str, list[str]] = defaultdict(list)
        text = (
            "SELECT coalesce(term.iri, ''), claim.iri FROM claim LEFT JOIN term ON term.id = article ORDER BY claim.id"
        )
        for article, claim in self._made.execute(text):
            if claim in claims:
                articles[article].append(claim)
        made = {iri: row for row in self._made.execute("SELECT * FROM claim") if (iri := row[1]) in claims}
        for article, members in articles.items():
            number = next((old[claim] for claim in members if claim in old), None)
            slot = order.slot(self._lists, article, len(members), number)
            if slot is None:
                raise TooMuchError
            for claim, number in order.of_slot(slot, members).items():
                self._claims_known[made[claim][0]] = number
            self._insert("claim", (made[claim] for claim in members))
        replaced = {row[0] for row in made.values()}
        for table, columns in tables.items():
            if table != "bearing":
                places = [place for place, column in enumerate(columns) if column in _CLAIMS]
                rows = self._made.execute(f"SELECT * FROM {table}")
                self._insert(table, (row for row in rows if any(row[place] in replaced for place in places)))

    def _replace_classes(self, iris: Collection[str]) -> None:
        """Replace the classes of those things."""
        things = "SELECT id FROM term WHERE iri IN (SELECT value FROM json_each(?))"
        listed = [json.dumps([*iris])]
        self._lists.execute(f"DELETE FROM class WHERE thing IN ({things})", listed)
        self._insert("class", self._made.execute(f"SELECT * FROM class WHERE thing IN ({things})", listed))

    def _replace_items(self, iris: Iterable[str]) -> None:
        """Replace what is found by words; the index of words is not touched where they are the same."""
        for iri in iris:
            before, after = (_item(connection, iri) for connection in (self._lists, self._made))
            if before and (not after or before.words != after.words):
                self._lists.execute("DELETE FROM words WHERE rowid = ?", [before.number])
                self._lists.execute(f"DELETE FROM {NAMES} WHERE item = ?", [before.number])
            if before:
                self._lists.execute("DELETE FROM item WHERE id = ?", [before.number])
            if after:
                claim = self._claim(after.claim) if after.claim is not None else None
                row = (before.number if before else None, iri, after.kind, claim)
                number = self._lists.execute("INSERT INTO item VALUES (?, ?, ?, ?)", row).lastrowid
                if not before or before.words != after.words:
                    text = "INSERT INTO words (rowid, label, also, quotation) VALUES (?, ?, ?, ?)"
                    self._lists.executemany(text, [(number, *words) for words in after.words])
                    names = self._made.execute(f"SELECT folded FROM {NAMES} WHERE item = ?", [after.number])
                    self._lists.executemany(f"INSERT INTO {NAMES} VALUES (?, ?)", [(name, number) for (name,) in names])

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert rows that are made anew, with the numbers that claims and terms have in the lists."""
        columns = _tables(self._made)[table]
        text = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
        for row in rows:
            self._lists.execute(text, [self._value(table, *cell) for cell in zip(columns, row, strict=True)])

    def _value(self, table: str, column: str, value: int | str | None) -> int | str | None:
        if not isinstance(value, int) or column in _FLAGS or (table, column) == ("claim", "act"):
            return value
        return self._claim(value) if column in _CLAIMS or column == "id" else self._term(value)

    def _claim(self, made: int) -> int | None:
        if made not in self._claims_known:
            [(iri,)] = self._made.execute("SELECT iri FROM claim WHERE id = ?", [made])
            self._claims_known[made] = next((n for (n,) in self._rows("SELECT id FROM claim WHERE iri = ?", iri)), None)
        return self._claims_known[made]

    def _term(self, made: int) -> int:
        if made not in self._terms_known:
            [(iri,)] = self._made.execute("SELECT iri FROM term WHERE id = ?", [made])
            self._lists.execute("INSERT OR IGNORE INTO term (iri) VALUES (?)", [iri])
            [(self._terms_known[made],)] = self._rows("SELECT id FROM term WHERE iri = ?", iri)
        return self._terms_known[made]

    def _rows(self, text: str, *values: int | str) -> list[tuple[Any, ...]]:
        return self._lists.execute(text, values).fetchall()


class _Item(NamedTuple):
    """What is found by words: its number, kind and claim, and its row of words, if it has one."""

    number: int
    kind: str
    claim: int | None
    words: list[tuple[str, str, str]]


def _item(connection: sqlite3.Connection, iri: str) -> _Item | None:
    for number, kind, claim in connection.execute("SELECT id, kind, claim FROM item WHERE iri = ?", [iri]):
        text = "SELECT label, also, quotation FROM words WHERE rowid = ?"
        return _Item(number, kind, claim, connection.execute(text, [number]).fetchall())
    return None


def _tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables and their columns in their order."""
    tables: dict[str, list[str]] = defaultdict(list)
    for table, column in connection.execute(build.COLUMNS):
        tables[table].append(column)
    return tables


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'"))


def _quads(lines: Iterable[bytes]) -> Iterable[ox.Quad]:
    return cast(Iterable[ox.Quad], ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))
