"""The text in which anchors counted before, as far as it is known: all of it, or the parts that their quotations tell.

An anchor's *run* is its quotation between its prefix and its suffix.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from quoth.claim.authoring.bounded_search import BoundedSearch
from quoth.claim.checking.anchors import Anchor

CONTEXT_WIDTHS = (8, 16, 32, 64, 128, 256)
"""Code points around a run that are compared, until one place is left."""


@dataclass(frozen=True)
class KnownText:
    """A part of an earlier text, from offset ``start``; ``whole`` if it is all of it."""

    start: int
    search: BoundedSearch
    whole: bool = False


def run_of(anchor: Anchor) -> str:
    """The anchor's quotation between its prefix and its suffix."""
    return anchor.prefix + anchor.exact + anchor.suffix


def offset_of(anchor: Anchor) -> int:
    """The offset of the anchor's run."""
    return (anchor.start or 0) - len(anchor.prefix)


def around(anchor: Anchor, known: KnownText | None) -> tuple[str, str]:
    """The code points before and after the anchor's run in a part of the earlier text, as many as are compared."""
    if known is None:
        return "", ""
    first = offset_of(anchor) - known.start
    last = first + len(run_of(anchor))
    most = CONTEXT_WIDTHS[-1]
    return known.search.text[max(0, first - most) : first], known.search.text[last : last + most]


def known_parts(anchors: Iterable[Anchor], limit: int) -> list[KnownText]:
    """The parts of the earlier text that are known from overlapping quotations, in order; of quotations that
    contradict one another, the later one begins a part of its own."""
    parts: list[tuple[int, str]] = []
    for anchor in sorted(anchors, key=offset_of):
        start, run = offset_of(anchor), run_of(anchor)
        if parts:
            first, text = parts[-1]
            common = text[start - first :]
            if start <= first + len(text) and (run.startswith(common) or common.startswith(run)):
                parts[-1] = (first, text + run[len(common) :])
                continue
        parts.append((start, run))
    return [KnownText(start, BoundedSearch(text, limit)) for start, text in parts]
