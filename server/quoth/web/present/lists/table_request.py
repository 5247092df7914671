"""A request for the table of claims: its parameters, the selection and the page that they name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from quoth.errors import UsageError
from quoth.formats import CSV_RESULTS, JSONL, NQUADS, PARQUET, XLSX, Format
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index.facets import ENCODING
from quoth.index.selection import Selection
from quoth.web.core import request_target
from quoth.web.core.site import Site
from quoth.web.present.lists import facet_values
from quoth.web.present.lists.facet_values import FACETS_BY_PARAMETER

NARROWING = tuple(facet.parameter for facet in FACETS_BY_PARAMETER.values() if facet.listed)
"""The parameters of facets, each of which may be repeated."""
DAYS = {"published-from": "since", "published-to": "until"}
"""The parameters for the days on which articles were published → the days of a selection."""
ACTS = {"only": "only acts of other claims’ sources", "none": "without acts of other claims’ sources"}
"""The values of the parameter ``acts``, in words."""
CONDITIONS = (*NARROWING, *DAYS, "acts", ENCODING.parameter, "q")
"""The parameters that narrow the rows, in the order that addresses have."""
_OTHERS = ("page", "limit", "format")
PAGE_ROWS, MOST_ROWS = 50, 1000
BATCHES = {CSV_RESULTS: 1000, JSONL: 1000, NQUADS: 200, XLSX: 1000, PARQUET: 1000}
"""The formats that hold every row, and the rows in one piece of a stream."""


@dataclass(frozen=True)
class TableRequest:
    """The parameters of a request; the values of facets among them (facet_values.chosen); the selection and the number
    of the page that they name; and ``limit``, which is None where they name none."""

    parameters: Mapping[str, str]
    choice: Mapping[str, Sequence[str]]
    selection: Selection
    number: int
    limit: int | None

    def page(self, site: Site) -> Page[None]:
        """The page, without its rows. Raises NotFoundError past the last."""
        total = site.claim_index.count(self.selection)
        size = self.limit or PAGE_ROWS
        return pagination.page(
            (), number=self.number, size=size, total=total, path="claims", link_parameters=self.link_parameters
        )

    @property
    def link_parameters(self) -> dict[str, str | Sequence[str]]:
        """The parameters that links to other pages keep, in one order whatever that of the request is."""
        every = {**self.parameters, **self.choice}
        return {name: every[name] for name in (*CONDITIONS, "limit") if name in every}

    def wants_all(self, format: Format) -> bool:
        """Whether a representation in that format has every row of the selection."""
        return format in BATCHES and self.limit is None and "page" not in self.parameters


def read(site: Site, args: MultiDict[str, str]) -> TableRequest:
    """The parameters of a request, read. Raises UsageError that names the known ones."""
    parameters = request_target.known_parameters(args, (*CONDITIONS, *_OTHERS), "claims", NARROWING)
    acts = parameters.get("acts", "")
    if acts and acts not in ACTS:
        raise request_target.unknown_value(acts, "acts", list(ACTS))
    choice = facet_values.chosen(site, args, NARROWING)
    days = {day: request_target.day(parameters, name) for name, day in DAYS.items()}
    request_target.days_in_order(days["since"], days["until"], list(DAYS))
    return TableRequest(
        parameters,
        choice,
        Selection(
            "all",
            narrowed=facet_values.narrowed(site, choice),
            words=request_target.search_expression(parameters),
            encoding=facet_values.encoding(site, args),
            acts=acts,
            since=days["since"],
            until=days["until"],
        ),
        pagination.read(parameters),
        _limit(parameters.get("limit")),
    )


def _limit(raw: str | None) -> int | None:
    if raw is None or raw == "all":
        return None
    if not re.fullmatch("[1-9][0-9]{0,4}", raw) or int(raw) > MOST_ROWS:
        remedy = f"write a whole number from 1 to {MOST_ROWS}; CSV, JSON Lines and N-Quads give all rows without it"
        raise UsageError(f"{raw[:80]!r} is not a limit", where="limit", remedy=remedy)
    return int(raw)
