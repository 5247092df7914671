"""The ontology is OWL 2 DL and says what it means to exclude, by ROBOT with the reasoner HermiT."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import PREFIXES
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.rules.publication import published_quads

from ..clients import installed, need
from .conftest import BASE, COPY_DEPENDENCIES, HERE

pytestmark = pytest.mark.slow

PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
Robot = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def robot() -> Robot:
    """Runs a command of ROBOT."""
    need("java", "mvn")
    jars = installed("robot", HERE / "clients" / "robot" / "pom.xml", COPY_DEPENDENCIES) / "lib" / "*"

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = ["java", "-cp", str(jars), "org.obolibrary.robot.CommandLineInterface", *map(str, arguments)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(jars.parent)}
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)

    return run


@pytest.fixture(scope="session")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What /ns serves: all files of the ontology in one."""
    merged = tmp_path_factory.mktemp("owl") / "quoth.ttl"
    merged.write_bytes(ox.serialize(ontology_quads(), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"")
    return merged


def test_the_ontology_is_in_the_profile_owl_2_dl(robot: Robot, ontology: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    result = robot("validate-profile", "--profile", "DL", "--input", ontology, "--output", report)
    assert result.returncode == 0, report.read_text("utf-8")[:3000]


def test_everything_has_a_label(robot: Robot, ontology: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.tsv"
    robot("report", "--input", ontology, "--fail-on", "none", "--output", report)
    rows = [line.split("\t") for line in report.read_text("utf-8").splitlines()]
    assert rows[0][:3] == ["Level", "Rule Name", "Subject"]
    assert [row for row in rows if "missing_label" in row and "w3id.org/quoth" in row[2]] == []


def test_the_ontology_is_consistent_and_no_class_is_empty(robot: Robot, ontology: Path, tmp_path: Path) -> None:
    result = robot("reason", "--reasoner", "hermit", "--input", ontology, "--output", tmp_path / "out.ttl")
    assert result.returncode == 0, result.stdout[:3000] + result.stderr[:3000]


def test_what_is_published_is_consistent_with_the_ontology(
    robot: Robot, harbour: Path, texts: Texts, tmp_path: Path
) -> None:
    _, authored = check.check([harbour], BASE, texts)
    asserted = [q for q in published_quads(authored, BASE) if "#content" not in str(q.graph_name)]
    data = tmp_path / "data.nt"
    data.write_text("".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in asserted), "utf-8")
    result = robot("reason", "--reasoner", "hermit", "--input", data, "--output", tmp_path / "out.ttl")
    assert result.returncode == 0, result.stdout[:3000] + result.stderr[:3000]


@pytest.mark.parametrize(
    "wrong",
    [
        "<x:a> quoth:certainty polarity:positive .",
        "<x:a> quoth:corroborates <x:a> .",
        "<x:a> quoth:corroborates <x:b> . <x:b> quoth:contradicts <x:a> .",
        "<x:a> quoth:presupposes <x:a> .",
        "<x:a> a quoth:Claim , quoth:Source .",
        "<x:a> quoth:content <x:b> . <x:b> quoth:source <x:c> .",
        "<x:a> quoth:concerns <x:b> . <x:b> quoth:agent <x:c> .",
        "<x:a> quoth:attribution <x:b> . <x:b> quoth:within <x:b> .",
    ],
)
def test_the_reasoner_refuses(wrong: str, robot: Robot, ontology: Path, tmp_path: Path) -> None:
    data = tmp_path / "wrong.ttl"
    data.write_text(ontology.read_text("utf-8") + PROLOGUE + wrong, "utf-8")
    result = robot("reason", "--reasoner", "hermit", "--input", data, "--output", tmp_path / "out.ttl")
    assert result.returncode == 1
    assert "inconsistent" in result.stdout + result.stderr
