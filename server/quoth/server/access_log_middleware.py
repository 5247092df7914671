"""The layer that notes each request in the access log and in the metrics."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Self

from quoth.errors import UsageError
from quoth.http.message import FORM, Handler, Request, Response, Stream, memoised, parameters
from quoth.ops import metrics, vitals
from quoth.ops.access_log import AccessLog
from quoth.web.sparql.protocol import DIRECT


class AccessLogMiddleware:
    """Notes a request when its response is made or, if that is streamed, has ended. ``root`` is the path of the public
    URL, without a slash at its end."""

    def __init__(self, following: Handler, log: AccessLog, root: str = "") -> None:
        self._following = following
        self._log = log
        self._root = root

    async def __call__(self, request: Request) -> Response:
        began = time.perf_counter()
        response = Response(0, ())
        try:
            response = await self._following(request)
        finally:
            if isinstance(response.body, bytes):
                self._note(request, response, began, len(response.body), False)
        if isinstance(response.body, bytes):
            return response
        return replace(response, body=_Counted(response.body, partial(self._note, request, response, began)))

    def _note(self, request: Request, response: Response, began: float, sent: int, cut: bool) -> None:
        """Note the end of a response: the bytes that were sent of its body, and whether it broke off."""
        route = metrics.route(request.path, self._root)
        hit = response.cache == "hit"
        seconds = 0.0 if hit else time.perf_counter() - began
        metrics.requests(route, response.status).inc()
        if not hit:
            metrics.latency(route).observe(seconds)
        vitals.note(route, response.status, cut)
        if cut:
            metrics.CUT.labels(route).inc()
        if self._log.on:
            self._log.write(
                method=request.method,
                path=request.raw_path.decode("latin-1"),
                query=_query_hash(request) if route == "sparql" else None,
                status=response.status,
                ms=0 if hit else round(seconds * 1000, 2),
                bytes=sent,
                client=request.client,
                cache=response.cache,
                cut=cut or None,
            )

    def refused(self, response: Response, client: str) -> None:
        """Note a request that was refused before it came to any layer."""
        metrics.requests("other", response.status).inc()
        if self._log.on:
            assert isinstance(response.body, bytes), "a problem document"
            self._log.write(status=response.status, bytes=len(response.body), client=client)


class _Counted:
    """A stream that counts its bytes. At its end ``note`` gets their number, and whether the stream broke off."""

    def __init__(self, stream: Stream, note: Callable[[int, bool], None]) -> None:
        self._stream = stream
        self._note = note
        self._bytes = 0
        self._ended = self._closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await anext(self._stream)
        except StopAsyncIteration:
            self._ended = True
            raise
        self._bytes += len(chunk)
        return chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
        if not self._closed:
            self._closed = True
            self._note(self._bytes, not self._ended)


def _query_hash(request: Request) -> str | None:
    """The first twelve digits of the SHA-256 of a request's query, by which the log tells queries apart."""
    if request.method != "POST":
        return _hash_in_form(request.query_string)
    media_type = request.header(b"content-type").partition(";")[0].strip().lower()
    text = request.body if b"content-encoding" not in request.fields else b""
    if media_type == DIRECT:
        return _digits(text)
    return _hash_in_form(text if media_type == FORM else request.query_string)


@memoised(1024, 2_000)  # an answer from the cache takes less time than to hash its query again
def _hash_in_form(form: bytes) -> str | None:
    try:
        return _digits(parameters(form).get("query", ("",))[0].encode())
    except UsageError:
        return None


def _digits(query: bytes) -> str | None:
    return hashlib.sha256(query).hexdigest()[:12] if query else None
