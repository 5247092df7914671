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
