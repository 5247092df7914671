"""A document that somebody wrote in TriG is checked as one in YAML is, together with the others of the corpus."""

from pathlib import Path

import pytest

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check

from ..mutation import mutate

BASE = "http://localhost:8000/"
WRITTEN = Path(__file__).with_name("tea.trig")


def test_claims_of_one_article_may_stand_in_two_documents(harbour: Path, texts: Texts) -> None:
    alone, _ = check([harbour], BASE, texts)
    report, _ = check([harbour, WRITTEN], BASE, texts)
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    assert report.claims == alone.claims + 2


BREAKS = {
    "act of an inner level outside its claim": (
        "quoth:act <id/claim/harbour/velm-salt-has-crates-act>",
        "quoth:speechAct speech-act:recorded",
        "inner-act",
    ),
    "act of something else": (
        "quoth:terms <id/claim/harbour/velm-salt-has-crates>",
        "quoth:terms <id/org/velm-salt>",
        "act-content",
    ),
    "wrong offset": ("oa:start 674", "oa:start 673", "anchor-text"),
    "wrong quotation": ("company’s crates", "company's crates", "anchor-quotation"),
    "no certainty": ("    quoth:certainty certainty:certain ;\n", "", "MinCount"),
    "content in the default graph": (
        "a quoth:Content .\n",
        "a quoth:Content ; quoth:agent <id/org/velm-salt> .\n",
        "Closed",
    ),
    "level without end": ("harbour/velm-salt-has-crates#article> .\n<", "harbour/nowhere> .\n<", "dangling"),
    "own voice by another": ("speech-act:said", "speech-act:stated", "act-stated"),
}


@pytest.mark.parametrize(("old", "new", "rule"), BREAKS.values(), ids=BREAKS)
def test_a_mistake_has_a_finding_with_its_line(
    old: str, new: str, rule: str, harbour: Path, texts: Texts, tmp_path: Path
) -> None:
    path = tmp_path / "tea.trig"
    mutate(WRITTEN.read_text("utf-8"), old, new, path)
    report, _ = check([harbour, path], BASE, texts)
    mine = [f for f in report.findings if f.file == str(path)]
    assert any(rule in f.rule for f in mine), [str(f) for f in report.findings]
    assert all(f.line for f in mine)
