"""The WSGI application as the innermost layer: it is called in threads, where its bodies are compressed, too.

The path arrives as it was sent (``%2F`` stays ``%2F``). WSGI: PEP 3333.
"""

import asyncio
import io
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Self

from quoth.http import conditional, content_encoding
from quoth.http.message import KEY, Request, Response, raw_fields
from quoth.web.core.problem_details import exhaustion

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

WHOLE_BYTES = 1 << 20
"""A body up to this length, with a Content-Length, is taken whole."""

THREADS = 32
"""Threads for pages and documents. As many as ad-hoc queries may run and wait together come on top, so that pages never
wait behind queries."""


class WsgiBridge:
    """Calls a WSGI application, in at most THREADS and as many threads as queries may run and wait together.

    The conditions of a request are not in its environment but in its Request (KEY) alone.
    """

    def __init__(self, wsgi: Wsgi, queries: int = 32) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(THREADS + queries, "request")

    async def __call__(self, request: Request) -> Response:
        chunks = _Chunks(self._wsgi, environ(request), self._threads)
        # The first chunk before the head: an error up to there can still be an error response.
        try:
            first = await asyncio.get_running_loop().run_in_executor(self._threads, chunks.begin)
        except BaseException as error:
            if isinstance(error, Exception) and not request.error and (unavailable := exhaustion(error)):
                await chunks.aclose()
                return await self(replace(request, error=unavailable))
            request.presence.leave()
            await chunks.aclose()
            raise
        return Response(chunks.status, chunks.fields, first if chunks.whole else chunks)

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Chunks:
    """The response of the application, made and read in a thread; in one go if it is a list, as each hand-over
    costs more than most answers do. ``whole``: there is no chunk after the first.

    One thread at a time: a client may leave while the next chunk is made, and what is under way cannot be closed.
    """

    def __init__(self, wsgi: Wsgi, environ: dict[str, Any], threads: ThreadPoolExecutor) -> None:
        self._wsgi = wsgi
        self._environ = environ
        self._threads = threads
        self._chunks: Iterable[bytes] = ()
        self._iterator: Iterator[bytes] = iter(())
        self._first: bytes | None = None
        self._closed = False
        self._lock = threading.RLock()
        self.status = 500
        self.fields: list[tuple[bytes, bytes]] = []
        self.whole = False

    def begin(self) -> bytes:
        """Call the application: the first chunk."""
        with self._lock:
            self._chunks = self._wsgi(self._environ, self._start)
            self._iterator = iter(self._chunks)
            self._first = first = (
                b"".join(self._chunks) if isinstance(self._chunks, list) else next(self._iterator, None)
            )
            self.whole = first is None or isinstance(self._chunks, list)
            if self.whole:
                self._close()
            return first or b""

    def _start(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        # Date is for the server to say: one of the application's would be a second, and grow old in the cache.
        self.fields = raw_fields((name, value) for name, value in headers if name.lower() != "date")
        return lambda _: None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        chunk, self._first = self._first, None
        if chunk is None:
            chunk = await asyncio.get_running_loop().run_in_executor(self._threads, self._next)
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    def _next(self) -> bytes | None:
        with self._lock:
            return next(self._iterator, None)

    async def aclose(self) -> None:
        if not self._closed:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._close)

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            _close(self._chunks)


def environ(request: Request) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333). REQUEST_URI is the target as it was sent."""
    variables: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": request.query_string.decode("latin-1"),
        "REQUEST_URI": request.target.decode("latin-1"),
        "SERVER_NAME": request.server[0],
        "SERVER_PORT": request.server[1],
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": request.peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        KEY: request,
    }
    for name, value in request.fields.items():
        # The body is whole already, and has a length.
        if name != b"transfer-encoding" and not (request.reads and name in conditional.FIELDS):
            variables[_variable(name)] = value.decode("latin-1")
    variables.setdefault("CONTENT_LENGTH", str(len(request.body)))
    return variables


def _variable(name: bytes) -> str:
    variable = name.decode("latin-1").upper().replace("-", "_")
    return variable if variable in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{variable}"


class ContentEncoding:
    """WSGI middleware for content codings. A whole response to GET without an ETag gets one out of its bytes; text is
    compressed as Accept-Encoding asks for, with an ETag of its own for each coding (RFC 9110 §8.8.3.3). A whole body
    is a list, and the fields have names in lower case, each once."""

    def __init__(self, wsgi: Wsgi) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        statuses: list[str] = []
        fields: dict[str, str] = {}

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
            statuses[:] = (status,)
            fields.clear()
            for name, value in headers:
                name = name.lower()
                fields[name] = f"{fields[name]}, {value}" if name in fields else value
            return lambda _: None

        chunks = self._wsgi(environ, start)
        try:
            [status] = statuses
            body = _encoded(environ, int(status[:3]), fields, chunks)
        except BaseException:
            _close(chunks)
            raise
        start_response(status, list(fields.items()))
        return body


def _encoded(environ: dict[str, Any], status: int, fields: dict[str, str], chunks: Iterable[bytes]) -> Iterable[bytes]:
    method, accepted = environ["REQUEST_METHOD"], environ.get("HTTP_ACCEPT_ENCODING", "")
    final = method == "HEAD" or status in (206, 304)
    text = content_encoding.negotiable(fields)
    length = fields.get("content-length", "")
    if length.isdecimal() and int(length) <= WHOLE_BYTES:
        body = b"".join(chunks)
        _close(chunks)
        return [body if final else content_encoding.encode_whole(body, method, accepted, status, fields)]
    coding = content_encoding.preferred_coding(accepted, content_encoding.STREAM) if text and not final else None
    if coding is not None:
        fields.pop("content-length", None)
        content_encoding.mark(fields, coding)
    content_encoding.mark_ranges(fields, method, status)
    if coding is None:
        return chunks
    constant = "etag" in fields
    return content_encoding.EncodedStream(iter(chunks), coding, lambda: _close(chunks), constant=constant)


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
