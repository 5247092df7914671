"""Finding things and claims by words: a full-text index beside the lists of a release, made when it is published.

The index has labels, other names and spellings, the words that are quoted, and where and by whom articles were
published. Case and accents do not count, each word may be the beginning of a longer one or have another form
(word_forms), and words between quotation marks are a phrase.
The index is SQLite's: https://www.sqlite.org/fts5.html
"""

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pyoxigraph as ox

from quoth.claim.model.namespaces import ENCODING_STATUS, Term, kind_of
from quoth.index import word_forms
from quoth.index.database import IndexDatabase
from quoth.index.facets import COUNTED, KIND, SEARCHED, of_encoding
from quoth.index.similarity import APOSTROPHES, folded, plain, typed, visible
from quoth.index.vocabulary import Vocabulary

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
CREATE VIRTUAL TABLE words USING fts5(label, also, quotation,
  tokenize = "unicode61 remove_diacritics 2 separators APOSTROPHES", prefix = "2 3");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col);
CREATE TABLE typed_name (folded TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (folded, item)) WITHOUT ROWID;
""".replace("APOSTROPHES", APOSTROPHES)
NAMES = "typed_name"
"""The table of names as ``folded`` gives them. It is called something else when that or the full text changes, so that
the index of an earlier release lacks it, and is filled anew."""
_LABEL, _ALSO, _WORDS = range(3)
"""The columns of the full text: the name that is shown, other names, and words of a text."""
RANK = "bm25(words, 8.0, 6.0, 1.0)"
"""SQL: how well a row fits, the best lowest; a name counts for more than a quotation."""
PLACE = "item.claim, item.iri"
"""SQL: the order of items that fit equally well: things by their IRIs, then claims in their order."""

_LETTERS = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ‘`]s$", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')
_GAP = re.compile(r"\s")
_GROUPED = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:\s[0-9]{3})+(?![\w.,])")
"""A number whose thousands stand apart, by a space of any kind."""
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,'’][0-9]{3})+")
_NO_DIGIT = re.compile(r"[^0-9]")
_LONG_NUMBER = re.compile(r"[1-9][0-9]{3,14}")


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


def expression(text: str, known: Vocabulary | None = None) -> str:
    """The expression in the language of FTS5 (§3) for a text as somebody typed it, in which no word is an operator;
    empty for a text without a word. ``known`` are the words of the release.

    A word between quotation marks stays as it is, but for case and accents; another may be the beginning of a longer
    one, without the ending of a possessive, in another form, or written in one word or two; a number may have its
    thousands apart.

    >>> expression('army "last year" AND NEAR( *')
    '("army"* OR "armies" OR "armied") AND "last year" AND "AND"* AND "NEAR"*'
    >>> expression("12 400"), expression("12400")
    ('("12,400"* OR "12400"*)', '("12400"* OR "12 400"*)')
    """
    words = []
    typed_text = _GROUPED.sub(lambda number: _GAP.sub(",", number[0]), typed(text[:TEXT_LIMIT].replace("\0", " ")))
    for phrase, word in _WORD.findall(typed_text):
        if any(unicodedata.category(c)[0] in "LN" for c in phrase or word):
            words.append(_phrase(phrase, known) if phrase else _widened(word, known))
    return " AND ".join(words[:_MOST_WORDS])


def _phrase(phrase: str, known: Vocabulary | None) -> str:
    """The expression that finds a phrase in its letters, in plain ones, and in those that words of the release have."""
    words = plain(phrase).split()
    spelt = [next((s for s in known.spelt(word) if plain(s) == word), word) if known else word for word in words]
    return _any((), [phrase, " ".join(words), " ".join(spelt)])


def _widened(written: str, known: Vocabulary | None) -> str:
    """The expression that finds a word in any way in which a text may have it."""
    letters = [place for place, c in enumerate(written) if unicodedata.category(c)[0] not in "PS"]
    word = _POSSESSIVE.sub("", written[letters[0] : letters[-1] + 1])
    in_plain = plain(word)
    whole, begun = list(word_forms.forms(word)), [word, *([in_plain] if in_plain != word.lower() else [])]
    for division in word_forms.divisions(word):
        # The last word may be the beginning of a longer one, but few letters would find too much.
        (begun if len(division.rpartition(" ")[2]) >= _BEGUN else whole).append(division)
    if known:
        begun += known.spelt(in_plain) + known.containing(word)
        whole += known.forms(word)
    if _THOUSANDS.fullmatch(in_plain):
        begun.append(_NO_DIGIT.sub("", in_plain))
    elif _LONG_NUMBER.fullmatch(in_plain):
        begun.append(f"{int(in_plain):,}".replace(",", " "))
    return _any(begun, whole)


def _any(begun: Iterable[str], whole: Iterable[str] = ()) -> str:
    """The expression that finds any of those texts: beginnings of longer ones, and texts as they are."""
    # Compatibility makes a quotation mark out of other characters.
    ways = [f'"{text.replace(chr(34), " ")}"{end}' for texts, end in ((begun, "*"), (whole, "")) for text in texts]
    return ways[0] if len(set(ways)) == 1 else f"({' OR '.join(dict.fromkeys(ways))})"


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
    connection.execute("CREATE TEMP TABLE text (item INTEGER, place INTEGER, text TEXT)")
    for query, subject, columns in (
        ("list-names", "thing", {"label": _LABEL, "also": _ALSO}),
        ("list-quotations", "claim", {"words": _WORDS}),
        ("list-publications", "thing", {"words": _WORDS}),
    ):
        connection.executemany(
            "INSERT INTO text VALUES (?, ?, ?)",
            (
                (number, place, visible(text.value))
                for row in rows(query)
                if (number := numbers.get(getattr(row[subject], "value", ""))) is not None
                for name, place in columns.items()
                if isinstance(text := row.get(name), ox.Literal)
            ),
        )
    # SQLite sorts what memory need not hold.
    texts = connection.execute("SELECT DISTINCT item, place, text FROM text ORDER BY item, place, text")
    connection.executemany(
        "INSERT INTO words (rowid, label, also, quotation) VALUES (?, ?, ?, ?)",
        ((item, *_columns(rows)) for item, rows in groupby(texts, key=itemgetter(0))),
    )
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    names = connection.execute(f"SELECT text, item FROM text WHERE place IN ({_LABEL}, {_ALSO})")
    connection.executemany(
        f"INSERT OR IGNORE INTO {NAMES} VALUES (?, ?)", ((folded(name), item) for name, item in names)
    )
    connection.execute("DROP TABLE text")


def _columns(texts: Iterable[tuple[int, int, str]]) -> list[str]:
    """The columns of the index for the texts of one thing, each with its place, in their order."""
    columns: tuple[list[str], ...] = ([], [], [])
    for _, place, text in texts:
        columns[place].append(text)
    return ["\n".join(column) for column in columns]


class Search:
    """Searches the lists of one release. Safe to use from many threads."""

    def __init__(self, database: IndexDatabase) -> None:
        self.database = database

    def count(self, query: SearchQuery) -> int:
        """The number of hits."""
        source, values = self._source(query)
        [(count,)] = self.database.select(f"SELECT count(*) {source}", **values)
        return int(count)

    def hits(self, query: SearchQuery, *, first: int, size: int) -> list[Hit]:
        """``size`` of the hits from place ``first`` (from 0) on, the likeliest first."""
        source, values = self._source(query, "LEFT JOIN term status ON status.id = c.status")
        text = (
            "SELECT item.iri, item.kind, highlight(words, 0, :begin, :end), highlight(words, 1, :begin, :end),"
            f" snippet(words, 2, :begin, :end, '…', 40), coalesce(status.iri, '')"
            f" {source} ORDER BY {RANK}, {PLACE} LIMIT :size OFFSET :first"
        )
        rows = self.database.select(text, **values, begin=BEGIN, end=END, size=size, first=first)
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
        return [(value, int(count)) for value, count in self.database.select(text, **values, limit=limit)]

    def kinds(self) -> list[str]:
        """The kinds of all items, the most frequent first."""
        text = "SELECT kind FROM item GROUP BY kind ORDER BY count(*) DESC, kind"
        return [kind for (kind,) in self.database.select(text)]

    def names(self, words: str, limit: int) -> dict[str, bool]:
        """Labels that have the words, for somebody who is still typing: of things first, then of claims; with each,
        whether it is of a claim that nobody has reviewed."""
        text = (
            "SELECT label, status.iri FROM words JOIN item ON item.id = words.rowid"
            " LEFT JOIN claim c ON c.id = item.claim"
            f" LEFT JOIN term status ON status.id = c.status WHERE words MATCH :words AND (c.id IS NULL OR {COUNTED})"
            f" ORDER BY item.claim IS NOT NULL, {RANK}, {PLACE} LIMIT :limit"
        )
        rows = self.database.select(text, words=f"{{label also}} : ({words})", limit=limit)
        names: dict[str, bool] = {}
        for labels, status in rows:
            names.setdefault(labels.partition("\n")[0], status == ENCODING_STATUS.proposed.value)
        return names

    def _source(self, query: SearchQuery, join: str = "") -> tuple[str, dict[str, int | str]]:
        """FROM and WHERE of a query, with the values that are bound in them."""
        values: dict[str, int | str] = {"words": query.words}
        tests = ["words MATCH :words", f"(c.id IS NULL OR {of_encoding(query.encoding)})"]
        if query.encoding:
            values["encoding"] = self.database.term(query.encoding)
        for place, (facet, value) in enumerate(query.narrowed):
            values[f"v{place}"] = value if facet == KIND.name else self.database.term(value)
            tests.append(SEARCHED[facet].test(f":v{place}"))
        joined = f"JOIN item ON item.id = words.rowid LEFT JOIN claim c ON c.id = item.claim {join}"
        return f"FROM words {joined} WHERE {' AND '.join(tests)}", values
