"""For search engines: /sitemap.xml (https://www.sitemaps.org/protocol.html) and /robots.txt (RFC 9309).

The resources were listed when the release was published, so a part of the sitemap is read, not searched for.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import ONTOLOGY_IRI, RDF, SKOS
from quoth.claim.rules import publication
from quoth.errors import NotFoundError
from quoth.release.resource_counts import DOCUMENTS, read
from quoth.web.core import responses
from quoth.web.core.site import Site, site
from quoth.web.guide import chapters
from quoth.web.search.browse import LISTINGS
from quoth.web.sparql import stored_questions

URLS_LIMIT = 20_000
"""URLs in one sitemap. The protocol allows 50,000 and 50 MB; with URLs of the length that it allows too, these are
less than 50 MB whatever they are."""

URL_CHARACTERS = 2_048
"""The protocol's limit, which no URL may reach."""

_NO_PAGES = frozenset(
    (
        "/catalog",
        "/context.jsonld",
        "/favicon.ico",
        "/health",
        "/id/lookup",
        "/metrics",
        "/openapi.json",
        "/opensearch.xml",
        "/ready",
        "/robots.txt",
        "/search",
        "/sitemap.xml",
        "/suggest",
        "/sparql/",
        "/.well-known/void",
        "/ns/terms.json",
    )
)
"""Paths without parameters that are not for readers, or not for robots."""

_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ROBOTS = """\
# Everything may be read. Answers to queries and filtered pages are for those who ask: their number has no end.
# All of the data, in one file: {dumps}
User-agent: *
Allow: {root}static/
Disallow: {root}search
Disallow: {root}releases/*/doc/
Disallow: {root}reconcile
Disallow: {root}*?

Sitemap: {sitemap}
"""

blueprint = Blueprint("sitemap", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots may fetch."""
    here = site()
    text = _ROBOTS.format(
        root=here.iris.prefix,
        sitemap=here.iris.url("sitemap.xml"),
        dumps=here.iris.url(f"releases/{here.release.number}"),
    )
    return Response(text, mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def whole() -> Response:
    """The sitemap, or where there are many pages the index of its parts."""
    here = site()
    return _answer("sitemap", lambda: _urls(here, 0) if _parts(here) == 1 else _index(here))


@blueprint.get("/sitemap-<int:number>.xml")
def one(number: int) -> Response:
    """One part of the sitemap, counted from 1. Raises NotFoundError."""
    here = site()
    if not 1 <= number <= _parts(here):
        raise NotFoundError(f"the sitemap has no part {number}", remedy=f"see {here.iris.url('sitemap.xml')}")
    return _answer(f"sitemap-{number}", lambda: _urls(here, number - 1))


def _answer(name: str, make: Callable[[], str]) -> Response:
    return responses.validated(make, responses.etag(name), "application/xml", Headers())


def _parts(here: Site) -> int:
    return max(1, -(-(len(_pages(here)) + here.release.statistics().resources) // URLS_LIMIT))


def _index(here: Site) -> str:
    parts = [here.iris.url(f"sitemap-{number}.xml") for number in range(1, _parts(here) + 1)]
    return _xml(here, "sitemapindex", "sitemap", parts)


def _urls(here: Site, part: int) -> str:
    first = part * URLS_LIMIT
    return _xml(here, "urlset", "url", islice(_every(here), first, first + URLS_LIMIT))


def _xml(here: Site, name: str, item: str, urls: Iterable[str]) -> str:
    changed = f"<lastmod>{escape(here.release.manifest.created)}</lastmod>"
    located = (f"<loc>{escape(url)}</loc>" for url in urls)
    items = "".join(f"<{item}>{url}{changed}</{item}>\n" for url in located if len(url) < URL_CHARACTERS)
    return f'{_HEAD}<{name} xmlns="{_NS}">\n{items}</{name}>\n'


def _every(here: Site) -> Iterator[str]:
    yield from _pages(here)
    for iri, _ in read(here.release, DOCUMENTS):
        name = here.iris.name(iri)
        if name is not None:
            yield here.iris.url(f"doc/{name}")


@functools.lru_cache(maxsize=4)
def _pages(here: Site) -> tuple[str, ...]:
    """The pages that are about no single resource: those without a parameter in their path, and these."""
    rules = [r for r in current_app.url_map.iter_rules() if not r.arguments and r.methods and "GET" in r.methods]
    schemes = [
        q.subject.value  # type: ignore[union-attr]
        for q in publication.ontology_quads()
        if q.predicate == RDF.type and q.object == SKOS.ConceptScheme
    ]
    paths = [
        *sorted(rule.rule for rule in rules if rule.rule not in _NO_PAGES and not rule.rule.startswith("/reconcile")),
        *LISTINGS,
        *(f"guide/{page.name}" for page in chapters.pages(here)),
        *(f"queries/{question.name}" for question in stored_questions.every()),
        *("ns" + iri.removeprefix(ONTOLOGY_IRI) for iri in schemes),
        f"releases/{here.release.number}",
    ]
    return tuple(here.iris.url(path) for path in dict.fromkeys(paths))
