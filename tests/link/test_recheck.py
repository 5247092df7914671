"""Checking links against the current state of their target: each status, its dates, and that no row is lost."""

import json

import pytest

from quoth.claim.checking import check
from quoth.claim.model.namespaces import PREFIXES
from quoth.claim.rules import publication
from quoth.errors import QuothError

from .conftest import FIRM, Desk, Remote

BASE = "http://localhost:8000/"
SALT = "DELETE WHERE { firm:Velm_Salt ?p ?o } ;"


def statuses(desk: Desk) -> list[list[str]]:
    return [line.split("\t") for line in desk.statuses.read_text("utf-8").splitlines()[1:]]


def status_of(desk: Desk, remote: Remote, change: str) -> tuple[str, str]:
    """Status of the link with Velm Salt, and what was found, after such a change over there."""
    if change:
        remote.update(change)
    desk.ask(f"{remote.url}/query")
    result = desk.check("--format", "json")
    [verdict] = [v for v in json.loads(result.stdout) if v["target"] == f"{FIRM}Velm_Salt"]
    assert result.exit_code == (verdict["status"] != "kept"), result.output
    [row] = [r for r in statuses(desk) if r[2] == "register:Velm_Salt"]
    assert row[4] == verdict["status"]
    return verdict["status"], verdict["found"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("", ("kept", "")),
        (
            'DELETE DATA { firm:Velm_Salt rdfs:label "Velm Salt Company"@en } ;'
            ' INSERT DATA { firm:Velm_Salt skos:altLabel "Velm Salt Company"@en }',
            ("kept", ""),
        ),
        (SALT, ("gone", "")),
        (
            SALT + "INSERT DATA { firm:Velm_Salt <http://www.w3.org/2002/07/owl#sameAs> firm:Velm_Ferries }",
            ("redirected", f"{FIRM}Velm_Ferries"),
        ),
        (
            SALT + "INSERT DATA { firm:Velm_Salt <http://dbpedia.org/ontology/wikiPageRedirects> firm:Harbour }",
            ("merged", f"{FIRM}Harbour"),
        ),
        (
            SALT + "INSERT DATA { firm:Velm_Salt <http://purl.org/dc/terms/isReplacedBy> firm:Nowhere }",
            ("gone", f"it leads on to {FIRM}Nowhere, which says nothing about it"),
        ),
        (
            "INSERT DATA { firm:Velm_Salt <http://www.w3.org/2002/07/owl#sameAs> <http://elsewhere.example/1> }",
            ("kept", ""),
        ),
        (
            SALT + 'INSERT DATA { firm:Velm_Salt a kind:Firm ; rdfs:label "Velm Spice"@en }',
            ("relabelled", "Velm Spice"),
        ),
        (
            "DELETE DATA { firm:Velm_Salt a kind:Firm } ; INSERT DATA { firm:Velm_Salt a kind:Beer }",
            ("retyped", "http://register.example/kind/Beer"),
        ),
        (
            SALT + 'INSERT DATA { firm:Velm_Salt a kind:Beer ; rdfs:label "Bitter"@en }',
            ("reused", "Bitter: http://register.example/kind/Beer"),
        ),
    ],
    ids=[
        "as it was",
        "another name first",
        "gone",
        "redirected",
        "merged",
        "leads nowhere",
        "the same elsewhere",
        "relabelled",
        "retyped",
        "reused",
    ],
)
def test_each_kind_of_change_has_its_status(change: str, expected: tuple[str, str], remote: Remote, desk: Desk) -> None:
    assert status_of(desk, remote, change) == expected


def test_a_recorded_category_takes_precedence_over_the_table(remote: Remote, desk: Desk) -> None:
    text = desk.linkset.read_text("utf-8").replace("object_label\tmapping", "object_label\tobject_category\tmapping")
    text = "".join(
        line
        if line.startswith(("#", "subject"))
        else line.replace("\tsemapv:", "\thttp://register.example/kind/Inn\tsemapv:")
        for line in text.splitlines(keepends=True)
    )
    desk.linkset.write_text(text, "utf-8")
    assert status_of(desk, remote, "") == (
        "retyped",
        " ".join(f"http://register.example/kind/{k}" for k in ("Body", "Firm")),
    )


