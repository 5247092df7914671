"""Linksets, as the library of those who made SSSOM reads them: valid, and saying what we read in them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import DCTERMS, OWL, PROV, RDF, RDFS, SSSOM
from quoth.claim.reading.document import read
from quoth.resources import folder

from ..clients import installed
from .conftest import BASE, HERE

pytestmark = pytest.mark.slow

FILES = [*sorted((folder("data") / "links").glob("*.sssom.tsv")), *sorted((HERE.parent / "corpus").glob("*.sssom.tsv"))]
SLOTS = {
    "subject_id": OWL.annotatedSource,
    "subject_label": SSSOM.subject_label,
    "predicate_id": OWL.annotatedProperty,
    "object_id": OWL.annotatedTarget,
    "object_label": SSSOM.object_label,
    "object_source": SSSOM.object_source,
    "mapping_justification": SSSOM.mapping_justification,
    "author_id": PROV.wasAttributedTo,
    "mapping_date": DCTERMS.created,
    "review_date": SSSOM.review_date,
    "confidence": SSSOM.confidence,
    "comment": RDFS.comment,
}


@pytest.fixture(scope="module")
def theirs() -> dict[str, Any]:
    install = f"{sys.executable} -m venv venv && venv/bin/pip install --quiet -r requirements.txt"
    there = installed("sssom", HERE / "clients" / "requirements.txt", ["sh", "-c", install])
    command = [there / "venv" / "bin" / "python", HERE / "clients" / "mappings.py", *FILES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip((f.name for f in FILES), json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("file", FILES, ids=[f.name for f in FILES])
def test_the_library_and_quoth_read_the_same_mappings(file: Path, theirs: dict[str, Any]) -> None:
    there = theirs[file.name]
    assert there["problems"] == []
    quads = read(file, BASE).quads
    mappings = [q.subject for q in quads if q.predicate == RDF.type and q.object == SSSOM.Mapping]
    ours = []
    for mapping in mappings:
        said = {q.predicate: q.object for q in quads if q.subject == mapping}
        row = {slot: getattr(said[p], "value", "") for slot, p in SLOTS.items() if p in said}
        ours.append({**row, **({"predicate_modifier": "Not"} if SSSOM.predicate_modifier in said else {})})
    wanted = [{k: str(v) for k, v in row.items() if k in SLOTS or k == "predicate_modifier"} for row in there["rows"]]
    assert sorted(ours, key=str) == sorted(
        ({k: row[k] for k in [*SLOTS, "predicate_modifier"] if k in row} for row in wanted), key=str
    )
    [linkset] = [q.subject for q in quads if q.predicate == DCTERMS.source]
    assert isinstance(linkset, ox.NamedNode)
    assert there["set"]["mapping_set_id"] == linkset.value
