"""Whether the speaker that a text names can be a source on record: names are compared, descriptions tell nothing."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from rapidfuzz.distance import OSA

from quoth.claim.authoring.drafting.language import Language
from quoth.index.similarity import agree_by_initials, folded, plain
from quoth.verify.record import Record
from quoth.verify.word_lists import WordLists

_NUMBER = re.compile(r"\s*\(\d+\)$")
_WORD = re.compile(r"[^\W_][\w.’'&-]*")
_POSSESSIVE = re.compile(r"[’']s?$")
_SAME_SPELLING = 0.8


class Likeness(Enum):
    """Whether two mentions can mean the same."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


class Names:
    """Comparison of speakers, with the words of a language; without these nothing can be told."""

    def __init__(self, record: Record, words: Language | None, lists: WordLists) -> None:
        self._record, self.lists = record, lists
        self._titles = frozenset(words.rest["titles"]) if words else frozenset()
        self._particles = frozenset((*words.rest["particles"], *words.rest["articles"], "of")) if words else frozenset()
        self._small = (
            (words.classes.keys() | set(words.rest["pronouns"]) | words.glosses.keys()) if words else frozenset()
        )
        self._known = words is not None

    def compare(self, speaker: str, sources: Iterable[str]) -> Likeness:
        """Whether a speaker is one of the ``sources`` on record, each of which is given with all its names in
        sequence; OTHER only where all are named, and none can be the same."""
        found = [self._compare(speaker, self._record.names(source)) for source in sources]
        if Likeness.SAME in found:
            return Likeness.SAME
        return Likeness.OTHER if found and set(found) == {Likeness.OTHER} else Likeness.UNKNOWN

    def _compare(self, speaker: str, names: Sequence[str]) -> Likeness:
        if not speaker or not names or not self._known:
            return Likeness.UNKNOWN
        if folded(speaker) in {folded(_NUMBER.sub("", name)) for name in names} and self.parts(speaker):
            return Likeness.SAME
        ours = self.parts(speaker)
        theirs = [parts for name in names if (parts := self.parts(_NUMBER.sub("", name)))]
        if not ours or not theirs:
            return Likeness.UNKNOWN
        results = {self._persons(ours, parts) for parts in theirs}
        if Likeness.SAME in results:
            return Likeness.SAME
        return Likeness.OTHER if results == {Likeness.OTHER} and self._is_name(ours) else Likeness.UNKNOWN

    def is_described(self, speaker: str, sources: Iterable[str]) -> bool:
        """Whether a speaker is told in the words of one of the ``sources``, up to articles: “the dockers”."""
        return self._telling(speaker) in [
            self._telling(name) for source in sources for name in self._record.names(source)
        ]

    def _telling(self, words: str) -> list[str]:
        return [plain(word) for word in _WORD.findall(words) if word.lower() not in self._particles]

    def is_plain(self, name: str) -> bool:
        """Whether words are a name and no more, as “the aides of Mr. Lind” are not."""
        found = _WORD.findall(name)
        small = self._particles | self._titles
        return bool(found) and all(
            (word[:1].isupper() or word.lower().rstrip(".") in small)
            and (place == len(found) - 1 or not _POSSESSIVE.search(word))
            for place, word in enumerate(found)
        )

    def parts(self, name: str) -> list[str]:
        """The words of a name that are capital and no titles; none for a description."""
        found = [_POSSESSIVE.sub("", word).rstrip(".") for word in _WORD.findall(name)]
        return [
            word
            for word in found
            if word[:1].isupper() and word.lower() not in self._small and word.lower() not in self._titles
        ]

    def _is_name(self, parts: Sequence[str]) -> bool:
        """Whether words are surely a name: several, or one that is no plural, or that is somebody's family name."""
        return (
            len(parts) > 1 or not parts[0].endswith("s") or parts[0].isupper() or self._record.is_family_name(parts[0])
        )

    def _persons(self, ours: Sequence[str], theirs: Sequence[str]) -> Likeness:
        one, other = [plain(part) for part in ours], [plain(part) for part in theirs]
        if one == other:
            return Likeness.SAME
        shared = set(one) & set(other)
        if not shared:
            near = any(
                OSA.normalized_similarity(a, b) >= _SAME_SPELLING for a in one for b in other if min(len(a), len(b)) > 3
            )
            initials = {"".join(word[0] for word in words) for words in (one, other) if len(words) > 1}
            if near or initials & {*one, *other}:
                return Likeness.UNKNOWN
            return Likeness.OTHER if self._is_name(theirs) else Likeness.UNKNOWN
        if len(one) > 1 and len(other) > 1 and one[-1] == other[-1] and len(one) == len(other) == 2:
            if agree_by_initials(" ".join(ours), " ".join(theirs)) or self._same_given(one[0], other[0]):
                return Likeness.SAME
            return Likeness.OTHER
        if min(len(one), len(other)) == 1 or shared in (set(one), set(other)):
            return Likeness.SAME
        return Likeness.UNKNOWN

    def _same_given(self, one: str, other: str) -> bool:
        return (
            one[0] == other[0]
            or other in self.lists.given_names.get(one, ())
            or OSA.normalized_similarity(one, other) >= _SAME_SPELLING
        )
