"""Frames: whether each situation has the roles that its event type asks for, and no others (``shapes/frames.ttl``).

The situations of all contents are one graph for this, in which the event type of a situation counts as its class, and a
concept as a subclass of its broader ones (SHACL §2.1.3.1), so that a frame of ours holds for the narrower types of a
corpus. Their own frames change it: a role that they need or may have is allowed, though the frame of ours is closed.
"""

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from quoth.claim.checking import shacl
from quoth.claim.checking.validator import Validator, term
from quoth.claim.model.namespaces import QUOTH, SEM
from quoth.claim.model.namespaces import RDF as QUOTH_RDF
from quoth.claim.model.namespaces import RDFS as QUOTH_RDFS
from quoth.claim.model.namespaces import SH as QUOTH_SH
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding, Severity
from quoth.claim.rules.vocabulary import Vocabulary

RULE = "frame"
FRAMES = "https://w3id.org/quoth/shapes/frames"
_CLOSED = str(SH.ClosedConstraintComponent)
Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Value = Subject | ox.Literal
_HEADER = rdflib.URIRef(FRAMES)


def violations(quads: list[ox.Quad], vocabulary: Vocabulary, validator: Validator) -> Iterator[Finding]:
    """Every result of the frames, with the severity that the head of their file gives."""
    content, type_, event_type, default = QUOTH.content, QUOTH_RDF.type, SEM.eventType, ox.DefaultGraph()
    contents = {q.object for q in quads if q.predicate == content}
    data, types = list[ox.Quad](), dict[Subject, Value]()
    for q in quads:
        subject, predicate, value, graph = q
        if graph in contents:
            data.append(q)
            if predicate == event_type:
                types[subject] = value
        elif predicate == type_ and graph == default:
            data.append(q)
    if not types:
        return
    data += [ox.Quad(situation, type_, event) for situation, event in types.items()]
    for concept in vocabulary.corpus:
        for broader in vocabulary.lineage(concept)[1:]:
            data.append(ox.Quad(ox.NamedNode(concept), QUOTH_RDFS.subClassOf, ox.NamedNode(broader)))
    shapes, own = shacl.graph("frames"), own_frames(quads, vocabulary)
    events = {str(term(s)): str(term(event)) for s, event in types.items()}
    decided = {e: _decided(own, vocabulary.lineage(e)) for e in set(events.values()) & set(vocabulary.corpus)}
    found = shacl.findings(validator, data, _with_ours(frozenset(own)) if own else shapes)
    # What is no role at all stands for one that is missing: what it should be is said once.
    misplaced = {f.focus for f in found if f.rule == _CLOSED and not f.path.startswith(QUOTH.iri)}
    for finding in found:
        if not finding.path and finding.focus in misplaced:
            continue
        role = finding.path.rpartition("#")[2].rpartition("/")[2]
        closed = finding.rule == _CLOSED
        kind = events.get(finding.focus, "situation")
        if closed and finding.path in decided.get(kind, ()):
            continue
        message = f"{_name(kind)}: {finding.message}"
        yield Finding(
            f"“{key_of(finding.path)}” is not a role of {_name(kind)}" if closed else message,
            RULE,
            severity(shapes),
            focus=finding.focus,
            path=finding.path,
            value=finding.value,
            remedy=f"{finding.remedy}, or use a role of the frame{_roles(vocabulary.lineage(kind))}"
            if closed or finding.rule == str(SH.MaxCountConstraintComponent)
            else f"{'name another' if role else 'add it'}, or choose another event type",
        )


def _roles(lineage: list[str]) -> str:
    """The roles in our frame of an event type, or of the nearest of its broader ones, in words."""
    frames = shacl.graph("frames")
    told = (
        frames.value(shape, RDFS.comment)
        for e in lineage
        for shape in frames.subjects(SH.targetClass, rdflib.URIRef(e))
    )
    return next((f" ({roles})" for roles in told if roles), "")


def severity(shapes: rdflib.Graph) -> Severity:
    """The severity of all results, which the head of the file of frames gives."""
    return "Violation" if shapes.value(_HEADER, SH.severity) == SH.Violation else "Warning"


def own_frames(quads: Iterable[ox.Quad], vocabulary: Vocabulary) -> rdflib.Graph:
    """The frames of the corpus: which of our property shapes they name, and for which of its event types.

    Nothing else of theirs is used: a pattern or a query could be made to take for ever. A role that they need and that
    no frame allows so far is played by whom our shape of the role says.
    """
    ours, own = shacl.graph("frames"), rdflib.Graph()
    said = frozenset((QUOTH_SH.property, QUOTH_SH.targetClass))
    for q in quads:
        if q.predicate in said and q.graph_name == ox.DefaultGraph():
            subject, value = term(q.subject), term(q.object)
            if q.predicate == QUOTH_SH.targetClass or (value, RDF.type, SH.PropertyShape) in ours:
                own.add((subject, RDF.type, SH.NodeShape))
                own.add((subject, rdflib.URIRef(q.predicate.value), value))
    for frame, event in [*own.subject_objects(SH.targetClass)]:
        lineage = vocabulary.lineage(str(event))
        playable = {role for frames in (ours, own) for _, roles in shapes_of(frames, lineage, "may") for role in roles}
        for shape, roles in [*shapes_of(own, lineage[:1], "need")]:
            player = rdflib.URIRef(shape.replace("/need#", "/may#"))
            if not roles <= playable and (player, RDF.type, SH.PropertyShape) in ours:
                own.add((frame, SH.property, player))
    return own


@functools.lru_cache(16)
def _with_ours(own: frozenset[Any]) -> rdflib.Graph:
    """Our frames and those of a corpus as one graph, which many units have in common."""
    together = rdflib.Graph()
    together += shacl.graph("frames")
    for triple in own:
        together.add(triple)
    return together


def shapes_of(frames: rdflib.Graph, events: Iterable[str], kind: str) -> Iterator[tuple[rdflib.URIRef, set[str]]]:
    """The property shapes ``kind`` (need, may or forbid) in the frames of event types, each with its roles (IRIs)."""
    ours = shacl.graph("frames")
    for event in events:
        for frame in frames.subjects(SH.targetClass, rdflib.URIRef(event)):
            for shape in frames.objects(frame, SH.property):
                if isinstance(shape, rdflib.URIRef) and shape.startswith(f"{FRAMES}/{kind}#"):
                    path = ours.value(shape, SH.path)
                    several = ours.value(path, SH.alternativePath)
                    paths = Collection(ours, several) if several else [path]
                    yield shape, set(map(str, paths)) - {QUOTH.unstated.value}


def _decided(own: rdflib.Graph, lineage: list[str]) -> set[str]:
    """The roles of which the corpus's frames of an event type and its broader ones decide, instead of ours."""
    return {role for kind in ("need", "may", "forbid") for _, roles in shapes_of(own, lineage, kind) for role in roles}


def _name(iri: str) -> str:
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]
