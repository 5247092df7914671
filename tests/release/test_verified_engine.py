"""A release in an engine at another server, which is asked what it holds before it answers: `oxigraph serve`, loaded
and changed over HTTP."""

import gzip
import logging
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask

from quoth.config import Settings
from quoth.engine.api.interface import Query, Wanted
from quoth.errors import UnavailableError, UsageError
from quoth.release import identity, verified_engine
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.release.verified_engine import VerifiedEngine
from quoth.web.app import create_app

from .. import oxigraph
from ..conftest import BASE
from ..engine.conftest import free_port
from .publishing import quads, release


@pytest.fixture
def published(tmp_path: Path) -> Release:
    release(tmp_path / "releases", quads(2))
    return release(tmp_path / "releases")


@pytest.fixture(params=["default graph", "union"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty server, whose default graph is the unnamed one or the union of all."""
    options = ["--union-default-graph"] if request.param == "union" else []
    with oxigraph.serving("serve", tmp_path / "there", *options) as url:
        yield url


def put(server: str, data: bytes) -> None:
    """Replace all that the server holds."""
    headers = {"Content-Type": "application/n-quads"}
    with urllib.request.urlopen(urllib.request.Request(f"{server}/store", data, headers, method="PUT")):
        pass


def dump(published: Release) -> bytes:
    return gzip.decompress(published.file("claims.nq.gz").read_bytes())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is preceded by a look at the engine."""
    monkeypatch.setattr(verified_engine, "CHECK_EVERY_S", 0.0)
    monkeypatch.setattr(verified_engine, "RETRY_EVERY_S", 0.0)


def opened(server: str, published: Release) -> VerifiedEngine:
    engine, _ = open_current(Settings(releases=published.path.parent, engine=f"{server}/query"))
    assert isinstance(engine, VerifiedEngine)
    return engine


def refused(engine: VerifiedEngine) -> str:
    """The detail with which everything is refused."""
    for ask in (
        engine.verify,
        lambda: engine.select("SELECT ?s { ?s ?p ?o }"),
        lambda: engine.describe([BASE]),
        lambda: engine.graph(BASE),
        lambda: engine.answer(Query("ASK {}"), Wanted()),
    ):
        with pytest.raises(UnavailableError) as caught:
            ask()
    assert "127.0.0.1" not in str(caught.value)
    return caught.value.detail


HOLDS_NOT = "the database behind this server does not hold release 2"


@pytest.mark.parametrize("server", ["default graph"], indirect=True)
def test_only_the_release_itself_is_answered_from(
    server: str, published: Release, caplog: pytest.LogCaptureFixture
) -> None:
    engine = opened(server, published)
    assert refused(engine) == HOLDS_NOT
    assert "has no graph" in caplog.text
    other = Release(1, published.path.parent / "1", published.manifest)
    for data, says in [
        (dump(other), 'of release "1"'),
        (dump(published).replace(b'"he said', b'"she said'), "lacks"),
        (b"".join(dump(published).splitlines(keepends=True)[2:]), "other numbers of triples or graphs, asserted"),
        (dump(published) + f"<{BASE}x> <{BASE}p> <{BASE}o> <{BASE}g> .\n".encode(), "graphs 5 and not 4"),
    ]:
        put(server, data)
        assert refused(engine) == HOLDS_NOT
        assert says in caplog.text
    put(server, dump(published))
    engine.verify()
    assert "release 2 is served again" in caplog.text
    assert engine.lapses == 0, "it was never right before"
    assert len(engine.select("SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> }")) == 3
    put(server, dump(other))
    assert refused(engine) == HOLDS_NOT
    assert engine.lapses == 1


@pytest.mark.parametrize("server", ["union"], indirect=True)
def test_a_default_graph_that_is_the_union_is_refused(
    server: str, published: Release, caplog: pytest.LogCaptureFixture
) -> None:
    put(server, dump(published))
    assert refused(opened(server, published)) == HOLDS_NOT
    assert "the union of its graphs, in which what is reported would be asserted" in caplog.text


def test_an_engine_that_is_away_is_said_to_be_away(published: Release, caplog: pytest.LogCaptureFixture) -> None:
    engine = opened(f"http://127.0.0.1:{free_port()}", published)
    caplog.set_level(logging.ERROR)
    assert refused(engine) == "the database behind this server does not answer"


@pytest.mark.parametrize("server", ["default graph"], indirect=True)
def test_a_release_without_a_graph_of_its_own_is_told_by_its_numbers(server: str, published: Release) -> None:
    own = {str(quad) for quad in identity.read(published.path)}
    (published.path / identity.FILE).unlink()
    put(server, dump(published))
    opened(server, published).verify()
    put(server, b"".join(line for line in dump(published).splitlines(keepends=True) if b"release>" not in line))
    assert refused(opened(server, published)) == HOLDS_NOT
    assert len(own) == 4


@pytest.mark.parametrize("server", ["default graph"], indirect=True)
def test_readiness_and_pages_follow_the_engine(server: str, published: Release) -> None:
    settings = Settings(releases=published.path.parent, engine=f"{server}/query")
    app: Flask = create_app(settings, *open_current(settings))
    client = app.test_client()
    for data, status in [(b"", 503), (dump(published), 200), (b"", 503)]:
        put(server, data)
        # That of an earlier release, which has a store of its own, leads to the current one.
        for path in ("/ready", "/doc/article/a.ttl", "/sparql?query=ASK%20%7B%7D", "/releases/1/doc/article/a.ttl"):
            response = client.get(path)
            assert response.status_code == status, path
            assert "127.0.0.1" not in response.text
        assert client.get("/guide").status_code == client.get("/health").status_code == 200


def test_service_is_not_promised(published: Release) -> None:
    settings = Settings(
        releases=published.path.parent, engine="http://e.example/", service_endpoints="http://o.example/"
    )
    with pytest.raises(UsageError, match="service_endpoints"):
        open_current(settings)


def test_samples_show_an_engine_that_changes_values(published: Release) -> None:
    values = [q.object for q in identity.read(published.path) if q.predicate.value.endswith("#value")]
    assert values == [ox.Literal('he said "0 > 1"\nand é \x07', language="en")]
