"""Units that are checked in a batch have the findings that each has by itself, at the same lines, whatever is wrong in
others of the batch; and only what may be wrong is checked by itself."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.claim.checking import check, examiner
from quoth.claim.checking.checked import checked
from quoth.claim.model.report import Report

from ...conftest import CORPUS
from ..mutation import addition
from .mutated import BASE, MUTATIONS
from .several_articles import copied

USABLE = [mutation for mutation in MUTATIONS if not mutation.keys() & {"words"}]
SLUGS = ("harbour", "pier", "quay", "dock", "jetty")
SALT = "id/org/velm-salt"
ADDED = [
    "",
    f"<{SALT}> a foaf:Person .",
    f"<{SALT}> rdfs:seeAlso [ rdfs:label 'x'@en ] .",
    "<id/claim/pier/ferry-late#attribution> quoth:source <id/org/velm-slat> .",
    "<id/claim/quay/ferry-late#content> { <id/claim/quay/ferry-late#boat> a schema:City }",
    f"<{SALT}> {{ <id/org/velm-slat> a schema:City }}",
    "<id/claim/dock/ferry-late#anchor-position> oa:start 0014 .",
    f"<{SALT}#gone> a quoth:Withdrawal ; quoth:withdraws <{SALT}> ; dcterms:date '2026-11-24' .",
    "<id/claim/pier/ferry-late#attribution> quoth:source <id/source/harbour/two-dockers> .",
]
"""Statements in a document of their own, beside the articles."""


def corpus(folder: Path, mutations: list[dict[str, Any] | None], added: str = "") -> Path:
    """A corpus with an article for each mutation (None: without one)."""
    for slug, mutation in zip(SLUGS, mutations, strict=False):
        copied(CORPUS / "harbour.yaml", folder, slug, mutation)
    shutil.copy(CORPUS / "vocabulary.yaml", folder)
    if added:
        addition(added, folder)
    return folder


def report(folder: Path, batch: int) -> Report:
    """The report on a corpus, of which ``batch`` units are checked together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examiner, "BATCH", batch)
        with checked([folder], BASE) as outcome:
            return outcome.report


def held_together(mutations: list[dict[str, Any] | None], added: str) -> Report:
    """The report on the corpus, in batches, one by one, and as a whole."""
    with tempfile.TemporaryDirectory() as name:
        folder = corpus(Path(name), mutations, added)
        together = report(folder, 16)
        assert together == report(folder, 1)
        assert in_order(together) == in_order(check.check([folder], BASE)[0])
        return together


def in_order(report: Report) -> Report:
    """The report with the coverage of texts in the order of their articles."""
    return replace(report, coverage=tuple(sorted(report.coverage, key=lambda c: (c.article, c.encoding))))


some = st.lists(st.one_of(st.none(), st.sampled_from(USABLE)), min_size=2, max_size=len(SLUGS))


@pytest.mark.slow
@settings(max_examples=4, deadline=None, derandomize=True)
@given(mutations=some, added=st.sampled_from(ADDED))
def test_a_batch_has_the_findings_of_each(mutations: list[dict[str, Any] | None], added: str) -> None:
    held_together(mutations, added)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(mutations=some, added=st.sampled_from(ADDED))
def test_any_batch_has_the_findings_of_each(mutations: list[dict[str, Any] | None], added: str) -> None:
    held_together(mutations, added)


@pytest.mark.slow
@pytest.mark.parametrize("added", ADDED[1:])
def test_a_bad_addition_to_a_batch_is_found(added: str) -> None:
    assert held_together([None, None, None, None], added).findings


def test_what_a_content_says_of_an_entity_is_not_known_in_other_articles(tmp_path: Path) -> None:
    # A person or an organisation is an agent of a payment, and a city is not; a document could be in its place.
    says = f"<id/claim/quay/ferry-late#content> {{ <{SALT}> a schema:City }}"
    together = report(corpus(tmp_path, [None, None, None], says), 16)
    assert together == report(tmp_path, 1)
    assert {Path(f.file).stem for f in together.findings if f.rule == "frame"} == {"quay"}


@pytest.mark.slow
def test_a_batch_has_the_findings_of_the_reference(tmp_path: Path) -> None:
    folder = corpus(tmp_path, [USABLE[0], None, USABLE[7], None], ADDED[3])
    together = report(folder, 16)
    assert together.findings
    assert together.findings == check.check([folder], BASE, reference=True)[0].findings


WRONG = {"change": {"ferry-late": {"certainty": "id/org/velm-salt"}}}


@pytest.mark.parametrize("wrong", [(), (2,), (0, 3)])
def test_only_what_may_be_wrong_is_checked_by_itself(
    wrong: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus(tmp_path, [WRONG if number in wrong else None for number in range(4)])
    looked_at: list[int] = []
    found = check.found

    def counted(quads: list[ox.Quad], *others: Any) -> Any:
        looked_at.append(len({q.subject for q in quads if str(q.subject).endswith("#encoding>")}))
        return found(quads, *others)

    monkeypatch.setattr(check, "found", counted)
    with checked([folder], BASE) as outcome:
        assert {Path(f.file).stem for f in outcome.report.findings if f.severity == "Violation"} == {
            SLUGS[number] for number in wrong
        }
    assert looked_at == [4, *(1 for _ in wrong)]  # articles


def test_iris_are_looked_for_in_one_document_after_the_other(tmp_path: Path) -> None:
    folder = corpus(tmp_path, [None, None], "<id/org/velm-salt> rdfs:comment 'see <urn:x:in-words>'@en .")
    here, there = f"{BASE}id/claim/pier/ferry-late", f"{BASE}{SALT}"
    with checked([folder], BASE) as outcome:
        assert outcome.names({here, there, "urn:x:in-words", f"{BASE}id/claim/pier/ferry"}) == {here, there}
        assert outcome.names(set()) == set()
