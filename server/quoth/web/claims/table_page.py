"""The page of the table of claims: its filter, the chips of what is chosen, and what matches nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from quoth.formats import Format
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index.facets import ENCODING, EVERY
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present import rival_encodings
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.lists import facet_values, faceting
from quoth.web.present.lists.facet_values import FACETS_BY_PARAMETER
from quoth.web.present.lists.table_request import ACTS, CONDITIONS, DAYS, NARROWING, TableRequest

_FILTERS = sorted(
    (name for name in NARROWING if FACETS_BY_PARAMETER[name].chart), key=lambda name: FACETS_BY_PARAMETER[name].chart
)
_UNSEEN = (*(name for name in NARROWING if name not in _FILTERS), "acts", ENCODING.parameter, "limit")
"""The parameters without a field in the form of the page, which keeps them."""


def variables(site: Site, wanted: TableRequest, rows: Page[Claim], offers: Sequence[Format]) -> dict[str, Any]:
    """The variables of the template."""
    parameters = wanted.link_parameters
    divisions = [faceting.division(site, wanted.selection, name, parameters, "claims") for name in _FILTERS]
    return {
        "rows": rows,
        "q": wanted.parameters.get("q", ""),
        "divisions": [division for division in divisions if division],
        "days": {name: wanted.parameters.get(name, "") for name in DAYS},
        "kept": pagination.pairs({name: parameters[name] for name in _UNSEEN if name in parameters}),
        "narrowed": [chip for name in CONDITIONS if name in parameters for chip in _chips(site, wanted, name)],
        "vain": [] if rows.total else without_claims(site, wanted),
        "acts": _acts(site, wanted),
        "several": site.release.manifest.articles > 1,
        "query": rows.target(1).removeprefix("claims"),
        "offers": offers,
    }


def _acts(site: Site, wanted: TableRequest) -> tuple[int, dict[str, str]] | None:
    """How many of the rows are claims of acts, and the addresses of the table with those alone and without them; None
    where all or none are."""
    count = site.claim_index.count(replace(wanted.selection, acts="only"))
    if wanted.selection.acts or count in (0, site.claim_index.count(wanted.selection)):
        return None
    path, parameters = site.iris.path("claims"), wanted.link_parameters
    return count, {acts: faceting.target(path, {**parameters, "acts": acts}) for acts in ACTS}


def _chips(site: Site, wanted: TableRequest, name: str) -> list[tuple[str, Ref, str]]:
    """What a parameter narrows the rows by: for each value the title, the value, and the table's address without it."""
    value, others = wanted.parameters[name], {k: v for k, v in wanted.link_parameters.items() if k != name}
    path = site.iris.path("claims")
    if name in wanted.choice:
        facet, values = FACETS_BY_PARAMETER[name], wanted.choice[name]
        return [
            (
                facet.title,
                facet_values.value_ref(site, facet, facet_values.full(site, facet, value)),
                faceting.target(path, {**wanted.link_parameters, name: [v for v in values if v != value]}),
            )
            for value in values
        ]
    title, words = {
        "q": ("Words", f"“{value}”"),
        "acts": ("Acts", ACTS.get(value, "")),
        ENCODING.parameter: (ENCODING.title, "every encoding" if value == EVERY else _encoding(site, value)),
    }.get(name, ("Published", f"published {name.partition('-')[2]} {value}"))
    return [(title, Ref("", words, None), faceting.target(path, others))]


def _encoding(site: Site, value: str) -> str:
    """Who made an encoding, and of which article."""
    iri = facet_values.full(site, ENCODING, value)
    article, mark, _ = iri.partition("#")
    if not mark:
        return value
    [made] = rival_encodings.named(site, article, [iri])
    site.labels.fetch([article])
    return f"by {made.by}, of {ref(site, article).label}"


def without_claims(site: Site, wanted: TableRequest) -> list[tuple[str, str, Ref, str]]:
    """The values of facets that no claim has, whatever else is chosen: each with parameter and title before it, and
    behind it, in words, why."""
    return [
        (name, facet.title, facet_values.value_ref(site, facet, iri), _why(site, iri))
        for name, values in wanted.choice.items()
        for facet in [FACETS_BY_PARAMETER[name]]
        for iri in (facet_values.full(site, facet, value) for value in values)
        if not site.claim_index.count(Selection("all", narrowed=((facet.name, iri),), encoding=EVERY))
    ]


def _why(site: Site, iri: str) -> str:
    release = facet_values.gone(site, iri)
    return f"was withdrawn in release {release}" if release else "exists, but no claim matches it"
