"""Summaries of claims for lists: chain, quotations and attributes, as IRIs and texts, without labels.

A summary is made from the statements about a claim and its parts, and stored as text, so that a list of claims need not
be read statement by statement. Several values stand in the order of their IRIs, whatever the order of the statements.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, OA, PROV, QUOTH, RDF, RDFS, SCHEMA
from quoth.claim.model.ontology import local
from quoth.claim.model.triple_index import TripleIndex

PREDICATES = (
    *(RDFS.label, PROV.wasQuotedFrom, SCHEMA.about),
    *(QUOTH.certainty, QUOTH.polarity, QUOTH.realis, QUOTH.tense, QUOTH.informationStatus, QUOTH.content),
    *(QUOTH.encoding, ADMS.status),
    *(QUOTH.anchor, OA.hasSelector, OA.exact, OA.prefix, OA.suffix, OA.start, OA.end),
    *(QUOTH.attribution, QUOTH.otherAttribution, QUOTH.within, QUOTH.source, QUOTH.addressee),
    *(QUOTH.speechAct, QUOTH.act, QUOTH.stance, QUOTH.scope, QUOTH.cue),
)
"""The properties that a summary is made from, beside the type QUOTES of selectors."""

QUOTES = OA.TextQuoteSelector
_OF_ACT = (QUOTH.speechAct, QUOTH.addressee, QUOTH.agent)


@dataclass(frozen=True)
class Quote:
    """Words of the article; ``start`` and ``end`` count code points, the end exclusive."""

    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


NEGATION = re.compile(r"\b(?:not|never|cannot|neither|nicht|nie|niemals|weder)\b|n['’]t\b", re.IGNORECASE)
"""The words of a cue that negate, in the languages that have word lists."""
_SAYING = re.compile(r"\b(?:sa(?:id|ys?|ying)|told|tells?|sagte?n?)\b", re.IGNORECASE)


def undone(act: str, cue: Quote | None) -> str:
    """The words of a cue by which what is coded as the least of acts, ``said``, was not done; else empty.

    >>> undone("said", Quote("has not confirmed", "", "", 0, 17)), undone("said", Quote("said", "", "", 0, 4))
    ('has not confirmed', '')
    """
    negation = NEGATION.search(cue.exact) if cue and act == "said" else None
    return cue.exact if cue and negation and not _SAYING.search(cue.exact[: negation.start()]) else ""


@dataclass(frozen=True)
class Act:
    """A speech act that the content of a claim tells of: the act, to whom, and by whom."""

    speech_act: str
    addressees: Sequence[str]
    agents: Sequence[str]


Acts = Mapping[str, Act]
"""Claims of acts (IRIs) → the acts."""


@dataclass(frozen=True)
class Step:
    """One level of a chain; ``act``, ``stance`` and ``scope`` are the names of their concepts, empty where they
    are not coded. ``act_claim``: the claim that says that the act took place, where there is one; for an inner level,
    the act and the addressees are from that claim's content."""

    sources: Sequence[str]
    addressees: Sequence[str]
    act: str
    act_claim: str
    stance: str
    scope: str
    cue: Quote | None


@dataclass(frozen=True)
class ClaimSummary:
    """One claim. ``label`` is empty for a claim with none or several, and where it is not English; ``certainty`` to
    ``status`` are empty for one with none, ``content`` for a claim in words.

    ``steps`` run from the innermost level to the article's own, ``quotes`` in the order of the text. ``readings`` are
    the other chains by which the claim can be read to come.
    """

    iri: str
    label: str
    certainty: str
    polarity: str
    realis: str
    tense: str
    information_status: str
    content: str
    article: str
    encoding: str
    status: str
    about: Sequence[str]
    steps: Sequence[Step]
    readings: Sequence[Sequence[Step]]
    quotes: Sequence[Quote]

    @property
    def named(self) -> list[str]:
        """The IRIs whose labels a page needs."""
        concepts = (self.certainty, self.polarity, self.realis, self.tense, self.information_status, self.article)
        every = [*self.steps, *(step for reading in self.readings for step in reading)]
        persons = [iri for step in every for iri in (*step.sources, *step.addressees, step.act_claim) if iri]
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
        *texts, about, steps, readings, quotes = json.loads(text)
        chains = [[_step(*step) for step in chain] for chain in (steps, *readings)]
        quoted = [Quote(*quote) for quote in quotes]
        return cls(*[iri, *texts, about, chains[0], chains[1:], quoted])


