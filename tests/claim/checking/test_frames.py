"""Frames: the roles of each event type, who may play them, and what a text may leave unstated."""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from quoth.claim.checking import frames, shacl
from quoth.claim.checking.check import check
from quoth.claim.checking.validator import Validator
from quoth.claim.model.namespaces import ONTOLOGY_IRI
from quoth.claim.rules.vocabulary import our_vocabulary
from quoth.resources import jsonld_context

EVENTS = our_vocabulary().concepts(f"{ONTOLOGY_IRI}/event-type")
BASE = "http://localhost:8000/"
HEAD = f"""
@base <{BASE}> .
@prefix quoth: <{ONTOLOGY_IRI}#> . @prefix et: <{ONTOLOGY_IRI}/event-type#> .
@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<id/org/a> a org:Organization . <id/person/b> a foaf:Person .
<id/place/c> a schema:City . <id/place/d> a schema:Country .
<id/claim/x/y> quoth:content <id/claim/x/y#content> .
"""

# Contents in the terms of one situation <#s>, and the words of what is wrong with it.
SITUATIONS = {
    "attack": ("sem:eventType et:attack ; quoth:agent <id/org/a> ; quoth:affected <id/person/b>", []),
    "attack by a country": ("sem:eventType et:attack ; quoth:agent <id/place/d> ; quoth:affected <id/person/b>", []),
    "attack on whom is unstated": (
        "sem:eventType et:attack ; quoth:agent <id/org/a> ; quoth:unstated quoth:affected",
        [],
    ),
    "attack on nobody": ("sem:eventType et:attack ; quoth:agent <id/org/a>", ["attack: affected is needed"]),
    "another role is unstated": (
        "sem:eventType et:attack ; quoth:agent <id/org/a> ; quoth:unstated quoth:instrument",
        ["attack: affected is needed"],
    ),
    "a city attacks": (
        "sem:eventType et:attack ; quoth:agent <id/place/c> ; quoth:affected <id/person/b>",
        ["attack: agent is a person, a group, an organisation, a country or a source"],
    ),
    "a role that an attack has not": (
        "sem:eventType et:attack ; quoth:agent <id/org/a> ; quoth:affected <id/person/b> ; quoth:mediator <id/org/a>",
        ["“mediator” is not a role of attack"],
    ),
    "talks with one party only": (
        "sem:eventType et:talks ; quoth:party <id/org/a>",
        ["talks: two sides are needed"],
    ),
    "talks of two parties": ("sem:eventType et:talks ; quoth:party <id/org/a> , <id/person/b>", []),
    "talks with the other side": (
        "sem:eventType et:talks ; quoth:party <id/org/a> ; quoth:counterparty <id/person/b>",
        [],
    ),
    "talks with nobody says whom": (
        "sem:eventType et:talks ; quoth:party <id/org/a> ; quoth:unstated quoth:counterparty",
        [],
    ),
    "mediation without a mediator": (
        "sem:eventType et:mediation ; quoth:party <id/org/a> , <id/person/b>",
        ["mediation: mediator is needed"],
    ),
    "movement from somewhere": ("sem:eventType et:movement ; quoth:agent <id/org/a> ; quoth:origin <id/place/c>", []),
    "movement nowhere": (
        "sem:eventType et:movement ; quoth:agent <id/org/a>",
        ["movement: where from, where to or where is needed"],
    ),
    "movement to a person": (
        "sem:eventType et:movement ; quoth:agent <id/org/a> ; quoth:destination <id/person/b>",
        ["movement: destination is a place"],
    ),
    "acceptance by the offer's receiver": (
        "sem:eventType et:acceptance ; quoth:agent <id/org/a> ; quoth:terms <id/org/a> ; quoth:receiver <id/person/b>",
        ["“receiver” is not a role of acceptance"],
    ),
    "characterisation as nothing": (
        "sem:eventType et:characterisation ; quoth:agent <id/org/a>",
        ["characterisation: what it is said to be is needed"],
    ),
    "characterisation in words": (
        'sem:eventType et:characterisation ; quoth:agent <id/org/a> ; quoth:attribute "strong"@en',
        [],
    ),
    "adjacency of two places": ("sem:eventType et:adjacency ; quoth:party <id/place/c> , <id/place/d>", []),
    "adjacency of an organisation": (
        "sem:eventType et:adjacency ; quoth:party <id/place/c> , <id/org/a>",
        ["adjacency: party is a place"],
    ),
}


@pytest.mark.parametrize(("situation", "wrong"), SITUATIONS.values(), ids=SITUATIONS)
def test_a_situation_keeps_to_the_frame_of_its_type(situation: str, wrong: list[str]) -> None:
    text = HEAD + f"<id/claim/x/y#content> {{ <id/claim/x/y#s> a quoth:Situation ; {situation} . }}"
    quads = [*ox.parse(text, ox.RdfFormat.TRIG)]
    findings = [*frames.violations(quads, our_vocabulary(), Validator())]
    assert [f.message[: len(w)] for f, w in zip(findings, wrong, strict=True)] == wrong
    assert {(f.rule, f.severity, f.focus) for f in findings} <= {("frame", "Violation", f"{BASE}id/claim/x/y#s")}


