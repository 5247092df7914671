"""Codings beside their words: what the one says and the other does not.

Compared are numbers, times, negations, hedges, tenses, what things are called, the verbs of cues, and warrants.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Texts, excerpt
from quoth.claim.checking.wording import levels as levels_
from quoth.claim.checking.wording import terms
from quoth.claim.checking.wording.lexicon import Lexicon, lexicon
from quoth.claim.checking.wording.sentences import Sentences, cue_elsewhere, warrant_elsewhere
from quoth.claim.model.namespaces import CERTAINTY, OA, POLARITY, PROV, QUOTH, RDF, RDFS, REALIS, SCHEMA, SEM, TENSE
from quoth.claim.model.ontology import local
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.vocabulary import Vocabulary

MAX_CHAIN = 20
"""Levels of a chain that are looked at: a chain in a circle has no end."""
_LEAST = {QUOTH.quantity: 0, RDFS.label: math.inf}
"""The least number in words that counts, for a property; else 2. Labels are the coder's own: only digits count."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Coded:
    """A claim: its IRI, the words in its anchors, those that attribute it, and its content.

    ``cue`` has the words that attribute it to the innermost source, ``known`` the words of the article that are quoted
    anywhere, in lower case. ``index`` has the asserted statements.
    """

    iri: str
    words: str
    cues: str
    cue: str
    content: list[ox.Quad]
    known: set[str]
    vocabulary: Vocabulary
    index: TripleIndex

    @property
    def literals(self) -> list[tuple[ox.NamedNode, str]]:
        """The property and the value of each literal of its content."""
        return [(q.predicate, q.object.value) for q in self.content if isinstance(q.object, ox.Literal)]

    def coded(self, predicate: ox.NamedNode) -> str:
        """The value that it is coded with, or an empty string."""
        return self.index.value(self.iri, predicate)


def findings(quads: Iterable[ox.Quad], vocabulary: Vocabulary, texts: Texts | None) -> Iterator[Finding]:
    """The warnings about every claim and every warrant, and a note on each article whose language has no word lists."""
    quads = list(quads)
    index = TripleIndex(quads)
    graphs: dict[str, list[ox.Quad]] = defaultdict(list)
    for q in quads:
        if isinstance(q.graph_name, ox.NamedNode):
            graphs[q.graph_name.value].append(q)
    claims = index.subjects(RDF.type, QUOTH.Claim)
    known = _quoted(index, claims)
    # Where nothing attributes, the claim of an act has the words of what is said, and these say nothing of the act.
    borrowed = {
        (act, _words(index, claim, QUOTH.anchor))
        for claim in claims
        for level in _levels(index, claim)
        for act in index.values(level, QUOTH.act)
    }
    for claim in claims:
        article = index.value(claim, PROV.wasQuotedFrom)
        if (words := lexicon(index.value(article, SCHEMA.inLanguage))) is None:
            continue
        levels = list(_levels(index, claim))
        coded = Coded(
            claim,
            _words(index, claim, QUOTH.anchor),
            " ".join(_words(index, level, QUOTH.cue, QUOTH.mention) for level in levels),
            _words(index, levels[0], QUOTH.cue) if levels else "",
            graphs[index.value(claim, QUOTH.content)],
            known[article],
            vocabulary,
            index,
        )
        if coded.words and (claim, coded.words) not in borrowed:
            for rule in _RULES:
                yield from rule(coded, words)
        names = [n for level in levels for s in index.values(level, QUOTH.source) for n in index.values(s, RDFS.label)]
        acts = {act for level in levels if (act := _act(index, level, graphs))}
        for label in (
            index.values(claim, RDFS.label) if levels and article not in index.values(levels[0], QUOTH.source) else ()
        ):
            yield from terms.label_words(claim, label, names, acts, vocabulary)
        for level in levels:
            if article not in index.values(level, QUOTH.source):
                yield from _level(index, level, coded, graphs, words)
    for source in list(index.having(QUOTH.describedIn)):
        yield from terms.source_words(index, source)
    yield from _languages(index, known)
    if texts:
        yield from _places(index, claims, texts)


def _quoted(index: TripleIndex, claims: Iterable[str]) -> dict[str, set[str]]:
    """The words of each article that are quoted somewhere, in lower case."""
    known: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        owners = [(claim, QUOTH.anchor)] + [
            (level, p) for level in _levels(index, claim) for p in (QUOTH.cue, QUOTH.mention)
        ]
        text = " ".join(_words(index, owner, predicate) for owner, predicate in owners)
        known[index.value(claim, PROV.wasQuotedFrom)].update(terms.WORD.findall(text.lower()))
    return known


def _languages(index: TripleIndex, known: dict[str, set[str]]) -> Iterator[Finding]:
    """A note on each article without word lists, or a warning where its words are of a language that has them."""
    english = lexicon("en")
    assert english
    for article, quoted in known.items():
        language = index.value(article, SCHEMA.inLanguage)
        if lexicon(language):
            continue
        if sum(1 for word in english.common if word in quoted) > len(english.common) / 2:
            message = f"its language is {language!r}, and its words are English"
            yield Finding(message, "language-words", "Warning", focus=article, remedy="set the language to en")
        message = f"its claims are not compared with their words: there are no word lists for the language {language!r}"
        yield Finding(message, "word-lists", "Info", focus=article)


