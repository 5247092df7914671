"""The layer that answers short queries on the event loop: a query with a short result takes no thread and no Flask.

Where more is to be done (an error, a page, a long result), the request goes on to the application with what was read
and begun (protocol.Begun). Both give the same response to the byte.
"""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.engine.api.interface import Answer, Short
from quoth.errors import QuothError
from quoth.formats import HTML, Format
from quoth.http import content_encoding
from quoth.http.message import Handler, Request, Response
from quoth.server import encoding_middleware
from quoth.server.wsgi_bridge import encoded
from quoth.web.core.responses import ALWAYS
from quoth.web.core.site import Site
from quoth.web.sparql import endpoint, protocol, result_formats
from quoth.web.sparql.protocol import Begun

REQUEST_BYTES = 1 << 12
"""A longer query takes longer to look through than the loop should stand still."""

ENCODED_BYTES = 1 << 14
"""A longer result takes as long to compress."""


class SparqlFastPath:
    """``site`` gives what is served now."""

    def __init__(self, following: Handler, site: Callable[[], Site], settings: Settings) -> None:
        self._following = following
        self._site = site
        roots = ("", urlsplit(settings.public_url).path.rstrip("/"))
        self._paths = {f"{root}/sparql{end}" for root in roots for end in ("", "/")}

    async def __call__(self, request: Request) -> Response:
        if request.path in self._paths and self._short(request):
            try:
                result = await self._result(request)
            except QuothError as error:
                result = replace(request, error=error)
            if isinstance(result, Response):
                return result
            request = result
        return await self._following(request)

    def _short(self, request: Request) -> bool:
        return request.method in ("GET", "POST") and len(request.query_string) + len(request.body) <= REQUEST_BYTES

    async def _result(self, request: Request) -> Response | Request:
        """The response; else the request as the application is to go on with it."""
        site = self._site()
        sparql = protocol.read(request, lambda: request.body, site.iris.base, REQUEST_BYTES)
        formats = result_formats.chosen(sparql.format, request.header(b"accept") or None)
        if sparql.query is None or not sparql.query.text.strip():
            return replace(request, context=Begun(sparql))
        try:
            begun = await site.engine.begin(sparql.query, formats.wanted, request.caller)
        except QuothError as error:
            return replace(request, context=Begun(sparql, _raising(error)))
        if isinstance(begun, Short):
            format = formats.of(begun.kind)
            slow = b"accept-encoding" in request.fields and len(begun.body) > ENCODED_BYTES
            if format is not None and format is not HTML and not slow:
                return _whole(request, begun, format, sparql.query.text)
            begun = begun.answer
        return replace(request, context=Begun(sparql, begun))


def _whole(request: Request, result: Short, format: Format, text: str) -> Response:
    fields = _fields(format, endpoint.caching(text)).copy()
    fields.set("Content-Length", str(len(result.body)))
    body = encoding_middleware.whole(request.method, request.header(b"accept-encoding"), 200, fields, result.body)
    return Response(200, encoded(fields.listed()), body)


@functools.cache
def _fields(format: Format, caching: tuple[tuple[str, str], ...]) -> encoding_middleware.HeaderFields:
    fields = encoding_middleware.HeaderFields(
        (("Content-Type", format.content_type), ("Content-Length", ""), *caching, *ALWAYS)
    )
    if content_encoding.compressible(format.content_type):
        fields.vary()
    return fields


def _raising(error: QuothError) -> Callable[[], Answer]:
    def answer() -> NoReturn:
        raise error

    return answer
