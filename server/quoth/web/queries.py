"""The competency questions as pages that run them: /queries and /queries/<name>.

An answer comes in pages of ``page_rows`` rows, in every format. How many rows there are in all is in X-Total-Count,
and where the others are in Link (RFC 8288: first, prev, next, last), so that nothing is cut without saying so.
"""

import functools
import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers

from quoth.errors import NotFound, UsageError
from quoth.formats import HTML, OX_RESULTS, RESULT_FORMATS, Format, by_name
from quoth.store import parameters
from quoth.store.engine import Answer, Query, Term, Wanted
from quoth.store.queries import NamedQuery
from quoth.store.volatile import volatile
from quoth.web import competency, fields, results
from quoth.web.negotiate import choose
from quoth.web.problems import PROBLEM
from quoth.web.responses import etag, links, validated
from quoth.web.site import Site, site

OFFERS = (HTML, *RESULT_FORMATS)

blueprint = Blueprint("queries", __name__)


@blueprint.get("/queries")
def listing() -> Response:
    """Every question, as a page or as JSON."""
    here = site()
    chosen = choose(request.headers.get("Accept"), [HTML, PROBLEM])
    questions = [(q, competency.title(here, q)) for q in competency.every()]
    if chosen is HTML:
        return validated(
            lambda: render_template("queries.html", questions=questions),
            etag("queries", "html"),
            HTML.content_type,
            Headers({"Vary": "Accept"}),
        )
    data = [
        {
            "name": q.name,
            "title": title,
            "description": q.description,
            "url": here.iris.url(f"queries/{q.name}"),
            "parameters": [
                {
                    "name": p.name,
                    "type": p.type,
                    **({"scheme": p.of} if p.type == "concept" else {}),
                    "default": p.default,
                    "description": p.description,
                    "expected": p.expected,
                }
                for p in q.parameters
            ],
            "sparql": competency.sparql(q),
        }
        for q, title in questions
    ]
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return validated(lambda: text, etag("queries", "json"), "application/json", Headers({"Vary": "Accept"}))


@blueprint.get("/queries/<name>")
def question(name: str) -> Response:
    """A question with its answer: a form and a table for browsers, else SPARQL results by negotiation or ``format``."""
    here = site()
    found = competency.named(name)
    if found is None:
        raise NotFound(f"there is no question {name}", remedy=f"see {here.iris.url('queries')}")
    values = fields.read(here, found, request.args)
    number = _number(request.args.get("page", "1"))
    chosen = _format(request.args.get("format", ""))
    text = competency.sparql(found, values)
    changes = volatile(text)

    def make() -> Response:
        total = _count(here, text) if changes else _total(here, text)
        pages = max(1, -(-total // here.settings.page_rows))
        if number > pages:
            raise NotFound(f"the answer has {pages} pages, and no page {number}", where="page")
        wanted = "json" if chosen is HTML else chosen.name
        query = Query(parameters.page(text, here.settings.page_rows, number), base_iri=here.iris.base)
        with here.engine.answer(query, Wanted(wanted, None, None), here.caller()) as answer:
            made = (
                _page(here, found, values, text, number, total, answer) if chosen is HTML else b"".join(answer.chunks)
            )
        response = Response(made, content_type=chosen.content_type)
        response.headers["X-Total-Count"] = str(total)
        places = {"first": 1, "prev": number - 1, "next": number + 1, "last": pages}
        response.headers["Link"] = links(
            [(here.iris.url(_target(name, page=n)), rel, None) for rel, n in places.items() if 1 <= n <= pages]
        )
        return response

    headers = Headers({} if request.args.get("format") else {"Vary": "Accept"})
    if changes:  # another answer each time, which nobody may keep
        response = make()
        response.headers.extend(headers)
        response.headers["Cache-Control"] = "no-store"
        return response
    place = f"{number}/{here.settings.page_rows}"
    return validated(
        make,
        etag("query", name, chosen.name, place, request.query_string.decode("latin-1"), text),
        chosen.content_type,
        headers,
    )


def _page(
    here: Site,
    found: NamedQuery,
    values: Mapping[str, Term | None],
    text: str,
    number: int,
    total: int,
    answer: Answer,
) -> str:
    size = here.settings.page_rows
    return results.page(
        here,
        text,
        answer,
        question=found,
        title=competency.title(here, found, values),
        fields=fields.fields(here, found, values),
        run=here.iris.path("sparql?" + urlencode({"query": text})),
        first=(number - 1) * size + 1,
        total=total,
        before=here.iris.path(_target(found.name, page=number - 1)) if number > 1 else None,
        after=here.iris.path(_target(found.name, page=number + 1)) if number * size < total else None,
        formats=[(f.title, f.media_type, here.iris.path(_target(found.name, format=f.name))) for f in RESULT_FORMATS],
    )


def _target(name: str, **changed: int | str) -> str:
    """The path of the same question with the same values, but for ``changed``; format and page only where given."""
    kept = {
        k: v for k, v in request.args.items() if v and k not in ("page", *(["format"] if "format" in changed else []))
    }
    kept.update((k, str(v)) for k, v in changed.items() if v != 1)
    return f"queries/{name}" + (f"?{urlencode(kept)}" if kept else "")


def _number(raw: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", raw):
        raise UsageError(f"{raw!r} is no page", where="page", remedy="expected is a whole number from 1 on")
    return int(raw)


def _format(raw: str) -> Format:
    if not raw:
        return choose(request.headers.get("Accept"), OFFERS)
    found = by_name(OFFERS, raw.lower())
    if found is None:
        remedy = "expected is one of " + ", ".join(f.name for f in OFFERS)
        raise UsageError(f"{raw!r} is no format", where="format", remedy=remedy)
    return found


@functools.lru_cache(maxsize=1024)
def _total(here: Site, text: str) -> int:
    """How many solutions a question has; counted once, since a release does not change."""
    return _count(here, text)


def _count(here: Site, text: str) -> int:
    query = Query(parameters.counted(text), base_iri=here.iris.base)
    with here.engine.answer(query, Wanted("json", None, None), here.caller()) as answer:
        solutions = ox.parse_query_results(b"".join(answer.chunks), OX_RESULTS["json"])
    assert isinstance(solutions, ox.QuerySolutions)
    [total] = [solution["total"] for solution in solutions]
    return int(getattr(total, "value", 0))
