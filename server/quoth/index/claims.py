"""The lists of claims of a release: narrowed, counted and cut into pages without asking the engine to add anything up.

They are tables of SQLite, filled once from the queries ``list-*.rq`` when a release is published: aggregates are what
engines are slowest at, and a release never changes. Nothing is in them that the release does not say; a release that
was published without them gets the same tables in memory.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quoth.claim.model.claim_summary import ClaimSummary
from quoth.index import build, facets
from quoth.index.database import IndexDatabase

_COUNTS_LIMIT = 4096

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

ROLES = tuple(facets.ROLES)
FACETS = tuple(facets.FACETS)


@dataclass(frozen=True)
class Selection:
    """Claims in which ``of`` plays a part (one of ROLES; ``of`` is an IRI, empty for all claims), of which each of
    ``narrowed`` holds, pairs of one of FACETS and an IRI, and in which ``words`` are found (fulltext.expression)."""

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


class ClaimIndex(IndexDatabase):
    """The lists of one release. Safe to use from many threads."""

    def __init__(self, path: Path | None, rows: build.Rows) -> None:
        """Opens the file at ``path``; where there is none, fills tables in memory from ``rows``."""
        super().__init__(path, lambda connection: build.fill(connection, rows))
        self._counted = functools.lru_cache(_COUNTS_LIMIT)(self.select)
        self._has_summaries = bool(self.select("SELECT 1 FROM sqlite_master WHERE name = 'outline'"))

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

    def batches(self, selection: Selection, size: int) -> Iterator[list[str]]:
        """All its claims in the same order, ``size`` at a time: each begins where the one before ended, so that the
        last cost no more than the first."""
        source, values = self._source(selection)
        text = f"SELECT c.id, c.iri {source} AND chosen.claim > :after ORDER BY chosen.claim LIMIT :size"
        after: int | str = 0
        while found := self.select(text, _frozen({**values, "size": size, "after": after})):
            yield [iri for _, iri in found]
            after = found[-1][0]

    def among(self, selection: Selection, iris: Sequence[str]) -> list[str]:
        """Those of the IRIs that are claims of the selection."""
        source, values = self._source(selection)
        those = "SELECT id FROM claim WHERE iri IN (SELECT value FROM json_each(:iris))"
        text = f"SELECT c.iri {source} AND chosen.claim IN ({those})"
        return [iri for (iri,) in self.select(text, _frozen({**values, "iris": json.dumps(list(iris))}))]

    def outlines(self, iris: Sequence[str]) -> dict[str, ClaimSummary]:
        """The outlines of those claims, as far as they were kept at publication: none, by an earlier version."""
        if not self._has_summaries:
            return {}
        text = (
            "SELECT claim.iri, outline.text FROM json_each(:iris) CROSS JOIN claim ON claim.iri = json_each.value"
            " CROSS JOIN outline ON outline.claim = claim.id"
        )
        return {
            iri: ClaimSummary.from_json(iri, kept)
            for iri, kept in self.select(text, (("iris", json.dumps(list(iris))),))
        }

    def following(self, claim: str, *, backwards: bool = False) -> str | None:
        """The claim that stands next to that one in the text of its article (IRIs), or before it; None at the ends."""
        there = "other.id < one.id" if backwards else "other.id > one.id"
        text = (
            f"SELECT other.iri FROM claim one JOIN claim other ON other.article = one.article AND {there}"
            f" WHERE one.iri = :claim ORDER BY other.id {'DESC' if backwards else ''} LIMIT 1"
        )
        return next((iri for (iri,) in self.select(text, (("claim", claim),))), None)

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
            source, values = self._source(selection, facets.FACETS[name].join)
            found = facets.value_counts(name, source)
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
            tests.append(facets.FACETS[facet].test % f":v{place}")
        if selection.words:
            values["words"] = selection.words
            tests.append(facets.WORDS_TEST)
        return facets.source(selection.role, join, tests), values


def _frozen(values: Mapping[str, int | str]) -> tuple[tuple[str, int | str], ...]:
    return tuple(values.items())


def _grade(certainty: str) -> int:
    name = certainty.rpartition("#")[2]
    return {"certain": 0, "unknown": 2}.get(name, 1)


def _of_classes(classes: Sequence[str], but: Sequence[str]) -> tuple[str, dict[str, int | str]]:
    """SQL for the things of any of those classes and none of ``but``, and what is bound in it."""
    one = {f"class{i}": iri for i, iri in enumerate(classes)}
    none = {f"but{i}": iri for i, iri in enumerate(but)}

    def having(names: Iterable[str]) -> str:
        classes = f"SELECT id FROM term WHERE iri IN ({', '.join(':' + n for n in names)})"
        return f"SELECT thing FROM class WHERE class IN ({classes})"

    return f"{having(one)}{' EXCEPT ' if but else ' UNION '}{having(none)}", {**one, **none}
