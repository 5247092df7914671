"""How long a request may be: its path, its query string, its header fields. The body's limit is a setting.

The endpoint reads longer query strings (protocol.py), as a query may stand in one.
"""

from flask import Flask, request

from quoth.web.core.problem_details import HttpError
from quoth.web.core.responses import raw_path

TARGET_BYTES = 8_192
"""Of a path, and of a query string: RFC 9110 §4.1 asks for at least 8,000 of both together."""

FIELDS_BYTES = 65_536
"""Of the header fields together; the longest that browsers send are cookies, which nothing here sets."""


def register(app: Flask) -> None:
    """Refuse what is too long before anything reads it: 414 (RFC 9110 §15.5.15), 431 (RFC 6585 §5)."""
    app.before_request(_refuse)


def _refuse() -> None:
    if len(raw_path()) > TARGET_BYTES:
        raise HttpError(414, "URI too long", f"the path is longer than {TARGET_BYTES:,} bytes", "ask /sparql by POST")
    if request.path.rstrip("/") != "/sparql" and len(request.query_string) > TARGET_BYTES:
        detail = f"the query string is longer than {TARGET_BYTES:,} bytes"
        raise HttpError(414, "URI too long", detail, "give fewer or shorter parameters")
    if sum(len(name) + len(value) for name, value in request.headers.items()) > FIELDS_BYTES:
        detail = f"the header fields are longer than {FIELDS_BYTES:,} bytes"
        raise HttpError(431, "Request header fields too large", detail, "send fewer or shorter fields")
