"""Rules for a corpus's own words that SHACL cannot express: none is ours, and some situation can keep to each frame."""

import functools
from collections.abc import Iterator

import pyoxigraph as ox
import rdflib

from quoth.claim.checking import frames, shacl
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import SH
from quoth.claim.model.report import Finding
from quoth.claim.rules.vocabulary import Vocabulary, our_vocabulary

_OF_FRAMES = (SH.property, SH.targetClass)
"""The properties by which a corpus defines frames."""
_KINDS = {"need": "need", "may": "have", "forbid": "forbid"}
"""The kinds of our property shapes of frames, and what a frame does with the role then."""


def violations(quads: list[ox.Quad], vocabulary: Vocabulary) -> Iterator[Finding]:
    """A finding for each word that one of our concepts has already, for each role that no frame can have, and for each
    frame that no situation can keep to."""
    for iri in vocabulary.corpus:
        concept = vocabulary.concept(iri)
        for other in our_vocabulary().concepts(concept.scheme).values():
            if concept.names & other.names:
                message = f"<{iri}> has the same name as our {other.name} <{other.iri}>"
                yield Finding(message, "vocabulary-clash", focus=iri, remedy="give it another id and name, or use ours")
    if of_frames := [q for q in quads if q.predicate in _OF_FRAMES]:
        yield from _unknown_roles(of_frames)
        yield from _contradictions(of_frames, vocabulary)


def _unknown_roles(quads: list[ox.Quad]) -> Iterator[Finding]:
    role_of = SH.property
    for q in quads:
        if q.predicate == role_of and q.graph_name == ox.DefaultGraph() and isinstance(q.object, ox.NamedNode):
            iri, known = q.object.value, _property_shapes()
            kind, _, role = iri.removeprefix(f"{frames.FRAMES}/").partition("#")
            if kind in _KINDS and iri not in known:
                roles = sorted(s.partition("#")[2] for s in known if s.startswith(f"{frames.FRAMES}/{kind}#"))
                everywhere = kind == "may" and f"{frames.FRAMES}/forbid#{role}" in known
                yield Finding(
                    f"every situation may have {role}"
                    if everywhere
                    else f"no frame can {_KINDS[kind]} {shortened(role)!r}",
                    "unknown-role",
                    focus=str(getattr(q.subject, "value", "")),
                    path=q.predicate.value,
                    value=iri,
                    remedy="take it out of may" if everywhere else f"a frame can {_KINDS[kind]} {', '.join(roles)}",
                )


@functools.cache
def _property_shapes() -> frozenset[str]:
    return frozenset(str(shape) for shape in shacl.graph("frames").subjects() if isinstance(shape, rdflib.URIRef))


def _contradictions(quads: list[ox.Quad], vocabulary: Vocabulary) -> Iterator[Finding]:
    """A finding for each need of a frame, its own or that of a broader type, all of whose roles are forbidden."""
    ours, own = shacl.graph("frames"), frames.own_frames(quads, vocabulary)
    for event in sorted({str(e) for e in own.objects(None, rdflib.SH.targetClass)}):
        lineage = vocabulary.lineage(event)
        forbidden = {
            role: s.partition("#")[2] for s, roles in frames.shapes_of(own, lineage, "forbid") for role in roles
        }
        for need, roles in frames.shapes_of(ours + own, lineage, "need"):
            if roles <= forbidden.keys():
                names = " and ".join(sorted(forbidden[role] for role in roles))
                message = f"the frame of <{event}> forbids {names}, but: {ours.value(need, rdflib.SH.message)}"
                yield Finding(message, "frame", focus=event, remedy=f"take {names} out of forbids, or out of needs")
