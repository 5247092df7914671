"""The SPARQL 1.1 Protocol, §2.1, and its errors."""

import pytest
from flask.testing import FlaskClient

from quoth.formats import RDF_FORMATS, RESULT_FORMATS, Format

from .test_negotiate import CHROME

ASK = "ASK {}"
SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/quoth/ns#Claim> } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 3"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("query", [pytest.param(ASK, id="ask"), pytest.param(SELECT, id="select")])
@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in RESULT_FORMATS])
def test_results_are_negotiated(client: FlaskClient, query: str, format: Format) -> None:
    for response in (
        client.get("/sparql", query_string={"query": query}, headers={"Accept": format.media_type}),
        client.get("/sparql", query_string={"query": query, "format": format.name}),
    ):
        assert response.status_code == 200
        assert response.mimetype == format.media_type
        assert int(response.headers["Content-Length"]) == len(response.data)
        assert "Accept" in response.vary


@pytest.mark.parametrize("name", [f.name for f in RDF_FORMATS])
def test_graphs_are_negotiated(client: FlaskClient, name: str) -> None:
    media_type = next(f.media_type for f in RDF_FORMATS if f.name == name)
    response = client.post("/sparql", data={"query": CONSTRUCT}, headers={"Accept": media_type})
    assert (response.status_code, response.mimetype) == (200, media_type)


def test_the_three_ways_to_ask(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", data=SELECT.encode(), content_type="application/sparql-query"),
        client.post("/sparql", data=SELECT.encode(), content_type="application/sparql-query; charset=UTF-8"),
        client.post("/sparql?format=json", data=SELECT.encode(), content_type="application/sparql-query"),
    ]
    assert {a.status_code for a in answers} == {200}
    assert len({a.data for a in answers}) == 1


def test_a_form_is_decoded_once(client: FlaskClient) -> None:
    query = 'SELECT ("100%2B +é" AS ?x) {}'
    response = client.post("/sparql", data={"query": query})
    assert response.get_json(force=True)["results"]["bindings"][0]["x"]["value"] == "100%2B +é"


@pytest.mark.parametrize(
    ("graphs", "expected"),
    [
        pytest.param({}, True, id="none"),
        pytest.param({"default-graph-uri": "http://localhost:8000/nothing"}, False, id="default"),
        pytest.param({"named-graph-uri": "http://localhost:8000/nothing"}, False, id="named-closes-the-default"),
        pytest.param(
            {"default-graph-uri": "http://localhost:8000/id/claim/harbour/no-ties#content"}, True, id="a-content"
        ),
    ],
)
def test_the_dataset_of_the_protocol(client: FlaskClient, graphs: dict[str, str], expected: bool) -> None:
    for response in (
        client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", **graphs}),
        client.post("/sparql", data={"query": "ASK { ?s ?p ?o }", **graphs}),
    ):
        assert response.get_json(force=True)["boolean"] is expected


def test_the_default_graph_is_not_the_union(client: FlaskClient) -> None:
    member = "PREFIX org: <http://www.w3.org/ns/org#> ASK { ?x org:memberOf ?y }"
    assert client.get("/sparql", query_string={"query": member}).get_json(force=True)["boolean"] is False


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({"query_string": {}}, 400, id="no-query"),
        pytest.param({"query_string": {"query": ""}}, 400, id="empty-query"),
        pytest.param({"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400, id="two-queries"),
        pytest.param({"query_string": {"query": "SELECT"}}, 400, id="syntax"),
        pytest.param({"query_string": "query=%FF"}, 400, id="not-utf-8"),
        pytest.param({"query_string": {"query": ASK, "format": "png"}}, 400, id="unknown-format"),
        pytest.param({"query_string": {"query": ASK, "format": "trig"}}, 406, id="format-of-another-kind"),
        pytest.param({"query_string": {"query": ASK, "default-graph-uri": "x y"}}, 400, id="bad-graph"),
        pytest.param({"query_string": {"query": "DROP ALL"}}, 403, id="update-as-query"),
        pytest.param({"query_string": {"update": "DROP ALL"}}, 403, id="update-parameter"),
        pytest.param({"query_string": {"query": "SELECT*{SERVICE<http://x/>{}}"}}, 403, id="service"),
        pytest.param({"method": "POST", "data": {"update": "DROP ALL"}}, 403, id="update-form"),
        pytest.param({"method": "POST", "data": b"x", "content_type": UPDATE}, 403, id="update-post"),
        pytest.param({"method": "POST", "data": b"x", "content_type": "text/plain"}, 415, id="other-type"),
        pytest.param({"method": "POST", "data": b"x"}, 415, id="no-type"),
        pytest.param(
            {"method": "POST", "data": b"x", "content_type": DIRECT + "; charset=klingon"},
            415,
            id="charset",
        ),
        pytest.param({"method": "POST", "data": b"\xff", "content_type": DIRECT}, 400, id="bytes"),
        pytest.param({"method": "POST", "data": {}, "content_type": FORM}, 400, id="empty-form"),
        pytest.param({"method": "POST", "data": b"x" * 2_000_000, "content_type": FORM}, 413, id="too-long"),
        pytest.param({"method": "PUT"}, 405, id="put"),
        pytest.param({"method": "DELETE"}, 405, id="delete"),
        pytest.param({"query_string": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406, id="accept"),
    ],
)
def test_errors_are_problem_documents(client: FlaskClient, request_: dict[str, object], status: int) -> None:
    response = client.open("/sparql", **request_)  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in response.text


def test_a_syntax_error_says_where(client: FlaskClient) -> None:
    problem = client.get("/sparql", query_string={"query": "SELECT *\nWHERE { ?s ex:p ?o }"}).get_json(force=True)
    assert problem["line"] == 2
    assert problem["column"] > 1
    assert "ex:" in problem["detail"]
    page = client.get("/sparql", query_string={"query": "SELECT x <b>"}, headers={"Accept": CHROME})
    assert page.status_code == 400
    assert "SELECT x &lt;b&gt;</textarea>" in page.text


def test_browsers_get_a_form_and_pages(client: FlaskClient) -> None:
    browser = {"Accept": CHROME}
    assert "<textarea" in client.get("/sparql", headers=browser).text
    assert "<td>" in client.get("/sparql", query_string={"query": SELECT}, headers=browser).text
    assert ">Yes<" in client.get("/sparql", query_string={"query": ASK}, headers=browser).text
    assert "<pre" in client.get("/sparql", query_string={"query": CONSTRUCT}, headers=browser).text
    forced = client.get("/sparql", query_string={"query": SELECT, "format": "csv"}, headers=browser)
    assert forced.mimetype == "text/csv"


def test_a_page_says_that_it_is_cut(client: FlaskClient) -> None:
    long = {"query": "SELECT * { ?s ?p ?o }", "format": "html"}
    text = client.get("/sparql", query_string=long).text
    assert text.count("<tr>") == 1001
    assert "There are more: this page stops after 1,000 rows" in text


def test_head_and_options(client: FlaskClient) -> None:
    head = client.head("/sparql", query_string={"query": ASK})
    assert (head.status_code, head.data) == (200, b"")
    options = client.options("/sparql", headers={"Origin": "https://x.example"})
    assert options.status_code == 200
    assert "POST" in options.headers["Access-Control-Allow-Methods"]


def test_relative_iris_are_the_datasets(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "ASK { <id/claim/harbour/no-ties> ?p ?o }"})
    assert response.get_json(force=True)["boolean"] is True
