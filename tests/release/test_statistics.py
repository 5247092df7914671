"""Counts of the terms that a release uses."""

from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import CERTAINTY, ONTOLOGY_IRI, QUOTH, RDF
from quoth.release import nquads, statistics
from quoth.release.statistics import STATISTICS, Statistics

BASE = "https://example.org/"


def counted(quads: list[ox.Quad], tmp_path: Path) -> Statistics:
    source = tmp_path / "source.nq"
    nquads.sort(nquads.to_lines(quads), source)
    statistics.write(source, tmp_path, BASE, 1)
    return Statistics.from_json((tmp_path / STATISTICS).read_text("utf-8"))


def test_uses_are_counted_in_every_graph(tmp_path: Path) -> None:
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
        ],
        tmp_path,
    )
    used = (QUOTH.Claim, QUOTH.Situation, QUOTH.certainty, QUOTH.agent, CERTAINTY.certain)
    assert [counts.uses(term.value) for term in used] == [1, 1, 1, 1, 1]
    assert counts.uses(CERTAINTY.probable.value) == 0
    assert counts.concepts == {CERTAINTY.certain.value: 1}


def test_statistics_without_concepts_are_read() -> None:
    whole = Statistics(resources=3)
    older = whole.to_json().replace('"concepts": {}', '"other": {}')
    assert Statistics.from_json(older) == whole
