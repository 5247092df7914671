"""The position of a claim in the text of its article: its marks among all quoted stretches, and its neighbours.

Quoth does not republish the text, so this is the only context of a quotation that a page can show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.claim.model.namespaces import QUOTH, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.index.claims import Selection
from quoth.web.core.site import Site
from quoth.web.present.claim_view import Claim, Ref, outlines, ref
from quoth.web.present.coverage_strip import Mark, marks_of

CLAIMS_LIMIT = 1000
"""Claims of an article up to which all quoted stretches are drawn; past it, only the claim's own."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of text from ``start`` to ``end``, in code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """A claim in its text. ``length``: that of the text in code points, 0 where it is unknown. ``marks``: the claim's
    quotations; ``quoted``: the stretches that any claim of the article quotes."""

    length: int
    marks: Sequence[Mark]
    quoted: Sequence[Stretch]
    before: Ref | None
    after: Ref | None


def passage(site: Site, claim: Claim) -> Passage:
    """The position of a claim."""
    before, after = (site.lists.following(claim.ref.iri, backwards=backwards) for backwards in (True, False))
    length = _length(site, claim.article.iri) if claim.article else 0
    marks = list(marks_of(claim, length))
    quoted = _quoted(site, claim.article.iri) if claim.article and marks else []
    return Passage(length, marks, quoted, *(ref(site, iri) if iri else None for iri in (before, after)))


def _length(site: Site, article: str) -> int:
    text = TripleIndex(site.engine.describe([article])).value(article, SCHEMA.encoding)
    return (TripleIndex(site.engine.describe([text])).number(text, QUOTH.textLength) if text else None) or 0


def _quoted(site: Site, article: str) -> list[Stretch]:
    iris = site.lists.claims(Selection("all", narrowed=(("article", article),)), first=0, size=CLAIMS_LIMIT + 1)
    if len(iris) > CLAIMS_LIMIT:
        return []
    quotes = [quote for outline in outlines(site, iris).values() for quote in outline.quotes]
    return merged(Stretch(q.start, q.end) for q in quotes if q.start is not None and q.end is not None)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The fewest stretches that cover the same text, in order.

    >>> merged([Stretch(5, 9), Stretch(0, 3), Stretch(3, 4), Stretch(6, 7)])
    [Stretch(start=0, end=4), Stretch(start=5, end=9)]
    """
    union: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.start, s.end)):
        if union and stretch.start <= union[-1].end:
            union[-1] = Stretch(union[-1].start, max(stretch.end, union[-1].end))
        else:
            union.append(stretch)
    return union
