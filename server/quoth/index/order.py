"""The numbers of claims, which are in the order of the claims: by article, and by place in its text.

Each article has a slot of numbers of its own, and there are free slots between articles: a claim or an article comes
between others, and these keep their numbers.
"""

import sqlite3
from collections.abc import Mapping, Sequence

_BITS = 20
"""A slot has 2**20 numbers; an article with more claims takes several slots."""
_APART, _NEAR = 1 << 24, 1 << 12
"""Slots from one article to the next where all are new, and where one comes between others: articles often come each
behind the one before it."""
_LAST = 1 << 42

_FROM = (
    "SELECT claim.id, coalesce(term.iri, '') FROM claim LEFT JOIN term ON term.id = claim.article"
    " WHERE claim.id >= ? ORDER BY claim.id LIMIT 1"
)


def of_all(articles: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Claims (IRIs) → their numbers, from the claims of each article in their order; the claims that are in no article
    are under an empty IRI."""
    apart = min(_APART, _LAST // (len(articles) + 1))
    numbers: dict[str, int] = {}
    slot = 0
    for article in sorted(articles):
        slot += apart if article else 0
        numbers |= of_slot(slot, articles[article])
        slot += len(articles[article]) >> _BITS
    return numbers


def of_slot(slot: int, claims: Sequence[str]) -> dict[str, int]:
    """The numbers of the claims of one article, by its (first) slot."""
    return {claim: (slot << _BITS) + place for place, claim in enumerate(claims, 1)}


def slot(connection: sqlite3.Connection, article: str, size: int, old: int | None) -> int | None:
    """A slot for an article (its IRI) with so many claims, none of which are there: that of the ``old`` number of one
    of them, if that will do. None where there is no free one: all claims need new numbers."""
    low, high = 1, 1 << (_BITS + _LAST.bit_length())
    while low < high:  # the first number of an article behind this one
        middle = (low + high) // 2
        found = connection.execute(_FROM, [middle]).fetchone()
        if found is None or found[1] > article:
            high = middle
        else:
            low = found[0] + 1
    [(before,)] = connection.execute("SELECT coalesce(max(id), 0) FROM claim WHERE id < ?", [low])
    behind = connection.execute(_FROM, [low]).fetchone()
    first, further = before >> _BITS, size >> _BITS
    end = behind[0] >> _BITS if behind else _LAST
    for free in (old >> _BITS if old else 0, first + (min((end - first) // 2, _NEAR) if behind else _APART)):
        if (first < free or not article) and free + further < end:
            return free
    return None
