"""/reconcile: the Entity Reconciliation API of a W3C Community Group, so that tables can be matched with the release.

/reconcile has the manifest of version 0.2 and answers its queries; /reconcile/v1 has that of the 1.0 draft, which
cannot be the same document. What both versions have alike is at both addresses.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header

from quoth.errors import NotFoundError, UsageError
from quoth.formats import HTML, JSON
from quoth.http import accept_language
from quoth.http.forms import FORM
from quoth.index import names
from quoth.index.similarity import folded
from quoth.web.core.problem_details import HttpError
from quoth.web.core.responses import CONTENT_SECURITY_POLICY, links, validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.present import claim_view
from quoth.web.reconcile import requests, responses, schema
from quoth.web.reconcile.candidates import candidates
from quoth.web.reconcile.values import Known, meant

SUGGESTIONS, SUGGESTIONS_LIMIT, FARTHEST = 10, 50, 10_000
_FRAMED = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""A preview is made to be shown within the page of a client."""

blueprint = Blueprint("reconcile", __name__)
View = TypeVar("View", bound=Callable[..., Response])


def _route(path: str, *methods: str) -> Callable[[View], View]:
    """A view at both addresses of the service."""

    def routed(view: View) -> View:
        for root in ("/reconcile", "/reconcile/v1"):
            blueprint.add_url_rule(root + path, view_func=view, methods=[*methods] or ["GET"])
        return sitemap_paths(None)(view)

    return routed


@blueprint.route("/reconcile", methods=["GET", "POST"])
@blueprint.route("/reconcile/", methods=["GET", "POST"])
@sitemap_paths(None)
def endpoint() -> Response:
    """The manifest of version 0.2; its queries and extensions, by GET or by POST of a form. Raises UsageError."""
    if request.method == "POST" and parse_options_header(request.headers.get("Content-Type"))[0] != FORM:
        raise _unsupported(FORM)
    given = request.form if request.method == "POST" else request.args
    asked = [name for name in ("queries", "extend") if name in given]
    if len(asked) > 1:
        raise UsageError("there are both queries and an extension", where="reconcile", remedy="send one of them")
    if not asked and request.method == "POST":
        raise UsageError("there are neither queries nor an extension", where="reconcile", remedy="send a form with one")
    if not asked:
        return _manifest(draft=False)
    data = requests.parsed(given[asked[0]], asked[0])
    if asked == ["extend"]:
        extension = requests.extension(data)
        return _answer(lambda here: responses.extended(here, extension, draft=False))
    queries = requests.batch(data)
    return _answer(
        lambda here: {
            key: {"result": responses.result(here, found)}
            for key, found in zip(queries, candidates(here, list(queries.values())), strict=True)
        }
    )


@blueprint.get("/reconcile/v1")
@blueprint.get("/reconcile/v1/")
@sitemap_paths(None)
def draft() -> Response:
    """The manifest of the 1.0 draft."""
    return _manifest(draft=True)


@_route("/match", "POST")
def match() -> Response:
    """The candidates for a batch of queries of the 1.0 draft. Raises UsageError, HttpError."""
    queries = requests.drafted(_body())
    return _answer(
        lambda here: {"results": [{"candidates": responses.result(here, found)} for found in candidates(here, queries)]}
    )


@_route("/extend", "POST")
def extend() -> Response:
    """The values of properties, in the form of the 1.0 draft. Raises UsageError, HttpError."""
    extension = requests.extension(_body())
    return _answer(lambda here: responses.extended(here, extension, draft=True))


@_route("/extend/propose")
def propose() -> Response:
    """Properties that entities of a type can have."""
    type, limit = request.args.get("type", ""), _number("limit", 0, len(schema.TYPES) * 100)

    def proposal(here: Site) -> dict[str, Any]:
        found = schema.proposed(here, type)[: limit or None]
        named = [{"id": p.id, "name": p.name, "description": p.description} for p in found]
        return {"properties": named, "type": type, **({"limit": limit} if limit else {})}

    return _answer(proposal)


@_route("/suggest/<any(entity, property, type):kind>")
def suggest(kind: str) -> Response:
    """Entities, properties or types whose name or id goes on as ``prefix`` begins."""
    prefix = request.args.get("prefix", "")[:500]
    size = _number("limit", SUGGESTIONS, SUGGESTIONS_LIMIT) or SUGGESTIONS
    first = _number("offset" if "offset" in request.args else "cursor", 0, FARTHEST)

    def suggestions(here: Site) -> dict[str, Any]:
        if kind == "entity":
            return {"result": _entities(here, prefix, first, size)}
        every: Iterable[dict[str, Any]]
        if kind == "property":
            every = map(responses.suggested_property, schema.properties(here).values())
        else:
            every = map(responses.suggested_type, schema.TYPES.values())
        return {"result": [one for one in every if _begins(prefix, one)][first : first + size]}

    return _answer(suggestions)


def _entities(here: Site, prefix: str, first: int, size: int) -> list[dict[str, Any]]:
    everything = schema.among(list(schema.TYPES.values()))
    found = names.beginning(here.claim_index, prefix, everything, first=first, size=size)
    itself = [] if first else [iri for iri in meant(here, prefix) if prefix]
    known = Known(here, [*itself, *found])
    here.labels.fetch(found)
    shown = [iri for iri in dict.fromkeys([*itself, *found]) if known.there(iri)]
    return [responses.suggested_entity(known, iri) for iri in shown][:size]


