"""What a document withdraws, and the IRIs of reasons."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.claim.reading.document import read
from quoth.errors import DocumentError

from ...conftest import BASE
from ...small_article import BEAM, MONTH, checked, document

NOTICE = "{id: beam-broke, reason: The text says cracked., by: id/org/quoth, date: 2026-11-28"
CLAIM = f"{BASE}id/claim/bridge/"


def withdrawn(*entries: str) -> str:
    return document(BEAM + MONTH) + "\nwithdrawn:\n" + "".join(f"  - {entry}\n" for entry in entries)


def inferred(*entries: str) -> str:
    head = "\ninference:\n  attributedTo: id/org/quoth\n  comment: Inferred from the text alone.\n  graph:\n"
    return document(BEAM + MONTH) + head + "".join(f"    - {entry}\n" for entry in entries)


def violations(folder: Path, text: str) -> set[tuple[str, str]]:
    """The rule and the focus of each violation, as a path below the base."""
    report, _ = checked(folder, text)
    return {
        (f.rule.rpartition("#")[2], f.focus.removeprefix(BASE)) for f in report.findings if f.severity == "Violation"
    }


def test_claims_sources_reasons_entities_topics_and_linksets_can_be_withdrawn(tmp_path: Path) -> None:
    reason = NOTICE.replace("beam-broke", '"#reason-3"') + "}"
    source = NOTICE.replace("beam-broke", "id/source/bridge/onlookers") + "}"
    things = [NOTICE.replace("beam-broke", f"id/{name}") + "}" for name in ("org/mill", "topic/mill", "linkset/mill")]
    report, quads = checked(
        tmp_path, withdrawn(NOTICE + ", replacedBy: [beam-cracked, a-month]}", reason, source, *things)
    )
    assert [f for f in report.findings if f.severity == "Violation"] == []
    notices = {q.subject.value: q.object.value for q in quads if q.predicate == QUOTH.withdraws}  # type: ignore[union-attr]
    assert notices == {
        f"{CLAIM}beam-broke#withdrawal": f"{CLAIM}beam-broke",
        f"{BASE}id/article/bridge#reason-3-withdrawal": f"{BASE}id/article/bridge#reason-3",
        f"{BASE}id/source/bridge/onlookers#withdrawal": f"{BASE}id/source/bridge/onlookers",
        **{f"{BASE}id/{kind}/mill#withdrawal": f"{BASE}id/{kind}/mill" for kind in ("org", "topic", "linkset")},
    }
    assert all(q.graph_name == ox.DefaultGraph() for q in quads if q.subject == ox.NamedNode(f"{CLAIM}beam-broke"))


@pytest.mark.parametrize(
    ("entry", "rule", "part"),
    [
        (NOTICE + ", replacedBy: beam-bent}", "dangling", ""),
        (NOTICE + ", replacedBy: beam-broke}", "withdrawn-linked", ""),
        (NOTICE.replace(", by: id/org/quoth", "") + "}", "MinCountConstraintComponent", "#withdrawal"),
        (NOTICE.replace("by: id/org/quoth", "by: id/org/nobody") + "}", "dangling", "#withdrawal"),
        (NOTICE.replace("2026-11-28", "lately") + "}", "unfit-term", "#withdrawal"),
        (NOTICE.replace("The text says cracked.", "Wrong.") + "}", "MinLengthConstraintComponent", "#withdrawal"),
        (NOTICE + ", certainty: certain}", "ClosedConstraintComponent", "#withdrawal"),
    ],
)
def test_a_notice_that_breaks_a_rule(tmp_path: Path, entry: str, rule: str, part: str) -> None:
    assert (rule, f"id/claim/bridge/beam-broke{part}") in violations(tmp_path, withdrawn(entry))


@pytest.mark.parametrize(("name", "line"), [("a-month", 35), ("id/person/ada-roke", 30), ("id/article/bridge", 2)])
def test_what_is_withdrawn_and_described_is_named_once_with_both_lines(name: str, line: int, tmp_path: Path) -> None:
    text = withdrawn(NOTICE.replace("beam-broke", name) + "}")
    iri = name if "/" in name else f"id/claim/bridge/{name}"
    entry = text.count("\n")
    [finding] = [f for f in checked(tmp_path, text)[0].findings if f.severity == "Violation"]
    assert (finding.rule, finding.line) == ("withdrawn-described", entry)
    assert finding.message == f"{iri} is both described (line {line}) and withdrawn (line {entry})"


def test_a_claim_that_another_document_withdraws_is_named_with_its_file(tmp_path: Path) -> None:
    notice = "id: id/article/other\nwithdrawn:\n  - " + NOTICE.replace("beam-broke", "id/claim/bridge/a-month") + "}\n"
    [finding] = [f for f in checked(tmp_path, document(BEAM + MONTH), notice)[0].findings if "withdrawn" in f.rule]
    assert finding.where == f"{tmp_path / 'document-1.yaml'}:3"
    assert f"is both described ({tmp_path / 'document-0.yaml'}:" in finding.message


def test_a_part_of_what_is_withdrawn_is_gone_with_it(tmp_path: Path) -> None:
    path = tmp_path / "part.ttl"
    path.write_text(f"<{CLAIM}beam-broke#x> <http://www.w3.org/2000/01/rdf-schema#label> 'x'@en .", "utf-8")
    assert ("withdrawn-part", "id/claim/bridge/beam-broke#x") in violations(tmp_path, withdrawn(NOTICE + "}"))


def test_what_is_withdrawn_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bridge.yaml"
    path.write_text(withdrawn(NOTICE + "}", NOTICE + "}"), "utf-8")
    with pytest.raises(DocumentError, match="beam-broke is withdrawn twice, first on line"):
        read(path, BASE)


def test_nothing_names_what_is_withdrawn(tmp_path: Path) -> None:
    because = "{id: beam-cracked, inTensionWith: beam-broke, because: One of the two can be so.}"
    text = inferred(because) + "withdrawn:\n  - " + NOTICE + "}\n"
    assert violations(tmp_path, text) == {("withdrawn-linked", "id/claim/bridge/beam-cracked")}


@pytest.mark.parametrize(
    "entry",
    [
        "beam-broke",
        "{reason: It has no id.}",
        "{id: beam-broke, type: Claim}",
        "{id: beam-broke, because: It has gone.}",
    ],
)
def test_an_entry_that_cannot_be_read(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "bridge.yaml"
    path.write_text(withdrawn(entry), "utf-8")
    with pytest.raises(DocumentError, match=r"bridge\.yaml:\d+"):
        read(path, BASE)


def reasons(path: Path, text: str) -> set[str]:
    path.write_text(text, "utf-8")
    return {
        q.subject.value.partition("#")[2]  # type: ignore[union-attr]
        for q in read(path, BASE).quads
        if q.predicate == RDF.type and q.object == RDF.Statement
    }


def test_a_reason_keeps_its_iri_when_another_is_added(tmp_path: Path) -> None:
    first = "{id: beam-cracked, inTensionWith: a-month, because: One would not take so long.}"
    other = "{id: a-month, presupposes: [beam-cracked, id/claim/other/x], because: It says repair.}"
    parts = '{id: "beam-cracked#beam", sameReferent: "a-month#beam", because: It is one beam.}'
    alone = reasons(tmp_path / "one.yaml", inferred(first))
    assert alone == {"reason-beam-cracked-inTensionWith-a-month"}
    together = reasons(tmp_path / "more.yaml", inferred(parts, other, first))
    assert alone < together
    assert "reason-a-month-presupposes-beam-cracked" in together
    assert "reason-beam-cracked.beam-sameReferent-a-month.beam" in together
    assert len(together) == 4  # that about another article's claim has a digest


def test_the_iri_of_a_reason_is_unambiguous_and_bounded(tmp_path: Path) -> None:
    """Slugs may have the name of a relation in them, and be long."""
    entries = (
        "{id: a-contradicts-b, contradicts: c, because: The one or the other.}",
        "{id: a, contradicts: b-contradicts-c, because: The one or the other.}",
        f"{{id: {'long-' * 50}a, contradicts: {'long-' * 50}b, because: The one or the other.}}",
    )
    names = reasons(tmp_path / "three.yaml", inferred(*entries))
    assert len(names) == 3
    assert names == reasons(tmp_path / "three.yaml", inferred(*reversed(entries)))
    assert max(map(len, names)) <= 150
