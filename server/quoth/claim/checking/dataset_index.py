"""The rules whose answer depends on any two documents (``# scope: dataset`` in their files), over the few quads that
they ask for: what is described by which name and of which kind, and which text is whose."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from quoth.claim.checking import dataset_rules
from quoth.claim.model.namespaces import KINDS, QUOTH, RDF, RDFS, SCHEMA, SEM, SKOS, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.rules.publication import DatasetRule, Facts, rules

_NAMES = (RDFS.label, SKOS.altLabel)
_TEXTS = (SCHEMA.encoding, SCHEMA.sha256, QUOTH.reprints)
_NAMELESS = (QUOTH.Claim, SCHEMA.Article, SCHEMA.NewsArticle)
"""Classes whose members' labels are no names."""


def asked(of_dataset: bool) -> tuple[DatasetRule, ...]:
    """The rules over the whole dataset, or the others, which a document and what it depends on can answer."""
    return tuple(rule for rule in rules("check") if (rule.header.get("scope") == "dataset") == of_dataset)


def summary(quads: list[ox.Quad]) -> Iterator[ox.Quad]:
    """Those quads of a unit that the rules over the whole dataset ask for."""
    nameless = {q.subject for q in quads if q.predicate == RDF.type and q.object in _NAMELESS}
    named = {q.subject for q in quads if q.predicate in _NAMES} - nameless
    contents = {q.object: q for q in quads if q.predicate == QUOTH.content}
    typed = {(q.graph_name, q.subject) for q in quads if q.predicate in (SEM.eventType, QUOTH.candidate)}
    situations = {(q.graph_name, q.subject) for q in quads if q.object == QUOTH.Situation}
    used: set[QuadTerm] = set()
    for q in quads:
        node = (q.graph_name, q.subject)
        kind = q.predicate == RDF.type and getattr(q.object, "value", "") in KINDS and q.object not in _NAMELESS
        if q.graph_name == ox.DefaultGraph():
            about_name = q.subject in named and (q.predicate in _NAMES or q.predicate == RDF.type)
            wanted = about_name or kind or q.predicate in _TEXTS
        else:
            labelled = q.predicate == RDFS.label and (node not in typed or node in situations)
            # A situation with a name, and whether it is of some type.
            told = q.object == QUOTH.Situation or q.predicate in (SEM.eventType, QUOTH.candidate)
            wanted = q.graph_name in contents and (labelled or kind or (told and q.subject in named))
        if wanted:
            used.add(q.graph_name)
            yield q
    yield from (q for content, q in contents.items() if content in used)


def findings(quads: Iterable[ox.Quad], base: str) -> Iterator[Finding]:
    """The findings of the rules over the whole dataset, of which these quads are the summary."""
    yield from dataset_rules.solutions(Facts(quads, base), asked(of_dataset=True))
