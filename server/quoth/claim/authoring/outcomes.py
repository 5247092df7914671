"""The outcomes for an anchor in a new version of its text."""

from dataclasses import dataclass
from enum import StrEnum

from quoth.claim.authoring.bounded_search import word_difference
from quoth.claim.checking.anchors import Anchor


class Change(StrEnum):
    """The outcome for an anchor in the new text."""

    SAME = "same"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"
    AMBIGUOUS = "ambiguous"
    UNSEARCHED = "unsearched"

    @property
    def certain(self) -> bool:
        """Whether the anchor's place in the new text is beyond doubt."""
        return self in (Change.SAME, Change.MOVED)


@dataclass(frozen=True)
class Outcome:
    """An anchor, and what became of it: its ``start`` in the new text where that is certain; the ``words`` there, at
    ``start``, where they are altered; ``places`` where it may stand, the nearest first, and whether there are
    ``more``."""

    anchor: Anchor
    change: Change
    start: int | None = None
    words: str = ""
    places: tuple[int, ...] = ()
    more: bool = False

    @property
    def by_chance(self) -> bool:
        """Whether the quotation stands at its old offsets, although its place is in doubt."""
        return self.change is Change.AMBIGUOUS and self.anchor.start in self.places

    @property
    def difference(self) -> str:
        """The quotation with the words that are altered: ``the ferry was [-late-] {+early+}``."""
        return word_difference(self.anchor.exact, self.words) if self.words else ""
