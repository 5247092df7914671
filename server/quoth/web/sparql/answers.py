"""Responses out of an engine's answers.

A result of up to BUFFER_BYTES is sent whole, with its length. A longer result is streamed; if it breaks off, the error
is raised through the WSGI iterable, and the server breaks the connection, so that half a result never passes for a
whole one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from urllib.parse import quote

from flask import Response, request

from quoth.engine.api.empty_answers import holds_nothing
from quoth.engine.api.interface import Answer
from quoth.formats import RDF_FORMATS, RESULT_FORMATS, by_name
from quoth.sparql.unknown_terms import Hint
from quoth.web.core.urls import as_uri
from quoth.web.sparql import result_formats

BUFFER_BYTES = 1 << 20
_PARAMETER_CHARS = 300
"""A longer IRI is no parameter of a hint: clients bound the size of a field."""


def response_of(answer: Answer, query: str, explain: Callable[[], Sequence[Hint]] = tuple) -> Response:
    """The response with an answer to a query, and what tells caches about it. ``explain`` gives the hints of an answer
    that has nothing in it."""
    return with_caching(_whole_or_stream(answer, explain), query)


def hint_field(hints: Sequence[Hint]) -> str:
    """Hints as a List of Strings and Display Strings with parameters (RFC 9651 §3.1, §3.3.3, §3.3.8).

    >>> hint_field([Hint("there is no graph <http://e/ü>", "check", "line 1, column 9", "http://e/ü")])
    '%"there is no graph <http://e/%c3%bc> (check)";where="line 1, column 9";term="http://e/%C3%BC"'
    """
    return ", ".join(
        _string(f"{hint.detail} ({hint.remedy})")
        + "".join(
            f";{name}={_string(value)}"
            for name, value in (("where", hint.where), ("term", as_uri(hint.term)), ("meant", as_uri(hint.meant)))
            if value and len(value) <= _PARAMETER_CHARS
        )
        for hint in hints
    )


def _string(text: str) -> str:
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    escaped = re.sub(r'[^ -~]|[%"]', lambda match: quote(match[0], safe="").lower(), text)
    return f'%"{escaped}"'


def with_caching(response: Response, query: str = "") -> Response:
    """The response to a query, with the fields that tell caches about it."""
    response.headers.extend(result_formats.caching(query))
    return response


def _whole_or_stream(answer: Answer, explain: Callable[[], Sequence[Hint]]) -> Response:
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
            response = Response(b"".join(held), content_type=format.content_type)
            if holds_nothing(answer.kind, answer.format, response.data) and (hints := explain()):
                response.headers["Query-Hint"] = hint_field(hints)
            return response
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
