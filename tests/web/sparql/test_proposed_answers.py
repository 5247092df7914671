"""A claim that nobody has reviewed is marked wherever a page links to it, in answers too."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from ...small_article import BEAM, MONTH, checked, claim, document, site

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


def page(client: FlaskClient, path: str, **query: str) -> str:
    response = client.get(path, query_string=query, headers=PAGE)
    assert response.status_code == 200, response.text
    return response.text


@pytest.mark.parametrize(("name", "marked"), [("shut", 1), ("a-month", 0)])
def test_the_page_of_a_result_marks_it(bridge: FlaskClient, name: str, marked: int) -> None:
    query = f"SELECT ?claim {{ VALUES ?claim {{ <{BASE}id/claim/bridge/{name}> }} ?claim ?p ?o }} LIMIT 1"
    assert page(bridge, "/sparql", query=query).count(TAG) == marked


def test_a_questions_answer_marks_it_beside_its_sentence(bridge: FlaskClient) -> None:
    text = page(bridge, "/queries/quotations-in-text-order")
    assert text.count(TAG) == 1
    [row] = [row for row in text.split("<tr>") if TAG in row]
    assert 'href="/doc/claim/bridge/shut"' in row


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
