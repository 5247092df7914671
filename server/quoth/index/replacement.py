"""Rows of lists in the place of others: those of some claims and things are taken from lists that were made of these
alone, in which claims and terms have other numbers."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from quoth.index import build, order
from quoth.index.dependencies import TooMuchError
from quoth.index.fulltext import NAMES

_FLAGS = {"counted", "innermost", "pair"}
"""Columns with numbers that are no terms or claims."""
_CLAIMS = ("claim", "other")
_OF_CHANGED = "{} IN (SELECT claim FROM changed)"


class Replacement:
    """Replaces rows in the ``lists`` by those that are ``made`` anew."""

    def __init__(self, lists: sqlite3.Connection, made: sqlite3.Connection) -> None:
        self._lists, self._made = lists, made
        # The numbers in the rows that are made anew → those in the lists.
        self._claims_known: dict[int, int | None] = {}
        self._terms_known: dict[int, int] = {}
        lists.execute("CREATE TEMP TABLE changed (claim INTEGER PRIMARY KEY)")

    def partners(self, claims: Iterable[str]) -> set[str]:
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

    def select(self, claims: Iterable[str]) -> None:
        """Have those of the claims that are there in the table ``changed``."""
        self._lists.execute("DELETE FROM changed")
        text = "INSERT INTO changed SELECT id FROM claim WHERE iri IN (SELECT value FROM json_each(?))"
        self._lists.execute(text, [json.dumps([*claims])])

    def replace_claims(self, claims: Collection[str]) -> None:
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

    def replace_bearing(self) -> None:
        """Replace what the claims in the table ``changed`` bear on others."""
        self._lists.execute(f"DELETE FROM bearing WHERE {_OF_CHANGED.format('claim')}")
        kinds = (f"SELECT kind, {side} FROM relation WHERE {_OF_CHANGED.format(side)}" for side in _CLAIMS)
        self._lists.execute(f"INSERT INTO bearing {' UNION '.join(kinds)}")

    def replace_classes(self, iris: Collection[str]) -> None:
        """Replace the classes of those things."""
        things = "SELECT id FROM term WHERE iri IN (SELECT value FROM json_each(?))"
        listed = [json.dumps([*iris])]
        self._lists.execute(f"DELETE FROM class WHERE thing IN ({things})", listed)
        self._insert("class", self._made.execute(f"SELECT * FROM class WHERE thing IN ({things})", listed))

    def replace_items(self, iris: Iterable[str]) -> None:
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
    """An item that is found by words: its number, kind and claim, and its row of words, if it has one."""

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
