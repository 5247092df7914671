"""A proof of a release whose every word is hostile: no format has a link, a tag or markup that the data wrote."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from quoth.claim.model.namespaces import OA, QUOTH, RDFS, SKOS
from quoth.claim.reading import document
from quoth.claim.rules.publication import published_quads
from quoth.release.publish import publish
from quoth.resources import jsonld_context

from ...conftest import BASE, CORPUS, SCRIPT, application

WORDS = f"""- [x](javascript:alert(1)) `a` | b
# {SCRIPT}
> </q></li><a href="javascript:alert(2)">y</a> [z]: http://evil.example <http://evil.example> ]("""
SUBJECTS = ("org/velm-salt", "topic/velm-pilot-payment", "source/harbour/two-dockers", "negative-claims")
_REPLACED = (RDFS.label, RDFS.comment, OA.exact, QUOTH.warrant, SKOS.scopeNote)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    releases: Path = tmp_path_factory.mktemp("hostile")
    paths = document.files([CORPUS / "harbour.yaml", CORPUS / "vocabulary.yaml"])
    read = published_quads([quad for path in paths for quad in document.read(path, BASE).quads], BASE)
    quads = [
        ox.Quad(q.subject, q.predicate, ox.Literal(WORDS, language="en"), q.graph_name)
        if q.predicate in _REPLACED and isinstance(q.object, ox.Literal)
        else q
        for q in read
    ]
    publish(quads, releases=releases, base=BASE, report_ttl="", report_json="{}")
    with application(releases) as app:
        yield app.test_client()


class _Page(HTMLParser):
    """The tags and links of a page below its header, and all its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page.partition('<main id="main"')[2].partition("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_page_has_our_tags_alone(client: FlaskClient, subject: str) -> None:
    page = _Page(client.get(f"/proof.html?of={subject}").text)
    assert not {"script", "img", "iframe", "style"} & set(page.tags)
    assert page.links
    assert [link for link in page.links if not link.startswith(("/", "#"))] == []
    assert "[x](javascript:alert(1)) `a` | b" in page.text
    assert SCRIPT in page.text


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_markdown_has_our_markup_alone(client: FlaskClient, subject: str) -> None:
    text = client.get(f"/proof.md?of={subject}").text
    tokens = MarkdownIt("gfm-like", {"html": True}).disable("linkify").parse(text)
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    assert {
        token.type for token in every if token.type.startswith(("html", "code", "image", "fence", "table"))
    } == set()
    links = [str(token.attrs["href"]) for token in every if token.type == "link_open"]
    assert links
    assert [link for link in links if not link.startswith(BASE)] == []
    assert [token.tag for token in every if token.type == "heading_open" and token.tag == "h1"] == ["h1"]
    quotes = sum(token.type == "blockquote_open" for token in every)
    assert quotes == client.get(f"/proof.html?of={subject}").text.count('<li class="entry"')


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_json_ld_parses(client: FlaskClient, subject: str) -> None:
    whole = json.loads(client.get(f"/proof.jsonld?of={subject}").text) | {"@context": jsonld_context()}
    assert list(ox.parse(json.dumps(whole).encode(), ox.RdfFormat.JSON_LD))
