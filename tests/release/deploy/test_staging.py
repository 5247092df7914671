"""Releases staged in engines: real servers, what they hold after publications, switches, failures and kills."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.config import Settings
from quoth.errors import QuothError, ReleaseError, UnavailableError
from quoth.release.current import roll_back
from quoth.release.deploy import record
from quoth.release.deploy.staging import Staging, staging
from quoth.release.open import open_current
from quoth.release.publish import publish
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.release import Release, Releases
from quoth.release.retention import hold, prune
from quoth.web.app import create_app

from ... import engines, oxigraph
from ...conftest import BASE
from ..publishing import quads
from .deployment import CLAIMS, Deployment, dump
from .spoiling import Spoil, spoiling

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two servers of Oxigraph."""
    with ExitStack() as stack:
        yield [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "ab"]


@pytest.fixture(params=["oxigraph", pytest.param("fuseki", marks=pytest.mark.slow)])
def deployed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    if request.param == "oxigraph":
        urls = request.getfixturevalue("servers")
        yield Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls))
    else:
        with engines.fuseki_with_datasets(tmp_path) as url:
            yield Deployment(tmp_path / "releases", f"fuseki+{url}/velm")


def content(url: str) -> set[str]:
    """The quads of a dataset."""
    path = "data" if "velm" in url else "store"
    request = urllib.request.Request(f"{url}/{path}", headers={"Accept": "application/n-quads"})
    with urllib.request.urlopen(request) as response:
        return {str(quad) for quad in ox.parse(response.read(), ox.RdfFormat.N_QUADS)}


def dataset(deployed: Deployment, release: Release) -> str:
    known = record.read(deployed.settings.releases)
    [url] = [url for url in known if known[url] == record.entry(release)]
    return url


def test_each_release_is_a_dataset_and_the_current_one_is_read(deployed: Deployment) -> None:
    first = deployed.publish(3)
    assert content(dataset(deployed, first)) == dump(first)
    assert deployed.claims() == 3
    second = deployed.publish(4)
    assert deployed.claims() == 4
    assert content(dataset(deployed, first)) == dump(first)  # it stays beside
    assert content(dataset(deployed, second)) == dump(second)
    assert deployed.publish(4).reused
    assert deployed.recorded() == [1, 2]
    roll_back(deployed.settings.releases, 1, deployed.staging.stage)
    assert deployed.claims() == 3
    assert deployed.staging.verify(second) == dataset(deployed, second)
    client = create_app(deployed.settings, *open_current(deployed.settings)).test_client()
    for number, claims in ((1, 3), (2, 4)):
        rows = client.get(f"/releases/{number}/sparql", query_string={"query": CLAIMS}, headers={"Accept": "text/csv"})
        assert len(rows.text.splitlines()) == claims + 1


def test_a_release_that_the_engine_lost_is_loaded_again(deployed: Deployment) -> None:
    first = deployed.publish(3)
    url = dataset(deployed, first)
    update = urllib.request.Request(f"{url}/update", b"CLEAR DEFAULT", {"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(update).close()
    with pytest.raises(ReleaseError, match="has 10 quads of 17, and not those of the release in the default graph"):
        deployed.staging.verify(first)
    assert deployed.publish(3).reused
    assert content(dataset(deployed, first)) == dump(first)


def test_what_is_pruned_is_dropped_in_the_engine(deployed: Deployment) -> None:
    first, second = deployed.publish(3), deployed.publish(4)
    url = dataset(deployed, first)
    prune(deployed.settings.releases, 1)
    deployed.staging.sweep()
    assert deployed.recorded() == [2]
    assert content(dataset(deployed, second)) == dump(second)
    if "velm" not in url:
        assert content(url) == set()
    else:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            content(url)


def test_redacted_words_leave_the_engine(deployed: Deployment) -> None:
    deployed.publish(3)
    deployed.publish(4)
    redaction = Redaction(f"{BASE}id/claim/a/1", "A court ordered it.", "", "2026-11-29")
    redact(deployed.settings.releases, redaction)
    deployed.staging.exchange()
    assert deployed.recorded() == [1, 2]
    for release in Releases(deployed.settings.releases).all():
        held = content(dataset(deployed, release))
        assert held == dump(release)
        assert not any('he said \\"1 > 1\\"' in quad for quad in held)
    assert deployed.claims() == 3


def test_an_engine_that_is_down_stops_the_publication(tmp_path: Path) -> None:
    deployed = Deployment(tmp_path / "releases", "fuseki+http://127.0.0.1:9/velm")
    with pytest.raises(UnavailableError, match=r"the engine at http://127\.0\.0\.1:9/velm-1-\w+: cannot be reached"):
        deployed.publish(3)
    assert Releases(deployed.settings.releases).numbers() == []


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
        assert content(other) == set()
    sound.publish(4)
    assert sound.claims() == 4


def test_a_default_graph_that_is_the_union_stops_the_publication(tmp_path: Path) -> None:
    with ExitStack() as stack:
        option = "--union-default-graph"
        urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name, option)) for name in "ab"]
        deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in urls))
        with pytest.raises(ReleaseError, match="it is the union of all graphs"):
            deployed.publish(3)
        assert [content(url) for url in urls] == [set(), set()]
    assert Releases(deployed.settings.releases).numbers() == []


