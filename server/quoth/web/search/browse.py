"""The lists of things in the release: /articles, /entities, /sources, /topics; by number of claims."""

from flask import Blueprint, Response, render_template, request

from quoth.errors import UsageError
from quoth.formats import HTML, JSONL
from quoth.http import pagination
from quoth.web.core import data_tables, request_target, variants
from quoth.web.core.data_tables import DataTable
from quoth.web.core.responses import page_response
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.stream_slots import StreamSlots
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present.claim_view import Ref
from quoth.web.present.lists import faceting, list_formats, listings
from quoth.web.present.lists.faceting import Option
from quoth.web.present.lists.list_formats import LIST_OFFERS, ListRow
from quoth.web.present.lists.listings import LISTINGS, ListedThing, Listing

PAGE_ROWS = 100
COLUMNS = {
    "iri": "its IRI",
    "label": "its name",
    "kind": "what it is: `organisation`, `person`, `place` …",
    "claims": "the number of its claims",
    "proposed": "how many of these nobody has reviewed; empty: none",
    "document": "the address of its page",
}
"""The columns of a list, in order, and their contents."""
OFFERS = (*LIST_OFFERS, JSONL, *data_tables.FORMATS)
"""The formats of a list. Behind LIST_OFFERS are those that have the whole list, whatever the page."""
_PIECE_ROWS = 1000
_slots = StreamSlots()

blueprint = Blueprint("listings", __name__)


@blueprint.get("/<any(articles, entities, sources, topics):name>")
@blueprint.get("/<any(articles, entities, sources, topics):name>.<suffix>")
@sitemap_paths(lambda site: LISTINGS)
def listing(name: str, suffix: str | None = None) -> Response:
    """A list in pages, in any format. Raises UsageError, NotAcceptableError; NotFoundError past the last."""
    site, things = current_site(), LISTINGS[name]
    parameters = request_target.known_parameters(request.args, ("kind", "page"), name)
    kind = parameters.get("kind", "")
    if kind and kind not in things.kinds:
        remedy = "use one of " + ", ".join(things.kinds)
        raise UsageError(f"{kind[:80]!r} is not a kind", where="kind", remedy=remedy)
    number = pagination.read(parameters)
    total = site.claim_index.things_count(*things.selection(kind))

    def make(variant: Variant) -> Response | bytes:
        if variant.format in OFFERS[len(LIST_OFFERS) :]:
            return _whole(site, things, kind, total, variant)
        rows = listings.page(variant.reader, things, kind, number, PAGE_ROWS)
        if variant.format is HTML:
            kinds = _kinds(site, things, kind)
            body: bytes | str = render_template(
                "listing.html",
                listing=things,
                rows=rows,
                kind=kind,
                kinds=kinds,
                offers=[*filter(data_tables.is_available, OFFERS[1:])],
            )
        else:
            listed = rows.map([_row(site, things, row) for row in rows])
            body = list_formats.body(site, variant, name, listed, [*COLUMNS])
        return page_response(rows.at(name if suffix is None else f"{name}.{suffix}"), body, variant.content_type)

    query = faceting.target("", ({"kind": kind} if kind else {}) | ({"page": str(number)} if number > 1 else {}))
    resource = NegotiableResource(
        site, name, OFFERS, make, query=query, modified=site.modified, localized=True, total=total
    )
    return variants.respond(resource, suffix)


def _whole(site: Site, things: Listing, kind: str, total: int, variant: Variant) -> Response | bytes:
    """The whole list: as a stream of JSON Lines, or as a file. Raises UnavailableError where too many whole tables are
    being sent, and what ``data_tables.check`` raises."""
    first = (1 + start // _PIECE_ROWS for start in range(0, total, _PIECE_ROWS))
    pages = (listings.page(site, things, kind, number, _PIECE_ROWS) for number in first)
    rows = ([_row(site, things, row).values for row in page] for page in pages)
    leave = _slots.enter(site.caller().client) if total > _PIECE_ROWS else lambda: None
    if variant.format is JSONL:
        response = Response(_slots.pieces(map(data_tables.json_lines, rows)), content_type=variant.content_type)
        response.call_on_close(leave)
        return response
    try:
        data_tables.check(variant.format, total)
        facts = data_tables.facts_of(site, site.iris.url(things.name + (f"?kind={kind}" if kind else "")), total)
        cells = ([_cell(values.get(column)) for column in COLUMNS] for piece in rows for values in piece)
        table = DataTable(things.name, COLUMNS, cells, facts, site.release.manifest.created)
        return data_tables.write(table, variant.format)
    finally:
        leave()


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _kinds(site: Site, things: Listing, current: str) -> list[Option]:
    """The kinds of a list that have any members; none where only one kind has."""
    options = []
    for kind in things.kinds:
        href = faceting.target(site.iris.path(things.name), {} if kind == current else {"kind": kind})
        if count := site.claim_index.things_count(*things.selection(kind)):
            options.append(Option(Ref("", kind, None), count, href, kind == current))
    return options if len(options) > 1 else []


def _row(site: Site, things: Listing, row: ListedThing) -> ListRow:
    return ListRow(
        row.ref.iri,
        {
            "iri": row.ref.iri,
            "label": row.ref.label,
            "kind": row.kind,
            "claims": row.claims,
            **({"proposed": row.proposed} if row.proposed else {}),
            "document": site.iris.document(row.ref.iri),
        },
        faceting.claims_of(site, things.role, row.ref.iri),
        row.claims,
    )
