"""Two encodings of one text stand side by side, and nothing is counted twice."""

import csv
import io
import json
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import ENCODING_STATUS, QUOTH

from ...small_article import BEAM, MONTH, checked, claim, document, site

BASE = "http://localhost:8000/"
PAGE = {"Accept": "text/html"}
ARTICLE = f"{BASE}id/article/bridge"
SHUT = claim("shut", "id/org/council", "said", "The mill bridge was shut")
FIRST = document(BEAM + MONTH, encoding="status: reviewed")
SECOND = document(
    BEAM.replace("beam-cracked", "beam-cracked-2") + SHUT, encoding='id: "#encoding-2"\n  status: proposed'
).replace("created: 2026-11-23", "created: 2026-11-27")
COUNTED = {"beam-cracked", "a-month"}
OTHERS = {"beam-cracked-2", "shut"}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("bridge")
    report, quads = checked(folder / "data", FIRST, SECOND)
    assert [str(finding) for finding in report.findings] == []
    with site(folder / "releases", quads) as client:
        yield client


def rows(client: FlaskClient, **given: str) -> dict[str, dict[str, str]]:
    response = client.get("/claims.csv", query_string=given)
    assert response.status_code == 200, response.text
    return {row["claim"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(response.text))}


def asked(client: FlaskClient, query: str) -> list[dict[str, dict[str, str]]]:
    prefixes = "PREFIX quoth: <https://w3id.org/quoth/ns#> PREFIX adms: <http://www.w3.org/ns/adms#>"
    response = client.get(
        "/sparql", query_string={"query": f"{prefixes} {query}"}, headers={"Accept": "application/json"}
    )
    found: list[dict[str, dict[str, str]]] = json.loads(response.text)["results"]["bindings"]
    return found


def test_every_claim_is_of_its_encoding(bridge: FlaskClient) -> None:
    found = {
        (row["c"]["value"].rpartition("/")[2], row["e"]["value"].partition("#")[2])
        for row in asked(bridge, "SELECT ?c ?e { ?c quoth:encoding ?e }")
    }
    assert found == {(c, "encoding") for c in COUNTED} | {(c, "encoding-2") for c in OTHERS}
    [row] = asked(bridge, f"SELECT ?e {{ <{ARTICLE}> quoth:countedEncoding ?e }}")
    assert row["e"]["value"] == f"{ARTICLE}#encoding", "reviewed comes before proposed, though it is older"


@pytest.mark.parametrize(
    ("encoding", "wanted"),
    [
        ({}, COUNTED),
        ({"encoding": "all"}, COUNTED | OTHERS),
        ({"encoding": f"{ARTICLE}#encoding-2"}, OTHERS),
        ({"encoding": "article/bridge#encoding"}, COUNTED),
    ],
)
def test_a_table_has_the_claims_of_one_encoding_unless_others_are_asked_for(
    bridge: FlaskClient, encoding: dict[str, str], wanted: set[str]
) -> None:
    assert set(rows(bridge, **encoding)) == wanted
    assert json.loads(bridge.get("/claims.json", query_string=encoding).text)["total"] == len(wanted)
    results = json.loads(bridge.get("/search.json", query_string={"q": "bridge", "kind": "claim", **encoding}).text)
    assert {result["iri"].rpartition("/")[2] for result in results["results"]} == wanted & {"shut"}


def test_the_table_tells_encoding_and_status(bridge: FlaskClient) -> None:
    table = rows(bridge, encoding="all")
    assert {(row["encoding_iri"].partition("#")[2], row["status"]) for row in table.values()} == {
        ("encoding", "reviewed"),
        ("encoding-2", "proposed"),
    }
    assert set(rows(bridge, encoding="all", status="proposed")) == OTHERS


@pytest.mark.parametrize("status", ["proposed", ENCODING_STATUS.proposed.value])
def test_who_asks_for_proposed_claims_gets_them(bridge: FlaskClient, status: str) -> None:
    assert set(rows(bridge, status=status)) == OTHERS
    assert set(rows(bridge, status="reviewed")) == COUNTED
    assert rows(bridge, status=status, encoding="article/bridge#encoding") == {}
    found = {"q": "bridge", "kind": "claim", "status": status}
    results = json.loads(bridge.get("/search.json", query_string=found).text)["results"]
    assert {result["iri"].rpartition("/")[2] for result in results} == OTHERS & {"shut"} != set()


def test_numbers_are_of_the_claims_that_are_counted_and_tell_the_others_apart(bridge: FlaskClient) -> None:
    manifest = bridge.get("/releases/1/manifest.json").get_json()
    assert (manifest["claims"], manifest["claims_other_encodings"]) == (2, 2)
    [release] = bridge.get("/releases.json").get_json()
    assert (release["claims"], release["claims_other_encodings"]) == (2, 2)
    assert "2 more claims come from other encodings" in bridge.get("/", headers=PAGE).text
    assert "which are not counted</dt><dd>2</dd>" in bridge.get("/releases/1.html").text
    void = "SELECT ?n { ?d void:classPartition [ void:class quoth:Claim ; void:entities ?n ] }"
    quads = ox.parse(bridge.get("/.well-known/void.ttl").data, format=ox.RdfFormat.TURTLE)
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in quads)
    found = store.query(f"PREFIX void: <http://rdfs.org/ns/void#> PREFIX quoth: <{QUOTH.iri}> {void}")
    assert {row["n"].value for row in found} == {"4"}  # type: ignore


