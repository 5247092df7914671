"""``/verify``: a text held against the record, by POST, or one quotation by its address; the form; the JSON Schema.

What is submitted is in no log and no cache: its responses are ``no-store``, no page sends a Referer, and robots keep
away. Statuses: 200 with the report, also where it has findings; 400 for a text or a parameter that is none, 406, 413
for a text that is too long, 415; 429 and 503 where somebody asks too often or too many are waiting, 504 for a text that
takes too long.
"""

import logging
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers

from quoth.engine.api import deadline
from quoth.errors import UsageError
from quoth.formats import HTML, JSON, Format
from quoth.http.accept import choose
from quoth.verify import json_report
from quoth.verify.pool import UnexpectedError
from quoth.verify.verdicts import VERDICTS
from quoth.verify.verify import MAX_CHARACTERS
from quoth.web.core import request_target
from quoth.web.core.problem_details import HttpError
from quoth.web.core.responses import links, validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.verify import report_page, submissions
from quoth.web.verify.example import example
from quoth.web.verify.submissions import QUOTE_CHARACTERS, Submission

SARIF = Format("sarif", "SARIF", "application/sarif+json", "sarif")
TEXT = Format("text", "Text", "text/plain", "txt", charset=True)
OFFERS = (JSON, HTML, SARIF, TEXT)
SCHEMA = "verify/report.schema.json"
_SCHEMA_TYPE = "application/schema+json"

blueprint = Blueprint("verify", __name__)
_log = logging.getLogger("quoth.web")


@blueprint.route("/verify", methods=["GET", "HEAD", "POST"])
def verify() -> Response:
    """The report of what is submitted, in the format that is asked for; the form where nothing is."""
    site = current_site()
    submission = submissions.posted() if request.method == "POST" else submissions.quoted()
    if submission is None:
        return _form(site)
    if submission.format:
        format = request_target.named_format(submission.format, OFFERS)
    else:
        format = choose(request.headers.get("Accept"), OFFERS)
    body = _judged(site, submission, "page" if format is HTML else format.name)
    if format is HTML:
        page = report_page.page(site, body, submission.text)
        body = render_template("verify.html", page=page, submission=submission, **_words(site))
    response = Response(body, content_type=format.content_type)
    if not submission.format:
        response.vary.add("Accept")
    if format is JSON:
        response.headers["Link"] = links([(site.iris.url(SCHEMA), "describedby", _SCHEMA_TYPE)])
    return response


def _judged(site: Site, submission: Submission, format: str) -> Any:
    until = deadline.until(site.settings.query_time_limit_s)
    try:
        return site.court.judge(
            submission.text, submission.language, format, site.caller(), until, whole=submission.whole
        )
    except UnexpectedError as error:
        _log.error("unforeseen error at /verify: %s", error)
        detail = "there was an error in the server"
        raise HttpError(500, "Internal error", detail, "try again; if it happens again, report it") from None


def _form(site: Site) -> Response:
    """The page with the form."""
    format = choose(request.headers.get("Accept"), (HTML, JSON, SARIF, TEXT))
    if format is not HTML:
        remedy = f"post one to {site.iris.url('verify')}, or give one quotation: {site.iris.url('verify')}?quote=…"
        raise UsageError("there is no text", remedy=remedy)
    headers = Headers({"Vary": "Accept", "Link": links([(site.iris.url("verify"), "canonical", None)])})
    return validated(
        lambda: render_template("verify.html", page=None, submission=None, **_words(site)),
        site.etag("verify"),
        HTML.content_type,
        headers,
        site.modified,
    )


def _words(site: Site) -> dict[str, Any]:
    """What every page of this room says."""
    most = {"characters": MAX_CHARACTERS, "quote": QUOTE_CHARACTERS}
    return {"example": example(site), "verdicts": VERDICTS, "most": most, "schema": SCHEMA}


@blueprint.get(f"/{SCHEMA}")
@sitemap_paths(None)
def schema() -> Response:
    """The JSON Schema (2020-12) of a report in JSON."""
    return validated(json_report.schema, current_site().etag("verify schema"), _SCHEMA_TYPE)


@blueprint.after_request
def _private(response: Response) -> Response:
    """Keep what was submitted out of caches, of the Referer of what is opened next, and of search engines."""
    if request.endpoint == "verify.verify":
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.method == "POST" or request.query_string:
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers.pop("ETag", None)
            response.headers.pop("Last-Modified", None)
    if request.method == "OPTIONS" or response.status_code == 415:
        response.headers["Accept-Post"] = ", ".join(submissions.POSTED)
    return response
