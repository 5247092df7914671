"""For search engines: /sitemap.xml (https://www.sitemaps.org/protocol.html) and /robots.txt (RFC 9309).

The publication listed the resources of the release, so a part of the sitemap is read from a file, without a query.
"""

import functools
from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app

from quoth.errors import NotFoundError
from quoth.release.dumps.tables import DOCUMENTS
from quoth.release.resource_counts import read
from quoth.web.core.responses import validated
from quoth.web.core.site import SITEMAP, Site, current_site, sitemap_paths

URLS_LIMIT = 20_000
"""URLs in one sitemap. The protocol allows 50,000 URLs and 50 MB; this many URLs of the greatest length stay below
50 MB."""

URL_CHARACTERS = 2_048
"""The protocol's limit, which no URL may reach."""

_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ROBOTS = """\
# Everything may be read, except query results and filtered pages, of which there is no end.
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
@sitemap_paths(None)
def robots() -> Response:
    """The paths that robots may fetch."""
    site = current_site()
    text = _ROBOTS.format(
        root=site.iris.prefix,
        sitemap=site.iris.url("sitemap.xml"),
        dumps=site.iris.url(f"releases/{site.release.number}"),
    )
    return Response(text, mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@blueprint.get("/sitemap-<int:number>.xml")
@sitemap_paths(None)
def sitemap(number: int | None = None) -> Response:
    """The sitemap, or the index of its parts where it has many pages; with a number, one part, counted from 1. Raises
    NotFoundError."""
    site = current_site()
    count = max(1, -(-(len(_pages(site)) + site.release.statistics().resources) // URLS_LIMIT))
    if number is not None and not 1 <= number <= count:
        raise NotFoundError(f"the sitemap has no part {number}", remedy=f"see {site.iris.url('sitemap.xml')}")

    def make() -> str:
        if number is None and count > 1:
            parts = (site.iris.url(f"sitemap-{part}.xml") for part in range(1, count + 1))
            return _xml(site, "sitemapindex", "sitemap", parts)
        first = ((number or 1) - 1) * URLS_LIMIT
        return _xml(site, "urlset", "url", islice(_all_urls(site), first, first + URLS_LIMIT))

    name = "sitemap" if number is None else f"sitemap-{number}"
    return validated(make, site.etag(name), "application/xml")


def _xml(site: Site, name: str, item: str, urls: Iterable[str]) -> str:
    changed = f"<lastmod>{escape(site.release.manifest.created)}</lastmod>"
    located = (f"<loc>{escape(url)}</loc>" for url in urls)
    items = "".join(f"<{item}>{url}{changed}</{item}>\n" for url in located if len(url) < URL_CHARACTERS)
    return f'{_HEAD}<{name} xmlns="{_NS}">\n{items}</{name}>\n'


def _all_urls(site: Site) -> Iterator[str]:
    yield from _pages(site)
    for iri, _ in read(site.release, DOCUMENTS):
        name = site.iris.name(iri)
        if name is not None:
            yield site.iris.url(f"doc/{name}")


@functools.lru_cache(maxsize=4)
def _pages(site: Site) -> tuple[str, ...]:
    """The pages about no single resource: those without a parameter in their path, and those that views list."""
    views = current_app.view_functions
    hidden = {name for name, view in views.items() if getattr(view, SITEMAP, view) is None}
    rules = [r for r in current_app.url_map.iter_rules() if not r.arguments and r.methods and "GET" in r.methods]
    paths = sorted(r.rule for r in rules if r.endpoint not in hidden and (r.rule == "/" or not r.rule.endswith("/")))
    listings = [getattr(view, SITEMAP, None) for view in views.values()]
    paths += [path for listing in listings if listing for path in listing(site)]
    return tuple(site.iris.url(path) for path in dict.fromkeys(paths))
