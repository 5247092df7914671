"""An article is identified: its page, tables, citations and search say where, when and by whom it was published."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import QUOTH

from ...small_article import BEAM, ENTITIES, METADATA, MONTH, checked, document, site

REPRINT = """  - id: id/article/bridge-in-the-post
    type: NewsArticle
    label: Bridge shut, in the Post
    language: en
    publisher: id/org/post
    datePublished: 2026-11-25
    reprints: id/article/bridge
  - {id: id/org/post, type: Organization, label: The Post}
"""
PAGE = {"Accept": "text/html"}
PLACE = "Ada Quill, “Mill bridge shut”, The Evening Star, 2026-11-20 (https://evening.example.org/2026/bridge?id=7)"


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("bridge")
    report, quads = checked(folder / "data", document(BEAM + MONTH))
    assert [str(finding) for finding in report.findings] == []
    with site(folder / "releases", quads) as client:
        yield client


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("carried")
    report, quads = checked(folder / "data", document(BEAM + MONTH, entities=ENTITIES + REPRINT))
    assert [str(finding) for finding in report.findings] == []
    with site(folder / "releases", quads) as client:
        yield client


def claims(client: FlaskClient, query: str) -> list[dict[str, str]]:
    response = client.get(f"/claims.csv?{query}")
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def structured(text: str) -> dict[str, object]:
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    data: dict[str, object] = json.loads(block)
    return data


def test_the_page_says_where_when_and_by_whom(bridge: FlaskClient) -> None:
    text = bridge.get("/doc/article/bridge", headers=PAGE).text
    assert "The data does not say where" not in text
    for words in ("Mill bridge shut", "The Evening Star", "Ada Quill", "2026-11-20", "Local news"):
        assert words in text
    assert (
        'href="https://evening.example.org/2026/bridge?id=7">https://evening.example.org/2026/bridge?id=7</a>' in text
    )
    assert 'href="https://archive.example.org/bridge"' in text
    assert structured(text) | {
        "author": [{"@id": "http://localhost:8000/id/person/ada-quill", "name": "Ada Quill"}]
    } == (structured(text))
    assert structured(text)["datePublished"] == "2026-11-20"
    assert structured(text)["url"] == ["https://evening.example.org/2026/bridge?id=7"]
    assert structured(text)["archivedAt"] == ["https://archive.example.org/bridge"]


def test_a_page_says_that_nothing_is_known(client: FlaskClient) -> None:
    text = client.get("/doc/article/harbour", headers=PAGE).text
    assert "The data does not say where, when or by whom this article was published." in text


@pytest.mark.parametrize("suffix", ["html", "bib", "csl.json"])
def test_a_citation_cites_the_article(bridge: FlaskClient, suffix: str) -> None:
    text = bridge.get(f"/doc/claim/bridge/beam-cracked.{suffix}").text
    assert PLACE in (text if suffix == "html" else text.replace("\\_", "_"))
    if suffix == "csl.json":
        [item] = json.loads(text)
        assert item["original-title"] == "Mill bridge shut"
        assert item["original-author"] == [{"literal": "Ada Quill"}]
        assert item["original-publisher"] == "The Evening Star"
        assert item["original-date"] == {"date-parts": [[2026, 11, 20]]}


def test_a_claims_data_for_search_engines_name_the_articles_publisher(bridge: FlaskClient) -> None:
    data = structured(bridge.get("/doc/claim/bridge/beam-cracked", headers=PAGE).text)
    assert '"headline": "Mill bridge shut"' in json.dumps(data)
    assert '"datePublished": "2026-11-20"' in json.dumps(data)


@pytest.mark.parametrize(
    "words", ["mill bridge shut", "evening star", "quill", "local news", "https://evening.example.org/2026/bridge"]
)
def test_an_article_is_found_by_headline_publisher_author_section_and_address(bridge: FlaskClient, words: str) -> None:
    results = json.loads(bridge.get("/search.json", query_string={"q": words}).text)["results"]
    assert "http://localhost:8000/id/article/bridge" in [result["iri"] for result in results]


def test_a_reprints_page_leads_to_the_claims_of_its_text(carried: FlaskClient) -> None:
    text = carried.get("/doc/article/bridge-in-the-post", headers=PAGE).text
    assert 'Its text is that of <a href="/doc/article/bridge">Mill bridge shut</a>' in text
    assert 'where you will find its <a href="/claims?article=article/bridge">2 claims</a>.' in text
    for words in ("0 claims, ", "Its claims, by speaker", "How it was encoded"):
        assert words not in text
    assert str(QUOTH.reprints.value) in carried.get("/doc/article/bridge-in-the-post.nt").text


def test_the_originals_page_says_who_carries_its_text(carried: FlaskClient) -> None:
    text = carried.get("/doc/article/bridge", headers=PAGE).text
    [cell] = re.findall("<dt>Also carried by</dt><dd>(.*?)</dd>", text)
    assert re.sub("<.*?>", "", cell) == "The Post: Bridge shut, in the Post, 2026-11-25"
    assert "Its claims, by speaker" in text
    assert "Its text is that of" not in text


@pytest.mark.parametrize(
    ("query", "count"),
    [("publisher=org/post", 2), ("publisher=org/evening-star", 2), ("published-from=2026-11-21", 0)],
)
def test_a_text_is_found_by_everybody_who_carries_it_on_the_day_of_the_original(
    carried: FlaskClient, query: str, count: int
) -> None:
    assert len(claims(carried, query)) == count


def test_rows_say_where_their_article_was_published(bridge: FlaskClient) -> None:
    row = claims(bridge, "")[0]
    assert row["article_headline"] == "Mill bridge shut"
    assert row["article_publisher"] == "The Evening Star"
    assert row["article_published"] == "2026-11-20"
    assert row["article_author"] == "Ada Quill"
    assert row["article_section"] == "Local news"
    assert row["article_language"] == "en"
    assert row["article_url"] == "https://evening.example.org/2026/bridge?id=7"
    assert row["article_archived"] == "https://archive.example.org/bridge"
    [first, *_] = json.loads(bridge.get("/claims.json").text)["claims"]
    assert first["article"]["urls"] == ["https://evening.example.org/2026/bridge?id=7"]
    assert first["article"]["archived"] == ["https://archive.example.org/bridge"]
    assert [author["label"] for author in first["article"]["authors"]] == ["Ada Quill"]
    assert (first["article"]["sections"], first["article"]["language"]) == (["Local news"], "en")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("publisher=org/evening-star", 2),
        ("author=person/ada-quill", 2),
        ("author=person/ada-roke", 0),
        ("section=Local+news", 2),
        ("language=en&section=Local+news", 2),
        ("article=article/bridge", 2),
        ("published-from=2026-11-20&published-to=2026-11-20", 2),
        ("published-from=2026&published-to=2026-11", 2),
        ("published-from=2026-11-21", 0),
        ("published-to=2026-10", 0),
        ("published-from=2026-12", 0),
    ],
)
def test_rows_are_narrowed_by_article_publisher_and_date(bridge: FlaskClient, query: str, count: int) -> None:
    assert len(claims(bridge, query)) == count


@pytest.mark.parametrize(
    ("query", "message"),
    [("section=Business", "Local news"), ("section=not-coded", "Local news"), ("language=de", "en")],
)
def test_words_that_no_article_has_are_refused_with_those_that_there_are(
    bridge: FlaskClient, query: str, message: str
) -> None:
    for page in ("claims", "search"):
        response = bridge.get(f"/{page}?{query}", headers={"Accept": "application/json"})
        assert response.status_code == 400
        assert message in json.loads(response.text)["remedy"]


def test_a_condition_on_the_article_is_named_and_offered(bridge: FlaskClient) -> None:
    text = bridge.get("/claims?section=Local+news&language=en&author=person/ada-quill", headers=PAGE).text
    for title in ("Section", "Language", "Author"):
        assert f"Without {title}: " in text
    assert "“Local news”" in text
    assert 'href="/claims?author=person%2Fada-quill&amp;language=en"' in text


@pytest.mark.parametrize("value", ["yesterday", "2026-13", "20261120", "2026-W01", "2026-02-30"])
def test_what_is_no_date_is_refused(bridge: FlaskClient, value: str) -> None:
    response = bridge.get(f"/claims.csv?published-from={value}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert "2026-11" in json.loads(response.text)["remedy"]


def test_an_article_without_a_date_is_of_no_day(client: FlaskClient) -> None:
    assert claims(client, "published-from=0001") == []


def test_only_addresses_of_the_web_are_addresses(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bad")
    metadata = METADATA.replace("https://evening.example.org/2026/bridge?id=7", "javascript:alert(1)")
    report, _ = checked(folder, document(BEAM, metadata=metadata))
    assert ["a URL is an IRI that begins with http" in str(finding) for finding in report.findings] == [True]


def test_the_licence_of_the_text_is_on_the_page_and_in_the_data(tmp_path: Path) -> None:
    licence = "https://creativecommons.org/licenses/by-sa/4.0/"
    written = document(BEAM + MONTH)
    report, quads = checked(tmp_path / "data", written.replace("\n  length:", f"\n  licence: {licence}\n  length:"))
    assert [str(finding) for finding in report.findings] == []
    with site(tmp_path / "releases", quads) as client:
        page = client.get("/doc/article/bridge", headers=PAGE).text
        assert re.search(rf'<dt>Licence of the text</dt><dd><a [^>]*href="{licence}"', page)
        data = client.get("/doc/article/bridge", headers={"Accept": "application/n-triples"}).text
        assert f"/id/article/bridge#text> <http://purl.org/dc/terms/license> <{licence}> ." in data
        # It is not that of the data: their description has the licence of the encoding alone.
        assert (
            licence
            not in client.get("/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True).text
        )
