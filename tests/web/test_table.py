"""/claims: the same claims in every format, narrowed as SPARQL would narrow them."""

import csv
import io
import json
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.web import records
from quoth.web.table import NARROWING

HARBOUR = "http://localhost:8000/id/claim/harbour/"
PREFIX = "PREFIX quoth: <https://w3id.org/quoth/ns#> PREFIX schema: <https://schema.org/> "


def rows(client: FlaskClient, **given: str) -> list[dict[str, str]]:
    response = client.get("/claims?" + urlencode(given))
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def asked(client: FlaskClient, where: str) -> set[str]:
    query = f"{PREFIX} SELECT DISTINCT ?claim {{ ?claim a quoth:Claim . {where} }}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"})
    return {row["claim"]["value"] for row in json.loads(answer.text)["results"]["bindings"]}


def test_a_program_that_names_no_type_gets_every_row_as_csv(client: FlaskClient) -> None:
    response = client.get("/claims")
    assert response.content_type == "text/csv; charset=utf-8"
    found = list(csv.DictReader(io.StringIO(response.text)))
    assert list(found[0]) == list(records.COLUMNS)
    assert {row["claim"] for row in found} == asked(client, "")
    assert response.headers["X-Total-Count"] == str(len(found))
    starts = [int(row["start"]) for row in found if row["article_iri"].endswith("/harbour")]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"certainty": "certain"}, "?claim quoth:certainty <https://w3id.org/quoth/ns/certainty#certain>"),
        ({"polarity": "negative"}, "?claim quoth:polarity <https://w3id.org/quoth/ns/polarity#negative>"),
        ({"voice": "own"}, "?claim quoth:voice <https://w3id.org/quoth/ns/voice#own>"),
        (
            {"source": "org/harbour-office"},
            "?claim quoth:attribution/quoth:source <http://localhost:8000/id/org/harbour-office>",
        ),
        ({"credited": "org/harbour-office"}, "?claim quoth:creditedTo <http://localhost:8000/id/org/harbour-office>"),
        ({"about": "org/harbour-office"}, "?claim schema:about <http://localhost:8000/id/org/harbour-office>"),
        (
            {"certainty": "certain", "voice": "reported"},
            "?claim quoth:certainty <https://w3id.org/quoth/ns/certainty#certain> ;"
            " quoth:voice <https://w3id.org/quoth/ns/voice#reported>",
        ),
    ],
    ids=lambda v: "&".join(v) if isinstance(v, dict) else "",
)
def test_it_is_narrowed_as_sparql_would(client: FlaskClient, given: dict[str, str], where: str) -> None:
    wanted = asked(client, where)
    assert wanted
    assert {row["claim"] for row in rows(client, **given)} == wanted
    page = client.get("/claims.html?" + urlencode(given)).text
    assert all(claim.rpartition("/")[2] in page for claim in wanted)
    told = json.loads(client.get("/claims.json?" + urlencode(given)).text)
    assert {claim["claim"] for claim in told["claims"]} == wanted
    assert told["total"] == len(wanted)


def test_an_absolute_iri_names_the_same(client: FlaskClient) -> None:
    assert rows(client, about="http://localhost:8000/id/org/harbour-office") == rows(client, about="org/harbour-office")


def test_nquads_hold_the_contents(client: FlaskClient) -> None:
    response = client.get("/claims.nq?certainty=certain")
    quads = set(ox.parse(response.data, format=ox.RdfFormat.N_QUADS))
    for row in rows(client, certainty="certain"):
        content = ox.NamedNode(row["claim"] + "#content")
        assert any(quad.graph_name == content for quad in quads), row["claim"]


def test_pages_lead_to_each_other(client: FlaskClient) -> None:
    every = [row["claim"] for row in rows(client)]
    url, found = "/claims.json?limit=7", []
    for _ in range(len(every)):
        response = client.get(url)
        told = json.loads(response.text)
        found += [claim["claim"] for claim in told["claims"]]
        if told["next"] is None:
            break
        assert 'rel="next"' in response.headers["Link"]
        url = told["next"].removeprefix("http://localhost:8000")
    assert found == every


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("nonsense=1", "there are"),
        ("certainty=perhaps", "certain"),
        ("about=org/nobody", "org/harbour-office"),
        ("limit=0", "whole number"),
        ("limit=99999", "whole number"),
        ("page=x", "whole number"),
        ("format=docx", "csv"),
        ("q=%21%3F", "letter"),
    ],
)
def test_what_it_does_not_know_it_says(client: FlaskClient, query: str, said: str) -> None:
    response = client.get(f"/claims?{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert said in json.loads(response.text)["remedy"]


def test_a_page_too_far(client: FlaskClient) -> None:
    assert client.get("/claims.json?page=9999").status_code == 404


def test_a_formula_stays_a_text(client: FlaskClient) -> None:
    assert records._harmless('=HYPERLINK("http://example.org")').startswith("'=")
    assert records._harmless("the ferry") == "the ferry"


@pytest.mark.parametrize("parameter", NARROWING)
def test_every_parameter_is_in_the_guide(client: FlaskClient, parameter: str) -> None:
    assert f"<code>{parameter}</code>" in client.get("/guide/tables", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("column", records.COLUMNS)
def test_every_column_is_in_the_guide(client: FlaskClient, column: str) -> None:
    assert f"<code>{column}</code>" in client.get("/guide/tables", headers={"Accept": "text/html"}).text
