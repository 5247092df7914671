"""Codings beside their words: what the one says and the other does not.

Compared are numbers, times, negations, hedges, the verbs of cues, and warrants.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Texts, excerpt
from quoth.claim.checking.wording.lexicon import Lexicon, lexicon
from quoth.claim.model.namespaces import CERTAINTY, OA, ONTOLOGY_IRI, POLARITY, PROV, QUOTH, RDF, RDFS, REALIS, SCHEMA
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.vocabulary import Vocabulary

MAX_CHAIN = 20
"""Levels of a chain that are looked at: a chain in a circle has no end."""
_SPEECH_ACTS = f"{ONTOLOGY_IRI}/speech-act"
_LEAST = {QUOTH.quantity: 0, RDFS.label: math.inf}
"""The least number in words that counts, for a property; else 2. Labels are the coder's own: only digits count."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Coded:
    """A claim: its IRI, the words in its anchors, those that attribute it, its literals, and its asserted statements.

    ``literals`` are the property and the value of each literal of its content.
    """

    iri: str
    words: str
    cues: str
    literals: list[tuple[ox.NamedNode, str]]
    index: TripleIndex

    def coded(self, predicate: ox.NamedNode) -> str:
        """The value that it is coded with, or an empty string."""
        return self.index.value(self.iri, predicate)


def findings(quads: Iterable[ox.Quad], vocabulary: Vocabulary, texts: Texts | None) -> Iterator[Finding]:
    """The warnings about every claim and every warrant, and a note on each article whose language has no word lists."""
    quads = list(quads)
    index = TripleIndex(quads)
    literals: dict[str, list[tuple[ox.NamedNode, str]]] = defaultdict(list)
    for q in quads:
        if isinstance(q.graph_name, ox.NamedNode) and isinstance(q.object, ox.Literal):
            literals[q.graph_name.value].append((q.predicate, q.object.value))
    without: dict[str, str] = {}
    claims = index.subjects(RDF.type, QUOTH.Claim)
    # Where nothing attributes, the claim of an act has the words of what is said, and these say nothing of the act.
    borrowed = {
        (act, _words(index, claim, QUOTH.anchor))
        for claim in claims
        for level in _levels(index, claim)
        for act in index.values(level, QUOTH.act)
    }
    for claim in claims:
        article = index.value(claim, PROV.wasQuotedFrom)
        language = index.value(article, SCHEMA.inLanguage)
        if (words := lexicon(language)) is None:
            without.setdefault(article, language)
            continue
        levels = list(_levels(index, claim))
        cues = " ".join(_words(index, level, QUOTH.cue, QUOTH.mention) for level in levels)
        content = literals[index.value(claim, QUOTH.content)]
        coded = Coded(claim, _words(index, claim, QUOTH.anchor), cues, content, index)
        if coded.words and (claim, coded.words) not in borrowed:
            for rule in _RULES:
                yield from rule(coded, words)
        for level in levels:
            yield from _cue_verb(index, level, article, words, vocabulary)
    for article, language in without.items():
        message = f"its claims are not compared with their words: there are no word lists for the language {language!r}"
        yield Finding(message, "word-lists", "Info", focus=article)
    if texts:
        yield from _warrants(index, texts)


def _levels(index: TripleIndex, claim: str) -> Iterator[str]:
    """The levels of a claim's chain, from the inside out."""
    level = index.value(claim, QUOTH.attribution)
    for _ in range(MAX_CHAIN):
        if level:
            yield level
        level = index.value(level, QUOTH.within)


def _words(index: TripleIndex, owner: str, *predicates: ox.NamedNode) -> str:
    quotes = (s for p in predicates for a in index.values(owner, p) for s in index.values(a, OA.hasSelector))
    return " ".join(words for s in quotes for words in index.values(s, OA.exact))


