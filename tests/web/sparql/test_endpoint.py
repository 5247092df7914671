"""The SPARQL 1.1 Protocol, §2.1, and its errors."""

import pytest
from flask.testing import FlaskClient

from quoth.formats import RDF_FORMATS, RESULT_FORMATS, Format

from ...accept_headers import CHROME

ASK = "ASK {}"
LOST = "SELECT ?g ?s { GRAPH ?g { SELECT ?s { ?s ?p ?o } } }"
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
        pytest.param({"query_string": {"q": ASK}}, 400, id="no-query"),
        pytest.param({"query_string": {"default-graph-uri": "http://x/"}}, 400, id="a-dataset-and-no-query"),
        pytest.param({"query_string": {"format": "csv"}}, 406, id="a-format-that-cannot-describe"),
        pytest.param({"query_string": {"query": ""}}, 400, id="empty-query"),
        pytest.param({"query_string": {"query": "# nothing"}}, 400, id="comment-for-a-query"),
        pytest.param({"query_string": {"qurey": ASK}}, 400, id="misspelt-query"),
        pytest.param({"query_string": {"query": ASK, "default-graph": "http://x/"}}, 400, id="misspelt-graph"),
        pytest.param({"query_string": {"query": LOST}}, 403, id="graphs-that-the-engine-would-lose"),
        pytest.param({"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400, id="two-queries"),
        pytest.param({"query_string": {"query": "SELECT"}}, 400, id="syntax"),
        pytest.param({"query_string": "query=%FF"}, 400, id="not-utf-8"),
        pytest.param({"query_string": {"query": ASK, "format": "png"}}, 400, id="unknown-format"),
        pytest.param({"query_string": {"query": ASK, "format": "trig"}}, 406, id="format-of-another-kind"),
        pytest.param({"query_string": {"query": ASK, "default-graph-uri": "x y"}}, 400, id="bad-graph"),
        pytest.param({"query_string": {"query": ASK, "named-graph-uri": "/relative"}}, 400, id="relative-graph"),
        pytest.param({"query_string": {"query": ASK, "using-graph-uri": "http://x/"}}, 400, id="graph-of-an-update"),
        pytest.param({"query_string": {"query": ASK, "format": "json", "output": "csv"}}, 400, id="two-formats"),
        pytest.param({"query_string": {"query": CONSTRUCT, "format": "srj"}}, 406, id="results-format-for-a-graph"),
        pytest.param({"query_string": {"query": "DROP ALL"}}, 400, id="update-as-query"),
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
        pytest.param(
            {"method": "POST", "data": ASK.encode("latin-1"), "content_type": DIRECT + "; charset=ISO-8859-1"},
            415,
            id="only-utf-8-is-direct",
        ),
        pytest.param(
            {"method": "POST", "data": ASK.encode("utf-16"), "content_type": DIRECT + "; charset=UTF-16"},
            415,
            id="utf-16",
        ),
        pytest.param({"method": "POST", "data": ASK.encode("utf-16"), "content_type": DIRECT}, 400, id="utf-16-untold"),
        pytest.param(
            {"method": "POST", "data": b"\x1f\x8b", "content_type": DIRECT, "headers": {"Content-Encoding": "gzip"}},
            415,
            id="compressed",
        ),
        pytest.param({"method": "POST", "data": b"query=%FF", "content_type": FORM}, 400, id="form-not-utf-8"),
        pytest.param({"method": "POST", "data": b"\xff", "content_type": DIRECT}, 400, id="bytes"),
        pytest.param(
            {"method": "POST", "data": {"query": ASK}, "query_string": {"query": ASK}}, 400, id="in-url-and-form"
        ),
        pytest.param(
            {"method": "POST", "data": ASK, "content_type": DIRECT, "query_string": {"query": ASK}},
            400,
            id="in-url-and-body",
        ),
        pytest.param(
            {"method": "POST", "data": ASK, "content_type": DIRECT, "query_string": {"update": "DROP ALL"}},
            400,
            id="update-beside-a-query",
        ),
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


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "there is no query"),
        ({"query": " "}, "the query is empty"),
        ({"qurey": ASK}, "did you mean query?"),
        ({"query": ASK, "default_graph_uri": "http://x/"}, "did you mean default-graph-uri?"),
        ({"query": ASK, "default-graph-uri": "x y"}, "'x y' is not an absolute IRI"),
        ({"query": "DROP ALL"}, "DROP is an update, not a query"),
        ({"update": "DROP ALL"}, "only answers queries"),
        ({"query": ASK, "update": "DROP ALL"}, "both a query and an update"),
        ({"query": "SELECT * { <http://a/b c> ?p ?o }"}, "a space in the IRI"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_request_can_be_told_apart(
    client: FlaskClient, parameters: dict[str, str], words: str
) -> None:
    problem = client.post("/sparql", data=parameters, content_type=FORM).get_json(force=True)
    assert words in f"{problem['detail']} {problem.get('remedy')}"


def test_parameters_of_clients_own_are_passed_over(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": ASK, "timeout": "3", "infer": "true"}).status_code == 200


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
    assert "<td data-label=" in client.get("/sparql", query_string={"query": SELECT}, headers=browser).text
    assert ">Yes<" in client.get("/sparql", query_string={"query": ASK}, headers=browser).text
    assert "<pre" in client.get("/sparql", query_string={"query": CONSTRUCT}, headers=browser).text
    forced = client.get("/sparql", query_string={"query": SELECT, "format": "csv"}, headers=browser)
    assert forced.mimetype == "text/csv"


def test_a_shortened_page_says_so(client: FlaskClient) -> None:
    long = {"query": "SELECT * { ?s ?p ?o }", "format": "html"}
    text = client.get("/sparql", query_string=long).text
    assert text.count("<tr>") == 1001
    assert "There are more: this page stops after 1,000 rows" in text


@pytest.mark.parametrize("query", [ASK, SELECT, CONSTRUCT, ""], ids=["ask", "select", "construct", "bare"])
def test_head_is_get_without_a_body(client: FlaskClient, query: str) -> None:
    parameters = {"query": query} if query else {}
    head, get = (ask("/sparql", query_string=parameters) for ask in (client.head, client.get))
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


def test_options_says_what_can_be_done(client: FlaskClient) -> None:
    options = client.options("/sparql")
    assert (options.status_code, options.data) == (200, b"")
    assert options.allow.as_set() == {"get", "head", "options", "post"}
    assert options.headers["Accept-Post"] == f"{FORM}, {DIRECT}"


@pytest.mark.parametrize(
    ("path", "methods"), [("/sparql", "GET, HEAD, OPTIONS, POST"), ("/.well-known/void", "GET, HEAD, OPTIONS")]
)
def test_preflight(client: FlaskClient, path: str, methods: str) -> None:
    asks = {
        "Origin": "https://x.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-anything",
    }
    headers = client.options(path, headers=asks).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == methods
    allowed = headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"*", "accept", "content-type"} <= set(allowed)
    assert int(headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize("status", [200, 400, 403, 405, 406])
def test_any_origin_may_read_any_answer(client: FlaskClient, status: int) -> None:
    query = {400: "SELECT", 403: "ASK { SERVICE <http://x/> {} }"}.get(status, ASK)
    accept = "image/png" if status == 406 else "*/*"
    response = client.open(
        "/sparql",
        method="PATCH" if status == 405 else "GET",
        query_string={"query": query},
        headers={"Origin": "https://x.example", "Accept": accept},
    )
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert ("Allow" in response.headers) == (status == 405)


def test_a_406_lists_the_formats(client: FlaskClient) -> None:
    for query, offers in ((SELECT, RESULT_FORMATS), (CONSTRUCT, RDF_FORMATS), ("", RDF_FORMATS)):
        parameters = {"query": query} if query else {}
        response = client.get("/sparql", query_string=parameters, headers={"Accept": "image/png"})
        assert response.status_code == 406
        remedy = response.get_json(force=True)["remedy"]
        assert [f.media_type for f in offers if f.media_type not in remedy] == []


BELL = r'SELECT ("\u0007" AS ?bell) {}'
LATE_BELL = r"""SELECT ?s ?x {
  { { SELECT ?s { ?s ?p ?o . ?a ?b ?c } LIMIT 3000 } BIND("fine" AS ?x) } UNION { BIND("\u0007" AS ?x) }
}"""
RESULTS_XML, RDF_XML = "application/sparql-results+xml", "application/rdf+xml"


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        pytest.param(BELL, f"{RESULTS_XML}, */*;q=0.1", "application/sparql-results+json", id="anything"),
        pytest.param(BELL, f"{RESULTS_XML}, text/csv;q=0.2, */*;q=0.1", "text/csv", id="the-next-best"),
        pytest.param(BELL, f"{RESULTS_XML}, text/html;q=0.2", "text/html", id="a-page"),
        pytest.param(BELL, RESULTS_XML, None, id="nothing-else"),
        pytest.param(BELL, f"{RESULTS_XML}, text/turtle", None, id="nothing-else-for-solutions"),
        pytest.param(r'CONSTRUCT { <a:a> <a:b> "\u0007" } {}', f"{RDF_XML}, */*;q=0.1", "text/turtle", id="graph"),
        pytest.param("CONSTRUCT { <a:a> <a:1> 1 } {}", f"{RDF_XML}, text/n3;q=0.1", "text/turtle", id="predicate"),
    ],
)
def test_results_that_xml_cannot_carry_come_in_the_next_format(
    client: FlaskClient, query: str, accept: str, expected: str | None
) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (
        (200, expected) if expected else (406, "application/problem+json")
    )
    if expected is None:
        assert "XML" in response.get_json(force=True)["detail"]
    named = client.get("/sparql", query_string={"query": query, "format": "xml"}, headers={"Accept": accept})
    assert named.status_code == 406


def test_a_late_character_that_xml_cannot_carry_changes_the_format(client: FlaskClient) -> None:
    accept = f"{RESULTS_XML}, text/csv;q=0.2"
    response = client.get("/sparql", query_string={"query": LATE_BELL}, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    assert response.text.count("\n") == 3002


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in (*RESULT_FORMATS, *RDF_FORMATS)])
def test_a_format_is_named_in_many_ways(client: FlaskClient, format: Format) -> None:
    query = CONSTRUCT if format in RDF_FORMATS else SELECT
    names = [format.name, format.suffix, format.title, format.title.upper(), format.media_type]
    for name in [*names, f"{format.media_type}; charset=utf-8", format.media_type.replace("+", " ")]:
        for parameter in ("format", "output"):
            response = client.get("/sparql", query_string={"query": query, parameter: name}, headers={"Accept": "x/y"})
            assert (response.status_code, response.mimetype) == (200, format.media_type), name


