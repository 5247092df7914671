"""What SHACL cannot say of a corpus's own words: they are none of ours, and their frames ask for roles that we know."""

from collections.abc import Iterator

import pyoxigraph as ox
import rdflib

from quoth.claim.checking import shacl
from quoth.claim.model.namespaces import SH
from quoth.claim.model.report import Finding
from quoth.claim.rules.vocabulary import Vocabulary, our_vocabulary

FRAMES = "https://w3id.org/quoth/shapes/frames"


def violations(quads: list[ox.Quad], vocabulary: Vocabulary) -> Iterator[Finding]:
    """A finding for each word that one of our concepts has already, and for each role that no frame can need."""
    for iri in vocabulary.corpus:
        concept = vocabulary.concept(iri)
        for other in our_vocabulary().concepts(concept.scheme).values():
            if concept.names & other.names:
                message = f"<{iri}> is called as our {other.name} is, <{other.iri}>"
                yield Finding(message, "vocabulary-clash", focus=iri, remedy="give it another id and name, or use ours")
    known = set(shacl.graph("frames").subjects())
    for q in quads:
        if q.predicate == SH.property and q.graph_name == ox.DefaultGraph() and isinstance(q.object, ox.NamedNode):
            iri = q.object.value
            if iri.startswith(FRAMES) and rdflib.URIRef(iri) not in known:
                roles = sorted(str(s).partition("#")[2] for s in known if str(s).startswith(f"{FRAMES}/need#"))
                yield Finding(
                    f"no frame can need {iri.partition('#')[2]!r}",
                    "unknown-role",
                    focus=str(getattr(q.subject, "value", "")),
                    path=q.predicate.value,
                    value=iri,
                    remedy=f"a frame can need {', '.join(roles)}",
                )
