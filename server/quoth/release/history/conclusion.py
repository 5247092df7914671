"""Changes made of what was read of the lines: what happened to each item, and whom it concerns."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from quoth.release.history.schema import ADDED, ARTICLE, CHANGED, ENTITY, RETURNED, SOURCE, TOPIC, WITHDRAWN

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


def conclude(connection: sqlite3.Connection, number: int) -> None:
    """Make changes of what the recorder read, and bring the items up to date."""
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
