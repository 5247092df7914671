"""The rules of a dataset that SHACL cannot express: queries in claim/rules/check, and rules about terms and IRIs."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import pyoxigraph as ox

from quoth.claim.checking import entity_types, written_terms
from quoth.claim.checking.nearest_ids import NearestIds
from quoth.claim.checking.written_terms import about
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import LINKING, PROV, QUOTH, RDF, SCHEMA, QuadTerm
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding, Severity
from quoth.claim.reading.yaml_keys import description
from quoth.claim.rules.publication import DatasetRule, Facts
from quoth.corpus import bases

_KINDS = ("article", "concept", "dataset", "group", "linkset", "org", "person", "place", "topic")
_SLUG_PATH = re.compile(
    rf"({'|'.join(_KINDS)})/[a-z0-9]+(-[a-z0-9]+)*"
    r"|(claim|source)/[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*"
)

_WANTED = {"unstated": "not a role, such as agent", "within": "not a level of attribution"}
"""Keys whose values are neither ids of what is described nor addresses, and what other values are not."""


def violations(
    dataset: list[ox.Quad],
    base: str,
    known_types: frozenset[str],
    others: Callable[[], Iterable[str]] = list,
) -> Iterator[Finding]:
    """Every violation in the dataset but for those that queries find; it has each quad once. ``known_types`` are the
    shapes' classes; ``others`` gives IRIs that are described outside it and may be meant."""
    yield from written_terms.violations(dataset, base)
    yield from _dangling_iris(dataset, base, others)
    yield from _relative_iris(dataset, base, others)
    yield from _untyped_subjects(dataset, known_types)
    yield from _malformed_iris(dataset, base)


def solutions(facts: Facts, asked: Iterable[DatasetRule]) -> Iterator[Finding]:
    """A finding for each solution of the queries that are asked."""
    for rule in asked:
        for row in facts.violations(rule):
            focus, value = row["focus"], row.get("value", "")
            message = rule.header["message"].format(**{"value": value} | row)
            severity: Severity = "Warning" if rule.header.get("severity") == "warning" else "Violation"
            path, remedy = row.get("path", ""), rule.header["remedy"]
            yield Finding(message, rule.name, severity, focus=focus, path=path, value=value, remedy=remedy)


def _dangling_iris(dataset: list[ox.Quad], base: str, others: Callable[[], Iterable[str]]) -> Iterator[Finding]:
    """IRIs of the dataset that are used but not described, in the asserted part or as a part of a content."""
    bundle, statement, default = PROV.Bundle, RDF.Statement, ox.DefaultGraph()
    bundles = {q.subject for q in dataset if q.object == bundle}
    described: set[QuadTerm] = {
        subject
        for subject, predicate, value, graph in dataset
        if (graph == default and predicate not in LINKING)
        or (graph not in bundles and "#" in str(subject))
        or value == statement
    } | _withdrawn(dataset)  # rules of their own say who names these
    named: set[QuadTerm] = {term for subject, _, value, graph in dataset for term in (subject, value, graph)}
    start = bases.spaces(base)
    bare = {t for t in named - described if isinstance(t, ox.NamedNode) and t.value.startswith(start)}
    if not bare:
        return
    near = NearestIds(lambda: chain((t.value for t in described if isinstance(t, ox.NamedNode)), others()))
    first: dict[ox.NamedNode, ox.Quad] = {}
    for q in dataset:
        for term in (q.subject, q.object, q.graph_name):
            if isinstance(term, ox.NamedNode) and term in bare:
                first.setdefault(term, q)
    for term, q in ((term, q) for term, q in first.items() if not written_terms.is_undecided(term, base)):
        key = f"{key_of(q.predicate.value)}: " if term == q.object else ""
        message = f"{key}<{term.value}> is not described anywhere"
        meant = near(term.value)
        remedy = f"did you mean <{meant}> (at <{meant}>)? else describe it" if meant else "correct the id, describe it"
        remedy += ", or check this together with the document that describes it"
        yield about(q, message, "dangling", remedy, term.value)


