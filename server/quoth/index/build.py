"""The tables behind the lists of a release, and how they are filled from its store when it is published."""

import functools
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, Term
from quoth.index import fulltext, order, tally, word_pairs
from quoth.index.database import file_uri, writing
from quoth.index.fulltext import Rows
from quoth.sparql import named_queries

INDEX_FILE = "lists.sqlite"
"""The name of the file with the tables."""

# Every number is declared an INTEGER: SQLite uses no index where the sides of a comparison differ in affinity.
_SCHEMA = """
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL);
CREATE TABLE claim (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, counted INTEGER NOT NULL, act INTEGER NOT NULL,
  article INTEGER, published TEXT, month INTEGER, language INTEGER, encoding INTEGER, status INTEGER,
  voice INTEGER, coding INTEGER, certainty INTEGER, polarity INTEGER, realis INTEGER, tense INTEGER,
  information_status INTEGER);
CREATE TABLE credit (source INTEGER, innermost INTEGER, claim INTEGER,
  PRIMARY KEY (source, innermost, claim)) WITHOUT ROWID;
CREATE TABLE affiliation (organization INTEGER, claim INTEGER, PRIMARY KEY (organization, claim)) WITHOUT ROWID;
CREATE TABLE possible (source INTEGER, claim INTEGER, PRIMARY KEY (source, claim)) WITHOUT ROWID;
CREATE TABLE act (source INTEGER, claim INTEGER, act INTEGER, PRIMARY KEY (source, claim, act)) WITHOUT ROWID;
CREATE TABLE speech_act (act INTEGER, claim INTEGER, PRIMARY KEY (act, claim)) WITHOUT ROWID;
CREATE TABLE naming (kind INTEGER, claim INTEGER, PRIMARY KEY (kind, claim)) WITHOUT ROWID;
CREATE TABLE publisher (publisher INTEGER, claim INTEGER, PRIMARY KEY (publisher, claim)) WITHOUT ROWID;
CREATE TABLE author (author INTEGER, claim INTEGER, PRIMARY KEY (author, claim)) WITHOUT ROWID;
CREATE TABLE section (section INTEGER, claim INTEGER, PRIMARY KEY (section, claim)) WITHOUT ROWID;
CREATE TABLE about (entity INTEGER, claim INTEGER, PRIMARY KEY (entity, claim)) WITHOUT ROWID;
CREATE TABLE event (type INTEGER, claim INTEGER, PRIMARY KEY (type, claim)) WITHOUT ROWID;
CREATE TABLE topic (topic INTEGER, claim INTEGER, PRIMARY KEY (topic, claim)) WITHOUT ROWID;
CREATE TABLE relation (claim INTEGER, other INTEGER, kind INTEGER, reason TEXT,
  PRIMARY KEY (claim, other, kind)) WITHOUT ROWID;
CREATE TABLE bearing (kind INTEGER, claim INTEGER, PRIMARY KEY (kind, claim)) WITHOUT ROWID;
CREATE TABLE tally (role TEXT, x INTEGER, facet TEXT, value INTEGER, n INTEGER,
  PRIMARY KEY (role, x, facet, value)) WITHOUT ROWID;
CREATE TABLE class (thing INTEGER, class INTEGER, PRIMARY KEY (class, thing)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX credit_of_claim ON credit (claim, innermost, source);
CREATE INDEX relation_of_other ON relation (other, claim);
CREATE INDEX affiliation_of_claim ON affiliation (claim, organization);
CREATE INDEX possible_of_claim ON possible (claim, source);
CREATE INDEX act_of_claim ON act (claim, source, act);
CREATE INDEX speech_act_of_claim ON speech_act (claim, act);
CREATE INDEX naming_of_claim ON naming (claim, kind);
CREATE INDEX publisher_of_claim ON publisher (claim, publisher);
CREATE INDEX author_of_claim ON author (claim, author);
CREATE INDEX section_of_claim ON section (claim, section);
CREATE INDEX about_of_claim ON about (claim, entity);
CREATE INDEX event_of_claim ON event (claim, type);
CREATE INDEX topic_of_claim ON topic (claim, topic);
CREATE INDEX bearing_of_claim ON bearing (claim, kind);
CREATE INDEX claim_of_article ON claim (article, id);
CREATE INDEX claim_of_day ON claim (published, id);
CREATE INDEX class_of_thing ON class (thing, class);
CREATE INDEX name_of_item ON typed_name (item);
ANALYZE;
"""

