"""Terms as they are written: what a draft left open, nodes without an id, literals that are not of their datatype."""

import re
from collections.abc import Iterator

import pyoxigraph as ox
import rdflib

from quoth.claim.checking import lexical_forms
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import RDFS, XSD, QuadTerm
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding, counted
from quoth.claim.reading.yaml_keys import description

UNDECIDED = "confirm"
"""The last part of an id that a draft has in place of one that a person has to decide."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def violations(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """Every violation of the terms in the dataset."""
    yield from _undecided(dataset, base)
    yield from _blank_nodes(dataset)
    yield from _unfit_terms(dataset)
    yield from _rewritten_literals(dataset)


def about(quad: ox.Quad, message: str, rule: str, remedy: str, value: str = "") -> Finding:
    """A finding about the subject and the property of a quad."""
    focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    return Finding(message, rule, focus=focus, path=quad.predicate.value, value=value, remedy=remedy)


def is_undecided(term: QuadTerm, base: str) -> bool:
    """Whether it is the id that a draft has for one that a person has to decide."""
    return isinstance(term, ox.NamedNode) and term.value.startswith(base) and term.value.endswith(f"/{UNDECIDED}")


def _undecided(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """One finding for each claim, article or entity with values that a draft left open, or texts that are empty."""
    described = {q.subject for q in dataset}
    left: dict[str, list[ox.Quad]] = {}
    for q in dataset:
        if q.graph_name != ox.DefaultGraph() or not isinstance(q.subject, ox.NamedNode):
            continue
        empty = isinstance(q.object, ox.Literal) and q.object.language and not q.object.value.strip()
        if empty or (is_undecided(q.object, base) and q.object not in described):
            left.setdefault(q.subject.value.partition("#")[0], []).append(q)
    for quads in left.values():
        keys = list(dict.fromkeys(key_of(q.predicate.value) for q in quads))
        keys = [key for key in keys if key != "refersTo" or "source" not in keys]  # the words of the source mean it
        remedy = "name who says it; if the article speaks for itself, take out the attribution"
        remedy = remedy if keys == ["source"] else "write what is meant"
        yield about(quads[0], f"{counted(len(keys), 'value')} to decide: {', '.join(keys)}", "undecided", remedy)


def _blank_nodes(dataset: list[ox.Quad]) -> Iterator[Finding]:
    """One finding for each blank node, about the IRI from which properties lead to it, if there is one."""
    beside: dict[QuadTerm, ox.Quad] = {}
    labels: dict[QuadTerm, str] = {}
    for q in sorted(dataset, key=lambda q: isinstance(q.subject, ox.BlankNode)):
        if q.predicate == RDFS.label and isinstance(q.object, ox.Literal):
            labels.setdefault(q.subject, q.object.value)
        for term in (q.object, q.subject, q.graph_name):
            if isinstance(term, ox.BlankNode):
                beside.setdefault(term, q)
    for node, q in beside.items():
        way = [q]  # the properties that lead to the node, the last one first
        while (before := beside.get(way[-1].subject)) and before not in way:
            way.append(before)
        keys = [key_of(step.predicate.value) for step in reversed(way)]
        place = f"under {' › '.join(keys)}" if q.object == node else f"with the key {keys[-1]}"
        message = f"{excerpt(labels[node]) if node in labels else 'a value'} {place} has no id"
        described = description(keys[-1], labels.get(node, ""))
        remedy = described or f'give it one, so that others can refer to it, such as id: "#{keys[-1]}"'
        yield about(way[-1], message, "blank-node", remedy)


def _unfit_terms(dataset: list[ox.Quad]) -> Iterator[Finding]:
    """Terms that some syntax cannot carry, or that no RDF 1.1 tool can read."""
    for q in dataset:
        term = q.object
        if isinstance(term, ox.Triple) or isinstance(q.subject, ox.Triple):
            problem, remedy = "a quoted triple", "say it in a claim's content"
        elif not isinstance(term, ox.Literal):
            continue
        elif _CONTROL.search(term.value):
            problem, remedy = "a control character in a text", "take it out: XML cannot contain it"
        elif getattr(term, "direction", None):
            problem, remedy = "a text with a base direction", "give its language alone"
        elif _ill_typed(term):
            problem, remedy = f"{excerpt(term.value)} is not {lexical_forms.kind(term)}", lexical_forms.remedy(term)
        else:
            continue
        yield about(q, f"{key_of(q.predicate.value)}: {problem}", "unfit-term", remedy, getattr(term, "value", ""))


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
            message = f"{key_of(q.predicate.value)}: {literal} would be stored as {stored.object}"
            yield about(q, message, "literal-rewritten", f"write {stored.object}", literal.value)
        store.clear()