def _act(index: TripleIndex, level: str, graphs: dict[str, list[ox.Quad]]) -> str:
    """The speech act of a level, or of the claim that says that it took place."""
    contents = (graphs[index.value(claim, QUOTH.content)] for claim in index.values(level, QUOTH.act))
    told = (q.object.value for content in contents for q in content if q.predicate == QUOTH.speechAct)  # type: ignore[union-attr]
    return index.value(level, QUOTH.speechAct) or next(told, "")


def _level(
    index: TripleIndex, level: str, coded: Coded, graphs: dict[str, list[ox.Quad]], words: Lexicon
) -> Iterator[Finding]:
    """The warnings about a level that is not the article's own."""
    cue = _words(index, level, QUOTH.cue)
    act = _act(index, level, graphs)
    outer = index.value(level, QUOTH.within)
    yield from levels_.cue_verb(level, cue, act, words, coded.vocabulary)
    yield from levels_.act_words(level, cue, act, coded.vocabulary)
    yield from levels_.stance_words(level, cue, act, index.value(outer, QUOTH.stance), coded.words, words)


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
    certainty = claim.coded(QUOTH.certainty)
    found = words.hedges.search(claim.words) or words.tentative.search(claim.cue)
    if found and claim.coded(QUOTH.realis) != REALIS.conditional.value and certainty == CERTAINTY.certain.value:
        message = f"its words say {excerpt(found[0])}, and it is coded as certain"
        remedy = "make it probable or possible, or quote only the words that carry what is certain"
        yield _warning(claim, "hedge-words", message, remedy, found[0])
    told = f"{claim.words} {claim.cues}"
    doubtful = certainty in (CERTAINTY.probable.value, CERTAINTY.possible.value)
    if doubtful and not any(kind.search(told) for kind in (words.hedges, words.tentative, words.open)):
        message = f"it is coded as less than certain, and none of its words says so: {excerpt(told)}"
        remedy = "make it certain, or quote the words that leave it open"
        yield _warning(claim, "hedge-words", message, remedy)


def _tense(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    tense = claim.coded(QUOTH.tense)
    named = any(q.predicate == QUOTH.kind for q in claim.content)
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
    if any(q.predicate == QUOTH.cause for q in claim.content) and not words.causal.search(claim.words):
        message = f"its content has a cause, and none of its words tells why: {excerpt(claim.words)}"
        remedy = "take after, purpose, condition or inReturnFor, as the words have it, or quote the words that tell why"
        yield _warning(claim, "cause-words", message, remedy)


def _quantities(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    for predicate, literal in claim.literals:
        if (
            predicate == QUOTH.quantity
            and re.search(r"[^\W\d]", literal)
            and _plain(literal) not in _plain(claim.words)
        ):
            message = f"the quantity {excerpt(literal)} is not in its words {excerpt(claim.words)}"
            remedy = "give the quantity as the text words it, or quote the words that have it"
            yield _warning(claim, "quantity-words", message, remedy, literal)


def _terms(claim: Coded, words: Lexicon) -> Iterator[Finding]:
    for q in claim.content:
        if q.predicate == QUOTH.attribute and isinstance(q.object, ox.Literal):
            yield from terms.attribute_words(claim.iri, q.object.value, f"{claim.words} {claim.cues}")
        elif q.predicate == QUOTH.kind and isinstance(q.object, ox.NamedNode):
            yield from terms.kind_words(claim.iri, claim.vocabulary.concept(q.object.value).words, claim.words)
        elif (
            q.predicate == SEM.eventType
            and isinstance(q.object, ox.NamedNode)
            and local(q.object.value) in words.worded
        ):
            if all(q.subject != other.object for other in claim.content):
                yield from terms.type_words(claim.iri, q.object.value, f"{claim.words} {claim.cues}", claim.vocabulary)
        elif q.predicate == RDFS.label and isinstance(q.object, ox.Literal):
            yield from terms.part_words(claim.iri, q.object.value, claim.known, words)


_RULES: tuple[Callable[[Coded, Lexicon], Iterator[Finding]], ...] = (
    *(_numbers, _times, _negation),
    *(_hedge, _tense, _cause, _quantities, _terms),
)


def _places(index: TripleIndex, claims: Iterable[str], texts: Texts) -> Iterator[Finding]:
    """The warnings about where words stand, for the articles whose texts are at hand."""
    found = {r.article: text for r in anchors.texts_of(index).values() if (text := texts.get(r.sha256)) is not None}
    sentences = {article: Sentences(text) for article, text in found.items()}
    for claim in claims:
        if (article := index.value(claim, PROV.wasQuotedFrom)) in sentences:
            yield from cue_elsewhere(index, claim, _levels(index, claim), sentences[article])
    for source in index.having(QUOTH.warrant):
        articles = [a for a in index.values(source, QUOTH.describedIn) if a in found]
        for warrant in index.values(source, QUOTH.warrant) if articles else ():
            if not any(_plain(warrant) in _plain(found[a]) for a in articles):
                message = f"the warrant {excerpt(warrant)} is not in the text"
                remedy = "quote the words of the text that say why the source should know"
                yield Finding(message, "warrant-words", "Warning", focus=source, value=warrant, remedy=remedy)
            for a in articles:
                yield from warrant_elsewhere(index, source, warrant, sentences[a])


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold().replace("’", "'")
