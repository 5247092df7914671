"""The competency questions as pages that run them: /queries and /queries/<name>.

Every format has pages of ``page_rows`` rows. X-Total-Count has the number of all rows, and Link the other pages
(RFC 8288: first, prev, next, last), so that no result is cut silently.
"""

import difflib
import json
import threading
from collections.abc import Mapping
from itertools import groupby
from urllib.parse import urlencode

import pyoxigraph as ox
from cachetools import LRUCache, cached
from flask import Blueprint, Response, g, render_template, request
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import PREFIXES, QUOTH, RDF, RDFS, Term
from quoth.engine.api.interface import Answer, Query, Wanted
from quoth.errors import Link, NotFoundError, QuothError
from quoth.formats import HTML, JSON, OX_RESULTS, RESULT_FORMATS, Format
from quoth.http import pagination
from quoth.http.accept import choose
from quoth.http.pagination import Page
from quoth.sparql import parameters
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.query_form import is_deterministic
from quoth.web.core import request_target, variants
from quoth.web.core.responses import links, validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import question_form, stored_questions
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref
from quoth.web.present.lists.list_formats import LIST_OFFERS, only_page, short_body
from quoth.web.sparql import html_results, service_description

_NAME_CHARS = 80
"""Characters of the name of a question that are shown and looked at."""
_OF = {"concept": "scheme", "iri": "kind", "integer": "least"}
"""What ``of`` of a parameter is, by its type."""

OFFERS = (HTML, *RESULT_FORMATS)

blueprint = Blueprint("queries", __name__)


@blueprint.get("/queries")
@blueprint.get("/queries.<suffix>")
def listing(suffix: str | None = None) -> Response:
    """Every question, in any format. Raises UsageError, NotFoundError, NotAcceptableError."""
    only_page(request.args, "queries")
    site = current_site()

    def make(variant: Variant) -> bytes | str:
        questions = [(q, stored_questions.title(site, q)) for q in stored_questions.questions(site)]
        if variant.format is HTML:
            groups = groupby(questions, lambda question: question[0].group)
            return render_template(
                "queries.html", groups=[(g, list(asked)) for g, asked in groups], offers=LIST_OFFERS[1:]
            )
        members = [_member(site, q, title) for q, title in questions]
        if variant.format is JSON:
            return json.dumps(members, ensure_ascii=False, indent=1) + "\n"
        described = [*(quad for member in members for quad in _quads(member)), *service_description.questions(site)]
        return short_body(site, variant, "queries", members, described)

    return variants.respond(NegotiableResource(site, "queries", LIST_OFFERS, make), suffix)


def _member(site: Site, query: NamedQuery, title: str) -> dict[str, object]:
    return {
        "name": query.name,
        "title": title,
        "group": query.group,
        "description": query.description,
        "url": site.iris.url(f"queries/{query.name}"),
        "parameters": [
            {
                "name": p.name,
                "type": p.type,
                **({_OF[p.type]: p.of} if p.of else {}),
                "default": p.default,
                "description": p.description,
                "expected": p.expected,
            }
            for p in query.parameters
        ],
        "sparql": stored_questions.sparql(query),
    }


def _quads(member: Mapping[str, object]) -> list[ox.Quad]:
    """The title and the description of a question."""
    question, description = ox.NamedNode(str(member["url"])), ox.NamedNode(PREFIXES["dcterms"] + "description")
    return [
        ox.Quad(question, RDFS.label, ox.Literal(str(member["title"]), language="en")),
        ox.Quad(question, description, ox.Literal(str(member["description"]), language="en")),
    ]


