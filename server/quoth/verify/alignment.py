"""The words of a passage against those on record, word by word: where they are the same, and where they differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from quoth.index.word_pairs import LONG
from quoth.verify.record import Stretch
from quoth.verify.tokens import Word

_SHORT_WEIGHT = 0.5
_EDGE = 2
"""Words alike at an edge that are taken for chance where more words than these lie between them and the others."""


@dataclass(frozen=True)
class Difference:
    """Words ``said`` in the passage, and those ``recorded`` in their place (numbers of words, the end exclusive);
    ``unknown``: the characters at that place that are not on record."""

    said: tuple[int, int]
    recorded: tuple[int, int]
    unknown: int = 0


@dataclass(frozen=True)
class Alignment:
    """Words of a passage aligned with a stretch: those from ``said[0]`` to ``said[1]`` with those from ``recorded[0]``
    to ``recorded[1]``; how many are ``equal``, and their ``weight`` as a share of that of the passage (0 to 1).

    ``beyond``: how many words before and behind are not on record, as the stretch begins or ends there."""

    stretch: Stretch
    said: tuple[int, int]
    recorded: tuple[int, int]
    differences: tuple[Difference, ...]
    equal: int
    weight: float
    beyond: tuple[int, int] = (0, 0)
    pairs: tuple[tuple[int, int], ...] = field(default=(), repr=False)


def align(said: Sequence[Word], stretch: Stretch) -> Alignment | None:
    """The best alignment of the words of a passage with a part of a stretch; None where no words are the same."""
    recorded = stretch.words
    ours, theirs = [word.normal for word in said], [word.normal for word in recorded]
    first, last = 0, len(theirs)
    if last > len(ours) + 6:
        found = partial_ratio_alignment(ours, theirs)
        if found is None:
            return None
        # At an edge the place that is found can be shorter than the passage.
        slack = 3 + len(ours) // 4
        first = max(0, min(found.dest_start, found.dest_end - len(ours)) - slack)
        last = min(last, max(found.dest_end, found.dest_start + len(ours)) + slack)
    equal = [
        (op.src_start + n, first + op.dest_start + n)
        for op in Levenshtein.opcodes(ours, theirs[first:last])
        if op.tag == "equal"
        for n in range(op.src_end - op.src_start)
    ]
    equal = _extended(ours, theirs, _without_chance(_compact(ours, theirs, equal)))
    if not equal:
        return None
    return _alignment(said, stretch, equal)


def _without_chance(equal: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of the same words without those at the edges that are far from the others."""
    runs = _runs(equal)
    for at in (0, -1):
        while len(runs) > 1:
            edge, next_run = (runs[0], runs[1]) if at == 0 else (runs[-1], runs[-2])
            one, other = (edge[-1], next_run[0]) if at == 0 else (next_run[-1], edge[0])
            apart = max(other[0] - one[0], other[1] - one[1]) - 1
            if len(edge) > _EDGE or apart <= len(edge):
                break
            runs.pop(at)
    return [pair for run in runs for pair in run]


def _runs(equal: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Pairs side by side in both texts."""
    numbered = groupby(enumerate(equal), key=lambda each: (each[1][0] - each[0], each[1][1] - each[0]))
    return [[pair for _, pair in group] for _, group in numbered]


def _compact(ours: Sequence[str], theirs: Sequence[str], equal: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same words as close to those behind them as they can be: of words that the record repeats, any may be meant.

    >>> _compact("it is so".split(), "it is not it is so".split(), [(0, 0), (1, 1), (2, 5)])
    [(0, 3), (1, 4), (2, 5)]
    """
    for n in range(len(equal) - 2, -1, -1):
        (place, at), (behind, other) = equal[n], equal[n + 1]
        if behind == place + 1 and other > at + 1 and theirs[other - 1] == ours[place]:
            equal[n] = (place, other - 1)
    return equal


def _extended(ours: Sequence[str], theirs: Sequence[str], equal: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same words with those that follow, or stand before them, in both."""
    if not equal:
        return equal
    (i, j), (k, m) = equal[0], equal[-1]
    while i and j and ours[i - 1] == theirs[j - 1]:
        i, j = i - 1, j - 1
        equal.insert(0, (i, j))
    while k + 1 < len(ours) and m + 1 < len(theirs) and ours[k + 1] == theirs[m + 1]:
        k, m = k + 1, m + 1
        equal.append((k, m))
    return equal


def _alignment(said: Sequence[Word], stretch: Stretch, equal: list[tuple[int, int]]) -> Alignment:
    recorded = stretch.words
    (a, b), (y, z) = equal[0], equal[-1]
    # What stands before the first word that is the same is in the place of what the record has there, up to a gap.
    head, begin = _reach(a, b, lambda n: n > 0 and not stretch.gap(n), -1)
    tail, stop = _reach(len(said) - 1 - y, z + 1, lambda n: n < len(recorded) and not stretch.gap(n), 1)
    # More words than the record has at an end are in the place of these, if some of them are the same.
    if {word.normal for word in said[: a - head]} & {word.normal for word in recorded[begin:b]}:
        head = a
    if {word.normal for word in said[y + tail + 1 :]} & {word.normal for word in recorded[z + 1 : stop]}:
        tail = len(said) - 1 - y
    whole = [(a - head - 1, begin - 1), *equal, (y + tail + 1, stop)]
    differences = []
    for (i, j), (k, m) in pairwise(whole):
        gaps = sum(stretch.gap(n) for n in range(j + 1, m + 1) if n > begin and n < stop)
        if k > i + 1 or m > j + 1 or gaps:
            differences.append(Difference((i + 1, k), (j + 1, m), gaps))
    total = sum(map(_weight, said)) or 1.0
    weight = sum(_weight(said[place]) for place, _ in equal) / total
    span = (a - head, y + tail + 1)
    return Alignment(
        stretch,
        span,
        (begin, stop),
        tuple(differences),
        len(equal),
        weight,
        (span[0], len(said) - span[1]),
        tuple(equal),
    )


def _reach(count: int, place: int, goes_on: Callable[[int], bool], step: int) -> tuple[int, int]:
    """How many of ``count`` words of the passage have one on record beside the place, and where these end."""
    taken = 0
    while taken < count and goes_on(place):
        place += step
        taken += 1
    return taken, place


def _weight(word: Word) -> float:
    return 1.0 if len(word.normal) >= LONG or word.normal[:1].isdigit() else _SHORT_WEIGHT
