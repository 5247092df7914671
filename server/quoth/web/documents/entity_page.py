"""The page of an entity, a source or a topic: the claims about it and by it, with their facets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from quoth.claim.model.namespaces import ORG, PREFIXES, PROV, QUOTH, RDF, SCHEMA, SKOS, VOID, kind_of
from quoth.claim.model.triple_index import TripleIndex
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.describe.description import Description
from quoth.web.present import frames, location_map, mappings, mention_list, phrases
from quoth.web.present.claim_lookup import article_language, claims, ref, words
from quoth.web.present.claim_view import Claim, Ref, Words
from quoth.web.present.lists import claim_lists
from quoth.web.present.lists.claim_lists import ListKind

Rows = list[tuple[Ref, list[Ref | str]]]
"""Statements: properties with their values."""

PAIRS_LIMIT = 12
_APART = (QUOTH.contradicts.value, QUOTH.inTensionWith.value)
_TOGETHER = (QUOTH.corroborates.value,)


@dataclass(frozen=True)
class Membership:
    """A membership or an office: the organisation, the role in its languages, its first and last day, who says so."""

    organization: Ref
    roles: tuple[Words, ...]
    start: str
    end: str
    by: tuple[Ref, ...]


@dataclass(frozen=True)
class Compared:
    """Two claims side by side: how the first bears on the second, in words, and the reason of this inference."""

    words: str
    claims: tuple[Claim, Claim]
    reason: str


def view(site: Site, description: Description, path: str, params: MultiDict[str, str]) -> dict[str, Any]:
    """The variables of the template. ``path`` is the page's address, ``params`` are its parameters."""
    iri, types, index = description.iri, description.types, description.index
    articles = index.values(iri, QUOTH.describedIn)
    language = article_language(site, articles[0]) if articles else ""
    role = "concerning" if QUOTH.Topic.value in types else "about"
    selection = Selection(role, iri)
    sections = claim_lists.sections(site, iri, path, _kinds(types), params)
    alone = len(sections) == 1 and (sections[0].narrowed or bool({claim_lists.LIST, claim_lists.NUMBER} & set(params)))
    return {
        "room": _list(site, types),
        "anonymous": QUOTH.AnonymousSource.value in types,
        "memberships": _memberships(site, iri, index),
        "described_in": [ref(site, a) for a in articles],
        "warrants": [Words(text, language) for text in index.values(iri, QUOTH.warrant)],
        "also": [*map(words, index.literals(iri, SKOS.altLabel))],
        "spelt": [*map(words, index.literals(iri, SKOS.hiddenLabel))],
        "notes": [*map(words, index.literals(iri, SKOS.definition)), *map(words, index.literals(iri, SKOS.scopeNote))],
        "frame": _frame(site, iri) if SKOS.Concept.value in types else None,
        "sections": sections,
        "alone": alone,
        "apart": [] if alone else _compared(site, selection, _APART),
        "together": [] if alone or QUOTH.Topic.value not in types else _compared(site, selection, _TOGETHER),
        "pairs_limit": PAIRS_LIMIT,
        "mentions": None if alone else mention_list.of_entity(site, iri),
        "mappings": [] if alone else mappings.mappings(site, iri),
        "linked": mappings.read(site, description.content) if VOID.Linkset.value in types else None,
        "entries": _entries(site, iri) if VOID.Dataset.value in types else [],
        "elsewhere": [] if alone else mappings.names(site, iri),
        "map": None if alone else location_map.locate(site, iri),
    }


def _memberships(site: Site, iri: str, index: TripleIndex) -> list[Membership]:
    """The memberships of a person or a body, those of the last days first."""
    found = [
        Membership(
            ref(site, organization),
            tuple(map(words, index.literals(name, SCHEMA.roleName))),
            index.value(name, SCHEMA.startDate) or "",
            index.value(name, SCHEMA.endDate) or "",
            tuple(ref(site, by) for by in index.values(name, PROV.wasAttributedTo)),
        )
        for name in index.values(iri, ORG.hasMembership)
        if (organization := index.value(name, ORG.organization))
    ]
    return sorted(found, key=lambda m: (m.end or "9", m.start, m.organization.label), reverse=True)


