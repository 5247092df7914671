"""An index of the pairs of words in what claims quote: which claims have some of the words of a text, in their order.

A pair is two words side by side of which one is not short, or two such words with only short ones between them: so a
text that has lost, added or changed a word has most of its pairs all the same. Words are compared in plain letters.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.index.database import IndexDatabase
from quoth.index.fulltext import Rows
from quoth.index.similarity import plain

SCHEMA = "CREATE TABLE word_pair (pair INTEGER, claim INTEGER, PRIMARY KEY (pair, claim)) WITHOUT ROWID;\n"
"""``pair`` is the CRC-32 of its two words: what else has the same number is found, and told apart by its words."""

LONG = 4
"""Letters of a word that is not short."""

COMMON = 150
"""A pair in more claims than these finds none: it tells little, and others of the same text are rarer."""

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?![^\W_])|(?:[^\W_]|[\xad\u200b\u2060\ufeff])+(?:['’ʼ‘](?=[^\W_])(?:[^\W_]|\xad)+)*"
)
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")


def words(text: str) -> list[re.Match[str]]:
    """The words of a text with their places; an apostrophe between letters is part of a word, as is a point or comma
    between digits.

    >>> [word[0] for word in words("“We don’t”, it says – 1,400 in 2016.")]
    ['We', 'don’t', 'it', 'says', '1,400', 'in', '2016']
    """
    return list(_WORD.finditer(text))


def normal(word: str) -> str:
    """A word in plain letters, a number without marks between its thousands.

    >>> normal("Don’t"), normal("1,400"), normal("3.5")
    ("don't", '1400', '3.5')
    """
    return _THOUSANDS.sub("", plain(word)) if word[:1].isdigit() else plain(word)


def pairs(folded: Sequence[str]) -> Iterator[int]:
    """The numbers of the pairs in a sequence of words in plain letters; a pair may come twice."""
    for one, other in pairwise(folded):
        if len(one) >= LONG or len(other) >= LONG:
            yield _number(one, other)
    long = [place for place, word in enumerate(folded) if len(word) >= LONG]
    for before, after in pairwise(long):
        if after > before + 1:
            yield _number(folded[before], folded[after])


def _number(one: str, other: str) -> int:
    return crc32(f"{one} {other}".encode())


def fill(connection: sqlite3.Connection, rows: Rows) -> None:
    """Make the index of a release whose table of claims is filled, from the words that ``rows`` gives."""
    connection.executescript(SCHEMA)
    claims = dict(connection.execute("SELECT iri, id FROM claim"))

    def numbered(row: dict[str, Term]) -> Iterator[tuple[int, int]]:
        claim, quotation = claims.get(getattr(row["claim"], "value", "")), row["words"]
        if claim is not None and isinstance(quotation, ox.Literal):
            for pair in pairs([normal(word[0]) for word in words(quotation.value)]):
                yield pair, claim

    # In their order, so that the tree is filled from one end to the other; SQLite sorts what memory need not hold.
    connection.execute("CREATE TEMP TABLE pair (pair INTEGER, claim INTEGER)")
    every = (pair for row in rows("list-quotations") for pair in numbered(row))
    connection.executemany("INSERT INTO pair VALUES (?, ?)", every)
    connection.execute("INSERT INTO word_pair SELECT DISTINCT pair, claim FROM pair ORDER BY pair, claim")
    connection.execute("DROP TABLE pair")


_FOUND = (
    "SELECT asked.value, word_pair.claim FROM json_each(:pairs) asked CROSS JOIN word_pair"
    " ON word_pair.pair = asked.value AND (SELECT count(*) FROM (SELECT 1 FROM word_pair other"
    " WHERE other.pair = asked.value LIMIT :most)) < :most"
)


def claims_with(database: IndexDatabase, asked: Sequence[int], common: int = COMMON) -> dict[int, list[int]]:
    """Pairs among those that are in few claims → the numbers of these claims."""
    found: dict[int, list[int]] = {}
    for pair, claim in database.select(_FOUND, pairs=json.dumps(sorted({*asked})), most=common):
        found.setdefault(int(pair), []).append(int(claim))
    return found


def ranked(found: dict[int, list[int]], asked: Sequence[int]) -> list[tuple[float, int]]:
    """The claims (numbers) that have some of those pairs, each with its score: a pair counts for more the fewer claims
    have it. The best come first."""
    scores: dict[int, float] = defaultdict(float)
    for pair in {*asked}:
        claims = found.get(pair, ())
        for claim in claims:
            scores[claim] += 1 / (1 + len(claims) ** 0.5)
    return sorted(((score, claim) for claim, score in scores.items()), key=lambda each: (-each[0], each[1]))
