"""The counts of long lists: they are kept, so that the pages of these lists are as fast as any."""

import sqlite3
from collections.abc import Iterable

from quoth.index import facets

LONG = 200
"""Lists with more claims than these are counted at publication, before they are narrowed."""

_COLUMNS = {
    "about": "about.entity",
    "concerning": "topic.topic",
    "says": "credit.source",
    "relays": "credit.source",
    "possibly": "possible.source",
}
"""The lists that may be long by their roles: whose they are."""

_ALL = ("all", 0)
List = tuple[str, int]
"""A role and the number of the thing that plays it."""

_MEMBERS = (
    "INSERT INTO member SELECT list.x, c.id FROM list CROSS JOIN changed CROSS JOIN claim c ON c.id = changed.claim"
    " WHERE list.role = :role AND c.counted AND EXISTS (SELECT 1 FROM ({chosen}) WHERE claim = c.id)"
)
_OF_MEMBERS = "FROM member CROSS JOIN claim c ON c.id = member.claim {join} GROUP BY member.x, value"
_ADD = "INSERT INTO tally {counts} ON CONFLICT DO UPDATE SET n = n + excluded.n"


def fill(connection: sqlite3.Connection) -> None:
    """Count the long lists: their claims, and those with each value of a facet."""
    lists = [_ALL]
    for role, column in _COLUMNS.items():
        text = f"SELECT {column} FROM {column.partition('.')[0]} GROUP BY {column} HAVING count(*) > {LONG}"
        lists += [(role, x) for (x,) in connection.execute(text)]
    _count(connection, lists)


def _count(connection: sqlite3.Connection, lists: Iterable[List]) -> None:
    for role, x in lists:
        bound = {"x": x, "role": role}
        connection.execute(
            f"INSERT INTO tally SELECT :role, :x, '', 0, count(*) {facets.source(role, tests=[facets.COUNTED])}", bound
        )
        for name, facet in facets.FACETS.items():
            counts = facets.value_counts(name, facets.source(role, facet.join, [facets.COUNTED]))
            text = f"INSERT INTO tally SELECT :role, :x, :facet, value, n FROM ({counts})"
            connection.execute(text, {**bound, "facet": name})


def of_changed(connection: sqlite3.Connection) -> set[List]:
    """The lists that may be long in which the claims in the table ``changed`` are."""
    lists = {_ALL}
    for role, column in _COLUMNS.items():
        table = column.partition(".")[0]
        text = f"SELECT DISTINCT {column} FROM changed CROSS JOIN {table} ON {table}.claim = changed.claim"
        lists |= {(role, x) for (x,) in connection.execute(text)}
    return lists


def add(connection: sqlite3.Connection, lists: Iterable[List], sign: int) -> None:
    """Add the claims in the table ``changed``, or take them away (-1), in those of the ``lists`` that are counted."""
    connection.execute("CREATE TEMP TABLE list (role TEXT, x INTEGER, PRIMARY KEY (role, x)) WITHOUT ROWID")
    counted = "SELECT role, x FROM tally WHERE role = ? AND x = ? AND facet = ''"
    for each in lists:
        connection.execute(f"INSERT INTO list {counted}", each)
    connection.execute("CREATE TEMP TABLE member (x INTEGER, claim INTEGER)")
    for role in ("all", *_COLUMNS):
        connection.execute("DELETE FROM member")
        chosen = facets.ROLES[role].replace(":x", "list.x")
        connection.execute(_MEMBERS.format(chosen=chosen), {"role": role})
        for name, facet in [("", None), *facets.FACETS.items()]:
            value = f"coalesce({facet.value}, 0)" if facet else "0"
            source = _OF_MEMBERS.format(join=facet.join.replace(":x", "member.x") if facet else "")
            counts = f"SELECT :role, member.x, :facet, {value} AS value, :sign * count(DISTINCT c.id) {source}"
            connection.execute(_ADD.format(counts=counts), {"role": role, "facet": name, "sign": sign})
    connection.execute("DELETE FROM tally WHERE (role, x) IN (SELECT role, x FROM list) AND n = 0 AND facet <> ''")
    for table in ("list", "member"):
        connection.execute(f"DROP TABLE {table}")


def settle(connection: sqlite3.Connection, lists: Iterable[List]) -> None:
    """Count those of the ``lists`` that have become long, and no longer those that are long no more."""
    new = list[List]()
    for role, x in lists:
        if (role, x) == _ALL:
            continue
        column = _COLUMNS[role]
        text = f"SELECT count(*) FROM (SELECT 1 FROM {column.partition('.')[0]} WHERE {column} = ? LIMIT ?)"
        [(count,)] = connection.execute(text, [x, LONG + 1])
        counted = connection.execute("SELECT 1 FROM tally WHERE role = ? AND x = ? LIMIT 1", [role, x]).fetchone()
        if count > LONG and not counted:
            new.append((role, x))
        elif count <= LONG and counted:
            connection.execute("DELETE FROM tally WHERE role = ? AND x = ?", [role, x])
    _count(connection, new)