def _step(sources: list[str], addressees: list[str], act: str, act_claim: str, *others: Any) -> Step:
    stance, scope, cue = others
    return Step(sources, addressees, act, act_claim, stance, scope, Quote(*cue) if cue else None)


def common(chains: Sequence[Sequence[object]]) -> int:
    """How many items the chains share at their beginnings.

    >>> common(["abcd", "abd"]), common(["abcd"])
    (2, 4)
    """
    return len([*takewhile(lambda items: items.count(items[0]) == len(items), zip(*chains, strict=False))])


def acts(quads: Iterable[ox.Quad]) -> dict[str, Act]:
    """The acts that the contents of claims say took place; of several in one content, the first by name."""
    found: dict[str, dict[str, dict[ox.NamedNode, set[str]]]] = {}
    for q in quads:
        if q.predicate in _OF_ACT and isinstance(q.graph_name, ox.NamedNode):
            situations = found.setdefault(q.graph_name.value.removesuffix("#content"), {})
            parts = situations.setdefault(str(q.subject), {predicate: set() for predicate in _OF_ACT})
            parts[q.predicate].add(getattr(q.object, "value", ""))
    made = {
        claim: [
            Act(local(min(parts[QUOTH.speechAct])), sorted(parts[QUOTH.addressee]), sorted(parts[QUOTH.agent]))
            for parts in situations.values()
            if parts[QUOTH.speechAct]
        ]
        for claim, situations in found.items()
    }
    return {claim: min(acts, key=lambda act: [*vars(act).values()]) for claim, acts in made.items() if acts}


def summarize(index: TripleIndex, iri: str, known_acts: Acts) -> ClaimSummary:
    """The summary of a claim from the statements about the claim and its parts, and the acts of its inner levels."""

    def least(predicate: ox.NamedNode) -> str:
        return min(index.values(iri, predicate), default="")

    labels = index.literals(iri, RDFS.label)
    is_english = [(label.language or "en").partition("-")[0] == "en" for label in labels] == [True]
    return ClaimSummary(
        iri,
        labels[0].value if is_english else "",
        least(QUOTH.certainty),
        least(QUOTH.polarity),
        least(QUOTH.realis),
        least(QUOTH.tense),
        least(QUOTH.informationStatus),
        least(QUOTH.content),
        least(PROV.wasQuotedFrom),
        least(QUOTH.encoding),
        least(ADMS.status),
        sorted(index.values(iri, SCHEMA.about)),
        _steps(index, min(index.values(iri, QUOTH.attribution), default=""), known_acts),
        [_steps(index, level, known_acts) for level in sorted(index.values(iri, QUOTH.otherAttribution))],
        sorted((quote(index, a) for a in sorted(index.values(iri, QUOTH.anchor))), key=lambda q: q.start or 0),
    )


def _steps(index: TripleIndex, at: str, known_acts: Acts) -> list[Step]:
    """The levels from ``at`` outwards."""
    steps: list[Step] = []
    seen: set[str] = set()
    while at and at not in seen:
        seen.add(at)
        act, stance, scope = (
            local(min(index.values(at, p), default="")) for p in (QUOTH.speechAct, QUOTH.stance, QUOTH.scope)
        )
        sources, addressees, cues = (sorted(index.values(at, p)) for p in (QUOTH.source, QUOTH.addressee, QUOTH.cue))
        act_claim = min(index.values(at, QUOTH.act), default="")
        if not act and act_claim in known_acts:
            act, addressees = known_acts[act_claim].speech_act, [*known_acts[act_claim].addressees]
        cue = quote(index, cues[0]) if cues else None
        steps.append(Step(sources, addressees, act, act_claim, stance, scope, cue))
        at = min(index.values(at, QUOTH.within), default="")
    return steps


def quote(index: TripleIndex, anchor: str) -> Quote:
    """The words and offsets of an anchor (Web Annotation Data Model §4.2.4, §4.2.5)."""
    exact = prefix = suffix = ""
    start = end = None
    for selector in sorted(index.values(anchor, OA.hasSelector)):
        if QUOTES.value in index.values(selector, RDF.type):
            exact, prefix, suffix = (index.value(selector, p) for p in (OA.exact, OA.prefix, OA.suffix))
        else:
            start, end = index.number(selector, OA.start), index.number(selector, OA.end)
    return Quote(exact, prefix, suffix, start, end)
