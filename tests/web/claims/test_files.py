"""Lists as files and as streams for programs: JSON Lines, workbooks, Parquet."""

import csv
import io
import json

import openpyxl
import pandas
import pytest
from flask.testing import FlaskClient

from quoth.claim.model.cells import original
from quoth.formats import JSONL
from quoth.web.claims import claim_rows, table
from quoth.web.core import data_tables
from quoth.web.present.lists.table_request import BATCHES

FILTER = "source=org/harbour-office&voice=reported"


def csv_rows(client: FlaskClient, path: str) -> list[list[str]]:
    return [[original(cell) for cell in row] for row in csv.reader(io.StringIO(client.get(path).text))]


@pytest.mark.parametrize("query", ["", f"?{FILTER}", "?limit=3&page=2", "?q=ferry", "?q=zeppelin"])
def test_a_workbook_and_parquet_have_the_rows_of_the_csv(client: FlaskClient, query: str) -> None:
    head, *rows = csv_rows(client, f"/claims.csv{query}")
    answer = client.get(f"/claims.xlsx{query}")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["claims"]
    found = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert found == [head, *rows]
    frame = pandas.read_parquet(io.BytesIO(client.get(f"/claims.parquet{query}").data))
    assert list(frame.columns) == list(claim_rows.COLUMNS)
    texts = frame.astype({"start": "Int64", "end": "Int64"}).astype(object).where(frame.notna(), "")
    assert [[str(cell) for cell in row] for row in texts.values.tolist()] == rows


@pytest.mark.parametrize("query", ["", f"?{FILTER}", "?limit=3&page=2"])
def test_json_lines_are_the_objects_of_the_json(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/claims.jsonl{query}")
    assert answer.mimetype == "application/jsonl"
    size = "" if "limit" in query else ("&" if query else "?") + "limit=1000"
    assert [json.loads(line) for line in answer.text.splitlines()] == client.get(
        f"/claims.json{query}{size}"
    ).get_json()["claims"]


@pytest.mark.parametrize("accept", ["application/jsonl", "application/x-ndjson"])
def test_json_lines_are_negotiated(client: FlaskClient, accept: str) -> None:
    for path in ("/claims", "/sources"):
        assert client.get(path, headers={"Accept": accept}).mimetype == "application/jsonl"


def test_more_rows_than_a_page_are_a_stream(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/claims.jsonl").data
    monkeypatch.setattr(table, "MOST_ROWS", 5)
    monkeypatch.setitem(BATCHES, JSONL, 4)
    with FlaskClient.open(client, "/claims.jsonl") as answer:
        pieces = list(answer.iter_encoded())
    assert len(pieces) == 7  # 27 claims
    assert b"".join(pieces) == whole


@pytest.mark.parametrize("name", ["articles", "entities", "sources", "topics"])
@pytest.mark.parametrize("kind", [False, True])
def test_lists_of_things_come_whole(client: FlaskClient, name: str, kind: bool) -> None:
    query = {"entities": "?kind=organisations", "sources": "?kind=named"}.get(name, "") if kind else ""
    expected = client.get(f"/{name}.json{query}").get_json()[name]
    assert [json.loads(line) for line in client.get(f"/{name}.jsonl{query}").text.splitlines()] == expected
    head, *rows = csv_rows(client, f"/{name}.csv{query}")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/{name}.xlsx{query}").data))[name]
    assert [["" if c.value is None else str(c.value) for c in row] for row in sheet.iter_rows()] == [head, *rows]
    assert len(pandas.read_parquet(io.BytesIO(client.get(f"/{name}.parquet{query}").data))) == len(rows)


@pytest.mark.parametrize("path", ["/claims", "/entities"])
def test_a_huge_list_is_no_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(data_tables, "MOST_ROWS", 3)
    for suffix in ("xlsx", "parquet"):
        answer = client.get(f"{path}.{suffix}")
        assert answer.status_code == 400
        assert "at most 3 rows" in answer.get_json(force=True)["detail"]
    assert client.get(f"{path}.jsonl").status_code == 200


def test_a_file_says_where_it_is_from(client: FlaskClient) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/claims.xlsx?{FILTER}").data))["dictionary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert str(facts["address"]).endswith("/claims?source=org%2Fharbour-office&voice=reported")
    assert facts["release"] == "1"
    assert set(claim_rows.COLUMNS) <= facts.keys()
