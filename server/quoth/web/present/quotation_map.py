"""The quoted stretches of an article's text: all of them, a lane for each source; and those of one claim among them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from quoth.claim.model.claim_summary import ClaimSummary
from quoth.claim.model.coverage import Coverage, Sentence, Stretch, merged, percent
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import ref, summaries
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.excerpt import Excerpt, excerpts

CLAIMS_LIMIT = 1000
"""Claims of an article up to which all quoted stretches are drawn beside a claim's own."""

MARK_WIDTH = 1 / 300
"""The least width of a mark, relative to the strip, so that a word in a long text remains visible."""

LANE_ROWS = 8
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
    """The marks of one group of sources. ``kind`` is own, named, unnamed or unclear; ``id`` that of their list on the
    page."""

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
    """A text of ``length`` code points, ``covered`` percent of which are quoted. ``sentences`` is the number of its
    sentences, of which ``bare`` carry no claim; 0 where the text was not at hand at publication."""

    length: int
    covered: int
    sentences: int
    bare: Sequence[Sentence]
    lanes: Sequence[Lane]


@dataclass(frozen=True)
class Passage:
    """A claim in its text. ``length``: that of the text in code points, 0 where it is unknown. ``marks``: the claim's
    quotations; ``excerpts``: these in their sentences; ``quoted``: the stretches that any claim of the article quotes.
    """

    length: int
    marks: Sequence[Mark]
    excerpts: Sequence[Excerpt]
    quoted: Sequence[Stretch]
    before: Ref | None
    after: Ref | None


def strip(
    groups: Iterable[Sequence[Claim]], length: int, unnamed: Collection[str], coverage: Coverage | None = None
) -> Strip | None:
    """The strip of claims in groups, those of one group from the same innermost sources; None without a length.

    ``coverage``: what the check found of their encoding.
    ``unnamed``: the IRIs of the anonymous sources. A group all of whose sources are among them is drawn as unnamed.
    """
    if not length:
        return None
    lanes = []
    for number, claims in enumerate(groups, 1):
        marks = stack_rows([mark for claim in claims for mark in marks_of(claim, length)])
        speakers = claims[0].candidates
        kind = "unnamed" if all(s.iri in unnamed for s in speakers) else "named"
        kind = "own" if claims[0].own_voice else "unclear" if claims[0].unclear else kind
        names = [s.label for s in speakers]
        name = ", or ".join(names) if kind == "unclear" else phrases.listed(names)
        name = "the article itself" if kind == "own" else name
        lanes.append(Lane(f"voice-{number}", name, kind, len(claims), marks))
    covered = percent((Stretch(m.start, m.end) for lane in lanes for m in lane.marks), length)
    return Strip(length, covered, coverage.sentences if coverage else 0, coverage.bare if coverage else (), lanes)


def marks_of(claim: Claim, length: int) -> Iterable[Mark]:
    """The marks of a claim's quotations in a text of ``length`` code points, all in one row."""
    for quote in claim.quotes:
        if quote.start is not None and quote.end is not None and 0 <= quote.start < quote.end <= length:
            width = max(quote.end - quote.start, length * MARK_WIDTH)
            x = min(quote.start, length - width)
            yield Mark(quote.start, quote.end, round(x, 1), round(width, 1), quote.exact, claim.ref.href)


def stack_rows(marks: Iterable[Mark]) -> list[Mark]:
    """Marks in the order of the text, each in the first row where it covers no other mark, so that readers can reach
    all; in the last of LANE_ROWS rows if every row is taken."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda m: (m.x, -m.width)):
        row = next((n for n, end in enumerate(ends) if end <= mark.x), min(len(ends), LANE_ROWS - 1))
        ends[row:] = [mark.x + mark.width, *ends[row + 1 :]]
        placed.append(replace(mark, row=row))
    return placed


def passage(site: Site, claim: Claim, length: int, sha256: str) -> Passage:
    """The position of a claim in the text of its article, which has ``length`` code points, 0 where it is unknown, and
    that hash."""
    neighbours = (site.claim_index.following(claim.ref.iri, backwards=backwards) for backwards in (True, False))
    marks = list(marks_of(claim, length))
    known = _known(site, claim.article.iri, claim.encoding) if claim.article and marks else []
    quoted = merged(
        Stretch(q.start, q.end) for s in known for q in s.quotes if q.start is not None and q.end is not None
    )
    shown = excerpts(site, claim.quotes, sha256)
    return Passage(length, marks, shown, quoted, *(ref(site, iri) if iri else None for iri in neighbours))


def _known(site: Site, article: str, encoding: str) -> Sequence[ClaimSummary]:
    """The article's claims of that encoding, or else the counted one; none where these are more than CLAIMS_LIMIT."""
    selection = Selection("all", narrowed=(("article", article),), encoding=encoding)
    iris = site.claim_index.claims(selection, first=0, size=CLAIMS_LIMIT + 1)
    if len(iris) > CLAIMS_LIMIT:
        return []
    return [*summaries(site, iris).values()]