def test_a_status_is_added_once_a_day_and_never_removed(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    linkset = desk.linkset.read_bytes()
    desk.check()
    first = desk.statuses.read_bytes()
    assert len(statuses(desk)) == 3, "the negated row is not checked"
    desk.check()
    assert desk.statuses.read_bytes() == first
    remote.update(SALT)
    assert desk.check().exit_code == 1
    assert desk.statuses.read_bytes().startswith(first)
    assert [r[4] for r in statuses(desk) if r[2] == "register:Velm_Salt"] == ["kept", "gone"]
    desk.statuses.write_bytes(desk.statuses.read_bytes().replace(b"2026", b"2025"))
    desk.check()
    assert len(statuses(desk)) == 7, "on another day all are noted again"
    assert desk.linkset.read_bytes() == linkset


def test_an_unreachable_endpoint_changes_no_status(desk: Desk) -> None:
    desk.ask("http://127.0.0.1:9/query")
    result = desk.check()
    assert isinstance(result.exception, QuothError)
    assert result.exception.exit_code == 5
    assert "3 times" in str(result.exception)
    assert not desk.statuses.exists()


def test_the_status_is_published_with_its_date_and_warnings(remote: Remote, desk: Desk) -> None:
    change = SALT + "INSERT DATA { firm:Velm_Salt <http://www.w3.org/2002/07/owl#sameAs> firm:Harbour }"
    assert status_of(desk, remote, change)[0] == "merged"
    report, quads = check.check([desk.corpus], BASE)
    assert report.conforms
    assert {(f.severity, f.rule, f.file, f.line > 1) for f in report.findings} == {
        ("Warning", "link-status", str(desk.statuses), True)
    }
    import pyoxigraph as ox

    store = ox.Store()
    store.extend(publication.published_quads(quads, BASE))
    solutions = store.query(
        "SELECT ?status ?date ?by ?now { GRAPH ?g { ?m owl:annotatedTarget firm:Velm_Salt ; adms:status ?status ;"
        " schema:lastReviewed ?date ; schema:reviewedBy ?by ; dcterms:isReplacedBy ?now } }",
        prefixes={**PREFIXES, "firm": FIRM},
    )
    assert isinstance(solutions, ox.QuerySolutions)
    [row] = [[t.value for t in r] for r in solutions]
    assert row[0].endswith("link-status#merged")
    assert row[2:] == [f"{BASE}id/person/orrin-tay", f"{FIRM}Harbour"]
    assert bool(
        store.query(
            "ASK { <id/org/velm-salt> skos:exactMatch firm:Velm_Salt }",
            base_iri=BASE,
            prefixes={**PREFIXES, "firm": FIRM},
        )
    )


@pytest.mark.parametrize(
    "row",
    [
        "id:org/velm-salt\tskos:exactMatch\tregister:Velm_Salt\t2026-13-01\tkept\t\tid:org/quoth",
        "id:org/velm-salt\tskos:exactMatch\tregister:Velm_Salt\t2026-11-23\tfine\t\tid:org/quoth",
        "id:org/velm-salt\tskos:exactMatch\tregister:Velm_Salt\t2026-11-23\tmerged\tnonsense\tid:org/quoth",
        "id:org/velm-salt\tskos:exactMatch",
    ],
    ids=["date", "status", "iri", "short"],
)
def test_a_malformed_status_has_a_finding_with_its_line(row: str, desk: Desk) -> None:
    head = "subject_id\tpredicate_id\tobject_id\tchecked\tstatus\tfound\tchecker\n"
    desk.statuses.write_text(f"{head}{row}\n", "utf-8")
    report, _ = check.check([desk.corpus], BASE)
    assert [(f.file, f.line) for f in report.findings if "not a status" in f.message] == [(str(desk.statuses), 2)]
