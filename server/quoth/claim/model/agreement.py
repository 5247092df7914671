"""The agreement of encodings of one text: which attributions they share, known by where their words stand.

Two attributions of two encodings are the same one where their cues overlap, or, if one of them has no cue, its words
and what the other has. Where that holds for several, those whose words have the most in common are the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Span = tuple[int, int]
"""A stretch of a text in code points; the end is exclusive."""

_BLOCK = 64
"""Code points of a text that are looked at together."""


@dataclass(frozen=True)
class Marks:
    """Where an attribution is marked: its ``name``, its words, its cue, and the words that mention its source.
    ``sources`` are what the source is known by, where no words mention it."""

    name: str
    words: Sequence[Span]
    cue: Sequence[Span] = ()
    mention: Sequence[Span] = ()
    sources: frozenset[str] = frozenset()

    @property
    def key(self) -> Sequence[Span]:
        """The places by which it is the same as another."""
        return self.cue or self.words

    def same_source(self, other: "Marks") -> bool:
        """Whether both have the same source: the words that mention it overlap, or it is known by the same name; or
        neither says anything of it."""
        return bool(overlap(self.mention, other.mention) or self.sources & other.sources) or not (
            self.mention or other.mention or self.sources or other.sources
        )


@dataclass(frozen=True)
class Agreement:
    """Two encodings of an article: the attributions of each, those that both have, and of these the ones whose sources
    are the same and the share of their words that both have (F1 in characters, 0 to 1)."""

    article: str
    encodings: tuple[str, str]
    numbers: tuple[int, int]
    cues: int
    sources: int
    words: float

    @property
    def f1(self) -> float:
        """The F1 of the attributions, 0 to 1."""
        return 2 * self.cues / total if (total := sum(self.numbers)) else 1.0

    def __str__(self) -> str:
        one, other = self.encodings
        return (
            f"{self.article}: {one} and {other} found {self.numbers[0]} and {self.numbers[1]} attributions, and agree"
            f" in {self.cues} cues (F1 {self.f1:.2f}), {self.sources} sources, words {self.words:.2f}"
        )


def agreements(article: str, encodings: Mapping[str, Sequence[Marks]]) -> list[Agreement]:
    """The agreement of each two encodings (by name) of an article."""
    return [
        _agreement(article, (one, other), encodings[one], encodings[other]) for one, other in combinations(encodings, 2)
    ]


def _agreement(article: str, names: tuple[str, str], one: Sequence[Marks], other: Sequence[Marks]) -> Agreement:
    both = [(one[i], other[k]) for i, k in pairs(one, other)]
    common = sum(2 * overlap(a.words, b.words) for a, b in both)
    total = sum(end - start for pair in both for marks in pair for start, end in marks.words)
    sources = sum(a.same_source(b) for a, b in both)
    return Agreement(article, names, (len(one), len(other)), len(both), sources, common / total if total else 1.0)


def aligned(encodings: Mapping[str, Sequence[Marks]]) -> list[dict[str, Marks]]:
    """The attributions of all encodings in the order of the text, each with its marks by the name of the encodings that
    have it."""
    rows: list[dict[str, Marks]] = []
    for name, marks in encodings.items():
        known = pairs([next(iter(row.values())) for row in rows], marks)
        for i, k in known:
            rows[i][name] = marks[k]
        new = set(range(len(marks))) - {k for _, k in known}
        rows += [{name: marks[k]} for k in sorted(new)]
    return sorted(rows, key=_place)


def pairs(one: Sequence[Marks], other: Sequence[Marks]) -> list[tuple[int, int]]:
    """Which attributions of two encodings are the same, by their numbers in each; those with most words in common are
    chosen first, and none twice."""
    near: dict[int, set[int]] = defaultdict(set)
    for k, marks in enumerate(other):
        for block in _blocks(marks):
            near[block].add(k)
    shared = [
        (-overlap(a.words, other[k].words), -common, i, k)
        for i, a in enumerate(one)
        for k in {k for block in _blocks(a) for k in near.get(block, ())}
        if (common := overlap(a.key, other[k].key))
    ]
    taken: tuple[set[int], set[int]] = set(), set()
    found = []
    for *_, i, k in sorted(shared):
        if i not in taken[0] and k not in taken[1]:
            found.append((i, k))
            taken[0].add(i)
            taken[1].add(k)
    return sorted(found)


def overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    """The characters that both have.

    >>> overlap([(0, 5), (9, 12)], [(3, 10)])
    3
    """
    return sum(max(0, min(end, b) - max(start, a)) for start, end in one for a, b in other)


def _blocks(marks: Marks) -> Iterator[int]:
    for start, end in marks.key:
        yield from range(start // _BLOCK, (end - 1) // _BLOCK + 1)


def _place(row: Mapping[str, Marks]) -> tuple[int, int]:
    starts = [start for marks in row.values() for start, _ in (*marks.words, *marks.cue)]
    return min(starts, default=0), max(starts, default=0)
