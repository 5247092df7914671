"""The lists of things in the release: /articles, /entities, /sources, /topics; by number of claims."""

from flask import Blueprint, Response, render_template, request

from quoth.errors import UsageError
from quoth.formats import HTML
from quoth.http import pagination
from quoth.web.core import request_target, variants
from quoth.web.core.responses import page_response
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present.claim_view import Ref
from quoth.web.present.lists import faceting, list_formats, listings
from quoth.web.present.lists.faceting import Option
from quoth.web.present.lists.list_formats import LIST_OFFERS, ListRow
from quoth.web.present.lists.listings import LISTINGS, ListedThing, Listing

PAGE_ROWS = 100
COLUMNS = ("iri", "label", "kind", "claims", "proposed", "document")
"""The columns of a list as CSV."""

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

    def make(variant: Variant) -> Response:
        rows = listings.page(variant.reader, things, kind, number, PAGE_ROWS)
        if variant.format is HTML:
            kinds = _kinds(site, things, kind)
            body: bytes | str = render_template(
                "listing.html", listing=things, rows=rows, kind=kind, kinds=kinds, offers=LIST_OFFERS[1:]
            )
        else:
            listed = rows.map([_row(site, things, row) for row in rows])
            body = list_formats.body(site, variant, name, listed, COLUMNS)
        return page_response(rows.at(name if suffix is None else f"{name}.{suffix}"), body, variant.content_type)

    query = faceting.target("", ({"kind": kind} if kind else {}) | ({"page": str(number)} if number > 1 else {}))
    total = site.claim_index.things_count(*things.selection(kind))
    resource = NegotiableResource(
        site, name, LIST_OFFERS, make, query=query, modified=site.modified, localized=True, total=total
    )
    return variants.respond(resource, suffix)


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
