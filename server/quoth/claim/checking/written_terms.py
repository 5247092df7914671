"""Terms as they are written: what a draft left open, nodes without an id, literals that are not of their datatype."""

import functools
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox
import rdflib

from quoth.claim.checking import lexical_forms
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import RDF, RDFS, XSD, QuadTerm
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding, counted
from quoth.claim.reading.yaml_keys import description
from quoth.corpus import bases

UNDECIDED = "confirm"
"""The last part of an id that a draft has in place of one that a person has to decide."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TEXTS = (XSD.string, ox.NamedNode(f"{RDF.iri}langString"))
"""The datatypes of which every text is a value."""


def violations(dataset: list[ox.Quad], base: str) -> Iterator[Finding]:
    """Every violation of the terms in the dataset."""
    # Most terms stand in many quads, and each attribute of a quad makes one of its own.
    objects: dict[QuadTerm, ox.Quad] = {}
    subjects, graphs = set[QuadTerm](), set[QuadTerm]()
    for q in dataset:
        subject, _, value, graph = q
        objects.setdefault(value, q)
        subjects.add(subject)
        graphs.add(graph)
    literals = [(term, q) for term, q in objects.items() if isinstance(term, ox.Literal)]
    if left := _left_open(objects.keys() - subjects, literals, base):
        yield from _undecided(dataset, left)
    if any(isinstance(term, ox.BlankNode) for terms in (objects, subjects, graphs) for term in terms):
        yield from _blank_nodes(dataset)
    if unfit := {term: told for term in objects if (told := _unfit(term))}:
        yield from _unfit_terms(dataset, unfit)
    yield from _rewritten_literals(literals)


def about(quad: ox.Quad, message: str, rule: str, remedy: str, value: str = "") -> Finding:
    """A finding about the subject and the property of a quad."""
    focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    return Finding(message, rule, focus=focus, path=quad.predicate.value, value=value, remedy=remedy)


def is_undecided(term: QuadTerm, base: str) -> bool:
    """Whether it is the id that a draft has for one that a person has to decide."""
    return (
        isinstance(term, ox.NamedNode)
        and term.value.startswith(bases.spaces(base))
        and term.value.endswith(f"/{UNDECIDED}")
    )


def _left_open(
    undescribed: Iterable[QuadTerm], literals: Iterable[tuple[ox.Literal, ox.Quad]], base: str
) -> set[QuadTerm]:
    """The values that a draft left open, and texts that are empty."""
    empty = (literal for literal, _ in literals if not literal.value.strip() and literal.language)
    return {term for term in undescribed if is_undecided(term, base)}.union(empty)


def _undecided(dataset: list[ox.Quad], open_: Container[QuadTerm]) -> Iterator[Finding]:
    """One finding for each claim, article or entity with values that are open."""
    left: dict[str, list[ox.Quad]] = {}
    for q in dataset:
        if q.graph_name == ox.DefaultGraph() and isinstance(q.subject, ox.NamedNode) and q.object in open_:
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


def _unfit(term: QuadTerm) -> tuple[str, str] | None:
    """The problem with a term that some syntax cannot carry, or that no RDF 1.1 tool can read, and the remedy."""
    if isinstance(term, ox.Triple):
        return "a quoted triple", "say it in a claim's content"
    if not isinstance(term, ox.Literal):
        return None
    if _CONTROL.search(term.value):
        return "a control character in a text", "take it out: XML cannot contain it"
    if getattr(term, "direction", None):
        return "a text with a base direction", "give its language alone"
    if _ill_typed(term):
        return f"{excerpt(term.value)} is not {lexical_forms.kind(term)}", lexical_forms.remedy(term)
    return None


def _unfit_terms(dataset: list[ox.Quad], unfit: Mapping[QuadTerm, tuple[str, str]]) -> Iterator[Finding]:
    """A finding for each quad with such an object."""
    for q in dataset:
        if (term := q.object) in unfit:
            problem, remedy = unfit[term]
            yield about(q, f"{key_of(q.predicate.value)}: {problem}", "unfit-term", remedy, getattr(term, "value", ""))


def _ill_typed(literal: ox.Literal) -> bool:
    datatype = literal.datatype
    return datatype not in _TEXTS and datatype.value.startswith(XSD.iri) and _is_ill_typed(literal.value, datatype)


@functools.lru_cache(8192)
def _is_ill_typed(value: str, datatype: ox.NamedNode) -> bool:
    return bool(rdflib.Literal(value, datatype=rdflib.URIRef(datatype.value)).ill_typed)


def _rewritten_literals(literals: Sequence[tuple[ox.Literal, ox.Quad]]) -> Iterator[Finding]:
    """Literals that the embedded engine would give back in another form, so that a release would not serve what was
    written (an integer ``007`` becomes 7, ``xsd:int`` becomes ``xsd:integer``)."""
    kept = set(_stored(literal for literal, _ in literals))
    for literal, q in literals:
        if literal not in kept:
            [stored] = _stored([literal])
            message = f"{key_of(q.predicate.value)}: {literal} would be stored as {stored}"
            yield about(q, message, "literal-rewritten", f"write {stored}", literal.value)


def _stored(literals: Iterable[ox.Literal]) -> Iterator[QuadTerm]:
    """The literals as the engine gives them back."""
    store, probe = ox.Store(), ox.NamedNode("urn:x")
    store.extend(ox.Quad(probe, probe, literal) for literal in literals)
    return (quad.object for quad in store)
