"""Content graphs are validated in groups, with the findings that each of them has by itself."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check, shacl
from quoth.claim.checking.check import read_all
from quoth.claim.checking.validator import Validator
from quoth.claim.model.report import Finding
from quoth.claim.rules.vocabulary import Vocabulary
from quoth.resources import folder

from ...conftest import CORPUS
from ..mutation import addition

BASE = "http://localhost:8000/"
LATE, ASHORE = (f"id/claim/harbour/{slug}" for slug in ("ferry-late", "pilots-ashore"))


def one_by_one(graphs: Iterable[list[ox.Quad]]) -> list[list[ox.Quad]]:
    return list(graphs)


def both(quads: list[ox.Quad], monkeypatch: pytest.MonkeyPatch) -> tuple[list[Finding], list[Finding]]:
    """The findings of the shapes with groups, and without."""
    order = [f.name for f in Finding.__dataclass_fields__.values()]

    def found() -> list[Finding]:
        findings = set(shacl.violations(quads, Vocabulary(quads), Validator()))
        return sorted(findings, key=lambda f: [str(getattr(f, name)) for name in order])

    grouped = found()
    monkeypatch.setattr(shacl, "apart", one_by_one)
    return grouped, found()


MISTAKES = {
    "none": "",
    "a situation without a type": f"<{LATE}#content> {{ <{LATE}#x> a quoth:Situation }}",
    "two mistakes in two contents": f"<{LATE}#content> {{ <{LATE}#situation> quoth:agent 'x' }}"
    f" <{ASHORE}#content> {{ <{ASHORE}#situation> quoth:quantity true }}",
    # What one content says of an entity is not known in another one.
    "an entity with a label in one content": f"<{LATE}#content> {{ <id/org/nobody> rdfs:label 'x'@en }}"
    f" <{ASHORE}#content> {{ <{ASHORE}#situation> quoth:agent <id/org/nobody> }}",
    "a part of another content": f"<{LATE}#content> {{ <{LATE}#situation> quoth:condition <{ASHORE}#situation> }}",
    "one situation in two contents": f"<{LATE}#content> {{ <{ASHORE}#situation> a quoth:Situation ; quoth:agent 'y' }}",
    "a place that is an actor in another content": f"<{LATE}#content> {{ <id/place/quay-4> a org:Organization }}"
    f" <{ASHORE}#content> {{ <{ASHORE}#situation> quoth:origin <id/place/quay-4> }}",
    "an inference about a part of a content": "<id/article/harbour#inference> {"
    f" <{LATE}#situation> a quoth:Situation ; quoth:latest 'x' }}",
}


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_the_same_findings(mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents, _ = read_all([CORPUS, *([addition(mistake, tmp_path)] if mistake else [])], BASE)
    grouped, single = both(list(dict.fromkeys(q for d in documents for q in d.quads)), monkeypatch)
    assert grouped == single
    assert bool(single) == (mistake not in (MISTAKES["none"], MISTAKES["a place that is an actor in another content"]))


@pytest.mark.slow
@pytest.mark.long
def test_the_shipped_data_have_the_same_findings_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    grouped = check.check([folder("data")], BASE)[0]
    monkeypatch.setattr(shacl, "apart", one_by_one)
    assert grouped == check.check([folder("data")], BASE)[0]


def test_the_graphs_of_the_corpus_are_few_groups() -> None:
    documents, _ = read_all([CORPUS], BASE)
    graphs: dict[object, list[ox.Quad]] = {}
    for q in (q for d in documents for q in d.quads):
        if str(q.graph_name).endswith("#content>"):
            graphs.setdefault(q.graph_name, []).append(q)
    assert len(graphs) > 20
    groups = shacl.apart(graphs.values())
    assert len(groups) <= 3
    assert sorted(map(str, (q for g in groups for q in g))) == sorted(map(str, (q for g in graphs.values() for q in g)))
