"""The changes as an ActivityStreams 2.0 collection (https://www.w3.org/TR/activitystreams-core/), in pages from the
oldest to the newest activity, as in IIIF Change Discovery 1.0: a client begins at the last page and follows ``prev``.

A page that is full stays as it is, but for words that are redacted: so caches ask for it again, which costs a 304. The
parameters that narrow /changes narrow the collection, too.
"""

import json
from typing import Any

from flask import Blueprint, Response, request

from quoth.formats import ACTIVITY
from quoth.http.accept import choose
from quoth.web.changes import change_request
from quoth.web.changes.change_request import NumberedPages
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
    """The collection, or that of the changes which the parameters name. Raises UsageError, NotFoundError,
    NotAcceptableError."""
    site = current_site()
    pages = change_request.numbered(site, request.args, _PATH, PAGE)
    ends = {"first": 1, "last": pages.count} if pages.count else {}
    note = change_request.rolled_back(site)
    return _respond(
        site,
        pages.target(),
        {
            "id": site.iris.url(pages.target()),
            "type": "OrderedCollection",
            **({"summary": note} if note else {}),
            "totalItems": pages.total,
            **{rel: _reference(site, pages, number) for rel, number in ends.items()},
        },
    )


@blueprint.get(f"/{_PATH}/<int:number>")
@sitemap_paths(None)
def page(number: int) -> Response:
    """A page of the collection. Raises as ``collection`` does."""
    site = current_site()
    pages = change_request.numbered(site, request.args, _PATH, PAGE)
    changes = pages.page(site, number)
    final = len(changes) > PAGE
    around = {"prev": number - 1, "next": number + 1 if final else 0}
    value = {
        "id": site.iris.url(pages.target(number)),
        "type": "OrderedCollectionPage",
        "startIndex": (number - 1) * PAGE,
        "partOf": {"id": site.iris.url(pages.target()), "type": "OrderedCollection"},
        **{rel: _reference(site, pages, n) for rel, n in around.items() if n},
        "orderedItems": [activity(site, view) for view in change_view.views(site, changes[:PAGE])],
    }
    return _respond(site, pages.target(number), value)


def _reference(site: Site, pages: NumberedPages, number: int) -> dict[str, str]:
    return {"id": site.iris.url(pages.target(number)), "type": "OrderedCollectionPage"}


def activity(site: Site, view: ChangeView) -> dict[str, Any]:
    """A change as an activity (ActivityStreams 2.0 §2.2)."""
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


def document(value: dict[str, Any]) -> str:
    """A collection or a page of one as JSON."""
    return json.dumps({"@context": ACTIVITY_STREAMS, **value}, ensure_ascii=False, indent=1) + "\n"


def _respond(site: Site, target: str, value: dict[str, Any]) -> Response:
    choose(request.headers.get("Accept"), (ACTIVITY,))
    body = document(value)
    etag = site.etag(target, *change_request.depends())
    return validated(lambda: body, etag, ACTIVITY.content_type, modified=site.modified)
