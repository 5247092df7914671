"""Responses out of an engine's answers.

A result of up to BUFFER_BYTES is sent whole, with its length. A longer result is streamed; if it breaks off, the error
is raised through the WSGI iterable, and the server breaks the connection, so that half a result never passes for a
whole one.
"""

from collections.abc import Iterator
from itertools import chain

from flask import Response, request

from quoth.engine.api.interface import Answer
from quoth.formats import RDF_FORMATS, RESULT_FORMATS, by_name
from quoth.web.sparql import result_formats

BUFFER_BYTES = 1 << 20


def response_of(answer: Answer, query: str) -> Response:
    """The response with an answer to a query, and what tells caches about it."""
    return with_caching(_whole_or_stream(answer), query)


def with_caching(response: Response, query: str = "") -> Response:
    """The response to a query, with the fields that tell caches about it."""
    response.headers.extend(result_formats.caching(query))
    return response


def _whole_or_stream(answer: Answer) -> Response:
    """The answer whole if it is small, else as a stream that fails if the answer does."""
    format = by_name((*RESULT_FORMATS, *RDF_FORMATS), answer.format)
    assert format is not None, answer.format
    held: list[bytes] = []
    size = 0
    try:
        for chunk in answer.chunks:
            held.append(chunk)
            size += len(chunk)
            if size > BUFFER_BYTES:
                break
        else:
            answer.close()
            return Response(b"".join(held), content_type=format.content_type)
    except BaseException:
        answer.close()
        raise
    if request.method == "HEAD":
        answer.close()
        return Response(content_type=format.content_type)
    return Response(_Stream(held, answer), content_type=format.content_type, direct_passthrough=True)


class _Stream:
    """The chunks held so far and then the rest; ``close`` may be called while another thread waits for a chunk,
    which a generator would not allow."""

    def __init__(self, held: list[bytes], answer: Answer) -> None:
        self._chunks = chain(held, answer.chunks)
        self.close = answer.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)
