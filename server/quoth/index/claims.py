"""The lists of claims of a release: narrowed, counted and cut into pages without asking the engine to add anything up.

They are tables of SQLite, filled from the queries ``list-*.rq`` when a release is published: aggregates are what
engines are slowest at, and a release never changes. Nothing is in them that the release does not say.
"""

import functools
import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quoth.claim.model.claim_summary import ClaimSummary
from quoth.claim.model.namespaces import ENCODING_STATUS
from quoth.index import build, facets
from quoth.index.database import IndexDatabase, file_uri
from quoth.index.fulltext import Rows
from quoth.index.selection import Selection

_COUNTS_LIMIT = 4096

_OF_CLASSES = (
    "SELECT thing FROM class WHERE class IN (SELECT id FROM term WHERE iri IN (SELECT value FROM json_each(:%s)))"
)
_THINGS = f"({_OF_CLASSES % 'classes'} EXCEPT {_OF_CLASSES % 'but'})"
"""The things of any of the classes, and of none of ``but``: arrays of IRIs in JSON."""

_TALLY = "FROM tally WHERE role = :role AND x = :x AND facet = :facet"


_PROPOSED = (
    "SELECT 1 FROM claim c JOIN term status ON status.id = c.status"
    f" AND status.iri = '{ENCODING_STATUS.proposed.value}'"
)


@dataclass(frozen=True)
class Pair:
    """Two claims of which one is inferred to bear on the other; IRIs, and ``reason`` in words."""

    kind: str
    claim: str
    other: str
    reason: str


@dataclass(frozen=True)
class Thing:
    """A thing with its kind in a word, the number of claims in which it plays a part, and how many of them are
    proposed."""

    iri: str
    kind: str
    claims: int
    proposed: int = 0


