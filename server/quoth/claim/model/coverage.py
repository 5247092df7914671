"""Coverage: how much of a text the words of its claims quote, and which of its sentences carry no claim.

A claim's words are its anchors. Neither the cues of its levels nor mentions count: they say who speaks or is spoken of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self


class Stretch(NamedTuple):
    """A stretch of text from ``start`` to ``end``, in code points."""

    start: int
    end: int


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The fewest stretches that cover the same text, in order.

    >>> merged([Stretch(5, 9), Stretch(0, 3), Stretch(3, 4), Stretch(6, 7)])
    [Stretch(start=0, end=4), Stretch(start=5, end=9)]
    """
    union: list[Stretch] = []
    for stretch in sorted(stretches):
        if union and stretch.start <= union[-1].end:
            union[-1] = Stretch(union[-1].start, max(stretch.end, union[-1].end))
        else:
            union.append(stretch)
    return union


def percent(stretches: Iterable[Stretch], length: int) -> int:
    """The share of a text of ``length`` code points that these stretches cover, in whole percent."""
    return round(100 * sum(s.end - s.start for s in merged(stretches)) / length)


class Sentence(NamedTuple):
    """The sentence of that number, from 1, in a text: from ``start`` to ``end``, in code points."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class Coverage:
    """How the claims of one encoding quote an article's text: ``percent`` of its ``length`` code points.

    ``sentences`` is their number in the text, and ``bare`` are those in which no claim quotes a word. Both are empty
    where the text, which has the hash ``sha256``, is not at hand.
    """

    article: str
    encoding: str
    percent: int
    length: int
    text_at_hand: bool
    sha256: str = ""
    sentences: int = 0
    bare: tuple[Sentence, ...] = ()

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The coverage in a report as JSON. Raises TypeError for one of an earlier version."""
        return cls(**values | {"bare": tuple(Sentence(*sentence) for sentence in values.get("bare", ()))})

    def __str__(self) -> str:
        if not self.text_at_hand:
            how = "the text is not available: quotations were only compared with each other, and warrants not at all"
        elif self.bare:
            verb = "carries" if len(self.bare) == 1 else "carry"
            how = f"{len(self.bare)} of its {self.sentences} sentences {verb} no claim (--verbose lists them)"
        else:
            all_of_them = "its one sentence" if self.sentences == 1 else f"each of its {self.sentences} sentences"
            how = f"{all_of_them} carries a claim"
        return f"{self.encoding or self.article}: claims quote {self.percent} % of {self.length} characters; {how}"
