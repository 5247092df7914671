"""The lists of claims, and the one table of facets by which lists and searches are narrowed and counted.

To add a facet, add an entry to FACETS: every list, /claims, /search and the counts that publication keeps for long
lists are derived from this table. (A page about a thing chooses its facets in web/present/faceting.py.)
"""

from collections.abc import Iterable
from dataclasses import dataclass

from quoth.claim.model.namespaces import ONTOLOGY_IRI

ROLES = {
    "all": "SELECT id AS claim FROM claim",
    "about": "SELECT claim FROM about WHERE entity = :x",
    "concerning": "SELECT claim FROM topic WHERE topic = :x",
    "says": "SELECT claim FROM credit WHERE source = :x AND innermost = 1",
    "relays": "SELECT claim FROM credit WHERE source = :x AND innermost = 0 AND NOT EXISTS"
    " (SELECT 1 FROM credit own WHERE own.source = :x AND own.innermost = 1 AND own.claim = credit.claim)",
}
"""The claims in which something plays a part: SQL, in which :x is that thing."""


@dataclass(frozen=True)
class Facet:
    """A facet of claims: its ``name`` in the index, the ``title`` on pages, and SQL about claim ``c``: the ``value``,
    the ``test`` that it is ``%s``, and the ``join`` that the value needs. A column of the table of claims needs none.

    - ``parameter`` in addresses, where that is not the name;
    - ``space``: the beginning of the values' IRIs, which addresses leave out; without one, that of the dataset;
    - ``listed``: whether it is a parameter of /claims, and ``chart``: the place of its chart there; 0: it has none;
    - ``searched``: whether it is a parameter of /search.
    """

    name: str
    title: str
    value: str = ""
    test: str = ""
    join: str = ""
    parameter: str = ""
    space: str = ""
    listed: bool = True
    chart: int = 0
    searched: bool = False

    def __post_init__(self) -> None:
        column = f"c.{self.name}"
        defaults = {"value": column, "test": f"{column} = %s", "parameter": self.name}
        for key, default in defaults.items():
            object.__setattr__(self, key, getattr(self, key) or default)

    @property
    def count(self) -> str:
        """SQL: how many claims a group of rows has."""
        return "count(DISTINCT c.id)" if self.join else "count(*)"


def _concept(name: str, title: str, chart: int, searched: bool = False) -> Facet:
    return Facet(name, title, space=f"{ONTOLOGY_IRI}/{name}#", chart=chart, searched=searched)


# CROSS JOIN keeps SQLite to the order of the tables: from claims to their parts.
_TABLE = (
    Facet(
        "speaker",
        "Who says it",
        "speaker.source",
        "EXISTS (SELECT 1 FROM credit WHERE source = %s AND innermost = 1 AND claim = c.id)",
        "CROSS JOIN credit speaker ON speaker.claim = c.id AND speaker.innermost = 1",
        parameter="source",
        chart=1,
        searched=True,
    ),
    Facet(
        "credited",
        "Who is credited, at any level",
        "credited.source",
        "EXISTS (SELECT 1 FROM credit WHERE source = %s AND claim = c.id)",
        "CROSS JOIN credit credited ON credited.claim = c.id",
    ),
    Facet(
        "about",
        "What it is about",
        "entity.entity",
        "EXISTS (SELECT 1 FROM about WHERE entity = %s AND claim = c.id)",
        "CROSS JOIN about entity ON entity.claim = c.id",
        chart=7,
    ),
    Facet(
        "topic",
        "Which topic it concerns",
        "topic.topic",
        "EXISTS (SELECT 1 FROM topic WHERE topic = %s AND claim = c.id)",
        "CROSS JOIN topic ON topic.claim = c.id",
    ),
    _concept("certainty", "How surely", 3, searched=True),
    _concept("polarity", "Affirmed or negated", 4),
    _concept("realis", "As what", 5),
    _concept("tense", "When, seen from the article", 6),
    _concept("voice", "In whose voice", 2),
    Facet("article", "In which article", chart=8, searched=True),
    Facet(
        "act",  # of the thing whose page has the list, which /claims has not
        "By which speech act",
        "act.act",
        "EXISTS (SELECT 1 FROM act WHERE source = :x AND claim = c.id AND act = %s)",
        "CROSS JOIN act ON act.claim = c.id AND act.source = :x",
        space=f"{ONTOLOGY_IRI}/speech-act#",
        listed=False,
    ),
)
FACETS = {facet.name: facet for facet in _TABLE}
"""The facets of claims by name, in the order of the parameters of /claims and of /search."""

KIND = Facet("kind", "What it is", "item.kind", "item.kind = %s")
"""The facet of all that is searched, claims or not: its values are words, not IRIs."""

SEARCHED = {facet.name: facet for facet in (KIND, *(facet for facet in _TABLE if facet.searched))}
"""The facets of search results by name."""

WORDS_TEST = "c.id IN (SELECT item.claim FROM words JOIN item ON item.id = words.rowid WHERE words MATCH :words)"
"""SQL: the words ``:words`` are found in claim ``c``."""


def source(role: str, join: str = "", tests: Iterable[str] = ("1",)) -> str:
    """FROM and WHERE for the claims ``c`` of a list, of which the tests hold."""
    chosen = f"({ROLES[role]}) chosen CROSS JOIN claim c ON c.id = chosen.claim"
    return f"FROM {chosen} {join} WHERE {' AND '.join(tests)}"


def value_counts(name: str, source: str) -> str:
    """SQL for the values of a facet and the numbers of their claims."""
    facet = FACETS[name]
    return f"SELECT {facet.value} AS value, {facet.count} AS n {source} GROUP BY value"
