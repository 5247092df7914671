"""The bearers of a name: those that have it exactly, or a name that begins with it, or nearly the same name.

Nearly the same means: with some of its words, or with words that are spelt much like them. The score of a candidate is
decided elsewhere. Every look-up is bounded, however long the lists are.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.index.database import IndexDatabase
from quoth.index.fulltext import NAMES, PLACE, RANK, any_of
from quoth.index.similarity import folded, inverted
from quoth.index.vocabulary import Vocabulary, vocabulary

THINGS_LIMIT, CLAIMS_LIMIT = 50, 25
"""Bearers that one look-up gives at most."""

_WORDS_LIMIT = 8
_COMMON = 1_000
"""A word in more names than these is left out where there are rarer ones: it finds much and tells little."""

_BEARER = "SELECT item.iri, label, also, quotation FROM"
_IN_SCOPE = (
    "((:claims AND item.claim IS NOT NULL) OR EXISTS (SELECT 1 FROM term thing JOIN class ON class.thing = thing.id"
    " JOIN term kind ON kind.id = class.class"
    " WHERE thing.iri = item.iri AND kind.iri IN (SELECT value FROM json_each(:classes))))"
)


@dataclass(frozen=True)
class ItemFilter:
    """The items among which bearers are looked for: things of any of those classes (IRIs), and claims."""

    classes: tuple[str, ...]
    claims: bool

    @property
    def values(self) -> dict[str, int | str]:
        """The values that are bound in _IN_SCOPE."""
        return {"classes": json.dumps(self.classes), "claims": self.claims}


@dataclass(frozen=True)
class Bearer:
    """An item that has names. ``also`` are its other names and spellings, ``quotations`` the words of a claim."""

    iri: str
    labels: tuple[str, ...]
    also: tuple[str, ...]
    quotations: tuple[str, ...]


def exact(database: IndexDatabase, name: str, items: ItemFilter) -> list[Bearer]:
    """Those that have just this name, but for case, accents and punctuation, or with the family name and a comma first;
    things before claims."""
    text = (
        f"{_BEARER} {NAMES} name JOIN item ON item.id = name.item JOIN words ON words.rowid = item.id"
        f" WHERE name.folded IN (:name, :inverted) AND {_IN_SCOPE}"
        f" GROUP BY item.id ORDER BY item.claim IS NOT NULL, name.folded = :name DESC, {PLACE} LIMIT :limit"
    )
    key = folded(name)
    other = folded(inverted(name)) or key
    return _bearers(database, text, items, name=key, inverted=other, limit=THINGS_LIMIT)


def among(database: IndexDatabase, iris: Sequence[str], items: ItemFilter) -> list[str]:
    """Those of the IRIs that are items, in their order."""
    text = f"SELECT item.iri FROM item WHERE item.iri IN (SELECT value FROM json_each(:iris)) AND {_IN_SCOPE}"
    known = {iri for (iri,) in database.select(text, **items.values, iris=json.dumps(list(iris)))}
    return [iri for iri in iris if iri in known]


def kinds(database: IndexDatabase, iris: Sequence[str]) -> dict[str, str]:
    """The kinds of those IRIs that are items, each in a word."""
    text = "SELECT iri, kind FROM item WHERE iri IN (SELECT value FROM json_each(:iris))"
    rows = database.select(text, iris=json.dumps(list(iris)))
    return {iri: kind for iri, kind, *_ in rows}


def beginning(database: IndexDatabase, start: str, items: ItemFilter, *, first: int, size: int) -> list[str]:
    """``size`` IRIs of those that have a name with this beginning, by name, from place ``first`` (from 0) on."""
    text = (
        f"SELECT item.iri FROM {NAMES} name JOIN item ON item.id = name.item"
        f" WHERE name.folded >= :start AND name.folded < :end AND {_IN_SCOPE}"
        f" GROUP BY item.id ORDER BY item.claim IS NOT NULL, min(name.folded), {PLACE}"
        " LIMIT :size OFFSET :first"
    )
    key = folded(start)
    rows = database.select(text, **items.values, start=key, end=key + "\U0010ffff", size=size, first=first)
    return [iri for (iri,) in rows]


def alike(database: IndexDatabase, name: str, items: ItemFilter) -> list[Bearer]:
    """Those whose names or quotations have some of its words, the likeliest first; things before claims."""
    words = any_of(_rarest(vocabulary(database), folded(name).split()))
    if not words:
        return []
    text = (
        f"{_BEARER} words JOIN item ON item.id = words.rowid WHERE words MATCH :words AND {_IN_SCOPE}"
        f" ORDER BY {RANK}, {PLACE} LIMIT :limit"
    )
    bearers = []
    if items.classes:
        things = ItemFilter(items.classes, False)
        bearers += _bearers(database, text, things, words=f"{{label also}} : ({words})", limit=THINGS_LIMIT)
    if items.claims:
        bearers += _bearers(database, text, ItemFilter((), True), words=words, limit=CLAIMS_LIMIT)
    return bearers


def _rarest(known: Vocabulary, words: Iterable[str]) -> list[str]:
    """The rarest of the words that the release has, or of those that are much like them."""
    present = dict.fromkeys(w for word in dict.fromkeys(words) for w in known.like(word) if w in known.counts)
    rare = sorted(present, key=lambda word: (known.counts[word], word))
    return ([word for word in rare if known.counts[word] <= _COMMON] or rare[:1])[:_WORDS_LIMIT]


def _bearers(database: IndexDatabase, text: str, items: ItemFilter, **values: int | str) -> list[Bearer]:
    return [
        Bearer(iri, *(tuple(filter(None, names.split("\n"))) for names in columns))
        for iri, *columns in database.select(text, **items.values, **values)
    ]
