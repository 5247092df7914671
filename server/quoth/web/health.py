"""For those who look after the server: is it alive, can it answer, and what does it do. No cache keeps any of it."""

from flask import Blueprint, Response, jsonify, request

from quoth.store.engine import Query, Wanted
from quoth.web import metrics
from quoth.web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """The process is alive."""
    return _now({"status": "alive"})


@blueprint.get("/ready")
def ready() -> Response:
    """The release is open, and a process for queries answers. Raises Unavailable and the like, which are 503."""
    here = site()
    with here.engine.answer(Query("ASK {}"), Wanted()) as answer:
        for _ in answer.chunks:
            pass
    return _now({"status": "ready", "release": here.release.number})


@blueprint.get("/metrics")
def measured() -> Response:
    """The metrics, in the text format of Prometheus."""
    here = site()
    metrics.take(here.engine, here.release.number)
    text, content_type = metrics.text(request.headers.get("Accept", ""))
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _now(what: dict[str, str | int]) -> Response:
    response = jsonify(what)
    response.headers["Cache-Control"] = "no-store"
    return response
