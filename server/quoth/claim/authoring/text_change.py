"""Anchors held against a new version of their text: which stand where they stood, which moved, which have other words.

An anchor's *run* is its quotation between its prefix and its suffix. Where a run stands several times, what stood
around it in the earlier text decides, if that text is at hand; else what the document's other quotations tell of that
text does. Nothing is decided by likeness: a place is taken only where no other is possible, and something around it is
as it was, or has moved with it.

Offsets count Unicode code points.
"""

import bisect
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from quoth.claim.authoring.bounded_search import (
    SEARCH_LIMIT,
    WINDOW,
    BoundedSearch,
    LimitError,
    Spans,
    likeness,
)
from quoth.claim.authoring.earlier_text import CONTEXT_WIDTHS, KnownText, around, known_parts, offset_of, run_of
from quoth.claim.authoring.outcomes import Change, Outcome
from quoth.claim.checking.anchors import Anchor

SHORT = 16
"""Code points of a run that is looked on as a word alone if nothing around it is as it was."""

LEAST_ON_ONE_SIDE = 32
"""Code points that decide where only what stands before, or after, is as it was."""

NEIGHBOUR_DISTANCE = 2_000
"""Code points from a run to the places on either side of it that have moved alike."""

PLACES_LISTED = 5


def changes(
    anchors: Sequence[Anchor], length: int | None, text: str, earlier: Iterable[str] = (), limit: int = SEARCH_LIMIT
) -> list[Outcome]:
    """The outcomes for the anchors, in the same order, of a text of ``length`` code points (None: not known) in the new
    ``text``.

    ``earlier``: the texts that the offsets may count in, as far as they are at hand. Anchors without offsets are left
    out.
    """
    placed = [a for a in anchors if a.start is not None and a.end is not None and a.exact]
    return _Comparison(placed, length, text, earlier, limit).outcomes()


