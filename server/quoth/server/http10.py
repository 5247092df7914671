"""The layer that gives a streamed response to HTTP/1.0 a length.

HTTP/1.0 knows no chunks (RFC 9112 §6.1): without a length, what breaks off passes for a whole response. So a stream is
held in a temporary file until it has ended. One that is too long for that is refused, as what comes next does not fit
into HTTP/1.0.
"""

import tempfile
from dataclasses import replace
from typing import IO, Self

from quoth.http.message import Handler, Request, Response
from quoth.http.problem_details import ProblemDetails
from quoth.server import request_checks

MEMORY_BYTES = 1 << 16
LIMIT_BYTES = 1 << 25
"""Of a response that is held."""

_CHUNK_BYTES = 1 << 16
_TOO_LONG = ProblemDetails(
    426, "Upgrade required", "the response is too long for HTTP/1.0", "send the request by HTTP/1.1, or ask for less"
)


class Http10Length:
    """Holds responses to HTTP/1.0 that are streamed."""

    def __init__(self, following: Handler) -> None:
        self._following = following

    async def __call__(self, request: Request) -> Response:
        response = await self._following(request)
        if request.version not in ("1", "1.0") or isinstance(response.body, bytes):
            return response
        file = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  # _File closes it
        length = 0
        try:
            async for chunk in response.body:
                length += file.write(chunk)
                if length > LIMIT_BYTES:
                    refused = request_checks.response(_TOO_LONG)
                    return replace(refused, fields=(*refused.fields, (b"upgrade", b"HTTP/1.1")))
        except BaseException:
            file.close()
            raise
        finally:
            await response.body.aclose()
        file.seek(0)
        fields = (*response.fields, (b"content-length", b"%d" % length))
        return replace(response, fields=fields, body=_File(file))


class _File:
    """The bytes of a file as a stream."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if chunk := self._file.read(_CHUNK_BYTES):
            return chunk
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self._file.close()
