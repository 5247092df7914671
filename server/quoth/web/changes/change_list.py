"""Changes, the newest first: /changes those of the dataset, /claims/changes those of a list of claims; /changes/<n> is
one.

As pages, JSON, CSV, and as feeds: Atom (RFC 4287, paged and archived by RFC 5005), JSON Feed 1.1 and a page of
ActivityStreams 2.0. An entry has the time of its release, and an id that it keeps.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from quoth.errors import Link, NotFoundError
from quoth.formats import ACTIVITY, ATOM, CSV_RESULTS, HTML, JSON, JSON_FEED
from quoth.release.history.changes import Change
from quoth.release.history.past_changes import Wanted
from quoth.web.changes import activity_stream, change_request
from quoth.web.changes.change_request import PAGE, ChangePage
from quoth.web.core import csv_table, request_target, variants
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import change_view
from quoth.web.present.change_view import ChangeView
from quoth.web.present.lists import facet_values, table_request

OFFERS = (HTML, JSON, CSV_RESULTS, ATOM, JSON_FEED, ACTIVITY)
FEEDS = (ATOM, JSON_FEED, ACTIVITY)
COLUMNS = ("change", "release", "created", "event", "iri", "kind", "label", "article", "reason", "by", "date", "words")
FEW_CLAIMS = 5_000
"""A list of claims that is longer is compared with the changes, instead of the changes with the list."""
_SCANS, _SCANNED = 10, 1_000

blueprint = Blueprint("changes", __name__)


@blueprint.get("/changes")
@blueprint.get("/changes.<suffix>")
def changes(suffix: str | None = None) -> Response:
    """The changes of the dataset. Raises UsageError, NotFoundError, NotAcceptableError."""
    site = current_site()
    return _respond(site, change_request.read(site, request.args), suffix)


@blueprint.get("/claims/changes")
@blueprint.get("/claims/changes.<suffix>")
@sitemap_paths(None)
def claim_changes(suffix: str | None = None) -> Response:
    """The changes of the claims that are in a list now. Raises as ``changes`` does."""
    site = current_site()
    return _respond(site, _of_claims(site, request.args), suffix)


@blueprint.get("/changes/<int:number>")
@blueprint.get("/changes/<int:number>.<suffix>")
def change(number: int, suffix: str | None = None) -> Response:
    """One change. Raises NotFoundError, NotAcceptableError."""
    site = current_site()
    request_target.known_parameters(request.args, ("format",), "changes")
    found = change_request.history(site).changes(after=number - 1, limit=1)
    if not found or found[0].number != number:
        raise NotFoundError(f"there is no change {number} yet", remedy=f"see {site.iris.url('changes')}")
    path = f"changes/{number}"

    def make(variant: Variant) -> str:
        [view] = change_view.views(variant.reader, found)
        if variant.format is JSON:
            return _json(change_view.as_object(site, view))
        return render_template("change.html", view=view, stem=path, offers=(JSON,))

    depends = change_request.depends()
    resource = NegotiableResource(site, path, (HTML, JSON), make, modified=site.modified, depends=depends)
    return variants.respond(resource, suffix)


def _respond(site: Site, page: ChangePage, suffix: str | None) -> Response:
    url = site.iris.url
    following: list[Link] = [(url(target), "next", None)] if (target := page.next(suffix or "")) else []

    def make(variant: Variant) -> Response:
        return Response(_body(site, page, variant), content_type=variant.content_type)

    return variants.respond(
        NegotiableResource(
            site,
            page.path,
            OFFERS,
            make,
            following,
            query=page.target(before=page.before).removeprefix(page.path),
            modified=site.modified,
            total=page.total,
            depends=change_request.depends(),
        ),
        suffix,
    )


def _body(site: Site, page: ChangePage, variant: Variant) -> bytes | str:
    views = change_view.views(variant.reader, page.changes)
    if variant.format is HTML:
        return render_template("changes.html", page=page, views=views, offers=OFFERS[1:], feeds=FEEDS)
    if variant.format is ATOM:
        return render_template("changes.atom.xml", page=page, views=views, updated=_updated(site, page))
    if variant.format is JSON_FEED:
        return _json(_json_feed(site, page, views))
    if variant.format is ACTIVITY:
        return activity_stream.document(_activities(site, page, views))
    objects = [change_view.as_object(site, view) for view in views]
    if variant.format is JSON:
        following = page.next(JSON.suffix)
        return _json({"total": page.total, "next": following and site.iris.url(following), "changes": objects})
    return as_csv(objects)


def as_csv(objects: Iterable[Mapping[str, Any]]) -> bytes:
    """Changes, as ``change_view.as_object`` gives them, as CSV."""
    rows = (["\n".join(cell) if isinstance(cell := o[c], list) else str(cell or "") for c in COLUMNS] for o in objects)
    return csv_table.lines(rows, COLUMNS)


def _json_feed(site: Site, page: ChangePage, views: Sequence[ChangeView]) -> dict[str, Any]:
    """The page as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    url, following = site.iris.url, page.next(JSON_FEED.suffix)
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{title(page)} · {site.dataset_title}",
        "home_page_url": url(page.target()),
        "feed_url": url(page.target(JSON_FEED.suffix, page.before)),
        **({"next_url": url(following)} if following else {}),
        "description": about(page),
        "language": "en",
        "items": [
            {
                "id": change_view.address(site, view.change),
                "url": url(f"changes/{view.change.number}"),
                "external_url": view.change.iri,
                "title": view.title,
                "content_text": view.summary or view.title,
                "date_published": view.change.created,
                "tags": [tag for tag in (view.change.event, view.change.kind) if tag],
            }
            for view in views
        ],
    }