def test_what_a_killed_publication_left_is_dropped_by_the_next(deployed: Deployment) -> None:
    deployed.publish(3)
    program = (
        "import os, signal, sys; from pathlib import Path; from quoth.release.deploy.filling import Filling\n"
        "from tests.release.deploy.deployment import Deployment\n"
        "Filling.compare = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Deployment(Path(sys.argv[1]), sys.argv[2]).publish(5)\n"
    )
    arguments = [str(deployed.settings.releases), deployed.settings.engine]
    killed = subprocess.run([sys.executable, "-c", program, *arguments], check=False, timeout=120)
    assert killed.returncode == -9
    assert deployed.recorded() == [1, 2]
    assert deployed.claims() == 3
    left = {url for url, (number, _) in record.read(deployed.settings.releases).items() if number == 2}
    second = deployed.publish(4)
    assert deployed.recorded() == [1, 2]
    assert deployed.claims() == 4
    if (url := left.pop()) != dataset(deployed, second):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            content(url)


def test_data_of_others_are_never_touched(servers: list[str], tmp_path: Path) -> None:
    theirs = b"<http://e/s> <http://e/p> <http://e/o> .\n"
    oxigraph.load(servers[0], theirs)
    deployed = Deployment(tmp_path / "releases", " ".join(f"oxigraph+{url}" for url in servers))
    first = deployed.publish(3)
    assert dataset(deployed, first) == servers[1]
    with pytest.raises(ReleaseError, match="no engine is free"):
        deployed.publish(4)
    assert "has data that are not of these releases: it is left alone" in deployed.notes[0]
    assert len(content(servers[0])) == 1
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
    assert content(dataset(deployed, third)) == dump(third)


@pytest.mark.slow
def test_a_dataset_of_another_folder_is_never_touched(tmp_path: Path) -> None:
    with engines.fuseki_with_datasets(tmp_path) as url:
        first = Deployment(tmp_path / "first", f"fuseki+{url}/velm").publish(3)
        second = Deployment(tmp_path / "second", f"fuseki+{url}/velm")
        with pytest.raises(QuothError, match="exists already, and was not made by this folder of releases"):
            second.publish(3)
        assert second.recorded() == []
        assert content(dataset(Deployment(tmp_path / "first", f"fuseki+{url}/velm"), first)) == dump(first)


@pytest.mark.slow
def test_the_password_goes_to_the_engine_and_nowhere_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = tmp_path / "login"
    with engines.fuseki_with_datasets(tmp_path, "Sesam:oeffne@dich") as url:
        for text, works in (("admin:wrong-Sesam", False), ("admin:Sesam:oeffne@dich", True)):
            login.write_text(f"{text}\n", "utf-8")
            settings = Settings(
                releases=tmp_path / "releases", public_url=BASE, engine=f"fuseki+{url}/velm", engine_login=login
            )
            staged = staging(settings, print)
            assert staged is not None
            assert "Sesam" not in repr(staged)

            def make(staged: Staging = staged) -> Release:
                options = {"base": BASE, "report_ttl": "", "report_json": "{}"}
                return publish(quads(3), releases=staged.releases, stage=staged.stage, **options)  # type: ignore[arg-type]

            if not works:
                with pytest.raises(UnavailableError, match=r"refuses this user \(401\)") as caught:
                    make()
                assert "Sesam" not in str(caught.value)
                continue
            release = make()
            client = create_app(settings, *open_current(settings)).test_client()
            assert client.get("/ready").status_code == 200
            assert client.get("/sparql", query_string={"query": COUNT}).status_code == 200
            login.write_text("admin:wrong-Sesam\n", "utf-8")
            refused = create_app(settings, *open_current(settings)).test_client()
            assert refused.get("/ready").status_code == 503
            assert "Sesam" not in refused.get("/ready").text
            held = "".join(path.read_text("utf-8") for path in (release.path.parent / "engine.json",))
            assert json.loads(held)
            assert "Sesam" not in held + caplog.text


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
