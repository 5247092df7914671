"""The places on record that have the words of a passage: one, those of its parts, or two that are joined in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from quoth.claim.authoring.spans import Span
from quoth.index.word_pairs import LONG
from quoth.verify.alignment import Alignment, align
from quoth.verify.chains import Chains
from quoth.verify.differences import Change, Changes, changes
from quoth.verify.passages import Passage
from quoth.verify.record import FEW_WORDS, UNKNOWN, Record, Stretch
from quoth.verify.speakers import Likeness
from quoth.verify.submitted import Submitted
from quoth.verify.tokens import Word, tokens
from quoth.verify.word_lists import WordLists

_CLAUSE = re.compile(r"[.!?;:]|^\W*[,(–—].*[,)–—]\W*$", re.DOTALL)
"""What is left out between two words, if it is more than a part of the clause that these are in."""
_OMISSION = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.(?:\s?\.)*)\s*[\])]|…|\.\s?\.\s?\.(?:\s?\.)*")

QUOTED_SHARE, REPORTED_SHARE = 0.62, 0.75
"""Shares of a passage's words from which on those on record are taken for the same words, altered."""
WHOLE_WORDS = 3
"""Words up to which all have to be the same, unless the text names the speaker of those on record."""
_FEW_LONG_WORDS = 2
_PART_WORDS, _PART_LONG_WORDS = 4, 2
_PART_SHARE = 0.9
TELLING_WORDS = 4
"""Words from which on it tells something who is credited with them: fewer are said by many."""
NEAR_SHARE = 0.7
"""Share of the words from which on a place tells who says them."""
_NEARLY_ALL = 0.995
_SPEAKER_SHARE = 0.08
"""The share by which fewer words suffice where the speaker is the same."""
_EQUAL_SHARE = 0.001
_CANDIDATES = 4
MOST_WORDS, _MOST_PARTS = 3_000, 20
"""Words of a passage that are looked for, and parts between marks of omission, past which it is looked for as one."""
_JOINED_WORDS = 3
"""Words that the best place on record must lack for another one to be looked for."""
_LIKENESSES = (Likeness.SAME, Likeness.UNKNOWN, Likeness.OTHER)


@dataclass(frozen=True)
class Found:
    """Words of a passage that are on record: where, and what differs."""

    words: Sequence[Word]
    alignment: Alignment
    changes: Changes


