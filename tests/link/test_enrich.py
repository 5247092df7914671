"""Fetched facts are in a graph of their own with source and date, checked, and apart from the dataset's own."""

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check
from quoth.claim.model.namespaces import DCTERMS, GEO, PROV, QUOTH, RDF, RDFS, XSD

from .conftest import FIRM, Desk, Remote

BASE = "http://localhost:8000/"
GRAPH = ox.NamedNode(f"{BASE}id/linkset/register#facts")
SALT = ox.NamedNode(f"{FIRM}Velm_Salt")


def facts(quads: list[ox.Quad]) -> set[tuple[str, str]]:
    return {(q.predicate.value, str(q.object)) for q in quads if q.graph_name == GRAPH}


def test_declared_facts_are_fetched_about_exact_matches_only(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    result = desk.enrich()
    assert result.exception is None, result.output
    assert "4 facts about 1 of 1 things" in result.output
    report, quads = check.check([desk.corpus], BASE)
    assert [str(f) for f in report.findings] == []
    assert facts(quads) == {
        (RDFS.label.value, '"Velm Salt Company"@en'),
        (RDFS.label.value, '"Velmer Salz"@de'),
        (GEO.lat.value, f'"54.5"^^{XSD.decimal}'),
        (GEO.long.value, f'"-3.25"^^{XSD.decimal}'),
    }
    assert {q.subject for q in quads if q.graph_name == GRAPH} == {SALT}
    assert not [q for q in quads if q.subject == SALT and q.graph_name != GRAPH]
    said = {q.predicate: q.object for q in quads if q.subject == GRAPH}
    assert said[RDF.type] == QUOTH.Enrichment
    assert said[PROV.hadPrimarySource] == ox.NamedNode(f"{BASE}id/dataset/register")
    assert said[PROV.wasAttributedTo] == ox.NamedNode(f"{BASE}id/person/orrin-tay")
    assert {DCTERMS.created, DCTERMS.description} <= set(said)
    text = (desk.corpus / "register-facts.trig").read_text("utf-8")
    assert "localhost" not in text, "IRIs of the dataset are relative"


def test_facts_from_the_cache_have_the_date_when_they_were_fetched(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.enrich()
    before = datetime.datetime.now() - datetime.timedelta(days=3)
    with closing(sqlite3.connect(desk.folder / "cache" / "replies.sqlite")) as cache, cache:
        cache.execute("UPDATE replies SET at = ?", [before.timestamp()])
    desk.enrich()
    _, quads = check.check([desk.corpus], BASE)
    [created] = [q.object for q in quads if q.subject == GRAPH and q.predicate == DCTERMS.created]
    assert created == ox.Literal(before.date().isoformat(), datatype=XSD.date)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('firm:Velm_Salt geo:lat "54.6"', "2 facts"),
        ('firm:Velm_Salt rdfs:label "bell \\u0007 \\u202E here"@fr', "5 facts"),
        ("firm:Velm_Salt rdfs:label <http://x.example/>", "4 facts"),
        ('firm:Velm_Salt rdfs:label "' + "long " * 300 + '"@fr', "4 facts"),
    ],
    ids=["two places: neither", "control characters", "no text", "too long"],
)
def test_unusual_values_are_left_out(change: str, expected: str, remote: Remote, desk: Desk) -> None:
    remote.update(f"INSERT DATA {{ {change} }}")
    desk.ask(f"{remote.url}/query")
    assert expected in desk.enrich().output
    report, _ = check.check([desk.corpus], BASE)
    assert [str(f) for f in report.findings] == []


@pytest.mark.parametrize("wrong", ['"north"', '"91.0"', '"NaN"'])
def test_malformed_coordinates_give_no_place(wrong: str, remote: Remote, desk: Desk) -> None:
    remote.update(
        f'DELETE DATA {{ firm:Velm_Salt geo:lat "54.5"^^xsd:double }} ;'
        f" INSERT DATA {{ firm:Velm_Salt geo:lat {wrong} }}"
    )
    desk.ask(f"{remote.url}/query")
    assert "2 facts" in desk.enrich().output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f"<{FIRM}Velm_Salt>", f"<{FIRM}Velm_Ferries>", "no entity has an exact match"),
        ("geo:lat", "foaf:based_near", "not a kind of fact"),
        ('"54.5"', '"154.5"', "latitude"),
        ("quoth:Enrichment", "void:Dataset", "asserted"),
    ],
)
def test_a_changed_file_does_not_pass_the_check(old: str, new: str, told: str, remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.enrich()
    file = Path(desk.corpus / "register-facts.trig")
    text = file.read_text("utf-8")
    if old not in text:
        old = old.replace('"', "")
        new = new.replace('"', "")
    assert old in text
    file.write_text("@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n" + text.replace(old, new), "utf-8")
    report, _ = check.check([desk.corpus], BASE)
    assert not report.conforms
    assert told in " ".join(map(str, report.findings))
