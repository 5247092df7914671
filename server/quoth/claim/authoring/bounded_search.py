"""Looking for words in a text within limits, and for those that are most like a quotation."""

import re

from rapidfuzz.distance import Indel, Levenshtein

from quoth.claim.checking.nearest_words import QUOTATION_LIMIT, TextSearch

SEARCH_LIMIT = 2_000_000_000
"""Code points of one text that are read for its anchors: 1 to 10 s."""

NEAREST_LIMIT = 10_000_000
"""Code points of one text in which the nearest words are looked for: at most some 10 s."""

NEAR = 100
"""Code points on either side of where words are expected, in which the nearest ones are looked for first."""

WINDOW = 50_000
"""Code points on either side of where words are expected, in which the nearest ones are looked for then."""

ALTERED = 0.7
"""The least likeness (see likeness) of words that are shown as the altered ones."""

REACH = 40
"""Code points by which the words may be longer, or lie elsewhere than a search says."""

COST_OF_A_SPAN = 10
"""Code points that are read in the time in which two short texts are compared."""

_WORDS = (re.compile(r"\w+"), re.compile(r"\S+"))

Spans = tuple[tuple[int, int], ...]
"""Pairs of offsets, in their order."""


class LimitError(Exception):
    """One of the limits is reached; it ends a search, and is never shown."""


class BoundedSearch:
    """A text in which words are looked for, until the limit is reached."""

    def __init__(self, text: str, limit: int = SEARCH_LIMIT) -> None:
        self.text, self._left = text, limit
        self._nearest_left = NEAREST_LIMIT
        self._window = (-1, Spans(), TextSearch(""))

    def places(self, words: str, most: int = 2, start: int = 0, end: int | None = None) -> list[int]:
        """The first ``most`` offsets of the words from ``start`` to ``end``. Raises LimitError."""
        found: list[int] = []
        stop = len(self.text) if end is None else end
        at = start
        while len(found) < most:
            hit = self.text.find(words, at, stop)
            self._left -= (stop if hit < 0 else hit + len(words)) - at
            if self._left < 0:
                raise LimitError
            if hit < 0:
                break
            found.append(hit)
            at = hit + 1
        return found

    def nearest(self, quotation: str, expected: int, taken: Spans = ()) -> tuple[int, str] | None:
        """The place and the words that are most like the quotation, next to where it is expected or else not far from
        there, if they are like enough. Letters within ``taken`` spans are like nothing. Raises LimitError."""
        sought = quotation[:QUOTATION_LIMIT]
        if like := self._most_like(sought, expected - NEAR, expected + len(sought) + NEAR, expected, taken):
            return like
        first = max(0, expected // WINDOW - 1) * WINDOW
        self._spend(3 * WINDOW)
        if self._window[:2] != (first, taken):
            self._window = first, taken, TextSearch(self._blanked(first, first + 3 * WINDOW, taken))
        if (far := self._window[2].nearest(sought)) is None:
            return None
        start, end = first + far.start, first + far.start + len(far.words)
        return (start, far.words) if far.alike else self._most_like(sought, start - REACH, end + REACH, expected, taken)

    def _spend(self, code_points: int) -> None:
        self._nearest_left -= code_points
        if self._nearest_left < 0:
            raise LimitError

    def _blanked(self, first: int, last: int, taken: Spans) -> str:
        """The text between two offsets, with line feeds in place of what is taken."""
        pieces, at = [], first
        for start, end in taken:
            start, end = max(start, at), min(end, last)
            if start < end:
                pieces += [self.text[at:start], "\n" * (end - start)]
                at = end
        return "".join([*pieces, self.text[at:last]])

    def _most_like(self, quotation: str, first: int, last: int, expected: int, taken: Spans) -> tuple[int, str] | None:
        """The whole words between two offsets that are most like the quotation, if they are like enough; of several
        the nearest to where they are expected."""
        first, last = max(0, first), max(0, last)
        text = self._blanked(first, last, taken)
        matches = [m for form in _WORDS for m in form.finditer(text)]
        ends = sorted({m.end() for m in matches})
        spans = [
            (start, end)
            for start in sorted({m.start() for m in matches})
            for end in ends
            if len(quotation) < 2 * (end - start) < 4 * len(quotation) + 2 * REACH
        ]
        self._spend(COST_OF_A_SPAN * len(spans))
        likenesses = {span: likeness(quotation, text[slice(*span)]) for span in spans}
        best = max(spans, key=lambda s: (likenesses[s], -abs(first + s[0] - expected)), default=None)
        if best is None or likenesses[best] < ALTERED:
            return None
        return first + best[0], self.text[first + best[0] : first + best[1]]


def likeness(quotation: str, words: str) -> float:
    """The share of the quotation's letters that the words have in its order, less a quarter of what they have besides:
    words that are added count less against a place than words that are missing."""
    common = (len(quotation) + len(words) - Indel.distance(quotation, words)) / 2
    return (common - (len(words) - common) / 4) / len(quotation)


def word_difference(old: str, new: str) -> str:
    """The words of both, those only in the old in ``[-…-]`` and those only in the new in ``{+…+}``, as wdiff has it.

    >>> word_difference("the ferry was late", "the ferry was very late")
    'the ferry was {+very +}late'
    """
    before, after = (re.findall(r"\s+|\w+|[^\w\s]", words[:1_000]) for words in (old, new))
    parts = []
    for step in Levenshtein.opcodes(before, after):
        gone, come = "".join(before[step.src_start : step.src_end]), "".join(after[step.dest_start : step.dest_end])
        equal = step.tag == "equal"
        parts.append(gone if equal else (f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return "".join(parts)
