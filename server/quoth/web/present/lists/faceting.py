"""How the claims of a list divide by a facet: each value with its count, as a plain link and as an option of a form.

The parameter of a facet may be repeated: claims with any of the values are kept. A choice in one facet narrows the
counts of the others, not its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from quoth.claim.model.namespaces import ENCODING_STATUS
from quoth.http.pagination import Parameters, pairs
from quoth.index import facets
from quoth.index.facets import Facet
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_view import Ref
from quoth.web.present.lists.facet_values import FACETS_BY_PARAMETER, full, short, value_ref

_VALUES_LIMIT = 100
_PROPOSED = ENCODING_STATUS.proposed.value


@dataclass(frozen=True)
class Option:
    """One value of a facet: the number of claims that have it, the target of its link, which leads back where the
    value is ``selected``, and the value as parameters have it."""

    ref: Ref
    count: int
    href: str
    selected: bool
    value: str = ""

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


def division(
    site: Site,
    selection: Selection,
    parameter: str,
    link_parameters: Parameters,
    path: str,
    least: int = 2,
    most: int = _VALUES_LIMIT,
) -> Division | None:
    """How a list divides by a facet, with at most so many values; None where claims have fewer than ``least`` values,
    unless the list is narrowed by one. Links carry ``link_parameters``."""
    facet = FACETS_BY_PARAMETER[parameter]
    others = selection.without(facet.name)
    values = site.claim_index.facet(others, facet.name, most + 1)
    current = link_parameters.get(parameter, ())
    counts = dict(values[:most])
    if facet is facets.FACETS["status"] and not selection.encoding and site.claim_index.has_proposed:
        # Who asks for proposed claims gets those of every encoding (facet_values.encoding).
        every = replace(others, encoding=facets.EVERY, narrowed=(*others.narrowed, (facet.name, _PROPOSED)))
        counts[_PROPOSED] = site.claim_index.count(every)
    if len(counts) < least and not current:
        return None
    for value in current:
        counts.setdefault(full(site, facet, value), 0)
    shown = options(site, facet, counts.items(), current, link_parameters, path)
    return Division(parameter, facet.title, shown, site.claim_index.count(others), len(values) > most)


def with_unclear(
    site: Site, selection: Selection, found: Division | None, link_parameters: Parameters, path: str
) -> Division | None:
    """The division of a list by who says it, with a part for the claims of which the text does not make clear who
    does; these have no speaker. The part is a value of the facet ``naming``, as are those that are chosen of it."""
    naming, links = facets.FACETS["naming"], {k: v for k, v in link_parameters.items() if k != "source"}
    current, others = links.get(naming.parameter, ()), selection.without("speaker").without(naming.name)
    counts = {
        value: site.claim_index.count(replace(others, narrowed=(*others.narrowed, (naming.name, value))))
        for value in ("unclear", *current)
    }
    added = [o for o in options(site, naming, counts.items(), current, links, path) if o.count or o.selected]
    if not added:
        return found
    found = found or Division("source", facets.FACETS["speaker"].title, [], site.claim_index.count(others))
    return replace(found, options=sorted([*found.options, *added], key=lambda option: -option.count))


def options(
    site: Site,
    facet: Facet,
    counts: Iterable[tuple[str, int]],
    current: Sequence[str],
    link_parameters: Parameters,
    path: str,
) -> list[Option]:
    """The values of a facet as links that add them to the choice; the ``current`` ones, as parameters have them, as
    links that take them out of it."""
    counts = list(counts)
    if not facet.literal:
        site.labels.fetch(value for value, _ in counts if value)
    others = {k: v for k, v in link_parameters.items() if k != facet.parameter}
    shown = []
    for value, count in counts:
        written = short(site, facet, value)
        selected = written in current
        choice = sorted({*current} ^ {written})
        href = target(site.iris.path(path), {**others, facet.parameter: choice})
        shown.append(Option(value_ref(site, facet, value), count, href, selected, written))
    return shown


def target(path: str, parameters: Parameters) -> str:
    """The address with those parameters."""
    query = urlencode(pairs(parameters))
    return f"{path}?{query}" if query else path


_PARAMETERS = {
    "about": "about",
    "concerning": "topic",
    "says": "source",
    "possibly": "possibly",
    "credited": "credited",
    "quoted": "article",
}
"""The role of a thing in claims → the parameter of /claims for the claims in which it plays that role."""


def claims_of(site: Site, role: str, iri: str, encoding: str = "") -> str:
    """The path of the table of the claims in which a thing plays a role, of an encoding (facet_values.encoding); empty
    for a role by which the table cannot be narrowed."""
    if role not in _PARAMETERS:
        return ""
    name = _PARAMETERS[role]
    parameters = {name: short(site, FACETS_BY_PARAMETER[name], iri)}
    if encoding:
        parameters[facets.ENCODING.parameter] = short(site, facets.ENCODING, encoding)
    return target("claims", parameters)
