"""The quoted stretches of an article's text: all of them, a lane for each source; and those of one claim among them.

The text of an article is its publisher's and in no release. What a page shows around a quotation is therefore put
together from the words that other quotations of the same article publish anyway, and ends with the sentence.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from quoth.claim.model.claim_summary import ClaimSummary, Quote
from quoth.claim.model.coverage import Coverage, Sentence, Stretch, merged, percent
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import ref, summaries
from quoth.web.present.claim_view import Claim, Ref

CLAIMS_LIMIT = 1000
"""Claims of an article up to which all quoted stretches are drawn beside a claim's own."""

MARK_WIDTH = 1 / 300
"""The least width of a mark, relative to the strip, so that a word in a long text remains visible."""

LANE_ROWS = 8
"""Rows of a lane."""

CONTEXT = 120
"""Code points before a quotation, and after it, from which its context is taken."""

_GAP = "\0"
"""A code point that no quotation has."""
_GAPS, _CHASM = re.compile(rf"\s*{_GAP}+\s*"), re.compile(f"{_GAP}{{12,}}")
_STOP = re.compile(rf"[.!?。！？؟][”’\"')\]]*(?=[\s{_GAP}]|$)|{_GAP}+(?=\s*[“‘]?[A-ZÀ-Þ])")
"""The end of a sentence; a gap before a capital may be one."""


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


class Context(NamedTuple):
    """The words of the sentence before and after a quotation; an ellipsis stands for those that no claim quotes."""

    before: str
    after: str


@dataclass(frozen=True)
class Passage:
    """A claim in its text. ``length``: that of the text in code points, 0 where it is unknown. ``marks``: the claim's
    quotations; ``contexts``: what stands around each; ``quoted``: the stretches that any claim of the article quotes.
    """

    length: int
    marks: Sequence[Mark]
    contexts: Sequence[Context]
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


def passage(site: Site, claim: Claim, length: int) -> Passage:
    """The position of a claim in the text of its article, which has ``length`` code points, 0 where it is unknown."""
    neighbours = (site.claim_index.following(claim.ref.iri, backwards=backwards) for backwards in (True, False))
    marks = list(marks_of(claim, length))
    known = _known(site, claim.article.iri, claim.encoding) if claim.article and marks else []
    quoted = merged(
        Stretch(q.start, q.end) for s in known for q in s.quotes if q.start is not None and q.end is not None
    )
    cues = [step.cue for summary in known for step in summary.steps if step.cue]
    quotes = [*claim.quotes, *(quote for summary in known for quote in summary.quotes), *cues]
    contexts = [context(quote, quotes) for quote in claim.quotes]
    return Passage(length, marks, contexts, quoted, *(ref(site, iri) if iri else None for iri in neighbours))


def context(quote: Quote, quotes: Iterable[Quote]) -> Context:
    """The words around a quotation, up to the ends of its sentence, as far as ``quotes`` of the same text have them."""
    if quote.start is None or quote.end is None:
        return Context(quote.prefix and f"… {quote.prefix}", quote.suffix and f"{quote.suffix} …")
    first, last = max(0, quote.start - CONTEXT), quote.end + CONTEXT
    known: dict[int, str] = {}
    for other in quotes:
        if other.start is not None and other.end is not None and first <= other.end and other.start <= last:
            words = other.prefix + other.exact + other.suffix
            known |= enumerate(words, other.start - len(other.prefix))
    before = "".join(known.get(place, _GAP) for place in range(first, quote.start))
    after = "".join(known.get(place, _GAP) for place in range(quote.end, last))
    return Context(_ahead(before), "" if _STOP.search(quote.exact.rstrip()[-2:]) else _behind(after))


def _ahead(text: str) -> str:
    """What is shown of the text before a quotation: its sentence, from the beginning if that is quoted."""
    near = _CHASM.split(text)[-1]
    begin = max((stop.end() for stop in _STOP.finditer(near)), default=0)
    cut = near[begin - 1] == _GAP if begin else near != text or len(text) == CONTEXT
    near = near[begin:] if begin else near.partition(" ")[2] if cut and near == text else near
    words = _GAPS.sub(" … ", near).lstrip(" …")
    return f"… {words}" if words and (cut or near.lstrip().startswith(_GAP)) else words


def _behind(text: str) -> str:
    """What is shown of the text after a quotation: its sentence, up to the end if that is quoted."""
    near = _CHASM.split(text)[0]
    stop = _STOP.search(near)
    near = near[: stop.end()] if stop else near.rpartition(" ")[0] if near == text else near
    words = _GAPS.sub(" … ", near).rstrip(" …")
    return f"{words} …" if words and (not stop or near.endswith(_GAP)) else words


def _known(site: Site, article: str, encoding: str) -> Sequence[ClaimSummary]:
    """The article's claims of that encoding, or else the counted one; none where these are more than CLAIMS_LIMIT."""
    selection = Selection("all", narrowed=(("article", article),), encoding=encoding)
    iris = site.claim_index.claims(selection, first=0, size=CLAIMS_LIMIT + 1)
    if len(iris) > CLAIMS_LIMIT:
        return []
    return [*summaries(site, iris).values()]
