"""Documents in Markdown: what they say, and that no text of the data is markup, a link or HTML in them."""

import re

import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from quoth.web.present import markdown
from quoth.web.present.citation import Citation
from quoth.web.present.markdown import escaped, link

from ...accept_headers import CHROME
from ...conftest import BASE, ODD_NAMES, SCRIPT

HOSTILE = [
    SCRIPT,
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "<https://evil.example/>",
    "https://evil.example/ and www.evil.example",
    "[a]: https://evil.example/",
    "[a][a] [^1]",
    "# heading",
    "  # heading",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "> quote",
    "===",
    "---",
    "***",
    "    code",
    "`code` ``` ~~~",
    "```\nfence",
    "*a* **b** _c_ __d__ ~~e~~",
    "a | b\n--|--\nc | d",
    "&lt;b&gt; &#91; &amp;",
    "one\n\n# two\u2028three\x00\x0b",
    "trailing backslash \\",
    "\\[a](b)",
    "<!-- c --> <?x?> <![CDATA[x]]>",
    "$x$ {{ 7*7 }} {% x %}",
    ']( <b> "t"',
]
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def visible(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", html)).strip()


def words(text: str) -> str:
    """A text as a reader of HTML sees it."""
    line = re.sub(r"[\x00-\x1f\u2028\u2029\s]+", " ", text).strip()
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("before", ["", "- ", "# ", "> ", "x: "], ids=["alone", "item", "heading", "quote", "inline"])
def test_an_escaped_text_is_nothing_but_its_words(before: str, text: str) -> None:
    html = READER.render(before + escaped(text))
    expected = {"": {"p"}, "- ": {"ul", "li"}, "# ": {"h1"}, "> ": {"blockquote", "p"}, "x: ": {"p"}}[before]
    assert set(re.findall(r"<(\w+)", html)) == expected
    assert visible(html) == visible(words("x: " * (before == "x: ")) + " " + words(text))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_words_of_a_link_stay_in_it(text: str) -> None:
    html = READER.render(f"a {link(text, 'https://example.org/x')} b")
    assert re.fullmatch(r'<p>a <a href="https://example.org/x">[^<]*</a> b</p>\n', html)
    assert visible(html) == f"a {words(text)} b"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://e.org/> <b>", "", None, "/doc/x", "https://e.org/\n"]
)
def test_no_other_address_becomes_a_link(url: str | None) -> None:
    assert link("x", url) == "x"


@pytest.mark.parametrize("url", ["https://e.org/a(b)c", "https://e.org/ä?q=(1)&x=*_", "https://e.org/a_b*c`"[:-1]])
def test_an_address_with_marks_is_one_link(url: str) -> None:
    [href] = re.findall('href="([^"]*)"', READER.render(link("x", url)))
    assert href.startswith("https://e.org/")
    assert READER.render(link("x", url)).count("<a ") == 1


def test_a_claim(client: FlaskClient) -> None:
    answer = client.get("/doc/claim/harbour/ferry-late", headers={"Accept": "text/markdown"})
    assert answer.content_type == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Location"] == f"{BASE}doc/claim/harbour/ferry-late.md"
    lines = answer.text.splitlines()
    assert lines[0] == "# The harbour office says that the ferry was late."
    assert "> “the ferry was late”" in lines
    assert f"- Who says it: [the harbour office](<{BASE}doc/org/harbour-office>)" in lines
    assert any(line.startswith("- Certainty: [certain](<") for line in lines)
    assert f"](<{BASE}releases/1/doc/claim/harbour/ferry-late>)" in answer.text
    assert client.get("/doc/claim/harbour/ferry-late.md").data == answer.data
    assert client.get("/id/claim/harbour/ferry-late?format=md").headers["Location"].endswith("ferry-late.md")
    assert client.get("/releases/1/doc/claim/harbour/ferry-late.md").status_code == 200


def test_an_article_and_an_entity_list_their_claims(client: FlaskClient) -> None:
    article = client.get("/doc/article/harbour.md").text
    assert article.count("\n- [") == 27
    assert (
        f"[The harbour office says that the ferry was late.](<{BASE}doc/claim/harbour/ferry-late>) “the ferry"
        in article
    )
    entity = client.get("/doc/org/velm-salt.md").text
    assert entity.startswith("# Velm Salt\n")
    assert "- Kind: organisation" in entity
    assert "## Claims about it" in entity
    assert "## Claims credited to it" in entity


def test_a_page_leads_there_and_a_browser_gets_the_page(client: FlaskClient) -> None:
    answer = client.get("/doc/org/velm-salt", headers={"Accept": CHROME})
    assert answer.mimetype == "text/html"
    assert 'href="/doc/org/velm-salt.md"' in answer.text
    assert client.get("/doc/org/velm-salt").mimetype == "text/turtle"


@pytest.mark.parametrize("name", ["person/eve", "person/bell", *(f"topic/{name}" for name in ODD_NAMES)])
def test_hostile_things_have_documents_without_markup_of_theirs(client: FlaskClient, name: str) -> None:
    path = f"/doc/{name.replace('%', '%25').replace('#', '%23')}.md"
    html = READER.render(client.get(path).text)
    assert set(re.findall(r"<(\w+)", html)) <= {"h1", "p", "ul", "li", "a"}
    assert all(href.startswith(("http://localhost:8000/", "https://")) for href in re.findall('href="([^"]*)"', html))


def test_every_kind_of_thing_has_one(client: FlaskClient) -> None:
    listed = [
        line for name in ("entities", "sources", "topics") for line in client.get(f"/{name}.json").get_json()[name]
    ]
    assert len(listed) > 20
    for thing in listed:
        answer = client.get(thing["document"].removeprefix(BASE.rstrip("/")) + ".md")
        assert answer.status_code == 200, thing
        assert answer.text.startswith("# ")


def test_the_snippet_of_a_claim_cites_it() -> None:
    cited = Citation(
        "a/b", "She says *so*.", ["<b>", "it is"], "Quoth", "On [x]", "", 3, "2026-11-23", f"{BASE}doc/x", f"{BASE}id/x"
    )
    html = READER.render(markdown.snippet(cited))
    assert set(re.findall(r"<(\w+)", html)) == {"blockquote", "p", "a"}
    assert "“&lt;b&gt;”" in html
    assert f'<a href="{BASE}doc/x">' in html
