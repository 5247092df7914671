"""For those who look after the server: is it alive, can it answer, and what does it do, which
no cache keeps; and what can be asked of it."""

import json

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import Headers

from quoth.engine.api.interface import Query, Wanted
from quoth.ops import metrics
from quoth.web.core.responses import etag, validated
from quoth.web.core.site import WEB, current_site, sitemap_paths

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@sitemap_paths(None)
def health() -> Response:
    """The process is alive."""
    return _now({"status": "alive"})


@blueprint.get("/ready")
@sitemap_paths(None)
def ready() -> Response:
    """The release is open, and a process for queries answers. Raises UnavailableError and the like, which are 503.

    Where all of them are at work this is not waited for: strangers with long queries would take the server out of use,
    pages and all.
    """
    site = current_site()
    if site.engine.figures()["running"] < site.settings.query_workers:
        with site.engine.answer(Query("ASK {}"), Wanted()) as answer:
            for _ in answer.chunks:
                pass
    return _now({"status": "ready", "release": site.release.number})


@blueprint.get("/metrics")
@sitemap_paths(None)
def measured() -> Response:
    """The metrics, in the text format of Prometheus."""
    site = current_site()
    metrics.take(site.engine, site.release.number)
    text, content_type = metrics.text(request.headers.get("Accept", ""))
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/openapi.json")
@sitemap_paths(None)
def openapi() -> Response:
    """What can be asked of this server, in OpenAPI 3.1."""
    site = current_site()
    described = json.loads((WEB / "openapi.json").read_bytes())
    described["servers"] = [{"url": site.settings.public_url.rstrip("/")}]
    text = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
    return validated(lambda: text, etag("openapi"), "application/json", Headers())


def _now(what: dict[str, str | int]) -> Response:
    response = jsonify(what)
    response.headers["Cache-Control"] = "no-store"
    return response