class _Comparison:
    def __init__(
        self, anchors: Sequence[Anchor], length: int | None, text: str, earlier: Iterable[str], limit: int
    ) -> None:
        self.anchors = anchors
        self.length = length
        self.new = BoundedSearch(text, limit)
        self.wholes = [KnownText(0, BoundedSearch(t, limit), True) for t in earlier]
        self.parts = known_parts(anchors, limit)
        self.fragments = BoundedSearch("\0".join(part.search.text for part in self.parts), limit)
        self.listing = BoundedSearch(text, limit)
        self.absent: set[int] = set()
        """Numbers of the anchors whose runs are not in the new text."""
        self.alone: set[int] = set()
        """Numbers of the anchors of words that have one place, where nothing around them is known or as it was."""
        self.certain: dict[int, int] = {}
        """Number of an anchor → its start in the new text."""
        self.shifts: list[tuple[int, int]] = []
        """The old and the new starts of the certain ones."""
        self.spans: dict[int, tuple[int, int]] = {}
        """Number of an anchor → where it is in the new text, for certain or altered: no place for words apart."""

    def outcomes(self) -> list[Outcome]:
        for number, anchor in enumerate(self.anchors):
            with contextlib.suppress(LimitError):
                if (start := self._decided(number, anchor)) is not None:
                    self.certain[number] = start
        self._part_collisions()
        self._confirm_words()
        self._between_neighbours()
        self.shifts = sorted((self.anchors[n].start or 0, start) for n, start in self.certain.items())
        self.spans = {n: (start, start + len(self.anchors[n].exact)) for n, start in self.certain.items()}
        doubtful: dict[int, Outcome] = {}
        for number in (n for n in range(len(self.anchors)) if n not in self.certain):
            with contextlib.suppress(LimitError):
                doubtful[number] = self._doubtful(number, self.anchors[number])
        self._part_altered(doubtful)
        return [self._outcome(number, anchor, doubtful) for number, anchor in enumerate(self.anchors)]

    def _outcome(self, number: int, anchor: Anchor, doubtful: dict[int, Outcome]) -> Outcome:
        if (start := self.certain.get(number)) is not None:
            return Outcome(anchor, Change.SAME if start == anchor.start else Change.MOVED, start)
        return doubtful.get(number) or Outcome(anchor, Change.UNSEARCHED)

    def _decided(self, number: int, anchor: Anchor) -> int | None:
        """The start of the anchor in the new text, where its run or what stood around it has one place."""
        known = self._known(anchor)
        run = run_of(anchor)
        before, after = around(anchor, known)
        found = self.new.places(run)
        if not found:
            self.absent.add(number)
            return None
        if len(found) == 1 and self._once(run, known):
            left, right = before[-CONTEXT_WIDTHS[0] :], after[: CONTEXT_WIDTHS[0]]
            beside = left and self.new.text.endswith(left, 0, found[0])
            beside = beside or (right and self.new.text.startswith(right, found[0] + len(run)))
            bare = not (anchor.prefix or anchor.suffix) or len(run.split()) == 1
            if not beside and (bare or (known is not None and known.whole and len(run) < SHORT)):
                self.alone.add(number)
            return found[0] + len(anchor.prefix)
        for width in CONTEXT_WIDTHS:
            left, right = before[-width:], after[:width]
            sides = [(left, right)]
            if width >= LEAST_ON_ONE_SIDE:
                sides += [side for side in ((left, ""), ("", right)) if len(side[0] + side[1]) == width]
            hits = set()
            for one, other in sides:
                places = self.new.places(one + run + other) if one or other else []
                if len(places) == 1 and self._once(one + run + other, known):
                    hits.add(places[0] + len(one) + len(anchor.prefix))
            if hits:
                return hits.pop() if len(hits) == 1 else None
            if width > max(len(before), len(after)):
                return None
        return None

    def _once(self, words: str, known: KnownText | None) -> bool:
        """Whether the words stood once in the earlier text, as far as it is known."""
        if known is not None and known.whole:
            return len(known.search.places(words)) == 1
        return len(self.fragments.places(words)) == 1

    def _known(self, anchor: Anchor) -> KnownText | None:
        """The earlier text that the anchor stands in, or the part of it that quotations tell."""
        parts = self.parts[: bisect.bisect_right(self.parts, offset_of(anchor), key=lambda part: part.start)]
        for known in (*self.wholes, *parts[-1:]):
            at = offset_of(anchor) - known.start
            if at >= 0 and known.search.text.startswith(run_of(anchor), at):
                return known
        return None

    def _part_collisions(self) -> None:
        """Leave undecided those that stood in different places, and would stand in one."""
        origins: dict[tuple[int, str], set[int | None]] = defaultdict(set)
        for number, start in self.certain.items():
            origins[start, self.anchors[number].exact].add(self.anchors[number].start)
        self.certain = {n: s for n, s in self.certain.items() if len(origins[s, self.anchors[n].exact]) == 1}

    def _confirm_words(self) -> None:
        """Leave undecided words alone that have not moved as what is before them, or after them: they may have been
        taken out there, and written elsewhere anew, as words of another. What is within them tells nothing."""
        decided = [(a.start or 0, a.end or 0, self.certain[n] - (a.start or 0)) for n, a in self._numbered()]
        before, after = sorted(decided, key=lambda d: d[1]), sorted(decided)
        for number in self.alone & self.certain.keys():
            start, end = self.anchors[number].start or 0, self.anchors[number].end or 0
            left = bisect.bisect_right(before, start, key=lambda d: d[1])
            right = bisect.bisect_left(after, end, key=lambda d: d[0])
            beside = [(stop, x) for _, stop, x in before[max(0, left - 1) : left]]
            beside += [(at, x) for at, _, x in after[right : right + 1]] + self._ends()
            shift = self.certain[number] - start
            if shift and not any(abs(at - start) <= NEIGHBOUR_DISTANCE and shift == x for at, x in beside):
                del self.certain[number]

    def _ends(self) -> list[tuple[int, int]]:
        """The beginning of the earlier text, and its end if that is known, each with how far it has moved."""
        return [(0, 0)] + ([] if self.length is None else [(self.length, len(self.new.text) - self.length)])

    def _between_neighbours(self) -> None:
        """Decide for those that lie between two places that have moved alike, as they have themselves."""
        ends = [(at, at, shift) for at, shift in self._ends()]
        decided = [(a.start or 0, a.end or 0, self.certain[n] - (a.start or 0)) for n, a in self._numbered()]
        before, after = sorted(decided + ends, key=lambda d: d[0]), sorted(decided + ends, key=lambda d: d[1])
        starts, stops = [d[0] for d in before], [d[1] for d in after]
        for number, anchor in enumerate(self.anchors):
            start, end = anchor.start or 0, anchor.end or 0
            left, right = bisect.bisect_right(starts, start) - 1, bisect.bisect_left(stops, end)
            if number in self.certain or left < 0 or right >= len(after):
                continue
            (first, _, shift), (_, last, other) = before[left], after[right]
            near = start - first <= NEIGHBOUR_DISTANCE and last - end <= NEIGHBOUR_DISTANCE
            at = offset_of(anchor) + shift
            if near and shift == other and at >= 0 and self.new.text.startswith(run_of(anchor), at):
                self.certain[number] = start + shift

    def _numbered(self) -> Iterator[tuple[int, Anchor]]:
        return ((number, self.anchors[number]) for number in self.certain)

    def _part_altered(self, doubtful: dict[int, Outcome]) -> None:
        """Give the altered words of a place to the one that they are most like; others have to look elsewhere."""
        altered = {n: outcome for n, outcome in doubtful.items() if outcome.change is Change.ALTERED}
        for number in sorted(altered, key=lambda n: -likeness(self.anchors[n].exact, altered[n].words)):
            if self._meets(altered[number], self._taken(self.anchors[number])):
                del doubtful[number]
                with contextlib.suppress(LimitError):
                    doubtful[number] = self._doubtful(number, self.anchors[number])
            if (found := doubtful.get(number)) and found.change is Change.ALTERED:
                self.spans[number] = (found.start or 0, (found.start or 0) + len(found.words))

    def _taken(self, anchor: Anchor) -> Spans:
        """Where the words are that stood apart from the anchor."""
        start, end = anchor.start or 0, anchor.end or 0
        others = ((self.anchors[n], span) for n, span in self.spans.items())
        return tuple(sorted(span for a, span in others if (a.end or 0) <= start or end <= (a.start or 0)))

    @staticmethod
    def _meets(outcome: Outcome, taken: Spans) -> bool:
        first = outcome.start or 0
        return any(start < first + len(outcome.words) and first < end for start, end in taken)

    def _doubtful(self, number: int, anchor: Anchor) -> Outcome:
        """The outcome for an anchor without a certain place. It is expected where it would be if it had moved as the
        nearest one before it. Raises LimitError."""
        shifts, taken = self.shifts, self._taken(anchor)
        start = anchor.start or 0
        at = bisect.bisect_right(shifts, start, key=lambda shift: shift[0])
        before, now = shifts[at - 1] if at else (0, 0)
        expected = min(max(0, start + now - before), len(self.new.text))
        run = run_of(anchor)
        if number not in self.absent and (found := self.listing.places(run)):
            return self._ambiguous(anchor, expected, run, len(anchor.prefix), found)
        if (anchor.prefix or anchor.suffix) and (found := self.listing.places(anchor.exact)):
            if len(found) > 1:
                return self._ambiguous(anchor, expected, anchor.exact, 0, found)
            same = Outcome(anchor, Change.ALTERED, found[0], anchor.exact)
            if not self._meets(same, taken):
                return same
        nearest = self.listing.nearest(anchor.exact, expected, taken)
        if nearest is None:
            return Outcome(anchor, Change.GONE)
        return Outcome(anchor, Change.ALTERED, *nearest)

    def _ambiguous(self, anchor: Anchor, expected: int, words: str, offset: int, found: list[int]) -> Outcome:
        window = (max(0, expected - WINDOW), min(len(self.new.text), expected + WINDOW))
        every = self.listing.places(words, 1000, *window)
        places = sorted({at + offset for at in (*found, *every)}, key=lambda at: (abs(at - expected), at))
        stands = self.new.text.startswith(words, max(0, (anchor.start or 0) - offset))
        listed = list(dict.fromkeys(([anchor.start or 0] if stands else []) + places))
        return Outcome(anchor, Change.AMBIGUOUS, places=tuple(listed[:PLACES_LISTED]), more=len(listed) > PLACES_LISTED)
