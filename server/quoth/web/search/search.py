"""Search: /search finds things and claims by words, /suggest completes a word, /opensearch.xml tells browsers how.

OpenSearch 1.1: https://github.com/dewitt/opensearch; Atom: RFC 4287.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup, escape
from werkzeug.datastructures import Headers

from quoth.errors import UsageError
from quoth.formats import ATOM, HTML, JSON, Format
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.index import fulltext
from quoth.index.fulltext import BEGIN, END, Hit, Search, Sought
from quoth.web.core import query_params, variants
from quoth.web.core.responses import links, validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import faceting
from quoth.web.present.claim_view import Ref, ref
from quoth.web.present.faceting import Option

OFFERS = (JSON, ATOM, HTML)
PAGE_HITS = 20
SUGGESTIONS = 10
DESCRIPTION = "application/opensearchdescription+xml"
_SUGGESTIONS = "application/x-suggestions+json"
_BETWEEN = " · "
"""Stands between several labels or names of one thing in a Hit."""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_TITLES = {"kind": "What it is", "source": "Who says it", "certainty": "How surely", "article": "In which article"}
"""The parameters that findings can be narrowed by, in the order in which they are shown."""

blueprint = Blueprint("finding", __name__)


@dataclass(frozen=True)
class Found:
    """Something found, for a template: texts in which what matches is marked."""

    ref: Ref
    kind: str
    label: Markup
    also: Markup
    quotation: Markup


@blueprint.get("/search")
@blueprint.get("/search.<suffix>")
@sitemap_paths(None)
def find(suffix: str | None = None) -> Response:
    """What is found for ``q``, the likeliest first. Raises UsageError, and NotFoundError past the last page."""
    here = current_site()
    asked = query_params.parameters(request.args, (*_TITLES, "q", "page"), "search")
    sought = Sought(query_params.search_expression(asked), _narrowed(here, asked))
    found = _page(here, sought, asked)

    def make(variant: Variant) -> Response:
        response = Response(
            _body(variant.reader, asked, sought, found, variant.format), content_type=variant.content_type
        )
        response.headers["X-Total-Count"] = str(found.total)
        turning = found.at("search" if suffix is None else f"search.{suffix}").links(here.iris.url)
        if turning:
            response.headers["Link"] = links(turning)
        return response

    described = (here.iris.url("opensearch.xml"), "search", DESCRIPTION)
    query = found.target(found.number).removeprefix("search")
    return variants.respond(
        NegotiableResource(
            here, "search", OFFERS, make, [described], query=query, modified=here.modified, localized=True
        ),
        suffix,
    )


@blueprint.get("/suggest")
@sitemap_paths(None)
def suggest() -> Response:
    """Names that go on as ``q`` begins (OpenSearch Suggestions 1.0): an array of the text and of the completions."""
    here = current_site()
    text = query_params.single_valued(request.args).get("q", "")
    try:
        sought = query_params.search_expression({"q": text})
    except UsageError:
        sought = ""  # nothing goes on like this; whoever is typing need not be told
    names = Search(here.lists).names(sought, SUGGESTIONS) if sought else []
    body = json.dumps([text[: fulltext.LONGEST], names], ensure_ascii=False)
    return validated(lambda: body, here.etag("suggest", text), f"{_SUGGESTIONS}; charset=utf-8", Headers())


@blueprint.get("/opensearch.xml")
@sitemap_paths(None)
def description() -> Response:
    """How the search is asked (OpenSearch 1.1 Draft 6)."""
    return validated(
        lambda: render_template("opensearch.xml"),
        current_site().etag("opensearch"),
        f"{DESCRIPTION}; charset=utf-8",
        Headers(),
    )


def _narrowed(here: Site, asked: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the parameters narrow the findings by. Raises UsageError that says what there is instead."""
    return tuple(
        _kind(here, asked[n]) if n == "kind" else faceting.narrowing(here, n, asked[n]) for n in _TITLES if n in asked
    )


def _kind(here: Site, value: str) -> tuple[str, str]:
    known = Search(here.lists).kinds()
    if value not in known:
        raise query_params.unknown_value(value, "kind", known)
    return "kind", value


