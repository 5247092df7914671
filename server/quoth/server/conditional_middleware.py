"""The layer for HEAD and for conditional requests (RFC 9110 §13).

The layers below are asked for a representation by GET, so that HEAD and a condition get just the fields that GET has.
Below, a condition only saves work: the application answers 304 by itself where it can tell without a representation.
"""

from quoth.http import conditional
from quoth.http.message import Fields, Handler, Request, Response
from quoth.http.problem_details import MEDIA_TYPE, ProblemDetails
from quoth.server.wsgi_bridge import encoded
from quoth.web.core.responses import ALWAYS

_OF_A_BODY = frozenset(
    (b"content-length", b"content-type", b"content-encoding", b"content-range", b"transfer-encoding")
)
_UNMET = (
    ProblemDetails(
        412,
        "Precondition failed",
        "what is served is not what If-Match or If-Unmodified-Since asks for",
        "leave the condition out, or take the ETag or the Last-Modified of an answer to GET",
    )
    .document()
    .encode()
)
_UNMET_FIELDS = (
    (b"content-type", MEDIA_TYPE.encode()),
    (b"content-length", b"%d" % len(_UNMET)),
    (b"cache-control", b"no-store"),
    *encoded(ALWAYS),
)


class ConditionalMiddleware:
    """Leaves out of a response to GET or HEAD what the method or a condition leaves out."""

    def __init__(self, following: Handler) -> None:
        self._following = following

    async def __call__(self, request: Request) -> Response:
        if not request.reads:
            return await self._following(request)
        head = request.method == "HEAD" and not request.body
        response = await self._following(request.as_get() if head else request)
        status = response.status
        if status in (200, 206):
            tag = response.value(b"etag").decode("latin-1")
            status = conditional.outcome(request.fields, tag, response.value(b"last-modified"))
        if status == 412 != response.status:
            unmet = await response.without_body(412, _UNMET_FIELDS)
            return unmet if head else Response(412, _UNMET_FIELDS, _UNMET, unmet.cache)
        if status == 304:
            return await response.without_body(304, without_body(response.fields))
        return await response.without_body(response.status, response.fields) if head else response


def without_body(fields: Fields) -> Fields:
    """The fields of a 304 in place of these (RFC 9110 §15.4.5)."""
    return [(name, value) for name, value in fields if name not in _OF_A_BODY]
