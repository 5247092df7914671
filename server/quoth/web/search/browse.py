"""What the release holds, as lists to begin from: /articles, /entities, /sources, /topics; by number of claims."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from quoth.errors import UsageError
from quoth.formats import HTML, JSON
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.web.core import request_target, variants
from quoth.web.core.responses import links
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import listings
from quoth.web.present.listings import LISTINGS, Listing, Row

OFFERS = (HTML, JSON)
PAGE_ROWS = 100


@dataclass(frozen=True)
class Chosen:
    """A kind that a list can be narrowed to."""

    name: str
    count: int
    href: str
    selected: bool


blueprint = Blueprint("listings", __name__)


@blueprint.get("/<any(articles, entities, sources, topics):name>")
@blueprint.get("/<any(articles, entities, sources, topics):name>.<suffix>")
@sitemap_paths(lambda site: LISTINGS)
def listing(name: str, suffix: str | None = None) -> Response:
    """A list as a page or as JSON, in pages. Raises UsageError, NotAcceptableError; NotFoundError past the last."""
    here, found = current_site(), LISTINGS[name]
    asked = request_target.single_valued(request.args)
    kind = asked.get("kind") or ""
    if kind and kind not in found.kinds:
        raise UsageError(
            f"{kind[:80]!r} is no kind", where="kind", remedy="expected is one of " + ", ".join(found.kinds)
        )
    number = pagination.read(asked)

    def make(variant: Variant) -> Response:
        rows = listings.page(variant.reader, found, kind, number, PAGE_ROWS)
        if variant.format is HTML:
            made = render_template("listing.html", listing=found, rows=rows, kind=kind, kinds=_kinds(here, found, kind))
        else:
            made = _json(here, rows)
        response = Response(made, content_type=variant.content_type)
        response.headers["X-Total-Count"] = str(rows.total)
        if rows.pages > 1:
            response.headers["Link"] = links(
                rows.at(name if suffix is None else f"{name}.{suffix}").links(here.iris.url)
            )
        return response

    kept = {**({"kind": kind} if kind else {}), **({"page": number} if number > 1 else {})}
    query = f"?{urlencode(kept)}" if kept else ""
    resource = NegotiableResource(here, name, OFFERS, make, query=query, modified=here.modified, localized=True)
    return variants.respond(resource, suffix)


def _kinds(here: Site, found: Listing, current: str) -> list[Chosen]:
    """The kinds of a list that have any members; none where there is but one."""
    chosen = []
    for kind in found.kinds:
        count = here.claim_index.things_count(*listings.narrowed(found, kind))
        target = found.name if kind == current else f"{found.name}?{urlencode({'kind': kind})}"
        if count:
            chosen.append(Chosen(kind, count, here.iris.path(target), kind == current))
    return chosen if len(chosen) > 1 else []


def _json(here: Site, rows: Page[Row]) -> str:
    data = [
        {
            "iri": row.ref.iri,
            "label": row.ref.label,
            "kind": row.kind,
            "claims": row.claims,
            "document": here.iris.url(f"doc/{here.iris.name(row.ref.iri)}") if here.iris.name(row.ref.iri) else None,
        }
        for row in rows.items
    ]
    following = rows.at(f"{rows.path}.json").next
    body = {"total": rows.total, "next": following and here.iris.url(following), rows.path: data}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"
