"""The table of claims, /claims: a row for each, narrowed by parameters; as a page, CSV, JSON, N-Quads and TriG.

CSV and N-Quads hold every row of the selection, unless ``limit`` or ``page`` is given; the others come in pages.
More rows than a page may have are sent as a stream, and few streams at a time (stream_slots).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from quoth.errors import UsageError
from quoth.formats import CSV_RESULTS, HTML, JSON, NQUADS, TRIG, Format
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index.claims import Selection
from quoth.index.facets import ENCODING, EVERY
from quoth.web.claims import claim_rows
from quoth.web.claims.stream_slots import StreamSlots
from quoth.web.core import request_target, variants
from quoth.web.core.responses import page_json, page_response
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe.bulk import gather, in_batches
from quoth.web.present import facet_values, faceting
from quoth.web.present.claim_lookup import claims
from quoth.web.present.claim_view import Ref

_LISTED = [facet for facet in facet_values.FACETS_BY_PARAMETER.values() if facet.listed]
NARROWING = tuple(facet.parameter for facet in _LISTED)
"""The parameters that a selection can be narrowed by."""

_CHARTS = [facet.parameter for facet in sorted(_LISTED, key=lambda facet: facet.chart) if facet.chart]
DAYS = {"published-from": "since", "published-to": "until"}
"""The parameters for the days on which articles were published → the days of a selection."""
ACTS = {"only": "acts of other claims’ sources alone", "none": "without acts of other claims’ sources"}
"""The values of the parameter ``acts``, in words."""
_CONDITIONS = (*NARROWING, *DAYS, "acts", ENCODING.parameter, "q")
_OTHERS = ("page", "limit", "format")
# A program that names no type, as pandas does, wants the rows.
OFFERS = (CSV_RESULTS, JSON, NQUADS, TRIG, HTML)
PAGE_ROWS, MOST_ROWS = 50, 1000
_BATCHES = {CSV_RESULTS: 1000, NQUADS: 200}
"""The formats that hold every row, and the rows in one piece of a stream."""
_slots = StreamSlots()

blueprint = Blueprint("table", __name__)


@dataclass(frozen=True)
class TableRequest:
    """The parameters of a request, the selection and the number of the page that they name, and ``limit``, which is
    None where they name none."""

    parameters: Mapping[str, str]
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
    def link_parameters(self) -> dict[str, str]:
        """The parameters that links to other pages keep."""
        return {k: v for k, v in self.parameters.items() if k not in ("page", "format")}

    def wants_all(self, format: Format) -> bool:
        """Whether a representation in that format has every row of the selection."""
        return format in _BATCHES and self.limit is None and "page" not in self.parameters


@blueprint.get("/claims")
@blueprint.get("/claims.<suffix>")
def table(suffix: str | None = None) -> Response:
    """The claims of a selection. Raises UsageError for an unknown parameter, NotFoundError past the last page."""
    site = current_site()
    wanted = read(site, request.args)
    if suffix is None and request.args.get("format"):
        suffix = request_target.named_format(request.args["format"], OFFERS).suffix
    page = wanted.page(site)
    # A client that names a format gets the other pages in that format, too.
    address = "claims" if suffix is None else f"claims.{suffix}"

    def make(variant: Variant) -> Response | bytes | str:
        if not wanted.wants_all(variant.format):
            body = _body(variant.reader, wanted, page, variant.format)
            return page_response(page.at(address), body, variant.content_type)
        if page.total > MOST_ROWS:
            return _stream(site, wanted, variant)
        return _body(site, wanted, page, variant.format)

    return variants.respond(
        NegotiableResource(
            site,
            "claims",
            OFFERS,
            make,
            [(site.licence, "license", None)] if site.licence else [],
            query=page.target(wanted.number).removeprefix("claims"),
            depends=[str(wanted.limit)],
            modified=site.modified,
            localized=True,
            total=page.total,
        ),
        suffix,
    )


def read(site: Site, args: MultiDict[str, str]) -> TableRequest:
    """The parameters of a request, read. Raises UsageError that names the known ones."""
    parameters = request_target.known_parameters(args, (*_CONDITIONS, *_OTHERS), "claims")
    acts = parameters.get("acts", "")
    if acts and acts not in ACTS:
        raise request_target.unknown_value(acts, "acts", list(ACTS))
    narrowed = tuple(facet_values.narrowing(site, name, parameters[name]) for name in NARROWING if name in parameters)
    days = {day: request_target.day(parameters, name) for name, day in DAYS.items()}
    return TableRequest(
        parameters,
        Selection(
            "all",
            narrowed=narrowed,
            words=request_target.search_expression(parameters),
            encoding=facet_values.encoding(site, parameters),
            acts=acts,
            **days,
        ),
        pagination.read(parameters),
        _limit(parameters.get("limit")),
    )


def _limit(raw: str | None) -> int | None:
    if raw is None or raw == "all":
        return None
    if not raw.isdecimal() or not raw.isascii() or len(raw) > 5 or not 0 < int(raw) <= MOST_ROWS:
        remedy = f"write a whole number from 1 to {MOST_ROWS}; CSV and N-Quads give all rows without it"
        raise UsageError(f"{raw[:80]!r} is no limit", where="limit", remedy=remedy)
    return int(raw)


def _body(site: Site, wanted: TableRequest, page: Page[None], format: Format) -> bytes | str:
    size = MOST_ROWS if wanted.wants_all(format) else page.size
    iris = site.claim_index.claims(wanted.selection, first=(page.number - 1) * page.size, size=size)
    if format is TRIG:
        return serialize(gather(site, iris).everything, TRIG, site.iris)
    if format is NQUADS:
        return _nquads(gather(site, iris).everything)
    if format is CSV_RESULTS:
        return claim_rows.lines(site, claims(site, iris), head=True)
    rows = page.map(claims(site, iris))
    if format is JSON:
        return page_json(rows, "claims", list(claim_rows.objects(site, rows)))
    link_parameters = wanted.link_parameters
    divisions = [faceting.division(site, wanted.selection, name, link_parameters, "claims") for name in _CHARTS]
    return render_template(
        "claims.html",
        rows=rows,
        q=wanted.parameters.get("q", ""),
        link_parameters={k: v for k, v in link_parameters.items() if k != "q"},
        divisions=[division for division in divisions if division],
        narrowed=[_condition(site, wanted, name) for name in _CONDITIONS if name in wanted.parameters],
        acts=_acts(site, wanted),
        several=site.release.manifest.articles > 1,
        query=page.target(1).removeprefix("claims"),
        offers=[f for f in OFFERS if f is not HTML],
    )


def _acts(site: Site, wanted: TableRequest) -> tuple[int, dict[str, str]] | None:
    """How many of the rows are claims of acts, and the addresses of the table with those alone and without them; None
    where all or none are."""
    count = site.claim_index.count(replace(wanted.selection, acts="only"))
    if wanted.selection.acts or count in (0, site.claim_index.count(wanted.selection)):
        return None
    path, parameters = site.iris.path("claims"), wanted.link_parameters
    return count, {acts: faceting.target(path, {**parameters, "acts": acts}) for acts in ACTS}


def _condition(site: Site, wanted: TableRequest, name: str) -> tuple[str, Ref, str]:
    """A condition that narrows the rows: its title, its value, and the address of the table without it."""
    href = faceting.target(site.iris.path("claims"), {k: v for k, v in wanted.link_parameters.items() if k != name})
    value = wanted.parameters[name]
    if name == "q":
        return "Words", Ref("", f"“{value}”", None), href
    if name == ENCODING.parameter:
        return ENCODING.title, Ref("", "every encoding" if value == EVERY else value, None), href
    if name == "acts":
        return "Acts", Ref("", ACTS[value], None), href
    if name in DAYS:
        return "Published", Ref("", f"published {name.partition('-')[2]} {value}", None), href
    facet = facet_values.FACETS_BY_PARAMETER[name]
    return facet.title, facet_values.value_ref(site, facet, facet_values.full(site, facet, value)), href


def _stream(site: Site, wanted: TableRequest, variant: Variant) -> Response:
    """Every row, in pieces of bounded size. Raises UnavailableError where too many tables are being sent."""
    leave = _slots.enter(site.caller().client)
    size = _BATCHES[variant.format]
    if variant.format is CSV_RESULTS:
        pieces = _lines(site, site.claim_index.batches(wanted.selection, size))
    else:
        pieces = map(_nquads, in_batches(site, wanted.selection, size))
    response = Response(_slots.pieces(pieces), content_type=variant.content_type)
    response.call_on_close(leave)
    return response


def _lines(site: Site, batches: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield claim_rows.lines(site, (), head=True)
    for iris in batches:
        yield claim_rows.lines(site, claims(site, iris), head=False)


def _nquads(quads: Iterable[ox.Quad]) -> bytes:
    """The quads in an order that is the same on any engine."""
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))
