"""The page of an article with very many claims: these in pages, in the order of the text, and who speaks when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index import facets
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import claims
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.lists import facet_values
from quoth.web.present.lists.claim_lists import NUMBER, PAGE_CLAIMS
from quoth.web.present.speech_map import SHOWN, speech_map


@dataclass(frozen=True)
class Run:
    """Claims of a page that follow one another and have the same speakers; ``place``: that of the first in the text."""

    speakers: Sequence[Ref]
    own_voice: bool
    unclear: bool
    place: int
    claims: Sequence[Claim]


def view(
    site: Site, iri: str, path: str, selection: Selection, length: int, parameters: Mapping[str, str]
) -> dict[str, Any]:
    """The variables of the template that differ from those of other articles. ``path`` is the page's address.

    Raises UsageError for a number of a page that is none, NotFoundError past the last."""
    encoding = facets.ENCODING.parameter
    coded = {encoding: facet_values.short(site, facets.ENCODING, selection.encoding)} if selection.encoding else {}
    total, number = site.claim_index.count(selection), pagination.read(parameters, NUMBER)
    page: Page[Claim] = pagination.page(
        (), number=number, size=PAGE_CLAIMS, total=total, path=path, link_parameters=coded, parameter=NUMBER
    )
    first = (number - 1) * PAGE_CLAIMS
    page = page.map(claims(site, site.claim_index.claims(selection, first=first, size=PAGE_CLAIMS)))

    def page_of(place: int) -> str:
        return site.iris.path(page.target((place - 1) // PAGE_CLAIMS + 1))

    own = replace(selection, narrowed=(*selection.narrowed, ("naming", "article")))
    return {
        "claims": total,
        "own_voice": site.claim_index.count(own),
        "page": page,
        "runs": runs(page),
        "speakers_shown": SHOWN,
        "speech_map": speech_map(site, iri, selection, length, page_of),
    }


def runs(page: Page[Claim]) -> list[Run]:
    """The claims of a page by who says them, in their order."""
    placed = enumerate(page, page.start)
    every = [[*run] for _, run in groupby(placed, key=lambda pair: [c.iri for c in pair[1].candidates])]
    return [
        Run(first.candidates, first.own_voice, first.unclear, place, [claim for _, claim in run])
        for run in every
        for place, first in run[:1]
    ]
