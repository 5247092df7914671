"""The guide's page about links: its linkset can be published, and its federated queries run between real endpoints."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from quoth.claim import check
from quoth.store.release import Release
from quoth.web import guide

from .serving import free_port, serving

PAGE = (Path(guide.__file__).parent / "guide" / "links.md").read_text("utf-8")
BLOCKS = {t.info.partition(" ")[2]: t.content for t in guide.examples(PAGE)}
BASE = "http://localhost:8000/"
EXTRACT = """
@prefix firm: <http://register.example/firm/> .
@prefix schema: <https://schema.org/> .
firm:Velm_Salt schema:location "Port Velm" .
firm:Velm_Ferries schema:location "Elsewhere" .
"""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another endpoint: Oxigraph, with an extract of the register that the linkset leads to."""
    folder = tmp_path_factory.mktemp("register")
    (folder / "extract.ttl").write_text(EXTRACT, "utf-8")
    program = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
    assert program, "the package oxigraph is among the development dependencies"
    store = ["--location", str(folder / "store")]
    subprocess.run([program, "load", *store, "--file", folder / "extract.ttl"], check=True, capture_output=True)
    port = free_port()
    command = [program, "serve", *store, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/query"
        server.terminate()


def rows(url: str, query: str) -> list[dict[str, str]]:
    with urlopen(f"{url}?query={quote(query)}", timeout=30) as answer:
        found = json.load(answer)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in found]


def test_both_ways_give_the_same_claims(register: str, release: Release) -> None:
    with serving(release.path.parent, service_endpoints=register) as server:
        here = f"http://127.0.0.1:{server.port}/sparql"
        inwards = rows(register, BLOCKS["inwards"].replace(f"{BASE}sparql", here))
        outwards = rows(here, BLOCKS["outwards"].replace("http://register.example/sparql", register))
    assert {row["town"] for row in inwards} == {row["town"] for row in outwards} == {"Port Velm"}
    claims = [row["claim"] for row in outwards]
    assert "Velm Salt denies that it paid anyone." in claims
    assert [row["claim"] for row in inwards] == claims


def test_the_guide_s_linkset_is_without_fault(harbour: Path, tmp_path: Path) -> None:
    for name in ("targets.ttl", "firms.sssom.tsv"):
        (tmp_path / name).write_text(BLOCKS[f"file={name}"], "utf-8")
    report, quads = check.check([harbour, tmp_path], BASE)
    assert [str(f) for f in report.findings] == []
    assert [str(q.object) for q in quads if "skos/core#exactMatch" in str(q.predicate)] == [
        "<http://firms.example/F12>"
    ]
