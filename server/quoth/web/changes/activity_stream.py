"""The changes as an ActivityStreams 2.0 collection (https://www.w3.org/TR/activitystreams-core/), in pages from the
oldest to the newest activity, as in IIIF Change Discovery 1.0: a client begins at the last page and follows ``prev``.

A page that is full never changes again.
"""

import json
from typing import Any

from flask import Blueprint, Response, request

from quoth.errors import NotFoundError
from quoth.formats import ACTIVITY
from quoth.http.accept import choose
from quoth.release.past_changes import PastChanges
from quoth.web.changes import change_request
from quoth.web.core import request_target
from quoth.web.core.archive import IMMUTABLE
from quoth.web.core.responses import validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.present import change_view
from quoth.web.present.change_quads import ACTIVITIES, ACTIVITY_STREAMS
from quoth.web.present.change_view import ChangeView

PAGE = 100
_PATH = "changes/activities"

blueprint = Blueprint("activities", __name__)


@blueprint.get(f"/{_PATH}")
@sitemap_paths(None)
def collection() -> Response:
    """The collection. Raises NotFoundError, NotAcceptableError."""
    site, past = current_site(), change_request.history(current_site())
    pages = _pages(past)
    ends = {"first": _page_reference(site, 1), "last": _page_reference(site, pages)} if pages else {}
    return _respond(
        site,
        _PATH,
        {"id": site.iris.url(_PATH), "type": "OrderedCollection", "totalItems": past.last(), **ends},
    )


@blueprint.get(f"/{_PATH}/<int:number>")
@sitemap_paths(None)
def page(number: int) -> Response:
    """A page of the collection. Raises NotFoundError, NotAcceptableError."""
    site, past = current_site(), change_request.history(current_site())
    pages = _pages(past)
    if number > pages:
        raise NotFoundError(f"there are {pages} pages so far", remedy=f"begin at {site.iris.url(_PATH)}")
    changes = past.changes(after=(number - 1) * PAGE, limit=PAGE)
    around = {"prev": number - 1, "next": number + 1}
    value = {
        "id": site.iris.url(f"{_PATH}/{number}"),
        "type": "OrderedCollectionPage",
        "startIndex": (number - 1) * PAGE,
        "partOf": {"id": site.iris.url(_PATH), "type": "OrderedCollection"},
        **{rel: _page_reference(site, n) for rel, n in around.items() if 1 <= n <= pages},
        "orderedItems": [_activity(site, view) for view in change_view.views(site, changes)],
    }
    return _respond(site, f"{_PATH}/{number}", value, final=number < pages)


def _pages(past: PastChanges) -> int:
    return -(-past.last() // PAGE)


def _page_reference(site: Site, number: int) -> dict[str, str]:
    return {"id": site.iris.url(f"{_PATH}/{number}"), "type": "OrderedCollectionPage"}


def _activity(site: Site, view: ChangeView) -> dict[str, Any]:
    change = view.change
    document = site.iris.document(change.iri)
    return {
        "id": change_view.address(site, change),
        "type": ACTIVITIES[change.event],
        "summary": view.title,
        **({"content": change.reason, "mediaType": "text/plain"} if change.reason else {}),
        **({"attributedTo": {"id": view.by.iri, "name": view.by.label}} if view.by else {}),
        "endTime": change.created,
        "object": {
            "id": change.iri,
            "type": "Document",
            "name": view.thing.label,
            **({"url": document} if document else {}),
        },
    }


def _respond(site: Site, path: str, value: dict[str, Any], final: bool = False) -> Response:
    request_target.known_parameters(request.args, ("format",), path)
    choose(request.headers.get("Accept"), (ACTIVITY,))
    body = json.dumps({"@context": ACTIVITY_STREAMS, **value}, ensure_ascii=False, indent=1) + "\n"
    response = validated(lambda: body, site.etag(path), ACTIVITY.content_type, modified=site.modified)
    if final and site.engine.constant:
        response.headers["Cache-Control"] = IMMUTABLE
    return response
