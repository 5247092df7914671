"""The lists of a release made of those of the last one and what changes: only the rows of what that touches are made
anew, by the same queries, from the few quads on which they depend."""

import functools
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PROV, QUOTH, RDF, QuadTerm
from quoth.index import build, claim_summaries, dependencies, tally
from quoth.index.database import writing
from quoth.index.dependencies import ASSERTED, TooMuchError, Touched
from quoth.index.replacement import Replacement

LARGEST_SHARE, FEW = 0.25, 500
"""The share of all claims and things past which all rows are made anew, unless that is but few."""


@dataclass(frozen=True)
class Changed:
    """The step from one release to the next: the stores of both, the lines that are ``removed`` and ``added``, and
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

    def run(self) -> int:
        """Raises TooMuchError where all rows have to be made anew."""
        claims, things = self._touched()
        own = [*self._changed.about(claims)]
        near = dependencies.surroundings(claims, things, _quads(own), self._changed.after)
        build.fill(self._made, build.rows_of(near))
        self._made.execute(claim_summaries.SCHEMA)
        if _schema(self._lists) != _schema(self._made):
            raise TooMuchError
        rows = Replacement(self._lists, self._made)
        around = claims | rows.partners(claims)
        rows.select(around)
        lists = tally.of_changed(self._lists)
        tally.add(self._lists, lists, -1)
        rows.select(claims)
        rows.replace_claims(claims)
        rows.select(around)
        rows.replace_bearing()
        lists |= tally.of_changed(self._lists)
        tally.add(self._lists, lists, 1)
        tally.settle(self._lists, lists)
        rows.replace_classes(claims | things)
        rows.replace_items(claims | things)
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
        quads = self._changed.after.quads_for_pattern(node, PROV.wasQuotedFrom, None, ASSERTED)
        yield from [quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)] or [""]

    def _claims(self, article: str) -> Iterator[QuadTerm]:
        """The claims of an article, before and after."""
        test = "= (SELECT id FROM term WHERE iri = ?)" if article else "IS nullif(?, '')"
        before = f"SELECT iri FROM claim WHERE article {test}"
        yield from (ox.NamedNode(iri) for (iri,) in self._rows(before, article))
        if article:
            node = ox.NamedNode(article)
            after = self._changed.after.quads_for_pattern(None, PROV.wasQuotedFrom, node, ASSERTED)
            yield from (quad.subject for quad in after)

    def _rows(self, text: str, *values: str) -> list[tuple[Any, ...]]:
        return self._lists.execute(text, values).fetchall()


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'"))


def _quads(lines: Iterable[bytes]) -> Iterable[ox.Quad]:
    return cast(Iterable[ox.Quad], ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))
