"""A remote engine is served only while it holds the release: real engines with each thing that can be wrong."""

import gzip
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.engine.pool.ticket import Limits
from quoth.engine.remote.engine import RemoteEngine
from quoth.errors import UnavailableError
from quoth.release import identity, verified
from quoth.release.release import Release
from quoth.release.verified import AGAIN_S, LONG_S, SHORT_S, VerifiedEngine

from .. import oxigraph
from ..conftest import BASE
from ..serving import until
from .deploy.spoiling import spoiling
from .publishing import quads, release

DEFAULT, OWN = ox.DefaultGraph(), identity.graph(BASE)
OTHER = ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal("x"), ox.NamedNode("http://e/g"))


def loaded(folder: Path, content: list[ox.Quad]) -> Path:
    """The folder of a store that holds these quads."""
    store = ox.Store(str(folder / "store-of-engine"))
    store.bulk_extend(content)
    store.flush()
    del store
    return folder / "store-of-engine"


def dumped(release: Release) -> list[ox.Quad]:
    with release.open_file("claims.nq.gz") as packed, gzip.open(packed) as file:
        return list(ox.parse(file.read(), ox.RdfFormat.N_QUADS))


@pytest.fixture
def first(tmp_path: Path) -> Release:
    return release(tmp_path / "releases")


def test_an_engine_with_the_dump_of_the_release_is_served(tmp_path: Path, first: Release) -> None:
    with oxigraph.serving("serve-read-only", loaded(tmp_path, dumped(first))) as url:
        engine: Engine = VerifiedEngine(RemoteEngine(f"{url}/query"), first)
        engine.check()
        assert len(engine.select("SELECT * { ?s ?p ?o }")) == first.manifest.asserted
        assert engine.generation == 0


Spoil = Callable[[list[ox.Quad]], list[ox.Quad]]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda held: [], "no release of this dataset"),
        (lambda held: [q for q in held if q.graph_name != OWN], "no release of this dataset"),
        (lambda held: [q for q in held if q.graph_name != DEFAULT], "default graph has 0 triples instead of 7"),
        (lambda held: [q for q in held if q.graph_name in (DEFAULT, OWN)], "named"),
        (lambda held: held + quads(4), "default graph has 9 triples instead of 7"),
        (
            lambda held: [*held, OTHER],
            "other data",
        ),
    ],
    ids=["empty", "without its name", "no default graph", "no contents", "more", "beside others"],
)
def test_an_engine_with_anything_else_is_refused(
    tmp_path: Path, first: Release, spoil: Spoil, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    with oxigraph.serving("serve-read-only", loaded(tmp_path, spoil(dumped(first)))) as url:
        refused(VerifiedEngine(RemoteEngine(f"{url}/query"), first), url)
    assert says in caplog.text


def refused(engine: Engine, url: str) -> None:
    """Nothing is answered, and nothing of the inside is told."""
    for ask in (
        engine.check,
        lambda: engine.select("SELECT * { ?s ?p ?o }"),
        lambda: engine.describe(["http://e/s"]),
        lambda: engine.graph("http://e/g"),
        lambda: engine.answer(Query("ASK {}"), Wanted()),
    ):
        with pytest.raises(UnavailableError) as caught:
            ask()
        assert url not in str(caught.value)
        assert "127.0.0.1" not in str(caught.value)


def test_another_release_is_refused_until_the_engine_has_this_one(
    tmp_path: Path, first: Release, caplog: pytest.LogCaptureFixture
) -> None:
    second = release(tmp_path / "releases", quads(4))
    now = [0.0]
    with oxigraph.serving("serve", loaded(tmp_path, dumped(first))) as url:
        engine = VerifiedEngine(RemoteEngine(f"{url}/query"), second, lambda: now[0])
        refused(engine, url)
        assert "holds release 1; current is release 2" in caplog.text
        replace(url, second)
        now[0] += AGAIN_S
        engine.check()
        assert "served again" in caplog.text
        replace(url, first)
        assert engine.select("SELECT * { ?s ?p ?o } LIMIT 1")  # a look holds a while
        before = engine.generation
        now[0] += SHORT_S
        refused(engine, url)
        assert engine.generation > before  # what was stored of its answers is dropped


def test_an_engine_that_counts_slowly_has_the_time_and_counts_less_often(tmp_path: Path, first: Release) -> None:
    """Virtuoso needs ten seconds for thirty million quads, which is the limit of a visitor's query."""
    now, counted = [0.0], [0]

    def slowly(method: str, path: str, body: bytes) -> bytes:
        if method == "POST" and b"COUNT" in body:
            counted[0] += 1
            now[0] += 15.0
            time.sleep(0.6)
        return body

    with (
        oxigraph.serving("serve-read-only", loaded(tmp_path, dumped(first))) as url,
        spoiling(url, slowly) as slow,
    ):
        remote = RemoteEngine(f"{slow}/query", Limits(time_s=0.5))
        engine = VerifiedEngine(remote, first, lambda: now[0])
        engine.check()
        with pytest.raises(UnavailableError, match="in time"):
            remote.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        before = counted[0]
        now[0] += 19 * 30
        engine.check()
        assert counted[0] == before, "two counts of 15 s hold for 20 times as long"
        now[0] += 30
        generation = engine.generation
        began = time.monotonic()
        engine.check()
        assert engine.select("SELECT * { ?s ?p ?o } LIMIT 1")
        assert time.monotonic() - began < 0.6, "nobody waits for the count"
        until(lambda: engine.generation > generation)
        assert counted[0] == before + 2
        now[0] += 19 * 30
        engine.check()
        assert counted[0] == before + 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"head":{"vars":["x"]},"results":{"bindings":[]}}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}',
        b'{"head":{"vars":["n","graphs","s","p","o"]},"results":{"bindings":[{"n":{"type":"literal","value":"many"}}]}}',
    ],
    ids=["no rows", "other variables", "no numbers"],
)
def test_results_of_something_else_are_refused(tmp_path: Path, first: Release, body: bytes) -> None:
    def other(method: str, path: str, sent: bytes) -> bytes:
        return body if method == "ANSWER" and answering else sent

    answering = True
    with (
        oxigraph.serving("serve-read-only", loaded(tmp_path, dumped(first))) as url,
        spoiling(url, other) as spoilt,
    ):
        for says_who_it_is in (True, False):
            engine = VerifiedEngine(RemoteEngine(f"{spoilt}/query"), first)
            if not says_who_it_is:
                engine._expected = []
            refused(engine, spoilt)
            assert says_who_it_is or not engine.was_asked
        answering = False
        engine = VerifiedEngine(RemoteEngine(f"{spoilt}/query"), first)
        engine.check()
        assert engine.was_asked


