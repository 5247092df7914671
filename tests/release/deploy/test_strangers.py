"""Whose datasets are whose in one server, and who knows its password."""

import json
from pathlib import Path

import pytest

from quoth.config import Settings
from quoth.errors import QuothError, UnavailableError
from quoth.release.deploy.staging import Staging, staging
from quoth.release.open import open_current
from quoth.release.publish import publish
from quoth.release.release import Release
from quoth.web.app import create_app

from ... import engines
from ...conftest import BASE
from ..publishing import quads
from .deployment import Deployment, dump
from .spoiling import spoiling

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.mark.slow
def test_a_dataset_of_another_folder_is_never_touched(tmp_path: Path) -> None:
    with engines.fuseki_with_datasets(tmp_path) as url:
        first = Deployment(tmp_path / "first", f"fuseki+{url}/velm").publish(3)
        second = Deployment(tmp_path / "second", f"fuseki+{url}/velm")
        with pytest.raises(QuothError, match="exists already, and was not made by this folder of releases"):
            second.publish(3)
        assert second.recorded() == []
        theirs = Deployment(tmp_path / "first", f"fuseki+{url}/velm")
        assert theirs.content(theirs.dataset(first)) == dump(first)


@pytest.mark.slow
def test_a_name_that_a_server_cannot_make_is_another_one(tmp_path: Path) -> None:
    """What Fuseki, when it is killed, leaves of a dataset in the making keeps it from making one of that name."""
    bad: list[str] = []

    def fail(method: str, path: str, body: bytes) -> bytes | int:
        if method != "POST" or "$/datasets" not in path:
            return body
        name = body.decode().partition("dbName=%2F")[2].partition("&")[0]
        bad.extend([] if bad else [name])
        return 500 if name in bad else body

    with engines.fuseki_with_datasets(tmp_path) as url, spoiling(url, fail) as between:
        deployed = Deployment(tmp_path / "releases", f"fuseki+{between}/velm")
        first = deployed.publish(3)
        assert deployed.dataset(first).startswith(f"{between}/{bad[0]}-")
        assert deployed.content(deployed.dataset(first)) == dump(first)
        assert deployed.publish(3).reused
        assert (deployed.recorded(), deployed.notes) == ([1], [])


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
