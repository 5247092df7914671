"""Reading a history (schema.py): the changes, newest first or in their order, and what is known of one thing.

Lists are read from one change to the next (``before`` and ``after`` are numbers of changes), so that a page far down
costs what the first one does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quoth.index.database import IndexDatabase, file_uri
from quoth.release.history.changes import Change, Seen, Span, Statement
from quoth.release.history.schema import ARTICLE, KINDS_OF_CHANGE, LABELS, ROLES, WITHDRAWN

RECENT = 2_000
"""Changes of what concerns a thing among which withdrawals are looked for."""


@dataclass(frozen=True)
class Wanted:
    """The changes that are wanted: those of ``event``, of one thing (``iri``), of one release, and of what concerns a
    thing in a role (ROLES → IRI). ``among``: the IRIs of the things, where these are known."""

    event: str = ""
    iri: str = ""
    release: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)
    among: Sequence[str] | None = None


_PROPERTIES = json.dumps([term.value for term in LABELS[:2]])


def _label(item: str, release: str) -> str:
    """The name that an item had in a release, or had last: what is said of a past change stays the same. Of names that
    it had at once, the one in English that came last."""
    return (
        f"(SELECT value FROM (SELECT value, seen.first, seen.last, seen.last IS NULL OR seen.last >= {release} AS there"
        f" FROM seen JOIN item property ON property.id = seen.property WHERE seen.item = {item}"
        f" AND property.iri IN (SELECT value FROM json_each('{_PROPERTIES}')) AND seen.first <= {release})"
        " ORDER BY there DESC, iif(there, 0, last) DESC, value LIKE '%@en' DESC, first DESC, value LIMIT 1)"
    )


_ARTICLE = (
    f"(SELECT iri FROM tie JOIN item ON item.id = thing WHERE tie.item = change.item AND role = {ARTICLE} LIMIT 1)"
)
_COLUMNS = (
    "change.id, change.release, iif(change.date LIKE '% %', substr(change.date, 12), release.created), change.kind,"
    f" item.iri, item.kind, {_label('change.item', 'change.release')}, {_ARTICLE}, change.reason, change.by,"
    " iif(change.date LIKE '% %', substr(change.date, 1, 10), change.date), change.what"
)

_WHOSE = "CROSS JOIN item ON item.id = change.item CROSS JOIN release ON release.number = change.release"


class PastChanges(IndexDatabase):
    """The history in a file. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        super().__init__(file_uri(path))

    def releases(self) -> list[tuple[int, str]]:
        """The releases, oldest first: number and time."""
        return [(int(number), created) for number, created in self.select("SELECT number, created FROM release")]

    def last(self) -> int:
        """The number of the last change; 0 where there is none."""
        return int(self.select("SELECT coalesce(max(id), 0) FROM change")[0][0])

    def last_of(self, release: int) -> int:
        """The number of the last change up to a release; 0 where there is none."""
        rows = self.select("SELECT coalesce(max(last), 0) FROM release WHERE number <= :release", release=release)
        return int(rows[0][0])

    def counts(self, after: int, until: int) -> dict[str, int]:
        """How many changes of each event there were after a release, until another one, which is among them."""
        rows = self.select(
            "SELECT kind, count(*) FROM change WHERE id > :first AND id <= :last GROUP BY kind ORDER BY kind",
            first=self.last_of(after),
            last=self.last_of(until),
        )
        return {KINDS_OF_CHANGE[int(kind)]: int(count) for kind, count in rows}

    def changes(
        self,
        wanted: Wanted | None = None,
        *,
        before: int | None = None,
        after: int | None = None,
        skip: int = 0,
        limit: int,
    ) -> list[Change]:
        """Some changes that are wanted: the newest ones ``before`` a change, the newest first; or, where ``after`` is
        given, the oldest ones after that change, in their order. ``skip`` of them are left out first."""
        source, id, values = self._source(wanted or Wanted())
        if before is not None:
            source += f" AND {id} < :before"
        if after is not None:
            source += f" AND {id} > :after"
        order = "DESC" if after is None else "ASC"
        # What is skipped is read in the narrowest index; only the rest is looked up.
        rows = self.select(
            f"SELECT {_COLUMNS} FROM (SELECT {id} AS chosen {source} ORDER BY {id} {order} LIMIT :limit OFFSET :skip)"
            f" CROSS JOIN change ON change.id = chosen {_WHOSE} ORDER BY change.id {order}",
            **values, before=before, after=after, skip=skip, limit=limit,
        )  # fmt: skip
        return [_change(row) for row in rows]

    def withdrawn(self, iri: str, limit: int) -> list[Change]:
        """The last withdrawals of what concerned a thing and is gone, the newest first, each thing once; among the last
        RECENT changes of what concerns it in a role, so that it costs the same for a thing with many."""
        rows = [
            row
            for role in range(len(ROLES))
            for row in self.select(
                f"SELECT {_COLUMNS} FROM (SELECT change FROM concern WHERE role = :role AND thing = :thing"
                f" ORDER BY change DESC LIMIT :recent) recent CROSS JOIN change ON change.id = recent.change {_WHOSE}"
                f" WHERE change.kind = {WITHDRAWN} AND item.last IS NOT NULL AND item.id <> :thing"
                " ORDER BY change.id DESC LIMIT :limit",
                role=role, thing=self._item(iri), recent=RECENT, limit=limit,
            )
        ]  # fmt: skip
        newest = sorted(map(_change, rows), key=lambda change: -change.number)
        first: dict[str, Change] = {}
        for change in newest:
            first.setdefault(change.iri, change)
        return list(first.values())[:limit]

    def count(self, wanted: Wanted) -> int:
        """The number of changes that are wanted."""
        if wanted == Wanted():
            return self.last()
        source, _, values = self._source(wanted)
        return int(self.select(f"SELECT count(*) {source}", **values)[0][0])

    def _source(self, wanted: Wanted) -> tuple[str, str, dict[str, int | str | None]]:
        """FROM and WHERE of the changes that are wanted, the column of their numbers, and the values that are bound."""
        tests, values = ["1"], dict[str, int | str | None]()
        joins, id = ("concern c", "c.change") if wanted.roles else ("change", "change.id")
        if wanted.roles and (wanted.event or wanted.iri or wanted.among is not None):
            joins += " CROSS JOIN change ON change.id = c.change"
        for place, (role, iri) in enumerate(wanted.roles.items()):
            values[f"thing{place}"], values[f"role{place}"] = self._item(iri), ROLES.index(role)
            if place == 0:
                tests.append("c.role = :role0 AND c.thing = :thing0")
            else:
                tests.append(
                    f"EXISTS (SELECT 1 FROM concern WHERE role = :role{place} AND thing = :thing{place}"
                    " AND concern.change = c.change)"
                )
        if wanted.event:
            values["event"] = KINDS_OF_CHANGE.index(wanted.event)
            tests.append("change.kind = :event" if joins == "change" else "+change.kind = :event")
        if wanted.iri:
            values["item"] = self._item(wanted.iri)
            tests.append("change.item = :item")
        if wanted.among is not None:
            values["among"] = json.dumps([*wanted.among])
            tests.append("change.item IN (SELECT id FROM item WHERE iri IN (SELECT value FROM json_each(:among)))")
        if wanted.release:
            values["release"] = wanted.release
            tests.append(
                f"{id} > (SELECT coalesce(max(last), 0) FROM release WHERE number < :release)"
                f" AND {id} <= (SELECT coalesce(max(last), 0) FROM release WHERE number = :release)"
            )
        return f"FROM {joins} WHERE {' AND '.join(tests)}", id, values

    def span(self, iri: str) -> Span | None:
        """The first and the last release that described something; None where no release did."""
        rows = self.select("SELECT first, last FROM item WHERE iri = :iri AND first IS NOT NULL", iri=iri)
        return _span(*rows[0]) if rows else None

    def versions(self, iri: str) -> list[tuple[int, int | None]]:
        """The versions of a thing, the oldest first: the release that began each, and the one that ended it, None for
        the version that there is."""
        rows = self.select("SELECT release, kind FROM change WHERE item = :item ORDER BY id", item=self._item(iri))
        begins = [(int(release), KINDS_OF_CHANGE[int(kind)]) for release, kind in rows]
        ends: list[int | None] = [*(release for release, _ in begins[1:]), None]
        return [(begin, end) for (begin, event), end in zip(begins, ends, strict=False) if event != "withdrawn"]

    def seen(self, iri: str) -> list[Seen]:
        """The labels and links that a thing has or had, those that it has first."""
        rows = self.select(
            "SELECT property.iri, value, seen.first, seen.last FROM seen JOIN item property ON property.id = property"
            " WHERE item = :item ORDER BY seen.last IS NOT NULL, property.iri, value",
            item=self._item(iri),
        )
        return [Seen(property, value, _span(first, last)) for property, value, first, last in rows]

    def label(self, iri: str, release: int | None = None) -> str:
        """The name that a thing had in a release (default: the newest), or last, as a term in N-Triples; empty for one
        without."""
        text = f"SELECT {_label(':item', ':release')}"
        [(label,)] = self.select(text, item=self._item(iri), release=release or self.releases()[-1][0])
        return str(label or "")

    def knows(self, iri: str) -> bool:
        """Whether the history names an IRI."""
        return bool(self._item(iri))

    def _item(self, iri: str) -> int:
        """The number of an IRI, or 0, which none has."""
        return next((int(id) for (id,) in self.select("SELECT id FROM item WHERE iri = :iri", iri=iri)), 0)


def _span(first: object, last: object) -> Span:
    return Span(int(str(first)), None if last is None else int(str(last)))


def _change(row: Sequence[object]) -> Change:
    number, release, created, event, *texts, what = row
    statements = tuple(
        Statement(part, property, graph, tuple(before), tuple(after))
        for part, property, graph, before, after in (json.loads(str(what)) if what else ())
    )
    iri, kind, label, article, reason, by, date = ("" if text is None else str(text) for text in texts)
    event = KINDS_OF_CHANGE[int(str(event))]
    place = int(str(number)), int(str(release)), str(created), event
    return Change(*place, iri, kind, label, article, reason, by, date, statements)
