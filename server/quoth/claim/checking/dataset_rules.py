"""The rules of a dataset that SHACL cannot express: queries in claim/rules/check, and rules about terms and IRIs."""

import re
from collections.abc import Iterator

import pyoxigraph as ox
import rdflib

from quoth.claim.model.namespaces import LINKING, PROV, QUOTH, RDF, SCHEMA, XSD, QuadTerm
from quoth.claim.model.report import Finding, Severity
from quoth.claim.rules.publication import Facts, rules

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_KINDS = ("article", "concept", "dataset", "group", "linkset", "org", "person", "place", "topic")
_SLUG_PATH = re.compile(
    rf"({'|'.join(_KINDS)})/[a-z0-9]+(-[a-z0-9]+)*"
    r"|(claim|source)/[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*"
)


def violations(dataset: list[ox.Quad], base: str, known_types: frozenset[str]) -> Iterator[Finding]:
    """Every violation in the dataset, which has each quad once; ``known_types`` are the shapes' classes."""
    facts = Facts(dataset, base)
    for rule in rules("check"):
        for row in facts.violations(rule):
            focus, value = row["focus"], row.get("value", "")
            message = rule.header["message"].format(focus=focus, value=value)
            severity: Severity = "Warning" if rule.header.get("severity") == "warning" else "Violation"
            path, remedy = row.get("path", ""), rule.header["remedy"]
            yield Finding(message, rule.name, severity, focus=focus, path=path, value=value, remedy=remedy)
    yield from _blank_nodes(dataset)
    yield from _unfit_terms(dataset)
    yield from _rewritten_literals(dataset)
    yield from _dangling_iris(dataset, base)
    yield from _relative_iris(dataset, base)
    yield from _untyped_subjects(dataset, known_types)
    yield from _malformed_iris(dataset, base)


def _finding(quad: ox.Quad, message: str, rule: str, remedy: str, value: str = "") -> Finding:
    """A finding about the subject and the property of a quad."""
    focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    return Finding(message, rule, focus=focus, path=quad.predicate.value, value=value, remedy=remedy)


def _blank_nodes(dataset: list[ox.Quad]) -> Iterator[Finding]:
    """One finding for each blank node, about the IRI that it stands beside, if there is one."""
    beside: dict[ox.BlankNode, ox.Quad] = {}
    for q in sorted(dataset, key=lambda q: isinstance(q.subject, ox.BlankNode)):
        for term in (q.subject, q.object, q.graph_name):
            if isinstance(term, ox.BlankNode):
                beside.setdefault(term, q)
    for q in beside.values():
        message = f"a blank node stands beside <{q.predicate.value}>: it cannot be cited"
        yield _finding(q, message, "blank-node", "give it an IRI, such as a hash IRI of its claim")


def _unfit_terms(dataset: list[ox.Quad]) -> Iterator[Finding]:
    """Terms that some syntax cannot carry, or that no RDF 1.1 tool can read."""
    for q in dataset:
        term = q.object
        if isinstance(term, ox.Triple) or isinstance(q.subject, ox.Triple):
            problem, remedy = "a quoted triple", "say it in a claim's content"
        elif not isinstance(term, ox.Literal):
            continue
        elif _CONTROL.search(term.value):
            problem, remedy = "a control character in a text", "take it out: XML cannot carry it"
        elif getattr(term, "direction", None):
            problem, remedy = "a text with a base direction", "give its language alone"
        elif _ill_typed(term):
            problem, remedy = f"{term} is not written as its datatype asks", "fix the value or its datatype"
        else:
            continue
        yield _finding(q, problem, "unfit-term", remedy)


def _ill_typed(literal: ox.Literal) -> bool:
    if not literal.datatype.value.startswith(XSD.iri) or literal.datatype == XSD.string:
        return False
    return bool(rdflib.Literal(literal.value, datatype=rdflib.URIRef(literal.datatype.value)).ill_typed)