class Places:
    """Finds the places on record of the passages of one text."""

    def __init__(self, text: Submitted, record: Record, chains: Chains, lists: WordLists) -> None:
        self.record, self.chains, self.lists = record, chains, lists
        self._text = text
        self._rankings: dict[tuple[int, int], list[Alignment]] = {}

    def prepare(self, spans: Iterable[Span]) -> None:
        """Look up the words of all passages at once."""
        self.record.prepare([word.normal for word in self.words(span)] for span in spans)

    def find(self, passage: Passage) -> tuple[list[list[Word]], list[list[Found] | None]]:
        """The words of the parts of a passage, between its marks of omission, and for each the places on record that
        have them: one, several that it joins, or None."""
        parts = self.parts(passage.span)
        whole = self.words(passage.span)
        if len(parts) > _MOST_PARTS or (
            len(parts) > 1 and self._is_whole(whole, passage)
        ):  # the record has these marks, too
            parts = [whole]
        return parts, self._in_place(parts, [self._found(part, passage) for part in parts], passage)

    def words(self, span: Span) -> list[Word]:
        """The words of a part of the text, with their places in its words; of a long one the first."""
        return tokens(self._text.words, span.start, span.end)[:MOST_WORDS]

    def parts(self, span: Span) -> list[list[Word]]:
        """The words of a passage, cut where it has marks of omission."""
        places, start = [], span.start
        for mark in _OMISSION.finditer(self._text.words, span.start, span.end):
            places.append(Span(start, mark.start()))
            start = mark.end()
        return [part for place in (*places, Span(start, span.end)) if (part := self.words(place))]

    def _found(self, part: list[Word], passage: Passage) -> list[Found] | None:
        """The places on record that have the words of a part of a passage: one, or several that are joined in it."""
        ranked = self.ranked(part, passage)
        if not ranked:
            return None
        best = self._of(part, ranked[0])
        lacking = len(part) - best.alignment.equal
        if lacking >= _JOINED_WORDS and (joined := self._joined(part, best, passage)):
            return joined
        share = QUOTED_SHARE if passage.is_quoted else REPORTED_SHARE
        if self.chains.likeness(passage, best.alignment) is Likeness.SAME:
            share -= _SPEAKER_SHARE
        elif len(part) <= WHOLE_WORDS or (len(part) <= FEW_WORDS and not self._has_long(part, best)):
            share = _NEARLY_ALL
        return [best] if best.alignment.weight >= share else None

    def _has_long(self, part: Sequence[Word], found: Found) -> bool:
        """Whether two of the words that are the same are not short: fewer tell nothing without their speaker."""
        return sum(len(part[place].normal) >= LONG for place, _ in found.alignment.pairs) >= _FEW_LONG_WORDS

    def hidden(self, parts: Sequence[Sequence[Word]], passage: Passage, stretch: Stretch | None = None) -> Found | None:
        """A negation or a hedge that stands on record, or in a ``stretch``, where the passage has a mark of omission,
        with few words around it and in no clause of its own: such a mark hides what the words mean."""
        whole = self.words(passage.span)
        best = align(whole, stretch) if stretch else next(iter(self.ranked(whole, passage)), None)
        if len(parts) < 2 or best is None or best.weight < _NEARLY_ALL:
            return None
        marks = {*accumulate(map(len, parts))}
        own = tuple(
            (difference, change)
            for difference, change in self._of(whole, best).changes.of_differences
            if change in (Change.NEGATION_LOST, Change.HEDGE_LOST)
            and difference.said[0] == difference.said[1] in marks
            and not _CLAUSE.search(best.stretch.between(*difference.recorded))
        )
        return Found(whole, best, Changes(own, frozenset(change for _, change in own))) if own else None

    def _is_whole(self, whole: list[Word], passage: Passage) -> bool:
        """Whether the words of all parts of a passage stand on record side by side."""
        best = next(iter(self.ranked(whole, passage)), None)
        return best is not None and best.weight >= _NEARLY_ALL and not best.differences

    def _in_place(
        self, parts: list[list[Word]], found: list[list[Found] | None], passage: Passage
    ) -> list[list[Found] | None]:
        """The same for each part but the longest one, if it is on record in the same article as that, in order."""
        if len(parts) < 2:
            return found
        first = max(range(len(parts)), key=lambda n: len(parts[n]))
        for main in self.ranked(parts[first], passage)[:_CANDIDATES]:
            if found[first] is None or main.weight < (found[first] or [])[0].alignment.weight - _EQUAL_SHARE:
                break
            placed = [
                self._of(part, main) if n == first else self._beside(part, main, passage, behind=n > first)
                for n, part in enumerate(parts)
            ]
            if all(placed):
                return [[each] for each in placed if each]
        return found

    def _beside(self, part: list[Word], main: Alignment, passage: Passage, behind: bool) -> Found | None:
        """The place of a part of a passage in the same article as the main one, before or behind it; None: there is
        none where all its words are the same."""
        others = [main.stretch, *(each.stretch for each in self.ranked(part, passage))]
        for stretch in others:
            if stretch.article == main.stretch.article:
                half = stretch
                if stretch is main.stretch:
                    recorded = main.stretch.words
                    start = recorded[main.recorded[1] - 1].end if behind else 0
                    end = len(stretch.text) if behind else recorded[main.recorded[0]].start
                    half = stretch.part(start, end)
                aligned = align(part, half) if half.words else None
                if aligned and aligned.weight >= _NEARLY_ALL and not aligned.differences:
                    place, of_main = half.start or 0, main.stretch.start or 0
                    if stretch is main.stretch or (place > of_main) == behind:
                        return self._of(part, aligned)
        return None

    def ranked(self, part: list[Word], passage: Passage) -> list[Alignment]:
        """The places on record that are most like those words; among equals that of the same speaker first."""
        key = (part[0].start, part[-1].end)
        if key not in self._rankings:
            stretches = self.record.stretches([word.normal for word in part])
            found = [aligned for stretch in stretches if (aligned := align(part, stretch.near(part)))]
            best = max((aligned.weight for aligned in found), default=0)

            def rank(aligned: Alignment) -> tuple[float, int, int, bool]:
                near = aligned.weight >= best - _EQUAL_SHARE
                likeness = self.chains.likeness(passage, aligned) if near else Likeness.OTHER
                differing = sum(d.recorded[1] - d.recorded[0] for d in aligned.differences)
                other = not (near and self.is_written(part, aligned))
                return -round(aligned.weight, 3), differing, _LIKENESSES.index(likeness), other

            self._rankings[key] = sorted(found, key=rank)
        return self._rankings[key]

    def _of(self, part: list[Word], aligned: Alignment) -> Found:
        return Found(part, aligned, changes(part, aligned, self.lists))

    def _joined(self, part: list[Word], best: Found, passage: Passage) -> list[Found] | None:
        """The two places whose words a passage joins, if what the best one lacks is all somewhere else."""
        pairs = best.alignment.pairs
        gaps = [(0, pairs[0][0]), (pairs[-1][0] + 1, len(part))]
        gaps += [(a + 1, b) for (a, _), (b, _) in pairwise(pairs) if b > a + 1]
        for start, end in _widened(max(gaps, key=lambda gap: gap[1] - gap[0]), len(part)):
            rest = part[start:end]
            own = part[end:] if start == 0 else part[:start]
            if not (_tells(rest) and _tells(own)):
                continue
            of_rest, of_own = self.ranked(rest, passage), self.ranked(own, passage)
            if not of_rest or not of_own or min(of_rest[0].weight, of_own[0].weight) < _PART_SHARE:
                continue
            other, first = self._of(rest, of_rest[0]), self._of(own, of_own[0])
            if _exact(other) and _exact(first) and not self._follow(first, other, start == 0):
                return [other, first] if start == 0 else [first, other]
        return None

    def _follow(self, one: Found, other: Found, reverse: bool) -> bool:
        """Whether two places are one behind the other."""
        before, after = (other, one) if reverse else (one, other)
        if before.alignment.stretch.article != after.alignment.stretch.article:
            return False
        return 0 <= recorded(after).start - recorded(before).end <= 3

    def in_order(self, found: Sequence[Found]) -> bool:
        """Whether the parts between marks of omission are in one article, in its order."""
        places = [(each.alignment.stretch.article, recorded(each).start) for each in found]
        articles = {article for article, _ in places}
        return len(articles) == 1 and places == sorted(places)

    def is_written(self, part: Sequence[Word], aligned: Alignment) -> bool:
        """Whether the words stand on record as they do in the text, letter by letter."""
        if aligned.differences or aligned.equal < len(part):
            return False
        recorded = aligned.stretch.words[slice(*aligned.recorded)]
        ours = _spaced(self._text.words[part[0].start : part[-1].end])
        theirs = _spaced(aligned.stretch.text[recorded[0].start : recorded[-1].end])
        return len(ours) == len(theirs) and all(
            mine == other or other == UNKNOWN for mine, other in zip(ours, theirs, strict=True)
        )


def _tells(part: Sequence[Word]) -> bool:
    """Whether words are so many, and so long, that to be on record by chance is not to be expected."""
    return len(part) >= _PART_WORDS and sum(len(word.normal) >= LONG for word in part) >= _PART_LONG_WORDS


def _exact(found: Found) -> bool:
    return not found.changes.alters and Change.OMISSION not in found.changes.all


def recorded(found: Found) -> Span:
    """The place of the recorded words in the article; in the stretch, where it has none."""
    stretch = found.alignment.stretch
    recorded = stretch.words[slice(*found.alignment.recorded)]
    first = stretch.start or 0
    return Span(first + recorded[0].start, first + recorded[-1].end)


def _widened(gap: tuple[int, int], length: int) -> list[tuple[int, int]]:
    """The words that the best place on record lacks, with those behind or before them, which it has by chance: from
    the gap to the end of the passage, or from its beginning."""
    start, end = gap
    return list(dict.fromkeys(each for each in (gap, (start, length), (0, end)) if each[0] == 0 or each[1] == length))


def _spaced(text: str) -> str:
    """The text with a space for each line end, as a text has that is broken to another width."""
    return re.sub(r"[\r\n\t]", " ", text)
