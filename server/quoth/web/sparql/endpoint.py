"""The SPARQL endpoint: /sparql; and that of each release in the archive, /releases/<n>/sparql.

Beside queries it takes the indirect graph identification of the Graph Store Protocol, since clients such as Jena's
RDFConnection ask one address for both.
"""

import contextlib
import re
from collections.abc import Callable
from urllib.parse import unquote

from flask import Blueprint, Response, g, render_template, request
from werkzeug.datastructures import Headers

from quoth.engine.api import empty_answers
from quoth.engine.api.interface import Answer, Query
from quoth.errors import Link, NotAcceptableError, UsageError
from quoth.formats import HTML, RDF_FORMATS, TRIG, Format
from quoth.http import message
from quoth.http.accept import best, choose
from quoth.http.message import FORM
from quoth.sparql.unknown_terms import Hint
from quoth.web.core.archive import archive
from quoth.web.core.responses import alternates, links, validated
from quoth.web.core.site import Site, current_site
from quoth.web.describe import dataset_description
from quoth.web.present import stored_questions, thing_names, withdrawal_notices
from quoth.web.sparql import graph_store, html_results, protocol, result_formats, service_description
from quoth.web.sparql.answers import response_of, with_caching
from quoth.web.sparql.protocol import StartedQuery
from quoth.web.sparql.result_formats import AcceptableFormats

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "HEAD", "POST"])
@blueprint.route("/sparql/", methods=["GET", "HEAD", "POST"])
@blueprint.route("/releases/<int:number>/sparql", methods=["GET", "HEAD", "POST"])
def endpoint(number: int | None = None) -> Response:
    """A query by GET, POST of a form, or direct POST; without one, the service description, or a form for browsers.
    With a number, to that release, and to the notices of what was withdrawn since, a graph beside its own."""
    site = current_site() if number is None else archive().queryable(number)
    if not site.pinned or not (tag := withdrawal_notices.later(site).tag):
        return _response(site)
    response = _response(archive().beside(site, tag, lambda: withdrawal_notices.graph(site)))
    own = response.headers.get("Link")
    notices = links([(site.iris.url(withdrawal_notices.path(site)), "related", None)])
    response.headers["Link"] = f"{own}, {notices}" if own else notices
    return response


def _response(site: Site) -> Response:
    accept = request.headers.get("Accept")
    limit = site.settings.query_size_kb * 1024
    http_request = message.of(request.environ)
    started: StartedQuery = http_request.context or StartedQuery(
        protocol.read(http_request, lambda: request.get_data(cache=False), site.iris.base, limit)
    )
    sparql = started.request
    g.query = sparql.text  # for the page of an error
    if sparql.query is None:
        if request.method != "POST":
            if graph_store.names_graph(request.args):
                return graph_store.graph(site, request.args, accept)
            if sparql.format is None and best(accept, result_formats.GRAPHS) is HTML:
                return _form(site)
            if sparql.bare:
                return _description(site, sparql.format, accept)
        raise UsageError("there is no query", remedy=f"give one: {site.iris.url(site.endpoint)}?query=…")
    if not sparql.query.text.strip():
        raise UsageError("the query is empty", remedy="start from " + site.iris.url("queries"))
    formats = result_formats.negotiate(sparql.format, accept)
    try:
        return _answer(site, sparql.query, formats, started.answer)
    except NotAcceptableError as error:
        # A result that XML cannot express may come in another acceptable format, as long as nothing has been sent.
        other = formats if sparql.format else result_formats.negotiate_without_xml(accept)
        with contextlib.suppress(NotAcceptableError):
            if other != formats:
                return _answer(site, sparql.query, other)
        raise NotAcceptableError(error.detail, remedy=result_formats.media_types_on_offer()) from None


def _answer(
    site: Site, query: Query, formats: AcceptableFormats, begun: Callable[[], Answer] | None = None
) -> Response:
    def explain() -> list[Hint]:
        return empty_answers.hints(site.engine, query, lambda iri: _near(site, iri))

    answer = begun() if begun else site.engine.answer(query, formats.wanted, site.caller())
    if formats.of(answer.kind) is HTML:
        with answer:
            page = html_results.page(site, query.text, answer, explain, **_asked(site))
            return with_caching(Response(page), query.text)
    return response_of(answer, query.text, explain)


def _asked(site: Site) -> dict[str, object]:
    """The words of a page about the release that is asked, where that is one in the archive."""
    if not site.pinned:
        return {"archived": None}
    return {"archived": site.release.number, "remark": withdrawal_notices.remark(site)}


def _near(site: Site, iri: str) -> str | None:
    """The thing of the release whose name is most like the last part of an IRI of the dataset."""
    name = re.split("[/#]", unquote(iri))[-1]
    return next(iter(thing_names.near_to(site, re.sub("[-_]", " ", name)[:100])), None)


def _form(site: Site) -> Response:
    questions = [] if site.pinned else [(q, stored_questions.title(site, q)) for q in stored_questions.questions(site)]
    response = Response(render_template("sparql.html", query="", questions=questions, **_asked(site)), 200)
    response.headers["Link"] = links(_description_links(site))
    return with_caching(response)


def _description(site: Site, name: str | None, accept: str | None) -> Response:
    """The description of the endpoint (SPARQL 1.1 Service Description §2); for a client that likes TriG best, the way
    to the dataset: it has no named graphs, and Jena's ``fetchDataset`` would take it for the data."""
    if name is None and choose(accept, RDF_FORMATS) is TRIG:
        return graph_store.dataset(accept, site.release.number)
    format = choose(accept, RDF_FORMATS) if name is None else result_formats.by_format_name(name).graph
    if format is HTML:
        return _form(site)
    if format is None:
        raise NotAcceptableError(
            f"the description of the service does not come in {name}",
            remedy="ask for one of " + ", ".join(f.media_type for f in RDF_FORMATS),
        )
    later = withdrawal_notices.later(site).tag if site.pinned else ""
    return validated(
        lambda: (
            service_description.serialize_archived(site, format)
            if site.pinned
            else service_description.serialize(site, format)
        ),
        site.etag("service", format.name, site.endpoint, later, *dataset_description.depends(site.settings)),
        format.content_type,
        Headers({"Vary": "Accept", "Link": links(_description_links(site, format))}),
    )


def _description_links(site: Site, format: Format = HTML) -> list[Link]:
    """The other variants of the service description, and the description of the dataset."""
    url = site.iris.url
    others = [(url(f"{site.endpoint}?format={f.suffix}"), f) for f in RDF_FORMATS if f is not format]
    return [*alternates(format, others), (url(".well-known/void"), "describedby", None)]


@blueprint.after_request
def _accept_post(response: Response) -> Response:
    """Name the media types of queries (Linked Data Platform 1.0 §7.1)."""
    if request.method == "OPTIONS" or response.status_code == 415:
        response.headers["Accept-Post"] = f"{FORM}, {protocol.DIRECT}"
    return response
