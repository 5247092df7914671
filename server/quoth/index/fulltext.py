"""Finding things and claims by words: a full-text index beside the lists of a release, made when it is published.

Looked through are labels, other names and spellings, and the words that are quoted. Case and accents do not count,
each word may be the beginning of one or have another form (word_forms), and what stands between quotation marks is
a phrase. The index is SQLite's: https://www.sqlite.org/fts5.html
"""

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term, kind_of
from quoth.index import word_forms
from quoth.index.database import IndexDatabase
from quoth.index.facets import KIND, SEARCHED
from quoth.index.similarity import folded

LONGEST = 500
"""Characters that may be looked for."""

BEGIN, END = "\x02", "\x03"
"""What stands around the words that were found, in Hit.label, .also and .quotation."""

_MOST_WORDS = 12
_BEGUN = 4
_SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, claim INTEGER);
CREATE VIRTUAL TABLE words USING fts5(label, also, quotation, tokenize = "unicode61 remove_diacritics 2",
  prefix = "2 3");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col);
CREATE TABLE name (folded TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (folded, item)) WITHOUT ROWID;
"""
_INSERT = "INSERT INTO words (rowid, label, also, quotation) VALUES (?, ?, ?, ?)"
_FINISH = "INSERT INTO words (words) VALUES ('optimize')"
RANK = "bm25(words, 8.0, 6.0, 1.0)"
"""SQL: how well a row fits, the best lowest; a name counts for more than a quotation."""

_LETTERS = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ‘`]s$", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for: ``words`` as ``expression`` gives them, and what findings are narrowed by: pairs of one of
    FACETS and a value, which is a word for ``kind`` and an IRI for the others."""

    words: str
    narrowed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hit:
    """Something found. ``also`` is empty unless another name or spelling matches; ``quotation`` is cut around what
    matches, and empty for what is no claim."""

    iri: str
    kind: str
    label: str
    also: str
    quotation: str


def expression(text: str) -> str:
    """A text as somebody typed it in the language of FTS5 (§3), in which nothing of it is an operator; empty where it
    has no word in it.

    A word between quotation marks stays as it is; another may be the beginning of one, without the ending of a
    possessive, in another form, or written in one word or two.

    >>> expression('army "last year" AND NEAR( *')
    '("army"* OR "armies" OR "armied") AND "last year" AND "AND"* AND "NEAR"*'
    """
    found = []
    for phrase, typed in _WORD.findall(text[:LONGEST].replace("\0", " ")):
        if any(unicodedata.category(c)[0] in "LN" for c in phrase or typed):
            found.append(f'"{phrase}"' if phrase else _widened(typed))
    return " AND ".join(found[:_MOST_WORDS])


def _widened(typed: str) -> str:
    """The expression that finds a word as it may stand in a text."""
    kept = [place for place, c in enumerate(typed) if unicodedata.category(c)[0] not in "PS"]
    word = _POSSESSIVE.sub("", typed[kept[0] : kept[-1] + 1])
    found = [f'"{word}"*', *(f'"{form}"' for form in word_forms.forms(word))]
    for other in word_forms.divisions(word):
        # What is still being typed is a beginning, but one of few letters would find too much.
        begun = len(other.rpartition(" ")[2]) >= _BEGUN
        found.append(f'"{other}"{"*" if begun else ""}')
    return f"({' OR '.join(found)})" if len(found) > 1 else found[0]


def any_of(words: Iterable[str]) -> str:
    """The expression that finds what has at least one of those words, which are as ``folded`` gives them."""
    return " OR ".join(f'"{word}"' for word in words if _LETTERS.fullmatch(word))


