"""Spans of a text, its sentences, and the anchor of a span."""

import itertools
from dataclasses import dataclass

from quoth.claim.checking.anchors import Anchor, places
from quoth.claim.checking.sentence_ends import starts

MAX_PREFIX_WORDS = 8


@dataclass(frozen=True, order=True)
class Span:
    """A part of a text, in code points; the end is exclusive."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def sentences(text: str) -> list[Span]:
    """The sentences of a text, those of quotations too, without the space around them."""
    spans: list[Span] = []
    for start, end in itertools.pairwise((0, *starts(text), len(text))):
        words = text[start:end]
        span = Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
        if span.start < span.end:
            spans.append(span)
    return spans


def unique_anchor(text: str, span: Span) -> Anchor:
    """The anchor of a span with the fewest words of prefix that make its quotation unique in the text.

    MAX_PREFIX_WORDS do not suffice in a text that repeats itself at length; only the offsets are unique then.
    """
    exact = text[span.start : span.end]
    prefix_at = span.start
    for _ in range(MAX_PREFIX_WORDS):
        if prefix_at == 0 or len(places(text, Anchor("", "", exact, text[prefix_at : span.start]), 2)) < 2:
            break
        before = text[:prefix_at].rstrip()
        prefix_at = max(before.rfind(" "), before.rfind("\n"), -1) + 1
    return Anchor("", "", exact, text[prefix_at : span.start], start=span.start, end=span.end)