class ClaimIndex(IndexDatabase):
    """The lists of one release. Safe to use from many threads."""

    def __init__(self, path: Path, rows: Rows) -> None:
        """Opens the file at ``path``. Where the file is missing or damaged, or lacks some of what this version reads,
        as in a release of an earlier version, fills a database in memory from ``rows``."""
        uri = file_uri(path)
        if not build.is_complete(path):
            uri = f"file:quoth-{uuid.uuid4()}?mode=memory&cache=shared"
            # The database lives as long as a connection to it.
            self._memory = sqlite3.connect(uri, uri=True, check_same_thread=False)
            with self._memory:
                build.fill(self._memory, rows)
        super().__init__(uri)
        self._counted = functools.lru_cache(_COUNTS_LIMIT)(self.select)
        self.has_proposed = bool(self.select(f"{_PROPOSED} LIMIT 1"))
        self._has_summaries = bool(self.select("SELECT 1 FROM sqlite_master WHERE name = 'summary'"))

    def count(self, selection: Selection) -> int:
        """The number of its claims."""
        source, values = self._source(selection)
        text = f"SELECT count(*) {source}"
        if selection.whole:
            text = f"SELECT coalesce((SELECT n {_TALLY}), ({text}))"
            values |= {"role": selection.role, "facet": ""}
        [(count,)] = self._kept(selection)(text, **values)
        return int(count)

    def _kept(self, selection: Selection) -> Callable[..., list[tuple[str, ...]]]:
        """The function that counts for a selection; nothing is kept for one of claims that are listed, whose key would
        be as long as their list."""
        return self.select if selection.among else self._counted

    def claims(self, selection: Selection, *, first: int, size: int) -> list[str]:
        """``size`` of its claims from place ``first`` (from 0) on, by article and place in the text: their IRIs."""
        source, values = self._source(selection)
        text = f"SELECT c.iri {source} ORDER BY chosen.claim LIMIT :size OFFSET :first"
        return [iri for (iri,) in self.select(text, **values, size=size, first=first)]

    def batches(self, selection: Selection, size: int) -> Iterator[list[str]]:
        """All its claims in the same order, ``size`` at a time: each batch begins where the one before ended, so that
        the last costs no more than the first."""
        source, values = self._source(selection)
        text = f"SELECT c.id, c.iri {source} AND chosen.claim > :after ORDER BY chosen.claim LIMIT :size"
        after: int | str = 0
        while batch := self.select(text, **values, size=size, after=after):
            yield [iri for _, iri in batch]
            after = batch[-1][0]

    def among(self, selection: Selection, iris: Sequence[str]) -> list[str]:
        """Those of the IRIs that are claims of the selection."""
        source, values = self._source(selection)
        listed = "SELECT id FROM claim WHERE iri IN (SELECT value FROM json_each(:iris))"
        text = f"SELECT c.iri {source} AND chosen.claim IN ({listed})"
        return [iri for (iri,) in self.select(text, **values, iris=json.dumps(list(iris)))]

    def summaries(self, iris: Sequence[str]) -> dict[str, ClaimSummary]:
        """The summaries of those claims, as far as they were written at publication."""
        if not self._has_summaries:
            return {}
        text = (
            "SELECT claim.iri, summary.text FROM json_each(:iris) CROSS JOIN claim ON claim.iri = json_each.value"
            " CROSS JOIN summary ON summary.claim = claim.id"
        )
        rows = self.select(text, iris=json.dumps(list(iris)))
        return {iri: ClaimSummary.from_json(iri, summary) for iri, summary in rows}

    def values(self, name: str, iris: Sequence[str]) -> dict[str, list[str]]:
        """The claims among those that have values of a facet, and these values (IRIs or words) in their order."""
        facet = facets.FACETS[name]
        text = (
            "SELECT c.iri, term.iri FROM json_each(:iris) CROSS JOIN claim c ON c.iri = json_each.value"
            f" {facet.join} CROSS JOIN term ON term.id = {facet.value} ORDER BY term.iri"
        )
        values: dict[str, list[str]] = {}
        for claim, value in self.select(text, iris=json.dumps(list(iris))):
            values.setdefault(claim, []).append(value)
        return values

    def relations(self, iris: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """The claims among those that bear on others, with the kind of each relation and the other claim (IRIs)."""
        # The kinds of relations are symmetric, and the table has each once.
        text = " UNION ".join(
            "SELECT claim.iri, kind.iri, other.iri FROM json_each(:iris)"
            f" CROSS JOIN claim ON claim.iri = json_each.value CROSS JOIN relation ON relation.{one} = claim.id"
            f" CROSS JOIN claim other ON other.id = relation.{two} CROSS JOIN term kind ON kind.id = relation.kind"
            for one, two in (("claim", "other"), ("other", "claim"))
        )
        related: dict[str, list[tuple[str, str]]] = {}
        for claim, kind, other in self.select(text, iris=json.dumps(list(iris))):
            related.setdefault(claim, []).append((kind, other))
        return related

    def bearing(self, iris: Sequence[str], limit: int) -> list[Pair]:
        """The pairs in which a claim among those bears on another in some way, at most ``limit``: the claims by their
        places, of claims that are counted or among those alone."""
        text = (
            "SELECT kind.iri, one.iri, two.iri, reason FROM relation CROSS JOIN claim one ON one.id = relation.claim"
            " CROSS JOIN claim two ON two.id = relation.other CROSS JOIN term kind ON kind.id = relation.kind"
            " WHERE (relation.claim IN wanted OR relation.other IN wanted)"
            " AND (one.counted OR one.id IN wanted) AND (two.counted OR two.id IN wanted)"
            " ORDER BY one.id, two.id, kind.iri LIMIT :limit"
        )
        wanted = "WITH wanted AS (SELECT id FROM claim WHERE iri IN (SELECT value FROM json_each(:iris)))"
        return [Pair(*row) for row in self.select(f"{wanted} {text}", iris=json.dumps(list(iris)), limit=limit)]

    def is_proposed(self, iri: str) -> bool:
        """Whether that is a claim of a proposed encoding."""
        return self.has_proposed and bool(self._counted(f"{_PROPOSED} WHERE c.iri = :iri", iri=iri))

    def following(self, claim: str, *, backwards: bool = False) -> str | None:
        """The claim that stands next to that one in the text of its article, in the same encoding (IRIs), or before it;
        None at the ends."""
        test, order = ("other.id < one.id", "DESC") if backwards else ("other.id > one.id", "")
        text = (
            "SELECT other.iri FROM claim one JOIN claim other ON other.article = one.article"
            f" AND other.encoding IS one.encoding AND {test} WHERE one.iri = :claim ORDER BY other.id {order} LIMIT 1"
        )
        return next((iri for (iri,) in self.select(text, claim=claim)), None)

    def encodings(self, limit: int) -> list[str]:
        """At most so many of the encodings (IRIs) that have claims."""
        text = "SELECT iri FROM term WHERE id IN (SELECT encoding FROM claim) ORDER BY iri LIMIT :limit"
        return [iri for (iri,) in self._counted(text, limit=limit)]

    def graded(self, selection: Selection, *, first: int, size: int) -> list[str]:
        """The same as ``claims``, but those that are certain first, behind the others those whose certainty is not
        stated, and those without one last."""
        grades = sorted(self.facet(selection, "certainty"), key=lambda grade: (_grade(grade[0]), grade[0]))
        iris: list[str] = []
        others = selection.without("certainty")
        for certainty, count in grades:
            if first < count and len(iris) < size:
                grade = replace(others, narrowed=(*others.narrowed, ("certainty", certainty)))
                iris += self.claims(grade, first=first, size=size - len(iris))
            first = max(0, first - count)
        return iris

    def facet(self, selection: Selection, name: str, limit: int = 100) -> list[tuple[str, int]]:
        """The values of a facet (IRIs) and the number of claims that have each, the most first; the empty one is of
        the claims without a value."""
        values: dict[str, int | str | None] = {"x": self.term(selection.of), "role": selection.role, "facet": name}
        counts = f"SELECT value, n {_TALLY}"
        if not selection.whole or not self._counted(f"SELECT 1 {_TALLY} LIMIT 1", **values):
            source, values = self._source(selection, facets.FACETS[name].join)
            counts = facets.value_counts(name, source)
        text = (
            f"SELECT coalesce(term.iri, '') AS iri, n FROM ({counts}) LEFT JOIN term ON term.id = value"
            " ORDER BY n DESC, iri LIMIT :limit"
        )
        rows = self._kept(selection)(text, **values, limit=limit)
        return [(iri, int(count)) for iri, count in rows]

    def pairs(self, selection: Selection, kinds: Sequence[str], limit: int) -> list[Pair]:
        """Claims of the selection that bear on each other in one of those ways (IRIs), at most ``limit``.

        The second claim of a pair plays the same role, whatever the selection is narrowed by.
        """
        source, values = self._source(
            selection,
            "CROSS JOIN relation ON relation.claim = c.id CROSS JOIN claim two ON two.id = relation.other"
            " CROSS JOIN term ON term.id = relation.kind",
        )
        text = (
            f"SELECT term.iri, c.iri, two.iri, reason {source}"
            f" AND two.counted AND EXISTS (SELECT 1 FROM ({facets.ROLES[selection.role]}) WHERE claim = two.id)"
            " AND term.iri IN (SELECT value FROM json_each(:kinds))"
            " ORDER BY chosen.claim, relation.other, term.iri LIMIT :limit"
        )
        return [Pair(*row) for row in self.select(text, **values, limit=limit, kinds=json.dumps(list(kinds)))]

    def things(
        self, role: str, classes: Sequence[str], but: Sequence[str] = (), *, first: int, size: int
    ) -> list[Thing]:
        """Things of any of those classes and none of ``but`` (IRIs), by the number of claims in which they play a part,
        the most first: ``size`` of them from place ``first`` on."""
        tests = [facets.COUNTED, facets.FACETS["status"].test(":proposed")]
        claims, proposed = (facets.source(role, tests=tests[:n]).replace(":x", "thing.id") for n in (1, 2))
        marked = f"(SELECT count(*) {proposed})" if self.has_proposed else "0"
        text = (
            f"SELECT thing.iri, item.kind, (SELECT count(*) {claims}) AS n, {marked} FROM {_THINGS} listed"
            " JOIN term thing ON thing.id = listed.thing JOIN item ON item.iri = thing.iri"
            " ORDER BY n DESC, thing.iri LIMIT :size OFFSET :first"
        )
        values = {"classes": json.dumps(classes), "but": json.dumps(but), "size": size, "first": first}
        values |= {"proposed": self.term(ENCODING_STATUS.proposed.value)} if self.has_proposed else {}
        return [Thing(iri, kind, int(n), int(proposed)) for iri, kind, n, proposed in self._counted(text, **values)]

    def uncounted(self, iris: Sequence[str]) -> set[str]:
        """Those of the IRIs that are claims of an encoding which is not counted."""
        text = "SELECT iri FROM claim c WHERE NOT c.counted AND iri IN (SELECT value FROM json_each(:iris))"
        return {iri for (iri,) in self.select(text, iris=json.dumps(list(iris)))}

    def things_count(self, classes: Sequence[str], but: Sequence[str] = ()) -> int:
        """The number of things of any of those classes and none of ``but`` (IRIs)."""
        text = f"SELECT count(*) FROM {_THINGS}"
        [(count,)] = self._counted(text, classes=json.dumps(classes), but=json.dumps(but))
        return int(count)

    def _source(self, selection: Selection, join: str = "") -> tuple[str, dict[str, int | str | None]]:
        """FROM and WHERE of a selection, with the values that are bound in them; ``c`` is the claim."""
        return selection.source(self.term, join)


def _grade(certainty: str) -> int:
    return {"certain": 0, "unknown": 2, "": 3}.get(certainty.rpartition("#")[2], 1)
