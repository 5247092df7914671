"""The agreement of several encodings of one text: how far they found the same attributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from quoth.claim.importing.article import Span
from quoth.claim.importing.places import Placed


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
            f"{self.article}: {one} and {other} found {self.numbers[0]} and {self.numbers[1]} attributions, and agree"
            f" in {self.cues} cues (F1 {self.f1:.2f}), {self.sources} sources, words {self.words:.2f}"
        )


def of_encodings(encodings: Sequence[Placed]) -> list[Agreement]:
    """The agreement of each two encodings of one article."""
    return [_of_pair(one, other) for one, other in combinations(encodings, 2)]


def _of_pair(one: Placed, other: Placed) -> Agreement:
    left = list(other.attributions)
    cues = sources = common = total = 0
    for a in one.attributions:
        # Attributions without a cue are known by their words.
        mine = [*one.spans[f"{a.id} cue"]] or one.spans[a.id]
        near = next((b for b in left if _overlap([*other.spans[f"{b.id} cue"]] or other.spans[b.id], mine)), None)
        if near is None:
            continue
        left.remove(near)
        cues += 1
        mentions = one.spans[f"{a.id} mention"], other.spans[f"{near.id} mention"]
        sources += bool(_overlap(*mentions)) or mentions[0] == mentions[1]
        words = one.spans[a.id], other.spans[near.id]
        common += 2 * _overlap(*words)
        total += sum(span.end - span.start for spans in words for span in spans)
    numbers = (len(one.attributions), len(other.attributions))
    names = (one.article.encoding.name, other.article.encoding.name)
    return Agreement(one.article.slug, names, numbers, cues, sources, common / total if total else 1.0)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    """The characters that both have."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