def _page(here: Site, sought: Sought, asked: Mapping[str, str]) -> Page[Found]:
    looking = Search(here.lists)
    number = pagination.read(asked)
    total = looking.count(sought) if sought.words else 0
    kept = {k: v for k, v in asked.items() if k != "page"}
    page: Page[Found] = pagination.page((), number=number, size=PAGE_HITS, total=total, path="search", kept=kept)
    hits = looking.hits(sought, first=(number - 1) * PAGE_HITS, size=PAGE_HITS) if total else []
    here.labels.fetch(hit.iri for hit in hits)
    return page.map([_found(here, hit) for hit in hits])


def _found(here: Site, hit: Hit) -> Found:
    return Found(ref(here, hit.iri), hit.kind, *map(marked, (hit.label, hit.also, hit.quotation)))


def _in_one_language(reader: Site, found: Found) -> Found:
    """The same under the label that the reader likes best alone; the others go on as other names where they match."""
    best = ref(reader, found.ref.iri)
    labels = found.label.split(_BETWEEN)
    chosen = next((label for label in labels if label.striptags() == " ".join(best.label.split())), None)
    if chosen is None:
        return found
    others = [label for label in labels if label is not chosen and "<mark>" in label]
    also = Markup(_BETWEEN).join([*others, *filter(None, [found.also])])
    return dataclasses.replace(found, ref=best, label=chosen, also=also)


def marked(text: str) -> Markup:
    """A text with what was found in <mark>, and all else escaped.

    >>> marked("a \\x02<b>\\x03")
    Markup('a <mark>&lt;b&gt;</mark>')
    """
    return Markup(escape(text).replace(BEGIN, Markup("<mark>")).replace(END, Markup("</mark>")))


def _body(here: Site, asked: Mapping[str, str], sought: Sought, found: Page[Found], format: Format) -> str:
    if format is JSON:
        return _json(here, asked, found)
    if format is ATOM:
        return render_template("search.atom.xml", rows=found, text=asked.get("q", ""), updated=here.release.manifest)
    facets = _facets(here, sought, asked) if sought.words else []
    return render_template(
        "search.html",
        rows=found.map([_in_one_language(here, hit) for hit in found.items]),
        q=asked.get("q", ""),
        facets=facets,
        narrowed=bool(sought.narrowed),
    )


def _facets(here: Site, sought: Sought, asked: Mapping[str, str]) -> list[tuple[str, list[Option]]]:
    """How what is found divides, each part a link to it."""
    looking = Search(here.lists)
    facets = []
    for name, title in _TITLES.items():
        key = "kind" if name == "kind" else faceting.FACETS[name].facet
        others = Sought(sought.words, tuple(pair for pair in sought.narrowed if pair[0] != key))
        counts = looking.facet(others, key)
        if len(counts) < 2 and name not in asked:
            continue
        here.labels.fetch(value for value, _ in counts if key != "kind")
        options = []
        for value, count in counts:
            as_given = value if key == "kind" else faceting.short(here, faceting.FACETS[name], value)
            selected = asked.get(name) == as_given
            rest = {k: v for k, v in asked.items() if k not in (name, "page")}
            target = rest if selected else {**rest, name: as_given}
            shown = Ref("", value, None) if key == "kind" else ref(here, value)
            options.append(Option(shown, count, here.iris.path(f"search?{urlencode(target)}"), selected))
        facets.append((title, options))
    return facets


def _json(here: Site, asked: Mapping[str, str], found: Page[Found]) -> str:
    following = found.at("search.json").next
    body = {
        "query": asked.get("q", ""),
        "total": found.total,
        "next": following and here.iris.url(following),
        "results": [
            {
                "iri": hit.ref.iri,
                "kind": hit.kind,
                "label": hit.ref.label,
                "document": address(hit.ref),
                "marked": str(hit.label),
                "also": hit.also.striptags() or None,
                "quotation": hit.quotation.striptags() or None,
            }
            for hit in found.items
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


@blueprint.app_template_global("address")
def address(to: Ref) -> str:
    """The absolute URL of the document about something of the dataset; of anything else, its IRI."""
    here = current_site()
    name = here.iris.name(to.iri)
    return here.iris.url(f"doc/{name}") if name else to.iri


@blueprint.app_template_filter("xml")
def for_xml(text: str) -> str:
    """A text without the characters that XML cannot carry at all (XML 1.0 §2.2)."""
    return _NOT_XML.sub("\ufffd", text)
