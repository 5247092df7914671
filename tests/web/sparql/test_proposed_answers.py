"""A claim that nobody has reviewed is marked wherever a page links to it, in answers too."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.sparql import named_queries
from quoth.sparql.named_queries import NamedQuery
from quoth.web.present import stored_questions

from ...small_article import BEAM, MONTH, checked, claim, document, site

QUESTIONS = named_queries.load(named_queries.QUESTIONS)

BASE = "http://localhost:8000/"
PAGE = {"Accept": "text/html"}
TAG = '<span class="tag">proposed'
SHUT = claim("shut", "id/org/council", "said", "The mill bridge was shut")


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("bridge")
    second = document(SHUT, encoding='id: "#encoding-2"\n  status: proposed')
    report, quads = checked(folder / "data", document(BEAM + MONTH, encoding="status: reviewed"), second)
    assert [str(finding) for finding in report.findings] == []
    with site(folder / "releases", quads) as client:
        yield client


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A release whose article has a proposed encoding alone, which is counted."""
    folder = tmp_path_factory.mktemp("alone")
    _, quads = checked(folder / "data", document(SHUT + BEAM, encoding="status: proposed"))
    with site(folder / "releases", quads) as client:
        yield client


def page(client: FlaskClient, path: str, **query: str) -> str:
    response = client.get(path, query_string=query, headers=PAGE)
    assert response.status_code == 200, response.text
    return response.text


@pytest.mark.parametrize(("name", "marked"), [("shut", 1), ("a-month", 0)])
def test_the_page_of_a_result_marks_it(bridge: FlaskClient, name: str, marked: int) -> None:
    query = f"SELECT ?claim {{ VALUES ?claim {{ <{BASE}id/claim/bridge/{name}> }} ?claim ?p ?o }} LIMIT 1"
    assert page(bridge, "/sparql", query=query).count(TAG) == marked


def test_a_questions_answer_marks_it_beside_its_sentence(alone: FlaskClient) -> None:
    text = page(alone, "/queries/quotations-in-text-order")
    assert text.count(TAG) == 2
    [row] = [row for row in text.split("<tr>") if 'href="/doc/claim/bridge/shut"' in row]
    assert TAG in row


def asked(client: FlaskClient, name: str, format: str) -> str:
    response = client.get(f"/queries/{name}", query_string={"format": format})
    assert response.status_code == 200, response.text
    return str(response.text)


def test_a_questions_answer_has_a_status_in_every_format(alone: FlaskClient) -> None:
    name = "quotations-in-text-order"
    assert [row["status"] for row in csv.DictReader(io.StringIO(asked(alone, name, "csv")))] == ["proposed"] * 2
    answer = json.loads(asked(alone, name, "json"))
    assert answer["head"]["vars"][-1] == "status"
    assert {row["status"]["value"] for row in answer["results"]["bindings"]} == {"proposed"}
    assert "?status" in asked(alone, name, "tsv")
    assert '<variable name="status"/>' in asked(alone, name, "xml")


def test_where_nothing_named_is_proposed_no_status_is_given(bridge: FlaskClient, client: FlaskClient) -> None:
    rows = [*csv.DictReader(io.StringIO(asked(bridge, "quotations-in-text-order", "csv")))]
    assert [row["status"] for row in rows] == ["", ""], "the release has a proposed claim, of another encoding"
    assert "status" not in asked(client, "quotations-in-text-order", "csv").partition("\n")[0]


def test_a_query_of_the_endpoint_has_the_columns_that_it_asks_for(alone: FlaskClient) -> None:
    query = (
        "SELECT ?claim ?claimLabel WHERE { ?claim <http://www.w3.org/2000/01/rdf-schema#label> ?claimLabel } LIMIT 1"
    )
    response = alone.get("/sparql", query_string={"query": query, "format": "csv"})
    assert response.text.splitlines()[0] == "claim,claimLabel"


@pytest.mark.parametrize("question", QUESTIONS, ids=[q.name for q in QUESTIONS])
def test_a_status_changes_nothing_else_in_an_answer(question: NamedQuery) -> None:
    store = ox.Store()
    claim, label = ox.NamedNode(f"{BASE}id/claim/a/b"), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store.add(ox.Quad(claim, label, ox.Literal("A claim.")))
    texts = [stored_questions.sparql(question), stored_questions.with_status(stored_questions.sparql(question))]
    columns = [[v.value for v in store.query(text, base_iri=BASE).variables] for text in texts]  # type: ignore[union-attr]
    assert columns[1] in (columns[0], [*columns[0], "status"])
    assert columns[1][-1] == "status" or not {"claim", "other"} & set(columns[0])


