"""Finding things and claims by words: a full-text index beside the lists of a release, made when it is published.

The index has labels, other names and spellings, the words that are quoted, and where and by whom articles were
published. Case and accents do not count, each word may be the beginning of a longer one or have another form
(word_forms), and words between quotation marks are a phrase.
The index is SQLite's: https://www.sqlite.org/fts5.html
"""

import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import ENCODING_STATUS, Term, kind_of
from quoth.index import word_forms
from quoth.index.database import IndexDatabase
from quoth.index.facets import COUNTED, KIND, SEARCHED, of_encoding
from quoth.index.similarity import folded

Rows = Callable[[str], Iterable[dict[str, Term]]]
"""Gives the rows of one of our own queries, by its name."""

TEXT_LIMIT = 500
"""Characters of a text that is searched for."""

BEGIN, END = "\x02", "\x03"
"""The characters around the words that match, in Hit.label, .also and .quotation."""

_MOST_WORDS = 12
_BEGUN = 4
SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, claim INTEGER);
CREATE VIRTUAL TABLE words USING fts5(label, also, quotation, tokenize = "unicode61 remove_diacritics 2",
  prefix = "2 3");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col);
CREATE TABLE name (folded TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (folded, item)) WITHOUT ROWID;
"""
RANK = "bm25(words, 8.0, 6.0, 1.0)"
"""SQL: how well a row fits, the best lowest; a name counts for more than a quotation."""

_LETTERS = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ‘`]s$", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class SearchQuery:
    """A search for ``words``, as ``expression`` gives them, and what its results are narrowed by: pairs of one of
    SEARCHED and a value, which is a word for ``kind`` and an IRI for the others; the claims found are of
    ``encoding`` (of_encoding)."""

    words: str
    narrowed: tuple[tuple[str, str], ...] = ()
    encoding: str = ""


@dataclass(frozen=True)
class Hit:
    """A thing or claim that matches. ``also`` is empty unless another name or spelling matches; ``quotation`` is cut
    around the words that match: for an article, of what is known of its publication; else empty for all but claims.
    ``status`` is the local name of that of a claim's encoding, or empty."""

    iri: str
    kind: str
    label: str
    also: str
    quotation: str
    status: str = ""


def expression(text: str) -> str:
    """The expression in the language of FTS5 (§3) for a text as somebody typed it, in which no word is an operator;
    empty for a text without a word.

    A word between quotation marks stays as it is; another may be the beginning of a longer one, without the ending of
    a possessive, in another form, or written in one word or two.

    >>> expression('army "last year" AND NEAR( *')
    '("army"* OR "armies" OR "armied") AND "last year" AND "AND"* AND "NEAR"*'
    """
    words = []
    for phrase, typed in _WORD.findall(text[:TEXT_LIMIT].replace("\0", " ")):
        if any(unicodedata.category(c)[0] in "LN" for c in phrase or typed):
            words.append(f'"{phrase}"' if phrase else _widened(typed))
    return " AND ".join(words[:_MOST_WORDS])


def _widened(typed: str) -> str:
    """The expression that finds a word in any way in which a text may have it."""
    letters = [place for place, c in enumerate(typed) if unicodedata.category(c)[0] not in "PS"]
    word = _POSSESSIVE.sub("", typed[letters[0] : letters[-1] + 1])
    ways = [f'"{word}"*', *(f'"{form}"' for form in word_forms.forms(word))]
    for division in word_forms.divisions(word):
        # The last word may be the beginning of a longer one, but few letters would find too much.
        begun = len(division.rpartition(" ")[2]) >= _BEGUN
        ways.append(f'"{division}"{"*" if begun else ""}')
    return f"({' OR '.join(ways)})" if len(ways) > 1 else ways[0]


def any_of(words: Iterable[str]) -> str:
    """The expression that finds what has at least one of those words, which are as ``folded`` gives them."""
    return " OR ".join(f'"{word}"' for word in words if _LETTERS.fullmatch(word))


