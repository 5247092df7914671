"""The layer that answers a Range with the part of a whole response that it asks for (RFC 9110 §14, §15.3.7).

Release files are read from the place that is asked for, by the application. All else is made whole: a response with
Accept-Ranges: bytes is cut here. Programs that scan tables, such as polars, ask for nothing but parts.
"""

from typing import Self

from quoth.http import byte_ranges
from quoth.http.message import Fields, Handler, Request, Response, Stream, raw_fields
from quoth.http.problem_details import ProblemDetails
from quoth.web.core.responses import ALWAYS

_UNSATISFIABLE = ProblemDetails(
    416, "Requested range not satisfiable", "none of these bytes exist", "ask for bytes before the length"
)


class ByteRanges:
    """Cuts the responses of the ``following`` layer."""

    def __init__(self, following: Handler) -> None:
        self._following = following

    async def __call__(self, request: Request) -> Response:
        response = await self._following(request)
        if request.method != "GET" or b"range" not in request.fields or response.status != 200:
            return response
        length = response.value(b"content-length")
        if response.value(b"accept-ranges") != b"bytes" or not length.isdigit():
            return response
        tag, modified = response.value(b"etag").decode("latin-1"), response.value(b"last-modified")
        part = byte_ranges.requested(request.fields, int(length), tag, modified)
        if part is None:
            return response
        if not part:
            if not isinstance(response.body, bytes):
                await response.body.aclose()
            return _UNSATISFIABLE.response(*raw_fields(ALWAYS), (b"content-range", b"bytes */%s" % length))
        fields: Fields = [
            *(field for field in response.fields if field[0] != b"content-length"),
            (b"content-length", b"%d" % len(part)),
            (b"content-range", b"bytes %d-%d/%s" % (part.start, part.stop - 1, length)),
        ]
        body = response.body
        cut = body[part.start : part.stop] if isinstance(body, bytes) else _Part(body, part)
        return Response(206, fields, cut, response.cache)


class _Part:
    """A part of a stream."""

    def __init__(self, stream: Stream, part: range) -> None:
        self._stream = stream
        self._part = part
        self._place = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while self._place < self._part.stop:
            chunk = await anext(self._stream)
            start, self._place = self._place, self._place + len(chunk)
            if self._place > self._part.start:
                return chunk[max(self._part.start - start, 0) : self._part.stop - start]
        raise StopAsyncIteration

    async def aclose(self) -> None:
        await self._stream.aclose()
