"""Lists of claims on a page: narrowed by plain links, counted, cut into pages, with a bar for each count.

A list is narrowed by parameters of the page's address: ``?certainty=probable&source=org/x``. ``list`` names one of the
lists of a page, unless it is the first; ``claims`` is the number of its page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index import facets
from quoth.index.claims import Selection
from quoth.index.facets import Facet
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import claims
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.facet_values import FACETS_BY_PARAMETER, encoding, full, narrowing, short, value_ref

PAGE_CLAIMS = 50
LIST, NUMBER = "list", "claims"
_VALUES_LIMIT = 100


@dataclass(frozen=True)
class ListKind:
    """A list that a page may have; its ``title`` has a place for the kind of thing. ``grouped`` is "speaker" or
    "certainty"; the facets ``always`` are shown even where all claims have the same value."""

    role: str
    title: str
    facets: Sequence[str]
    grouped: str
    always: Sequence[str] = ()
    inferred: bool = False


ABOUT = ListKind("about", "Claims about this {kind}",
                 ("source", "certainty", "polarity", "voice", "tense", "article", "publisher"), "speaker")  # fmt: skip
WORDED = replace(ABOUT, title="Claims that use this {kind}")
CONCERNING = ListKind("concerning", "Claims on this {kind}", ABOUT.facets, "speaker", inferred=True)
SAYS = ListKind("says", "Credited to this {kind}",
                ("certainty", "act", "polarity", "tense", "article", "publisher"), "certainty",
                ("certainty", "act"))  # fmt: skip
RELAYS = ListKind("relays", "Passed on from others by this {kind}",
                  ("source", "certainty", "act", "article"), "certainty", ("source", "act"))  # fmt: skip
POSSIBLY = ListKind("possibly", "Possibly credited to this {kind}",
                    ("certainty", "polarity", "article"), "speaker")  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One value of a facet: the number of claims that have it, and the target of its link, which leads back where the
    value is ``selected``."""

    ref: Ref
    count: int
    href: str
    selected: bool

    @property
    def label(self) -> str:
        return phrases.capital(self.ref.label)


@dataclass(frozen=True)
class Division:
    """How the claims of a list divide by one facet; ``whole`` is the count of a full bar."""

    name: str
    title: str
    options: Sequence[Option]
    whole: int
    cut: bool = False


@dataclass(frozen=True)
class ClaimGroup:
    """Claims that are shown under one head: their speakers, or a certainty. ``unclear``: the heads are those of whom
    the text leaves it open who speaks."""

    heads: Sequence[Ref]
    own_voice: bool
    unclear: bool
    claims: list[Claim]


@dataclass(frozen=True)
class Section:
    """One list of a page. ``whole`` counts the claims before it is narrowed."""

    kind: ListKind
    whole: int
    page: Page[Claim]
    groups: Sequence[ClaimGroup]
    divisions: Sequence[Division]
    narrowed: bool