COLUMNS = (
    "SELECT tables.name, columns.name FROM sqlite_master tables JOIN pragma_table_info(tables.name) columns"
    " WHERE tables.type = 'table' AND tables.name NOT GLOB 'words_*'"
)
"""Every table and its columns, without the tables in which FTS5 keeps its data."""

_NAMING = """
INSERT OR IGNORE INTO naming
SELECT CASE WHEN credit.source = claim.article THEN :article WHEN class.class IS NULL THEN :named ELSE :unnamed END,
  claim.id
FROM credit JOIN claim ON claim.id = credit.claim
LEFT JOIN class ON class.thing = credit.source AND class.class = :anonymous
WHERE credit.innermost = 1
UNION ALL SELECT :unclear, id FROM claim
WHERE id NOT IN (SELECT claim FROM credit WHERE innermost = 1)
"""
"""Whether those who say a claim have names, or the text does not make clear who they are. The indexes are not there
yet: a subquery for each claim would go through all credits."""

_BEARING = "INSERT INTO bearing SELECT kind, claim FROM relation UNION SELECT kind, other FROM relation"
"""The kinds of relations that each claim has, whichever of the two claims the relation is written from."""

_MEMBERSHIPS = """
CREATE TEMP TABLE membership (source INTEGER, organization INTEGER, first TEXT, last TEXT);
CREATE INDEX temp.membership_of_source ON membership (source);
"""
_MEMBERS = """
INSERT OR IGNORE INTO affiliation
SELECT membership.organization, claim.id
FROM membership CROSS JOIN credit ON credit.source = membership.source AND credit.innermost = 1
CROSS JOIN claim ON claim.id = credit.claim
WHERE (first = '' OR substr(first, 1, length(claim.published)) <= claim.published)
  AND (last = '' OR claim.published <= last || '~');
"""
"""The bodies of which those who say a claim were members on the day of its article; a year or a month has each of its
days. Where the day is unknown, only what has neither a first nor a last day counts. (A tilde comes behind digits and
hyphens.)"""

_DAY, _MONTH = len("YYYY-MM-DD"), len("YYYY-MM")


def write(store: ox.Store, path: Path) -> int:
    """Fill the file at ``path`` from the store of a release. Returns the number of its claims that are counted."""

    with writing(path) as connection:
        fill(connection, rows_of(store))
        [(count,)] = connection.execute("SELECT count(*) FROM claim WHERE counted")
        return int(count)


def rows_of(store: ox.Store) -> Rows:
    """Gives the rows of our own queries, by their names, from a store."""

    def rows(name: str) -> Iterator[dict[str, Term]]:
        solutions = store.query(named_queries.text(name))
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: solution[name] for name in names if solution[name] is not None}

    return rows


def is_complete(path: Path) -> bool:
    """Whether there is a file at ``path`` with every table and column that this version reads; a release of an earlier
    version may lack some, and a file may be damaged."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(file_uri(path), uri=True)) as connection:
            present = set(connection.execute(COLUMNS))
            [(size,)] = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    except sqlite3.DatabaseError:
        return False
    if path.stat().st_size < size:  # cut short
        return False
    return present >= _expected_columns()


@functools.cache
def _expected_columns() -> frozenset[tuple[str, str]]:
    """The tables and columns of this version, whose schema SQLite reads to that end."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_SCHEMA + fulltext.SCHEMA + word_pairs.SCHEMA)
        return frozenset(connection.execute(COLUMNS))


