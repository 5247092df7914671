"""The names that a content gives to things, beside the words of the text: attributes, kinds, labels of parts."""

import functools
import re
from collections.abc import Iterable, Iterator

from quoth.claim.checking.wording.levels import SPEECH_ACTS, UNMARKED
from quoth.claim.checking.wording.lexicon import Lexicon
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import OA, QUOTH, RDFS, SKOS, SPEECH_ACT
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.vocabulary import Vocabulary

_LETTERS = 4
"""Two words with so many first letters in common are taken for forms of one; shorter ones are whole."""
_COMMON = UNMARKED | {SPEECH_ACT.asked.value}
WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
_VERB = 9
"""Words of a label among which its verb of saying is."""


def stems(text: str) -> set[str]:
    """The beginnings of the words of a text.

    >>> sorted(stems("The pilots’ strike, in May"))
    ['may', 'pilo', 'stri', 'the']
    """
    return {w[:_LETTERS] for w in WORD.findall(text.lower()) if len(w) >= _SHORTEST}


def attribute_words(claim: str, attribute: str, words: str) -> Iterator[Finding]:
    """A warning on an attribute with a word that the claim's words do not have."""
    own = stems(words)
    foreign = [w for w in WORD.findall(attribute.lower()) if len(w) >= _LETTERS and w[:_LETTERS] not in own]
    if foreign:
        message = f"{excerpt(foreign[0])} in its attribute {excerpt(attribute)} is not in its words {excerpt(words)}"
        remedy = "give the attribute in the words of the text, or quote the words that have it"
        yield Finding(message, "attribute-words", "Warning", focus=claim, value=attribute, remedy=remedy)


def kind_words(claim: str, names: Iterable[str], words: str) -> Iterator[Finding]:
    """A warning on a kind of which the claim's words have no name."""
    names, own = list(names), stems(words)
    if not any(stems(name) <= own for name in names):
        message = f"none of its words {excerpt(words)} calls anybody or anything {excerpt(names[0])}"
        remedy = "use the kind that the words name, add their word to its altLabels, or quote the words that have it"
        yield Finding(message, "kind-words", "Warning", focus=claim, value=names[0], remedy=remedy)


def type_words(claim: str, event: str, words: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A warning on a type of event of a claim whose words have none for it."""
    if not vocabulary.shows(event, words):
        name = vocabulary.concept(event).name
        message = f"its type is {name}, but none of its words {excerpt(words)} means that"
        remedy = "use the type that the words name, or quote the words that name this one"
        yield Finding(message, "type-words", "Warning", focus=claim, value=name, remedy=remedy)


def label_words(
    claim: str, label: str, names: Iterable[str], acts: set[str], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """A warning on a label whose verb of saying is that of a special act which is none of ``acts``, those coded.

    ``names`` are those of the sources: their words are no verbs.
    """
    named_so = {word for name in names for word in WORD.findall(name)}
    for word in (w for w in WORD.findall(label)[:_VERB] if w not in named_so):
        said, named = _acts(vocabulary, word)
        if said:
            return
        if named and acts.isdisjoint(named):
            message = f"its label says {excerpt(word)}, which is not the act that is coded"
            remedy = "name the act that is coded in the label, or correct the act"
            yield Finding(message, "label-words", "Warning", focus=claim, value=label, remedy=remedy)
        if named:
            return


@functools.lru_cache(8192)
def _acts(vocabulary: Vocabulary, word: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a word says that somebody said something, and the special acts that it shows if it is a verb."""
    special = vocabulary.concepts(SPEECH_ACTS).values() if word.endswith("s") else ()
    shown = tuple(c.iri for c in special if c.iri not in _COMMON and vocabulary.shows(c.iri, word))
    return vocabulary.shows(SPEECH_ACT.said.value, word), shown


def source_words(index: TripleIndex, source: str) -> Iterator[Finding]:
    """A warning on a source of one article whose names have no word of those that mention it; pronouns aside."""
    mentions = (m for m in index.subjects(QUOTH.refersTo, source) if not index.values(m, QUOTH.understood))
    selectors = (s for m in mentions for s in index.values(m, OA.hasSelector))
    mentioned = {stem for s in selectors for words in index.values(s, OA.exact) for stem in _long(words)}
    label = index.value(source, RDFS.label)
    names = [n for p in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel) for n in index.values(source, p)]
    if mentioned and not any(_long(name) & mentioned for name in names):
        message = f"none of the words that mention it is in its name {excerpt(label)}"
        remedy = "name it in the words of the text, or correct what the mentions refer to"
        yield Finding(message, "source-words", "Warning", focus=source, value=label, remedy=remedy)


def beginnings(words: Iterable[str]) -> set[str]:
    """The beginnings by which words are compared, of words in lower case."""
    return {word[:_LETTERS] for word in words}


def _long(text: str) -> set[str]:
    return {w[:_LETTERS] for w in WORD.findall(text.lower()) if len(w) >= _LETTERS}


def part_words(claim: str, label: str, known: set[str], words: Lexicon) -> Iterator[Finding]:
    """A warning on a part of a content whose label has no word of the article, whose words begin like the ``known``."""
    own = _long(label)
    if own and own.isdisjoint(known) and not words.anybody.search(label):
        message = f"no word of {excerpt(label)}, a part of its content, is in the quotations of the article"
        remedy = "name the part in the words of the text, or quote the words that have it"
        yield Finding(message, "part-words", "Warning", focus=claim, value=label, remedy=remedy)