def _relative_iris(dataset: list[ox.Quad], base: str, others: Callable[[], Iterable[str]]) -> Iterator[Finding]:
    """Addresses of the web, and other IRIs of nothing in the dataset, that were written without a scheme and host."""
    near = NearestIds(
        lambda: chain((q.subject.value for q in dataset if isinstance(q.subject, ox.NamedNode)), others())
    )
    every, own = tuple(each for _, each in bases.every(base)), bases.spaces(base)
    addresses = frozenset((SCHEMA.url, SCHEMA.archivedAt))
    for q in dataset:
        iri = q.object.value if isinstance(q.object, ox.NamedNode) else ""
        if not iri.startswith(every):
            continue
        address = q.predicate in addresses
        if address or not iri.startswith(own):
            key, words = key_of(q.predicate.value), iri.removeprefix(max(filter(iri.startswith, every), key=len))
            if q.predicate == RDF.type:
                message = f"there is no type {shortened(words)}"
                remedy = entity_types.remedy(words, part=q.graph_name != ox.DefaultGraph())
            else:
                kind = "not a web address" if address else _WANTED.get(key, "neither an id nor a web address")
                message = f"{key}: {shortened(words)!r} is {kind}"
                remedy = "write the whole address, from https:// on"
                if not address and (meant := key not in _WANTED and near(words)):
                    remedy = f"did you mean <{meant}>?"
                elif not address:
                    remedy = description(key, words) or f"{remedy}, or an id, which begins with id/"
            yield about(q, message, "relative-iri", remedy, iri)


def _withdrawn(dataset: list[ox.Quad]) -> set[QuadTerm]:
    withdraws = QUOTH.withdraws
    return {q.object for q in dataset if q.predicate == withdraws}


def _untyped_subjects(dataset: list[ox.Quad], known_types: frozenset[str]) -> Iterator[Finding]:
    """Subjects of the asserted part that have no shape, and about which a document could therefore say anything."""
    default, type_, derived = ox.DefaultGraph(), RDF.type, PROV.wasDerivedFrom
    asserted = [q for q in dataset if q.graph_name == default and q.predicate not in LINKING]
    classes = {ox.NamedNode(t) for t in known_types}
    told = [q for q in asserted if q.predicate == type_]
    known: set[QuadTerm] = {q.subject for q in told if q.object in classes}
    known |= {q.subject for q in asserted if q.predicate == derived} | _withdrawn(asserted)
    unknown = {q.subject for q in asserted} - known
    types = {q.subject: key_of(getattr(q.object, "value", "")) for q in told if q.subject in unknown}
    for subject in dict.fromkeys(q.subject for q in asserted if q.subject in unknown) if unknown else ():
        if isinstance(subject, ox.NamedNode):
            message = f"<{subject.value}> has no type"
            remedy = entity_types.of_kind(subject.value.partition("/id/")[2].partition("/")[0])
            if type := types.get(subject):
                message = f"<{subject.value}> has the type {shortened(type)}, and cannot be described with it"
                remedy = entity_types.remedy(type, part=False)
            yield Finding(message, "unknown-type", focus=subject.value, remedy=remedy)


def _malformed_iris(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """Subjects whose IRI is not the dataset's own, or has not the form of such IRIs.

    Fetched facts are left out: they are about entities of other datasets.
    """
    enrichment = QUOTH.Enrichment
    fetched = {q.subject for q in dataset if q.object == enrichment}
    subjects = dict.fromkeys(q.subject for q in dataset if q.graph_name not in fetched)
    named = [s.value for s in subjects if isinstance(s, ox.NamedNode)]
    for iri in {s.partition("#")[0]: s for s in reversed(named)}.values():
        minted = f"{bases.home(iri, base)}id/"
        name = iri.removeprefix(minted).partition("#")[0]
        if not iri.startswith(minted) or not _SLUG_PATH.fullmatch(name):
            meant = re.sub("(?<=[a-z0-9])(?=[A-Z])|_", "-", name).lower()
            remedy = f"write id/{shortened(meant)}: slugs are lower-case words with hyphens"
            if not _SLUG_PATH.fullmatch(meant):
                remedy = (
                    f"use id/<kind>/<slug>, where the kind is one of {', '.join(_KINDS)} (a country, a city and a"
                    " building are each a place), for claims and sources id/<kind>/<article>/<slug>; slugs are"
                    " lower-case words with hyphens"
                )
            whose = " or ".join(each for _, each in bases.every(base))
            message = f"{shortened(name.removeprefix(base))!r} is not in the form of an IRI of this dataset ({whose})"
            yield Finding(message, "iri-form", focus=iri, remedy=remedy)