def fill(connection: sqlite3.Connection, rows: Rows) -> None:
    """Make the tables out of what ``rows`` gives for the queries ``list-*.rq``."""
    connection.executescript(_SCHEMA)
    terms: dict[str, int] = {}

    def number(text: str) -> int:
        return terms.setdefault(text, len(terms) + 1)

    def term(row: dict[str, Term], name: str) -> int | None:
        iri = row.get(name)
        return number(iri.value) if isinstance(iri, ox.NamedNode) else None

    def words(row: dict[str, Term], name: str) -> int | None:
        literal = row.get(name)
        return number(literal.value) if isinstance(literal, ox.Literal) else None

    def claim(row: dict[str, Term], name: str) -> int | None:
        return claims.get(_value(row, name))

    def whole(row: dict[str, Term], name: str) -> int | None:
        """The claim that something is, or is a part of."""
        return claims.get(_value(row, name).partition("#")[0])

    def insert(table: str, width: int, values: Iterable[Sequence[int | str | None]]) -> None:
        complete = (row for row in values if None not in row)
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * width)})", complete)

    starts: dict[str, int] = {}
    for row in rows("list-starts"):
        iri, start = _value(row, "claim"), _value(row, "start")
        if start.isdecimal() and len(start) < 16:
            starts[iri] = min(int(start), starts.get(iri, int(start)))
    columns = ("encoding", "status", "voice", "coding", "certainty", "polarity", "realis", "tense", "informationStatus")

    def place(row: dict[str, Term]) -> tuple[str, int, str, *tuple[str, ...]]:
        """Where a claim comes, and among several rows of one claim, which comes first."""
        article, claim = row.get("article"), _value(row, "claim")
        others = (str(row.get(name, "")) for name in ("published", "language", "counted", *columns))
        return article.value if isinstance(article, ox.NamedNode) else "", starts.get(claim, 0), claim, *others

    placed = sorted(((place(row), row) for row in rows("list-claims")), key=lambda pair: pair[0])
    in_order = [row for _, row in placed]
    first: dict[str, str] = {}
    for (article, _, iri, *_), _ in placed:
        first.setdefault(iri, article)
    articles: dict[str, list[str]] = defaultdict(list)
    for iri, article in first.items():
        articles[article].append(iri)
    claims = order.of_all(articles)
    connection.executemany(
        f"INSERT OR IGNORE INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?{', ?' * len(columns)})",
        (
            (
                *(claims[_value(row, "claim")], _value(row, "claim"), _is_counted(row), _value(row, "act") == "true"),
                *(
                    term(row, "article"),
                    _value(row, "published")[:_DAY] or None,
                    number(month) if len(month := _value(row, "published")[:_MONTH]) == _MONTH else None,
                    words(row, "language"),
                    *(term(row, name) for name in columns),
                ),
            )
            for row in in_order
        ),
    )
    insert("credit", 3, ((term(r, "source"), int("said" in r), claim(r, "claim")) for r in rows("list-credits")))
    for table, query, *cells in (
        ("possible", "list-possible", (term, "source"), (claim, "claim")),
        ("act", "list-levels", (term, "source"), (whole, "level"), (term, "act")),
        ("speech_act", "list-acts", (term, "act"), (claim, "claim")),
        ("publisher", "list-publishers", (term, "publisher"), (claim, "claim")),
        ("author", "list-authors", (term, "author"), (claim, "claim")),
        ("section", "list-sections", (words, "section"), (claim, "claim")),
        ("about", "list-about", (term, "entity"), (claim, "claim")),
        ("event", "list-events", (term, "type"), (claim, "claim")),
        ("topic", "list-topics", (term, "topic"), (whole, "situation")),
        ("relation", "list-relations", (claim, "claim"), (claim, "other"), (term, "kind"), (_value, "reason")),
    ):
        insert(table, len(cells), ([read(row, name) for read, name in cells] for row in rows(query)))
    connection.execute(_BEARING)
    things = (row for row in rows("list-things") if row["class"] != QUOTH.Claim)
    insert("class", 2, ((term(row, "thing"), term(row, "class")) for row in things))
    connection.executescript(_MEMBERSHIPS)
    memberships = (
        (term(row, "source"), term(row, "organization"), _value(row, "start")[:_DAY], _value(row, "end")[:_DAY])
        for row in rows("list-memberships")
    )
    insert("membership", 4, memberships)
    connection.executescript(_MEMBERS + "DROP TABLE membership;")
    named = {kind: number(kind) for kind in ("article", "named", "unnamed", "unclear")}
    connection.execute(_NAMING, named | {"anonymous": number(QUOTH.AnonymousSource.value)})
    connection.executemany("INSERT INTO term VALUES (?, ?)", ((number, iri) for iri, number in terms.items()))
    fulltext.fill(connection, rows)
    word_pairs.fill(connection, rows)
    connection.executescript(_INDEXES)
    tally.fill(connection)


def _is_counted(row: dict[str, Term]) -> bool:
    """Whether a claim is of the encoding of its article that is counted; one of no encoding is."""
    return _value(row, "encoding") == _value(row, "counted") or not ("encoding" in row and "counted" in row)


def _value(row: dict[str, Term], name: str) -> str:
    term = row.get(name)
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