def _rewritten_literals(dataset: list[ox.Quad]) -> Iterator[Finding]:
    """Literals that the embedded engine would give back in another form, so that a release would not serve what was
    written (an integer ``007`` becomes 7, ``xsd:int`` becomes ``xsd:integer``)."""
    store = ox.Store()
    probe = ox.NamedNode("urn:x")
    first: dict[ox.Literal, ox.Quad] = {}
    for q in dataset:
        if isinstance(q.object, ox.Literal):
            first.setdefault(q.object, q)
    for literal, q in first.items():
        store.add(ox.Quad(probe, probe, literal))
        [stored] = store
        if stored.object != literal:
            message = f"the literal {literal} would be stored as {stored.object}"
            yield _finding(q, message, "literal-rewritten", f"write {stored.object}", literal.value)
        store.clear()


def _dangling_iris(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """IRIs of the dataset that are used but not described, in the asserted part or as a part of a content."""
    bundles = {q.subject for q in dataset if q.object == PROV.Bundle}
    described = {
        q.subject
        for q in dataset
        if (q.graph_name == ox.DefaultGraph() and q.predicate not in LINKING)
        or (q.graph_name not in bundles and "#" in str(q.subject))
        or q.object == RDF.Statement
    } | _withdrawn(dataset)  # rules of their own say who names these
    first: dict[ox.NamedNode, ox.Quad] = {}
    for q in dataset:
        for term in (q.subject, q.object, q.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(f"{base}id/") and term not in described:
                first.setdefault(term, q)
    for term, q in first.items():
        message = f"<{term.value}> is named here but described nowhere"
        remedy = "fix the IRI, describe it, or check it together with the document that describes it"
        yield _finding(q, message, "dangling", remedy, term.value)


def _relative_iris(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """Addresses of the web, and other IRIs of nothing in the dataset, that were written without a scheme and host."""
    for q in dataset:
        iri = q.object.value if isinstance(q.object, ox.NamedNode) else ""
        address = q.predicate in (SCHEMA.url, SCHEMA.archivedAt)
        if iri.startswith(base) and (address or not iri.startswith(f"{base}id/")):
            message = f"{iri.removeprefix(base)!r} is taken for an address of this dataset itself, <{iri}>"
            remedy = "write the whole address, from https:// on" + ("" if address else ", or a name from id/ on")
            yield _finding(q, message, "relative-iri", remedy, iri)


def _withdrawn(dataset: list[ox.Quad]) -> set[QuadTerm]:
    return {q.object for q in dataset if q.predicate == QUOTH.withdraws}


def _untyped_subjects(dataset: list[ox.Quad], known_types: frozenset[str]) -> Iterator[Finding]:
    """Subjects of the asserted part that have no shape, and about which a document could therefore say anything."""
    asserted = [q for q in dataset if q.graph_name == ox.DefaultGraph() and q.predicate not in LINKING]
    classes = {ox.NamedNode(t) for t in known_types}
    known: set[QuadTerm] = {q.subject for q in asserted if q.predicate == RDF.type and q.object in classes}
    known |= {q.subject for q in asserted if q.predicate == PROV.wasDerivedFrom} | _withdrawn(asserted)
    for subject in dict.fromkeys(q.subject for q in asserted):
        if isinstance(subject, ox.NamedNode) and subject not in known:
            message = f"<{subject.value}> has no type that may be asserted"
            remedy = "give it one that the guide lists; what a source asserts of it belongs in a claim's content"
            yield Finding(message, "unknown-type", focus=subject.value, remedy=remedy)


def _malformed_iris(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """Subjects whose IRI is not the dataset's own, or has not the form of such IRIs.

    Fetched facts are left out: they are about entities of other datasets.
    """
    minted = f"{base}id/"
    fetched = {q.subject for q in dataset if q.object == QUOTH.Enrichment}
    subjects = (q.subject for q in dataset if isinstance(q.subject, ox.NamedNode) and q.graph_name not in fetched)
    for iri in dict.fromkeys(subject.value for subject in subjects):
        name = iri.removeprefix(minted).partition("#")[0]
        if not iri.startswith(minted) or not _SLUG_PATH.fullmatch(name):
            yield Finding(
                f"{name!r} is not how an IRI of this dataset ({base}) is formed",
                "iri-form",
                focus=iri,
                remedy=f"use id/<kind>/<slug>, where the kind is one of {', '.join(_KINDS)} (a country, a city and a"
                " building are each a place), for claims and sources id/<kind>/<article>/<slug>; slugs are lower-case"
                " words with hyphens",
            )
