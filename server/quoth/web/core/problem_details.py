"""Every error as a problem document (RFC 9457), or as a page for those who ask for HTML. Never a traceback."""

import errno
import logging
import math
import os
import sqlite3
from contextlib import suppress

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from quoth.errors import QuothError, UnavailableError
from quoth.formats import HTML, Format
from quoth.http.accept import best
from quoth.http.problem_details import MEDIA_TYPE, ProblemDetails
from quoth.web.core.responses import links
from quoth.web.core.site import current_site

PROBLEM = Format("problem", "Problem", MEDIA_TYPE, "json", ("application/json",))
RETRY_AFTER_S = 5
QUERY_LIMIT = 50_000
"""Characters of a query that a page with an error gives back."""

_EXHAUSTED = tuple(map(os.strerror, (errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT, errno.ENOMEM)))
_SQLITE_EXHAUSTED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM)

_log = logging.getLogger("quoth.web")


class HttpError(QuothError):
    """An error of HTTP itself, which has no place among those of the command line."""

    def __init__(self, status: int, title: str, detail: str, remedy: str | None = None) -> None:
        super().__init__(detail, remedy=remedy)
        self.status = status  # type: ignore[misc]
        self.title = title  # type: ignore[misc]


def register_error_handlers(app: Flask) -> None:
    """Answer every exception of ``app``."""
    app.register_error_handler(QuothError, problem_response)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def problem_response(error: QuothError) -> Response:
    """The response for an error, in the form that the request's Accept header likes better."""
    problem = ProblemDetails.of(error, current_site().iris.url("guide/errors"))
    response = Response(problem.document(), error.status, content_type=PROBLEM.media_type)
    if best(request.headers.get("Accept"), [PROBLEM, HTML]) is HTML:
        with suppress(OSError):  # of a template that cannot be opened, since no file can: the document does without
            page = render_template(
                "problem.html",
                problem=problem.members(),
                query=_query(),
                question=g.get("question"),
                fields=g.get("fields"),
                name_of=_name_of,
            )
            response = Response(page, error.status, content_type=HTML.content_type)
    response.vary.add("Accept")
    if error.links:
        response.headers["Link"] = links(error.links)
    response.headers["Cache-Control"] = "no-store"
    if error.status in (429, 503):  # RFC 6585 §4, RFC 9110 §15.6.4
        response.headers["Retry-After"] = str(math.ceil(error.retry_after_s or RETRY_AFTER_S))
    return response


def _name_of(url: str) -> str:
    """What a page calls a link of an error: the label of what a document is about, a page of ours by its name."""
    iris, label = current_site().iris, current_site().labels.label
    path = url.removeprefix(iris.public)
    if path.startswith("doc/"):
        try:
            return label(next(iter(iris.candidates(f"id/{path[4:]}"))))
        except QuothError:  # the engine may be what failed
            return url
    return "the page of that release" if "/doc/" in path else _PAGES.get(path, url)


_PAGES = {
    "": "the home page",
    "sparql": "the SPARQL endpoint",
    "queries": "the list of questions",
    "ns": "the ontology",
    "guide": "the guide",
    "search": "the search",
    **{name: f"the list of {name}" for name in ("releases", "articles", "entities", "sources", "topics")},
}


def _query() -> str:
    """The query that failed, for its author to correct; empty without a query, and where it is too long for a page."""
    text: str = g.get("query") or (request.args.get("query", "") if request.endpoint == "sparql.endpoint" else "")
    return text if len(text) <= QUERY_LIMIT else ""


_REMEDIES = {
    404: "start from the home page, or look the name up in the data with a query",
    405: "use one of the methods in the Allow header",
    413: "send less: the limit is the setting query_size_kb",
    415: "send application/x-www-form-urlencoded or application/sparql-query",
    416: "ask for bytes that the file has: Content-Range tells its length",
}


def _of_http(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    if status < 400:  # a redirect that Werkzeug's routing raises
        return Response(original.get_data(), status, headers=dict(original.headers))
    detail = "there is nothing at this address" if status == 404 else (error.description or error.name)
    response = problem_response(HttpError(status, error.name, detail, _REMEDIES.get(status)))
    for name in ("Allow", "Content-Range"):  # RFC 9110 §15.5.6, §15.5.17
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def exhaustion(error: Exception) -> UnavailableError | None:
    """The error to answer with where this machine has run out of files, room on the disk or memory, whichever library
    tells it; None for any other exception. The log has the reason."""
    code = error.sqlite_errorcode & 0xFF if isinstance(error, sqlite3.OperationalError) else None
    text = str(error)
    if code not in _SQLITE_EXHAUSTED and not any(reason in text for reason in _EXHAUSTED):
        return None
    _log.error("this machine has run out of something: %s", text)
    return UnavailableError(
        "the server has run out of open files, room on its disk or memory",
        remedy="try again in a minute; the operator will find the reason in the log",
    )


def _unforeseen(error: Exception) -> Response:
    if (unavailable := exhaustion(error)) is not None:
        return problem_response(unavailable)
    _log.error("unforeseen error at %s %s", request.method, request.path, exc_info=error)
    return problem_response(
        HttpError(
            500, "Internal error", "there was an error in the server", "try again; if it happens again, report it"
        )
    )
