"""Search: /search finds things and claims by words. Its Atom feed (RFC 4287) is that of OpenSearch 1.1
(https://github.com/dewitt/opensearch)."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup, escape

from quoth.errors import UsageError
from quoth.formats import ATOM, HTML, JSON, Format, by_name
from quoth.http import pagination
from quoth.http.accept import choose
from quoth.http.pagination import Page
from quoth.index import names
from quoth.index.facets import ENCODING, KIND, SEARCHED
from quoth.index.fulltext import BEGIN, END, Hit, Search, SearchQuery
from quoth.web.core import request_target, variants
from quoth.web.core.responses import page_json, page_response
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import thing_names
from quoth.web.present.claim_lookup import article_language, ref, summaries
from quoth.web.present.claim_view import Ref
from quoth.web.present.lists import facet_values, faceting, listings
from quoth.web.present.lists.faceting import Option
from quoth.web.search.alternatives import Alternatives, alternatives
from quoth.web.search.suggestions import DESCRIPTION

OFFERS: tuple[Format, ...] = (JSON, ATOM, HTML)
PAGE_HITS = 20
_EXAMPLES, _BEGINNING = 20, 3
"""Entities among whose names an example is looked for, and its letters."""
_BETWEEN = " · "
"""Stands between several labels or names of one thing in a Hit."""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_BY_PARAMETER = {facet.parameter: facet for facet in SEARCHED.values()}

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True)
class SearchResult:
    """A search result, for a template: texts in which the words that match are marked. ``status``: that of a
    claim's encoding, or empty. ``language``: that of the quotation where it differs from the page's, else empty."""

    ref: Ref
    kind: str
    label: Markup
    also: Markup
    quotation: Markup
    status: str
    language: str
    apart: str
    """The IRI in short, where others of these results have the same label."""
    article: Ref | None
    """The article that reports a claim, where the release has several."""


@blueprint.get("/search")
@blueprint.get("/search.<suffix>")
@sitemap_paths(None)
def find(suffix: str | None = None) -> Response:
    """The results for ``q``, the likeliest first. Raises UsageError, also for data without a ``q``, and NotFoundError
    past the last page."""
    site = current_site()
    parameters = request_target.known_parameters(
        request.args, (*_BY_PARAMETER, ENCODING.parameter, "q", "page"), "search"
    )
    words, offers = request_target.search_expression(parameters), OFFERS
    narrowed = _narrowed(site, parameters)
    parameters |= {SEARCHED[name].parameter: facet_values.short(site, SEARCHED[name], iri) for name, iri in narrowed}
    query = SearchQuery(words, narrowed, facet_values.encoding(site, request.args))
    if not words:  # then only a page has something to show: its form
        format = by_name(OFFERS, suffix) if suffix else choose(request.headers.get("Accept"), OFFERS)
        if format in (JSON, ATOM):
            remedy = f"give some words: {site.iris.url('search')}?q=…"
            raise UsageError("there is nothing to search for", where="q", remedy=remedy)
        offers = (HTML,)
    results = _page(site, query, parameters)

    def make(variant: Variant) -> Response:
        body = _body(variant.reader, parameters, query, results, variant.format)
        return page_response(results.at("search" if suffix is None else f"search.{suffix}"), body, variant.content_type)

    described = (site.iris.url("opensearch.xml"), "search", DESCRIPTION)
    query_string = results.target(results.number).removeprefix("search")
    return variants.respond(
        NegotiableResource(
            site,
            "search",
            offers,
            make,
            [described],
            query=query_string,
            modified=site.modified,
            localized=True,
            total=results.total,
        ),
        suffix,
    )


def _narrowed(site: Site, parameters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The facets and values that the parameters narrow the results by. Raises UsageError that names the known ones."""
    if (kind := parameters.get(KIND.parameter)) and kind not in (known := Search(site.claim_index).kinds()):
        raise request_target.unknown_value(kind, KIND.parameter, known)
    return tuple(
        (KIND.name, parameters[name]) if facet is KIND else facet_values.narrowing(site, name, parameters[name])
        for name, facet in _BY_PARAMETER.items()
        if name in parameters
    )


def _page(site: Site, query: SearchQuery, parameters: Mapping[str, str]) -> Page[SearchResult]:
    search, number = Search(site.claim_index), pagination.read(parameters)
    named = [] if query.narrowed else _named(site, parameters.get("q", ""))
    total = len(named) + (search.count(query) if query.words else 0)
    link_parameters = {k: v for k, v in parameters.items() if k != "page"}
    page: Page[SearchResult] = pagination.page(
        (), number=number, size=PAGE_HITS, total=total, path="search", link_parameters=link_parameters
    )
    first = (number - 1) * PAGE_HITS
    hits = named[first : first + PAGE_HITS]
    if query.words and len(hits) < PAGE_HITS:
        hits += search.hits(query, first=max(0, first - len(named)), size=PAGE_HITS - len(hits))
    called = dict(zip((h.iri for h in hits), thing_names.told_apart(site, [h.iri for h in hits]), strict=True))
    quoting = summaries(site, [hit.iri for hit in hits if hit.quotation])
    languages = {iri: article_language(site, claim.article) for iri, claim in quoting.items()}
    several = site.release.manifest.articles > 1
    articles = {iri: ref(site, c.article) for iri, c in quoting.items() if several and c.article}
    return page.map(
        [
            SearchResult(
                ref(site, h.iri),
                h.kind,
                marked(h.label),
                marked(h.also),
                marked(h.quotation),
                h.status,
                languages.get(h.iri, ""),
                "" if called[h.iri] == site.labels.label(h.iri) else site.iris.shorten(h.iri),
                articles.get(h.iri),
            )
            for h in hits
        ]
    )


