"""The guide's page on links: its linkset can be published, and its federated queries run between real endpoints."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from quoth.claim.checking import check
from quoth.release.release import Release
from quoth.web.guide import chapters

from ... import oxigraph
from ...serving import serving

PAGE = (Path(chapters.__file__).parent / "links.md").read_text("utf-8")
BLOCKS = {t.info.partition(" ")[2]: t.content for t in chapters.examples(PAGE)}
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
    store = folder / "store"
    load = [oxigraph.program(), "load", "--location", str(store), "--file", str(folder / "extract.ttl")]
    subprocess.run(load, check=True, capture_output=True)
    with oxigraph.serving("serve", store) as url:
        yield f"{url}/query"


def rows(url: str, query: str) -> list[dict[str, str]]:
    with urlopen(f"{url}?query={quote(query)}", timeout=30) as answer:
        bindings = json.load(answer)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in bindings]


def test_joining_from_either_side_gives_the_same_claims(register: str, release: Release) -> None:
    with serving(release.path.parent, service_endpoints=register) as server:
        endpoint = f"http://127.0.0.1:{server.port}/sparql"
        inwards = rows(register, BLOCKS["inwards"].replace(f"{BASE}sparql", endpoint))
        outwards = rows(endpoint, BLOCKS["outwards"].replace("http://register.example/sparql", register))
    assert {row["town"] for row in inwards} == {row["town"] for row in outwards} == {"Port Velm"}
    claims = [row["claim"] for row in outwards]
    assert "Velm Salt denies that it paid anyone." in claims
    assert [row["claim"] for row in inwards] == claims


def test_the_guide_s_linkset_conforms(harbour: Path, tmp_path: Path) -> None:
    for name in ("targets.ttl", "firms.sssom.tsv"):
        (tmp_path / name).write_text(BLOCKS[f"file={name}"], "utf-8")
    report, quads = check.check([harbour, tmp_path], BASE)
    assert [str(f) for f in report.findings] == []
    assert [str(q.object) for q in quads if "skos/core#exactMatch" in str(q.predicate)] == [
        "<http://firms.example/F12>"
    ]
