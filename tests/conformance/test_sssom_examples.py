"""The examples of the SSSOM specification (https://github.com/mapping-commons/sssom): read, or refused with its reason.

They are found through the variable QUOTH_CONFORMANCE, whose folder has ``sssom.tar.xz``.
"""

import csv
import os
import tarfile
from pathlib import Path

import pytest

from quoth.claim.model.namespaces import SSSOM
from quoth.claim.reading.document import files, read
from quoth.errors import DocumentError

from ..clients import missing

EXAMPLES_OF_SPECIFICATIONS = os.environ.get("QUOTH_CONFORMANCE")

BASE = "http://localhost:8000/"
REFUSED = {"version.sssom.tsv": "it has no mapping_set_id: SSSOM requires one"}
LITERALS = {"literals.sssom.tsv": 4}
"""The mappings of literals, which link nothing and are passed over."""
EXAMPLES = 31


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    data = EXAMPLES_OF_SPECIFICATIONS
    if not data:
        missing("QUOTH_CONFORMANCE names no folder with the examples of specifications")
    folder = tmp_path_factory.mktemp("sssom")
    with tarfile.open(Path(data) / "sssom.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return files([folder])


def test_each_example_is_read_or_refused_with_the_reason_of_the_specification(examples: list[Path]) -> None:
    assert len(examples) == EXAMPLES
    refused, passed_over = {}, {}
    for path in examples:
        table = [line for line in path.read_text("utf-8").splitlines(keepends=True) if line[0] != "#"]
        try:
            document = read(path, BASE)
        except DocumentError as error:
            refused[path.name] = error.detail
            continue
        assert [str(f) for f in document.findings if f.severity == "Violation"] == [], path.name
        read_rows = sum(quad.object == SSSOM.Mapping for quad in document.quads)
        rows = sum(any(cells) for cells in csv.reader(table, delimiter="\t")) - 1
        if lost := rows - read_rows:
            passed_over[path.name] = lost
    assert refused == REFUSED
    assert passed_over == LITERALS