def _begins(prefix: str, one: dict[str, Any]) -> bool:
    start = folded(prefix)
    named = (one["id"], one["name"], *one["name"].split())
    return prefix in (one["id"], one["description"]) or any(folded(name).startswith(start) for name in named)


@_route("/flyout/<any(entity, property, type):kind>")
def flyout(kind: str) -> Response:
    """A few words of HTML about an entity, a property or a type. Raises NotFoundError."""
    here, id = current_site(), request.args.get("id", "")
    if kind == "entity":
        name, words = _shown(here, id)
    else:
        every = map(responses.suggested_property, schema.properties(here).values())
        all_types = map(responses.suggested_type, schema.TYPES.values())
        found = next((one for one in (every if kind == "property" else all_types) if one["id"] == id), None)
        if found is None:
            raise NotFoundError(f"there is no {kind} {id[:200]!r}", remedy=here.iris.url(f"reconcile/suggest/{kind}"))
        name, words = found["name"], found["description"]
    html = render_template("flyout.html", name=name, words=words).strip()
    return _answer(lambda _: {"id": id, "html": html})


def _shown(here: Site, id: str) -> tuple[str, str]:
    iri = _existing(here, id)
    return here.labels.label(iri), responses.description(Known(here, [iri]), iri)


@_route("/preview")
def preview() -> Response:
    """A small page about an entity, to be shown within the page of a client. Raises NotFoundError."""
    here = current_site()
    iri = _existing(here, request.args.get("id", ""))
    known = Known(here, [iri])
    types = schema.of_classes(known.classes(iri))
    claim = next(iter(claim_view.claims(here, [iri])), None) if any(t.id == "Claim" for t in types) else None

    def page() -> str:
        return render_template(
            "preview.html",
            ref=claim_view.ref(here, iri),
            types=types,
            claim=claim,
            note=responses.shortened(responses.note(known, iri)),
            also=[v.text for v in known.values(iri, schema.properties(here)["altLabel"])],
        )

    headers = Headers({"Content-Security-Policy": _FRAMED})
    return validated(page, here.etag("reconcile preview", iri), HTML.content_type, headers)


@_route("/view")
def view() -> Response:
    """303 to an entity, whose id clients percent-encode whole (0.2 §2.1). Raises NotFoundError."""
    here = current_site()
    iri = _existing(here, request.args.get("id", ""))
    url = here.iris.url(f"id/{here.iris.name(iri)}")
    response = Response(f"{url}\n", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = url
    response.headers["Cache-Control"] = "no-cache"
    return response


def _existing(here: Site, id: str) -> str:
    for iri in meant(here, id) if id else ():
        if here.iris.name(iri) and here.about(iri):
            return iri
    raise NotFoundError(
        f"release {here.release.number} has no {id[:200]!r}", where="id", remedy=here.iris.url("search")
    )


def _manifest(draft: bool) -> Response:
    here = current_site()
    other = here.iris.url("reconcile" if draft else "reconcile/v1")
    headers = Headers({"Link": links([(here.iris.url("guide/reconciling"), "service-doc", None),
                                      (other, "alternate", "application/json")])})  # fmt: skip
    text = json.dumps(responses.manifest(here, draft), ensure_ascii=False, indent=1) + "\n"
    return validated(lambda: text, here.etag("reconcile", str(draft)), JSON.content_type, headers)


def _answer(make: Callable[[Site], dict[str, Any]]) -> Response:
    """What is made, as JSON; labels are in the languages that the client prefers, where there are any."""
    preferred = accept_language.preferred(request.headers.get("Accept-Language"))
    here = current_site().speaking(preferred)

    def made() -> Response:
        response = Response(json.dumps(make(here), ensure_ascii=False) + "\n", content_type=JSON.content_type)
        response.headers["Content-Language"] = ", ".join([accept_language.OWN, *sorted(here.labels.used)])
        return response

    if request.method == "POST":
        response = made()
        response.headers["Cache-Control"] = "no-store"
    else:
        tag = here.etag("reconcile", request.path, request.query_string.decode("latin-1"), *preferred)
        response = validated(made, tag, JSON.content_type, Headers())
    response.vary.add("Accept-Language")
    return response


def _body() -> Any:
    """The body, which is JSON (RFC 8259). Raises UsageError, HttpError (415)."""
    if parse_options_header(request.headers.get("Content-Type"))[0] != JSON.media_type:
        raise _unsupported(JSON.media_type)
    return requests.parsed(request.get_data(cache=False), "body")


def _unsupported(wanted: str) -> HttpError:
    sent = request.headers.get("Content-Type", "a body without a Content-Type")[:200]
    return HttpError(415, "Unsupported media type", f"{sent} is not read here", f"send {wanted}")


def _number(name: str, default: int, most: int) -> int:
    raw = request.args.get(name, "")
    if not raw:
        return default
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 10):
        raise UsageError(f"{raw[:80]!r} is no whole number", where=name, remedy=f"give one up to {most:,}")
    return min(int(raw), most)
