"""The table of claims, /claims: a row for each, narrowed by parameters; as a page, CSV, JSON, N-Quads and TriG.

CSV and N-Quads hold every row of the selection, unless ``limit`` or ``page`` is given; the others come in pages.
More rows than a page may have are sent as a stream, of which there are few at a time (stream_slots).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from quoth.errors import UsageError
from quoth.formats import CSV_RESULTS, HTML, JSON, NQUADS, TRIG, Format
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index.claims import Selection
from quoth.web.claims import claim_rows
from quoth.web.claims.stream_slots import Streams
from quoth.web.core import request_target, variants
from quoth.web.core.responses import links
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe.bulk import gather, in_batches
from quoth.web.present import faceting
from quoth.web.present.claim_view import Ref, claims, ref

_FACETS = [facet for facet in faceting.FACETS.values() if facet.listed]
NARROWING = tuple(facet.parameter for facet in _FACETS)
"""The parameters that a selection can be narrowed by."""

_CHARTS = sorted((facet for facet in _FACETS if facet.chart), key=lambda facet: facet.chart)
_OTHERS = ("q", "page", "limit", "format")
# A program that names no type, as pandas does, wants the rows.
OFFERS = (CSV_RESULTS, JSON, NQUADS, TRIG, HTML)
_WHOLE = (CSV_RESULTS, NQUADS)
PAGE_ROWS, MOST_ROWS = 50, 1000
_BATCHES = {CSV_RESULTS: 1000, NQUADS: 200}
_streams = Streams()

blueprint = Blueprint("table", __name__)


@dataclass(frozen=True)
class Asked:
    """What a request asks for: parameters as given, the selection, and the page; ``limit`` is None where none is
    named."""

    given: Mapping[str, str]
    selection: Selection
    number: int
    limit: int | None

    def page(self, here: Site) -> Page[None]:
        """The page that is asked for, without its rows. Raises NotFoundError past the last."""
        total = here.claim_index.count(self.selection)
        size = self.limit or PAGE_ROWS
        return pagination.page((), number=self.number, size=size, total=total, path="claims", kept=self.kept)

    @property
    def kept(self) -> dict[str, str]:
        """What links to other pages keep."""
        return {k: v for k, v in self.given.items() if k not in ("page", "format")}


@blueprint.get("/claims")
@blueprint.get("/claims.<suffix>")
def table(suffix: str | None = None) -> Response:
    """The claims of a selection. Raises UsageError for an unknown parameter, NotFoundError past the last page."""
    here = current_site()
    asked = read(here, request.args)
    if suffix is None and request.args.get("format"):
        suffix = request_target.named_format(request.args["format"], OFFERS).suffix
    page = asked.page(here)
    query = page.target(asked.number).removeprefix("claims")
    # Whoever named a format gets the other pages in it, too.
    address = "claims" if suffix is None else f"claims.{suffix}"

    def make(variant: Variant) -> Response:
        whole = variant.format in _WHOLE and _everything(asked)
        if whole and page.total > MOST_ROWS:
            response = _whole(here, asked, variant)
        else:
            response = Response(_body(variant.reader, asked, page, variant.format), content_type=variant.content_type)
        response.headers["X-Total-Count"] = str(page.total)
        if not whole:
            turning = page.at(address).links(here.iris.url)
            if turning:
                response.headers["Link"] = links(turning)
        return response

    terms = here.licence
    return variants.respond(
        NegotiableResource(
            here,
            "claims",
            OFFERS,
            make,
            [(terms, "license", None)] if terms else [],
            query=query,
            depends=[str(asked.limit)],
            modified=here.modified,
            localized=True,
        ),
        suffix,
    )


def read(here: Site, parameters: MultiDict[str, str]) -> Asked:
    """What the parameters of a request ask for. Raises UsageError that says what there is instead."""
    found = request_target.parameters(parameters, (*NARROWING, *_OTHERS), "claims")
    narrowed = tuple(faceting.narrowing(here, p, found[p]) for p in NARROWING if p in found)
    return Asked(
        found,
        Selection("all", narrowed=narrowed, words=request_target.search_expression(found)),
        pagination.read(found),
        _limit(found.get("limit")),
    )


def _limit(raw: str | None) -> int | None:
    if raw is None or raw == "all":
        return None
    if not raw.isdecimal() or not raw.isascii() or len(raw) > 5 or not 0 < int(raw) <= MOST_ROWS:
        remedy = f"expected is a whole number from 1 to {MOST_ROWS}; CSV and N-Quads give all rows without it"
        raise UsageError(f"{raw[:80]!r} is no limit", where="limit", remedy=remedy)
    return int(raw)


def _everything(asked: Asked) -> bool:
    return asked.limit is None and "page" not in asked.given


def _body(here: Site, asked: Asked, page: Page[None], format: Format) -> bytes | str:
    size = MOST_ROWS if format in _WHOLE and _everything(asked) else page.size
    iris = here.claim_index.claims(asked.selection, first=(page.number - 1) * page.size, size=size)
    if format is TRIG:
        return serialize(gather(here, iris).everything, TRIG, here.iris)
    if format is NQUADS:
        return _nquads(gather(here, iris).everything)
    if format is CSV_RESULTS:
        return claim_rows.lines(here, claims(here, iris), head=True)
    rows = page.map(claims(here, iris))
    if format is JSON:
        following = page.at("claims.json").next
        body = {
            "total": page.total,
            "next": following and here.iris.url(following),
            "claims": list(claim_rows.objects(here, rows.items)),
        }
        return json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    kept = asked.kept
    shown = [faceting.division(here, asked.selection, facet, kept, "claims") for facet in _CHARTS]
    return render_template(
        "claims.html",
        rows=rows,
        q=asked.given.get("q", ""),
        kept={k: v for k, v in kept.items() if k != "q"},
        divisions=[d for d in shown if d is not None],
        narrowed=[_without(here, asked, name) for name in (*NARROWING, "q") if name in asked.given],
        several=here.release.manifest.articles > 1,
        query=page.target(1).removeprefix("claims"),
        offers=[f for f in OFFERS if f is not HTML],
    )


@dataclass(frozen=True)
class Narrowed:
    """One thing that the rows are narrowed by, in words, and the way back."""

    title: str
    ref: Ref
    href: str


def _without(here: Site, asked: Asked, name: str) -> Narrowed:
    rest = {k: v for k, v in asked.kept.items() if k != name}
    target = here.iris.path(Page((), 1, 1, 0, "claims", tuple(rest.items())).target(1))
    if name == "q":
        return Narrowed("Words", Ref("", f"“{asked.given['q']}”", None), target)
    facet = faceting.FACETS[name]
    return Narrowed(facet.title, ref(here, faceting.full(here, facet, asked.given[name])), target)


def _whole(here: Site, asked: Asked, variant: Variant) -> Response:
    """Every row, in pieces of bounded size. Raises UnavailableError where too many tables are being sent."""
    leave = _streams.enter(here.caller().client)
    size = _BATCHES[variant.format]
    if variant.format is CSV_RESULTS:
        made = _lines(here, here.claim_index.batches(asked.selection, size))
    else:
        made = map(_nquads, in_batches(here, asked.selection, size))
    response = Response(_streams.pieces(made), content_type=variant.content_type)
    response.call_on_close(leave)
    return response


def _lines(here: Site, batches: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield claim_rows.lines(here, (), head=True)
    for iris in batches:
        yield claim_rows.lines(here, claims(here, iris), head=False)


def _nquads(quads: Iterable[ox.Quad]) -> bytes:
    """The quads in an order that holds on any engine."""
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))
