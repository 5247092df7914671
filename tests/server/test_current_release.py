"""A running server changes to a new release."""

import threading
import time
from pathlib import Path

import pytest
from werkzeug.test import Client

from quoth.config import Settings
from quoth.engine.api.interface import Engine
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.ticket import Limits
from quoth.engine.remote.engine import RemoteEngine
from quoth.errors import UnavailableError
from quoth.index.build import INDEX_FILE
from quoth.release.open import open_current
from quoth.release.release import Release, Releases
from quoth.release.retention import Pruned, prune
from quoth.server import current_release
from quoth.server.current_release import CurrentRelease

from ..serving import Server, free_port, serving, until
from .samples import published


def test_a_new_release_is_served_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    settings = Settings(releases=tmp_path, query_workers=1)
    with pytest.raises(UnavailableError):
        CurrentRelease(settings, open_current)
    published(tmp_path, "the first")
    application = CurrentRelease(settings, open_current)
    client = Client(application)

    def shown() -> str:
        time.sleep(0.01)
        return client.get("/doc/topic/x.ttl").text

    assert "the first" in shown()
    published(tmp_path, "the second")
    assert "the second" in shown()
    published(tmp_path, "the third")
    (tmp_path / "3" / "manifest.json").write_text("damaged")
    assert "the second" in shown()
    assert "release 2 stays" in capfd.readouterr().err
    application.close()


def test_a_release_whose_application_cannot_be_made_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    engines: list[Engine] = []

    def opener(settings: Settings) -> tuple[Engine, Release]:
        release = Releases(settings.releases).current()
        if release.number > 1:
            engine: Engine = RemoteEngine(f"http://127.0.0.1:{free_port()}/")  # nobody listens
        else:
            engine = EmbeddedEngine(release.store_path, Limits(workers=1))
        engines.append(engine)
        return engine, release

    published(tmp_path, "the first")
    application = CurrentRelease(Settings(releases=tmp_path, query_workers=1), opener)
    client = Client(application)
    published(tmp_path, "the second")
    (tmp_path / "2" / INDEX_FILE).unlink()  # so the engine is asked for it
    for _ in range(3):
        time.sleep(0.01)
        assert client.get("/doc/topic/x.ttl").status_code == 200
    assert "release 1 stays" in capfd.readouterr().err
    assert len(engines) > 1
    application.measure()
    assert application.site.release.number == 1
    assert application.site.engine is engines[0]
    application.close()


def test_nobody_waits_while_the_engine_counts_what_it_has_of_the_next_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    counting, counted = threading.Event(), threading.Event()

    class Slow(EmbeddedEngine):
        def check(self) -> None:
            counting.set()
            assert counted.wait(30)

    def opener(settings: Settings) -> tuple[Engine, Release]:
        release = Releases(settings.releases).current()
        kind = EmbeddedEngine if release.number == 1 else Slow
        return kind(release.store_path, Limits(workers=1)), release

    published(tmp_path, "the first")
    settings = Settings(releases=tmp_path, query_workers=1, engine="http://127.0.0.1:9/")
    application = CurrentRelease(settings, opener)
    client = Client(application)
    published(tmp_path, "the second")
    until(lambda: bool(client.get("/doc/topic/x.ttl")) and counting.is_set())
    assert "the first" in client.get("/doc/topic/x.ttl").text
    counted.set()
    until(lambda: "the second" in client.get("/doc/topic/x.ttl").text)
    application.close()


def test_what_is_kept_of_an_engine_s_answers_is_dropped_when_the_engine_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    published(tmp_path, "the first")
    application = CurrentRelease(Settings(releases=tmp_path, query_workers=1), open_current)
    engine, site, generation = application.site.engine, application.site, application.generation
    application.poll()
    assert application.site is site
    engine.generation += 1  # type: ignore[misc]
    application.poll()
    assert application.generation > generation
    assert application.site is not site
    assert application.site.labels is not site.labels
    assert application.site.engine is engine
    application.close()


@pytest.mark.slow
def test_a_removed_release_is_not_listed(tmp_path: Path) -> None:
    for label in ("the first", "the second"):
        published(tmp_path, label)
    with serving(tmp_path) as server:
        assert b"releases/1>" in server.get("/catalog.ttl")[2]
        assert prune(tmp_path, 1).removed == [1]
        until(lambda: b"releases/1>" not in server.get("/catalog.ttl")[2])
        assert server.get("/releases/1")[0] == 410


@pytest.mark.slow
def test_a_release_is_not_removed_before_its_last_request_has_ended(tmp_path: Path) -> None:
    published(tmp_path, "the first")
    with serving(tmp_path, query_time_limit_s=1, query_delivery_limit_s=1) as server:
        published(tmp_path, "the second")
        assert prune(tmp_path, 1) == Pruned([], [1], 0)
        until(lambda: b"the second" in server.get("/doc/topic/x.ttl").body)
        assert prune(tmp_path, 1).in_use == [1]  # a request that began before may still read it
        until(lambda: prune(tmp_path, 1).removed == [1])
        assert b"the second" in server.get("/doc/topic/x.nt").body


@pytest.mark.slow
def test_validators_follow_from_release_software_and_settings_and_not_from_the_process(tmp_path: Path) -> None:
    published(tmp_path, "the first")
    targets = ("/", "/releases/1.ttl", "/doc/topic/x.ttl", "/static/quoth.css")

    def validators(server: Server) -> list[tuple[str, str]]:
        return [(server.get(target).headers["etag"], server.get(target).headers["last-modified"]) for target in targets]

    with serving(tmp_path, public_url="http://localhost/") as server:
        before = validators(server)
    time.sleep(1.1)  # the resolution of such a date
    with serving(tmp_path, public_url="http://localhost/") as server:
        assert validators(server) == before
        for target, (tag, modified) in zip(targets, before, strict=True):
            assert server.get(target, {"If-None-Match": tag}).status == 304
            assert server.get(target, {"If-Modified-Since": modified}).status == 304
    with serving(tmp_path, public_url="http://localhost/", contact="mailto:desk@example.org") as server:
        for target, (tag, _) in zip(targets[:3], before, strict=False):
            assert server.get(target, {"If-None-Match": tag}).status == 200
