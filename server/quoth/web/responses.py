"""Responses that programs can rely on: validators, alternates, security headers, cross-origin reading."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from quoth.formats import Format
from quoth.web.iris import is_web
from quoth.web.site import Site, site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    # Everything here is public and nothing depends on who asks, so any origin may read it, without credentials.
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Accept-Post, Allow, Content-Location, ETag, Link, Location, Retry-After, X-Total-Count",
    ),
)
"""What every response carries."""

_METHODS = "GET, HEAD, POST, OPTIONS"
_HEADERS = "Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match, Range, X-Requested-With"


def register(app: Flask) -> None:
    """Set the headers that every response of ``app`` carries."""
    app.after_request(_secured)


def _secured(response: Response) -> Response:
    headers = response.headers
    # A page with the query editor in it has set a policy of its own (editor.POLICY).
    headers.setdefault("Content-Security-Policy", g.get("content_security_policy", CONTENT_SECURITY_POLICY))
    for name, value in ALWAYS[1:]:
        headers[name] = value
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow)) or _METHODS
        # Any header is harmless. The names are for browsers that take the wildcard for one.
        headers["Access-Control-Allow-Headers"] = f"*, {_HEADERS}"
        headers["Access-Control-Max-Age"] = "86400"
    return response


def raw_path() -> str:
    """The request's path under the application's root as it was sent, percent-encoding intact, no leading slash."""
    environ = request.environ
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or quote(request.root_path + request.path)
    path = re.sub(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "", target).partition("?")[0]
    root = environ.get("SCRIPT_NAME", "")
    if root and (path == root or path.startswith(root + "/")):
        path = path[len(root) :]
    return path.lstrip("/")


def links(targets: Sequence[tuple[str, str, str | None]]) -> str:
    """A Link header (RFC 8288) of (URL, relation, media type)."""
    return ", ".join(f'<{url}>; rel="{rel}"' + (f'; type="{type}"' if type else "") for url, rel, type in targets)


def alternates(stem: str, offers: Sequence[Format]) -> list[tuple[str, str, str | None]]:
    """The variants ``stem.suffix`` as links; ``stem`` is a path of this server."""
    return [(site().iris.url(f"{stem}.{f.suffix}"), "alternate", f.media_type) for f in offers]


def licence(here: Site) -> str | None:
    """The licence of the data, where the release has just one."""
    found = here.column("licences", "licence")
    return found[0] if len(found) == 1 and is_web(found[0]) else None


def etag(*parts: str) -> str:
    """A strong validator of what the application answers for ``parts`` (RFC 9110 §8.8.3), known before it is made."""
    return hashlib.sha256("\0".join((site().fingerprint, *parts)).encode()).hexdigest()[:24]


def validated(make: Callable[[], Response | bytes | str], tag: str, content_type: str, headers: Headers) -> Response:
    """The response that ``make`` gives, or a 304 without making it where the client has it (RFC 9110 §13.1.2)."""
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304, headers=headers)
    else:
        made = make()
        response = made if isinstance(made, Response) else Response(made, content_type=content_type)
        response.headers.extend(headers)
    response.set_etag(tag)
    # A release never changes, but the name of the current one moves: keep a copy, and ask whether it still holds.
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


class Prefixed:
    """WSGI middleware: under a public URL with a path, takes requests with that path and without (proxies differ)."""

    def __init__(self, wsgi_app: WSGIApplication, public_url: str) -> None:
        self._app = wsgi_app
        self._root = urlsplit(public_url).path.rstrip("/")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if self._root and (path == self._root or path.startswith(self._root + "/")):
            environ = {**environ, "SCRIPT_NAME": self._root, "PATH_INFO": path[len(self._root) :] or "/"}
        return self._app(environ, start_response)
