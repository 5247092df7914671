"""The SPARQL endpoint: /sparql.

A result that fits into BUFFER_BYTES is sent whole, with its length. A longer one is streamed; if it breaks off, the
error is raised through the WSGI iterable, and web.asgi breaks the connection, so that half a result is never taken for
a whole one.
"""

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, Response, render_template, request

from quoth.errors import NotAcceptable, UsageError
from quoth.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format, by_name
from quoth.store.engine import Answer, Wanted
from quoth.store.volatile import volatile
from quoth.web import competency, protocol, results
from quoth.web.negotiate import best
from quoth.web.problems import PROBLEM
from quoth.web.site import site

BUFFER_BYTES = 1 << 20

blueprint = Blueprint("sparql", __name__)

_SOLUTIONS = (*RESULT_FORMATS, HTML)
_GRAPHS = (*RDF_FORMATS, HTML)
_TWINS = {"json": "jsonld", "xml": "rdfxml"}


@blueprint.route("/sparql", methods=["GET", "HEAD", "POST"])
def endpoint() -> Response:
    """A query by GET, POST of a form, or direct POST; without a query, a form for browsers."""
    here = site()
    accept = request.headers.get("Accept")
    asked = protocol.read(request, here.iris.base)
    if asked.query is None:
        if request.method != "POST" and best(accept, [PROBLEM, HTML]) is HTML:
            return _varied(Response(render_template("sparql.html", query="", questions=competency.every()), 200))
        raise UsageError("there is no query", remedy=f"give one: {here.iris.url('sparql')}?query=…")
    if not (asked.text or "").strip():
        raise UsageError("the query is empty", remedy="start from " + here.iris.url("queries"))
    solutions, graph = _formats(asked.format, accept)
    # A page is made out of a result that can be read as a stream.
    table = _name(solutions, "json")
    wanted = Wanted(table, table, _name(graph, "ntriples"))
    try:
        answer = here.engine.answer(asked.query, wanted, here.caller())
    except NotAcceptable as error:
        raise NotAcceptable(error.detail, remedy=error.remedy or _offers()) from None
    if (graph if answer.kind == "graph" else solutions) is HTML:
        with answer:
            return _kept(asked.text, _varied(Response(results.page(here, asked.text or "", answer))))
    return _kept(asked.text, _varied(_sent(answer)))


def _name(format: Format | None, for_page: str) -> str | None:
    return None if format is None else for_page if format is HTML else format.name


def _formats(name: str | None, accept: str | None) -> tuple[Format | None, Format | None]:
    """The format for solutions and booleans, and the one for graphs: by parameter if there is one, else negotiated."""
    if name is None:
        return best(accept, _SOLUTIONS), best(accept, _GRAPHS)
    name = name.strip().lower().replace(" ", "+")  # a + that was not percent-encoded
    everything = (*RESULT_FORMATS, *RDF_FORMATS, HTML)
    by_type = next((f for f in everything if name == f.media_type or name in f.aliases), None)
    found = by_name(everything, name) or by_type
    if found is None:
        raise UsageError(
            f"there is no format {name!r}", where="format", remedy="name one of " + " ".join(f.name for f in everything)
        )
    if found is HTML:
        return HTML, HTML
    if found in RDF_FORMATS:
        return None, found
    return found, by_name(RDF_FORMATS, _TWINS.get(found.name, ""))


def _offers() -> str:
    solutions = ", ".join(f.media_type for f in _SOLUTIONS)
    return f"for SELECT and ASK: {solutions}; for CONSTRUCT and DESCRIBE: {', '.join(f.media_type for f in _GRAPHS)}"


def _sent(answer: Answer) -> Response:
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


def _varied(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _kept(text: str | None, response: Response) -> Response:
    """What is another answer each time is not for any cache."""
    if volatile(text or ""):
        response.headers["Cache-Control"] = "no-store"
    return response
