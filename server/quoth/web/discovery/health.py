"""For operators: liveness, readiness, metrics and the status, which no cache stores; for programs, the OpenAPI
description."""

import json
import time
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.datastructures import Headers

from quoth.errors import QuothError
from quoth.formats import HTML, JSON
from quoth.ops import metrics, vitals
from quoth.web.core import variants
from quoth.web.core.responses import validated
from quoth.web.core.site import WEB, Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant

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


@blueprint.get("/status")
@blueprint.get("/status.<suffix>")
@sitemap_paths(None)
def status(suffix: str | None = None) -> Response:
    """What this process serves and how it is, for people, and as JSON. Raises NotFoundError, NotAcceptableError."""
    site = current_site()

    def make(variant: Variant) -> str:
        state = _state(site)
        if variant.format is JSON:
            return json.dumps(state, indent=1) + "\n"
        return render_template("status.html", status=state, formats=[JSON])

    now = datetime.now(UTC)
    resource = NegotiableResource(site, "status", (HTML, JSON), make, depends=[str(time.monotonic_ns())], modified=now)
    response = variants.respond(resource, suffix)
    response.headers["Cache-Control"] = "no-store"
    return response


def _state(site: Site) -> dict[str, object]:
    """Nothing of it is about a client, a query or this machine's settings."""
    try:
        site.engine.check()
        is_ready = True
    except QuothError:  # the log says why
        is_ready = False
    manifest, figures = site.release.manifest, site.engine.figures()
    return {
        "ready": is_ready,
        "release": {
            "number": site.release.number,
            "created": manifest.created,
            "claims": manifest.claims,
            "articles": manifest.articles,
            "url": site.iris.url(f"releases/{site.release.number}"),
        },
        "since": {"process": _utc(vitals.STARTED), "release": _utc(site.opened)},
        "queries": {
            "running": figures.get("running", 0) + figures.get("long", 0),
            "waiting": figures.get("waiting", 0),
        },
        "memory_mb": vitals.resident_bytes() // 2**20,
        "failures": [failure.as_json() for failure in vitals.failures()],
    }


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


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
