"""Decisions that the words of an attribution make: the speech act, whether it is denied, the stance, and what a coding
with a content would say of certainty, polarity and tense."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quoth.claim.authoring.drafting.language import Language, language
from quoth.claim.checking.wording.lexicon import lexicon
from quoth.claim.model.namespaces import SPEECH_ACT
from quoth.claim.rules.vocabulary import our_vocabulary

DEFAULT_ACT = "said"
OF_ARTICLES = ("stated", "reported")
"""Acts that only the article's own level can have, and which need no cue."""

_ELLIPSIS = "…"
_ADDRESSEE_WORDS = 10
"""Words between a verb and the rest of its phrase, none of which begins a question or a clause."""
_CLAUSE = frozenset(("THAT", "WH", "."))


@dataclass(frozen=True)
class Decision:
    """The act; ``known``: whether a word of its list says so; ``denied``: whether the cue says that it was not done;
    ``distant``: whether the cue keeps a distance; and the hints for a content, such as ``certainty: possible``."""

    act: str
    known: bool
    denied: bool
    distant: bool
    hints: tuple[str, ...]


def decide(cue: Sequence[str], following: Sequence[str], content: str, words: Language) -> Decision:
    """The decisions for a cue and the words after it (small letters; English, or glossed so), and for what is said."""
    negated = any(word in words.rest.get("negations", ()) or word.endswith("n't") for word in cue)
    act, known = speech_act(cue, following)
    known = known or any(word in words.rest.get("saying", ()) for word in cue)
    denied = False
    if negated or any(_lemma(word) in words.rest.get("undone", ()) for word in cue):
        opposite = words.rest.get("opposites", {}).get(act)
        phrase = act in ("declinedToComment", "didNotRespond", "couldNotBeReached", "refused")
        act, denied = (opposite, False) if opposite else (act, not phrase)
        act = DEFAULT_ACT if denied else act
    english = lexicon("en")
    distant = english is not None and english.distancing.search(" ".join(cue)) is not None
    return Decision(act, known, denied, distant, tuple(_hints(" ".join(cue), content, words)))


def _hints(cue: str, content: str, words: Language) -> Iterable[str]:
    """Values that a content would have, where a word of the lists of the language says so."""
    lists = lexicon("en")
    assert lists is not None, "its lists are shipped"
    said = set(re.findall(r"\w+", content.lower()))
    hedged, negated, coming = (
        bool(said & set(words.rest[own])) if words.glosses else pattern.search(content) is not None
        for own, pattern in (("hedges", lists.hedges), ("negating", lists.negations), ("coming", lists.coming))
    )
    if hedged:
        yield "certainty: possible"
    elif lists.tentative.search(cue):
        yield "certainty: probable"
    if negated:
        yield "polarity: negative"
    if coming:
        yield "tense: future"


def speech_act(cue: Sequence[str], following: Sequence[str] = ()) -> tuple[str, bool]:
    """The act that the words of a cue show, and whether they do; a phrase may end in the words that follow. The longest
    phrase decides, a word that also stands for other things last.

    >>> speech_act(["asked"], ["the", "mayor", "to", "leave"]), speech_act(["has", "also", "warned"])
    (('requested', True), ('warned', True))
    """
    lemmas = [_lemma(word) for word in (*cue, *following)]
    best: tuple[int, int, int] | None = None
    name = DEFAULT_ACT
    for first in range(len(cue)):
        for phrase, (act, rank) in _phrases().get(lemmas[first], {}).items():
            if _stands(phrase, lemmas, first):
                score = (len(phrase), rank, -first)
                if best is None or score > best:
                    best, name = score, act
    return name, best is not None


def _stands(phrase: tuple[str, ...], lemmas: list[str], first: int) -> bool:
    if _ELLIPSIS not in phrase:
        return tuple(lemmas[first : first + len(phrase)]) == phrase
    verb, _, rest = phrase[:1], *phrase[1:2], phrase[2:]
    classes = _english().classes
    for at in range(first + 1, min(first + 2 + _ADDRESSEE_WORDS, len(lemmas))):
        if tuple(lemmas[at : at + len(rest)]) == rest:
            return lemmas[first] == verb[0]
        if classes.get(lemmas[at]) in _CLAUSE or lemmas[at] in (".", ":", ";", "who", "whom"):
            return False
    return False


@functools.cache
def _phrases() -> Mapping[str, Mapping[tuple[str, ...], tuple[str, int]]]:
    """The phrases of the acts by their first lemma, with the act and the rank of the phrase."""
    phrases: dict[str, dict[tuple[str, ...], tuple[str, int]]] = {}
    for name, act in our_vocabulary().concepts(SPEECH_ACT.iri.rstrip("#")).items():
        for rank, labels in ((1, act.cues), (0, act.words)):
            for label in labels:
                phrase = tuple(_lemma(word) for word in label.lower().split())
                if name not in OF_ARTICLES and phrase:
                    phrases.setdefault(phrase[0], {}).setdefault(phrase, (name, rank))
    return phrases


@functools.cache
def acts() -> Mapping[str, str]:
    """The act of each lemma that by itself is a word of one: words of one act attribute alike."""
    words = (
        (phrase[0], act) for phrases in _phrases().values() for phrase, (act, _) in phrases.items() if len(phrase) == 1
    )
    return dict(words)


def _english() -> Language:
    english = language("en")
    assert english is not None, "its lists are shipped"
    return english


@functools.cache
def _lemma(word: str) -> str:
    return _english().lemma(word)
