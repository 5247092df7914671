"""Lists of claims on a page: narrowed by plain links, counted, cut into pages, with a bar for each count.

A list is narrowed by parameters of the page's address: ``?certainty=probable&source=org/x``. ``list`` names which of
the lists of a page is meant, where it is not the first; ``claims`` is the number of its page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index import facets
from quoth.index.claims import Selection
from quoth.index.facets import Facet
from quoth.web.core import request_target
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_view import Claim, Ref, claims, ref

PAGE_CLAIMS = 50
LIST, NUMBER = "list", "claims"
_VALUES_LIMIT = 100
_CHART_LIMIT = 8
_NAMED_LIMIT = 12
"""Values that the error for an unknown value names."""
_EVERYTHING = Selection("all")

FACETS = {facet.parameter: facet for facet in facets.FACETS.values()}
"""The facets of claims by their parameters."""


@dataclass(frozen=True)
class ClaimList:
    """A list of claims that a page may have. ``grouped`` is "speaker" or "certainty"; the facets ``always`` are shown
    even where all claims have the same value."""

    role: str
    title: str
    facets: Sequence[str]
    grouped: str
    always: Sequence[str] = ()
    inferred: bool = False


_OF_CLAIMS = ("source", "certainty", "polarity", "voice", "tense", "article")
_OF_SPEECH = ("certainty", "act", "polarity", "tense", "article")
ABOUT = ClaimList("about", "What is claimed about it", _OF_CLAIMS, "speaker")
CONCERNING = ClaimList("concerning", "Claims that concern it", _OF_CLAIMS, "speaker", inferred=True)
SAYS = ClaimList("says", "What it is credited with", _OF_SPEECH, "certainty", ("certainty", "act"))
RELAYS = ClaimList(
    "relays", "What it passes on from others", ("source", "certainty", "act", "article"), "certainty", ("source", "act")
)


@dataclass(frozen=True)
class Option:
    """One value of a facet: how many claims have it, and where it leads, which is back where it is ``selected``."""

    ref: Ref
    count: int
    href: str
    selected: bool

    @property
    def label(self) -> str:
        return phrases.capital(self.ref.label)


@dataclass(frozen=True)
class Division:
    """How the claims of a list divide by one facet; ``whole`` is what a full bar stands for."""

    name: str
    title: str
    options: Sequence[Option]
    whole: int
    cut: bool = False


@dataclass(frozen=True)
class ClaimGroup:
    """Claims that are shown under one head: their speakers, or a certainty."""

    heads: Sequence[Ref]
    own_voice: bool
    claims: Sequence[Claim]


@dataclass(frozen=True)
class Section:
    """A list on a page. ``whole`` counts the claims before it is narrowed."""

    kind: ClaimList
    whole: int
    page: Page[Claim]
    groups: Sequence[ClaimGroup]
    divisions: Sequence[Division]
    narrowed: bool


def sections(site: Site, iri: str, path: str, kinds: Sequence[ClaimList], params: Mapping[str, str]) -> list[Section]:
    """The lists about ``iri`` that have claims, on the page whose address is ``path`` (as paging takes it).

    Where the parameters of the page name a list, that list alone. Raises UsageError for a number that is none and for
    a value that nothing has, NotFoundError past the last page.
    """
    counts = {kind.role: site.claim_index.count(Selection(kind.role, iri)) for kind in kinds}
    filled = [kind for kind in kinds if counts[kind.role]]
    named = [kind for kind in filled if kind.role == params.get(LIST)] or filled[:1]
    values = {p: params[p] for kind in named for p in kind.facets if params.get(p)}

    def section(kind: ClaimList) -> Section:
        own = values if kind in named else {}
        narrowed = tuple(narrowing(site, p, value, Selection(kind.role, iri)) for p, value in own.items())
        selection = Selection(kind.role, iri, narrowed)
        kept = ({} if kind is filled[0] else {LIST: kind.role}) | own
        total = site.claim_index.count(selection)
        number = pagination.read(params, NUMBER) if kind in named else 1
        page: Page[Claim] = pagination.page(
            (), number=number, size=PAGE_CLAIMS, total=total, path=path, kept=kept, parameter=NUMBER
        )
        listed = site.claim_index.graded if kind.grouped == "certainty" else site.claim_index.claims
        page = page.map(claims(site, listed(selection, first=(number - 1) * PAGE_CLAIMS, size=PAGE_CLAIMS)))
        all_divisions = (division(site, selection, FACETS[p], kept, path, p in kind.always) for p in kind.facets)
        groups = by_speaker(page.items) if kind.grouped == "speaker" else _by_certainty(page.items)
        return Section(kind, counts[kind.role], page, groups, [d for d in all_divisions if d], bool(own))

    return [section(kind) for kind in (named if values or {LIST, NUMBER} & set(params) else filled)]


def division(
    site: Site, selection: Selection, facet: Facet, kept: Mapping[str, str], path: str, always: bool = False
) -> Division | None:
    """How a list divides, or None where that would say nothing: no claim has a value, or, unless ``always``, all have
    the same."""
    others = selection.without(facet.name)
    counts = site.claim_index.facet(others, facet.name, _VALUES_LIMIT + 1)
    current = kept.get(facet.parameter)
    if len(counts) < (1 if always else 2) and not current:
        return None
    selected = full(site, facet, current) if current else ""
    shown = counts[:_VALUES_LIMIT]
    if selected and selected not in dict(shown):
        shown.append((selected, 0))
    rest = {name: value for name, value in kept.items() if name != facet.parameter}

    def href(iri: str) -> str:
        target = rest if iri == selected else {**rest, facet.parameter: short(site, facet, iri)}
        return site.iris.path(path) + (f"?{urlencode(target)}" if target else "")

    return _division(site, facet, shown, href, others, selected, len(counts) > _VALUES_LIMIT)


def divisions(
    site: Site, selection: Selection, names: Sequence[str], href: Callable[[str, str], str]
) -> list[Division]:
    """How claims divide by those facets; ``href`` gives where a value (facet's parameter, value) leads."""

    def charted(facet: Facet) -> Division:
        counts = site.claim_index.facet(selection, facet.name, _CHART_LIMIT + 1)
        cut = len(counts) > _CHART_LIMIT
        target = partial(href, facet.parameter)
        return _division(
            site, facet, counts[:_CHART_LIMIT], lambda iri: target(short(site, facet, iri)), selection, cut=cut
        )

    return [charted(FACETS[name]) for name in names]


def _division(
    site: Site,
    facet: Facet,
    counts: Sequence[tuple[str, int]],
    href: Callable[[str], str],
    whole: Selection,
    selected: str = "",
    cut: bool = False,
) -> Division:
    site.labels.fetch(iri for iri, _ in counts)
    options = [Option(ref(site, iri), count, href(iri), iri == selected) for iri, count in counts]
    return Division(facet.parameter, facet.title, options, site.claim_index.count(whole), cut)


def short(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it: relative to the facet's space, or the whole IRI where it is not of it."""
    return iri.removeprefix(facet.space or f"{site.iris.base}id/")


def full(site: Site, facet: Facet, value: str) -> str:
    """The IRI that a value in a parameter stands for."""
    return value if ":" in value.partition("/")[0] else (facet.space or f"{site.iris.base}id/") + value


def narrowing(site: Site, parameter: str, value: str, of: Selection = _EVERYTHING) -> tuple[str, str]:
    """The facet and the IRI that a parameter narrows a list by. Raises UsageError where the release does not have the
    IRI, which names values that claims of the selection ``of`` have."""
    facet = FACETS[parameter]
    iri = full(site, facet, value)
    if not site.claim_index.term(iri):
        counts = site.claim_index.facet(of, facet.name, _NAMED_LIMIT + 1)
        known = [_with_word(site, facet, iri) for iri, _ in counts[:_NAMED_LIMIT]]
        raise request_target.unknown_value(value, parameter, known, len(counts) > _NAMED_LIMIT)
    return facet.name, iri


def _with_word(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it and, where pages have another word for a concept, that word."""
    value, label = short(site, facet, iri), site.labels.label(iri)
    return f"{value} ({label})" if facet.space and label != value else value


def _by_certainty(claims: Sequence[Claim]) -> list[ClaimGroup]:
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.certainty.iri if claim.certainty else "", []).append(claim)
    return [ClaimGroup([g[0].certainty] if g[0].certainty else [], False, g) for g in groups.values()]


def by_speaker(claims: Sequence[Claim]) -> list[ClaimGroup]:
    """Claims by their innermost sources together; the articles' own voice first, then the sources of most claims."""
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        groups.setdefault(tuple(speaker.iri for speaker in claim.speakers), []).append(claim)
    ranked = sorted(groups.values(), key=lambda g: (not g[0].own_voice, -len(g)))
    return [ClaimGroup(list(g[0].speakers), g[0].own_voice, g) for g in ranked]
