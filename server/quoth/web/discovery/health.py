"""For operators: liveness, readiness and metrics, which no cache stores; for programs, the OpenAPI description."""

import json

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import Headers

from quoth.ops import metrics
from quoth.web.core.responses import validated
from quoth.web.core.site import WEB, current_site, sitemap_paths

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@sitemap_paths(None)
def health() -> Response:
    """The process is alive."""
    return _uncached({"status": "alive"})


@blueprint.get("/ready")
@sitemap_paths(None)
def ready() -> Response:
    """The release is open, and the engine holds it and answers. Raises UnavailableError and the like, which are 503."""
    site = current_site()
    site.engine.check()
    return _uncached({"status": "ready", "release": site.release.number})


@blueprint.get("/metrics")
@sitemap_paths(None)
def exported_metrics() -> Response:
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
    """The interface of this server, in OpenAPI 3.1."""
    site = current_site()
    description = json.loads((WEB / "openapi.json").read_bytes())
    description["servers"] = [{"url": site.settings.public_url.rstrip("/")}]
    text = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    return validated(lambda: text, site.etag("openapi"), "application/json", Headers())


def _uncached(status: dict[str, str | int]) -> Response:
    response = jsonify(status)
    response.headers["Cache-Control"] = "no-store"
    return response