def test_each_event_type_has_one_frame_with_a_comment() -> None:
    graph = shacl.graph("frames")
    targets = {str(c): s for s, c in graph.subject_objects(SH.targetClass)}
    assert set(targets) == {c.iri for c in EVENTS.values()}
    assert len(targets) == len([*graph.subject_objects(SH.targetClass)])
    assert [s for s in targets.values() if not graph.value(s, RDFS.comment)] == []


def test_a_role_that_a_frame_needs_may_be_played_in_it() -> None:
    """Closed shapes (SHACL §4.8.1) would forbid a role that the frame needs and does not list."""
    graph = shacl.graph("frames")
    head = graph.value(next(graph.subjects(SH.ignoredProperties)), SH.ignoredProperties)
    assert head is not None
    everywhere = set(rdflib.collection.Collection(graph, head))
    for frame in graph.subjects(SH.targetClass):
        paths = {p: graph.value(p, SH.path) for p in graph.objects(frame, SH.property)}
        allowed = everywhere | set(paths.values())
        for shape, path in paths.items():
            if "/need#" in str(shape):
                alternatives = graph.value(path, SH.alternativePath)
                assert alternatives is not None
                assert set(rdflib.collection.Collection(graph, alternatives)) <= allowed, (frame, shape)


def test_what_can_be_needed_can_be_unstated_and_forbidden() -> None:
    graph = shacl.graph("frames")
    needed = {
        role for frame in EVENTS.values() for _, roles in frames.shapes_of(graph, [frame.iri], "need") for role in roles
    }
    shapes = {
        str(s).rpartition("/")[2]: str(graph.value(s, SH.path)) for s in graph.subjects(RDF.type, SH.PropertyShape)
    }
    forbidden = {name.partition("#")[2]: path for name, path in shapes.items() if name.startswith("forbid#")}
    assert needed < set(forbidden.values())
    assert {f"need#{name}" for name in forbidden} < shapes.keys()
    content = shacl.graph("content")
    [unstated] = [
        content.value(s, SH["in"]) for s in content.subjects(SH.path, rdflib.URIRef(f"{ONTOLOGY_IRI}#unstated"))
    ]
    assert unstated is not None
    assert set(map(str, rdflib.collection.Collection(content, unstated))) == set(forbidden.values())


def test_the_context_leads_from_a_role_to_its_shape() -> None:
    """A key of the context is a name in JSON-LD wherever a word is one (JSON-LD 1.1 §4.1.2), and would come first."""
    terms: Any = jsonld_context()
    roles = {str(s).partition("#")[2] for s in shacl.graph("frames").subjects() if "/frames/forbid#" in str(s)}
    for key, kind in (("needs", "need"), ("may", "may"), ("forbids", "forbid")):
        assert {r: terms[key]["@context"].get(r) for r in roles} == {r: f"{frames.FRAMES}/{kind}#{r}" for r in roles}


def test_the_severity_is_that_of_the_head_of_the_file() -> None:
    assert frames.severity(shacl.graph("frames")) == "Violation"
    lenient = rdflib.Graph().parse(data=_HEAD_OF_LENIENT)
    assert frames.severity(lenient) == "Warning"


_HEAD_OF_LENIENT = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://w3id.org/quoth/shapes/frames> sh:severity sh:Warning .
"""


def test_a_part_that_is_called_as_something_described_is_called_out(harbour: Path, tmp_path: Path) -> None:
    text = harbour.read_text("utf-8").replace("{type: Thing, label: a new boat}", "{type: Thing, label: Mara Lind}")
    path = tmp_path / "harbour.yaml"
    path.write_text(text, "utf-8")
    report, _ = check([path], BASE)
    [finding] = [f for f in report.findings if f.rule == "label-only"]
    assert finding.severity == "Warning"
    assert finding.value == f"{BASE}id/person/mara-lind"
    assert finding.line > 0


def test_frames_ask_for_the_kind_alone_of_what_plays_a_role() -> None:
    # Else what the contents of one article say of an entity might change what another one's may (verdict.suspects).
    shapes = shacl.graph("frames")
    inner = {s for p in (SH.node, SH["not"], SH.qualifiedValueShape) for s in shapes.objects(None, p)}
    for members in (m for p in (SH["or"], SH["and"], SH.xone) for m in shapes.objects(None, p)):
        inner |= {*Collection(shapes, members)}
    asked = {p for s in inner for p in shapes.predicates(s)}
    assert SH["class"] in asked
    assert asked.isdisjoint((SH.path, SH.property, SH.closed, SH.sparql))
    assert {p for p in shapes.predicates() if str(p).startswith(f"{SH}target")} == {SH.targetClass}
