"""The client of the SPARQL endpoint of a target (SPARQL 1.1 Protocol §2.1.2); queries come from files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx2
import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api.rows import named_nodes, rows
from quoth.errors import DocumentError, UnavailableError, UsageError
from quoth.link.matching.linkable import TargetDataset
from quoth.link.matching.similarity import LinkCandidate, Subject
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient
from quoth.sparql import parameters

BATCH = 40
"""Things that one query asks about."""
NAMESAKES_LIMIT = 25
"""Things of one name that are looked at."""
SOLUTIONS_LIMIT = 20_000
_TEXT_LIMIT = 500
_JSON = "application/sparql-results+json"
_TEXTS = {"label": "labels", "alias": "aliases", "description": "descriptions"}
"""The kind of a text in the rows of the query ``details`` → the field of Details that holds it."""


@dataclass
class Details:
    """The statements of an endpoint about one thing. ``onwards``: what it redirects to, in the target's own space."""

    exists: bool = False
    labels: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    descriptions: list[str] = field(default_factory=list)
    onwards: list[str] = field(default_factory=list)

    def candidate(self, iri: str) -> LinkCandidate:
        """The thing as a candidate."""
        types = frozenset(self.types)
        return LinkCandidate(iri, tuple(self.labels), tuple(self.aliases), types, " ".join(self.descriptions))


class SparqlClient:
    """The endpoint of a target, asked about things of a dataset. Raises UsageError where the target has none."""

    def __init__(self, target: Target, dataset: TargetDataset, client: ThrottledClient) -> None:
        if not target.sparql:
            raise UsageError(f"{target.name} has no SPARQL endpoint", remedy=f"give [{target.name}] the key sparql")
        self._target = target
        self._space = dataset.space
        self._client = client

    def select(self, name: str, /, *, fresh: bool = False, **values: Sequence[Term]) -> list[dict[str, Term]]:
        """The solutions of one of the target's queries, with the terms for its variables.

        Raises DocumentError for a query without a place for them, UnavailableError for what are no results.
        """
        path = self._target.query(name)
        try:
            text = parameters.bind(path.read_text("utf-8"), values)
        except ValueError as error:
            raise DocumentError(str(error), where=str(path)) from None
        request = httpx2.Request("POST", self._target.sparql, headers={"Accept": _JSON}, data={"query": text})
        data = self._client.send(request, fresh=fresh).data
        try:
            results = ox.parse_query_results(data, ox.QueryResultsFormat.JSON)
            if not isinstance(results, ox.QuerySolutions):
                raise ValueError("a boolean")
            solutions = rows(results)
        except (SyntaxError, ValueError) as error:
            raise UnavailableError(f"{self._target.sparql} did not answer with JSON results: {error}") from None
        if len(solutions) > SOLUTIONS_LIMIT:
            raise UnavailableError(f"{self._target.sparql} answered with more than {SOLUTIONS_LIMIT} rows")
        return solutions

    def candidates(self, subject: Subject) -> list[LinkCandidate]:
        """The things with one of the names of an entity, as the target's query ``candidates`` finds them."""
        names = dict.fromkeys(v for n in [*subject.labels, *subject.aliases] for v in _variants(n))
        terms = [
            t for n in names for t in (ox.Literal(n), *(ox.Literal(n, language=x) for x in self._target.languages))
        ]
        items = (row.get("item") for row in self.select("candidates", name=terms))
        iris = dict.fromkeys(i.value for i in items if isinstance(i, ox.NamedNode) and i.value.startswith(self._space))
        details = self.details([*iris][:NAMESAKES_LIMIT])
        return [d.candidate(iri) for iri, d in details.items() if d.exists and not d.onwards]

    def details(self, iris: Iterable[str], *, fresh: bool = False) -> dict[str, Details]:
        """IRI → the statements of the endpoint about it, for each of these."""
        details: dict[str, Details] = {iri: Details() for iri in iris}
        languages = [ox.Literal(x) for x in ("", *self._target.languages)]
        for batch in batches([*details]):
            for row in self.select("details", fresh=fresh, item=list(named_nodes(batch)), language=languages):
                item, kind, value = row.get("item"), row.get("what"), row.get("value")
                if isinstance(item, ox.NamedNode) and isinstance(kind, ox.Literal) and item.value in batch:
                    details[item.value].exists = True
                    self._add(details[item.value], kind.value, value, item.value)
        return details

    def _add(self, details: Details, kind: str, value: Term | None, iri: str) -> None:
        """Add the value of a row about a thing to its details, if the kind of the value is known."""
        text = value.value if isinstance(value, ox.NamedNode | ox.Literal) else ""
        if kind == "type" and isinstance(value, ox.NamedNode):
            details.types.add(text)
        elif kind == "onwards" and text.startswith(self._space) and text != iri:
            details.onwards.append(text)
        elif text and kind in _TEXTS:
            getattr(details, _TEXTS[kind]).append(" ".join(text.split())[:_TEXT_LIMIT])


def batches(iris: Sequence[str]) -> Iterator[Sequence[str]]:
    """The IRIs in lists that one query can ask about."""
    return (iris[start : start + BATCH] for start in range(0, len(iris), BATCH))


def _variants(name: str) -> Iterator[str]:
    """A name as it stands and as it may be written elsewhere: an endpoint compares letter by letter."""
    bare = name.removeprefix("the ").removeprefix("The ")
    for form in (name, bare, name[:1].upper() + name[1:], bare.title(), bare.upper()):
        yield from (form, form.replace("’", "'"), form.replace("'", "’"))
