"""The rules whose answer depends on any two documents (``# scope: dataset`` in their files), over the few quads that
they ask for: what is described by which name and of which kind, and which text is whose."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from quoth.claim.checking import dataset_rules
from quoth.claim.model.namespaces import KINDS, QUOTH, RDF, RDFS, SCHEMA, SEM, SKOS, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.rules.publication import DatasetRule, Facts, rules

_NAMES = (RDFS.label, SKOS.altLabel)
_TYPES = (SEM.eventType, QUOTH.candidate)
_TEXTS = (SCHEMA.encoding, SCHEMA.sha256, QUOTH.reprints)
_NAMELESS = (QUOTH.Claim, SCHEMA.Article, SCHEMA.NewsArticle)
"""Classes whose members' labels are no names."""


def asked(of_dataset: bool) -> tuple[DatasetRule, ...]:
    """The rules over the whole dataset, or the others, which a document and what it depends on can answer."""
    return tuple(rule for rule in rules("check") if (rule.header.get("scope") == "dataset") == of_dataset)


def summary(quads: list[ox.Quad]) -> Iterator[ox.Quad]:
    """Those quads of a unit that the rules over the whole dataset ask for."""
    by_predicate: dict[QuadTerm, list[ox.Quad]] = defaultdict(list)
    for q in quads:
        by_predicate[q.predicate].append(q)
    types = by_predicate[RDF.type]
    asked = [q for predicate in (*_NAMES, *_TEXTS, *_TYPES) for q in by_predicate[predicate]]
    nameless = {q.subject for q in types if q.object in _NAMELESS}
    named = {q.subject for predicate in _NAMES for q in by_predicate[predicate]} - nameless
    contents = {q.object: q for q in by_predicate[QUOTH.content]}
    typed = {(q.graph_name, q.subject) for predicate in _TYPES for q in by_predicate[predicate]}
    situation, default, label = QUOTH.Situation, ox.DefaultGraph(), RDFS.label
    situations = {(q.graph_name, q.subject) for q in quads if q.object == situation}
    used: set[QuadTerm] = set()
    for q in dict.fromkeys([*types, *asked, *(q for q in quads if q.object == situation)]):
        subject, predicate, value, graph = q
        kind = predicate == RDF.type and getattr(value, "value", "") in KINDS and value not in _NAMELESS
        if graph == default:
            about_name = subject in named and (predicate in _NAMES or predicate == RDF.type)
            wanted = about_name or kind or predicate in _TEXTS
        else:
            node = (graph, subject)
            labelled = predicate == label and (node not in typed or node in situations)
            # A situation with a name, and whether it is of some type.
            told = value == situation or predicate in _TYPES
            wanted = graph in contents and (labelled or kind or (told and subject in named))
        if wanted:
            used.add(graph)
            yield q
    yield from (q for content, q in contents.items() if content in used)


def findings(quads: Iterable[ox.Quad], base: str) -> Iterator[Finding]:
    """The findings of the rules over the whole dataset, of which these quads are the summary."""
    yield from dataset_rules.solutions(Facts(quads, base), asked(of_dataset=True))
