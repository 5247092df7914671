"""Reconciling a column of a table as people do: with a client by other authors, over a real server.

https://github.com/jvfe/reconciler sends batches of ten by POST, in the form of version 0.2.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ..clients import installed
from .conftest import HERE, Endpoint

pytestmark = pytest.mark.slow  # its client is installed into an environment of its own

NAMES = [
    "the harbour office", "Harbor Office", "Velm Salt", "Velmm Salt", "Pilots’ Guild", "the guild", "Coast Audit",
    "Mara Lind", "Lind, Mara", "Orrin Tay", "Port Velm", "PORT VELM", "Quay 4", "two dockers",
]  # fmt: skip
IDS = [
    "org/harbour-office", "org/harbour-office", "org/velm-salt", "org/velm-salt",
    "org/pilots-guild", "org/pilots-guild", "org/coast-audit",
    "person/mara-lind", "person/mara-lind", "person/orrin-tay", "place/port-velm", "place/port-velm",
    "place/quay-4", "source/harbour/two-dockers",
]  # fmt: skip
UNSURE = {"Harbor Office", "Velmm Salt", "two dockers"}


@pytest.fixture(scope="module")
def python() -> Path:
    install = f"{sys.executable} -m venv venv && venv/bin/pip install --quiet -r reconciliation.txt"
    folder = installed("reconciler", HERE / "clients" / "reconciliation.txt", ["sh", "-c", install])
    return folder / "venv" / "bin" / "python"


def reconciled(python: Path, server: Endpoint, **asked: Any) -> list[dict[str, Any]]:
    given = {"endpoint": f"http://127.0.0.1:{server.port}/reconcile", **asked}
    command = [python, HERE / "clients" / "reconciling.py"]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_a_column_of_names(python: Path, server: Endpoint) -> None:
    rows = reconciled(python, server, names=NAMES)
    assert [(row["input_value"], row["id"]) for row in rows] == list(zip(NAMES, IDS, strict=True))
    assert {row["input_value"] for row in rows if not row["match"]} == UNSURE


def test_with_a_type_and_all_candidates(python: Path, server: Endpoint) -> None:
    rows = reconciled(python, server, names=["the harbour", "Velm"], type="Organization", top="all")
    assert {row["type_id"] for row in rows} == {"Organization"}
    assert {"org/harbour-office", "org/velm-salt"} <= {row["id"] for row in rows}


def test_with_another_column(python: Path, server: Endpoint) -> None:
    quoted = ["the ferry was late"]
    for speaker in ("two dockers", "the harbour office"):
        [row] = reconciled(python, server, names=quoted, type="Claim", properties={"attributedTo": [speaker]})
        asked = {"ids": [row["id"]], "properties": [{"id": "attributedTo"}]}
        body = urlencode({"extend": json.dumps(asked)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = server.ask("POST", "/reconcile", body, headers)
        assert json.loads(reply.body)["rows"][row["id"]]["attributedTo"][0]["name"] == speaker


def test_over_the_wire(server: Endpoint) -> None:
    manifest = server.ask("GET", "/reconcile", headers={"Origin": "https://example.org"})
    assert manifest.media_type == "application/json"
    assert manifest.headers["access-control-allow-origin"] == "*"
    asked = json.dumps({"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Mara Lind"}]}]}).encode()
    reply = server.ask("POST", "/reconcile/v1/match", asked, {"Content-Type": "application/json; charset=utf-8"})
    assert reply.status == 200
    assert json.loads(reply.body)["results"][0]["candidates"][0]["id"] == "person/mara-lind"
    metrics = server.ask("GET", "/metrics").body.decode()
    assert 'route="reconcile"' in metrics
