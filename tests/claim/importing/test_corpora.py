"""PolNeAR (Newell et al., LREC 2018), whole: each attribution that has words becomes a claim that the check accepts.

It is found through the variable QUOTH_CORPORA, whose folder has ``polnear`` or an archive of it.
"""

import os
import random
import tarfile
from pathlib import Path

import pytest

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.importing import mapping as mappings
from quoth.claim.importing import readers
from quoth.claim.importing.imports import Import, Outcome, Target
from quoth.claim.model.licences import Passages

from ...clients import missing
from .examples import BASE, LICENCE, corpus

CORPORA = os.environ.get("QUOTH_CORPORA")
ATTRIBUTIONS, ENCODINGS = 24786, 1013
CHECKED = 6
"""Articles that are checked here; the check of all takes minutes."""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def polnear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not CORPORA:
        missing("QUOTH_CORPORA names no folder with corpora")
    if (folder := Path(CORPORA) / "polnear").is_dir():
        return folder
    archives = sorted(Path(CORPORA).glob("polnear*.tar.*"))
    if not archives:
        missing(f"QUOTH_CORPORA has no polnear: {CORPORA}")
    to = tmp_path_factory.mktemp("polnear")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(to, filter="data")
    return next(path.parent for path in to.rglob("data") if path.is_dir())


def imported(source: Path, to: Path) -> Outcome:
    reader = readers.get("brat")
    mapping = mappings.read("polnear", reader.KEYS, "brat").completed({"encoding.licence": LICENCE})
    target = Target(to, to / "articles", to / "texts")
    return Import(target, mapping.rule).run(reader.read(source, mapping, target.texts))


@pytest.mark.slow
def test_the_whole_of_polnear_comes_in_and_comes_in_again(polnear: Path, tmp_path: Path) -> None:
    to = corpus(tmp_path)
    outcome = imported(polnear, to)
    assert (outcome.articles, outcome.attributions) == (ENCODINGS, ATTRIBUTIONS)
    unfit = [m for m in outcome.misfits if not m.declared]
    assert outcome.claims == {"added": ATTRIBUTIONS - sum(m.kind == "without content" for m in unfit)}
    assert {m.kind for m in unfit} == {"without spans", "note", "without content"}
    assert len(outcome.agreements) > 18
    again = imported(polnear, to)
    assert (again.written, again.claims) == (0, {"unchanged": outcome.claims["added"]})
    some = random.Random(14).sample(sorted((to / "articles").glob("*[!.]????.yaml")), CHECKED)
    paths = [to / "imported-entities.yaml", *(p for s in some for p in s.parent.glob(f"{s.name.partition('.')[0]}*"))]
    report = check(paths, BASE, Texts(to / "texts"), passages=Passages(100))[0]
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
