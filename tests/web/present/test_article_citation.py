"""Citations of articles: what they say, their form, and that processors of others read them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from quoth.web.present import article_citation, citation
from quoth.web.present.article_citation import ArticleCitation
from quoth.web.present.claim_view import Ref
from quoth.web.present.publication import Publication

from ...conftest import SCRIPT

CITED = ArticleCitation(
    "harbour",
    "The late ferry",
    Publication(
        "The late ferry",
        [Ref("x", "Ada Quill", None), Ref("y", "Bo Tay", None)],
        [Ref("z", "The Evening Star", None)],
        "2026-11-20T08:00:00Z",
        ["Local news"],
        "en",
        ["https://star.example/ferry"],
        ["https://archive.example/1"],
    ),
    "https://example.org/doc/article/harbour",
    news=True,
)
VARIABLES = {
    "id", "type", "title", "author", "container-title", "section", "issued", "URL", "note", "language", "version",
    "original-title", "original-author", "original-publisher", "original-date",
}  # fmt: skip
"""Those of csl-data.json (1.0.2) that our items have; it allows no properties but its own."""


def is_valid(item: dict[str, Any]) -> bool:
    """Whether an item keeps to csl-data.json, as far as it concerns items like ours."""
    dates = [item[name] for name in ("issued", "original-date") if name in item]
    names = [name for key in ("author", "original-author") for name in item.get(key, ())]
    texts = item.keys() - {"author", "original-author", "issued", "original-date"}
    return (
        {"id", "type"} <= item.keys() <= VARIABLES
        and item["type"] in ("entry", "article", "article-newspaper")
        and all(isinstance(item[name], str) for name in texts)
        and all(name.keys() == {"literal"} for name in names)
        and all(date.keys() == {"date-parts"} and 1 <= len(date["date-parts"][0]) <= 3 for date in dates)
    )


def test_csl_has_the_article() -> None:
    [item] = article_citation.csl(CITED)
    assert is_valid(item)
    assert item == {
        "id": "quoth-harbour",
        "type": "article-newspaper",
        "title": "The late ferry",
        "author": [{"literal": "Ada Quill"}, {"literal": "Bo Tay"}],
        "container-title": "The Evening Star",
        "section": "Local news",
        "issued": {"date-parts": [[2026, 11, 20]]},
        "URL": "https://star.example/ferry",
        "note": "Claims in it: https://example.org/doc/article/harbour. Copy: https://archive.example/1.",
        "language": "en",
    }


@pytest.mark.parametrize(
    ("date", "parts"),
    [("2026", [2026]), ("2026-11", [2026, 11]), ("2026-11-20", [2026, 11, 20]), ("soon", []), ("", [])],
)
def test_a_date_has_the_parts_that_are_known(date: str, parts: list[int]) -> None:
    cited = ArticleCitation("x", "x", Publication(date=date), "https://example.org/", news=False)
    assert cited.date == parts
    assert article_citation.csl(cited)[0].get("issued") == ({"date-parts": [parts]} if parts else None)


def test_bibtex() -> None:
    assert article_citation.bibtex(CITED) == (
        "@article{quoth-harbour,\n  title = {The late ferry},\n  author = {{Ada Quill} and {Bo Tay}},\n"
        "  journal = {The Evening Star},\n  year = {2026},\n  month = {11},\n  day = {20},\n"
        "  url = {https://star.example/ferry},\n"
        "  note = {Claims in it: https://example.org/doc/article/harbour. Copy: https://archive.example/1.},\n}\n"
    )


@pytest.mark.parametrize("text", [SCRIPT, "}, title = {x", "a\nb\x00", "\\input{x} $ & # %"])
def test_no_text_breaks_them(text: str) -> None:
    published = Publication(text, [Ref("x", text, None)], [Ref("y", text, None)], text, [text], text, [], [])
    cited = ArticleCitation(text, text, published, "https://example.org/", news=True)
    [item] = article_citation.csl(cited)
    assert is_valid(item)
    assert not re.search(r"[\x00-\x1f]", json.dumps(item, ensure_ascii=False))
    entry = article_citation.bibtex(cited)
    assert re.sub(r"\\text[a-z]+\{\}", "", entry).count("{") == re.sub(r"\\text[a-z]+\{\}", "", entry).count("}")
    assert len(entry.splitlines()) == 6


@pytest.mark.parametrize("name", ["article/harbour", "claim/harbour/ferry-late"])
def test_citations_are_negotiated(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/doc/{name}", headers={"Accept": citation.CSL_TYPE})
    assert answer.content_type == citation.CSL_TYPE
    assert answer.headers["Content-Location"].endswith(f"{name}.csl.json")
    assert answer.data == client.get(f"/doc/{name}.csl.json").data
    assert all(map(is_valid, answer.get_json(force=True)))
    assert client.get(f"/releases/1/doc/{name}.bib").text.startswith("@")
    assert (
        f'{name}.csl.json>; rel="alternate"; type="{citation.CSL_TYPE}"' in client.get(f"/doc/{name}").headers["Link"]
    )


def test_other_things_have_no_citation(client: FlaskClient) -> None:
    assert client.get("/doc/org/velm-salt", headers={"Accept": citation.CSL_TYPE}).status_code == 406
    assert client.get("/doc/org/velm-salt.csl.json").status_code == 404


def test_citeproc_reads_them(client: FlaskClient, tmp_path: Path) -> None:
    """A processor of citation styles makes a bibliography of both files."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    style = tmp_path / "style.csl"
    style.write_text(
        """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>x</title>
        <id>http://example.org/x</id><updated>2026-01-01T00:00:00+00:00</updated></info>
        <citation><layout><text variable="title"/></layout></citation>
        <bibliography><layout><names variable="author"><name/></names><text variable="title" prefix=": "/>
        <text variable="container-title" prefix=". "/><date variable="issued" prefix=", ">
        <date-part name="year"/></date><text variable="URL" prefix=". "/></layout></bibliography></style>""",
        "utf-8",
    )
    items = client.get("/doc/claim/harbour/ferry-late.csl.json").get_json(force=True) + article_citation.csl(CITED)
    source = CiteProcJSON(json.loads(json.dumps(items)))
    known = CitationStylesStyle(str(style), validate=False)
    bibliography = CitationStylesBibliography(known, source, formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    claim, article = [str(entry) for entry in bibliography.bibliography()]
    assert claim.startswith("Quoth: The harbour office says that the ferry was late. Quoth, release 1, 20")
    assert article == "Ada Quill, Bo Tay: The late ferry. The Evening Star, 2026. https://star.example/ferry"
