"""The meaning of differences between a passage and the words on record: typography, negations, numbers, hedges."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from quoth.index.word_pairs import LONG
from quoth.verify.alignment import Alignment, Difference
from quoth.verify.tokens import Word
from quoth.verify.word_lists import WordLists

OMITTED_WORDS = 5
"""Words that are left out without a mark from which on two places have been joined; fewer are an alteration."""

_EDITORIAL_WORDS = 8
_UNKNOWN_MARGIN, _UNKNOWN_SHARE = 4, 0.15


class Change(Enum):
    """What a difference changes; the value is its name in JSON, and its words for people."""

    WORDS = "words"
    NEGATION_LOST = "negation lost"
    NEGATION_ADDED = "negation added"
    NUMBER = "number"
    HEDGE_LOST = "hedge lost"
    HEDGE_ADDED = "hedge added"
    OMISSION = "words left out"
    UNKNOWN = "words not on record"
    TYPOGRAPHY = "typography"


@dataclass(frozen=True)
class Changes:
    """The changes of a passage: those of each of its differences, and what they are altogether."""

    of_differences: tuple[tuple[Difference, Change], ...]
    all: frozenset[Change]

    @property
    def alters(self) -> bool:
        """Whether words are not the same."""
        return bool(self.all - {Change.OMISSION, Change.UNKNOWN, Change.TYPOGRAPHY})


def changes(said: Sequence[Word], aligned: Alignment, lists: WordLists) -> Changes:
    """The changes between a passage and the words on record that it is aligned with."""
    recorded = aligned.stretch.words
    found: list[tuple[Difference, Change]] = []
    kinds: set[Change] = set()
    ours: list[str] = []
    theirs: list[str] = []
    for difference in aligned.differences:
        mine = said[slice(*difference.said)]
        other = recorded[slice(*difference.recorded)]
        change = _layout(difference, mine, other, lists)
        if change is None:
            change = _own(_texts(mine), _texts(other), lists)
            ours += _texts(mine)
            theirs += _texts(other)
        kinds.add(change)
        found.append((difference, change))
    # A word that has only moved is neither lost nor added: the kinds are those of all differences together.
    kinds |= _meanings(ours, theirs, lists)
    return Changes(tuple(found), frozenset(kinds))


def _texts(words: Iterable[Word]) -> list[str]:
    return [word.normal for word in words]


def _layout(difference: Difference, mine: Sequence[Word], other: Sequence[Word], lists: WordLists) -> Change | None:
    """The change, if no word differs that is on record: spaces, brackets, what is not known, what is left out."""
    if "".join(_texts(mine)).replace("'", "") == "".join(_texts(other)).replace("'", "") and not difference.unknown:
        return Change.TYPOGRAPHY
    if not difference.unknown and _is_same_number(_texts(mine), _texts(other), lists):
        return Change.TYPOGRAPHY
    decisive = any(lists.is_negation(word.normal) for word in (*mine, *other)) or any(
        lists.is_number(word.normal) or word.normal in lists.hedges - lists.weak for word in other
    )
    if mine and all(word.editorial for word in mine) and len(other) <= _EDITORIAL_WORDS and not decisive:
        return Change.TYPOGRAPHY
    if difference.unknown:
        length = mine[-1].end - mine[0].start if mine else 0
        known = other[-1].end - other[0].start if other else 0
        missing = difference.unknown + known
        if abs(length - missing) <= _UNKNOWN_MARGIN + _UNKNOWN_SHARE * missing:
            return Change.UNKNOWN
        return Change.OMISSION if not mine and missing > _UNKNOWN_MARGIN else Change.UNKNOWN
    if not mine and len(other) >= OMITTED_WORDS:
        return Change.OMISSION
    return None


def _is_same_number(mine: Sequence[str], other: Sequence[str], lists: WordLists) -> bool:
    """Whether a number is only written otherwise: in words or in digits, with a sign or a word for a share."""
    if {"".join(mine), "".join(other)} == {"%", lists.percent}:
        return True
    value = lists.value(mine)
    return value is not None and value == lists.value(other)


def _own(mine: Sequence[str], other: Sequence[str], lists: WordLists) -> Change:
    """The change that a difference by itself is, the gravest first."""
    kinds = _meanings(mine, other, lists)
    order = (Change.NEGATION_LOST, Change.NEGATION_ADDED, Change.NUMBER, Change.HEDGE_LOST, Change.HEDGE_ADDED)
    return next((kind for kind in order if kind in kinds), Change.WORDS)


def _meanings(mine: Sequence[str], other: Sequence[str], lists: WordLists) -> set[Change]:
    """What the words of a passage change in those on record, beyond other words."""
    kinds: set[Change] = set()
    negations = sum(map(lists.is_negation, mine)) - sum(map(lists.is_negation, other))
    lost, added = Counter(other) - Counter(mine), Counter(mine) - Counter(other)
    for word in lost:
        for instead in lists.opposites(word, added):
            negations += 1 if len(instead) > len(word) else -1
    if negations:
        kinds.add(Change.NEGATION_ADDED if negations > 0 else Change.NEGATION_LOST)
    numbers = [Counter(filter(lists.is_number, words)) for words in (mine, other)]
    if numbers[0] != numbers[1]:
        kinds.add(Change.NUMBER)
    for gone, new, kind in ((lost, added, Change.HEDGE_LOST), (added, lost, Change.HEDGE_ADDED)):
        hedges, others = lists.hedges & gone.keys(), lists.hedges & new.keys()
        strong = hedges - lists.weak
        alone = not any(len(word) >= LONG for word in new)
        if not others and (strong or (hedges and alone)):
            kinds.add(kind)
    return kinds