def _named(site: Site, text: str) -> list[Hit]:
    """What a text names by an IRI, an address of this server, or an identifier in another dataset."""
    iris = thing_names.identified(site, text)
    site.labels.fetch(iris)
    kinds = names.kinds(site.claim_index, iris)
    return [Hit(iri, kinds[iri], site.labels.label(iri), "", "") for iri in iris]


def _example(site: Site) -> tuple[str, str] | None:
    """The beginning of a name in the release, and the name, as an example of what finds what."""
    things = (site.labels.label(iri) for iri in listings.choices(site, "entity")[:_EXAMPLES])
    words = (word for label in things for word in label.split() if word.isalpha() and len(word) > 2 * _BEGINNING)
    return next(((word[:_BEGINNING].lower(), word) for word in words), None)


def _in_one_language(reader: Site, result: SearchResult) -> SearchResult:
    """The result under the reader's preferred label alone; the other labels become other names where they match."""
    best = ref(reader, result.ref.iri)
    called = " ".join(reader.labels.label(result.ref.iri).split())
    labels = result.label.split(_BETWEEN)
    preferred = next((label for label in labels if label.striptags() == called), None)
    if preferred is None:
        return result
    others = [label for label in labels if label is not preferred and "<mark>" in label]
    also = Markup(_BETWEEN).join([*others, *filter(None, [result.also])])
    return dataclasses.replace(result, ref=best, label=preferred, also=also)


def marked(text: str) -> Markup:
    """A text with the words that match in <mark>, and all else escaped.

    >>> marked("a \\x02<b>\\x03")
    Markup('a <mark>&lt;b&gt;</mark>')
    """
    return Markup(escape(text).replace(BEGIN, Markup("<mark>")).replace(END, Markup("</mark>")))


def _body(
    site: Site, parameters: Mapping[str, str], query: SearchQuery, results: Page[SearchResult], format: Format
) -> str:
    text, instead = parameters.get("q", ""), _instead(site, parameters, query, results)
    if format is JSON:
        things = [{"iri": r.iri, "label": r.label, "document": address(r)} for r in instead.things]
        claims = [
            {
                "iri": c.concept.iri,
                "label": c.concept.label,
                "facet": c.title,
                "count": c.count,
                "url": site.iris.url(c.path),
            }
            for c in instead.claims
        ]
        did_you_mean = {"q": instead.words or None, "things": things, "claims": claims}
        meant = {"did_you_mean": did_you_mean} if instead else {}
        return page_json(results, "results", [_object(result) for result in results], query=text, **meant)
    if format is ATOM:
        return render_template(
            "search.atom.xml", rows=results, text=text, instead=instead, updated=site.release.manifest
        )
    return render_template(
        "search.html",
        rows=results.map([_in_one_language(site, result) for result in results]),
        q=text,
        instead=instead,
        facets=_facets(site, query, parameters) if query.words else [],
        narrowed=bool(query.narrowed),
        example=_example(site) if not results.items else None,
    )


def _instead(
    site: Site, parameters: Mapping[str, str], query: SearchQuery, results: Page[SearchResult]
) -> Alternatives:
    """What may have been meant, where none of the first results has the words in its names."""
    by_name = any("<mark>" in result.label + result.also for result in results)
    if by_name or not query.words or results.number > 1 or _named(site, parameters["q"]):
        return Alternatives()
    return alternatives(site, parameters["q"], query)


def _facets(site: Site, query: SearchQuery, parameters: Mapping[str, str]) -> list[tuple[str, list[Option]]]:
    """The titles and options of the facets; each option is a link to the results that have its value."""
    search = Search(site.claim_index)
    link_parameters = {k: v for k, v in parameters.items() if k != "page"}
    shown = []
    for name, facet in _BY_PARAMETER.items():
        others = dataclasses.replace(query, narrowed=tuple(pair for pair in query.narrowed if pair[0] != facet.name))
        counts = search.facet(others, facet.name)
        if len(counts) >= 2 or name in parameters:
            current = parameters.get(name)
            shown.append(
                (
                    facet.title,
                    faceting.options(site, facet, counts, [current] if current else [], link_parameters, "search"),
                )
            )
    return shown


def _object(result: SearchResult) -> dict[str, Any]:
    return {
        "iri": result.ref.iri,
        "kind": result.kind,
        "label": result.ref.label,
        "document": address(result.ref),
        "marked": str(result.label),
        "also": result.also.striptags() or None,
        "quotation": result.quotation.striptags() or None,
        "status": result.status or None,
        "article": result.article and {"iri": result.article.iri, "label": result.article.label},
    }


@blueprint.app_template_global("address")
def address(to: Ref) -> str:
    """The absolute URL of the document about something of the dataset; for any other IRI, the IRI itself."""
    return current_site().iris.document(to.iri) or to.iri


@blueprint.app_template_filter("xml")
def for_xml(text: str) -> str:
    """A text without the characters that XML cannot carry at all (XML 1.0 §2.2)."""
    return _NOT_XML.sub("\ufffd", text)
