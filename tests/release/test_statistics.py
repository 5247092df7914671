"""Counts of the terms that a release uses."""

import pyoxigraph as ox

from quoth.claim.model.namespaces import CERTAINTY, ONTOLOGY_IRI, QUOTH, RDF
from quoth.release.dumps import nquads
from quoth.release.statistics import Counts, Statistics

BASE = "https://example.org/"


def counted(quads: list[ox.Quad]) -> Statistics:
    return Counts().count(sorted(nquads.to_lines(quads)), BASE).statistics(1)


def test_uses_are_counted_in_every_graph() -> None:
    claim, content = ox.NamedNode(BASE + "id/claim/a/b"), ox.NamedNode(BASE + "id/claim/a/b#content")
    scheme = ox.NamedNode(f"{ONTOLOGY_IRI}/certainty")
    counts = counted(
        [
            ox.Quad(claim, RDF.type, QUOTH.Claim),
            ox.Quad(claim, QUOTH.certainty, CERTAINTY.certain),
            ox.Quad(claim, QUOTH.content, content),
            ox.Quad(content, QUOTH.agent, claim, content),
            ox.Quad(content, RDF.type, QUOTH.Situation, content),
            ox.Quad(scheme, ox.NamedNode("http://www.w3.org/2004/02/skos/core#hasTopConcept"), CERTAINTY.certain),
        ]
    )
    used = (QUOTH.Claim, QUOTH.Situation, QUOTH.certainty, QUOTH.agent, CERTAINTY.certain)
    assert [counts.uses(term.value) for term in used] == [1, 1, 1, 1, 1]
    assert counts.uses(CERTAINTY.probable.value) == 0
    assert counts.concepts == {CERTAINTY.certain.value: 1}


def test_statistics_without_concepts_are_read() -> None:
    whole = Statistics(resources=3)
    older = whole.to_json().replace('"concepts": {}', '"other": {}')
    assert Statistics.from_json(older) == whole
