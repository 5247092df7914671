"""Summaries from sorted lines equal those from the engine, whatever lines stand between a claim and its parts."""

from pathlib import Path

import pyoxigraph as ox

from quoth.claim.checking.check import read_all
from quoth.claim.model.claim_summary import ClaimSummary, acts, summarize
from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules import publication
from quoth.index import build, claim_summaries
from quoth.index.claims import ClaimIndex
from quoth.index.selection import Selection
from quoth.release.publish import publish
from quoth.resources import folder

BASE = "http://localhost:8000/"


def test_the_shipped_claims_have_the_summaries_of_their_quads(tmp_path: Path) -> None:
    documents, _ = read_all([folder("data")], BASE)
    quads = publication.published_quads((quad for document in documents for quad in document.quads), BASE)
    release = publish(quads, releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    lists = ClaimIndex(release.path / build.INDEX_FILE, lambda name: [])
    index = TripleIndex(release_quads := list(ox.Store.read_only(str(release.store_path))))
    known_acts = acts(release_quads)
    every = lists.claims(Selection("all"), first=0, size=1000)
    assert len(every) == release.manifest.claims > 50
    assert lists.summaries(every) == {iri: summarize(index, iri, known_acts) for iri in every}
    assert len(release_quads) == release.manifest.quads


def test_parts_are_assigned_to_their_claim_past_longer_names() -> None:
    names = ["x", "x-2", "x0", "x#a", "x#a-b", "x-2#a", "x0#a", "x-2-3#a", "y#a"]
    lines = sorted(f"<e:{name}> {QUOTH.source} <e:s> .\n".encode() for name in names)
    sizes = {whole: len(group) for whole, group in claim_summaries.together(lines)}
    assert sizes == {b"e:x": 3, b"e:x-2": 2, b"e:x0": 2}


def test_a_summary_survives_serialization() -> None:
    claim, level = ox.NamedNode(BASE + "id/claim/a/b"), ox.NamedNode(BASE + "id/claim/a/b#attribution")
    quads = [
        ox.Quad(claim, RDF.type, QUOTH.Claim),
        ox.Quad(claim, QUOTH.attribution, level),
        ox.Quad(level, QUOTH.within, level),  # a chain that bites its tail ends
        ox.Quad(level, QUOTH.source, ox.NamedNode(BASE + "id/org/b")),
        ox.Quad(level, QUOTH.source, ox.NamedNode(BASE + "id/org/a")),
    ]
    read = summarize(TripleIndex(quads), claim.value, {})
    assert [step.sources for step in read.steps] == [[BASE + "id/org/a", BASE + "id/org/b"]]
    assert ClaimSummary.from_json(claim.value, read.to_json()) == read
