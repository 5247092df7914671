"""The layer around the application for content codings, and for the ETag of responses that have none.

It works in the thread of the request, since compressing takes its time.
"""

from collections.abc import Callable, Iterable
from typing import Any

from quoth.http import content_encoding

WHOLE_BYTES = 1 << 20
"""A body up to this length, with a Content-Length, is taken whole."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ContentEncoding:
    """WSGI middleware. A whole response to GET without an ETag gets one out of its bytes; text is compressed as
    Accept-Encoding asks for, with an ETag of its own for each coding (RFC 9110 §8.8.3.3). A whole body is a list of one
    chunk, and the fields have names in lower case, each once."""

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
    coding = content_encoding.preferred(accepted, content_encoding.STREAM) if text and not final else None
    if coding is None:
        return chunks
    fields.pop("content-length", None)
    content_encoding.mark(fields, coding)
    return content_encoding.Stream(iter(chunks), coding, lambda: _close(chunks))


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
