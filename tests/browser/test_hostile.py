"""A hostile corpus, page by page and format by format: none of it becomes markup, a link or a script."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import DCTERMS, RDFS
from quoth.claim.rules import publication
from quoth.formats import OX_RDF, RDF_FORMATS
from quoth.release.publish import publish

from ..serving import Server, serving
from . import hostile
from .conftest import visiting
from .site import EACH_KIND, Page, kind, kinds, sitemap

pytestmark = pytest.mark.slow
PAGE_BYTES = 6 << 20
"""The size limit of a page, whatever the length of its literals."""


@pytest.fixture(scope="module")
def published(harbour: Path, texts: Texts) -> set[ox.Quad]:
    _, authored = check.check([harbour], hostile.BASE, texts)
    return set(hostile.quads(publication.published_quads(authored, hostile.BASE)))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, published: set[ox.Quad]) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    publish(published, releases=folder, base=hostile.BASE, report_ttl="", report_json="{}")
    with serving(folder, access_log="off") as running:
        yield running


@pytest.fixture(scope="module")
def every(server: Server) -> list[str]:
    """Every page of the sitemap, and every kind of page that these lead to."""
    targets = list(dict.fromkeys([*sitemap(server), *kinds(server)]))
    assert len(targets) > 90
    return targets


def test_no_page_has_markup_from_the_data(server: Server, every: list[str]) -> None:
    for path in every:
        status, headers, body = server.get("/" + path, {"Accept": "text/html"})
        assert status == 200, path
        assert len(body) < PAGE_BYTES, path
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
        assert "set-cookie" not in headers
        inspect(path, body.decode())


def inspect(path: str, text: str) -> None:
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "base", "frame"), path
        assert [name for name in attributes if name.startswith("on") or name == "srcdoc"] == [], path
        for name in ("href", "src", "action", "formaction", "xlink:href", "cite", "poster", "data"):
            target = attributes.get(name, "").strip().lower()
            assert not target.startswith(("javascript:", "vbscript:", "file:", "//")), (path, name, target)
            assert not target.startswith("data:") or (tag, name) == ("img", "src"), (path, target[:50])
        if tag in ("img", "script", "link", "source", "video", "audio", "use", "image"):
            source = attributes.get("src") or attributes.get("href") or attributes.get("xlink:href") or ""
            if tag != "link" or attributes.get("rel") in ("stylesheet", "icon", "preload"):
                assert source.startswith(("/", "#")) or not source or tag == "img", (path, source[:80])
        if tag == "script":
            assert "src" in attributes or attributes.get("type") in ("application/ld+json", "application/json"), path
    for attributes, text_ in page.scripts:
        if attributes.get("type") == "application/ld+json":
            json.loads(text_)


def test_every_format_has_exactly_the_published_data(server: Server, every: list[str], published: set[ox.Quad]) -> None:
    documents = [path for path in every if path.startswith("doc/") and "?" not in path]
    for path in [p for p in documents if "eve" in p or "topic/" in p][:6] + documents[:4]:
        for format in RDF_FORMATS:
            status, headers, body = server.get(f"/{path}.{format.suffix}")
            if format.name == "rdfxml" and status == 406:
                continue  # XML cannot hold control characters, and that is said
            assert status == 200, (path, format.name)
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["content-type"] == format.content_type
            if format.name == "jsonld":
                json.loads(body)
                continue  # its context would have to be fetched
            own = {q for q in ox.parse(body, OX_RDF[format.name]) if not of_the_document(q)}
            assert len(own) > 1
            assert own <= published, (path, format.name)


def of_the_document(quad: ox.Quad) -> bool:
    """Whether a quad is about the document itself, or about a change of what it describes."""
    subject, value = str(quad.subject), str(quad.object)
    return (
        any(part in subject for part in ("/doc/", "/changes/"))
        or (quad.predicate == RDFS.seeAlso and "/doc/" in value)
        or (quad.predicate == DCTERMS.hasVersion and "/changes/" in value)
    )


def test_nothing_runs_in_a_browser(server: Server, every: list[str], chromium: Browser) -> None:
    """On every kind of page, and on all that have names of theirs in their paths."""
    seen: Counter[str] = Counter()
    with visiting(chromium, f"http://127.0.0.1:{server.port}/") as visit:
        tab = visit("")
        for path in every:
            seen[kind(path)] += 1
            if seen[kind(path)] <= EACH_KIND or "doc/topic/" in path or "eve" in path:
                tab.page.goto(tab.server + path)
                tab.clean()


@pytest.mark.parametrize(
    "target",
    [
        "/sparql?query=SELECT%20*%20%7B%20%3Chttp%3A%2F%2Flocalhost%3A8000%2Fid%2Fperson%2Feve%3E%20%3Fp%20%3Fo%20%7D",
        "/sparql?query=%22%27%3E%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E",
        "/search?q=%22%27%3E%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E",
        "/claims?speaker=%22%27%3E%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E",
        "/doc/%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E",
        "/queries/claims-in-tension?x=%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E",
        "/ns/%22%27%3E%3Cscript%3E",
    ],
)
def test_no_page_has_markup_from_a_request(server: Server, chromium: Browser, target: str) -> None:
    _, _, body = server.get(target, {"Accept": "text/html"})
    inspect(target, body.decode())
    with visiting(chromium, f"http://127.0.0.1:{server.port}/") as visit:
        tab = visit(target.lstrip("/"))
        assert [text for text in tab.messages if "status of 4" not in text] == []
        assert tab.page.evaluate("window.ran ?? null") is None
