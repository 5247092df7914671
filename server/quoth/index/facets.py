"""The lists of claims that there are, and what they can be narrowed by: SQL over the tables of filling.py."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    """SQL about claim ``c``: the ``value`` of a facet, what has to be joined to have it, and the ``test`` whether it
    is ``%s``."""

    value: str
    join: str
    test: str

    @property
    def count(self) -> str:
        """How many claims a group of rows has."""
        return "count(DISTINCT c.id)" if self.join else "count(*)"


def _column(name: str) -> Facet:
    return Facet(f"c.{name}", "", f"c.{name} = %s")


FACETS = {
    "speaker": Facet(
        "speaker.source",
        "CROSS JOIN credit speaker ON speaker.claim = c.id AND speaker.innermost = 1",
        "EXISTS (SELECT 1 FROM credit WHERE source = %s AND innermost = 1 AND claim = c.id)",
    ),
    "credited": Facet(
        "credited.source",
        "CROSS JOIN credit credited ON credited.claim = c.id",
        "EXISTS (SELECT 1 FROM credit WHERE source = %s AND claim = c.id)",
    ),
    "act": Facet(
        "act.act",
        "CROSS JOIN act ON act.claim = c.id AND act.source = :x",
        "EXISTS (SELECT 1 FROM act WHERE source = :x AND claim = c.id AND act = %s)",
    ),
    "about": Facet(
        "entity.entity",
        "CROSS JOIN about entity ON entity.claim = c.id",
        "EXISTS (SELECT 1 FROM about WHERE entity = %s AND claim = c.id)",
    ),
    "topic": Facet(
        "topic.topic",
        "CROSS JOIN topic ON topic.claim = c.id",
        "EXISTS (SELECT 1 FROM topic WHERE topic = %s AND claim = c.id)",
    ),
    **{name: _column(name) for name in ("article", "voice", "certainty", "polarity", "realis", "tense")},
}
"""What a list can be narrowed by. CROSS JOIN keeps SQLite to the order of the tables: from claims to their parts."""


def source(role: str, join: str = "", tests: Iterable[str] = ("1",)) -> str:
    """FROM and WHERE for the claims ``c`` of a list, of which the tests hold."""
    chosen = f"({ROLES[role]}) chosen CROSS JOIN claim c ON c.id = chosen.claim"
    return f"FROM {chosen} {join} WHERE {' AND '.join(tests)}"


def divided(name: str, source: str) -> str:
    """SQL for the values of a facet and the numbers of their claims."""
    facet = FACETS[name]
    return f"SELECT {facet.value} AS value, {facet.count} AS n {source} GROUP BY value"
