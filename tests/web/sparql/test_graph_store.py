"""/graphs, and the same at /sparql: the reading half of the SPARQL 1.1 Graph Store HTTP Protocol."""

from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.formats import NTRIPLES, OX_RDF, RDF_FORMATS, RDFXML, Format
from quoth.release.release import Release

from ...accept_headers import COMUNICA, JENA_DATASET, JENA_MODEL
from ...conftest import BASE

CONTENT = f"{BASE}id/claim/harbour/no-ties#content"
ADDRESSES = ("/graphs", "/sparql")


@pytest.fixture(scope="module")
def quads(release: Release) -> set[ox.Quad]:
    store = ox.Store.read_only(str(release.store_path))
    return set(store)


def triples(data: bytes, format: Format) -> set[ox.Triple]:
    quads = list(ox.parse(data, OX_RDF[format.name]))
    assert all(q.graph_name == ox.DefaultGraph() for q in quads)
    return {q.triple for q in quads}


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("graph", [None, CONTENT], ids=["default", "named"])
def test_a_graph_is_its_triples(
    client: FlaskClient, quads: set[ox.Quad], address: str, graph: str | None, format: Format
) -> None:
    name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    expected = {q.triple for q in quads if q.graph_name == name}
    target = f"{address}?graph={quote(graph, safe='')}" if graph else f"{address}?default"
    answers = [client.get(target, headers={"Accept": format.media_type}), client.get(f"{target}&format={format.name}")]
    if graph is None and format is RDFXML:  # there are predicates that it cannot write
        assert {answer.status_code for answer in answers} == {406}
        second = client.get(target, headers={"Accept": f"{RDFXML.media_type}, application/n-triples;q=0.1"})
        assert triples(second.data, NTRIPLES) == expected
        return
    for answer in answers:
        assert (answer.status_code, answer.content_type) == (200, format.content_type)
        assert triples(answer.data, format) == expected
        assert len(expected) > 2
    assert "Accept" in answers[0].vary
    assert client.get(target, headers={"Accept": JENA_MODEL}).mimetype == "text/turtle"


def test_the_reported_is_not_in_the_default_graph(client: FlaskClient) -> None:
    reported = triples(client.get("/graphs", query_string={"graph": CONTENT}).data, RDF_FORMATS[0])
    asserted = triples(client.get("/graphs?default").data, RDF_FORMATS[0])
    assert reported
    assert not {t for t in reported & asserted if t.predicate.value.startswith("http://www.w3.org/ns/org#")}
    assert len(reported - asserted) > 1


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        (f"graph={quote(BASE)}id/claim/nothing%23content", 404, "there is no graph"),
        ("graph=claim/x", 400, "not an absolute IRI"),
        ("graph=", 400, "not an absolute IRI"),
        ("graph=a%20b:c", 400, "not an absolute IRI"),
        ("default&graph=urn:a", 400, "no graph, or two"),
        ("default=yes", 400, "no graph, or two"),
        ("graph=urn:a&graph=urn:b", 400, "more than once"),
        ("default&colour=red", 400, "there is no parameter 'colour'"),
        ("default&format=docx", 400, "not a format"),
    ],
)
def test_a_graph_that_is_not_there_is_said_to_be(
    client: FlaskClient, address: str, query: str, status: int, words: str
) -> None:
    answer = client.get(f"{address}?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = answer.get_json(force=True)
    assert words in problem["detail"]
    assert problem["remedy"]
    assert client.head(f"{address}?{query}").status_code == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_is_written(client: FlaskClient, method: str) -> None:
    answer = client.open(
        "/graphs?default", method=method, data=b"<urn:a> <urn:b> <urn:c> .", content_type="text/turtle"
    )
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    at_endpoint = client.open("/sparql?default", method=method, data=b"", content_type="text/turtle")
    assert at_endpoint.status_code == (415 if method == "POST" else 405)


@pytest.mark.parametrize(
    ("address", "accept", "suffix"),
    [
        ("/graphs", None, "trig"),
        ("/graphs", JENA_DATASET, "trig"),
        ("/graphs", "application/n-quads", "nq"),
        ("/sparql", JENA_DATASET, "trig"),
    ],
)
def test_the_dataset_is_the_dump(client: FlaskClient, address: str, accept: str | None, suffix: str) -> None:
    answer = client.get(address, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BASE}releases/1/claims.{suffix}")
    assert "Accept" in answer.vary


def test_a_format_without_graphs_cannot_carry_the_dataset(client: FlaskClient) -> None:
    answer = client.get("/graphs", headers={"Accept": "text/turtle"})
    assert answer.status_code == 406
    assert "application/trig" in answer.get_json(force=True)["remedy"]


def test_the_endpoint_is_described_to_those_who_look_for_one(client: FlaskClient) -> None:
    for accept in ("text/turtle", COMUNICA, "*/*", None):
        answer = client.get("/sparql", headers={"Accept": accept} if accept else {})
        assert answer.status_code == 200
        assert "sparql11-http-rdf-update" in answer.text
    assert client.get("/sparql?format=trig").status_code == 200
