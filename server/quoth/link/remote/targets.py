"""The targets of ``quoth link``: a table in TOML, one section for each dataset that is asked.

    [wikidata]                                          # the dcterms:identifier of the dataset, described in the data
    sparql = "https://query.wikidata.org/sparql"
    reconcile = "https://wikidata.reconci.link/en/api"  # either of the two will do for finding candidates
    queries = "wikidata"                                # rdf, words, wikidata, or a folder beside the table
    languages = ["en"]
    facts = ["coordinates", "labels"]
    types = {"foaf:Person" = ["http://www.wikidata.org/entity/Q5"]}

The description of the dataset says how its IRIs begin and what its identifiers look like.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

import httpx2

from quoth.claim.model.namespaces import PREFIXES
from quoth.converters import endpoints
from quoth.errors import UsageError, reason

QUERIES = Path(__file__).with_name("queries")
ANY = "rdf"
"""The folder of queries for any RDF; what another folder has not is taken from it."""


@dataclass(frozen=True)
class Target:
    """Another dataset and how to ask it.

    ``types``: class of ours → classes of theirs that are compatible with it. ``hosts`` are those that redirects may
    lead to besides the hosts of the URLs. ``licence`` is that of the facts which are fetched. The numbers are limits:
    of one request its time and size, how often it is tried, the first pause after a failure, and the longest that is
    waited when asked to.
    """

    name: str
    sparql: str = ""
    reconcile: str = ""
    queries: str = ANY
    languages: tuple[str, ...] = ("en",)
    facts: tuple[str, ...] = ()
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    licence: str = ""
    requests_per_minute: float = 30.0
    time_limit_s: float = 60.0
    result_mb: float = 8.0
    attempts: int = 5
    backoff_s: float = 2.0
    retry_after_limit_s: float = 300.0
    cache_hours: float = 168.0
    folder: Path = QUERIES

    @property
    def permitted(self) -> frozenset[str]:
        """The hosts, with their ports where they have one, that a request may go to."""
        urls = (httpx2.URL(url) for url in (self.sparql, self.reconcile) if url)
        return frozenset([*(url.netloc.decode() for url in urls), *map(str.lower, self.hosts)])

    def query(self, name: str) -> Path:
        """The file of one of its queries. Raises UsageError where there is none."""
        for folder in (self.folder / self.queries, QUERIES / self.queries, QUERIES / ANY):
            if (file := folder / f"{name}.rq").is_file():
                return file
        raise UsageError(f"there is no query {name}.rq for {self.name}", remedy=f"put one into {self.queries}")


def read(path: Path) -> dict[str, Target]:
    """The targets of a table, by name. Raises UsageError that names the section and the key that are wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the targets cannot be read: {reason(error)}", where=str(path)) from None
    return {name: _target(name, section, path) for name, section in table.items()}


def _target(name: str, section: object, path: Path) -> Target:
    where = f"{path} [{name}]"
    if not isinstance(section, dict):
        raise UsageError("it is not a section", where=where)
    known = {f.name: get_type_hints(Target)[f.name] for f in fields(Target) if f.name not in ("name", "folder")}
    values: dict[str, Any] = {}
    for key, value in section.items():
        if key not in known:
            raise UsageError(f"there is no key {key!r}", where=where, remedy="use " + ", ".join(known))
        values[key] = _value(key, value, known[key], where)
    for key in ("sparql", "reconcile"):
        try:
            urls = [httpx2.URL(url) for url in endpoints(values.get(key, ""), where)]
        except (UsageError, httpx2.InvalidURL) as error:
            detail = error.detail if isinstance(error, UsageError) else f"{values[key]!r} is not a URL: {error}"
            raise UsageError(detail, where=where, remedy="write one URL in full") from None
        if len(urls) > 1:
            raise UsageError(f"{key} is one URL", where=where)
    if not values.get("sparql") and not values.get("reconcile"):
        raise UsageError("it has neither sparql nor reconcile", where=where, remedy="give the URL of one of them")
    target = Target(name=name, folder=path.parent, **values)
    for query in ("candidates", "details", *target.facts):
        target.query(query)
    return target


def _value(key: str, value: object, kind: object, where: str) -> object:
    if key == "types" and isinstance(value, dict):
        return {_expanded(k): tuple(map(_expanded, v)) for k, v in value.items() if _texts(v, key, where)}
    if kind == tuple[str, ...] and _texts(value, key, where):
        return tuple(value)  # type: ignore[arg-type]
    if kind is str and isinstance(value, str):
        return value
    if kind in (int, float) and isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return kind(value)
    raise UsageError(f"{value!r} is not a value for {key}", where=where)


def _texts(value: object, key: str, where: str) -> bool:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise UsageError(f"{key} takes lists of texts", where=where)
    return True


def _expanded(name: str) -> str:
    """The IRI of a class that may be written with one of our prefixes."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name
