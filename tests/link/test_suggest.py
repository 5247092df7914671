"""Proposing and accepting links, with real endpoints and services."""

import csv
from pathlib import Path

import pytest

from quoth.claim.checking import check
from quoth.errors import DocumentError, QuothError, UsageError

from .conftest import FIRM, Desk, Remote, rows

BASE = "http://localhost:8000/"


def decide(path: Path, **decisions: str) -> None:
    """Write decisions into the table, as a human would; keys are local names of the targets."""
    head = "".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if line.startswith("#"))
    table = rows(path.read_text("utf-8"))
    for row in table:
        row["decision"] = decisions.get(row["object_id"].rpartition(":")[2], "")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head)
        writer = csv.DictWriter(file, list(table[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def test_candidates_are_found_by_label_and_alias_and_fit_in_type(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    result = desk.suggest()
    assert result.exception is None, result.output
    proposals = desk.proposed
    guild = proposals["id:org/pilots-guild", "register:Pilots"]
    assert guild["predicate_id"] == "skos:closeMatch"
    assert "their alias “Pilots' Guild”" in guild["reasons"]
    assert "type 1.00: compatible" in guild["reasons"]
    assert "context" in guild["reasons"]
    assert guild["decision"] == ""
    tay = proposals["id:person/orrin-tay", "register:Tay"]
    assert float(tay["similarity_score"]) == 1.0
    assert tay["predicate_id"] == "skos:exactMatch"
    assert float(proposals["id:person/orrin-tay", "register:Old_Tay"]["similarity_score"]) < 1
    assert ("id:org/pilots-guild", "register:Pilots_Guild_Ale") not in proposals, "a beer is no organisation"
    assert proposals["id:place/quay-4", "sssom:NoTermFound"]["decision"] == ""


def test_linked_excluded_and_anonymous_entities_are_not_proposed(remote: Remote, desk: Desk) -> None:
    remote.update('INSERT DATA { firm:Two a kind:Body ; rdfs:label "two dockers"@en , "Velm Salt"@en }')
    desk.ask(f"{remote.url}/query")
    desk.suggest()
    subjects = {subject for subject, _ in desk.proposed}
    assert "id:org/velm-salt" not in subjects
    assert not any("source/" in s or "topic/" in s for s in subjects)
    linkset = desk.linkset.read_text("utf-8")
    desk.linkset.write_text(
        linkset.replace("id:org/velm-salt	Velm Salt		skos", "id:org/quoth	Q		skos"), "utf-8"
    )
    remote.update('INSERT DATA { firm:Velm_Ferries skos:altLabel "Velm Salt"@en }')
    desk.table.unlink()
    (desk.folder / "cache" / "replies.sqlite").unlink()
    desk.suggest()
    targets = {target for subject, target in desk.proposed if subject == "id:org/velm-salt"}
    assert "register:Velm_Salt" in targets
    assert "register:Velm_Ferries" not in targets, "it is ruled out in the linkset"


def test_an_interrupted_run_continues(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.suggest()
    whole = desk.table.read_bytes()
    lines = whole.splitlines(keepends=True)
    desk.table.write_bytes(b"".join(lines[:-2]) + lines[-2][:30])
    again = desk.suggest()
    assert again.exception is None, again.output
    assert desk.table.read_bytes() == whole
    assert "0 requests" in again.output, "what was answered is on disk"
    assert "0 of 0 entities" in desk.suggest().output


def test_no_request_is_sent_without_a_contact(desk: Desk) -> None:
    desk.ask("http://127.0.0.1:9/query")
    from click.testing import CliRunner

    from quoth.cli import cli

    targets = ["--targets", str(desk.folder / "targets.toml")]
    command = ["link", "suggest", "register", str(desk.corpus), *targets]
    result = CliRunner().invoke(cli, command, env={"QUOTH_CONTACT": ""})
    assert isinstance(result.exception, UsageError)
    assert "QUOTH_CONTACT" in str(result.exception)


def test_only_accepted_candidates_are_published(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.suggest()
    before = desk.linkset.read_text("utf-8")
    accept = ["link", "accept", str(desk.table), str(desk.corpus), "--links", str(desk.corpus), "--by"]
    undecided = desk.run(*accept, "id/person/orrin-tay")
    assert undecided.exception is None, undecided.output
    assert desk.linkset.read_text("utf-8") == before
    decide(desk.table, Tay="accept", Old_Tay="not", Pilots="refuse")
    result = desk.run(*accept, "id/person/orrin-tay")
    assert result.exception is None, result.output
    assert "2 rows added" in result.output
    after = rows(desk.linkset.read_text("utf-8"))
    assert after[: len(after) - 2] == [{**r, "object_category": ""} for r in rows(before)]
    tay, old = after[-2:]
    assert (tay["subject_id"], tay["predicate_id"], tay["object_id"]) == (
        "id:person/orrin-tay",
        "skos:exactMatch",
        "register:Tay",
    )
    assert tay["mapping_justification"] == "semapv:LexicalMatching"
    assert tay["author_id"] == tay["reviewer_id"] == "id:person/orrin-tay"
    assert tay["review_date"] == tay["mapping_date"] != ""
    assert tay["object_category"] == "http://register.example/kind/Person"
    assert (old["predicate_modifier"], old["predicate_id"]) == ("Not", "skos:exactMatch")
    assert desk.run(*accept, "id/person/orrin-tay").output.startswith(f"{desk.linkset}: 0 rows added")
    report, quads = check.check([desk.corpus], BASE)
    assert [str(f) for f in report.findings] == []
    assert f"<{FIRM}Tay>" in {str(q.object) for q in quads}


@pytest.mark.parametrize(
    ("decision", "by", "told"),
    [("yes", "id/person/orrin-tay", "not a decision"), ("accept", "id/person/nobody", "not an agent")],
)
def test_a_refused_decision_writes_nothing(decision: str, by: str, told: str, remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.suggest()
    decide(desk.table, Tay=decision)
    before = desk.linkset.read_bytes()
    result = desk.run("link", "accept", str(desk.table), str(desk.corpus), "--links", str(desk.corpus), "--by", by)
    assert isinstance(result.exception, DocumentError | UsageError)
    assert told in str(result.exception)
    assert desk.linkset.read_bytes() == before


def test_a_missing_linkset_is_created(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.linkset.unlink()
    desk.suggest()
    decide(desk.table, Velm_Salt="accept")
    links = ["--links", str(desk.corpus), "--by", "id/org/quoth"]
    result = desk.run("link", "accept", str(desk.table), str(desk.corpus), *links)
    assert result.exception is None, result.output
    report, _ = check.check([desk.corpus], BASE)
    assert [str(f) for f in report.findings] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1", "not a section"),
        ("[a]\nlanguages = ['en']", "neither sparql nor reconcile"),
        ("[a]\nsparql = 'ftp://x/'", "not an absolute http URL"),
        ("[a]\nsparql = 'http://x/'\nfrobnicate = 1", "no key 'frobnicate'"),
        ("[a]\nsparql = 'http://x/'\nattempts = 'many'", "not a value for attempts"),
        ("[a]\nsparql = 'http://x/'\nqueries = 'none'\nfacts = ['everything']", "no query everything.rq"),
        ("[a", "cannot be read"),
    ],
)
def test_a_malformed_table_of_targets_is_refused(text: str, told: str, desk: Desk) -> None:
    (desk.folder / "targets.toml").write_text(text, "utf-8")
    result = desk.suggest()
    assert isinstance(result.exception, QuothError)
    assert told in str(result.exception)
