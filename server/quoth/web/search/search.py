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
from quoth.index.facets import KIND, SEARCHED
from quoth.index.fulltext import BEGIN, END, Hit, Search, SearchQuery
from quoth.web.core import request_target, variants
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
_FACETS = {facet.parameter: facet for facet in SEARCHED.values()}

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True)
class SearchResult:
    """A search result, for a template: texts in which the words that match are marked."""

    ref: Ref
    kind: str
    label: Markup
    also: Markup
    quotation: Markup


@blueprint.get("/search")
@blueprint.get("/search.<suffix>")
@sitemap_paths(None)
def find(suffix: str | None = None) -> Response:
    """The results for ``q``, the likeliest first. Raises UsageError, and NotFoundError past the last page."""
    site = current_site()
    given = request_target.parameters(request.args, (*_FACETS, "q", "page"), "search")
    query = SearchQuery(request_target.search_expression(given), _narrowed(site, given))
    results = _page(site, query, given)

    def make(variant: Variant) -> Response:
        response = Response(
            _body(variant.reader, given, query, results, variant.format), content_type=variant.content_type
        )
        response.headers["X-Total-Count"] = str(results.total)
        turning = results.at("search" if suffix is None else f"search.{suffix}").links(site.iris.url)
        if turning:
            response.headers["Link"] = links(turning)
        return response

    described = (site.iris.url("opensearch.xml"), "search", DESCRIPTION)
    query_string = results.target(results.number).removeprefix("search")
    return variants.respond(
        NegotiableResource(
            site, "search", OFFERS, make, [described], query=query_string, modified=site.modified, localized=True
        ),
        suffix,
    )


@blueprint.get("/suggest")
@sitemap_paths(None)
def suggest() -> Response:
    """Names that go on as ``q`` begins (OpenSearch Suggestions 1.0): an array of the text and of the completions."""
    site = current_site()
    text = request_target.single_valued(request.args).get("q", "")
    try:
        words = request_target.search_expression({"q": text})
    except UsageError:
        words = ""  # somebody who is still typing needs no error
    names = Search(site.claim_index).names(words, SUGGESTIONS) if words else []
    body = json.dumps([text[: fulltext.LONGEST], names], ensure_ascii=False)
    return validated(lambda: body, site.etag("suggest", text), f"{_SUGGESTIONS}; charset=utf-8", Headers())


@blueprint.get("/opensearch.xml")
@sitemap_paths(None)
def description() -> Response:
    """How the search is given (OpenSearch 1.1 Draft 6)."""
    return validated(
        lambda: render_template("opensearch.xml"),
        current_site().etag("opensearch"),
        f"{DESCRIPTION}; charset=utf-8",
        Headers(),
    )


def _narrowed(site: Site, given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The facets and values that the parameters narrow the results by. Raises UsageError that names the known ones."""
    return tuple(
        _kind(site, given[name]) if facet is KIND else faceting.narrowing(site, name, given[name])
        for name, facet in _FACETS.items()
        if name in given
    )


def _kind(site: Site, value: str) -> tuple[str, str]:
    known = Search(site.claim_index).kinds()
    if value not in known:
        raise request_target.unknown_value(value, "kind", known)
    return "kind", value


def _page(site: Site, query: SearchQuery, given: Mapping[str, str]) -> Page[SearchResult]:
    search = Search(site.claim_index)
    number = pagination.read(given)
    total = search.count(query) if query.words else 0
    kept = {k: v for k, v in given.items() if k != "page"}
    page: Page[SearchResult] = pagination.page((), number=number, size=PAGE_HITS, total=total, path="search", kept=kept)
    hits = search.hits(query, first=(number - 1) * PAGE_HITS, size=PAGE_HITS) if total else []
    site.labels.fetch(hit.iri for hit in hits)
    return page.map([_result(site, hit) for hit in hits])


def _result(site: Site, hit: Hit) -> SearchResult:
    return SearchResult(ref(site, hit.iri), hit.kind, *map(marked, (hit.label, hit.also, hit.quotation)))


def _in_one_language(reader: Site, result: SearchResult) -> SearchResult:
    """The result under the reader's preferred label alone; the other labels become other names where they match."""
    best = ref(reader, result.ref.iri)
    labels = result.label.split(_BETWEEN)
    chosen = next((label for label in labels if label.striptags() == " ".join(best.label.split())), None)
    if chosen is None:
        return result
    others = [label for label in labels if label is not chosen and "<mark>" in label]
    also = Markup(_BETWEEN).join([*others, *filter(None, [result.also])])
    return dataclasses.replace(result, ref=best, label=chosen, also=also)


def marked(text: str) -> Markup:
    """A text with the words that match in <mark>, and all else escaped.

    >>> marked("a \\x02<b>\\x03")
    Markup('a <mark>&lt;b&gt;</mark>')
    """
    return Markup(escape(text).replace(BEGIN, Markup("<mark>")).replace(END, Markup("</mark>")))


def _body(site: Site, given: Mapping[str, str], query: SearchQuery, results: Page[SearchResult], format: Format) -> str:
    if format is JSON:
        return _json(site, given, results)
    if format is ATOM:
        return render_template("search.atom.xml", rows=results, text=given.get("q", ""), updated=site.release.manifest)
    facets = _facets(site, query, given) if query.words else []
    return render_template(
        "search.html",
        rows=results.map([_in_one_language(site, hit) for hit in results.items]),
        q=given.get("q", ""),
        facets=facets,
        narrowed=bool(query.narrowed),
    )


def _facets(site: Site, query: SearchQuery, given: Mapping[str, str]) -> list[tuple[str, list[Option]]]:
    """The titles and options of the facets; each option is a link to the results that have its value."""
    search = Search(site.claim_index)
    shown = []
    for name, facet in _FACETS.items():
        others = SearchQuery(query.words, tuple(pair for pair in query.narrowed if pair[0] != facet.name))
        counts = search.facet(others, facet.name)
        if len(counts) < 2 and name not in given:
            continue
        is_kind = facet is KIND
        site.labels.fetch(value for value, _ in counts if not is_kind)
        options = []
        for value, count in counts:
            written = value if is_kind else faceting.short(site, facet, value)
            selected = given.get(name) == written
            rest = {k: v for k, v in given.items() if k not in (name, "page")}
            target = rest if selected else {**rest, name: written}
            label = Ref("", value, None) if is_kind else ref(site, value)
            options.append(Option(label, count, site.iris.path(f"search?{urlencode(target)}"), selected))
        shown.append((facet.title, options))
    return shown


def _json(site: Site, given: Mapping[str, str], results: Page[SearchResult]) -> str:
    following = results.at("search.json").next
    body = {
        "query": given.get("q", ""),
        "total": results.total,
        "next": following and site.iris.url(following),
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
            for hit in results.items
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


@blueprint.app_template_global("address")
def address(to: Ref) -> str:
    """The absolute URL of the document about something of the dataset; of anything else, its IRI."""
    site = current_site()
    name = site.iris.name(to.iri)
    return site.iris.url(f"doc/{name}") if name else to.iri


@blueprint.app_template_filter("xml")
def for_xml(text: str) -> str:
    """A text without the characters that XML cannot carry at all (XML 1.0 §2.2)."""
    return _NOT_XML.sub("\ufffd", text)
