"""/reconcile: the Entity Reconciliation API of a W3C Community Group, so that tables can be matched with the release.

/reconcile has the manifest of version 0.2 and answers its queries; /reconcile/v1 has that of the 1.0 draft, which
cannot be the same document. All that is the same in both versions is at both addresses.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header

from quoth.errors import GoneError, NotFoundError, UsageError
from quoth.formats import HTML, JSON
from quoth.http import accept_language, message
from quoth.http.message import FORM
from quoth.index import names
from quoth.index.similarity import folded
from quoth.web.core.problem_details import HttpError
from quoth.web.core.responses import CONTENT_SECURITY_POLICY, links, see_other, validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.present import claim_lookup, withdrawal_notices
from quoth.web.reconcile import requests, responses, schema
from quoth.web.reconcile.candidates import candidates
from quoth.web.reconcile.requests import Node
from quoth.web.reconcile.values import Entities, candidate_iris

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
    if request.method == "POST":
        _require(FORM)
    parameters = request.form if request.method == "POST" else request.args
    sent = [name for name in ("queries", "extend") if name in parameters]
    if len(sent) > 1:
        raise UsageError("there are both queries and an extension", where="reconcile", remedy="send one of them")
    if not sent and request.method == "POST":
        raise UsageError("there are neither queries nor an extension", where="reconcile", remedy="send a form with one")
    if not sent:
        message.refuse_misspelt(parameters, ("queries", "extend"))
        return _manifest(draft=False)
    document = requests.parsed(parameters[sent[0]], sent[0])
    if sent == ["extend"]:
        extension = requests.extension(document)
        return _answer(lambda site: responses.extended(site, extension, draft=False))
    queries = requests.batch(document)

    def results(site: Site) -> dict[str, Any]:
        ranked = candidates(site, list(queries.values()))
        return {name: {"result": responses.result(site, each)} for name, each in zip(queries, ranked, strict=True)}

    return _answer(results)


@blueprint.get("/reconcile/v1")
@blueprint.get("/reconcile/v1/")
@sitemap_paths(None)
def draft() -> Response:
    """The manifest of the 1.0 draft. Raises UsageError for queries of version 0.2."""
    if sent := next((name for name in ("queries", "extend") if name in request.args), None):
        remedy = "send them to /reconcile, or by POST to /reconcile/v1/match and /reconcile/v1/extend"
        raise UsageError("the 1.0 draft has no such parameter", where=sent, remedy=remedy)
    return _manifest(draft=True)


@_route("/match", "POST")
def match() -> Response:
    """The candidates for a batch of queries of the 1.0 draft. Raises UsageError, HttpError."""
    queries = requests.draft_batch(_body())
    return _answer(
        lambda site: {"results": [{"candidates": responses.result(site, each)} for each in candidates(site, queries)]}
    )


@_route("/extend", "POST")
def extend() -> Response:
    """The values of properties, in the form of the 1.0 draft. Raises UsageError, HttpError."""
    extension = requests.extension(_body())
    return _answer(lambda site: responses.extended(site, extension, draft=True))


@_route("/extend/propose")
def propose() -> Response:
    """Properties that entities of a type can have."""
    message.refuse_misspelt(request.args, ("type", "limit", "cursor"))
    type, limit = request.args.get("type", ""), requests.number("limit", 0, len(schema.TYPES) * 100)
    return _answer(lambda site: responses.proposal(site, type, limit))


@_route("/suggest/<any(entity, property, type):kind>")
def suggest(kind: str) -> Response:
    """Entities, properties or types whose name or id begins with ``prefix``."""
    prefix = requests.required("prefix", "limit", "offset", "cursor")[:500]
    size = requests.number("limit", SUGGESTIONS, SUGGESTIONS_LIMIT) or SUGGESTIONS
    first = requests.number("offset" if "offset" in request.args else "cursor", 0, FARTHEST)

    def suggestions(site: Site) -> dict[str, Any]:
        if kind == "entity":
            return {"result": _entities(site, prefix, first, size)}
        terms = [term for term in responses.suggested_terms(site, kind) if _begins(prefix, term)]
        return {"result": terms[first : first + size]}

    return _answer(suggestions)


def _entities(site: Site, prefix: str, first: int, size: int) -> list[dict[str, Any]]:
    named = names.beginning(site.claim_index, prefix, schema.EVERYTHING, first=first, size=size)
    iris = list(dict.fromkeys([*(candidate_iris(site, prefix) if prefix and not first else ()), *named]))
    entities = Entities(site, iris)
    site.labels.fetch(named)
    return responses.suggested_entities(entities, [iri for iri in iris if entities.exists(iri)][:size])


def _begins(prefix: str, term: dict[str, Any]) -> bool:
    if prefix in (term["id"], term["description"]):
        return True
    return any(folded(name).startswith(folded(prefix)) for name in (term["id"], term["name"], *term["name"].split()))


@_route("/flyout/<any(entity, property, type):kind>")
def flyout(kind: str) -> Response:
    """A few words of HTML about an entity, a property or a type. Raises NotFoundError."""
    site, id = current_site(), requests.required("id")
    if kind == "entity":
        iri = _existing(site, id)
        name, words = site.labels.label(iri), responses.description(Entities(site, [iri]), iri)
    else:
        term = next((term for term in responses.suggested_terms(site, kind) if term["id"] == id), None)
        if term is None:
            raise NotFoundError(
                f"there is no {kind} {id[:200]!r}", remedy=f"see {site.iris.url(f'reconcile/suggest/{kind}?prefix=')}"
            )
        name, words = term["name"], term["description"]
    html = render_template("flyout.html", name=name, words=words).strip()
    return _answer(lambda _: {"id": id, "html": html})


@_route("/preview")
def preview() -> Response:
    """A small page about an entity, to be shown within the page of a client. Raises NotFoundError."""
    site = current_site()
    iri = _existing(site, requests.required("id"))

    def page() -> str:
        entities = Entities(site, [iri])
        types = entities.types(iri)
        return render_template(
            "preview.html",
            ref=claim_lookup.ref(site, iri),
            types=types,
            claim=next(iter(claim_lookup.claims(site, [iri])), None) if any(t.id == "Claim" for t in types) else None,
            note=responses.truncate(responses.note(entities, iri)),
            also=[value.text for value in entities.values(iri, schema.properties(site)["altLabel"])],
        )

    headers = Headers({"Content-Security-Policy": _FRAMED})
    return validated(page, site.etag("reconcile preview", iri), HTML.content_type, headers)


@_route("/view")
def view() -> Response:
    """303 to an entity, whose id clients percent-encode whole (0.2 §2.1). Raises NotFoundError."""
    site = current_site()
    iri = _existing(site, requests.required("id"))
    return see_other([site.iris.url(f"id/{site.iris.name(iri)}")])


def _existing(site: Site, id: str) -> str:
    """The IRI that an id names. Raises NotFoundError, and GoneError with the reason for what was withdrawn."""
    iris = candidate_iris(site, id) if id else []
    for iri in iris:
        if site.iris.name(iri) and site.about(iri):
            return iri
    if notice := withdrawal_notices.find(site, iris):
        remedy = f"see {site.iris.url(f'doc/{site.iris.name(notice.iri)}')}"
        said = f"{id[:200]!r} {withdrawal_notices.signed(site, notice)}: {notice.reason}"
        raise GoneError(said, remedy=remedy, links=withdrawal_notices.replacement_links([notice]))
    raise NotFoundError(
        f"release {site.release.number} has no {id[:200]!r}",
        where="id",
        remedy=f"look for it at {site.iris.url('search')}",
    )


def _manifest(draft: bool) -> Response:
    site = current_site()
    other = site.iris.url("reconcile" if draft else "reconcile/v1")
    headers = Headers({"Link": links([(site.iris.url("guide/reconciling"), "service-doc", None),
                                      (other, "alternate", "application/json")])})  # fmt: skip
    text = json.dumps(responses.manifest(site, draft), ensure_ascii=False, indent=1) + "\n"
    return validated(lambda: text, site.etag("reconcile", str(draft)), JSON.content_type, headers)


def _answer(make: Callable[[Site], dict[str, Any]]) -> Response:
    """The JSON of the object that ``make`` gives; labels are in the languages that the client prefers, as far as the
    release has them."""
    preferred = accept_language.preferred_languages(request.headers.get("Accept-Language"))
    site = current_site().speaking(preferred)

    def made() -> Response:
        response = Response(json.dumps(make(site), ensure_ascii=False) + "\n", content_type=JSON.content_type)
        response.headers["Content-Language"] = ", ".join([accept_language.OWN, *sorted(site.labels.used)])
        return response

    if request.method == "POST":
        response = made()
        response.headers["Cache-Control"] = "no-store"
    else:
        tag = site.etag("reconcile", request.path, request.query_string.decode("latin-1"), *preferred)
        response = validated(made, tag, JSON.content_type, Headers())
    response.vary.add("Accept-Language")
    return response


def _body() -> Node:
    """The body, which is JSON (RFC 8259). Raises UsageError, HttpError (415)."""
    _require(JSON.media_type)
    return requests.parsed(request.get_data(cache=False), "body")


def _require(media_type: str) -> None:
    """Raises HttpError (415) for a body of another media type."""
    sent = request.headers.get("Content-Type")
    if parse_options_header(sent)[0] != media_type:
        name = "a body without a Content-Type" if sent is None else sent[:200]
        raise HttpError(415, "Unsupported media type", f"{name} is not read here", f"send {media_type}")
