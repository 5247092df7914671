"""SSSOM as its specification reads it: slots of every version, propagation, escapes, metadata in a file of its own."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import DCTERMS, OWL, PREFIXES, RDF, SKOS, SSSOM
from quoth.claim.model.report import Finding
from quoth.claim.reading.document import Document, files, read
from quoth.errors import DocumentError

BASE = "http://localhost:8000/"
SET = f"{BASE}id/linkset/boats"
METADATA = (
    "mapping_set_id: http://localhost:8000/id/linkset/boats",
    "license: https://creativecommons.org/licenses/by/4.0/",
    "curie_map:",
    "  id: http://localhost:8000/id/",
    "  boat: http://boats.example/",
)
COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
HERON = ("id:org/heron", "skos:exactMatch", "boat:1", "semapv:ManualMappingCuration")
EGRET = ("id:org/egret", "skos:closeMatch", "boat:2", "semapv:LexicalMatching")


def linkset(
    folder: Path, *more: str, columns: tuple[str, ...] = (), rows: tuple[tuple[str, ...], ...] = (HERON, EGRET)
) -> Path:
    """A table with more metadata and more columns, whose rows are as they are passed."""
    lines = [
        *(f"# {line}" for line in (*METADATA, *more)),
        "\t".join((*COLUMNS, *columns)),
        *("\t".join(r) for r in rows),
    ]
    path = folder / "boats.sssom.tsv"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path


def mappings(document: Document) -> list[ox.NamedNode]:
    return [q.subject for q in document.quads if q.object == SSSOM.Mapping and isinstance(q.subject, ox.NamedNode)]


def said(document: Document, property: ox.NamedNode) -> list[str]:
    return [getattr(q.object, "value", "") for q in document.quads if q.predicate == property]


def severities(findings: tuple[Finding, ...]) -> set[str]:
    return {f.severity for f in findings}


STANDARD = {
    "version": "sssom_version: 1.1",
    "version of the set": "mapping_set_version: 2026-01-01",
    "source of the subjects": "subject_source: id:dataset/boats",
    "provider": "mapping_provider: https://provider.example/",
    "tool": "mapping_tool: a matcher",
    "scope of the cardinality": "cardinality_scope: [predicate_id, object_source]",
    "confidence in the set": "mapping_set_confidence: 0.8",
    "no value": "comment:",
    "definitions of extensions": "extension_definitions: [{slot_name: ext_hull, property: boat:hull}]",
    "an extension": "ext_hull: steel",
    "a rule": "curation_rule: [boat:rule]",
}


@pytest.mark.parametrize("line", STANDARD.values(), ids=STANDARD)
def test_a_standard_slot_of_a_set_is_read_or_passed_over(line: str, tmp_path: Path) -> None:
    document = read(linkset(tmp_path, line), BASE)
    assert len(mappings(document)) == 2
    assert severities(document.findings) <= {"Info"}


@pytest.mark.parametrize("name", ["mapping_cardinality", "record_id", "subject_category", "match_string", "ext_hull"])
def test_a_standard_slot_of_a_mapping_is_passed_over_with_a_note(name: str, tmp_path: Path) -> None:
    document = read(linkset(tmp_path, columns=(name,), rows=((*HERON, "1:1"), (*EGRET, "1:1"))), BASE)
    assert len(mappings(document)) == 2
    assert [(f.severity, f.line) for f in document.findings] == [("Info", 6)]
    assert name in document.findings[0].message


@pytest.mark.parametrize(("name", "remedy"), [("confidense", "did you mean confidence?"), ("hull", "take it out")])
def test_a_slot_that_sssom_does_not_have_is_a_warning(name: str, remedy: str, tmp_path: Path) -> None:
    document = read(linkset(tmp_path, f"{name}: 1", columns=(name,)), BASE)
    assert len(mappings(document)) == 2
    assert [(f.severity, f.line) for f in document.findings] == [("Warning", 6), ("Warning", 7)]
    assert remedy in document.findings[1].remedy


def test_a_slot_that_the_set_defines_is_no_warning(tmp_path: Path) -> None:
    definition = "extension_definitions: [{slot_name: hull, property: boat:hull}, {slot_name: 5}, word]"
    assert severities(read(linkset(tmp_path, definition, columns=("hull",)), BASE).findings) == {"Info"}


def test_a_value_of_the_set_is_that_of_its_rows_where_none_has_its_own(tmp_path: Path) -> None:
    """SSSOM, Propagation: a row with a value makes the slot one that is not propagated."""
    line = "mapping_date: 2026-01-01"
    assert said(read(linkset(tmp_path, line), BASE), DCTERMS.created) == ["2026-01-01"] * 2
    rows = ((*HERON, "2026-02-02"), EGRET)
    assert said(read(linkset(tmp_path, line, columns=("mapping_date",), rows=rows), BASE), DCTERMS.created) == [
        "2026-02-02"
    ]
    empty = read(linkset(tmp_path, line, columns=("mapping_date",)), BASE)
    assert said(empty, DCTERMS.created) == ["2026-01-01"] * 2


def test_short_rows_and_empty_lines_are_read(tmp_path: Path) -> None:
    rows = ((*HERON, "a note", ""), ("",), (*EGRET,))
    document = read(linkset(tmp_path, columns=("comment", "confidence"), rows=rows), BASE)
    assert (len(mappings(document)), document.findings) == (2, ())


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("https://a.example/|https://b.example/", ["https://a.example/", "https://b.example/"]),
        ("https://a.example/| ", ["https://a.example/"]),
        (r"https://a.example/?x=\\y", None),
        (r"https://a.example/\|b", None),
    ],
)
def test_pipes_divide_values_unless_they_are_escaped(cell: str, values: list[str] | None, tmp_path: Path) -> None:
    """An escaped pipe or backslash belongs to the value, which is then no IRI."""
    document = read(linkset(tmp_path, columns=("see_also",), rows=((*HERON, cell), EGRET)), BASE)
    if values is None:
        assert [f.severity for f in document.findings] == ["Violation"]
        assert "is not an IRI" in document.findings[0].message
    else:
        assert said(document, ox.NamedNode(PREFIXES["rdfs"] + "seeAlso")) == values


def test_rows_that_differ_in_one_slot_are_two_mappings(tmp_path: Path) -> None:
    again = (*HERON[:3], "semapv:MappingReview")
    document = read(linkset(tmp_path, rows=(HERON, again, EGRET)), BASE)
    assert document.findings == ()
    assert len(set(mappings(document))) == 3
    exact = {q.subject for q in document.quads if q.predicate == SKOS.exactMatch}
    assert exact == {ox.NamedNode(f"{BASE}id/org/heron")}


def test_nothing_that_was_looked_for_in_vain_is_asserted(tmp_path: Path) -> None:
    rows = (
        ("sssom:NoTermFound", *HERON[1:]),
        (*HERON[:2], "sssom:NoTermFound", HERON[3]),
        ("sssom:NoTermFound", "skos:exactMatch", "sssom:NoTermFound", HERON[3]),
    )
    document = read(linkset(tmp_path, rows=rows), BASE)
    assert len(mappings(document)) == 3
    assert not [q for q in document.quads if q.predicate == SKOS.exactMatch]


def test_the_mapping_of_a_literal_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    rows = (("", *HERON[1:], "the Heron", "rdfs literal"), (*EGRET, "Egret", "owl class"))
    document = read(linkset(tmp_path, columns=("subject_label", "subject_type"), rows=rows), BASE)
    assert said(document, OWL.annotatedSource) == [f"{BASE}id/org/egret"]
    assert [(f.severity, f.line) for f in document.findings] == [("Info", 6), ("Warning", 7)]


def test_the_set_of_somebody_else_keeps_its_iri(tmp_path: Path) -> None:
    path = linkset(tmp_path)
    path.write_text(path.read_text("utf-8").replace("localhost:8000/id/linkset", "other.example/sets"), "utf-8")
    document = read(path, BASE)
    assert {str(g.value) for q in document.quads if isinstance(g := q.graph_name, ox.NamedNode)} == {
        "http://other.example/sets/boats#mappings"
    }
    report, _ = check([path], BASE)
    assert "iri-form" in {f.rule for f in report.findings}


# ------------------------------------------------------------------ external metadata


def external(folder: Path, metadata: str = "\n".join(METADATA)) -> Path:
    path = linkset(folder)
    path.write_text("".join(x for x in path.read_text("utf-8").splitlines(keepends=True) if x[0] != "#"), "utf-8")
    (folder / "boats.sssom.yml").write_text(metadata, "utf-8")
    return path


def test_metadata_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "embedded").mkdir()
    embedded = read(linkset(tmp_path / "embedded"), BASE)
    path = external(tmp_path)
    assert set(read(path, BASE).quads) == set(embedded.quads)
    assert files([tmp_path]) == [tmp_path / "boats.sssom.tsv", tmp_path / "embedded" / "boats.sssom.tsv"]


def test_a_mistake_in_that_file_has_its_line(tmp_path: Path) -> None:
    path = external(tmp_path, "\n".join((*METADATA, "publication_date: 2026-02-30")))
    [finding] = read(path, BASE).findings
    assert finding.where == f"{tmp_path / 'boats.sssom.yml'}:6"


def test_metadata_that_is_missing_twice_or_alone_is_refused(tmp_path: Path) -> None:
    path = external(tmp_path)
    with pytest.raises(DocumentError, match=r"it is the metadata of boats\.sssom\.tsv"):
        read(tmp_path / "boats.sssom.yml", BASE)
    linkset(tmp_path)
    with pytest.raises(DocumentError, match="in the file and in"):
        read(path, BASE)
    external(tmp_path)
    assert files([tmp_path]) == [path]
    (tmp_path / "boats.sssom.yml").rename(tmp_path / "ships.sssom.yml")
    assert files([tmp_path]) == [path, tmp_path / "ships.sssom.yml"]
    with pytest.raises(DocumentError, match="neither after # above its columns nor in"):
        read(path, BASE)


def test_a_table_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    """SSSOM/TSV: parsers accept files regardless of their extension; a folder has tables of other kinds too."""
    path = linkset(tmp_path)
    other = path.rename(tmp_path / "boats.TSV")
    assert files([other]) == [other]
    assert len(mappings(read(other, BASE))) == 2
    assert files([tmp_path]) == []


def test_aliases_make_no_bomb_of_metadata(tmp_path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    document = read(linkset(tmp_path, *lines, "creator_id: *i"), BASE)
    assert len(mappings(document)) == 2
    assert len(document.quads) < 50


def test_every_mapping_has_a_type_of_its_own(tmp_path: Path) -> None:
    document = read(linkset(tmp_path), BASE)
    assert {q.graph_name for q in document.quads if q.object == SSSOM.Mapping and q.predicate == RDF.type} == {
        ox.NamedNode(f"{SET}#mappings")
    }
