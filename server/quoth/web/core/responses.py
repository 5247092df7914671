"""Responses that programs can rely on: validators, links, security headers, cross-origin reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from quoth.errors import Link
from quoth.formats import JSON, JSONLD, Format
from quoth.http import conditional, content_encoding, message
from quoth.http.pagination import Page
from quoth.web.core.site import current_site
from quoth.web.core.urls import as_uri

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts of ours alone, which ask this host alone; none within a page, and no eval."""
ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    # All responses are public and depend on no client, so any origin may read them, without credentials.
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Accept-Post, Accept-Ranges, Allow, Content-Location, Content-Range, ETag, Last-Modified, Link, Location, "
        "Memento-Datetime, Query-Hint, Repr-Digest, Retry-After, X-Total-Count, X-Without-Claims",
    ),
)
"""The headers of every response."""

_METHODS = "GET, HEAD, POST, OPTIONS"
_HEADERS = (
    "Accept, Accept-Datetime, Accept-Language, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, "
    "If-Range, Range, X-Requested-With"
)


def register_headers(app: Flask) -> None:
    """Set the headers that every response of ``app`` carries."""
    app.after_request(_secured)


OWN_ORIGIN = ("/mcp",)
"""Paths whose responses no other origin may read: an assistant's messages are no public document."""


def _secured(response: Response) -> Response:
    headers = response.headers
    shared = request.path not in OWN_ORIGIN
    for name, value in ALWAYS:
        if shared or not name.startswith("Access-Control-"):
            headers.setdefault(name, value)
    if response.allow:  # Werkzeug takes the methods from a set
        headers["Allow"] = ", ".join(sorted(response.allow))
    if request.method == "OPTIONS" and shared:
        headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow)) or _METHODS
        # Any header is harmless. The names are for browsers that take the wildcard for a name.
        headers["Access-Control-Allow-Headers"] = f"*, {_HEADERS}"
        headers["Access-Control-Max-Age"] = "86400"
    return response


def links(targets: Sequence[Link]) -> str:
    """A Link header (RFC 8288) of (URL, relation, media type); an IRI becomes the URI that a header can hold."""
    return ", ".join(
        f'<{as_uri(url)}>; rel="{rel}"' + (f'; type="{type}"' if type else "") for url, rel, type in targets
    )


def alternates(format: Format | None, others: Iterable[tuple[str, Format]]) -> list[Link]:
    """The links of a response in ``format`` to the ``others``, its variants by URL. JSON has none: PyLD's loader fails
    over two of them, while a loader follows one from what is not JSON alone (JSON-LD 1.1 API §9.4)."""
    if format in (JSON, JSONLD):
        return []
    return [(url, "alternate", other.media_type) for url, other in others]


def see_other(urls: Sequence[str]) -> Response:
    """303 to a URL, or 300 with several to choose from (RFC 9110 §15.4)."""
    response = Response("".join(f"{url}\n" for url in urls), 303 if len(urls) == 1 else 300)
    response.content_type = "text/plain; charset=utf-8"
    if len(urls) == 1:
        response.headers["Location"] = urls[0]
    response.headers["Cache-Control"] = "no-cache"
    return response


def page_response(page: Page[Any], body: bytes | str, content_type: str) -> Response:
    """A page of a list: with the number of all items and, where there are others, links to them (RFC 8288)."""
    response = Response(body, content_type=content_type)
    response.headers["X-Total-Count"] = str(page.total)
    if page.pages > 1:
        response.headers["Link"] = links(page.links(current_site().iris.url))
    return response


def page_json(page: Page[Any], name: str, items: Sequence[Mapping[str, Any]], **more: Any) -> str:
    """A page of a list as JSON, with its items under ``name``, and the URL of the next page."""
    following = page.at(f"{page.path}.json").next
    members: dict[str, Any] = {
        "total": page.total,
        "next": following and current_site().iris.url(following),
        name: items,
    }
    return json.dumps(more | members, ensure_ascii=False, indent=1) + "\n"


def validated(
    make: Callable[[], Response | bytes | str],
    tag: str,
    content_type: str,
    headers: Headers | None = None,
    modified: datetime | None = None,
) -> Response:
    """The response that ``make`` gives, or a 304 without making it where the client has it (RFC 9110 §13.1.2, §13.1.3).

    ``modified`` says when the representation changed. The ETag that counts is that of the content coding in which the
    response would be sent. With another engine it is that of what is made: not all of the release may have been there.
    """
    if not current_site().engine.constant:
        made = make()
        response = made if isinstance(made, Response) else Response(made, content_type=content_type)
        return _validated(lambda: response, hashlib.sha256(response.get_data()).hexdigest()[:24], content_type, headers)
    return _validated(make, tag, content_type, headers, modified)


def _validated(
    make: Callable[[], Response | bytes | str],
    tag: str,
    content_type: str,
    headers: Headers | None,
    modified: datetime | None = None,
) -> Response:
    variant = _held_variant(tag, content_type, modified)
    if variant is not None:
        response: Response = _NotModified(status=304, headers=headers)
        if content_encoding.compressible(content_type):
            response.vary.add("Accept-Encoding")
    else:
        body = make()
        response = body if isinstance(body, Response) else Response(body, content_type=content_type)
        response.headers.extend(headers or {})
    response.set_etag(tag if variant is None else variant)
    if modified is not None:
        response.last_modified = modified
    # A release never changes, but another may become current: caches keep a copy and ask whether it still holds.
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


class _NotModified(Response):
    """A 304 that keeps its Last-Modified, which Werkzeug leaves out: it is that of the representation."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        headers = super().get_wsgi_headers(environ)
        if self.last_modified is not None:
            headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


def _held_variant(tag: str, content_type: str, modified: datetime | None) -> str | None:
    """The ETag, without quotation marks, of the variant that would be sent, if the client has that one."""
    received = message.of(request.environ)
    # If-None-Match: * holds for any representation, and the coding of this one is known only when it is made.
    if not received.reads or received.fields.get(b"if-none-match") == b"*":
        return None
    codings = content_encoding.WHOLE if content_encoding.compressible(content_type) else ()
    coding = content_encoding.preferred_coding(received.header(b"accept-encoding"), codings)
    variant = content_encoding.tag(f'"{tag}"', coding)
    changed = http_date(modified).encode() if modified else b""
    return variant[1:-1] if conditional.outcome(received.fields, variant, changed) == 304 else None


class Prefixed:
    """WSGI middleware: under a public URL with a path, takes requests with that path and without (proxies differ)."""

    def __init__(self, wsgi_app: WSGIApplication, root: str) -> None:
        self._app = wsgi_app
        self._root = root

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if self._root and (path == self._root or path.startswith(self._root + "/")):
            environ = {**environ, "SCRIPT_NAME": self._root, "PATH_INFO": path[len(self._root) :] or "/"}
        return self._app(environ, start_response)
