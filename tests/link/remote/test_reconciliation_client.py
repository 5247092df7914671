"""Candidates from a reconciliation service, in both versions of its API, over real connections."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from quoth.errors import QuothError

from ..answering import Answer, Seen, answering
from ..conftest import Desk, Remote

TAY = {
    "id": "Tay",
    "name": "Orrin Tay",
    "score": 88.0,
    "match": True,
    "type": [{"id": "http://register.example/kind/Person", "name": "person"}],
}


def found(name: str) -> list[dict[str, Any]]:
    return [TAY] if name == "Orrin Tay" else []


def service_0_2(seen: Seen) -> Answer:
    """0.2: a manifest, and batches of queries in a form."""
    if seen.method == "GET":
        return Answer(json.dumps({"versions": ["0.1", "0.2"], "name": "Register"}).encode())
    queries = json.loads(parse_qs(seen.body.decode())["queries"][0])
    return Answer(json.dumps({key: {"result": found(q["query"])} for key, q in queries.items()}).encode())


def service_1_0(seen: Seen) -> Answer:
    """1.0: batches as JSON at /match; names with languages."""
    if seen.method == "GET":
        return Answer(json.dumps({"versions": ["1.0-draft"], "name": "Register"}).encode())
    assert seen.path.endswith("/match")
    assert seen.headers["Content-Type"] == "application/json"
    names = [q["conditions"][0]["propertyValue"] for q in json.loads(seen.body)["queries"]]
    results = [[{**c, "name": [{"str": c["name"], "lang": "en"}]} for c in found(name)] for name in names]
    return Answer(json.dumps({"results": [{"candidates": r} for r in results]}).encode())


@pytest.mark.parametrize("service", [service_0_2, service_1_0])
def test_candidates_come_from_the_service(service: Callable[[Seen], Answer], desk: Desk) -> None:
    with answering(service) as server:
        desk.ask("", f'reconcile = "{server.url}/api"')
        result = desk.suggest()
        assert result.exception is None, result.output
        asked = [s for s in server.seen if s.method == "POST"]
        assert len(asked) == 1, "eight entities are one batch"
    row = desk.proposed["id:person/orrin-tay", "register:Tay"]
    assert row["similarity_score"] == "1.000"
    assert row["object_category"] == "http://register.example/kind/Person"


def test_the_endpoint_describes_what_the_service_finds(remote: Remote, desk: Desk) -> None:
    remote.update("DELETE DATA { firm:Tay a kind:Person } ; INSERT DATA { firm:Tay a kind:Beer }")
    with answering(service_0_2) as server:
        desk.ask(f"{remote.url}/query", f'reconcile = "{server.url}/api"')
        assert desk.suggest().exception is None
    assert ("id:person/orrin-tay", "register:Tay") not in desk.proposed, "its type has changed since"


@pytest.mark.parametrize(
    "candidate",
    [
        {**TAY, "id": "http://elsewhere.example/Tay"},
        {**TAY, "id": "javascript:alert(1)"},
        {**TAY, "id": "x> <y"},
        {**TAY, "id": ""},
        {**TAY, "id": 7},
        {**TAY, "name": "=cmd|'/c calc'!A1\n# x\tOrrin Tay"},
        {**TAY, "name": None},
        {**TAY, "type": "Person"},
        "Tay",
    ],
    ids=str,
)
def test_a_hostile_candidate_is_harmless(candidate: object, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "found", lambda name: [candidate])
    with answering(service_0_2) as server:
        desk.ask("", f'reconcile = "{server.url}/api"')
        assert desk.suggest("--least", "0").exception is None
    table = desk.proposed
    assert table
    for _, target in table:
        assert target == "sssom:NoTermFound" or target.startswith("register:")
    assert not any(cell.startswith(("=", "+", "@")) for row in table.values() for cell in row.values())
    assert all(len(row) == 12 and not any("\n" in cell for cell in row.values()) for row in table.values())


def test_classes_are_of_the_service_s_schema_space(desk: Desk) -> None:
    def service(seen: Seen) -> Answer:
        if seen.method == "GET":
            return Answer(json.dumps({"versions": ["0.2"], "schemaSpace": "http://register.example/kind/"}).encode())
        queries = json.loads(parse_qs(seen.body.decode())["queries"][0])
        assert {q.get("type") for q in queries.values()} == {"Body", "Person", None}
        found = [{**TAY, "type": [{"id": "Person", "name": "person"}]}]
        return Answer(json.dumps({key: {"result": found} for key in queries}).encode())

    with answering(service) as server:
        desk.ask("", f'reconcile = "{server.url}/api"')
        assert desk.suggest().exception is None
    table = desk.proposed
    assert table["id:person/orrin-tay", "register:Tay"]["object_category"] == "http://register.example/kind/Person"
    assert ("id:org/quoth", "register:Tay") not in table, "a person is no organisation"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"<html>", b'{"q0": {"result": 3}}', b"[" * 100_000])
def test_an_address_without_a_service_is_reported(body: bytes, desk: Desk) -> None:
    with answering(lambda seen: Answer(b"{}" if seen.method == "GET" else body)) as server:
        desk.ask("", f'reconcile = "{server.url}/api"')
        result = desk.suggest()
    assert isinstance(result.exception, QuothError)
    assert "is it a reconciliation service?" in str(result.exception)
