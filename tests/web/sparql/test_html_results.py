"""The page of an error shows the query that failed, so that its author can correct it."""

import html
import re

import pytest
from flask.testing import FlaskClient

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.release.release import Release
from quoth.web.app import create_app
from quoth.web.core import problem_details

from ...conftest import SCRIPT
from ...serving import BOMB

PAGE = {"Accept": "text/html"}
DIRECT = "application/sparql-query"
BAD = f"SELEC # {SCRIPT}\n</textarea> \u2028 <b>"


def given_back(page: str) -> str:
    [text] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    return html.unescape(text)


@pytest.mark.parametrize("way", ["GET", "form", "direct"])
@pytest.mark.parametrize(
    ("query", "status"),
    [(BAD, 400), ("CLEAR ALL", 400), ("ASK {" + "(" * 200 + "}", 400), (BOMB, 503)],
    ids=["syntax", "update", "nested", "time"],
)
def test_the_query_is_on_the_page(settings: Settings, release: Release, way: str, query: str, status: int) -> None:
    engine = EmbeddedEngine(release.store_path, Limits(time_s=0.4 if query == BOMB else 30, workers=1))
    client = create_app(settings, engine, release).test_client()
    if way == "GET":
        response = client.get("/sparql", query_string={"query": query}, headers=PAGE)
    elif way == "form":
        response = client.post("/sparql", data={"query": query}, headers=PAGE)
    else:
        response = client.post("/sparql", data=query.encode(), content_type=DIRECT, headers=PAGE)
    engine.close()
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert given_back(response.text) == query
    assert "<script>alert" not in response.text


def test_a_query_in_a_malformed_request_is_on_the_page(client: FlaskClient) -> None:
    asked = {"query": "ASK {}", "default-graph-uri": "no IRI"}
    assert given_back(client.get("/sparql", query_string=asked, headers=PAGE).text) == "ASK {}"


def test_a_long_query_is_not_on_the_page(client: FlaskClient) -> None:
    page = client.post("/sparql", data={"query": "SELEC " + "x" * problem_details.QUERY_LIMIT}, headers=PAGE)
    assert page.status_code == 400
    assert len(page.text) < 20_000
    assert "<textarea" not in page.text


def test_other_pages_have_no_query(client: FlaskClient) -> None:
    assert "<textarea" not in client.get("/doc/nobody?query=ASK", headers=PAGE).text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", ["s", "p", "o"]),
        (
            "PREFIX select: <x:> SELECT DISTINCT*{ ?z a ?c . BIND(1 AS ?b) FILTER(?never != 1 || true) }",
            ["z", "c", "b"],
        ),
        ("SELECT * { { SELECT ?z (COUNT(?y) AS ?a) { ?y a ?z } GROUP BY ?z } } LIMIT 1", ["z", "a"]),
        ("SELECT (COUNT(?x) AS ?n) ?t { ?x a ?t } GROUP BY ?t LIMIT 1", ["n", "t"]),
        ("SELECT ?p ?s (1*2 AS ?n) { ?s ?p ?o } LIMIT 1", ["p", "s", "n"]),
    ],
)
def test_columns_stand_in_the_order_of_the_query(client: FlaskClient, query: str, names: list[str]) -> None:
    """The engine gives those of SELECT * by the alphabet."""
    page = client.get("/sparql", query_string={"query": query}, headers=PAGE).text
    assert re.findall(r'<th scope="col" title="\?(\w+)"', page) == names
    head, row = page.partition("<tbody>")[0], page.partition("<tbody>")[2].partition("</tr>")[0]
    assert re.findall(r'data-label="(\w+)"', row) == names
    assert head.count("<th ") == len(names)
