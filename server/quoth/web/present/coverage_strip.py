"""The quoted stretches of an article's text, a lane for each source, as picture and table."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from quoth.web.present import phrases
from quoth.web.present.claim_view import Claim

MARK_WIDTH = 1 / 300
"""The least width of a mark, relative to the strip, so that a word in a long text remains visible."""

ROWS_LIMIT = 8
"""Rows of a lane."""


@dataclass(frozen=True)
class Mark:
    """A quotation: from ``start`` to ``end`` in code points; ``x`` and ``width`` are where it is drawn, in the row of
    that number, from the top."""

    start: int
    end: int
    x: float
    width: float
    words: str
    href: str | None
    row: int = 0


@dataclass(frozen=True)
class Lane:
    """The marks of one group of sources. ``kind`` is own, named or unnamed; ``id`` that of their list on the page."""

    id: str
    name: str
    kind: str
    claims: int
    marks: Sequence[Mark]

    @property
    def first(self) -> int:
        return min((m.start for m in self.marks), default=0)

    @property
    def last(self) -> int:
        return max((m.end for m in self.marks), default=0)

    @property
    def rows(self) -> int:
        return max((m.row for m in self.marks), default=0) + 1


@dataclass(frozen=True)
class Strip:
    """A text of ``length`` code points, ``covered`` percent of which are quoted."""

    length: int
    covered: int
    lanes: Sequence[Lane]


def strip(groups: Iterable[Sequence[Claim]], length: int, unnamed: Collection[str]) -> Strip | None:
    """The strip of claims in groups, those of one group from the same innermost sources; None without a length.

    ``unnamed``: the IRIs of the anonymous sources. A group all of whose sources are among them is drawn as unnamed.
    """
    if not length:
        return None
    lanes = []
    for number, claims in enumerate(groups, 1):
        marks = stack_rows([mark for claim in claims for mark in marks_of(claim, length)])
        speakers = claims[0].speakers
        unnamed_only = all(s.iri in unnamed for s in speakers)
        kind = "own" if claims[0].own_voice else "unnamed" if unnamed_only else "named"
        name = "the article itself" if kind == "own" else phrases.listed([s.label for s in speakers])
        lanes.append(Lane(f"voice-{number}", name, kind, len(claims), marks))
    return Strip(length, round(100 * _covered(lanes) / length), lanes)


def marks_of(claim: Claim, length: int) -> Iterable[Mark]:
    """The marks of a claim's quotations in a text of ``length`` code points, all in one row."""
    for quote in claim.quotes:
        if quote.start is not None and quote.end is not None and 0 <= quote.start < quote.end <= length:
            width = max(quote.end - quote.start, length * MARK_WIDTH)
            x = min(quote.start, length - width)
            yield Mark(quote.start, quote.end, round(x, 1), round(width, 1), quote.exact, claim.ref.href)


def stack_rows(marks: Iterable[Mark]) -> list[Mark]:
    """Marks in the order of the text, each in the first row where it covers no other mark, so that readers can reach
    all; in the last of ROWS_LIMIT rows if every row is taken."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda m: (m.x, -m.width)):
        row = next((n for n, end in enumerate(ends) if end <= mark.x), min(len(ends), ROWS_LIMIT - 1))
        ends[row:] = [mark.x + mark.width, *ends[row + 1 :]]
        placed.append(replace(mark, row=row))
    return placed


def _covered(lanes: Iterable[Lane]) -> int:
    """The number of code points in the marks of all lanes."""
    total = reached = 0
    for start, end in sorted((m.start, m.end) for lane in lanes for m in lane.marks):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
