"""Summaries of claims for lists: chain, quotations and attributes, as IRIs and texts, without labels.

A summary is made from the statements about a claim and its parts, and stored as text, so that a list of claims need not
be read statement by statement. Several values stand in the order of their IRIs, whatever the order of the statements.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF, RDFS, SCHEMA
from quoth.claim.model.triple_index import TripleIndex

PREDICATES = (
    *(RDFS.label, PROV.wasQuotedFrom, SCHEMA.about),
    *(QUOTH.certainty, QUOTH.polarity, QUOTH.realis, QUOTH.tense),
    *(QUOTH.anchor, OA.hasSelector, OA.exact, OA.prefix, OA.suffix, OA.start, OA.end),
    *(QUOTH.attribution, QUOTH.within, QUOTH.source, QUOTH.addressee),
    *(QUOTH.speechAct, QUOTH.stance, QUOTH.scope, QUOTH.cue),
)
"""The properties that a summary is made from, beside the type QUOTES of selectors."""

QUOTES = OA.TextQuoteSelector


@dataclass(frozen=True)
class Quote:
    """Words of the article; ``start`` and ``end`` count code points, the end exclusive."""

    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Step:
    """One level of a chain; ``act``, ``stance`` and ``scope`` are the names of their concepts."""

    sources: Sequence[str]
    addressees: Sequence[str]
    act: str
    stance: str
    scope: str
    cue: Quote | None


@dataclass(frozen=True)
class ClaimSummary:
    """One claim. ``label`` is empty for a claim with none or several, ``certainty`` to ``article`` for one with none.

    ``steps`` run from the innermost level to the article's own, ``quotes`` in the order of the text.
    """

    iri: str
    label: str
    certainty: str
    polarity: str
    realis: str
    tense: str
    article: str
    about: Sequence[str]
    steps: Sequence[Step]
    quotes: Sequence[Quote]

    @property
    def named(self) -> list[str]:
        """The IRIs whose labels a page needs."""
        concepts = (self.certainty, self.polarity, self.realis, self.tense, self.article)
        persons = [iri for step in self.steps for iri in (*step.sources, *step.addressees)]
        return [*([] if self.label else [self.iri]), *filter(None, concepts), *self.about, *persons]

    def to_json(self) -> str:
        """The text that is stored, which has everything but the IRI."""
        _, *values = vars(self).values()
        return json.dumps(
            values, ensure_ascii=False, separators=(",", ":"), default=lambda part: [*vars(part).values()]
        )

    @classmethod
    def from_json(cls, iri: str, text: str) -> "ClaimSummary":
        """The summary of a claim from the text that ``to_json`` gave."""
        label, certainty, polarity, realis, tense, article, about, steps, quotes = json.loads(text)
        chain = [
            Step(sources, addressees, act, stance, scope, Quote(*cue) if cue else None)
            for sources, addressees, act, stance, scope, cue in steps
        ]
        quoted = [Quote(*quote) for quote in quotes]
        return cls(iri, label, certainty, polarity, realis, tense, article, about, chain, quoted)


def summarize(index: TripleIndex, iri: str) -> ClaimSummary:
    """The summary of a claim from the statements about the claim and its parts."""

    def least(predicate: ox.NamedNode) -> str:
        return min(index.values(iri, predicate), default="")

    labels = index.values(iri, RDFS.label)
    return ClaimSummary(
        iri,
        labels[0] if len(labels) == 1 else "",
        least(QUOTH.certainty),
        least(QUOTH.polarity),
        least(QUOTH.realis),
        least(QUOTH.tense),
        least(PROV.wasQuotedFrom),
        sorted(index.values(iri, SCHEMA.about)),
        _steps(index, iri),
        sorted((_quote(index, a) for a in sorted(index.values(iri, QUOTH.anchor))), key=lambda q: q.start or 0),
    )


def _steps(index: TripleIndex, iri: str) -> list[Step]:
    steps: list[Step] = []
    seen: set[str] = set()
    at = min(index.values(iri, QUOTH.attribution), default="")
    while at and at not in seen:
        seen.add(at)
        act, stance, scope = (
            min(index.values(at, p), default="").replace("#", "/").rpartition("/")[2]
            for p in (QUOTH.speechAct, QUOTH.stance, QUOTH.scope)
        )
        sources, addressees, cues = (sorted(index.values(at, p)) for p in (QUOTH.source, QUOTH.addressee, QUOTH.cue))
        steps.append(Step(sources, addressees, act, stance, scope, _quote(index, cues[0]) if cues else None))
        at = min(index.values(at, QUOTH.within), default="")
    return steps


def _quote(index: TripleIndex, anchor: str) -> Quote:
    """The words and offsets of an anchor (Web Annotation Data Model §4.2.4, §4.2.5)."""
    exact = prefix = suffix = ""
    start = end = None
    for selector in sorted(index.values(anchor, OA.hasSelector)):
        if QUOTES.value in index.values(selector, RDF.type):
            exact, prefix, suffix = (index.value(selector, p) for p in (OA.exact, OA.prefix, OA.suffix))
        else:
            start, end = index.number(selector, OA.start), index.number(selector, OA.end)
    return Quote(exact, prefix, suffix, start, end)
