"""Every link of a page to a place on a page finds the place."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ..browser.site import Page
from ..conftest import BASE, application

CORPUS = Path(__file__).parent.parent / "corpus"
BEGINNINGS = ("", "ns", "shapes", "guide", "claims", "entities", "sources", "topics", "articles", "queries", "releases")
OF_A_KIND = 5
"""Pages of one kind that are visited."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The fictional article with its links to other datasets."""
    releases = tmp_path_factory.mktemp("releases")
    report, quads = check([CORPUS], BASE, Texts(CORPUS))
    assert report.conforms
    whole = publication.published_quads(quads, BASE)
    publish(whole, releases=releases, base=BASE, report_ttl=report.as_turtle(), report_json="{}")
    with application(releases) as app:
        yield app


class Site:
    """The pages of an application, each read once."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._pages: dict[str, Page | None] = {}

    def page(self, path: str) -> Page | None:
        if path not in self._pages:
            response = self._client.get(f"/{path}", headers={"Accept": "text/html"}, follow_redirects=True)
            is_page = response.status_code == 200 and response.mimetype == "text/html"
            self._pages[path] = Page(response.text) if is_page else None
        return self._pages[path]


@pytest.mark.slow
def test_no_link_leads_to_a_fragment_that_its_page_lacks(app: Flask) -> None:
    site, waiting = Site(app.test_client()), list(BEGINNINGS)
    seen, visited, lost, fragments = set(waiting), dict[str, int](), set(), 0
    while waiting:
        path = waiting.pop(0)
        kind = "/".join(path.partition("?")[0].split("/")[:2])
        visited[kind] = visited.get(kind, 0) + 1
        if visited[kind] > OF_A_KIND or not (page := site.page(path)):
            continue
        for target, _, fragment in (urljoin(BASE + path, link).partition("#") for link in page.links()):
            if not target.startswith(BASE):
                continue
            name = target.removeprefix(BASE)
            if name not in seen:
                seen.add(name)
                waiting.append(name)
            if fragment and fragment != "top":
                fragments += 1
                place = site.page(name)
                ids = {attributes.get("id") for _, attributes in place.elements} if place else set()
                if not ids & {fragment, unquote(fragment)}:
                    lost.add(f"{path}: {name}#{fragment}")
    assert fragments > 500
    assert lost == set()
