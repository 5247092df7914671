"""The competency questions as pages that run them: /queries and /queries/<name>."""

import json
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers

from quoth.errors import NotFound
from quoth.formats import HTML, RESULT_FORMATS
from quoth.store.engine import Query, Wanted
from quoth.web import competency, results
from quoth.web.negotiate import choose
from quoth.web.problems import PROBLEM
from quoth.web.responses import etag, validated
from quoth.web.site import site

blueprint = Blueprint("queries", __name__)


@blueprint.get("/queries")
def listing() -> Response:
    """Every question, as a page or as JSON."""
    here = site()
    chosen = choose(request.headers.get("Accept"), [HTML, PROBLEM])
    if chosen is HTML:
        return validated(
            lambda: render_template("queries.html", questions=competency.every()),
            etag("queries", "html"),
            HTML.content_type,
            Headers({"Vary": "Accept"}),
        )
    data = [
        {
            "name": q.name,
            "title": q.title,
            "description": q.description,
            "url": here.iris.url(f"queries/{q.name}"),
            "sparql": competency.sparql(q),
        }
        for q in competency.every()
    ]
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return validated(lambda: text, etag("queries", "json"), "application/json", Headers({"Vary": "Accept"}))


@blueprint.get("/queries/<name>")
def question(name: str) -> Response:
    """A question with its answer: a table for browsers, else SPARQL results by negotiation."""
    here = site()
    found = competency.named(name)
    if found is None:
        raise NotFound(f"there is no question {name}", remedy=f"see {here.iris.url('queries')}")
    chosen = choose(request.headers.get("Accept"), [HTML, *RESULT_FORMATS])
    text = competency.sparql(found)
    query = Query(text, base_iri=here.iris.base)
    run = here.iris.path("sparql?" + urlencode({"query": text}))

    def make() -> Response | bytes | str:
        wanted = "json" if chosen is HTML else chosen.name
        with here.engine.answer(query, Wanted(wanted, wanted, None), here.caller()) as answer:
            if chosen is HTML:
                return results.page(here, text, answer, question=found, run=run)
            return b"".join(answer.chunks)

    return validated(make, etag("query", name, chosen.name), chosen.content_type, Headers({"Vary": "Accept"}))
