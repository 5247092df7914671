"""Leaving proposed encodings out of a publication: what they claim, mention and infer, with all that stands on it."""

from collections.abc import Iterable, Sequence, Set

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, ENCODING_STATUS, OA, QUOTH, RDF, QuadTerm
from quoth.claim.rules.publication import Facts, rules


def proposed_parts(quads: Sequence[ox.Quad], base: str) -> frozenset[str]:
    """The claims, the mentions and the graphs of inferences (IRIs) whose encoding is proposed. Claims alone are no
    parts of something else: their IRIs have no fragment."""
    proposed = {q.subject for q in quads if q.predicate == ADMS.status and q.object == ENCODING_STATUS.proposed}
    if not proposed:
        return frozenset()
    rule = next(rule for rule in rules("derive") if rule.name == "encoding")
    coded = [*Facts(quads, base).consequences(rule), *(q for q in quads if q.predicate == QUOTH.encoding)]
    return frozenset(q.subject.value for q in coded if q.object in proposed and isinstance(q.subject, ox.NamedNode))


def described_alone(documents: Iterable[Sequence[ox.Quad]], parts: Set[str]) -> frozenset[str]:
    """The resources (IRIs) that only documents of these ``parts`` describe, in which no other claim is."""
    alone, elsewhere = set[str](), set[str]()
    for quads in documents:
        coded = {
            q.subject.value for q in quads if q.predicate == QUOTH.encoding and isinstance(q.subject, ox.NamedNode)
        }
        claims = {whole(q.subject) for q in quads if q.predicate == RDF.type and q.object == QUOTH.Claim}
        (alone if (coded | claims) & parts and claims <= parts else elsewhere).update(whole(q.subject) for q in quads)
    return frozenset(alone - elsewhere - parts)


def without(quads: Sequence[ox.Quad], parts: Set[str], alone: Set[str] = frozenset()) -> list[ox.Quad]:
    """The quads without those claims, mentions and graphs of inferences: what is said of them, in their graphs, and
    about either in another graph of inferences. Nor do they have sources that only these named, and what is described
    for them ``alone`` unless something else names it. Their encodings stay."""
    described = {whole(q.subject) for q in quads if q.predicate == QUOTH.describedIn}
    words = {q.object for q in quads if q.predicate == OA.hasSelector and not {*_names(q.subject)}.isdisjoint(parts)}
    kept, gone = list(quads), set(parts)
    while gone:  # a source that goes may have been all that named another
        removed = words | {
            q.subject for q in kept if q.predicate in (RDF.subject, RDF.object) and whole(q.object) in gone
        }
        names: dict[bool, set[str]] = {True: set(), False: set()}
        remaining = []
        for q in kept:
            terms = (q.subject, q.object, q.graph_name)
            stays = q.subject not in removed and gone.isdisjoint(name for term in terms for name in _names(term))
            names[stays].add(whole(q.object))
            if q.graph_name != ox.DefaultGraph():
                names[stays].add(whole(q.subject))
            if stays:
                remaining.append(q)
        kept, gone = remaining, (described & names[False] | alone) - names[True] - gone
        alone -= gone
    return kept


def whole(term: QuadTerm) -> str:
    """The IRI of what a term is, or is a part of; empty for a term that is no IRI."""
    return term.value.partition("#")[0] if isinstance(term, ox.NamedNode) else ""


def _names(term: QuadTerm) -> tuple[str, ...]:
    """The IRIs of a term and of what it is a part of."""
    return (term.value, whole(term)) if isinstance(term, ox.NamedNode) else ()