@pytest.mark.parametrize(
    ("name", "solutions", "graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("application/json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("text/xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("json-ld", None, "application/ld+json"),
        ("rdf+xml", None, "application/rdf+xml"),
        ("n3", None, "text/turtle"),
        ("html", "text/html", "text/html"),
    ],
)
def test_one_format_name_fits_solutions_and_graphs(
    client: FlaskClient, name: str, solutions: str | None, graph: str | None
) -> None:
    for query, wanted in ((SELECT, solutions), (CONSTRUCT, graph)):
        response = client.get("/sparql", query_string={"query": query, "format": name, "output": name})
        assert response.status_code == (406 if wanted is None else 200)
        assert wanted is None or response.mimetype == wanted


def test_a_form_may_have_parameters_in_the_url(client: FlaskClient) -> None:
    nothing = {"default-graph-uri": "http://localhost:8000/nothing"}
    response = client.post("/sparql", query_string={**nothing, "format": "csv"}, data={"query": "ASK { ?s ?p ?o }"})
    assert (response.mimetype, response.text) == ("text/csv", "false")


def test_empty_form_fields_are_ignored(client: FlaskClient) -> None:
    empty = {"default-graph-uri": "", "named-graph-uri": "", "format": ""}
    response = client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", **empty})
    assert response.get_json(force=True)["boolean"] is True


def test_a_form_is_in_the_charset_that_it_says(client: FlaskClient) -> None:
    data = b"query=SELECT+%28%22caf%E9%22+AS+%3Fx%29+%7B%7D&format=csv"
    assert client.post("/sparql", data=data, content_type=FORM).status_code == 400
    latin = client.post("/sparql", data=data, content_type=f"{FORM}; charset=ISO-8859-1")
    assert latin.text.split() == ["x", "café"]


def test_a_byte_order_mark_is_no_part_of_a_query(client: FlaskClient) -> None:
    response = client.post("/sparql", data=ASK.encode("utf-8-sig"), content_type=DIRECT)
    assert response.status_code == 200


def test_a_slash_at_the_end_makes_no_difference(client: FlaskClient) -> None:
    for method in ("GET", "POST"):
        data = {"data": {"query": SELECT}} if method == "POST" else {"query_string": {"query": SELECT}}
        with_slash, without = (client.open(path, method=method, **data) for path in ("/sparql/", "/sparql"))  # type: ignore[arg-type]
        assert (with_slash.status_code, with_slash.data) == (200, without.data)


def test_relative_iris_are_the_datasets(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "ASK { <id/claim/harbour/no-ties> ?p ?o }"})
    assert response.get_json(force=True)["boolean"] is True
