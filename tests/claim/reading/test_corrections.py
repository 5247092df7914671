"""Corrections of what a document says: of claims, articles, entities, sources and topics."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check, judgements
from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDFS
from quoth.claim.reading.document import read

from ...conftest import BASE
from ...small_article import BEAM, ENTITIES, METADATA, MONTH, checked, document

NOTE = "{reason: The text says cracked., by: id/org/quoth, date: 2026-11-28}"
OTHER = "{reason: The anchor began too late., by: id/org/quoth, date: 2026-11-27}"
CLAIM = "id/claim/bridge/beam-cracked"


def corrected(claim: str = "", article: str = "", entity: str = "") -> str:
    """The document, with those corrections of the claim, the article and the council."""
    return document(
        (BEAM.rstrip("}\n") + "}" + f", correction: {claim}}}\n" if claim else BEAM) + MONTH,
        metadata=METADATA + (f"correction: {article}\n" if article else ""),
        entities=ENTITIES.replace("the council}", f"the council, correction: {entity}}}") if entity else ENTITIES,
    )


def notes(quads: Sequence[ox.Quad]) -> dict[str, str]:
    """The IRI of each correction, as a path below the base, with its reason."""
    names = {q.object for q in quads if q.predicate == QUOTH.correction}
    return {
        q.subject.value.removeprefix(BASE): q.object.value  # type: ignore[union-attr]
        for q in quads
        if q.subject in names and q.predicate == RDFS.comment
    }


def test_claims_articles_and_entities_are_corrected(tmp_path: Path) -> None:
    report, quads = checked(tmp_path, corrected(NOTE, f"[{NOTE}]", OTHER))
    assert [str(f) for f in report.findings] == []
    day = "#correction-2026-11-28"
    assert {*notes(quads)} == {CLAIM + day, f"id/article/bridge{day}", "id/org/council#correction-2026-11-27"}
    said = {q.predicate: q.object.value for q in quads if q.subject == ox.NamedNode(BASE + CLAIM + day)}  # type: ignore[union-attr]
    assert said[RDFS.comment] == "The text says cracked."
    assert said[PROV.wasAttributedTo] == f"{BASE}id/org/quoth"
    assert said[DCTERMS.date] == "2026-11-28"


def test_a_correction_keeps_its_iri_when_another_is_written_before_it(tmp_path: Path) -> None:
    (path := tmp_path / "bridge.yaml").write_text(corrected(NOTE), "utf-8")
    first = notes(read(path, BASE).quads)
    path.write_text(corrected(f"[{OTHER}, {NOTE}]"), "utf-8")
    assert first.items() < notes(read(path, BASE).quads).items()
    path.write_text(corrected(f"[{NOTE}, {NOTE.replace('cracked', 'had cracked')}]"), "utf-8")
    assert {*notes(read(path, BASE).quads)} == {*first, f"{CLAIM}#correction-2026-11-28-2"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (NOTE.replace("by: id/org/quoth, ", ""), "the person or body that did it is needed: one IRI (by)"),
        (NOTE.replace("reason: The text says cracked., ", ""), "the reason is needed, in words"),
        (NOTE.replace("The text says cracked.", "Wrong."), "the reason is needed, in words"),
        (NOTE.replace(", date: 2026-11-28", ""), "the day is needed: one date (date)"),
        (NOTE.replace("2026-11-28", "lately"), "date: “lately” is not a date"),
        (NOTE.replace("2026", "2926"), "it is dated 2926-11-28, a day that has not come yet"),
        (NOTE.replace("id/org/quoth", "id/org/nobody"), "attributedTo: id/org/nobody is not described anywhere"),
        (NOTE.replace("id/org/quoth", "Quoth"), "attributedTo: 'Quoth' is neither an id nor a web address"),
        (NOTE.replace("}", ", warrant: the text}"), "a correction has only its reason, who corrected and when"),
        (NOTE.replace("by:", "who:"), "there is no key 'who' here"),
        ("The text says cracked.", "correction: 'The text says cracked.' is not an IRI"),
    ],
)
@pytest.mark.parametrize("of", ["claim", "article", "entity"])
def test_what_is_wrong_with_a_correction_is_said_with_its_line(
    entry: str, message: str, of: str, tmp_path: Path
) -> None:
    text = corrected(**{of: entry})
    line = text[: text.index("correction:")].count("\n") + 1
    [finding] = [f for f in checked(tmp_path, text)[0].findings if f.severity == "Violation"]
    assert finding.message.startswith(message)
    assert finding.where == f"{tmp_path / 'document-0.yaml'}:{line}"
    assert finding.remedy


def test_a_reason_in_loaded_words_is_a_warning(tmp_path: Path) -> None:
    report, _ = checked(tmp_path, corrected(NOTE.replace("The text says cracked.", "The council took bribes.")))
    assert [(f.severity, f.rule.rpartition("#")[2]) for f in report.findings] == [("Warning", "loaded-words")]


def test_a_linkset_is_corrected_where_entities_are(harbour: Path, tmp_path: Path) -> None:
    (path := tmp_path / "e.yaml").write_text(f"entities: [{{id: id/linkset/register, correction: {NOTE}}}]", "utf-8")
    report, quads = check.check([harbour.parent, path], BASE)
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    assert {*notes(list(quads))} == {"id/linkset/register#correction-2026-11-28"}


@pytest.mark.parametrize(
    "text",
    [
        document(BEAM + MONTH, encoding=f"correction: {NOTE}"),
        document(BEAM.replace("within: {", f"within: {{correction: {NOTE}, ") + MONTH),
    ],
    ids=["encoding", "level"],
)
def test_a_part_has_no_corrections_of_its_own(text: str, tmp_path: Path) -> None:
    report, _ = checked(tmp_path, text)
    assert any(f.remedy == "take correction out" and f.line for f in report.findings)


def test_a_note_on_a_correction_is_no_change_of_the_wording_that_was_judged(tmp_path: Path) -> None:
    accepted = "accepted: {rule: label-speaker, reason: The label says who speaks., by: id/org/quoth}"
    digests = set()
    for entry in ("", f", correction: {NOTE}"):
        claim = BEAM.rstrip("}\n") + f"}}, {accepted}{entry}}}\n"
        (path := tmp_path / "bridge.yaml").write_text(document(claim + MONTH), "utf-8")
        digests |= {*judgements.lacking_digest(read(path, BASE).quads, BASE).values()}
    assert len(digests) == 1
