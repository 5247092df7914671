"""Where in the text of its article a claim stands: its stretch among those that claims quote, and its neighbours.

The text is not republished, so a quotation is mostly bare; this is the context that can be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.claim.model.namespaces import QUOTH, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.index.claims import Selection
from quoth.web.core.site import Site
from quoth.web.present.claim_view import Claim, Ref, outlines, ref
from quoth.web.present.coverage_strip import Mark, marked

CLAIMS_LIMIT = 1000
"""Claims of an article whose stretches are drawn. Of an article that has more, none is but the claim's own."""


@dataclass(frozen=True)
class Stretch:
    """From ``start`` to ``end`` in code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """``length`` is that of the text in code points, 0 where it is not known. ``marks`` are the claim's quotations,
    ``quoted`` the stretches that any claim of the article quotes."""

    length: int
    marks: Sequence[Mark]
    quoted: Sequence[Stretch]
    before: Ref | None
    after: Ref | None


def passage(site: Site, claim: Claim) -> Passage:
    """Where a claim stands."""
    before, after = (site.lists.following(claim.ref.iri, backwards=backwards) for backwards in (True, False))
    length = _length(site, claim.article.iri) if claim.article else 0
    marks = list(marked(claim, length))
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
    """Stretches as few as cover the same, in the order of the text.

    >>> merged([Stretch(5, 9), Stretch(0, 3), Stretch(3, 4), Stretch(6, 7)])
    [Stretch(start=0, end=4), Stretch(start=5, end=9)]
    """
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda s: (s.start, s.end)):
        if found and one.start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, max(one.end, found[-1].end))
        else:
            found.append(one)
    return found
