"""A warning that a person judged is accepted in the document, for one wording, and counted."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from rdflib.namespace import SH

from quoth.claim.authoring import fill_digests
from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import QUOTH
from quoth.claim.model.report import Report
from quoth.claim.reading.document import read
from quoth.cli import cli

from ..mutation import mutate

BASE = "http://localhost:8000/"
LABEL = "    label: The harbour office says that the ferry was late.\n"
DOUBTFUL = LABEL.replace("The harbour office says", "They say")
RULE = "label-speaker"
ACCEPTED = f"    accepted: {{rule: {RULE}, reason: It is a test of judgements., by: id/org/quoth}}\n"


def checked(path: Path) -> Report:
    return check([path], BASE)[0]


@pytest.fixture
def doubtful(excerpt: Path, tmp_path: Path) -> Path:
    """A document with one warning, which it accepts without a digest."""
    path = tmp_path / "harbour.yaml"
    mutate(excerpt.read_text("utf-8"), LABEL, DOUBTFUL + ACCEPTED, path)
    return path


@pytest.fixture
def judged(doubtful: Path) -> Path:
    """The same with the digest."""
    doubtful.write_text(fill_digests.fill(doubtful, BASE)[0], "utf-8")
    return doubtful


def test_a_warning_is_no_violation(excerpt: Path, tmp_path: Path) -> None:
    path = tmp_path / "harbour.yaml"
    mutate(excerpt.read_text("utf-8"), LABEL, DOUBTFUL, path)
    report = checked(path)
    assert [(f.rule, f.severity, f.open) for f in report.findings] == [(RULE, "Warning", True)]
    assert report.conforms
    assert report.passes(strict=False)
    assert not report.passes(strict=True)


def test_a_judgement_without_a_digest_is_a_violation_that_names_the_command(doubtful: Path) -> None:
    violations = [f for f in checked(doubtful).findings if f.severity == "Violation"]
    assert [f.rule for f in violations] == ["judgement-digest"]
    assert "quoth draft --accepted" in violations[0].remedy
    assert violations[0].line


def test_an_accepted_warning_is_counted_and_passes(judged: Path) -> None:
    report = checked(judged)
    [finding] = report.findings
    assert finding.judgement
    assert (finding.judgement.reason, finding.judgement.by) == ("It is a test of judgements.", f"{BASE}id/org/quoth")
    assert report.passes(strict=True)
    assert report.tally() == "0 violations, 1 warning (1 of them accepted)"
    assert report.as_json()["counts"] == {"violations": 0, "warnings": 1, "accepted": 1, "notes": 0}


def test_the_report_in_turtle_points_at_the_judgement(judged: Path) -> None:
    graph = rdflib.Graph().parse(data=checked(judged).as_turtle(), format="turtle")
    [result] = graph.subjects(SH.resultSeverity, SH.Warning)
    judgement = rdflib.URIRef(f"{BASE}id/claim/harbour/ferry-late#accepted")
    assert graph.value(result, rdflib.URIRef(QUOTH.accepted.value)) == judgement


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("certainty: certain ", "certainty: probable "),
        ("affected: {type: Thing, label: the ferry}", "affected: {type: Thing, label: the boat}"),
        ("concerns: id/topic/velm-ferry-delay}", "concerns: id/topic/velm-guild-offer}"),
    ],
    ids=["claim", "content", "inference"],
)
def test_a_change_of_the_claim_voids_the_judgement(old: str, new: str, judged: Path) -> None:
    mutate(judged.read_text("utf-8"), old, new, judged)
    [finding] = [f for f in checked(judged).findings if f.rule == RULE]
    assert finding.open
    assert "was accepted for another wording" in finding.message
    assert "quoth draft --accepted" in finding.remedy


def test_a_change_of_another_claim_or_of_the_reason_leaves_the_judgement(judged: Path) -> None:
    written = judged.read_text("utf-8")
    mutate(written, "the ferry's pilots stayed ashore", "its pilots stayed ashore", judged)
    mutate(judged.read_text("utf-8"), "a test of judgements", "still a test of judgements", judged)
    assert checked(judged).passes(strict=True)


def test_a_judgement_counts_in_every_syntax_and_under_every_base(judged: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for suffix, format_ in ((".trig", ox.RdfFormat.TRIG), (".jsonld", ox.RdfFormat.JSON_LD)):
        path = other / f"harbour{suffix}"
        ox.serialize(read(judged, BASE).quads, path, format_)
        assert checked(path).passes(strict=True)
    assert check([judged], "https://claims.example/")[0].passes(strict=True)


def test_a_judgement_of_nothing_is_a_note(excerpt: Path, tmp_path: Path) -> None:
    path = tmp_path / "harbour.yaml"
    mutate(excerpt.read_text("utf-8"), LABEL, LABEL + ACCEPTED, path)
    path.write_text(fill_digests.fill(path, BASE)[0], "utf-8")
    report = checked(path)
    assert [(f.rule, f.severity) for f in report.findings] == [("judgement-needless", "Info")]
    assert report.passes(strict=True)


@pytest.mark.parametrize(
    ("accepted", "words"),
    [
        ("{rule: label-speaker, by: id/org/quoth}", "in words (reason)"),
        ("{rule: label-speaker, reason: It is a test of judgements.}", "who judged"),
        ("{reason: It is a test of judgements., by: id/org/quoth}", "the rule whose warning"),
        ("{rule: label-speaker, reason: It is a test of judgements., by: id/org/nobody}", "not described anywhere"),
        ("{rule: label-speaker, reason: It is a test of judgements., by: id/org/quoth, digest: aa}", "16 hexadecimal"),
        ("id/org/quoth", "a judgement with its rule"),
    ],
)
def test_a_judgement_is_whole(accepted: str, words: str, excerpt: Path, tmp_path: Path) -> None:
    path = tmp_path / "harbour.yaml"
    mutate(excerpt.read_text("utf-8"), LABEL, f"{DOUBTFUL}    accepted: {accepted}\n", path)
    assert any(words in f.message for f in checked(path).findings if f.severity == "Violation")


def test_reason_and_by_are_keys_of_a_judgement_alone(excerpt: Path, tmp_path: Path) -> None:
    path = tmp_path / "harbour.yaml"
    mutate(excerpt.read_text("utf-8"), LABEL, LABEL + "    by: id/org/quoth\n", path)
    [finding] = checked(path).findings
    assert "there is no key 'by' here" in finding.message


def test_digests_are_filled_in_beside_comments_and_in_trig(doubtful: Path, tmp_path: Path) -> None:
    trig = tmp_path / "harbour.trig"
    ox.serialize(read(doubtful, BASE).quads, trig, ox.RdfFormat.TRIG)
    for path in (doubtful, trig):
        before = path.read_text("utf-8")
        result = CliRunner().invoke(cli, ["draft", "--accepted", str(path)])
        assert result.exit_code == 0, result.output
        assert "1 judgements" in result.output
        assert checked(path).passes(strict=True)
        assert before.count("#") <= path.read_text("utf-8").count("#")
        again = path.read_text("utf-8")
        CliRunner().invoke(cli, ["draft", "--accepted", str(path)])
        assert path.read_text("utf-8") == again
    jsonld = tmp_path / "harbour.jsonld"
    ox.serialize(read(doubtful, BASE).quads, jsonld, ox.RdfFormat.JSON_LD)
    assert CliRunner().invoke(cli, ["draft", "--accepted", str(jsonld)]).exit_code != 0


def test_strict_fails_on_a_warning_that_nobody_accepted(judged: Path, tmp_path: Path) -> None:
    releases = ["--releases", str(tmp_path / "releases")]
    assert CliRunner().invoke(cli, ["check", "--strict", str(judged)]).exit_code == 0
    mutate(judged.read_text("utf-8"), "certainty: certain ", "certainty: unknown ", judged)
    assert CliRunner().invoke(cli, ["check", str(judged)]).exit_code == 0
    result = CliRunner().invoke(cli, ["check", "--strict", "--format", "json", str(judged)])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["counts"]["warnings"] == 1
    assert CliRunner().invoke(cli, ["publish", "--strict", str(judged), *releases]).exit_code == 1
    published = CliRunner().invoke(cli, ["publish", str(judged), *releases])
    assert published.exit_code == 0
    assert "1 warning; quoth check lists them" in published.output
