"""Lists of claims on a page: narrowed by plain links, counted, cut into pages, with a bar for each count.

A list is narrowed by parameters of the page's address: ``?certainty=probable&source=org/x``. ``list`` names which of
the lists of a page is meant, where it is not the first; ``claims`` is the number of its page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
_TOLD = 12
_EVERYTHING = Selection("all")


FACETS = {facet.parameter: facet for facet in facets.FACETS.values()}
"""The facets of claims by their parameters."""


@dataclass(frozen=True)
class Kind:
    """A list that a page may have. ``grouped`` is "speaker" or "certainty"; the facets ``always`` are shown even where
    all claims have the same value."""

    role: str
    title: str
    facets: Sequence[str]
    grouped: str
    always: Sequence[str] = ()
    inferred: bool = False


ABOUT = Kind(
    "about", "What is claimed about it", ("source", "certainty", "polarity", "voice", "tense", "article"), "speaker"
)
CONCERNING = Kind("concerning", "Claims that concern it", ABOUT.facets, "speaker", inferred=True)
SAYS = Kind(
    "says",
    "What it is credited with",
    ("certainty", "act", "polarity", "tense", "article"),
    "certainty",
    ("certainty", "act"),
)
RELAYS = Kind(
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
class Group:
    """Claims that are shown under one head: their speakers, or a certainty."""

    heads: Sequence[Ref]
    own_voice: bool
    claims: Sequence[Claim]


@dataclass(frozen=True)
class Section:
    """One list of a page. ``whole`` counts the claims before it is narrowed; ``everything`` leads back there."""

    kind: Kind
    whole: int
    page: Page[Claim]
    groups: Sequence[Group]
    divisions: Sequence[Division]
    narrowed: bool
    everything: str


def sections(site: Site, iri: str, path: str, kinds: Sequence[Kind], asked: Mapping[str, str]) -> list[Section]:
    """The lists about ``iri`` that have claims, on the page whose address is ``path`` (as paging takes it).

    Where ``asked``, the parameters, say which, just that one. Raises UsageError for a number that is none and for a
    value that nothing has, NotFoundError past the last page.
    """
    counts = {kind.role: site.claim_index.count(Selection(kind.role, iri)) for kind in kinds}
    there = [kind for kind in kinds if counts[kind.role]]
    wanted = [kind for kind in there if kind.role == asked.get(LIST)] or there[:1]
    chosen = {p: asked[p] for kind in wanted for p in kind.facets if asked.get(p)}
    alone = bool(chosen) or bool({LIST, NUMBER} & set(asked))
    first = there[:1]

    def section(kind: Kind) -> Section:
        mine = chosen if kind in wanted else {}
        narrowed = tuple(narrowing(site, p, value, Selection(kind.role, iri)) for p, value in mine.items())
        selection = Selection(kind.role, iri, narrowed)
        kept = ({} if [kind] == first else {LIST: kind.role}) | mine
        total = site.claim_index.count(selection)
        number = pagination.read(asked, NUMBER) if kind in wanted else 1
        page: Page[Claim] = pagination.page(
            (), number=number, size=PAGE_CLAIMS, total=total, path=path, kept=kept, parameter=NUMBER
        )
        listed = site.claim_index.graded if kind.grouped == "certainty" else site.claim_index.claims
        found = listed(selection, first=(number - 1) * PAGE_CLAIMS, size=PAGE_CLAIMS)
        page = page.map(claims(site, found))
        divisions = [
            d for p in kind.facets if (d := division(site, selection, FACETS[p], kept, path, p in kind.always))
        ]
        everything = _target(path, {k: v for k, v in kept.items() if k == LIST})
        return Section(kind, counts[kind.role], page, _groups(page.items, kind), divisions, bool(mine), everything)

    return [section(kind) for kind in (wanted if alone else there)]


def division(
    site: Site, selection: Selection, facet: Facet, kept: Mapping[str, str], path: str, always: bool = False
) -> Division | None:
    """How a list divides, or None where that would say nothing: no claim has a value, or, unless ``always``, all have
    the same."""
    found = site.claim_index.facet(selection.without(facet.name), facet.name, _VALUES_LIMIT + 1)
    current = kept.get(facet.parameter)
    if len(found) < (1 if always else 2) and not current:
        return None
    counts = dict(found[:_VALUES_LIMIT])
    if current:
        counts.setdefault(full(site, facet, current), 0)
    site.labels.fetch(counts)
    options = []
    for iri, count in counts.items():
        value = short(site, facet, iri)
        selected = current is not None and full(site, facet, current) == iri
        others = {k: v for k, v in kept.items() if k != facet.parameter}
        target = others if selected else {**others, facet.parameter: value}
        options.append(Option(ref(site, iri), count, _target(site.iris.path(path), target), selected))
    whole = site.claim_index.count(selection.without(facet.name))
    return Division(facet.parameter, facet.title, options, whole, len(found) > _VALUES_LIMIT)


def divisions(
    site: Site, selection: Selection, names: Sequence[str], href: Callable[[str, str], str]
) -> list[Division]:
    """How claims divide by those facets; ``href`` gives where a value (facet's parameter, value) leads."""
    whole = site.claim_index.count(selection)
    made = []
    for facet in (FACETS[name] for name in names):
        found = site.claim_index.facet(selection, facet.name, _CHART_LIMIT + 1)
        cut = len(found) > _CHART_LIMIT
        found = found[:_CHART_LIMIT]
        site.labels.fetch(iri for iri, _ in found)
        options = [
            Option(ref(site, iri), count, href(facet.parameter, short(site, facet, iri)), False) for iri, count in found
        ]
        made.append(Division(facet.parameter, facet.title, options, whole, cut))
    return made


def short(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it: relative to the facet's space, or the whole IRI where it is not of it."""
    return iri.removeprefix(facet.space or f"{site.iris.base}id/")


def full(site: Site, facet: Facet, value: str) -> str:
    """The IRI that a value in a parameter stands for."""
    return value if ":" in value.partition("/")[0] else (facet.space or f"{site.iris.base}id/") + value


def narrowing(site: Site, parameter: str, value: str, of: Selection = _EVERYTHING) -> tuple[str, str]:
    """What a parameter narrows a list by: the facet and the IRI. Raises UsageError where the release does not have it,
    which says what there is in the list ``of``."""
    facet = FACETS[parameter]
    iri = full(site, facet, value)
    if not site.claim_index.term(iri):
        found = site.claim_index.facet(of, facet.name, _TOLD + 1)
        raise request_target.unknown_value(
            value, parameter, [_told(site, facet, v) for v, _ in found[:_TOLD]], len(found) > _TOLD
        )
    return facet.name, iri


def _told(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it and, where pages have another word for a concept, that word."""
    value, label = short(site, facet, iri), site.labels.label(iri)
    return f"{value} ({label})" if facet.space and label != value else value


def _target(path: str, parameters: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _groups(found: Sequence[Claim], kind: Kind) -> list[Group]:
    if kind.grouped == "speaker":
        return by_speaker(found)
    groups: dict[str, list[Claim]] = {}
    for c in found:
        groups.setdefault(c.certainty.iri if c.certainty else "", []).append(c)
    return [Group([g[0].certainty] if g[0].certainty else [], False, g) for g in groups.values()]


def by_speaker(found: Sequence[Claim]) -> list[Group]:
    """Claims by their innermost sources together; the articles' own voice first, then whoever says most."""
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for c in found:
        groups.setdefault(tuple(s.iri for s in c.speakers), []).append(c)
    ranked = sorted(groups.values(), key=lambda g: (not g[0].own_voice, -len(g)))
    return [Group(list(g[0].speakers), g[0].own_voice, g) for g in ranked]