def _warning(claim: Coded, rule: str, message: str, remedy: str, value: str = "") -> Finding:
    return Finding(message, rule, "Warning", focus=claim.iri, value=value, remedy=remedy)


def _numbers(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    there = {value for run in words.numbers_in(f"{claim.words} {claim.cues}") for value in run}
    for predicate, literal in claim.literals:
        least = _LEAST.get(predicate, 2)
        for run in words.numbers_in(literal, least):
            if run[-1] not in there:
                message = f"the number {run[-1]:,g} of its content is not in its words {excerpt(claim.words)}"
                remedy = "correct the number, or quote the words that have it"
                yield _warning(claim, "number-words", message, remedy, literal)


def _times(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    for predicate, literal in claim.literals:
        if predicate == RDF.value and _plain(literal) not in _plain(claim.words):
            message = f"the time {excerpt(literal)} is not in its words {excerpt(claim.words)}"
            remedy = "give the time as the text words it, or quote the words that have it"
            yield _warning(claim, "time-words", message, remedy, literal)


def _negation(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    found = words.negations.search(claim.words)
    if claim.coded(QUOTH.polarity) == POLARITY.positive.value and found:
        message = f"its words say {excerpt(found[0])}, and its polarity is positive"
        remedy = "make it negative, or quote only the words that carry what is affirmed"
        yield _warning(claim, "negation-words", message, remedy, found[0])
    denied = f"{claim.words} {claim.cues}"
    negated = words.negations.search(denied) or words.denials.search(denied)
    if claim.coded(QUOTH.polarity) == POLARITY.negative.value and not negated:
        message = f"its polarity is negative, and none of its words negates or denies: {excerpt(denied)}"
        remedy = "make it positive, or quote the words that negate"
        yield _warning(claim, "negation-words", message, remedy)


def _hedge(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    found = words.hedges.search(claim.words)
    asserted = claim.coded(QUOTH.realis) != REALIS.conditional.value
    if found and asserted and claim.coded(QUOTH.certainty) == CERTAINTY.certain.value:
        message = f"its words say {excerpt(found[0])}, and it is coded as certain"
        remedy = "make it probable or possible, or quote only the words that carry what is certain"
        yield _warning(claim, "hedge-words", message, remedy, found[0])


_RULES: tuple[Callable[[Coded, Lexicon], Iterator[Finding]], ...] = (_numbers, _times, _negation, _hedge)


def _cue_verb(
    index: TripleIndex, level: str, article: str, words: Lexicon, vocabulary: Vocabulary
) -> Iterator[Finding]:
    cue = _words(index, level, QUOTH.cue)
    has_act = index.value(level, QUOTH.speechAct) or index.value(level, QUOTH.act)
    if not cue or not has_act or article in index.values(level, QUOTH.source):
        return
    if not (words.attributing.search(cue) or vocabulary.shown(_SPEECH_ACTS, cue)):
        message = f"the cue {excerpt(cue)} has no verb of saying, nor other words that attribute"
        remedy = "quote the words that attribute, with their verb, or name the source alone by mention"
        yield Finding(message, "cue-verb", "Warning", focus=level, value=cue, remedy=remedy)


def _warrants(index: TripleIndex, texts: Texts) -> Iterator[Finding]:
    """Warrants that are not words of the text, where that is at hand."""
    hashes = {record.article: record.sha256 for record in anchors.texts_of(index).values()}
    for source in index.having(QUOTH.warrant):
        articles = [a for a in index.values(source, QUOTH.describedIn) if a in hashes]
        found = [text for a in articles if (text := texts.get(hashes[a])) is not None]
        for warrant in index.values(source, QUOTH.warrant):
            if found and not any(_plain(warrant) in _plain(text) for text in found):
                message = f"the warrant {excerpt(warrant)} is not in the text"
                remedy = "quote the words of the text that say why the source should know"
                yield Finding(message, "warrant-words", "Warning", focus=source, value=warrant, remedy=remedy)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold().replace("’", "'")