def fill(connection: sqlite3.Connection, rows: Callable[[str], Iterable[dict[str, Term]]]) -> None:
    """Make the index of a release whose lists are filled, with the names and quotations that ``rows`` gives."""
    connection.executescript(_SCHEMA)
    connection.execute("INSERT INTO item (iri, kind, claim) SELECT iri, 'claim', id FROM claim")
    things = connection.execute(
        "SELECT thing.iri, group_concat(kind.iri, ' ') FROM class JOIN term thing ON thing.id = class.thing"
        " JOIN term kind ON kind.id = class.class GROUP BY thing.id"
    ).fetchall()
    connection.executemany(
        "INSERT OR IGNORE INTO item (iri, kind) VALUES (?, ?)", ((iri, kind_of(set(t.split()))) for iri, t in things)
    )
    numbers = dict(connection.execute("SELECT iri, id FROM item").fetchall())
    texts: dict[int, tuple[list[str], list[str], list[str]]] = {}
    for query, subject, columns in (
        ("list-names", "thing", ("label", "also")),
        ("list-quotations", "claim", (None, None, "words")),
    ):
        for row in rows(query):
            number = numbers.get(getattr(row[subject], "value", ""))
            for place, name in enumerate(columns):
                text = row.get(name or "")
                if number is not None and isinstance(text, ox.Literal):
                    texts.setdefault(number, ([], [], []))[place].append(text.value)
    connection.executemany(
        _INSERT, ((number, *("\n".join(dict.fromkeys(column)) for column in texts[number])) for number in sorted(texts))
    )
    connection.execute(_FINISH)
    connection.executemany(
        "INSERT OR IGNORE INTO name VALUES (?, ?)",
        ((folded(name), number) for number in sorted(texts) for column in texts[number][:2] for name in column),
    )


class Search:
    """Looks through the lists of one release. Safe to use from many threads."""

    def __init__(self, database: IndexDatabase) -> None:
        self._database = database

    def count(self, query: SearchQuery) -> int:
        """How much is found."""
        source, values = self._source(query)
        [(count,)] = self._database.select(f"SELECT count(*) {source}", values)
        return int(count)

    def hits(self, query: SearchQuery, *, first: int, size: int) -> list[Hit]:
        """``size`` of what is found from place ``first`` (from 0) on, the likeliest first."""
        source, values = self._source(query)
        marked = [f"highlight(words, {column}, :begin, :end)" for column in (0, 1)]
        text = (
            f"SELECT item.iri, item.kind, {', '.join(marked)}, snippet(words, 2, :begin, :end, '…', 40) {source}"
            f" ORDER BY {RANK}, item.id LIMIT :size OFFSET :first"
        )
        bound = (*values, ("begin", BEGIN), ("end", END), ("size", size), ("first", first))
        return [
            Hit(iri, kind, _listed(label), _listed(also) if BEGIN in also else "", quotation.replace("\n", " … "))
            for iri, kind, label, also, quotation in self._database.select(text, bound)
        ]

    def facet(self, query: SearchQuery, name: str, limit: int = 30) -> list[tuple[str, int]]:
        """The values of a facet and how much of what is found has each, the most first."""
        facet = SEARCHED[name]
        join, value = facet.join, facet.value
        if facet is not KIND:
            join, value = f"{join} JOIN term ON term.id = {value}", "term.iri"
        source, values = self._source(query, join)
        text = f"SELECT {value}, count(DISTINCT item.id) AS n {source} GROUP BY 1 ORDER BY n DESC, 1 LIMIT :limit"
        return [(found, int(n)) for found, n in self._database.select(text, (*values, ("limit", limit)))]

    def kinds(self) -> list[str]:
        """The kinds of what can be found, the most frequent first."""
        text = "SELECT kind FROM item GROUP BY kind ORDER BY count(*) DESC, kind"
        return [kind for (kind,) in self._database.select(text, ())]

    def names(self, words: str, limit: int) -> list[str]:
        """Labels in which the words are found, for somebody who is still typing: of things first, then of claims."""
        text = (
            "SELECT label FROM words JOIN item ON item.id = words.rowid WHERE words MATCH :words"
            f" ORDER BY item.claim IS NOT NULL, {RANK}, item.id LIMIT :limit"
        )
        bound = (("words", f"{{label also}} : ({words})"), ("limit", limit))
        return list(dict.fromkeys(label.partition("\n")[0] for (label,) in self._database.select(text, bound)))

    def _source(self, query: SearchQuery, join: str = "") -> tuple[str, tuple[tuple[str, int | str], ...]]:
        """FROM and WHERE of what is query, with what is bound in them."""
        values: list[tuple[str, int | str]] = [("words", query.words)]
        tests = ["words MATCH :words"]
        for place, (facet, value) in enumerate(query.narrowed):
            values.append((f"v{place}", value if facet == KIND.name else self._database.term(value)))
            tests.append(SEARCHED[facet].test % f":v{place}")
        joined = f"JOIN item ON item.id = words.rowid LEFT JOIN claim c ON c.id = item.claim {join}"
        return f"FROM words {joined} WHERE {' AND '.join(tests)}", tuple(values)


def _listed(names: str) -> str:
    return names.replace("\n", " · ")
