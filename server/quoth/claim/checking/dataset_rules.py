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
    bundles = {q.subject for q in dataset if q.object == PROV.Bundle}
    described = {
        q.subject
        for q in dataset
        if (q.graph_name == ox.DefaultGraph() and q.predicate not in LINKING)
        or (q.graph_name not in bundles and "#" in str(q.subject))
        or q.object == RDF.Statement
    } | _withdrawn(dataset)  # rules of their own say who names these
    near = NearestIds(lambda: chain((t.value for t in described if isinstance(t, ox.NamedNode)), others()))
    first: dict[ox.NamedNode, ox.Quad] = {}
    for q in dataset:
        for term in (q.subject, q.object, q.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(f"{base}id/") and term not in described:
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
    for q in dataset:
        iri = q.object.value if isinstance(q.object, ox.NamedNode) else ""
        address = q.predicate in (SCHEMA.url, SCHEMA.archivedAt)
        if iri.startswith(base) and (address or not iri.startswith(f"{base}id/")):
            key, words = key_of(q.predicate.value), iri.removeprefix(base)
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
    return {q.object for q in dataset if q.predicate == QUOTH.withdraws}


def _untyped_subjects(dataset: list[ox.Quad], known_types: frozenset[str]) -> Iterator[Finding]:
    """Subjects of the asserted part that have no shape, and about which a document could therefore say anything."""
    asserted = [q for q in dataset if q.graph_name == ox.DefaultGraph() and q.predicate not in LINKING]
    classes = {ox.NamedNode(t) for t in known_types}
    known: set[QuadTerm] = {q.subject for q in asserted if q.predicate == RDF.type and q.object in classes}
    known |= {q.subject for q in asserted if q.predicate == PROV.wasDerivedFrom} | _withdrawn(asserted)
    types = {q.subject: key_of(getattr(q.object, "value", "")) for q in asserted if q.predicate == RDF.type}
    for subject in dict.fromkeys(q.subject for q in asserted):
        if isinstance(subject, ox.NamedNode) and subject not in known:
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
    minted = f"{base}id/"
    fetched = {q.subject for q in dataset if q.object == QUOTH.Enrichment}
    subjects = (q.subject for q in dataset if isinstance(q.subject, ox.NamedNode) and q.graph_name not in fetched)
    for iri in {s.value.partition("#")[0]: s.value for s in reversed([*subjects])}.values():
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
            message = f"{shortened(name.removeprefix(base))!r} is not in the form of an IRI of this dataset ({base})"
            yield Finding(message, "iri-form", focus=iri, remedy=remedy)