def test_a_filter_names_the_encoding_by_who_made_it(bridge: FlaskClient) -> None:
    page = bridge.get("/claims", query_string={"encoding": "article/bridge#encoding-2"}, headers=PAGE).text
    chip = re.sub("<[^>]+>", "", page.partition("Encoding: ")[2].partition("×")[0])
    assert chip.strip() == "By Quoth, of Mill bridge shut"


def test_an_encoding_without_claims_is_refused(bridge: FlaskClient) -> None:
    for path in ("/claims.csv", "/search.json"):
        response = bridge.get(path, query_string={"encoding": "article/none#encoding"})
        assert response.status_code == 400
        assert "article/bridge#encoding-2" in response.text


def test_no_count_and_no_facet_counts_twice(bridge: FlaskClient) -> None:
    text = bridge.get("/doc/org/council", headers=PAGE).text
    assert text.count('<li class="claim-row">') == 1
    assert "2 claims" in bridge.get("/doc/article/bridge", headers=PAGE).text
    assert "4 claims" not in bridge.get("/doc/article/bridge", headers=PAGE).text
    [council] = [
        source
        for source in json.loads(bridge.get("/sources.json").text)["sources"]
        if source["iri"].endswith("council")
    ]
    assert council["claims"] == 1


def test_pages_have_the_claims_of_another_encoding_when_asked(bridge: FlaskClient) -> None:
    row = '<li class="claim-row">'
    every = bridge.get("/doc/org/council", query_string={"encoding": "all"}, headers=PAGE).text
    assert every.count(row) == 3
    second = bridge.get(
        "/doc/article/bridge", query_string={"encoding": "article/bridge#encoding-2"}, headers=PAGE
    ).text
    assert {
        name for name in COUNTED | OTHERS if f'/doc/claim/bridge/{name}">' in second.partition('id="h-encoding"')[0]
    } == OTHERS


def test_the_articles_page_lists_its_encodings(bridge: FlaskClient) -> None:
    text = bridge.get("/doc/article/bridge", headers=PAGE).text
    assert "There are 2 encodings of this article." in text
    assert text.index(">counted<") < text.index(">not counted<")
    assert "encoding=http%3A%2F%2Flocalhost%3A8000%2Fid%2Farticle%2Fbridge%23encoding-2" in text
    graph = bridge.get("/doc/article/bridge.nt").text
    assert graph.count("<http://purl.org/dc/terms/description>") == 2


@pytest.mark.parametrize(("name", "counted"), [("a-month", True), ("shut", False)])
def test_a_claims_page_says_whether_it_is_counted(bridge: FlaskClient, name: str, counted: bool) -> None:
    text = bridge.get(f"/doc/claim/bridge/{name}", headers=PAGE).text
    assert ("belongs to an encoding of the article that is not counted" in text) is not counted
    assert ("nobody has yet checked" in text) is not counted
    graph = bridge.get(f"/doc/claim/bridge/{name}.nt").text
    assert graph.count("<http://purl.org/dc/terms/description>") == 1, "that of its own encoding"


def test_what_is_proposed_is_marked_everywhere(bridge: FlaskClient) -> None:
    every = {"encoding": "all"}
    assert "proposed, not reviewed" in bridge.get("/claims.html", query_string=every).text
    assert "proposed, not reviewed" not in bridge.get("/claims.html").text
    assert {c["status"] for c in json.loads(bridge.get("/claims.json", query_string=every).text)["claims"]} == {
        "proposed",
        "reviewed",
    }
    found = {"q": "bridge", "kind": "claim", **every}
    assert "proposed, not reviewed" in bridge.get("/search.html", query_string=found).text
    [result] = json.loads(bridge.get("/search.json", query_string=found).text)["results"]
    assert result["status"] == "proposed"
    assert "<title>[proposed] " in bridge.get("/search.atom", query_string=found).text
    graph = json.loads(bridge.get("/doc/claim/bridge/shut.jsonld").text)
    assert graph["status"] == "proposed"
    assert '"creativeWorkStatus": "proposed"' in bridge.get("/doc/claim/bridge/shut", headers=PAGE).text
    assert "Proposed, not reviewed." in bridge.get("/doc/claim/bridge/shut.bib").text


def test_a_claim_stands_beside_those_of_its_own_encoding(bridge: FlaskClient) -> None:
    text = bridge.get("/doc/claim/bridge/beam-cracked", headers=PAGE).text
    assert "/doc/claim/bridge/a-month" in text
    assert "/doc/claim/bridge/shut" not in text


def test_the_filter_counts_the_proposed_claims_that_its_link_gives(bridge: FlaskClient) -> None:
    page = bridge.get("/claims", headers=PAGE).text
    counts = dict(re.findall(r'name="status" value="(\w+)">.*?class="count">(\d+)<', page, re.DOTALL))
    assert counts == {status: str(len(rows(bridge, status=status))) for status in ("reviewed", "proposed")}
    assert counts["proposed"] == str(len(OTHERS))
