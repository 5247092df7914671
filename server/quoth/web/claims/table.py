"""The table of claims, /claims: a row for each, narrowed by parameters; as a page, CSV, JSON and RDF.

CSV, JSON Lines, N-Quads and files of tables hold every row of the selection, unless ``limit`` or ``page`` is given; the
others come in pages. More rows than a page may have are sent as a stream, and few streams at a time (stream_slots).
"""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from quoth.claim.model.namespaces import RDFS
from quoth.formats import CSV_RESULTS, HTML, JSON, JSONL, NQUADS, RDF_FORMATS
from quoth.http.pagination import Page
from quoth.web.claims import claim_rows, table_page
from quoth.web.core import data_tables, request_target, variants
from quoth.web.core.data_tables import DataTable
from quoth.web.core.responses import page_json, page_response
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.stream_slots import StreamSlots
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe.bulk import gather, in_batches
from quoth.web.describe.collection import collection_quads
from quoth.web.present.claim_lookup import claims
from quoth.web.present.lists.table_request import BATCHES, MOST_ROWS, TableRequest, read

# A program that names no type, as pandas does, wants the rows.
OFFERS = (CSV_RESULTS, JSON, JSONL, *data_tables.FORMATS, *RDF_FORMATS, HTML)
_slots = StreamSlots()

blueprint = Blueprint("table", __name__)


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
        if variant.format in data_tables.FORMATS:
            return _file(site, wanted, page, variant)
        if not wanted.wants_all(variant.format):
            body = _body(variant.reader, wanted, page, variant)
            return page_response(page.at(address), body, variant.content_type)
        if page.total > MOST_ROWS:
            return _stream(site, wanted, variant)
        return _body(site, wanted, page, variant)

    response = variants.respond(
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
    if vain := _without_claims(site, wanted, page):
        # A CSV has no other place for it.
        response.headers["X-Without-Claims"] = urlencode([(name, value) for name, value, _ in vain])
    return response


def _without_claims(site: Site, wanted: TableRequest, page: Page[None]) -> list[tuple[str, str, str]]:
    """The parameters and values of an empty table that no claim has, whatever else is chosen, and why in words."""
    vain = [] if page.total else table_page.without_claims(site, wanted)
    return [(name, ref.iri or ref.label, why) for name, _, ref, why in vain]


def _body(site: Site, wanted: TableRequest, page: Page[None], variant: Variant) -> bytes | str:
    format = variant.format
    size = MOST_ROWS if wanted.wants_all(format) else page.size
    iris = site.claim_index.claims(wanted.selection, first=(page.number - 1) * page.size, size=size)
    if wanted.wants_all(format) and format is NQUADS:
        return _nquads(gather(site, iris).everything)
    if format in RDF_FORMATS:
        listed = collection_quads(site.iris, page.at(f"claims.{format.suffix}"), iris)
        collection, vain = ox.NamedNode(site.iris.url(page.target(1))), _without_claims(site, wanted, page)
        said = (f"{name}={value} {why}" for name, value, why in vain)
        listed += (ox.Quad(collection, RDFS.comment, ox.Literal(words, language="en")) for words in said)
        quads = [*gather(site, iris).everything, *listed]
        if format is NQUADS:
            return _nquads(quads)
        return serialize(quads, format, site.iris, root=site.iris.url(page.target(1)), profile=variant.profile)
    if format is CSV_RESULTS:
        return claim_rows.lines(site, claims(site, iris), head=True)
    if format is JSONL:
        return data_tables.json_lines(claim_rows.objects(site, claims(site, iris)))
    rows = page.map(claims(site, iris))
    if format is HTML:
        return render_template(
            "claims.html", **table_page.variables(site, wanted, rows, [*filter(data_tables.is_available, OFFERS[:-1])])
        )
    vain = _without_claims(site, wanted, page)
    nothing = {"without_claims": [f"{name}={value}" for name, value, _ in vain]} if vain else {}
    if withdrawn := [f"{name}={value} {why}" for name, value, why in vain if "withdrawn" in why]:
        nothing["withdrawn"] = withdrawn
    return page_json(rows, "claims", list(claim_rows.objects(site, rows)), **nothing)


def _stream(site: Site, wanted: TableRequest, variant: Variant) -> Response:
    """Every row, in pieces of bounded size. Raises UnavailableError where too many tables are being sent."""
    leave = _slots.enter(site.caller().client)
    size = BATCHES[variant.format]
    if variant.format is CSV_RESULTS:
        pieces = _lines(site, site.claim_index.batches(wanted.selection, size))
    elif variant.format is JSONL:
        batches = site.claim_index.batches(wanted.selection, size)
        pieces = (data_tables.json_lines(claim_rows.objects(site, claims(site, iris))) for iris in batches)
    else:
        pieces = map(_nquads, in_batches(site, wanted.selection, size))
    response = Response(_slots.pieces(pieces), content_type=variant.content_type)
    response.call_on_close(leave)
    return response


def _file(site: Site, wanted: TableRequest, page: Page[None], variant: Variant) -> bytes:
    """The rows as a file of a table. Raises what ``data_tables.check`` raises, and UnavailableError where too many
    tables are being made."""
    everything = wanted.wants_all(variant.format)
    data_tables.check(variant.format, page.total if everything else page.size)
    if everything:
        batches = site.claim_index.batches(wanted.selection, BATCHES[variant.format])
    else:
        batches = iter([site.claim_index.claims(wanted.selection, first=(page.number - 1) * page.size, size=page.size)])
    rows = (claim_rows.cells(site, row) for iris in batches for row in claim_rows.rows(site, claims(site, iris)))
    facts = data_tables.facts_of(site, site.iris.url(page.target(page.number)), page.total)
    table = DataTable("claims", claim_rows.COLUMNS, rows, facts, site.release.manifest.created)
    if not everything or page.total <= MOST_ROWS:
        return data_tables.write(table, variant.format)
    leave = _slots.enter(site.caller().client)
    try:
        return b"".join(_slots.pieces(data_tables.write(table, format) for format in (variant.format,)))
    finally:
        leave()


def _lines(site: Site, batches: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield claim_rows.lines(site, (), head=True)
    for iris in batches:
        yield claim_rows.lines(site, claims(site, iris), head=False)


def _nquads(quads: Iterable[ox.Quad]) -> bytes:
    """The quads in an order that is the same on any engine."""
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))
