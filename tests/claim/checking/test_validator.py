"""Both validators give the same findings, over sound and broken data; where one fails, the reference judges."""

import importlib.util
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from quoth.claim.checking import check, frames, shacl, validator
from quoth.claim.checking.check import read_all
from quoth.claim.checking.validator import Validator
from quoth.claim.model.namespaces import OA, XSD
from quoth.claim.rules.publication import published_quads
from quoth.claim.rules.vocabulary import Vocabulary
from quoth.resources import folder

from ...conftest import CORPUS

BASE = "http://localhost:8000/"
TYPED = {
    "integer": ["abc", "007", "99999999999999999999999"],
    "nonNegativeInteger": ["-1"],
    "decimal": ["1.10", "1,5"],
    "double": ["1e400", "INF", "+INF"],
    "date": ["-0044-03-15", "0000-01-01", "12345-01-01", "2026-02-30", "28.11.2026"],
    "dateTime": ["2026-01-01T24:00:00Z", "2026-01-01T10:00:00"],
    "dateTimeStamp": ["2026-01-01T10:00:00"],
    "gYear": ["2026", "26"],
    "duration": ["P1Y", "P"],
    "anyURI": ["http://x y"],
}
ODD: list[ox.NamedNode | ox.BlankNode | ox.Literal] = [
    *(ox.Literal(form, datatype=ox.NamedNode(XSD.iri + name)) for name, forms in TYPED.items() for form in forms),
    *(ox.Literal(form, datatype=XSD.boolean) for form in ("true", "0")),
    *map(ox.Literal, ("", "x", "two\nlines", "x" * 5000)),
    ox.Literal("", language="en"),
    ox.Literal("été", language="fr-CA"),
    ox.NamedNode("urn:example:x"),
    ox.NamedNode(f"{BASE}id/org/nobody"),
    ox.BlankNode("b"),
]
"""Values that documents of strangers have where others belong."""


def corpus(path: Path) -> list[ox.Quad]:
    documents, _ = read_all([path], BASE)
    return list(dict.fromkeys(quad for document in documents for quad in document.quads))


def broken(quads: list[ox.Quad], seed: int) -> list[ox.Quad]:
    """The quads with some that are left out, are changed or moved, or are new."""
    dice, changed = random.Random(seed), list(quads)
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(changed))
        a, b = changed[place], dice.choice(changed)
        odd = dice.choice(ODD)
        changed[place : place + 1] = dice.choice(
            [
                [],
                [ox.Quad(a.subject, a.predicate, odd, a.graph_name)],
                [ox.Quad(a.subject, a.predicate, b.object, a.graph_name)],
                [a, ox.Quad(a.subject, b.predicate, b.object, a.graph_name)],
                [a, ox.Quad(a.subject, a.predicate, b.object, a.graph_name)],
                [a, ox.Quad(b.subject, a.predicate, a.object, b.graph_name)],
                [a, ox.Quad(a.subject, b.predicate, odd, a.graph_name)],
            ]
        )
    return list(dict.fromkeys(changed))


def findings(quads: list[ox.Quad], reference: bool) -> list[str]:
    vocabulary, judge = Vocabulary(quads), Validator(reference)
    found = [*shacl.violations(quads, vocabulary, judge), *frames.violations(quads, vocabulary, judge)]
    assert str(judge).startswith("pyshacl 0" if reference else "pyshacl-turbo 0")
    return sorted(map(repr, found))


@pytest.mark.slow
def test_what_is_derived_breaks_the_shapes_of_what_is_written_in_the_same_places() -> None:
    derived = list(published_quads(corpus(CORPUS), BASE))
    expected = findings(derived, reference=True)
    assert len(expected) > 500
    assert findings(derived, reference=False) == expected


@pytest.mark.slow
def test_the_shipped_corpus_is_judged_alike() -> None:
    derived = list(published_quads(corpus(folder("data")), BASE))
    expected = findings(derived, reference=True)
    assert expected
    assert findings(derived, reference=False) == expected


SEEDS = 60


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(s, marks=pytest.mark.slow) for s in range(2, SEEDS))])
def test_broken_documents_are_judged_alike(seed: int) -> None:
    quads = broken(corpus(CORPUS), seed)
    assert findings(quads, reference=False) == findings(quads, reference=True)


def test_a_value_of_a_datatype_that_nobody_knows_is_compared_by_the_reference_alone() -> None:
    # SHACL §4.3.1: what cannot be compared breaks the constraint. The datatype is a violation for both.
    quads = corpus(CORPUS)
    start = next(quad for quad in quads if quad.predicate == OA.start)
    unknown = ox.Literal("1", datatype=ox.NamedNode("urn:example:datatype"))
    quads[quads.index(start)] = ox.Quad(start.subject, start.predicate, unknown, start.graph_name)
    fast, slow = (set(findings(quads, reference)) for reference in (False, True))
    assert slow < fast
    assert ["MinInclusive" in finding for finding in fast - slow] == [True]


def without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyshacl_turbo" else find(name))


def with_a_package_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(shapes: rdflib.Graph) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr(validator, "_compiled", failing)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (without_the_package, "pyshacl-turbo is not installed"),
        (with_a_package_that_fails, "pyshacl-turbo failed: RuntimeError: out of order"),
    ],
)
def test_the_reference_takes_over_and_the_report_says_why(
    trouble: Callable[[pytest.MonkeyPatch], None], reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "wrong.ttl").write_text(f"<{BASE}id/claim/x/y> a <https://w3id.org/quoth/ns#Claim> .")
    expected, _ = check.check([tmp_path], BASE)
    assert not expected.conforms
    assert expected.validator.startswith("pyshacl-turbo ")
    trouble(monkeypatch)
    report, _ = check.check([tmp_path], BASE)
    assert report.findings == expected.findings
    assert report.validator.startswith("pyshacl 0.")
    assert report.validator.endswith(f"({reason})")
    assert f"validated with {report.validator}" in report.as_turtle()


def test_the_reference_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "wrong.ttl").write_text(f"<{BASE}id/claim/x/y> a <https://w3id.org/quoth/ns#Claim> .")
    report, _ = check.check([tmp_path], BASE, reference=True)
    assert report.as_json()["validator"].endswith("(asked for)")