def _activities(site: Site, page: ChangePage, views: Sequence[ChangeView]) -> dict[str, Any]:
    """The page as one of a collection whose newest activity is the first."""
    url, suffix = site.iris.url, ACTIVITY.suffix
    following = page.next(suffix)
    return {
        "id": url(page.target(suffix, page.before)),
        "type": "OrderedCollectionPage",
        "name": f"{title(page)} · {site.dataset_title}",
        **({"totalItems": page.total} if page.total is not None else {}),
        "partOf": {"id": url(page.target()), "type": "OrderedCollection"},
        **({"next": {"id": url(following), "type": "OrderedCollectionPage"}} if following else {}),
        "orderedItems": [activity_stream.activity(site, view) for view in views],
    }


@blueprint.app_template_global("changes_title")
def title(page: ChangePage) -> str:
    """The title of a list of changes."""
    return f"Changes: {page.words}" if page.words else "Changes"


@blueprint.app_template_global("changes_about")
def about(page: ChangePage) -> str:
    """Which changes a list has."""
    if page.whole:
        about = "What each release added, changed, withdrew or published again, the newest first."
        return about if page.before else f"{about} {page.note}".rstrip()  # an archive stays as it is
    return (
        "Changes of the claims that are in this list now. Claims that were withdrawn are in no list any more:"
        " /changes?event=withdrawn has these, by article, entity, topic and source."
    )


@blueprint.app_template_global("change_address")
def change_address(item: Change) -> str:
    """The IRI of a change."""
    return change_view.address(current_site(), item)


def _updated(site: Site, page: ChangePage) -> str:
    """The time of the newest change in a feed; that of the release where it has none."""
    return page.changes[0].created if page.changes else site.release.manifest.created


def _of_claims(site: Site, args: MultiDict[str, str]) -> ChangePage:
    """The page of changes of the claims that the parameters of /claims select. Of a long list, a page may have few."""
    own = MultiDict([(k, v) for k, v in args.items(multi=True) if k not in ("before", "format")])
    wanted = table_request.read(site, own)
    values = request_target.single_valued(MultiDict([(k, v) for k, v in args.items(multi=True) if k == "before"]))
    before, past = change_request.before_of(values), change_request.history(site)
    parameters = tuple((k, v) for k, v in own.items(multi=True) if v.strip())
    count = site.claim_index.count(wanted.selection)
    found: list[Change] = []
    total: int | None = None
    following = before
    if count <= FEW_CLAIMS:
        among = site.claim_index.claims(wanted.selection, first=0, size=FEW_CLAIMS)
        selected = Wanted(among=among)
        total, found = past.count(selected), past.changes(selected, before=before, limit=PAGE + 1)
        following = found[PAGE - 1].number if len(found) > PAGE else None
    else:
        for _ in range(_SCANS):
            batch = past.changes(before=following, limit=_SCANNED)
            members = set(site.claim_index.among(wanted.selection, [c.iri for c in batch]))
            found += [c for c in batch if c.iri in members][: PAGE - len(found)]
            following = found[-1].number if len(found) == PAGE else batch[-1].number if len(batch) == _SCANNED else None
            if following is None or len(found) == PAGE:
                break
    things = wanted.choice.items()
    titled = [(name, facet_values.label(site, name, value)) for name, values in things for value in values]
    words = change_request.in_words([*titled, *(pair for pair in parameters if pair[0] not in wanted.choice)])
    return ChangePage(found[:PAGE], total, "claims/changes", parameters, before, following, words, whole=False)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