def test_nobody_waits_long_for_the_first_count(tmp_path: Path, first: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified, "FIRST_S", 0.1)
    counting, go_on = threading.Event(), threading.Event()

    def held(method: str, path: str, body: bytes) -> bytes:
        if method == "POST" and b"COUNT" in body:
            counting.set()
            assert go_on.wait(30)
        return body

    with (
        oxigraph.serving("serve-read-only", loaded(tmp_path, dumped(first))) as url,
        spoiling(url, held) as slow,
        ThreadPoolExecutor(1) as others,
    ):
        engine = VerifiedEngine(RemoteEngine(f"{slow}/query"), first)
        looking = others.submit(engine.check)
        assert counting.wait(30)
        with pytest.raises(UnavailableError, match="not ready"):
            engine.select("SELECT * { ?s ?p ?o }")
        go_on.set()
        looking.result(30)
        assert engine.select("SELECT * { ?s ?p ?o }")


def test_the_same_number_with_other_content_is_refused(
    tmp_path: Path, first: Release, caplog: pytest.LogCaptureFixture
) -> None:
    other = release(tmp_path / "others", quads(4))
    with oxigraph.serving("serve-read-only", loaded(tmp_path, dumped(other))) as url:
        refused(VerifiedEngine(RemoteEngine(f"{url}/query"), first), url)
    assert "of other content" in caplog.text


def test_a_default_graph_that_is_the_union_is_refused(
    tmp_path: Path, first: Release, caplog: pytest.LogCaptureFixture
) -> None:
    with oxigraph.serving("serve-read-only", loaded(tmp_path, dumped(first)), "--union-default-graph") as url:
        refused(VerifiedEngine(RemoteEngine(f"{url}/query"), first), url)
    assert "union of all graphs" in caplog.text


def test_what_was_lost_in_part_is_found_by_counting(tmp_path: Path, first: Release) -> None:
    now = [0.0]
    with oxigraph.serving("serve", loaded(tmp_path, dumped(first))) as url:
        engine = VerifiedEngine(RemoteEngine(f"{url}/query"), first, lambda: now[0])
        engine.check()
        oxigraph.update(url, "DELETE WHERE { GRAPH <http://localhost:8000/id/claim/a/1#content> { ?s ?p ?o } }")
        now[0] += LONG_S
        with pytest.raises(UnavailableError):
            engine.check()


def test_an_engine_that_was_away_is_counted_again(tmp_path: Path, first: Release) -> None:
    now = [0.0]
    remote = RemoteEngine("http://127.0.0.1:9/")
    engine = VerifiedEngine(remote, first, lambda: now[0])
    refused(engine, "127.0.0.1")
    with oxigraph.serving("serve", loaded(tmp_path, dumped(first))) as url:
        remote._endpoint._asked = f"{url}/query"
        now[0] += AGAIN_S
        engine.check()
        before = engine.generation
    with pytest.raises(UnavailableError):
        engine.select("SELECT * { ?s ?p ?o }")  # gone, within the time of the last look
    assert engine._next_long == 0.0
    with pytest.raises(UnavailableError):
        engine.check()
    assert engine.generation > before


def replace(url: str, release: Release) -> None:
    oxigraph.update(url, "CLEAR ALL")
    text = ox.serialize(dumped(release), format=ox.RdfFormat.N_QUADS)
    assert text is not None
    oxigraph.load(url, text)
