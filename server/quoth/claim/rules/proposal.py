"""What a publication leaves out: the claims of proposed encodings, with all that stands on them."""

from collections.abc import Sequence, Set

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, ENCODING_STATUS, QUOTH, RDF, QuadTerm
from quoth.claim.rules.publication import Facts, rules


def proposed_claims(quads: Sequence[ox.Quad], base: str) -> frozenset[str]:
    """The claims (IRIs) whose encoding is proposed."""
    if not any(q.object == ENCODING_STATUS.proposed and q.predicate == ADMS.status for q in quads):
        return frozenset()
    rule = next(rule for rule in rules("derive") if rule.name == "claim-status")
    statuses = Facts(quads, base).consequences(rule)
    return frozenset(q.subject.value for q in statuses if q.object == ENCODING_STATUS.proposed)  # type: ignore[union-attr]


def without(quads: Sequence[ox.Quad], claims: Set[str]) -> list[ox.Quad]:
    """The quads without those claims and their parts: what is said of them, in their contents and about either in a
    graph of inferences; and without the sources of the article that nothing else names. Their encodings stay."""
    described = {whole(q.subject) for q in quads if q.predicate == QUOTH.describedIn}
    kept, gone = list(quads), set(claims)
    while gone:  # a source that goes may have been all that named another
        reasons = {q.subject for q in kept if q.predicate in (RDF.subject, RDF.object) and whole(q.object) in gone}
        names: dict[bool, set[str]] = {True: set(), False: set()}
        remaining = []
        for q in kept:
            stays = q.subject not in reasons and gone.isdisjoint(map(whole, (q.subject, q.object, q.graph_name)))
            names[stays].add(whole(q.object))
            if stays:
                remaining.append(q)
        kept, gone = remaining, described & names[False] - names[True] - gone
    return kept


def whole(term: QuadTerm) -> str:
    """The IRI of what a term is, or is a part of; empty for a term that is no IRI."""
    return term.value.partition("#")[0] if isinstance(term, ox.NamedNode) else ""
