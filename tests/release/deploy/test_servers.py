"""Servers that hold releases, or should: busy, spoilt, of others, in use, away."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from quoth.errors import QuothError, ReleaseError, UnavailableError
from quoth.release.deploy import record
from quoth.release.open import open_current, open_staged
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.release import Releases
from quoth.release.retention import hold
from quoth.release.verified import VerifiedEngine
from quoth.web.app import create_app

from ... import oxigraph
from ...conftest import BASE
from .deployment import CLAIMS, Deployment, dump
from .spoiling import Spoil, spoiling


def test_a_server_that_is_busy_keeps_what_is_read_from_it(servers: list[str], tmp_path: Path) -> None:
    """Its dataset is not dropped to be loaded anew, nor loaded elsewhere: nobody can tell that it is amiss."""
    busy: list[int] = []

    def refuse(method: str, path: str, body: bytes) -> bytes | int:
        return busy[0] if busy and method == "POST" else body

    with spoiling(servers[0], refuse) as url:
        deployed = Deployment(tmp_path / "releases", f"oxigraph+{url} oxigraph+{servers[1]}")
        first = deployed.publish(3)
        busy.append(503)
        with pytest.raises(
            UnavailableError,
            match=r"is not served: it answered 503: spoiled .*; if nothing helps, delete what it has",
        ):
            deployed.publish(3)
        busy.clear()
        assert oxigraph.content(servers[0]) == dump(first)
        assert oxigraph.content(servers[1]) == set()
        assert deployed.claims() == 3


def test_what_a_server_lost_comes_back_to_where_it_is_read(servers: list[str], tmp_path: Path) -> None:
    with oxigraph.serving("serve", tmp_path / "c") as third:
        deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
        first = deployed.publish(3)
        engine, _ = open_current(deployed.settings)
        before = deployed.dataset(first)
        oxigraph.update(before, "CLEAR ALL")
        urls = [third, *servers]  # a free one comes first
        assert Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls)).publish(3).reused
        assert deployed.dataset(first) == before
        assert len(engine.select(CLAIMS)) == 3
        engine.close()


def test_no_answer_of_an_earlier_release_is_of_two(servers: list[str], tmp_path: Path) -> None:
    """Nothing keeps a publication from the server that has it."""
    deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
    first = deployed.publish(3)
    deployed.publish(4)
    current, _ = open_current(deployed.settings)
    engine = open_staged(deployed.settings, first, current)
    assert isinstance(engine, VerifiedEngine)
    assert len(engine.select(CLAIMS)) == 3
    deployed.publish(5)
    for _ in range(2):
        with pytest.raises(UnavailableError, match="not ready to serve this release"):
            engine.select(CLAIMS)
    current.close()


def test_the_current_release_is_loaded_and_stays_current_since_when_it_was(servers: list[str], tmp_path: Path) -> None:
    deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
    first = deployed.publish(3)
    oxigraph.update(deployed.dataset(first), "CLEAR ALL")
    link = tmp_path / "releases" / "current"
    os.utime(link, (1, 1), follow_symlinks=False)
    assert deployed.staging.stage_current().number == 1
    assert oxigraph.content(deployed.dataset(first)) == dump(first)
    assert link.lstat().st_mtime == 1


def test_what_another_engine_has_of_redacted_releases_is_told_and_not_loaded_here(tmp_path: Path) -> None:
    with ExitStack() as stack:
        urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "abcd"]
        before = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls[:2]))
        first = before.publish(3)
        elsewhere = before.dataset(first)
        deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls[2:]))
        deployed.publish(4)
        deployed.publish(5)
        redacted = redact(
            tmp_path / "releases", Redaction(f"{BASE}id/claim/a/1", "A court ordered it.", "", "2026-11-29")
        )
        assert redacted.releases == [1, 2, 3]
        deployed.staging.exchange()
        assert record.left(tmp_path / "releases") == {elsewhere: record.entry(first)}
        assert deployed.recorded() == [1, 2, 3]
        before.staging.sweep()
        assert oxigraph.content(elsewhere) == set()
        assert record.left(tmp_path / "releases") == {}


def test_an_engine_that_is_down_stops_the_publication(tmp_path: Path) -> None:
    deployed = Deployment(tmp_path / "releases", "fuseki+http://127.0.0.1:9/velm")
    with pytest.raises(UnavailableError, match=r"the engine at http://127\.0\.0\.1:9/velm-1-\w+: cannot be reached"):
        deployed.publish(3)
    assert Releases(deployed.settings.releases).numbers() == []
    assert (deployed.recorded(), deployed.notes) == ([], []), "what was never made is not said to be left"


def test_an_engine_that_makes_no_datasets_has_none(servers: list[str], tmp_path: Path) -> None:
    """Such as another server than the one that was meant."""
    deployed = Deployment(tmp_path / "releases", f"fuseki+{servers[0]}/velm")
    with pytest.raises(UnavailableError, match=r"answered 4\d\d to POST /\$/datasets"):
        deployed.publish(3)
    assert (deployed.recorded(), deployed.notes) == ([], [])


def _no_last_quad(method: str, path: str, body: bytes) -> bytes:
    return body[: body.rstrip().rindex(b"\n") + 1] if "/store" in path and method == "POST" else body


def _another_word(method: str, path: str, body: bytes) -> bytes:
    return body.replace(b"<b> .", b"<c> .", 1) if "/store" in path and method == "POST" else body


SPOILS: dict[str, tuple[Spoil, str]] = {
    "a quad is lost": (_no_last_quad, "has 20 quads of 21"),
    "a word is another": (_another_word, "/id/claim/a/0#content>"),
    "it refuses": (
        lambda m, path, body: 413 if "/store" in path else body,
        "answered 413 to POST /store: spoiled",
    ),
    "it fails": (lambda m, path, body: 500 if m == "ANSWER" and "/store" in path else body, "answered 500"),
    "it breaks off": (
        lambda m, path, body: None if "/store" in path and m == "POST" else body,
        "cannot be reached",
    ),
    "garbage": (lambda m, path, body: b"<html>" if m == "ANSWER" and body[:1] == b"<" else body, "no N-Quads"),
    "a stranger": (
        lambda m, path, body: 401 if "/store" in path and m == "POST" else body,
        "QUOTH_ENGINE_LOGIN",
    ),
}


@pytest.mark.parametrize(("spoil", "says"), SPOILS.values(), ids=SPOILS)
def test_a_stage_that_fails_leaves_nothing(servers: list[str], tmp_path: Path, spoil: Spoil, says: str) -> None:
    sound = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
    sound.publish(3)
    [held] = record.read(sound.settings.releases)
    [other] = [url for url in servers if url != held]
    with spoiling(other, spoil) as url:
        spoiled = Deployment(tmp_path / "releases", f"oxigraph+{held} oxigraph+{url}")
        with pytest.raises(QuothError) as caught:
            spoiled.publish(4)
        assert says in str(caught.value)
        left = spoiled.recorded()
    assert Releases(sound.settings.releases).numbers() == [1]
    assert sound.claims() == 3
    if says not in ("answered 413 to POST /store: spoiled", "answered 500"):  # these refuse to drop, too
        assert left == [1]
        assert oxigraph.content(other) == set()
    sound.publish(4)
    assert sound.claims() == 4


def test_a_default_graph_that_is_the_union_stops_the_publication(tmp_path: Path) -> None:
    with ExitStack() as stack:
        option = "--union-default-graph"
        urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name, option)) for name in "ab"]
        deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls))
        with pytest.raises(ReleaseError, match="it is the union of all graphs"):
            deployed.publish(3)
        assert [oxigraph.content(url) for url in urls] == [set(), set()]
    assert Releases(deployed.settings.releases).numbers() == []


def test_data_of_others_are_never_touched(servers: list[str], tmp_path: Path) -> None:
    theirs = b"<http://e/s> <http://e/p> <http://e/o> .\n"
    oxigraph.load(servers[0], theirs)
    deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
    first = deployed.publish(3)
    assert deployed.dataset(first) == servers[1]
    with pytest.raises(ReleaseError, match="no engine is free"):
        deployed.publish(4)
    assert "has data that are not of these releases: it is left alone" in deployed.notes[0]
    assert len(oxigraph.content(servers[0])) == 1
    assert deployed.claims() == 3


def test_a_release_that_is_served_keeps_its_engine(servers: list[str], tmp_path: Path) -> None:
    deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
    first = deployed.publish(3)
    with hold(first.path):
        deployed.publish(4)
        with pytest.raises(ReleaseError, match="no engine is free"):
            deployed.publish(5)
    third = deployed.publish(5)
    assert deployed.recorded() == [2, 3]
    assert oxigraph.content(deployed.dataset(third)) == dump(third)


def test_pages_that_need_no_engine_go_on_without_it(tmp_path: Path) -> None:
    with ExitStack() as stack:
        urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "ab"]
        deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls))
        deployed.publish(3)
        client = create_app(deployed.settings, *open_current(deployed.settings)).test_client()
        assert client.get("/ready").status_code == 200
    late = create_app(deployed.settings, *open_current(deployed.settings)).test_client()
    for path, status in {
        "/health": 200,
        "/releases.json": 200,
        "/releases/1/claims.nq": 200,
        "/changes.json": 200,
        "/guide": 200,
        "/ready": 503,
        "/doc/claim/a/1": 503,
        "/sparql?query=ASK%7B%7D": 503,
    }.items():
        answer = late.get(path)
        assert answer.status_code == status, path
        if status == 503:
            assert answer.headers["Retry-After"]
            assert "127.0.0.1" not in answer.text