def fill(connection: sqlite3.Connection, rows: Rows) -> None:
    """Make the index of a release whose lists are filled, with the names and quotations that ``rows`` gives."""
    connection.executescript(SCHEMA)
    connection.execute("INSERT INTO item (iri, kind, claim) SELECT iri, 'claim', id FROM claim")
    things = connection.execute(
        "SELECT thing.iri, group_concat(kind.iri, ' ') FROM class JOIN term thing ON thing.id = class.thing"
        " JOIN term kind ON kind.id = class.class GROUP BY thing.id"
    ).fetchall()
    connection.executemany(
        "INSERT OR IGNORE INTO item (iri, kind) VALUES (?, ?)", ((iri, kind_of(set(t.split()))) for iri, t in things)
    )
    numbers = dict(connection.execute("SELECT iri, id FROM item"))
    texts: dict[int, tuple[list[str], ...]] = defaultdict(lambda: ([], [], []))  # labels, other names, quotations
    for query, subject, columns in (
        ("list-names", "thing", {"label": 0, "also": 1}),
        ("list-quotations", "claim", {"words": 2}),
        ("list-publications", "thing", {"words": 2}),
    ):
        for row in rows(query):
            number = numbers.get(getattr(row[subject], "value", ""))
            for name, place in columns.items():
                if number is not None and isinstance(text := row.get(name), ox.Literal):
                    texts[number][place].append(text.value)
    connection.executemany(
        "INSERT INTO words (rowid, label, also, quotation) VALUES (?, ?, ?, ?)",
        ((number, *("\n".join(dict.fromkeys(column)) for column in texts[number])) for number in sorted(texts)),
    )
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.executemany(
        "INSERT OR IGNORE INTO name VALUES (?, ?)",
        ((folded(name), number) for number in sorted(texts) for column in texts[number][:2] for name in column),
    )


class Search:
    """Searches the lists of one release. Safe to use from many threads."""

    def __init__(self, database: IndexDatabase) -> None:
        self._database = database

    def count(self, query: SearchQuery) -> int:
        """The number of hits."""
        source, values = self._source(query)
        [(count,)] = self._database.select(f"SELECT count(*) {source}", **values)
        return int(count)

    def hits(self, query: SearchQuery, *, first: int, size: int) -> list[Hit]:
        """``size`` of the hits from place ``first`` (from 0) on, the likeliest first."""
        source, values = self._source(query, "LEFT JOIN term status ON status.id = c.status")
        text = (
            "SELECT item.iri, item.kind, highlight(words, 0, :begin, :end), highlight(words, 1, :begin, :end),"
            f" snippet(words, 2, :begin, :end, '…', 40), coalesce(status.iri, '')"
            f" {source} ORDER BY {RANK}, item.id LIMIT :size OFFSET :first"
        )
        rows = self._database.select(text, **values, begin=BEGIN, end=END, size=size, first=first)
        return [
            Hit(
                iri,
                kind,
                label.replace("\n", " · "),
                also.replace("\n", " · ") if BEGIN in also else "",
                quotation.replace("\n", " … "),
                status.rpartition("#")[2],
            )
            for iri, kind, label, also, quotation, status in rows
        ]

    def facet(self, query: SearchQuery, name: str, limit: int = 30) -> list[tuple[str, int]]:
        """The values of a facet and the number of hits that have each, the most first."""
        facet = SEARCHED[name]
        join, column = facet.join, facet.value
        if facet is not KIND:
            join, column = f"{join} JOIN term ON term.id = {column}", "term.iri"
        source, values = self._source(query, join)
        text = f"SELECT {column}, count(DISTINCT item.id) AS n {source} GROUP BY 1 ORDER BY n DESC, 1 LIMIT :limit"
        return [(value, int(count)) for value, count in self._database.select(text, **values, limit=limit)]

    def kinds(self) -> list[str]:
        """The kinds of all items, the most frequent first."""
        text = "SELECT kind FROM item GROUP BY kind ORDER BY count(*) DESC, kind"
        return [kind for (kind,) in self._database.select(text)]

    def names(self, words: str, limit: int) -> dict[str, bool]:
        """Labels that have the words, for somebody who is still typing: of things first, then of claims; with each,
        whether it is of a claim that nobody has reviewed."""
        text = (
            "SELECT label, status.iri FROM words JOIN item ON item.id = words.rowid"
            " LEFT JOIN claim c ON c.id = item.claim"
            f" LEFT JOIN term status ON status.id = c.status WHERE words MATCH :words AND (c.id IS NULL OR {COUNTED})"
            f" ORDER BY item.claim IS NOT NULL, {RANK}, item.id LIMIT :limit"
        )
        rows = self._database.select(text, words=f"{{label also}} : ({words})", limit=limit)
        names: dict[str, bool] = {}
        for labels, status in rows:
            names.setdefault(labels.partition("\n")[0], status == ENCODING_STATUS.proposed.value)
        return names

    def _source(self, query: SearchQuery, join: str = "") -> tuple[str, dict[str, int | str]]:
        """FROM and WHERE of a query, with the values that are bound in them."""
        values: dict[str, int | str] = {"words": query.words}
        tests = ["words MATCH :words", f"(c.id IS NULL OR {of_encoding(query.encoding)})"]
        if query.encoding:
            values["encoding"] = self._database.term(query.encoding)
        for place, (facet, value) in enumerate(query.narrowed):
            values[f"v{place}"] = value if facet == KIND.name else self._database.term(value)
            tests.append(SEARCHED[facet].test(f":v{place}"))
        joined = f"JOIN item ON item.id = words.rowid LEFT JOIN claim c ON c.id = item.claim {join}"
        return f"FROM words {joined} WHERE {' AND '.join(tests)}", values
