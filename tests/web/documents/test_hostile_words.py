"""Words that want to be markup, a link or a formula, in a claim, its quotation and its source, in every form."""

import io
import json
import re
from collections.abc import Iterator

import openpyxl
import pyoxigraph as ox
import pytest
from defusedxml import ElementTree
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from quoth.claim.model.namespaces import OA, RDFS
from quoth.claim.reading import document
from quoth.claim.rules import publication

from ...conftest import BASE, CORPUS
from ...small_article import site

WORDS = '=HYPERLINK("http://evil.example/","x")\u2028\x07</title><script>alert(1)</script> [a](javascript:x)\n# "x'
CLAIM = "claim/harbour/ferry-late"
NAMED = {f"{BASE}id/{name}" for name in (CLAIM, "org/harbour-office", "article/harbour")}


def hostile(quad: ox.Quad) -> ox.Quad:
    """The same statement with those words, where it names the claim, its source or its article, or quotes the claim."""
    named = quad.predicate == RDFS.label and getattr(quad.subject, "value", "") in NAMED
    quoted = quad.predicate == OA.exact and getattr(quad.object, "value", "") == "the ferry was late"
    if not named and not quoted:
        return quad
    words = ox.Literal(WORDS, language="en") if named else ox.Literal(WORDS)
    return ox.Quad(quad.subject, quad.predicate, words, quad.graph_name)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    quads = [hostile(quad) for path in document.files([CORPUS]) for quad in document.read(path, BASE).quads]
    with site(tmp_path_factory.mktemp("hostile") / "releases", publication.published_quads(quads, BASE)) as client:
        yield client


@pytest.mark.parametrize("name", [CLAIM, "article/harbour", "org/harbour-office"])
def test_markdown_has_no_markup_of_theirs(client: FlaskClient, name: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).render(client.get(f"/doc/{name}.md").text)
    assert "alert(1)" in html
    assert set(re.findall(r"<(\w+)", html)) <= {"h1", "h2", "p", "blockquote", "ul", "li", "a"}
    assert html.count("<h1>") == 1
    known = ("http://localhost:8000/", "https://creativecommons.org/", "https://example.org/")
    assert [href for href in re.findall('href="([^"]*)"', html) if not href.startswith(known)] == []


def test_a_frame_and_its_description_hold_them_as_words(client: FlaskClient) -> None:
    page = client.get(f"/embed/{CLAIM}").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    url = {"url": f"{BASE}doc/{CLAIM}"}
    html = client.get("/oembed", query_string=url).get_json()["html"]
    assert html.count("<") == 2
    xml = ElementTree.fromstring(client.get("/oembed", query_string={**url, "format": "xml"}).data)
    assert "<script>alert(1)</script>" in (xml.findtext("title") or "")


def test_tables_hold_them_as_texts(client: FlaskClient) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/claims.xlsx").data))["claims"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")]
    assert len(cells) > 3
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}
    lines = client.get("/claims.jsonl").text.splitlines()
    assert [json.loads(line)["sentence"] for line in lines].count(WORDS) == 1


@pytest.mark.parametrize("name", [CLAIM, "article/harbour"])
def test_citations_hold_them_as_words(client: FlaskClient, name: str) -> None:
    [item] = client.get(f"/doc/{name}.csl.json").get_json(force=True)
    assert "\n" not in item["title"]
    assert "\x07" not in json.dumps(item, ensure_ascii=False)
    assert len(client.get(f"/doc/{name}.bib").text.splitlines()) <= 12
