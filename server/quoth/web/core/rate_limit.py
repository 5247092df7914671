"""How often one client may ask: the setting ``query_rate_limit``, off unless it is set.

It counts the queries that reach the application, at the endpoint and among the questions, and the batches to
reconcile, in the memory of this process; pages and documents are free.
"""

import time
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RateLimitExceeded
from limits import parse_many

from quoth.errors import Limit, TooManyRequestsError, UsageError
from quoth.web.core import problem_details
from quoth.web.core.site import Site, current_site

_VIEWS = ("sparql.endpoint", "queries.question", "reconcile.endpoint", "reconcile.match", "reconcile.extend")


def check(text: str) -> None:
    """Raises UsageError for a limit that cannot be read."""
    try:
        parse_many(text or "1/second")
    except ValueError:
        raise UsageError(
            f"{text!r} is no rate", where="query_rate_limit", remedy="write it like 60/minute or 5/second;1000/hour"
        ) from None


def register(app: Flask, here: Site) -> None:
    """Apply the limit to the views that take ad-hoc queries. Raises UsageError for a limit that cannot be read."""
    text = here.settings.query_rate_limit
    check(text)
    if not text:
        return
    limiter = Limiter(
        lambda: current_site().caller().client or "", app=app, storage_uri="memory://", strategy="moving-window"
    )
    limited = limiter.shared_limit(text, scope="queries", exempt_when=_is_the_form)
    for name in _VIEWS:
        view: Any = app.view_functions[name]
        app.view_functions[name] = limited(view)

    def refused(_: RateLimitExceeded) -> Response:
        current = limiter.current_limit
        wait_s = max(1.0, current.reset_at - time.time()) if current else None
        return problem_details.respond(
            TooManyRequestsError(
                f"more than {text} queries came from your address",
                remedy="wait for as long as Retry-After says, or use the dumps",
                limit=Limit("query_rate_limit", text),
                retry_after_s=wait_s,
            )
        )

    app.register_error_handler(RateLimitExceeded, refused)


def _is_the_form() -> bool:
    """Whether a request for the endpoint of SPARQL or of reconciliation is for what it says of itself."""
    if request.endpoint == "queries.question" or request.method == "POST":
        return False
    return not {"query", "queries", "extend"} & request.args.keys()
