"""Frames: whether each situation has the roles that its event type asks for, and no others (``shapes/frames.ttl``).

The situations of all contents are one graph for this, in which the event type of a situation counts as its class, and a
concept as a subclass of its broader ones (SHACL §2.1.3.1), so that a frame of ours holds for the narrower types of a
corpus, whose own frames add to it.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import RDF, RDFS, SH

from quoth.claim.checking import shacl
from quoth.claim.model.namespaces import QUOTH, SEM
from quoth.claim.model.namespaces import RDF as QUOTH_RDF
from quoth.claim.model.namespaces import SH as QUOTH_SH
from quoth.claim.model.report import Finding, Severity
from quoth.claim.rules.vocabulary import Vocabulary

RULE = "frame"
_HEADER = rdflib.URIRef("https://w3id.org/quoth/shapes/frames")


def violations(quads: list[ox.Quad], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Every result of the frames, with the severity that the head of their file gives."""
    contents = {q.object for q in quads if q.predicate == QUOTH.content}
    members = [q for q in quads if q.graph_name in contents]
    kinds = [q for q in quads if q.predicate == QUOTH_RDF.type and q.graph_name == ox.DefaultGraph()]
    types = {q.subject: q.object for q in members if q.predicate == SEM.eventType}
    if not types:
        return
    data = shacl.as_rdflib([*members, *kinds])
    for situation, event in types.items():
        data.add((shacl.term(situation), RDF.type, shacl.term(event)))
    for concept in vocabulary.corpus:
        for broader in vocabulary.broader(concept):
            data.add((rdflib.URIRef(concept), RDFS.subClassOf, rdflib.URIRef(broader)))
    shapes = shacl.graph("frames")
    _, results, text = pyshacl.validate(data, shacl_graph=shapes + _own(quads), inplace=True)
    if not isinstance(results, rdflib.Graph):
        raise RuntimeError(f"the frames cannot be used: {text}")
    names = {str(shacl.term(s)): _name(str(shacl.term(event))) for s, event in types.items()}
    for result in results.objects(None, SH.result):
        finding = shacl.finding(results, result, shapes)
        role = finding.path.rpartition("#")[2].rpartition("/")[2]
        closed = finding.rule == str(SH.ClosedConstraintComponent)
        yield Finding(
            f"{names.get(finding.focus, 'situation')}: {finding.message}",
            RULE,
            severity(shapes),
            focus=finding.focus,
            path=finding.path,
            value=finding.value,
            remedy=f"take {role} out, or use a role of the frame"
            if closed
            else f"{'name another' if role else 'add it'}, or choose another event type",
        )


def severity(shapes: rdflib.Graph) -> Severity:
    """The severity of all results, which the head of the file of frames gives."""
    return "Violation" if shapes.value(_HEADER, SH.severity) == SH.Violation else "Warning"


def _own(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """The frames of the corpus: which of our property shapes they name, and for which of its event types.

    Nothing else of theirs is used: a pattern or a query could be made to take for ever.
    """
    ours, own = shacl.graph("frames"), rdflib.Graph()
    for q in quads:
        if q.graph_name == ox.DefaultGraph() and q.predicate in (QUOTH_SH.property, QUOTH_SH.targetClass):
            subject, value = shacl.term(q.subject), shacl.term(q.object)
            if q.predicate == QUOTH_SH.targetClass or (value, RDF.type, SH.PropertyShape) in ours:
                own.add((subject, RDF.type, SH.NodeShape))
                own.add((subject, rdflib.URIRef(q.predicate.value), value))
    return own


def _name(iri: str) -> str:
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]
