"""The SPARQL endpoint: /sparql.

A result that fits into BUFFER_BYTES is sent whole, with its length. A longer one is streamed; if it breaks off, the
error is raised through the WSGI iterable, and the server breaks the connection, so that half a result is never taken
for a whole one.
"""

import contextlib
from collections.abc import Callable, Iterator
from itertools import chain

from flask import Blueprint, Response, g, render_template, request
from werkzeug.datastructures import Headers

from quoth.engine.api.interface import Answer, Query
from quoth.errors import Link, NotAcceptableError, UsageError
from quoth.formats import HTML, RDF_FORMATS, RESULT_FORMATS, by_name
from quoth.http import message
from quoth.http.accept import best, choose
from quoth.http.message import FORM
from quoth.web.core.responses import links, validated
from quoth.web.core.site import Site, current_site
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import SERVICE
from quoth.web.present import stored_questions
from quoth.web.sparql import html_results, protocol, result_formats
from quoth.web.sparql.protocol import StartedQuery
from quoth.web.sparql.result_formats import Chosen

BUFFER_BYTES = 1 << 20

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "HEAD", "POST"])
@blueprint.route("/sparql/", methods=["GET", "HEAD", "POST"])
def endpoint() -> Response:
    """A query by GET, POST of a form, or direct POST; without one, the service description, or a form for browsers."""
    here = current_site()
    accept = request.headers.get("Accept")
    limit = here.settings.query_size_kb * 1024
    asking = message.of(request.environ)
    begun: StartedQuery = asking.context or StartedQuery(
        protocol.read(asking, lambda: request.get_data(cache=False), here.iris.base, limit)
    )
    asked = begun.request
    g.query = asked.text  # for the page of an error
    if asked.query is None:
        if request.method != "POST":
            if asked.format is None and best(accept, result_formats.GRAPHS) is HTML:
                return _form()
            if asked.bare:
                return _description(asked.format, accept)
        raise UsageError("there is no query", remedy=f"give one: {here.iris.url('sparql')}?query=…")
    if not asked.query.text.strip():
        raise UsageError("the query is empty", remedy="start from " + here.iris.url("queries"))
    chosen = result_formats.chosen(asked.format, accept)
    try:
        return _answered(here, asked.query, chosen, begun.answer)
    except NotAcceptableError as error:
        # What cannot be written as XML may be in what else is acceptable, as long as nothing has been sent.
        other = chosen if asked.format else result_formats.besides_xml(accept)
        with contextlib.suppress(NotAcceptableError):
            if other != chosen:
                return _answered(here, asked.query, other)
        raise NotAcceptableError(error.detail, remedy=result_formats.listed()) from None


def _answered(here: Site, query: Query, chosen: Chosen, begun: Callable[[], Answer] | None = None) -> Response:
    answer = begun() if begun else here.engine.answer(query, chosen.wanted, here.caller())
    if chosen.of(answer.kind) is HTML:
        with answer:
            return _told(Response(html_results.page(here, query.text, answer)), query.text)
    return _told(_sent(answer), query.text)


def _form() -> Response:
    questions = [(q, stored_questions.title(current_site(), q)) for q in stored_questions.questions()]
    response = Response(render_template("sparql.html", query="", questions=questions), 200)
    response.headers["Link"] = links(_description_links(current_site()))
    return _told(response)


def _description(name: str | None, accept: str | None) -> Response:
    """What the endpoint is (SPARQL 1.1 Service Description §2)."""
    format = choose(accept, RDF_FORMATS) if name is None else result_formats.named(name).graph
    if format is HTML:
        return _form()
    if format is None:
        raise NotAcceptableError(
            f"the description of the service does not come in {name}",
            remedy="ask for one of " + ", ".join(f.media_type for f in RDF_FORMATS),
        )
    site = current_site()
    return validated(
        lambda: dataset_description.serialize(site, SERVICE, format, ()),
        site.etag("service", format.name),
        format.content_type,
        Headers({"Vary": "Accept", "Link": links(_description_links(site))}),
    )


def _description_links(site: Site) -> list[Link]:
    """The variants of the service description, and the description of the dataset."""
    url = site.iris.url
    variants: list[Link] = [(url(f"sparql?format={f.suffix}"), "alternate", f.media_type) for f in RDF_FORMATS]
    return [*variants, (url(".well-known/void"), "describedby", None)]


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


@blueprint.after_request
def _tell_media_types(response: Response) -> Response:
    """Which bodies can be sent (Linked Data Platform 1.0 §7.1)."""
    if request.method == "OPTIONS" or response.status_code == 415:
        response.headers["Accept-Post"] = f"{FORM}, {protocol.DIRECT}"
    return response


def _told(response: Response, text: str = "") -> Response:
    response.headers.extend(result_formats.caching(text))
    return response
