"""The protocol over a real connection: what the W3C's protocol tests check of queries, and HTTP itself.

https://www.w3.org/TR/sparql11-protocol/ §2.1; tests: https://github.com/w3c/rdf-tests, sparql/sparql11/protocol. Its
tests of updates, which an endpoint of immutable releases refuses, are all failures here.
"""

import json
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from quoth.formats import RESULT_FORMATS

from .conftest import TEST_DATA, Endpoint

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
ONE, TWO, THREE = (TEST_DATA.format(number) for number in (1, 2, 3))
DEFAULT, NAMED = "default-graph-uri", "named-graph-uri"
RESULTS = {f.media_type for f in RESULT_FORMATS}
RDF = {"text/turtle", "application/rdf+xml", "application/n-triples"}


def target(*parameters: tuple[str, str]) -> str:
    return "/sparql?" + urlencode(parameters) if parameters else "/sparql"


BOTH = f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type }}"
EACH = f"ASK {{ GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }} }}"
FULL = f"ASK {{ <{THREE}> a ?type GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }} }}"
OVERRIDDEN = EACH.replace("ASK", f"ASK FROM <{THREE}>")


@pytest.mark.parametrize(
    ("method", "url", "headers", "body"),
    [
        pytest.param("GET", target(("query", "ASK {}")), {}, "", id="query_get"),
        pytest.param("POST", target(), FORM, "query=ASK%20%7B%7D", id="query_post_form"),
        pytest.param("POST", target(), QUERY, "ASK {}", id="query_post_direct"),
        pytest.param("POST", target(), {"Content-Type": "Application/SPARQL-Query"}, "ASK {}", id="upper_case_type"),
        pytest.param(
            "GET",
            target(("query", BOTH), (DEFAULT, ONE), (DEFAULT, TWO)),
            {},
            "",
            id="query_dataset_default_graphs_get",
        ),
        pytest.param(
            "POST", target((DEFAULT, ONE), (DEFAULT, TWO)), QUERY, BOTH, id="query_dataset_default_graphs_post"
        ),
        pytest.param(
            "GET", target(("query", EACH), (NAMED, ONE), (NAMED, TWO)), {}, "", id="query_dataset_named_graphs_get"
        ),
        pytest.param("POST", target((NAMED, ONE), (NAMED, TWO)), QUERY, EACH, id="query_dataset_named_graphs_post"),
        pytest.param(
            "POST", target((DEFAULT, THREE), (NAMED, ONE), (NAMED, TWO)), QUERY, FULL, id="query_dataset_full"
        ),
        pytest.param(
            "POST",
            "/sparql",
            FORM,
            urlencode([("query", FULL), (DEFAULT, THREE), (NAMED, ONE), (NAMED, TWO)]),
            id="query_dataset_full_form",
        ),
        pytest.param("POST", target((NAMED, ONE), (NAMED, TWO)), QUERY, OVERRIDDEN, id="query_multiple_dataset"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"], ids=["plain", "slash"])
def test_queries_are_answered(
    server: Endpoint, method: str, url: str, headers: dict[str, str], body: str, slash: str
) -> None:
    reply = server.ask(method, url.replace("/sparql", "/sparql" + slash), body.encode() or None, headers)
    assert reply.status == 200, reply.body
    assert reply.media_type == "application/sparql-results+json"
    assert json.loads(reply.body)["boolean"] is True


@pytest.mark.parametrize(
    ("query", "media_types"),
    [
        pytest.param("SELECT (1 AS ?value) {}", RESULTS, id="query_content_type_select"),
        pytest.param("ASK {}", RESULTS, id="query_content_type_ask"),
        pytest.param("DESCRIBE <http://example.org/>", RDF, id="query_content_type_describe"),
        pytest.param("CONSTRUCT { <s> <p> 1 } WHERE {}", RDF, id="query_content_type_construct"),
    ],
)
def test_content_types(server: Endpoint, query: str, media_types: set[str]) -> None:
    bare = server.ask("POST", "/sparql", query.encode(), QUERY)
    assert bare.status == 200
    assert bare.media_type in media_types
    for media_type in media_types:
        reply = server.ask("POST", "/sparql", query.encode(), {**QUERY, "Accept": media_type})
        assert (reply.status, reply.media_type) == (200, media_type)


WITH = "WITH <http://example/addresses> DELETE { ?p ?q ?r } WHERE { ?p ?q ?r }"


@pytest.mark.parametrize(
    ("method", "url", "headers", "body", "status"),
    [
        pytest.param("PUT", target(("query", "ASK {}")), {}, b"", 405, id="bad_query_method"),
        pytest.param("DELETE", target(("query", "ASK {}")), {}, b"", 405, id="bad_query_method_delete"),
        pytest.param("PATCH", target(("query", "ASK {}")), {}, b"", 405, id="bad_query_method_patch"),
        pytest.param(
            "GET", target(("query", "ASK {}"), ("query", "SELECT * {}")), {}, b"", 400, id="bad_multiple_queries"
        ),
        pytest.param("GET", target(("query", "ASK {}"), ("query", "ASK {}")), {}, b"", 400, id="the_same_query_twice"),
        pytest.param(
            "POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415, id="bad_query_wrong_media_type"
        ),
        pytest.param("POST", "/sparql", {}, b"query=ASK%20%7B%7D", 415, id="bad_query_missing_form_type"),
        pytest.param("POST", "/sparql", {}, b"ASK {}", 415, id="bad_query_missing_direct_type"),
        pytest.param(
            "POST",
            "/sparql",
            {"Content-Type": "application/sparql-query; charset=UTF-16"},
            "ASK {}".encode("utf-16"),
            415,
            id="bad_query_non_utf8",
        ),
        pytest.param("POST", "/sparql", QUERY, "ASK {}".encode("utf-16"), 400, id="bad_query_non_utf8_untold"),
        pytest.param("GET", target(("query", "ASK {")), {}, b"", 400, id="bad_query_syntax"),
        pytest.param("GET", target(("update", "CLEAR ALL")), {}, b"", 403, id="bad_update_get"),
        pytest.param("GET", target(("query", "CLEAR ALL")), {}, b"", 400, id="update_as_query"),
        pytest.param("POST", "/sparql", QUERY, b"CLEAR ALL", 400, id="update_as_direct_query"),
        pytest.param(
            "POST", "/sparql", FORM, b"update=CLEAR+NAMED&update=CLEAR+DEFAULT", 403, id="bad_multiple_updates"
        ),
        pytest.param(
            "POST", "/sparql", {"Content-Type": "text/plain"}, b"CLEAR NAMED", 415, id="bad_update_wrong_media_type"
        ),
        pytest.param("POST", "/sparql", {}, b"update=CLEAR%20NAMED", 415, id="bad_update_missing_form_type"),
        pytest.param(
            "POST",
            "/sparql",
            {"Content-Type": "application/sparql-update; charset=UTF-16"},
            "CLEAR NAMED".encode("utf-16"),
            403,
            id="bad_update_non_utf8",
        ),
        pytest.param("POST", "/sparql", FORM, b"update=CLEAR%20XYZ", 403, id="bad_update_syntax"),
        pytest.param(
            "POST",
            "/sparql",
            FORM,
            urlencode({"using-named-graph-uri": "http://example/people", "update": WITH}).encode(),
            403,
            id="bad_update_dataset_conflict",
        ),
        pytest.param("POST", "/sparql", FORM, b"update=CLEAR%20ALL", 403, id="update_post_form"),
        pytest.param("POST", "/sparql", UPDATE, b"CLEAR ALL", 403, id="update_post_direct"),
        pytest.param("POST", "/sparql", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415, id="parts"),
    ],
)
def test_malformed_requests_are_refused(
    server: Endpoint, method: str, url: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    reply = server.ask(method, url, body if method == "POST" else None, headers)
    assert reply.status == status
    assert reply.media_type == "application/problem+json"
    problem = json.loads(reply.body)
    assert problem["status"] == status
    assert problem["detail"]
    if status == 405:
        assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    if status == 415:
        assert "application/sparql-query" in reply.headers["accept-post"]


def test_the_data_are_unchanged_after_all_requests(server: Endpoint) -> None:
    reply = server.ask("POST", "/sparql", f"ASK {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}".encode(), QUERY)
    assert json.loads(reply.body)["boolean"] is True


@pytest.mark.parametrize("query", ["ASK {}", "SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", None])
def test_head_is_get_without_a_body(server: Endpoint, query: str | None) -> None:
    url = target(("query", query)) if query else "/sparql"
    get, head = (server.ask(method, url) for method in ("GET", "HEAD"))
    assert (get.status, head.status, head.body) == (200, 200, b"")
    ignored = {"date", "transfer-encoding"}  # of a long result; a HEAD has no body to encode (RFC 9112 §6.1)
    assert {k: v for k, v in head.headers.items() if k not in ignored} == {
        k: v for k, v in get.headers.items() if k not in ignored
    }


def test_the_service_description(server: Endpoint) -> None:
    """The W3C's three tests: returns-rdf, has-endpoint-triple, conforms-to-schema (as far as RDFS goes)."""
    reply = server.ask("GET", "/sparql")
    assert (reply.status, reply.media_type) == (200, "text/turtle")
    store = ox.Store()
    store.load(reply.body, ox.RdfFormat.TURTLE)
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>"
    assert store.query(f"{sd} ASK {{ ?s a sd:Service ; sd:endpoint <{server.url}> }}")
    typed = [
        ("sd:Service", ["sd:endpoint", "sd:defaultDataset", "sd:resultFormat", "sd:supportedLanguage"]),
        ("sd:Dataset", ["sd:defaultGraph", "sd:namedGraph"]),
        ("sd:NamedGraph", ["sd:name", "sd:graph"]),
        ("sd:Graph", ["^sd:graph", "^sd:defaultGraph"]),
    ]
    for cls, properties in typed:
        for p in properties:
            assert store.query(f"{sd} ASK {{ ?s {p} ?o }}"), p
            assert not store.query(f"{sd} ASK {{ ?s {p} ?o FILTER NOT EXISTS {{ ?s a {cls} }} }}"), p


def test_unknown_methods_are_refused(server: Endpoint) -> None:
    for method in ("PROPFIND", "TRACE"):
        assert server.ask(method, target(("query", "ASK {}"))).status == 405
    # A word that is no method of HTTP is refused before there is a request (RFC 9110 §15.5.1, §15.6.2).
    made_up = server.ask("FOO", target(("query", "ASK {}")))
    assert made_up.status in (400, 405, 501)
    assert made_up.media_type == "application/problem+json"
