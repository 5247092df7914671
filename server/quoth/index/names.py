"""Who bears a name: exactly, beginning with it, or nearly; for those who have a name and look for its bearer.

Nearly means: some of its words are there, or words that are spelt much like them. How much a candidate's name is like
the one that was asked for is not decided here. Every look-up is bounded, however long the lists are.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from quoth.index.database import IndexDatabase
from quoth.index.fulltext import RANK, any_of
from quoth.index.similarity import folded

THINGS_LIMIT, CLAIMS_LIMIT = 50, 25
"""Bearers that one look-up finds at most."""

_WORDS_LIMIT = 8
_COMMON = 1_000
"""A word that more names have is left out where there are rarer ones: it finds much and tells little."""

_ALIKE = 0.7
_ALIKE_LIMIT = 4
_SHORTEST = 4
"""Letters that a word must have for others to be taken for misspellings of it."""

Bound = tuple[tuple[str, int | str], ...]

_COLUMNS = "SELECT item.iri, item.claim IS NOT NULL, label, also, quotation FROM"
_OF_CLASS = (
    "EXISTS (SELECT 1 FROM term thing JOIN class ON class.thing = thing.id JOIN term kind ON kind.id = class.class"
    " WHERE thing.iri = item.iri AND kind.iri IN (%s))"
)


@dataclass(frozen=True)
class Among:
    """Among what bearers are looked for: things of any of those classes (IRIs), and claims."""

    classes: tuple[str, ...]
    claims: bool


@dataclass(frozen=True)
class Bearer:
    """Something that has names. ``also`` are its other names and spellings, ``quotations`` the words of a claim."""

    iri: str
    claim: bool
    labels: tuple[str, ...]
    also: tuple[str, ...]
    quotations: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a release: how many names and quotations have each, and those of names by their length."""

    counts: Mapping[str, int]
    by_length: Mapping[int, Sequence[str]]

    def like(self, word: str) -> list[str]:
        """The word itself where a name has it; else the words of names that are spelt much like it."""
        if word in self.counts or len(word) < _SHORTEST:
            return [word]
        span = max(1, len(word) // 4)
        near = [w for length in range(len(word) - span, len(word) + span + 1) for w in self.by_length.get(length, ())]
        found = process.extract(
            word, near, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_ALIKE_LIMIT, processor=None
        )
        return [match for match, _, _ in found]


@functools.lru_cache(maxsize=4)
def vocabulary(database: IndexDatabase) -> Vocabulary:
    """The words of a release, read once."""
    rows = database.select("SELECT term, sum(doc), max(col <> 'quotation') FROM vocabulary GROUP BY term", ())
    lengths: dict[int, list[str]] = defaultdict(list)
    for word, _, in_names in rows:
        if in_names:
            lengths[len(word)].append(word)
    return Vocabulary({word: int(count) for word, count, _ in rows}, lengths)


def exact(database: IndexDatabase, name: str, among: Among) -> list[Bearer]:
    """Those that have just this name, but for case, accents and punctuation; things before claims."""
    test, bound = _among(among)
    text = (
        f"{_COLUMNS} name JOIN item ON item.id = name.item JOIN words ON words.rowid = item.id"
        f" WHERE name.folded = :name AND {test} ORDER BY item.claim IS NOT NULL, item.id LIMIT :limit"
    )
    return _bearers(database, text, (*bound, ("name", folded(name)), ("limit", THINGS_LIMIT)))


def beginning(database: IndexDatabase, start: str, among: Among, *, first: int, size: int) -> list[str]:
    """``size`` IRIs of those that have a name which begins so, by name, from place ``first`` (from 0) on."""
    key = folded(start)
    test, bound = _among(among)
    text = (
        "SELECT item.iri FROM name JOIN item ON item.id = name.item WHERE name.folded >= :start AND name.folded < :end"
        f" AND {test} GROUP BY item.id ORDER BY item.claim IS NOT NULL, min(name.folded), item.id"
        " LIMIT :size OFFSET :first"
    )
    end = key + "\U0010ffff"
    found = database.select(text, (*bound, ("start", key), ("end", end), ("size", size), ("first", first)))
    return [iri for (iri,) in found]


def alike(database: IndexDatabase, name: str, among: Among) -> list[Bearer]:
    """Those whose names or quotations have some of its words, the likeliest first; things before claims."""
    known = vocabulary(database)
    words = any_of(_telling(known, folded(name).split()))
    found: list[Bearer] = []
    if words and among.classes:
        found += _matching(database, f"{{label also}} : ({words})", Among(among.classes, False), THINGS_LIMIT)
    if words and among.claims:
        found += _matching(database, words, Among((), True), CLAIMS_LIMIT)
    return found


def _telling(known: Vocabulary, words: Iterable[str]) -> list[str]:
    """The rarest of the words that there are, or of those that are much like them."""
    there = dict.fromkeys(w for word in dict.fromkeys(words) for w in known.like(word) if w in known.counts)
    rare = sorted(there, key=lambda word: (known.counts[word], word))
    return ([word for word in rare if known.counts[word] <= _COMMON] or rare[:1])[:_WORDS_LIMIT]


def _matching(database: IndexDatabase, words: str, among: Among, limit: int) -> list[Bearer]:
    test, bound = _among(among)
    text = (
        f"{_COLUMNS} words JOIN item ON item.id = words.rowid WHERE words MATCH :words AND {test}"
        f" ORDER BY {RANK}, item.id LIMIT :limit"
    )
    return _bearers(database, text, (*bound, ("words", words), ("limit", limit)))


def _among(among: Among) -> tuple[str, Bound]:
    """SQL: an item is among those, and what is bound in it."""
    bound = tuple((f"class{place}", iri) for place, iri in enumerate(among.classes))
    tests = [_OF_CLASS % ", ".join(f":{name}" for name, _ in bound)] if bound else []
    if among.claims:
        tests.append("item.claim IS NOT NULL")
    return f"({' OR '.join(tests) or '0'})", bound


def _bearers(database: IndexDatabase, text: str, bound: Bound) -> list[Bearer]:
    return [
        Bearer(iri, bool(claim), *(tuple(filter(None, names.split("\n"))) for names in columns))
        for iri, claim, *columns in database.select(text, bound)
    ]
