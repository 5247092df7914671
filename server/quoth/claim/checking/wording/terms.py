"""What a content calls things, beside the words of the text: attributes, kinds and the labels of its parts."""

import re
from collections.abc import Iterable, Iterator

from quoth.claim.checking.anchors import excerpt
from quoth.claim.checking.wording.lexicon import Lexicon
from quoth.claim.model.namespaces import OA, QUOTH, RDFS, SKOS
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex

_LETTERS = 4
"""Two words with so many first letters in common are taken for forms of one; shorter ones are whole."""
WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3


def stems(text: str) -> set[str]:
    """The beginnings of the words of a text.

    >>> sorted(stems("The pilots’ strike, in May"))
    ['may', 'pilo', 'stri', 'the']
    """
    return {w[:_LETTERS] for w in WORD.findall(text.lower()) if len(w) >= _SHORTEST}


def attribute_words(claim: str, attribute: str, words: str) -> Iterator[Finding]:
    """A warning on an attribute with a word that the claim's words do not have."""
    foreign = [w for w in WORD.findall(attribute.lower()) if len(w) >= _LETTERS and not stems(w) & stems(words)]
    if foreign:
        message = f"{excerpt(foreign[0])} of its attribute {excerpt(attribute)} is not in its words {excerpt(words)}"
        remedy = "give the attribute in the words of the text, or quote the words that have it"
        yield Finding(message, "attribute-words", "Warning", focus=claim, value=attribute, remedy=remedy)


def kind_words(claim: str, names: Iterable[str], words: str) -> Iterator[Finding]:
    """A warning on a kind of which the claim's words have no name."""
    names = list(names)
    if not any(stems(name) <= stems(words) for name in names):
        message = f"none of its words {excerpt(words)} calls anybody or anything {excerpt(names[0])}"
        remedy = "take the kind that the words name, add their word to its altLabels, or quote the words that have it"
        yield Finding(message, "kind-words", "Warning", focus=claim, value=names[0], remedy=remedy)


def source_words(index: TripleIndex, source: str) -> Iterator[Finding]:
    """A warning on a source of one article whose names have no word of those that mention it; pronouns aside."""
    mentions = (m for m in index.subjects(QUOTH.refersTo, source) if not index.values(m, QUOTH.understood))
    selectors = (s for m in mentions for s in index.values(m, OA.hasSelector))
    mentioned = {stem for s in selectors for words in index.values(s, OA.exact) for stem in _long(words)}
    label = index.value(source, RDFS.label)
    names = [n for p in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel) for n in index.values(source, p)]
    if mentioned and not any(_long(name) & mentioned for name in names):
        message = f"none of the words that mention it is in its name {excerpt(label)}"
        remedy = "call it by the words of the text, or correct what the mentions refer to"
        yield Finding(message, "source-words", "Warning", focus=source, value=label, remedy=remedy)


def _long(text: str) -> set[str]:
    return {w[:_LETTERS] for w in WORD.findall(text.lower()) if len(w) >= _LETTERS}


def part_words(claim: str, label: str, known: set[str], words: Lexicon) -> Iterator[Finding]:
    """A warning on a part of a content whose label has no word of the article, of which ``known`` are in lower case."""
    own = _long(label)
    if own and not own & {w[:_LETTERS] for w in known} and not words.anybody.search(label):
        message = f"no word of {excerpt(label)}, a part of its content, is in the quotations of the article"
        remedy = "name the part by the words of the text, or quote the words that have it"
        yield Finding(message, "part-words", "Warning", focus=claim, value=label, remedy=remedy)
