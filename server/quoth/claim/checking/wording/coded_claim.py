"""The coding of one claim beside its words: findings about what only one of the two says.

Compared are numbers, times, negations, hedges, tenses, causes, quantities and what things are called.
"""

import functools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.checking.wording import terms
from quoth.claim.checking.wording.lexicon import Lexicon
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import CERTAINTY, POLARITY, QUOTH, RDF, RDFS, REALIS, SEM, TENSE, QuadTerm
from quoth.claim.model.ontology import local
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.vocabulary import Vocabulary

_LEAST = {QUOTH.quantity: 0, QUOTH.attribute: 2, RDF.value: 2, RDFS.label: math.inf}
"""The least number in words that counts, for a property with words. Labels are the coder's own: only digits count."""
_LONG = 10_000
"""The least number that is shown with commas: a year has none."""
_SPACE = re.compile(r"\s+")


Statement = tuple[QuadTerm, ox.NamedNode, QuadTerm]
"""The subject, predicate and object of a statement of a content."""


@dataclass(frozen=True)
class Coded:
    """A claim: its IRI, the words in its anchors, those that attribute it, and its content.

    ``cue`` has the words that attribute it to the innermost source, ``known`` the beginnings of the words of the
    article that are quoted anywhere, in lower case. ``index`` has the asserted statements.
    """

    iri: str
    words: str
    cues: str
    cue: str
    content: list[Statement]
    known: set[str]
    vocabulary: Vocabulary
    index: TripleIndex

    @functools.cached_property
    def literals(self) -> list[tuple[ox.NamedNode, str]]:
        """The property and the value of each literal of its content."""
        return [(predicate, value.value) for _, predicate, value in self.content if isinstance(value, ox.Literal)]

    def coded(self, predicate: ox.NamedNode) -> str:
        """The value that it is coded with, or an empty string."""
        return self.index.value(self.iri, predicate)


def _warning(claim: Coded, rule: str, message: str, remedy: str, value: str = "") -> Finding:
    return Finding(message, rule, "Warning", focus=claim.iri, value=value, remedy=remedy)


def _numbers(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    numbers = [
        (run[-1], literal)
        for predicate, literal in claim.literals
        for run in (words.numbers_in(literal, _LEAST[predicate]) if predicate in _LEAST else ())
    ]
    there = {n for run in words.numbers_in(f"{claim.words} {claim.cues}") for n in run} if numbers else ()
    for value, literal in numbers:
        if value not in there:
            number = f"{value:g}" if value < _LONG else f"{value:,g}"
            message = f"the number {number} of its content is not in its words {excerpt(claim.words)}"
            remedy = "correct the number, or quote the words that have it"
            yield _warning(claim, "number-words", message, remedy, literal)


def _times(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    for predicate, literal in claim.literals:
        if predicate == RDF.value and plain(literal) not in plain(claim.words):
            message = f"the time {excerpt(literal)} is not in its words {excerpt(claim.words)}"
            remedy = "give the time as the text words it, or quote the words that have it"
            yield _warning(claim, "time-words", message, remedy, literal)


def _negation(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    found = words.negations.search(claim.words)
    if claim.coded(QUOTH.polarity) == POLARITY.positive.value and found:
        message = f"its words say {excerpt(found[0])}, but its polarity is positive"
        remedy = "make it negative, or quote only the words of what is affirmed"
        yield _warning(claim, "negation-words", message, remedy, found[0])
    denied = f"{claim.words} {claim.cues}"
    negated = words.negations.search(denied) or words.denials.search(denied)
    if claim.coded(QUOTH.polarity) == POLARITY.negative.value and not negated:
        message = f"its polarity is negative, but none of its words negates or denies: {excerpt(denied)}"
        remedy = "make it positive, or quote the words that negate"
        yield _warning(claim, "negation-words", message, remedy)


def _hedge(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    certainty = claim.coded(QUOTH.certainty)
    found = words.hedges.search(claim.words) or words.tentative.search(claim.cue)
    if found and claim.coded(QUOTH.realis) != REALIS.conditional.value and certainty == CERTAINTY.certain.value:
        message = f"its words say {excerpt(found[0])}, and it is coded as certain"
        remedy = "make it probable or possible, or quote only the words of what is certain"
        yield _warning(claim, "hedge-words", message, remedy, found[0])
    told = f"{claim.words} {claim.cues}"
    doubtful = certainty in (CERTAINTY.probable.value, CERTAINTY.possible.value)
    if doubtful and not any(kind.search(told) for kind in (words.hedges, words.tentative, words.open)):
        message = f"it is coded as less than certain, but none of its words says so: {excerpt(told)}"
        remedy = "make it certain, or quote the words that leave it open"
        yield _warning(claim, "hedge-words", message, remedy)


def _tense(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    tense = claim.coded(QUOTH.tense)
    named = any(predicate == QUOTH.kind for _, predicate, _ in claim.content)
    for pattern, fits in (
        (words.former if named else None, (TENSE.past, TENSE.sincePast)),
        (words.coming, (TENSE.future,)),
        (words.ongoing, (TENSE.sincePast, TENSE.present)),
    ):
        found = pattern.search(claim.words) if pattern else None
        if found and tense and tense not in (t.value for t in fits):
            message = f"its words say {excerpt(found[0])}, and its tense is {local(tense)}"
            remedy = "set the tense that the words have, or quote only the words that carry the claim"
            yield _warning(claim, "tense-words", message, remedy, found[0])


def _cause(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    if any(predicate == QUOTH.cause for _, predicate, _ in claim.content) and not words.causal.search(claim.words):
        message = f"its content has a cause, but none of its words says why: {excerpt(claim.words)}"
        remedy = "use after, purpose, condition or inReturnFor, as the words have it, or quote the words that say why"
        yield _warning(claim, "cause-words", message, remedy)


def _quantities(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    for predicate, literal in claim.literals:
        if predicate == QUOTH.quantity and re.search(r"[^\W\d]", literal) and plain(literal) not in plain(claim.words):
            message = f"the quantity {excerpt(literal)} is not in its words {excerpt(claim.words)}"
            remedy = "give the quantity as the text words it, or quote the words that have it"
            yield _warning(claim, "quantity-words", message, remedy, literal)


def _terms(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    for subject, predicate, value in claim.content:
        if isinstance(value, ox.Literal):
            if predicate == QUOTH.attribute:
                yield from terms.attribute_words(claim.iri, value.value, f"{claim.words} {claim.cues}")
            elif predicate == RDFS.label:
                yield from terms.part_words(claim.iri, value.value, claim.known, words)
        elif isinstance(value, ox.NamedNode) and predicate == QUOTH.kind:
            yield from terms.kind_words(claim.iri, claim.vocabulary.concept(value.value).words, claim.words)
        elif isinstance(value, ox.NamedNode) and predicate == SEM.eventType:
            inner = any(subject == other for _, _, other in claim.content)
            if not inner and local(value.value) in words.worded:
                yield from terms.type_words(claim.iri, value.value, f"{claim.words} {claim.cues}", claim.vocabulary)


RULES: tuple[Callable[[Coded, Lexicon], Iterator[Finding]], ...] = (
    *(_numbers, _times, _negation, _hedge, _tense, _cause, _quantities, _terms),
)


def plain(text: str) -> str:
    """The text for comparing: runs of white space as one space, cases and apostrophes alike."""
    return _SPACE.sub(" ", text).casefold().replace("’", "'")
