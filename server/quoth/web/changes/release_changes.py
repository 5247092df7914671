"""/releases/<n>/changes: what a release changed; from the release before, as the history has it, or from another one,
as the two releases' lines have it. RDF Patch (https://afs.github.io/rdf-patch/) has the statements themselves."""

from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, render_template, request

from quoth.errors import NotFoundError, UsageError
from quoth.formats import CSV_RESULTS, HTML, JSON, RDF_PATCH
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.release.history import diff
from quoth.release.history.past_changes import Wanted
from quoth.release.release import Release
from quoth.web.changes import change_request
from quoth.web.changes.change_list import as_csv
from quoth.web.core import request_target, variants
from quoth.web.core.archive import archive
from quoth.web.core.responses import page_json, page_response
from quoth.web.core.site import current_site, sitemap_paths
from quoth.web.core.stream_slots import StreamSlots
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import change_view

OFFERS = (HTML, JSON, CSV_RESULTS, RDF_PATCH)
PAGE = 100
_PIECE_LINES = 2_000
_slots = StreamSlots()

blueprint = Blueprint("release_changes", __name__)


@blueprint.get("/releases/<int:number>/changes")
@blueprint.get("/releases/<int:number>/changes.<suffix>")
@sitemap_paths(lambda site: [f"releases/{site.release.number}/changes"] if site.past else [])
def release_changes(number: int, suffix: str | None = None) -> Response:
    """What a release changed. Raises NotFoundError, UsageError, NotAcceptableError."""
    site, past = current_site(), change_request.history(current_site())
    values = request_target.known_parameters(request.args, ("from", "page", "format"), "changes of a release")
    created = dict(past.releases())
    if number not in created:
        raise NotFoundError(f"the history has no release {number}", remedy=f"see {site.iris.url('changes')}")
    earlier = _earlier(values.get("from"), number, list(created))
    total = past.last_of(number) - past.last_of(earlier)
    parameters = {"from": values["from"]} if "from" in values else {}
    path = f"releases/{number}/changes"
    page: Page[None] = pagination.page(
        (), number=pagination.read(values), size=PAGE, total=total, path=path, link_parameters=parameters
    )

    def make(variant: Variant) -> Response | bytes | str:
        if variant.format is RDF_PATCH:
            return _patch(earlier, number)
        first = past.last_of(earlier) + (page.number - 1) * PAGE
        last = past.last_of(number)
        changes = [c for c in past.changes(Wanted(), after=first, limit=PAGE) if c.number <= last]
        views = change_view.views(variant.reader, changes)
        rows = page.map(views)
        if variant.format is HTML:
            body: bytes | str = render_template(
                "release_changes.html",
                rows=rows,
                number=number,
                earlier=earlier,
                created=created[number],
                counts=past.counts(earlier, number),
                offers=OFFERS[1:],
                note=change_request.rolled_back(site) if number > site.release.number else "",
            )
        elif variant.format is JSON:
            body = page_json(
                rows, "changes", [change_view.as_object(site, v) for v in views], release=number, after=earlier or None
            )
        else:
            objects = (change_view.as_object(site, view) for view in views)
            body = as_csv(objects)
        return page_response(rows.at(path if suffix is None else f"{path}.{suffix}"), body, variant.content_type)

    return variants.respond(
        NegotiableResource(
            site,
            path,
            OFFERS,
            make,
            query=page.target(page.number).removeprefix(path),
            modified=site.modified,
            total=total,
            depends=change_request.depends(),
        ),
        suffix,
    )


def _earlier(value: str | None, number: int, known: list[int]) -> int:
    """The release with which one is compared: the one before it, or that of the parameter; 0 for none. Raises
    UsageError."""
    if value is None:
        return max((n for n in known if n < number), default=0)
    if not value.isdecimal() or int(value) not in known or int(value) >= number:
        earlier = ", ".join(str(n) for n in known if n < number) or "none"
        raise UsageError(
            f"{value[:80]!r} is no release before {number}", where="from", remedy=f"the releases before it: {earlier}"
        )
    return int(value)


def _patch(earlier: int, number: int) -> Response:
    """The statements that are gone and new, as a stream. Raises NotFoundError where one of the releases is not kept,
    UnavailableError where too much is being sent."""
    after = archive().release(number)
    before = archive().release(earlier) if earlier else None
    leave = _slots.enter(current_site().caller().client)
    response = Response(_slots.pieces(_patch_pieces(before, after)), content_type=RDF_PATCH.content_type)
    response.call_on_close(leave)
    return response


def _patch_pieces(before: Release | None, after: Release) -> Iterator[bytes]:
    lines = diff.patch(before, after)
    while piece := b"".join(islice(lines, _PIECE_LINES)):
        yield piece
