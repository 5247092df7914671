"""The names that other datasets give a resource, as they were fetched, each with its source and date."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from quoth.web.core.site import Site
from quoth.web.present.claim_view import Ref, ref


@dataclass(frozen=True)
class Name:
    """One name and its language (BCP 47)."""

    text: str
    language: str


@dataclass(frozen=True)
class Names:
    """The names that one graph of fetched facts gives, by language, and the day they were fetched."""

    according_to: Ref
    date: str
    names: Sequence[Name]


def names(site: Site, iri: str) -> list[Names]:
    """The names of ``iri`` by each graph of fetched facts."""
    rows = [
        (row["g"].value, row["date"].value, Name(name.value, name.language))
        for row in site.rows("names-elsewhere", iri)
        if isinstance(name := row["name"], ox.Literal) and name.language
        if isinstance(row["g"], ox.NamedNode) and isinstance(row["date"], ox.Literal)
    ]
    return [
        Names(ref(site, graph), date, [name for *_, name in group])
        for (graph, date), group in groupby(rows, key=lambda row: row[:2])
    ]
