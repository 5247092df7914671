"""From queries to candidates: the entities that may be meant, then the score of each (scoring)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDFS, SKOS
from quoth.index import names
from quoth.index.names import Among
from quoth.sparql import named_queries
from quoth.web.core.site import Site
from quoth.web.present import identifiers, mappings
from quoth.web.present.identifiers import Scheme
from quoth.web.reconcile import schema
from quoth.web.reconcile.requests import Condition, Query
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
from quoth.web.reconcile.values import Known, meant, quotations

KEPT = 20
"""Candidates that are compared closely; of those that have the name least alike are left out."""


@dataclass(frozen=True)
class Candidate:
    """An entity that may be meant, with what its score is made of."""

    iri: str
    types: Sequence[Type]
    judged: Score
    match: bool


@dataclass
class _Wanted:
    """A query with its types looked up, and who may be meant by it: IRIs, each with the texts that identify it.

    ``borne`` are the properties with an identifier that somebody bears: then whoever has none is somebody else.
    """

    query: Query
    types: Sequence[Type]
    found: dict[str, set[str]] = field(default_factory=dict)
    borne: set[str] = field(default_factory=set)

    @property
    def among(self) -> Among:
        """Where to look for candidates."""
        strict = self.query.types and self.query.strict != "should"
        return schema.among(self.types if strict else list(schema.TYPES.values()))

    def fits(self, types: Collection[Type]) -> bool:
        """Whether an entity of those types is of the types that were asked for; one that there is not has none."""
        ids = {t.id for t in types}
        if self.query.strict == "all":
            return len(self.types) == len(self.query.types) and all(t.id in ids for t in self.types)
        return any(t.id in ids for t in self.types)


def candidates(here: Site, asked: Sequence[Query]) -> list[list[Candidate]]:
    """The candidates for each query, the best first; none for a query that finds nothing."""
    wanted = [_wanted(here, query) for query in asked]
    known = Known(here, (iri for one in wanted for iri in one.found))
    properties = schema.properties(here)
    return [_ranked(one, known, properties) for one in wanted]


def _wanted(here: Site, query: Query) -> _Wanted:
    types = [found for type in query.types if (found := schema.known(type))]
    one = _Wanted(query, types)
    for condition in query.names:
        if condition.quantifier != "none":
            for text in condition.values:
                _add_named(here, one, text)
    properties = schema.properties(here)
    for condition in query.properties:
        if condition.quantifier != "none" and (property := properties.get(condition.property or "")):
            _add_having(here, one, property, condition)
    return one


def _add_named(here: Site, one: _Wanted, text: str) -> None:
    """Those that a text may name: by an identifier of ours or of somebody else, by a name, or nearly."""
    for iri in _identified(here, text):
        one.found.setdefault(iri, set()).add(text.strip())
    bearers = {
        b.iri: b
        for b in (*names.alike(here.claim_index, text, one.among), *names.exact(here.claim_index, text, one.among))
    }
    likely = sorted(
        bearers.values(),
        key=lambda b: (-name_score(text, EntityNames(b.labels, b.also, (), b.quotations)).score, b.iri),
    )
    for bearer in likely[: max(KEPT, one.query.limit)]:
        one.found.setdefault(bearer.iri, set())


def _identified(here: Site, text: str) -> list[str]:
    found = [iri for iri in meant(here, text) if here.engine.describe([iri])] if "/" in text else []
    for scheme in identifiers.schemes(here).values():
        written = scheme.identifier(text)
        if written:
            found += identifiers.entities(here, scheme, written, close=False)
    return found


def _add_having(here: Site, one: _Wanted, property: Property, condition: Condition) -> None:
    """Those that have a value, where that leads to few: an identifier; or, without a name, an entity or a name."""
    for text in condition.values:
        if property.scheme:
            written = property.scheme.identifier(text)
            found = identifiers.entities(here, property.scheme, written, close=False) if written else []
            if found:
                one.borne.add(property.id)
        elif one.query.names:
            continue
        elif property.kind in ("name", "quotation"):
            _add_named(here, one, text)
            continue
        else:
            found = _subjects(here, property, text)
        for iri in found:
            one.found.setdefault(iri, set())


def _subjects(here: Site, property: Property, text: str) -> list[str]:
    """Those that have for a property the entity of that id or name."""
    values = [iri for iri in meant(here, text) if here.engine.describe([iri])] if property.kind == "entity" else []
    if property.kind == "entity" and not values:
        everything = schema.among(list(schema.TYPES.values()))
        values = [bearer.iri for bearer in names.exact(here.claim_index, text, everything)]
    rows = [
        row
        for predicate in property.predicates
        for value in values
        for row in here.engine.select(named_queries.text("with-value"), p=predicate, v=ox.NamedNode(value))
    ]
    return [row["x"].value for row in rows if isinstance(row["x"], ox.NamedNode)]


def _ranked(one: _Wanted, known: Known, properties: Mapping[str, Property]) -> list[Candidate]:
    query = one.query
    judged_ones: list[tuple[str, list[Type], Score]] = []
    for iri in one.found:
        types = schema.of_classes(known.classes(iri))
        typed = one.fits(types) if query.types else None
        if not types or (typed is False and query.strict != "should"):
            continue
        found = _judged(one, iri, types, typed, known, properties)
        if found is not None and found.score > 0:
            judged_ones.append((iri, types, found))
    judged_ones.sort(key=lambda found: (-found[2].score, found[0]))
    # A claim whose words are a name is no rival of the one who bears it.
    rivals = [found for _, types, found in judged_ones if _is_claim(types) == _is_claim(judged_ones[0][1])]
    match = bool(rivals) and is_match(rivals)
    return [
        Candidate(iri, types, found, match and place == 0)
        for place, (iri, types, found) in enumerate(judged_ones[: query.limit])
    ]


def _judged(
    one: _Wanted, iri: str, types: list[Type], typed: bool | None, known: Known, properties: Mapping[str, Property]
) -> Score | None:
    """How well an entity fits; None where it lacks what is required."""
    query = one.query
    name: Score | None = None
    called = _names(one, iri, types, known) if query.names else EntityNames(())
    for condition in query.names:
        each = [name_score(text, called) for text in condition.values]
        if not each:
            continue
        alike = (min if condition.quantifier == "all" else max)(each, key=lambda found: found.score)
        if condition.quantifier == "none":
            if alike.score >= 100 * AGREES:
                return None
            continue
        if condition.required and alike.score < 100 * AGREES:
            return None
        name = alike if name is None or alike.score < name.score else name
    agreements = []
    for condition in query.properties:
        found = _agreement(one, condition, iri, known, properties)
        if condition.required and (found.value is None or found.value < AGREES):
            return None
        agreements.append(found)
    unnamed = any(t.iri == QUOTH.AnonymousSource.value for t in types)
    return total_score(name, agreements, typed, unnamed)


def _names(one: _Wanted, iri: str, types: list[Type], known: Known) -> EntityNames:
    return EntityNames(
        known.texts(iri, RDFS.label, SKOS.prefLabel),
        known.texts(iri, SKOS.altLabel),
        known.texts(iri, SKOS.hiddenLabel),
        quotations(known.here, iri) if _is_claim(types) else (),
        frozenset(one.found[iri]),
    )


def _is_claim(types: Collection[Type]) -> bool:
    return any(t.iri == QUOTH.Claim.value for t in types)


def _agreement(
    one: _Wanted, condition: Condition, iri: str, known: Known, properties: Mapping[str, Property]
) -> PropertyScore:
    property = properties.get(condition.property or "")
    if property is None:
        return PropertyScore(condition.property or "", "", None)
    if property.scheme and condition.quantifier != "none" and _ruled_out(known.here, iri, property.scheme, condition):
        return PropertyScore(property.id, property.kind, 0.0)
    values = known.values(iri, property)
    if not values and property.id not in one.borne:
        return PropertyScore(property.id, property.kind, 1.0 if condition.quantifier == "none" else None)
    wanted = condition.values
    if property.scheme:
        wanted = tuple(property.scheme.identifier(text) or text for text in wanted)
    how = agreement(wanted, values, property.kind, condition.quantifier, condition.exactly)
    return PropertyScore(property.id, property.kind, how)


def _ruled_out(here: Site, iri: str, scheme: Scheme, condition: Condition) -> bool:
    """Whether a linkset denies that the entity has one of the identifiers: a false friend."""
    wanted = {text.lower() for value in condition.values if (text := scheme.identifier(value))}
    denied = (m.target.iri for m in mappings.mappings(here, iri) if m.negated and m.target)
    return any(target.removeprefix(scheme.space).removesuffix("/").lower() in wanted for target in denied)
