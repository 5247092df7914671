"""The agreement of several encodings of one text: how far they found the same attributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from quoth.claim.importing.article import Article, Place, Span


@dataclass(frozen=True)
class Agreement:
    """Two encodings of an article: the attributions of each, those whose cues overlap, and of these the ones whose
    sources overlap and the share of their words that both have (F1 in characters, 0 to 1)."""

    article: str
    encodings: tuple[str, str]
    numbers: tuple[int, int]
    cues: int
    sources: int
    words: float

    @property
    def f1(self) -> float:
        """The F1 of the cues, 0 to 1."""
        return 2 * self.cues / total if (total := sum(self.numbers)) else 1.0

    def __str__(self) -> str:
        one, other = self.encodings
        return (
            f"{self.article}: {one} and {other} found {self.numbers[0]} and {self.numbers[1]} attributions, and agree in"
            f" {self.cues} cues (F1 {self.f1:.2f}), {self.sources} sources, words {self.words:.2f}"
        )


def of_encodings(articles: Sequence[Article]) -> list[Agreement]:
    """The agreement of each two encodings of one article."""
    return [_of_pair(one, other) for one, other in combinations(articles, 2)]


def _of_pair(one: Article, other: Article) -> Agreement:
    left = list(other.attributions)
    cues = sources = common = total = 0
    for attribution in one.attributions:
        near = next((a for a in left if _overlap(a.cue, attribution.cue)), None)
        if near is None:
            continue
        left.remove(near)
        cues += 1
        sources += bool(_overlap(near.mention, attribution.mention)) or near.mention == attribution.mention
        common += 2 * _overlap(near.words, attribution.words)
        total += _length(near.words) + _length(attribution.words)
    numbers = (len(one.attributions), len(other.attributions))
    names = (one.encoding.name, other.encoding.name)
    return Agreement(one.slug, names, numbers, cues, sources, common / total if total else 1.0)


def _overlap(one: Sequence[Place], other: Sequence[Place]) -> int:
    """The characters that both have."""
    pairs = ((a, b) for a in one for b in other if isinstance(a, Span) and isinstance(b, Span))
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a, b in pairs)


def _length(places: Sequence[Place]) -> int:
    return sum(p.end - p.start for p in places if isinstance(p, Span))
