"""The status for people: what is served, queries, memory and failures, and nothing about clients or the machine."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from quoth.errors import UnavailableError
from quoth.ops import vitals
from quoth.release.release import Release
from quoth.web.core.site import Site

MEMBERS = {"ready", "release", "since", "queries", "memory_mb", "failures"}


@pytest.fixture(autouse=True)
def _no_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "_failures", vitals._failures.__class__(maxlen=vitals.KEPT))


def test_the_status_says_what_is_served_and_how_the_server_is(client: FlaskClient, release: Release) -> None:
    answer = client.get("/status.json")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    state = answer.get_json()
    assert state.keys() == MEMBERS
    assert state["ready"] is True
    assert (state["release"]["number"], state["release"]["claims"]) == (release.number, release.manifest.claims)
    assert state["queries"] == {"running": 0, "waiting": 0}
    assert 10 < state["memory_mb"] < 100_000
    assert state["failures"] == []
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in state["since"].values())
    page = client.get("/status", headers={"Accept": "text/html"}).text
    assert f"release {release.number}</a>" in page
    assert "No request failed" in page


def test_it_is_made_anew_for_every_request(client: FlaskClient) -> None:
    first = client.get("/status.json")
    conditions = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/status.json", headers=conditions).status_code == 200


def test_failures_are_named_by_time_route_and_status_alone_the_latest_first(client: FlaskClient) -> None:
    vitals.note("sparql", 200, False)
    vitals.note("doc", 404, False)
    vitals.note("sparql", 503, False)
    vitals.note("claims", 200, True)
    [last, first] = client.get("/status.json").get_json()["failures"]
    assert (first["route"], first["status"], first["cut"]) == ("sparql", 503, False)
    assert (last["route"], last["status"], last["cut"]) == ("claims", 200, True)
    assert first.keys() == {"time", "route", "status", "cut"}
    assert "broke off" in client.get("/status", headers={"Accept": "text/html"}).text
    for _ in range(3 * vitals.KEPT):
        vitals.note("sparql", 503, False)
    assert len(client.get("/status.json").get_json()["failures"]) == vitals.KEPT


def test_nothing_is_said_of_the_machine_or_of_settings(client: FlaskClient, release: Release) -> None:
    for path in ("/status.json", "/status.html"):
        text = client.get(path).text
        for secret in (str(release.path.parent), str(Path.cwd()), "127.0.0.1", "time_limit", 'memory_mb": 1024'):
            assert secret not in text, path


def test_an_engine_that_is_down_is_said_and_the_page_still_answers(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site: Site = client.application.extensions["quoth"]

    def down() -> None:
        raise UnavailableError("the engine at http://me:hush@db/ is down")

    monkeypatch.setattr(site.engine, "check", down)
    answer = client.get("/status.json")
    assert (answer.status_code, answer.get_json()["ready"]) == (200, False)
    page = client.get("/status", headers={"Accept": "text/html"}).text
    assert "cannot answer queries now" in page
    assert "hush" not in page + answer.text


def test_memory_is_that_of_the_process_and_of_those_that_it_started() -> None:
    own = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096
    assert vitals.resident_bytes() >= own * 0.5


def test_any_origin_may_read_it_and_head_has_no_body(client: FlaskClient) -> None:
    answer = client.head("/status.json", headers={"Origin": "https://example.org"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/status.ttl").status_code == 404
