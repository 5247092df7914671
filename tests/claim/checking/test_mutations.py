"""Changes of meaning to the fictional encoding, one at a time: the check finds each, or it is on the list of what only
a person can see."""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from quoth.claim.checking import anchors, dataset_rules, frames, own_words, shacl
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.validator import Validator
from quoth.claim.checking.wording import compare
from quoth.claim.model.namespaces import RDF
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.publication import Facts, rules
from quoth.claim.rules.vocabulary import Vocabulary

from .mutated import BASE, HERE, MUTATIONS, dataset, quads


def _owner(quad: ox.Quad) -> str:
    """The resource that the quad is a part of: inferences about it are kept."""
    subject = quad.subject
    inferred = "#inference" in str(quad.graph_name)
    return "" if inferred or not isinstance(subject, ox.NamedNode) else subject.value.partition("#")[0]


def findings(changed: list[ox.Quad], whole: list[ox.Quad], texts: Texts) -> Iterator[Finding]:
    """The findings about the whole dataset. Of the claims, the shapes look at the changed ones alone."""
    yield from dataset_rules.solutions(Facts(whole, BASE), rules("check"))
    yield from dataset_rules.violations(whole, BASE, shacl.known_types())
    index, vocabulary = TripleIndex(whole), Vocabulary(whole)
    yield from anchors.verify(index, texts)
    yield from compare.findings(whole, index, vocabulary, texts)
    yield from own_words.violations(whole, vocabulary)
    owners = {_owner(q) for q in changed}
    claims = f"{BASE}id/claim/"
    # The other claims are there for those that name them.
    part = [q for q in whole if not _owner(q).startswith(claims) or _owner(q) in owners or q.predicate == RDF.type]
    yield from frames.violations(part, vocabulary, Validator())
    about = [q for q in part if not _owner(q).startswith(claims) or _owner(q) in owners]
    names = {q.subject.value for q in part if isinstance(q.subject, ox.NamedNode)}
    yield from (
        f for f in shacl.violations(about, vocabulary, Validator()) if f.value not in names or "Class" not in f.rule
    )


@functools.cache
def known(harbour: Path, folder: Path) -> frozenset[Finding]:
    """The findings about the unchanged document: warnings."""
    whole = list(quads(harbour))
    return frozenset(findings(whole, whole, Texts(folder)))


def cases() -> Iterator[Any]:
    """The mutations; all but the first for each rule take their time."""
    tried: set[str | None] = set()
    for mutation in MUTATIONS:
        again = mutation.get("rule") in {None, *tried}
        tried.add(mutation.get("rule"))
        yield pytest.param(mutation, id=mutation["what"], marks=pytest.mark.slow if again else ())


@pytest.mark.parametrize("mutation", [*cases()])
def test_a_change_of_meaning_is_found(mutation: dict[str, Any], harbour: Path, texts: Texts, tmp_path: Path) -> None:
    changed, whole = dataset(harbour, mutation, tmp_path)
    assert changed, "it changes nothing"
    new = (f for f in findings(changed, whole, texts) if f not in known(harbour, texts.directory))
    if "person" in mutation:
        assert [str(f) for f in new] == [], "it is found: name the rule"
        return
    finding = next((f for f in new if mutation["rule"] in f.rule), None)
    assert finding, "not found"
    assert finding.remedy


def test_the_unchanged_document_conforms(harbour: Path, texts: Texts) -> None:
    assert not [str(f) for f in known(harbour, texts.directory) if f.severity == "Violation"]


def test_every_rule_is_tried() -> None:
    tried = {mutation.get("rule") for mutation in MUTATIONS}
    others = "".join(path.read_text("utf-8") for path in HERE.parent.parent.rglob("test_*.py"))
    assert [r.name for r in rules("check") if r.name not in tried and f'"{r.name}"' not in others] == []