@blueprint.get("/queries/<name>")
@sitemap_paths(lambda site: [f"queries/{question.name}" for question in stored_questions.questions(site)])
def question(name: str) -> Response:
    """A question with its answer: a form and a table for browsers, else SPARQL results by negotiation or ``format``."""
    site = current_site()
    stored = stored_questions.named(site, name)
    if stored is None:
        names = [known.name for known in stored_questions.questions(site)]
        urls = [
            site.iris.url(f"queries/{near}") for near in difflib.get_close_matches(name.lower()[:_NAME_CHARS], names)
        ]
        remedy = f"did you mean {urls[0]}? All are at" if urls else "see"
        near_links: list[Link] = [(url, "related", None) for url in urls]
        detail = f"there is no question {name[:_NAME_CHARS]}"
        raise NotFoundError(detail, remedy=f"{remedy} {site.iris.url('queries')}", links=near_links)
    try:
        values = question_form.read(site, stored, request.args)
    except QuothError:  # the page of the error has the form again, with what was entered
        g.question, g.fields = stored, question_form.entered(site, stored, request.args)
        raise
    number = pagination.read(request.args)
    format = _format(request.args.get("format", ""))
    text = stored_questions.sparql(stored, values)
    changes = not is_deterministic(text)

    size, total = site.settings.page_rows, _count(site, text) if changes else _total(site, text)
    others = {k: v for k, v in request.args.items() if v and k != "page"}
    rows: Page[None] = pagination.page(
        (), number=number, size=size, total=total, path=f"queries/{name}", link_parameters=others
    )

    def make() -> Response:
        wanted = "json" if format is HTML else format.name
        # A page marks the claims themselves.
        marked = format is not HTML and site.claim_index.has_proposed
        asked = stored_questions.with_status(text) if marked else text
        query = Query(parameters.paginate(asked, size, number), base_iri=site.iris.base, ours=True)
        with site.engine.answer(query, Wanted(wanted, None, None), site.caller()) as answer:
            made = _page(site, stored, values, text, rows, answer) if format is HTML else b"".join(answer.chunks)
        return Response(made, content_type=format.content_type)

    headers = Headers({"X-Total-Count": str(total)})
    if rows.pages > 1:
        headers["Link"] = links(rows.links(site.iris.url))
    if not request.args.get("format"):
        headers["Vary"] = "Accept"
    if changes:  # a different answer each time, which no cache may store
        response = make()
        response.headers.extend(headers)
        response.headers["Cache-Control"] = "no-store"
        return response
    place = f"{number}/{size}"
    return validated(
        make,
        site.etag("query", name, format.name, place, request.query_string.decode("latin-1"), text),
        format.content_type,
        headers,
    )


def _page(
    site: Site,
    stored: NamedQuery,
    values: Mapping[str, Term | None],
    text: str,
    rows: Page[None],
    answer: Answer,
) -> str:
    return html_results.page(
        site,
        text,
        answer,
        question=stored,
        title=stored_questions.title(site, stored, values),
        fields=question_form.fields(site, stored, values),
        run=site.iris.path("sparql?" + urlencode({"query": text})),
        first=(rows.number - 1) * rows.size + 1,
        total=rows.total,
        page=rows,
        unnamed=[] if rows.total else _unnamed(site, values),
        formats=[(f.title, f.media_type, site.iris.path(_variant(stored.name, f))) for f in RESULT_FORMATS],
    )


def _unnamed(site: Site, values: Mapping[str, Term | None]) -> list[Ref]:
    """The unnamed sources among the values, which may be why there is no answer."""
    iris = [value.value for value in values.values() if isinstance(value, ox.NamedNode)]
    return [
        ref(site, iri)
        for iri in iris
        if any(q.predicate == RDF.type and q.object == QUOTH.AnonymousSource for q in site.about(iri) or ())
    ]


def _variant(name: str, format: Format) -> str:
    """The path of the page with its values in another format."""
    return f"queries/{name}?" + urlencode({**{k: v for k, v in request.args.items() if v}, "format": format.name})


def _format(raw: str) -> Format:
    if not raw:
        return choose(request.headers.get("Accept"), OFFERS)
    return request_target.named_format(raw, OFFERS)


@cached(LRUCache(1024), key=lambda site, text: (site.version, text), lock=threading.Lock())
def _total(site: Site, text: str) -> int:
    """The number of a question's solutions; counted once, since a release does not change."""
    return _count(site, text)


def _count(site: Site, text: str) -> int:
    query = Query(parameters.count_query(text), base_iri=site.iris.base, ours=True)
    with site.engine.answer(query, Wanted("json", None, None), site.caller()) as answer:
        solutions = ox.parse_query_results(b"".join(answer.chunks), OX_RESULTS["json"])
    assert isinstance(solutions, ox.QuerySolutions)
    [total] = [solution["total"] for solution in solutions]
    return int(getattr(total, "value", 0))
