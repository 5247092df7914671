"""The sitemap and robots.txt."""

import gzip
import re
import xml.etree.ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.web.discovery import sitemap

from ...conftest import BASE, ODD_NAMES


def at(url: str) -> str:
    """The path of one of our URLs."""
    assert url.startswith(BASE)
    return "/" + url.removeprefix(BASE)


def locations(text: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(text).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_has_all_urls_document_and_only_pages(client: FlaskClient, app: Flask) -> None:
    iris = app.extensions["quoth"].iris
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    urls = locations(answer.text)
    assert len(urls) == len(set(urls))
    documents = {url for url in urls if url.startswith(BASE + "doc/")}
    lines = gzip.decompress(client.get("/releases/1/documents.tsv.gz").data).decode().splitlines()[1:]
    listed = {line.partition("\t")[0][1:-1] for line in lines}
    assert {iris.url("doc/" + iris.name(iri)) for iri in listed} == documents
    assert len(documents) > 40 + len(ODD_NAMES)
    assert {BASE + name for name in ("articles", "entities", "sources", "topics")} <= set(urls)
    for url in urls:
        page = client.get(at(url), headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (200, "text/html"), url
        assert "<title>" in page.text


def test_a_large_sitemap_is_an_index_of_parts(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = locations(client.get("/sitemap.xml").text)
    monkeypatch.setattr(sitemap, "URLS_LIMIT", 20)
    index = client.get("/sitemap.xml").text
    assert "<sitemapindex" in index
    parts = [locations(client.get(at(url)).text) for url in locations(index)]
    assert [url for part in parts for url in part] == whole
    assert {len(part) for part in parts[:-1]} == {20}
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def test_sitemaps_keep_the_limits_of_the_protocol() -> None:
    longest = len("<url><loc></loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>\n") + sitemap.URL_CHARACTERS
    assert sitemap.URLS_LIMIT <= 50_000
    assert sitemap.URLS_LIMIT * longest < 50 * 2**20


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", True),
        ("doc/claim/harbour/no-ties", True),
        ("doc/claim/harbour/no-ties.ttl", True),
        ("static/quoth.css?v=1", True),
        ("releases/1/claims.nq.gz", True),
        ("sparql", True),
        ("sparql?query=ASK%7B%7D", False),
        ("search?q=a", False),
        ("claims?speaker=x", False),
    ],
)
def test_robots(client: FlaskClient, path: str, allowed: bool) -> None:
    text = client.get("/robots.txt").text
    assert fetchable(text, "/" + path) == allowed
    assert f"Sitemap: {BASE}sitemap.xml" in text.splitlines()


def fetchable(text: str, path: str) -> bool:
    """Whether a robot may fetch a path: the longest rule that matches decides (RFC 9309 §2.2.2)."""
    rules = [line.split(": ") for line in text.splitlines() if line.startswith(("Allow", "Disallow"))]
    hits = [(len(rule), kind) for kind, rule in rules if re.match(re.escape(rule).replace(r"\*", ".*"), path)]
    return not hits or max(hits)[1] == "Allow"


def test_urls_are_those_of_the_public_url(moved: FlaskClient) -> None:
    assert "https://example.org/claims/sitemap.xml" in moved.get("/claims/robots.txt").text
    urls = locations(moved.get("/claims/sitemap.xml").text)
    assert [url for url in urls if not url.startswith("https://example.org/claims/")] == []


def test_long_urls_are_left_out_and_others_escaped(monkeypatch: pytest.MonkeyPatch, client: FlaskClient) -> None:
    odd = "http://x.test/?a=1&b=<2>"
    monkeypatch.setattr(sitemap, "_all_urls", lambda here: iter([odd, "http://x.test/" + "a" * 2048]))
    assert locations(client.get("/sitemap.xml").text) == [odd]
