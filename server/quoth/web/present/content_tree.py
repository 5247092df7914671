"""The content graph of a claim and the inferences about it, as plain objects for the templates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS, SEM, QuadTerm, Term
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import claims, ref, words
from quoth.web.present.claim_view import Claim, Ref, Words

NODES_LIMIT = 200
"""Nodes that are printed within others: past this limit, and past DEPTH_LIMIT, only their names are. Contents that pass
the shapes are smaller; a graph of diamonds would otherwise double with each level."""
DEPTH_LIMIT = 16

_ORDER = [
    SEM.eventType,
    *(getattr(QUOTH, role) for role in ("agent", "onBehalfOf", "authority", "party", "counterparty", "affected")),
    *(getattr(QUOTH, role) for role in ("receiver", "addressee", "mediator", "instrument", "degree", "quality")),
    *(getattr(QUOTH, role) for role in ("kind", "attribute", "comparedWith", "quantity", "terms", "inReturnFor")),
    *(getattr(QUOTH, role) for role in ("condition", "purpose", "cause", "after", "origin", "destination")),
    SEM.hasPlace,
    SEM.hasTime,
    QUOTH.unstated,
]
"""The properties of a situation in the order in which they read."""


@dataclass(frozen=True)
class Node:
    """A node of a content graph: ``rows`` of a property and its values, each a link, a text or a node in turn.

    ``id`` is the fragment of its hash IRI, where it is printed first; empty elsewhere, and for what is no part of the
    claim."""

    label: str
    ref: Ref | None
    rows: Sequence[tuple[Ref, Sequence["Ref | str | Node"]]]
    notes: Sequence[str] = field(default=())
    id: str = ""


@dataclass(frozen=True)
class Relation:
    """A relation of this claim to others, in words: each of these with the reasons of the inference."""

    words: str
    others: Sequence[tuple[Claim, Sequence[str]]]


@dataclass(frozen=True)
class Inferred:
    """The inferences about a claim."""

    topics: Sequence[Ref]
    relations: Sequence[Relation]

    @property
    def contradicted(self) -> bool:
        """Whether another claim contradicts this one."""
        return any(relation.words in phrases.RELATIONS["contradicts"] for relation in self.relations)


def nodes(site: Site, iri: str, content: Iterable[ox.Quad], inferences: Iterable[ox.Quad]) -> list[Node]:
    """The content of claim ``iri`` as nodes to print, nested where one node points at another."""
    quads = list(content)
    by_subject: dict[str, list[ox.Quad]] = defaultdict(list)
    for q in quads:
        if isinstance(q.subject, ox.NamedNode):
            by_subject[q.subject.value].append(q)
    site.labels.fetch(t.value for q in quads for t in (q.predicate, q.object) if isinstance(t, ox.NamedNode))
    nested = {q.object.value for q in quads if isinstance(q.object, ox.NamedNode) and q.object != q.subject}
    bounds = _times(inferences)
    roots = [s for s in by_subject if s not in nested] or list(by_subject)[:1]
    roots.sort(key=lambda s: (s != iri + "#situation", s))

    budget = iter(range(NODES_LIMIT))
    printed: set[str] = set()

    def node(subject: str, above: tuple[str, ...]) -> Node:
        rows: dict[str, list[Ref | str | Node]] = {}
        own_label = Words("")
        for q in sorted(by_subject[subject], key=lambda q: (_place(q.predicate), str(q.object))):
            if q.predicate == RDF.type:
                continue
            if q.predicate in (RDFS.label, RDF.value) and isinstance(q.object, ox.Literal):
                own_label = own_label or words(q.object)
                continue
            rows.setdefault(q.predicate.value, []).append(value(q.object, (*above, subject)))
        own = subject.startswith(iri + "#")
        id = subject.partition("#")[2] if own and subject not in printed else ""
        printed.add(subject)
        shown = own_label or ("" if own else words(site.labels.best(subject)))
        named = [(property_ref(site, p), values) for p, values in rows.items()]
        return Node(shown, None if own else ref(site, subject), named, bounds.get(subject, ()), id)

    def value(term: Term, above: tuple[str, ...]) -> "Ref | str | Node":
        if isinstance(term, ox.NamedNode):
            is_node = term.value in by_subject and term.value not in above and len(above) < DEPTH_LIMIT
            return node(term.value, above) if is_node and next(budget, None) is not None else ref(site, term.value)
        return words(term) if isinstance(term, ox.Literal) else str(term)

    return [node(root, ()) for root in roots]


def property_ref(site: Site, iri: str) -> Ref:
    """A property with the words that pages use for it."""
    plain = ref(site, iri)
    return Ref(iri, phrases.ROLE_PHRASES[iri], plain.href) if iri in phrases.ROLE_PHRASES else plain


def inferred(site: Site, iri: str, quads: Iterable[ox.Quad]) -> Inferred:
    """The topics of claim ``iri`` and its relations to other claims, with the reasons given for each."""
    quads, proposed = list(quads), proposed_graphs(site, quads)
    index = TripleIndex.of_graphs(quads)
    guessed = {q.object.value for q in quads if q.predicate == QUOTH.concerns and q.graph_name in proposed}  # type: ignore[union-attr]
    reasons: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for statement in index.having(RDF.subject):
        triple = tuple(index.value(statement, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        reasons[triple] += index.values(statement, RDFS.comment)
    related: dict[str, list[tuple[str, Sequence[str]]]] = defaultdict(list)
    for name, (forwards, backwards) in phrases.RELATIONS.items():
        kind = getattr(QUOTH, name)
        # A symmetric relation is published both ways, with its reason as it was written.
        ahead = {other: reasons.get((iri, kind.value, other)) for other in index.values(iri, kind)}
        back = {other: reasons.get((other, kind.value, iri)) for other in index.subjects(kind, iri)}
        related[forwards] += [(other, why) for other, why in ahead.items() if why]
        related[backwards] += [(other, why) for other, why in back.items() if why]
    others = dict.fromkeys(other for pairs in related.values() for other, _ in pairs)
    known = {claim.ref.iri: claim for claim in claims(site, others)}
    topics = dict.fromkeys(t for s in index.having(QUOTH.concerns) for t in index.values(s, QUOTH.concerns))
    return Inferred(
        [replace(ref(site, topic), proposed=topic in guessed) for topic in topics],
        [Relation(words, [(known[o], why) for o, why in pairs]) for words, pairs in related.items() if pairs],
    )


def proposed_graphs(site: Site, quads: Iterable[ox.Quad]) -> set[QuadTerm]:
    """Those of the graphs of inferences in which the quads are that are of a proposed encoding."""
    graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)}
    return {row["x"] for row in site.rows_of("proposed-graphs", sorted(graphs))}


def marked(site: Site, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Statements of graphs of inferences, in which a reason that nobody has reviewed says so."""
    quads = list(quads)
    proposed = proposed_graphs(site, quads)
    return [
        ox.Quad(q.subject, q.predicate, ox.Literal(phrases.PROPOSED + q.object.value), q.graph_name)
        if q.graph_name in proposed and q.predicate == RDFS.comment and isinstance(q.object, ox.Literal)
        else q
        for q in quads
    ]


def _times(quads: Iterable[ox.Quad]) -> dict[str, list[str]]:
    """Subject → its inferred time and the reasons."""
    index = TripleIndex.of_graphs(quads)
    times: dict[str, list[str]] = {}
    for subject in dict.fromkeys([*index.having(QUOTH.earliest), *index.having(QUOTH.latest)]):
        earliest, latest = index.value(subject, QUOTH.earliest), index.value(subject, QUOTH.latest)
        span = " ".join(f"{word} {day}" for word, day in (("from", earliest), ("to", latest)) if day)
        times[subject] = [span, *index.values(subject, RDFS.comment)]
    return times


def times(iri: str, quads: Iterable[ox.Quad]) -> list[str]:
    """The inferred time of ``iri`` and its reasons; an empty list where nothing is inferred."""
    return _times(quads).get(iri, [])


def _place(predicate: ox.NamedNode) -> tuple[int, str]:
    return _ORDER.index(predicate) if predicate in _ORDER else len(_ORDER), predicate.value
