"""The candidates for a query: first the entities that it may mean, then the score of each (scoring)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDFS, SKOS
from quoth.index import names
from quoth.index.similarity import folded
from quoth.sparql import named_queries
from quoth.web.core.site import Site
from quoth.web.present import identifiers, mappings
from quoth.web.present.identifiers import IdentifierScheme
from quoth.web.reconcile import schema
from quoth.web.reconcile.requests import Condition, EntityQuery
from quoth.web.reconcile.schema import Property, Type
from quoth.web.reconcile.scoring import (
    AGREES,
    EntityNames,
    PropertyScore,
    Score,
    agreement,
    is_match,
    name_score,
    total_score,
)
from quoth.web.reconcile.values import Entities, candidate_iris, quotations

COMPARED = 20
"""Entities with a similar name that are compared closely for each text; the others are left out."""


@dataclass(frozen=True)
class ScoredEntity:
    """A candidate: an entity (IRI), its types, and how well it fits the query."""

    iri: str
    types: Sequence[Type]
    score: Score
    match: bool = False


def candidates(site: Site, queries: Sequence[EntityQuery]) -> list[list[ScoredEntity]]:
    """The candidates for each query, the best first; an empty list for a query without any."""
    searches = [_Search(site, query) for query in queries]
    entities = Entities(site, (iri for search in searches for iri in search.candidates))
    return [search.ranked(entities) for search in searches]


class _Search:
    """The search for the entities that a query may mean.

    ``candidates`` has the IRI of each entity, with the texts of the query that are its identifiers. ``borne`` are the
    properties whose wanted identifier an entity bears: an entity that has no such identifier is then another.
    ``_thing_names`` are the folded names of the candidates that are no claims.
    """

    def __init__(self, site: Site, query: EntityQuery) -> None:
        self._site, self._query = site, query
        self._types = [type for text in query.types if (type := schema.known(text))]
        strict = query.types and query.strict != "should"
        self._items = schema.item_filter(self._types) if strict else schema.EVERYTHING
        self._names = [condition for condition in query.conditions if condition.property is None]
        known = schema.properties(site)
        self._properties = [(c, known.get(c.property)) for c in query.conditions if c.property is not None]
        self.candidates: dict[str, set[str]] = {}
        self.borne: set[str] = set()
        self._thing_names: frozenset[str] = frozenset()
        for condition in query.conditions:
            for text in condition.values if condition.quantifier != "none" else ():
                if condition.property is None:
                    self._add_named(text)
                elif property := known.get(condition.property):
                    self._add_having(property, text)

    def _add_named(self, text: str) -> None:
        """Add the entities that a text may name: by an identifier of any dataset, by a name, or nearly by a name."""
        for iri in self._identified(text):
            self.candidates.setdefault(iri, set()).add(text.strip())
        lists, items = self._site.claim_index, self._items
        bearers = {b.iri: b for b in (*names.alike(lists, text, items), *names.exact(lists, text, items))}
        uncounted = lists.uncounted(list(bearers))

        def place(bearer: names.Bearer) -> tuple[float, bool, str]:
            called = EntityNames(bearer.labels, bearer.also, (), bearer.quotations)
            return -name_score(text, called).score, bearer.iri in uncounted, bearer.iri

        likely = sorted(bearers.values(), key=place)
        self._add(bearer.iri for bearer in likely[: max(COMPARED, self._query.limit)])

    def _add_having(self, property: Property, text: str) -> None:
        """Add those that have a value, where that leads to few: an identifier; without a name, an entity or name."""
        if property.scheme:
            bearers = self._bearers(property.scheme, text)
            self._add(bearers)
            if bearers:
                self.borne.add(property.id)
        elif not self._names and property.kind in ("name", "quotation"):
            self._add_named(text)
        elif not self._names and property.kind == "entity":
            self._add(self._subjects(property, text))

    def _add(self, iris: Iterable[str]) -> None:
        for iri in iris:
            self.candidates.setdefault(iri, set())

    def _described(self, text: str) -> list[str]:
        return [iri for iri in candidate_iris(self._site, text) if self._site.engine.describe([iri])]

    def _bearers(self, scheme: IdentifierScheme, text: str) -> list[str]:
        written = scheme.identifier(text)
        return identifiers.entities(self._site, scheme, written, close=False) if written else []

    def _identified(self, text: str) -> list[str]:
        schemes = identifiers.schemes(self._site).values()
        own = self._described(text) if "/" in text else []
        return [*own, *(iri for scheme in schemes for iri in self._bearers(scheme, text))]

    def _subjects(self, property: Property, text: str) -> list[str]:
        """The entities that have the entity of that id or name for a property."""
        values = self._described(text)
        if not values:
            values = [bearer.iri for bearer in names.exact(self._site.claim_index, text, schema.EVERYTHING)]
        rows = [
            row
            for predicate in property.predicates
            for value in values
            for row in self._site.engine.select(named_queries.text("with-value"), p=predicate, v=ox.NamedNode(value))
        ]
        return [row["x"].value for row in rows if isinstance(row["x"], ox.NamedNode)]

    def _fits(self, types: Collection[Type]) -> bool | None:
        """Whether an entity of those types is of the types of the query; an unknown type has no entities. None where
        the query has no type."""
        if not self._query.types:
            return None
        fitting = [type in types for type in self._types]
        if self._query.strict == "all":
            return len(fitting) == len(self._query.types) and all(fitting)
        return any(fitting)

    def ranked(self, entities: Entities) -> list[ScoredEntity]:
        """The candidates that fit, the best first."""
        fitting = []
        things = [iri for iri in self.candidates if not _is_claim(entities.types(iri))]
        named = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        self._thing_names = frozenset(folded(name) for iri in things for name in entities.texts(iri, *named))
        for iri in self.candidates:
            types = entities.types(iri)
            typed = self._fits(types)
            if types and (typed is not False or self._query.strict == "should"):
                score = self._score(entities, iri, types, typed)
                if score is not None and score.score > 0:
                    fitting.append(ScoredEntity(iri, types, score))
        uncounted = self._site.claim_index.uncounted([candidate.iri for candidate in fitting])
        fitting.sort(key=lambda c: (-c.score.score, c.iri in uncounted, c.iri))
        # A claim whose words are a name is no rival of the entity with that name.
        rivals = [c.score for c in fitting if _is_claim(c.types) == _is_claim(fitting[0].types)]
        if rivals and is_match(rivals):
            fitting[0] = replace(fitting[0], match=True)
        return fitting[: self._query.limit]

    def _score(self, entities: Entities, iri: str, types: list[Type], typed: bool | None) -> Score | None:
        """How well an entity fits; None where it lacks what is required."""
        best: Score | None = None
        called = self._entity_names(entities, iri, types) if self._names else EntityNames(())
        for condition in self._names:
            if condition.values:
                scores = [name_score(text, called) for text in condition.values]
                score = (min if condition.quantifier == "all" else max)(scores, key=lambda score: score.score)
                agrees = score.score >= 100 * AGREES
                if condition.quantifier == "none":
                    if agrees:
                        return None
                elif condition.required and not agrees:
                    return None
                elif best is None or score.score < best.score:
                    best = score
        agreements = []
        for condition, property in self._properties:
            value = self._agreement(entities, iri, condition, property) if property else None
            if condition.required and (value is None or value < AGREES):
                return None
            if property and value is not None:
                agreements.append(PropertyScore(property.id, property.kind, value))
        return total_score(best, agreements, typed, any(t.iri == QUOTH.AnonymousSource.value for t in types))

    def _entity_names(self, entities: Entities, iri: str, types: list[Type]) -> EntityNames:
        return EntityNames(
            entities.texts(iri, RDFS.label, SKOS.prefLabel),
            entities.texts(iri, SKOS.altLabel),
            entities.texts(iri, SKOS.hiddenLabel),
            self._words(iri) if _is_claim(types) else (),
            frozenset(self.candidates[iri]),
        )

    def _words(self, iri: str) -> list[str]:
        """The words that carry a claim, without those that are no more than the name of another candidate."""
        return [words for words in quotations(self._site, iri) if folded(words) not in self._thing_names]

    def _agreement(self, entities: Entities, iri: str, condition: Condition, property: Property) -> float | None:
        """How well an entity fulfils a condition, from 0 to 1; None where the release says nothing about it."""
        wanted: Sequence[str] = condition.values
        if property.scheme:
            wanted = [property.scheme.identifier(text) or text for text in wanted]
            if condition.quantifier != "none" and self._is_denied(iri, property.scheme, condition):
                return 0.0
        values = entities.values(iri, property)
        if not values and property.id not in self.borne:
            return 1.0 if condition.quantifier == "none" else None
        return agreement(wanted, values, property.kind, condition.quantifier, condition.exactly)

    def _is_denied(self, iri: str, scheme: IdentifierScheme, condition: Condition) -> bool:
        """Whether a linkset denies that the entity has one of the identifiers: a false friend."""
        wanted = {text.lower() for value in condition.values if (text := scheme.identifier(value))}
        denied = (m.target.iri for m in mappings.mappings(self._site, iri) if m.negated and m.target)
        return any(target.removeprefix(scheme.space).removesuffix("/").lower() in wanted for target in denied)


def _is_claim(types: Collection[Type]) -> bool:
    return any(type.iri == QUOTH.Claim.value for type in types)
