"""quoth doctor says whether an engine holds what it should, and whether its password is kept."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest

from quoth.config import Settings
from quoth.errors import UnavailableError
from quoth.release.open import open_current
from quoth.release.retention import prune
from quoth.server import doctor
from quoth.server.doctor import CHECKS, examine

from .. import oxigraph
from ..release.deploy.deployment import Deployment
from ..serving import free_port
from .doctoring import found, only


def test_an_engine_that_is_down_is_a_fault_and_its_credentials_are_hidden(two: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    settings = Settings(releases=two, engine=f"http://me:hush@{address}/ds?key=secret", port=free_port())
    findings = examine(settings, open_current)
    assert next(f.status for f in findings if f.check == "engine") == "fault"
    listed = doctor.values(settings, Settings.origins({}))
    assert listed["engine"] == {"value": f"http://…@{address}/ds?…", "from": "default"}
    for text in (str([*map(str, findings)]), json.dumps(listed)):
        assert "hush" not in text
        assert "secret" not in text


def test_it_says_which_releases_the_servers_of_a_dialect_hold_and_where_the_next_one_goes(tmp_path: Path) -> None:
    with oxigraph.serving("serve", tmp_path / "a") as one, oxigraph.serving("serve", tmp_path / "b") as other:
        deployed = Deployment(tmp_path / "releases", f"oxigraph+{one} oxigraph+{other}")
        deployed.publish(3)
        deployed.publish(4)
        [current, earlier, room] = found("engine", deployed.settings)
        assert current[0] == earlier[0] == "ok"
        assert "answers for release 2" in current[1]
        assert earlier[1] == f"{one} holds release 1"
        assert room == ("ok", f"the next release goes into {one}")
        oxigraph.update(one, "CLEAR ALL")
        status, detail = only("engine", deployed.settings)
        assert (status, detail.startswith(f"{one}: ")) == ("warning", True)
        prune(deployed.settings.releases, 1)
        assert only("engine", deployed.settings) == ("warning", f"{one} holds release 1, which is kept no more")
        elsewhere = replace(deployed.settings, engine=f"oxigraph+{other} oxigraph+http://127.0.0.1:9")
        says = f"{one} holds release 1 of before, and is on no server that engine names"
        assert only("engine", elsewhere) == ("warning", says)
        oxigraph.update(other, "CLEAR ALL")
        findings = examine(replace(deployed.settings, port=free_port()), open_current)
        [fault] = [f for f in findings if f.status == "fault"]
        assert fault.check == "engine"
        assert f"the engine at {other}/query is not served: it holds no release" in fault.detail


def test_a_password_that_others_can_read_or_hear_is_told(two: Path, tmp_path: Path) -> None:
    login = tmp_path / "login"
    login.write_text("me:hush")
    settings = Settings(releases=two, engine="http://db.invalid:3030/ds", engine_login=login)
    for mode, faults in {0o600: [], 0o640: [], 0o644: [f"everybody on this machine may read {login}"]}.items():
        login.chmod(mode)
        said = list(itertools.islice(CHECKS["engine"](settings, open_current), 1 + len(faults)))
        assert [detail for status, detail, _ in said if status == "fault"] == faults
        assert said[-1][:2] == ("warning", "the password of the engine goes to db.invalid in clear text")
    login.chmod(0o600)
    for url in ("https://db.invalid/ds", "http://localhost:3030/ds", "http://[::1]/ds"):
        with pytest.raises(UnavailableError):  # and nothing is told before
            next(iter(CHECKS["engine"](replace(settings, engine=url), open_current)))