def sections(
    site: Site, iri: str, path: str, kinds: Sequence[ListKind], parameters: Mapping[str, str]
) -> list[Section]:
    """The lists about ``iri`` that have claims, on the page whose address is ``path`` (as paging takes it).

    Where the parameters name a list, just that one; where they name an encoding, the claims of that. Raises UsageError
    for a number that is none and for a value that nothing has, NotFoundError past the last page.
    """
    coded = encoding(site, parameters)
    selections = {kind.role: Selection(kind.role, iri, encoding=coded) for kind in kinds}
    counts = {role: count for role, selection in selections.items() if (count := site.claim_index.count(selection))}
    present = [kind for kind in kinds if kind.role in counts]
    wanted = [kind for kind in present if kind.role == parameters.get(LIST)] or present[:1]
    values = {p: parameters[p] for kind in wanted for p in kind.facets if parameters.get(p)}

    def section(kind: ListKind) -> Section:
        own = values if kind in wanted else {}
        narrowed = tuple(narrowing(site, p, value, selections[kind.role]) for p, value in own.items())
        selection = replace(selections[kind.role], narrowed=narrowed)
        number = pagination.read(parameters, NUMBER) if kind in wanted else 1
        link_parameters = ({} if kind is present[0] else {LIST: kind.role}) | own
        link_parameters |= {facets.ENCODING.parameter: short(site, facets.ENCODING, coded)} if coded else {}
        page: Page[Claim] = pagination.page(
            (),
            number=number,
            size=PAGE_CLAIMS,
            total=site.claim_index.count(selection),
            path=path,
            link_parameters=link_parameters,
            parameter=NUMBER,
        )
        listed = site.claim_index.graded if kind.grouped == "certainty" else site.claim_index.claims
        page = page.map(claims(site, listed(selection, first=(number - 1) * PAGE_CLAIMS, size=PAGE_CLAIMS)))
        divisions = [
            division(site, selection, p, link_parameters, path, 1 if p in kind.always else 2) for p in kind.facets
        ]
        shown = [d for d in divisions if d]
        return Section(kind, counts[kind.role], page, groups(page, kind.grouped), shown, bool(own))

    return [section(kind) for kind in (wanted if values or {LIST, NUMBER} & set(parameters) else present)]


def division(
    site: Site,
    selection: Selection,
    parameter: str,
    link_parameters: Mapping[str, str],
    path: str,
    least: int = 2,
    most: int = _VALUES_LIMIT,
) -> Division | None:
    """How a list divides by a facet, with at most so many values; None where claims have fewer than ``least`` values,
    unless the list is narrowed by one. Links carry ``link_parameters``."""
    facet = FACETS_BY_PARAMETER[parameter]
    others = selection.without(facet.name)
    values = site.claim_index.facet(others, facet.name, most + 1)
    current = full(site, facet, link_parameters[parameter]) if link_parameters.get(parameter) else None
    if len(values) < least and not current:
        return None
    counts = dict(values[:most])
    if current:
        counts.setdefault(current, 0)
    shown = options(site, facet, counts.items(), current and short(site, facet, current), link_parameters, path)
    return Division(parameter, facet.title, shown, site.claim_index.count(others), len(values) > most)


def options(
    site: Site,
    facet: Facet,
    counts: Iterable[tuple[str, int]],
    current: str | None,
    link_parameters: Mapping[str, str],
    path: str,
) -> list[Option]:
    """The values of a facet as links that narrow a list by them; the ``current`` one, as parameters have it, as a link
    that widens it again."""
    counts = list(counts)
    if not facet.literal:
        site.labels.fetch(value for value, _ in counts if value)
    others = {k: v for k, v in link_parameters.items() if k != facet.parameter}
    shown = []
    for value, count in counts:
        written = short(site, facet, value)
        selected = written == current
        href = target(site.iris.path(path), others if selected else {**others, facet.parameter: written})
        shown.append(Option(value_ref(site, facet, value), count, href, selected))
    return shown


def target(path: str, parameters: Mapping[str, str]) -> str:
    """The address with those parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def groups(shown: Iterable[Claim], by: str = "speaker") -> list[ClaimGroup]:
    """Claims under their innermost sources: the articles' own voice first, then the sources of most claims, then those
    of whom it is unclear who speaks; or, by "certainty", under each certainty in the order of the claims."""
    grouped: dict[tuple[str | bool, ...], ClaimGroup] = {}
    for claim in shown:
        heads = claim.candidates if by == "speaker" else [claim.certainty] if claim.certainty else []
        unclear = by == "speaker" and claim.unclear
        group = ClaimGroup(heads, by == "speaker" and claim.own_voice, unclear, [])
        grouped.setdefault((unclear, *(head.iri for head in heads)), group).claims.append(claim)
    if by != "speaker":
        return list(grouped.values())
    return sorted(grouped.values(), key=lambda group: (not group.own_voice, group.unclear, -len(group.claims)))
