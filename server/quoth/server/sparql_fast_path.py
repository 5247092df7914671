"""The layer that answers short queries on the event loop: a query with a short result takes no thread and no Flask.

A request that needs more (an error, a page, a long result, hints about an empty one) goes on to the application,
together with the query that was read and its answer that was begun (protocol.StartedQuery). Both give the same response
to the byte.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from quoth.config import Settings
from quoth.engine.api.empty_answers import holds_nothing
from quoth.engine.api.interface import Answer, Short
from quoth.errors import QuothError
from quoth.formats import HTML, Format
from quoth.http import content_encoding
from quoth.http.message import Handler, Request, Response, raw_fields
from quoth.server.current_release import CurrentRelease
from quoth.web.core.responses import ALWAYS
from quoth.web.sparql import protocol, result_formats
from quoth.web.sparql.protocol import StartedQuery

REQUEST_BYTES = 1 << 12
"""A longer query takes longer to look through than the loop should stand still."""

ENCODED_BYTES = 1 << 14
"""A longer result takes as long to compress."""


_ALWAYS = raw_fields(ALWAYS)


class SparqlFastPath:
    """Asks the engine of the ``current`` release."""

    def __init__(self, following: Handler, current: CurrentRelease, settings: Settings) -> None:
        self._following = following
        self._current = current
        roots = ("", settings.root)
        self._paths = {f"{root}/sparql{end}" for root in roots for end in ("", "/")}

    async def __call__(self, request: Request) -> Response:
        short = len(request.query_string) + len(request.body) <= REQUEST_BYTES
        if short and request.path in self._paths and request.method in ("GET", "POST"):
            try:
                result = await self._result(request)
            except QuothError as error:
                result = replace(request, error=error)
            if isinstance(result, Response):
                return result
            request = result
        return await self._following(request)

    async def _result(self, request: Request) -> Response | Request:
        """The response; else the request as the application is to go on with it."""
        site = self._current.site
        sparql = protocol.read(request, lambda: request.body, site.iris.base, REQUEST_BYTES)
        formats = result_formats.negotiate(sparql.format, request.header(b"accept") or None)
        if sparql.query is None or not sparql.query.text.strip():
            return replace(request, context=StartedQuery(sparql))
        try:
            begun = await site.engine.begin(sparql.query, formats.wanted, request.caller)
        except QuothError as error:
            return replace(request, context=StartedQuery(sparql, _raising(error)))
        if isinstance(begun, Short):
            format = formats.of(begun.kind)
            slow = b"accept-encoding" in request.fields and len(begun.body) > ENCODED_BYTES
            fast = not slow and not holds_nothing(begun.kind, begun.format, begun.body)
            if format is not None and format is not HTML and fast:
                return _response(request, begun.body, format, sparql.query.text)
            begun = begun.answer
        return replace(request, context=StartedQuery(sparql, begun))


def _response(request: Request, body: bytes, format: Format, query: str) -> Response:
    fields = {"content-type": format.content_type, "content-length": str(len(body))}
    fields |= result_formats.caching(query)
    described = len(fields)
    body = content_encoding.encode_whole(body, request.method, request.header(b"accept-encoding"), 200, fields)
    raw = raw_fields(fields.items())
    return Response(200, [*raw[:described], *_ALWAYS, *raw[described:]], body)


def _raising(error: QuothError) -> Callable[[], Answer]:
    def answer() -> NoReturn:
        raise error

    return answer