def test_a_suggestion_is_described(alone: FlaskClient, bridge: FlaskClient) -> None:
    [text, names, remarks] = json.loads(alone.get("/suggest", query_string={"q": "council"}).text)
    assert text == "council"
    assert dict(zip(names, remarks, strict=True))["the council"] == ""
    assert [remark for name, remark in zip(names, remarks, strict=True) if name != "the council"] == [
        "proposed, not reviewed"
    ] * 2
    assert len(json.loads(bridge.get("/suggest", query_string={"q": "council"}).text)) == 2


@pytest.mark.parametrize("name", ["articles", "sources"])
def test_a_list_tells_how_many_of_its_claims_are_proposed(alone: FlaskClient, bridge: FlaskClient, name: str) -> None:
    [first, *_] = json.loads(alone.get(f"/{name}.json").text)[name]
    assert first["claims"] == first["proposed"] == 2
    assert '<span class="tag">all proposed</span>' in page(alone, f"/{name}")
    assert all("proposed" not in thing for thing in json.loads(bridge.get(f"/{name}.json").text)[name])


def test_titles_are_marked(alone: FlaskClient, bridge: FlaskClient) -> None:
    assert '<meta property="og:title" content="[proposed] ' in page(alone, "/doc/claim/bridge/shut")
    assert '<meta property="og:title" content="[proposed] ' not in page(bridge, "/doc/claim/bridge/a-month")
    assert "title = {[proposed] " in alone.get("/doc/claim/bridge/shut.bib").text
    assert json.loads(alone.get("/doc/claim/bridge/shut.csl.json").text)[0]["title"].startswith("[proposed] ")


def test_a_preview_marks_it(bridge: FlaskClient) -> None:
    assert TAG in page(bridge, "/reconcile/preview", id="claim/bridge/shut")
    assert TAG not in page(bridge, "/reconcile/preview", id="claim/bridge/a-month")


def test_the_way_from_claim_to_claim_marks_it(bridge: FlaskClient) -> None:
    incoming = page(bridge, "/doc/org/council")
    assert 'href="/doc/claim/bridge/shut"' in incoming
    assert incoming.count(TAG) == incoming.count('href="/doc/claim/bridge/shut"')


def test_a_candidate_of_the_reconciliation_is_marked(bridge: FlaskClient) -> None:
    queries = {"q0": {"query": "The mill bridge was shut", "type": "Claim"}}
    response = bridge.get("/reconcile", query_string={"queries": json.dumps(queries)})
    descriptions = {found["id"]: found["description"] for found in json.loads(response.text)["q0"]["result"]}
    assert "proposed, not reviewed" in descriptions["claim/bridge/shut"]


def test_of_equal_candidates_the_counted_one_is_first(tmp_path: Path) -> None:
    second = document(BEAM.replace("beam-cracked", "a-beam"), encoding='id: "#encoding-2"\n  status: proposed')
    _, quads = checked(tmp_path / "data", document(BEAM, encoding="status: reviewed"), second)
    with site(tmp_path / "releases", quads) as client:
        queries = {"q0": {"query": "a beam had cracked", "type": "Claim"}}
        response = client.get("/reconcile", query_string={"queries": json.dumps(queries)})
    first, other = json.loads(response.text)["q0"]["result"][:2]
    assert first["score"] == other["score"]
    assert (first["id"], other["id"]) == ("claim/bridge/beam-cracked", "claim/bridge/a-beam")


def test_what_others_show_of_a_claims_page_is_marked(bridge: FlaskClient) -> None:
    mark = '<meta name="description" content="Proposed, not reviewed. '
    assert mark in page(bridge, "/doc/claim/bridge/shut")
    assert mark not in page(bridge, "/doc/claim/bridge/a-month")


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nq", "jsonld"])
def test_every_format_of_its_document_says_it(bridge: FlaskClient, suffix: str) -> None:
    assert "proposed" in bridge.get(f"/doc/claim/bridge/shut.{suffix}").text
    assert "proposed" not in bridge.get(f"/doc/claim/bridge/a-month.{suffix}").text


@pytest.mark.parametrize("suffix", ["nq", "trig"])
def test_the_table_as_quads_says_it(bridge: FlaskClient, suffix: str) -> None:
    assert "proposed" in bridge.get(f"/claims.{suffix}", query_string={"encoding": "article/bridge#encoding-2"}).text


@pytest.mark.parametrize("suffix", ["nt", "nq"])
def test_a_document_that_names_it_says_it(bridge: FlaskClient, suffix: str) -> None:
    lines = bridge.get(f"/doc/org/council.{suffix}").text.splitlines()
    said = [line.split()[0] for line in lines if "encoding-status#proposed" in line]
    assert said == [f"<{BASE}id/claim/bridge/shut>"]
