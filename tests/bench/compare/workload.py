"""The queries of the comparison, and what they are about: subjects drawn by Zipf's law, from a seed.

A query is a file of ``queries``, whose head says its ``title``, its ``group``, as ``page`` the address of Quoth at
which readers see its answer, and as ``counted`` the list of a release, and its facet, if it is of one, in which its
answer was counted at publication (index/facets.py). Its placeholders are those of workload.toml.
"""

import itertools
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES

EXPONENT = 1.0
"""Of Zipf's law: the subject of rank r is drawn in proportion to r to the power of minus this."""

_TABLE = tomllib.loads(Path(__file__).with_name("workload.toml").read_text())
CONNECTIONS: dict[str, int] = _TABLE["connections"]
"""Group → the number of concurrent connections, in the order of reports."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_HEAD = re.compile(r"^# (title|group|page|counted): (.*)$", re.MULTILINE)

Subjects = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]
"""Placeholder → terms by rank."""


@dataclass(frozen=True)
class Query:
    """A query, the ``page`` at which Quoth shows its answer, and where that is ``counted``; empty: nowhere."""

    name: str
    title: str
    group: str
    text: str
    page: str = ""
    counted: str = ""

    def filled(self, subjects: Subjects, seed: int, mark: str = "") -> Iterator[tuple[str, str]]:
        """Queries about subjects drawn at random from the ``seed``, and the addresses of their pages, without end. Each
        ends with a comment of its number and the ``mark``, so that no cache knows a query."""
        for number, drawn in enumerate(self.drawn(subjects, seed)):
            text, page = self.text, self.page
            for name, term in drawn.items():
                text = text.replace(f"{{{name}}}", term.value if name == "year" else str(term))
                page = page.replace(f"{{{name}}}", term.value.partition("/id/")[2])
            yield f"{text}\n# {mark} {seed} {number}", page

    def drawn(self, subjects: Subjects, seed: int) -> Iterator[dict[str, ox.NamedNode | ox.Literal]]:
        """Placeholders and what they stand for, without end."""
        chance = random.Random(f"{self.name} {seed}")
        placeholders = sorted(set(_PLACEHOLDER.findall(self.text)) & subjects.keys())
        weights = {name: _weights(len(subjects[name])) for name in placeholders}
        while True:
            yield {name: chance.choices(subjects[name], cum_weights=weight)[0] for name, weight in weights.items()}


def queries() -> list[Query]:
    """All queries, by group and name."""
    found = []
    for path in sorted(Path(__file__).with_name("queries").glob("*.rq")):
        text = path.read_text("utf-8")
        heads = dict(_HEAD.findall(text))
        found.append(Query(path.stem, text=_HEAD.sub("", text).strip(), **heads))
    return sorted(found, key=lambda query: [*CONNECTIONS].index(query.group))


def subjects(store: Path) -> Subjects:
    """What the placeholders stand for in the store of a release."""
    opened = ox.Store.read_only(str(store))
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    ranked: dict[str, list[ox.NamedNode | ox.Literal]] = {}
    for name, text in _TABLE["subjects"].items():
        rows = [(row["x"], row["n"] if "?n" in text else None) for row in opened.query(prefixes + text)]  # type: ignore[union-attr]
        rows.sort(key=lambda row: str(row[0]))
        random.Random(name).shuffle(rows)
        rows.sort(key=lambda row: -int(row[1].value) if row[1] else 0)
        ranked[name] = [term for term, _ in rows]
    return ranked


def _weights(count: int) -> list[float]:
    return list(itertools.accumulate(rank**-EXPONENT for rank in range(1, count + 1)))