def parts_in_words(site: Site, index: TripleIndex, rows: Rows) -> Rows:
    """Rows of statements in which the parts of a linkset are said in words: a partition by its kind of link and their
    number, the set of its mappings by what it holds."""

    def said(value: Ref | str) -> Ref | str:
        if not isinstance(value, Ref):
            return value
        if (kind := index.value(value.iri, VOID.property)) and (count := index.number(value.iri, VOID.triples)):
            return replace(value, label=f"{ref(site, kind).label}: {count:,}")
        return replace(value, label="the mappings below, row by row") if _is_set(index, value.iri) else value

    return [(name, [said(value) for value in values]) for name, values in rows]


def _is_set(index: TripleIndex, iri: str) -> bool:
    return f"{PREFIXES['sssom']}MappingSet" in index.values(iri, RDF.type)


def _entries(site: Site, iri: str) -> list[tuple[str, str, list[Ref]]]:
    """The entries of a dataset that identify something: the fragment of each, its value there, and whose it is."""
    entries: dict[tuple[str, str], list[Ref]] = {}
    for row in site.rows("dataset-entries", iri):
        entry, value, entity = (getattr(row.get(name), "value", "") for name in ("entry", "value", "entity"))
        whose = entries.setdefault((entry.partition("#")[2], value), [])
        whose += [ref(site, entity)] if entity else []
    return [(*entry, whose) for entry, whose in entries.items()]


def _frame(site: Site, iri: str) -> frames.Frame | None:
    """The frame of an event type of the dataset: that of the broader one of ours, and what the dataset's frames add."""
    kinds, added = (site.column("frames-of", variable, iri) for variable in ("kind", "shape"))
    return next((frame for kind in kinds if (frame := frames.frame(kind, added))), None)


def _kinds(types: set[str]) -> Sequence[ListKind]:
    """The lists that the page may have, the main one first."""
    if SKOS.Concept.value in types:
        return [claim_lists.WORDED]
    if QUOTH.Topic.value in types:
        return [claim_lists.CONCERNING, claim_lists.ABOUT]
    if types & {QUOTH.AnonymousSource.value} or kind_of(types) in ("source", "document"):
        return [claim_lists.SAYS, claim_lists.RELAYS, claim_lists.POSSIBLY, claim_lists.ABOUT]
    return [claim_lists.ABOUT, claim_lists.SAYS, claim_lists.RELAYS, claim_lists.POSSIBLY]


def _list(site: Site, types: set[str]) -> tuple[str, str] | None:
    """The list that the page belongs to: its name and its path; None for datasets and linksets."""
    if types & {VOID.Linkset.value, VOID.Dataset.value}:
        return None
    if SKOS.Concept.value in types:
        return "Ontology", site.iris.path("ns")
    if QUOTH.Topic.value in types:
        return "Topics", site.iris.path("topics")
    if types & {QUOTH.AnonymousSource.value} or kind_of(types) == "source":
        return "Sources", site.iris.path("sources")
    return "Entities", site.iris.path("entities")


def _compared(site: Site, selection: Selection, kinds: Sequence[str]) -> list[Compared]:
    pairs = site.claim_index.pairs(selection, kinds, PAIRS_LIMIT + 1)
    read = {c.ref.iri: c for c in claims(site, dict.fromkeys(iri for p in pairs for iri in (p.claim, p.other)))}
    verbs = {getattr(QUOTH, name).value: forwards for name, (forwards, _) in phrases.RELATIONS.items()}
    return [Compared(verbs[p.kind], (read[p.claim], read[p.other]), p.reason) for p in pairs]
