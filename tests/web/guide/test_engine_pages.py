"""The commands of the guide's pages about engines load a release into the real servers, as they are written."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from quoth.engine.remote.engine import RemoteEngine
from quoth.release.release import Release
from quoth.release.verified import VerifiedEngine
from quoth.web.guide import chapters

from ... import engines
from ...clients import CLIENTS, need
from ...serving import free_port, serving, until

PAGES = Path(chapters.__file__).parent / "engines"


def blocks(page: str, info: str) -> list[str]:
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return [str(t.content) for t in chapters.examples(text) if t.info == info]


def with_ports(text: str, ports: Mapping[str, int]) -> str:
    """A text with other ports than the usual ones, which may be taken."""
    for usual, port in ports.items():
        text = text.replace(usual, str(port))
    return text


def run(page: str, folder: Path, ports: Mapping[str, int], releases: Path) -> str:
    """What the marked commands of a page print, in their order."""
    text = with_ports("\n".join(blocks(page, f"sh {page}")), ports)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "QUOTH_RELEASES": str(releases)}
    command = ["sh", "-e", "-c", text]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_jena_s_loader_makes_a_dataset_that_is_served(release: Release, tmp_path: Path) -> None:
    with engines.fuseki_with_datasets(tmp_path) as url, serving(release.path.parent) as server:
        [jar] = (CLIENTS / "fuseki" / "lib").glob("jena-fuseki-server-*.jar")
        (tmp_path / "fuseki-server.jar").symlink_to(jar)
        ports = {"3030": int(url.rpartition(":")[2]), "8000": server.port}
        said = " ".join(run("fuseki", tmp_path, ports, release.path.parent).split())
        assert "/velm-1/query answers for release 1" in said
        with closing(RemoteEngine(f"{url}/velm-1/query")) as engine:
            VerifiedEngine(engine, release).check()


@pytest.mark.slow
def test_virtuoso_s_bulk_loader_takes_a_release(release: Release, tmp_path: Path) -> None:
    need("virtuoso-t", "isql-vt")
    [ini] = blocks("virtuoso", "ini file=virtuoso.ini")
    with serving(release.path.parent) as server:
        ports = {"1111": free_port(), "8890": free_port(), "8000": server.port}
        (tmp_path / "virtuoso.ini").write_text(with_ports(ini, ports), "utf-8")
        command = ["virtuoso-t", "-f", "-c", "virtuoso.ini"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                until(lambda: engines.answers(f"http://localhost:{ports['8890']}/sparql?query=ASK%7B%7D"), 120)
                printed = run("virtuoso", tmp_path, ports, release.path.parent)
            finally:
                process.kill()
    assert printed.split()[-2:] == ['"asserted"', str(release.manifest.asserted)]
