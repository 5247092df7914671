"""Linksets: the quads of a row, rows that are refused, and every mistake with its line."""

import functools
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking.check import check, read_all
from quoth.claim.model.namespaces import OWL, PREFIXES, PROV, RDF, SCHEMA, SKOS, SSSOM, VOID, XSD
from quoth.claim.reading.document import read
from quoth.claim.rules import publication
from quoth.resources import folder

from ..mutation import addition, mutate

pytestmark = pytest.mark.long

BASE = "http://localhost:8000/"
REGISTER = BASE + "id/linkset/register"
FIRM = "http://register.example/firm/"
CORPUS = Path(__file__).parents[2] / "corpus"
WRITTEN = (CORPUS / "register.sssom.tsv").read_text("utf-8")
VELM, HARBOUR_OFFICE = (ox.NamedNode(f"{BASE}id/org/{name}") for name in ("velm-salt", "harbour-office"))


@functools.cache
def published() -> ox.Store:
    report, quads = check([CORPUS], BASE)
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    store = ox.Store()
    store.extend(publication.published_quads(quads, BASE))
    return store


def ask(store: ox.Store, pattern: str) -> bool:
    solutions = store.query(
        f"ASK {{ {pattern} }}", prefixes={**PREFIXES, "firm": FIRM, "reg": REGISTER + "#"}, base_iri=BASE
    )
    return bool(solutions)


def test_a_row_becomes_a_match_with_author_method_and_date() -> None:
    store = published()
    assert ask(store, "<id/org/velm-salt> skos:exactMatch firm:Velm_Salt")
    mapping = ox.NamedNode(f"{REGISTER}#org/velm-salt/exactMatch/Velm_Salt")
    said = {
        (q.predicate, q.object)
        for q in store.quads_for_pattern(mapping, None, None, ox.NamedNode(REGISTER + "#mappings"))
    }
    assert said == {
        (RDF.type, SSSOM.Mapping),
        (OWL.annotatedSource, VELM),
        (OWL.annotatedProperty, SKOS.exactMatch),
        (OWL.annotatedTarget, ox.NamedNode(FIRM + "Velm_Salt")),
        (SSSOM.object_source, ox.NamedNode(BASE + "id/dataset/register")),
        (SSSOM.subject_label, ox.Literal("Velm Salt")),
        (SSSOM.object_label, ox.Literal("Velm Salt Company")),
        (SSSOM.mapping_justification, ox.NamedNode(PREFIXES["semapv"] + "ManualMappingCuration")),
        (PROV.wasAttributedTo, ox.NamedNode(BASE + "id/org/quoth")),
        (SSSOM.reviewer_id, ox.NamedNode(BASE + "id/person/orrin-tay")),
        (SSSOM.review_date, ox.Literal("2026-11-22", datatype=XSD.date)),
        (ox.NamedNode(PREFIXES["dcterms"] + "created"), ox.Literal("2026-11-21", datatype=XSD.date)),
        (SSSOM.confidence, ox.Literal("0.95", datatype=XSD.decimal)),
        (ox.NamedNode(PREFIXES["rdfs"] + "comment"), ox.Literal("The register gives the same address.", language="en")),
    }
    assert not list(store.quads_for_pattern(mapping, None, None, ox.DefaultGraph()))


def test_negated_and_missing_matches_are_not_asserted() -> None:
    store = published()
    for name in ("Velm_Ferries", "NoTermFound"):
        assert ask(store, f"GRAPH ?g {{ ?m owl:annotatedTarget ?o FILTER (STRENDS(STR(?o), '{name}')) }}")
        assert not ask(store, f"?s ?p ?o FILTER (STRENDS(STR(?o), '{name}'))")


def test_an_entry_of_a_list_is_a_property_value() -> None:
    store = published()
    pattern = "<id/org/pilots-guild> schema:identifier ?i . ?i a schema:PropertyValue ; schema:value 'Gd.12'"
    assert ask(store, pattern + " ; schema:propertyID <id/dataset/roll>")


def test_a_linkset_is_counted_at_publication() -> None:
    store = published()
    assert ask(store, f"<{REGISTER}> void:triples 3 ; void:objectsTarget <id/dataset/register>")
    for name in ("exactMatch", "closeMatch", "relatedMatch"):
        part = f"<{REGISTER}> void:linkPredicate skos:{name} ; void:propertyPartition reg:by-{name} ."
        assert ask(store, part + f" reg:by-{name} void:property skos:{name} ; void:triples 1")
    assert ask(store, "<id/linkset/roll> void:triples 1 ; void:linkPredicate schema:identifier")


def test_the_iri_of_a_mapping_depends_on_neither_row_nor_base(tmp_path: Path) -> None:
    head, rows = WRITTEN.split("subject_id\t")
    columns, *lines = rows.splitlines()
    moved = tmp_path / "moved.sssom.tsv"
    moved.write_text("\r\n".join([*head.splitlines(), "subject_id\t" + columns, *lines[::-1], ""]), "utf-8")
    assert set(read(moved, BASE).quads) == set(read(CORPUS / "register.sssom.tsv", BASE).quads)
    elsewhere = read(moved, "https://example.org/x/")
    assert {q.subject for q in elsewhere.quads if q.predicate == SKOS.closeMatch} == {
        ox.NamedNode("https://example.org/x/id/org/harbour-office")
    }
    assert "localhost" not in str(elsewhere.quads)


BREAKS = {
    "unknown subject": (
        "id:org/velm-salt\tVelm Salt\t\t",
        "id:org/velm-sugar\tVelm Salt\t\t",
        "dangling",
        "not described anywhere",
    ),
    "unknown negated subject": (
        "id:org/velm-salt\tVelm Salt\tNot",
        "id:org/none\tVelm Salt\tNot",
        "dangling",
        "org/none",
    ),
    "unknown prefix": ("register:Harbour\t", "registry:Harbour\t", "linkset", "'registry:Harbour' is not a CURIE"),
    "no CURIE": ("register:Harbour\t", "Harbour\t", "linkset", "prefix:name"),
    "space in a CURIE": ("register:Harbour\t", "register:Har bour\t", "linkset", "not an IRI"),
    "no such day": ("2026-11-21", "2026-11-31", "linkset", "mapping_date: '2026-11-31' is not a date"),
    "date of another form": ("2026-11-21", "21.11.2026", "linkset", "write it as"),
    "too sure": ("0.95", "1.95", "linkset", "from 0 to 1"),
    "confidence in words": ("0.95", "high", "linkset", "from 0 to 1"),
    "unknown modifier": ("\tNot\t", "\tNever\t", "linkset", "write Not"),
    "no object": ("register:Harbour\t", "\t", "linkset", "object_id: nothing is there"),
    "no justification": ("semapv:LexicalMatching", "", "linkset", "mapping_justification: nothing"),
    "unknown justification": ("semapv:LexicalMatching", "semapv:Guessing", "Pattern", "the way it was matched"),
    "unknown predicate": ("skos:closeMatch", "owl:sameAs", "InConstraint", "skos:exactMatch"),
    "no author": ("semapv:LexicalMatching\tid:org/quoth", "semapv:LexicalMatching\t", "MinCount", "that matched it"),
    "author who is nobody": (
        "LexicalMatching\tid:org/quoth",
        "LexicalMatching\tid:place/quay-4",
        "Or",
        "that matched it",
    ),
    "no date": ("2026-11-21", "", "MinCount", "when it was matched"),
    "no evidence": ("Of a like name; the office may be a part of the authority.", "", "MinCount", "evidence"),
    "review by nobody": ("id:person/orrin-tay\t", "\t", "MinCount", "a review has a reviewer"),
    "too few cells": ("\tAnother firm of the same town.", "", "MinCount", "evidence"),
    "too many cells": ("same town.", "same town.\tand more", "linkset", "14 cells under 13 columns"),
    "no column": ("\tobject_id\t", "\tobject\t", "syntax", "there is no column object_id"),
    "column twice": ("\tconfidence\t", "\tcomment\t", "syntax", "occurs twice"),
    "no title": ("# mapping_set_title: Links to the Coast Register\n", "", "MinCount", "a label is needed"),
    "no licence": ("# license: https://creativecommons.org/licenses/by/4.0/\n", "", "MinCount", "licence is needed"),
    "no target": ("# object_source: id:dataset/register\n", "", "MinCount", "that the mapping leads to"),
    "unknown target": (
        "# object_source: id:dataset/register",
        "# object_source: id:dataset/x",
        "dangling",
        "dataset/x",
    ),
    "the set of somebody else": ("localhost:8000/id/linkset", "other.example/set", "iri-form", "other.example"),
    "no set": ("# mapping_set_id: http://localhost:8000/id/linkset/register\n", "", "syntax", "mapping_set_id"),
    "a set without a scheme": ("http://localhost:8000/id/linkset/register", "sets/register", "syntax", "is not an IRI"),
    "another version": ("# license:", "# sssom_version: 2.0\n# license:", "syntax", "reads 1.0 and 1.1"),
    "a prefix of SSSOM's": ("#   id:", "#   skos: http://other.example/\n#   id:", "syntax", "in SSSOM it means"),
    "header that is not YAML": ("# license: ", "# license: [", "syntax", "not YAML"),
    "IRI outside the target": (
        "register:Harbour\t",
        "http://other.example/Harbour\t",
        "linkset-object",
        "object source",
    ),
    "identifier of another form": ("register:Harbour\t", "register:H77\t", "linkset-object", "object source"),
    "anonymous source matched": (
        "two dockers\t\tskos:relatedMatch",
        "two dockers\t\tskos:closeMatch",
        "Or",
        "at most a relatedMatch",
    ),
    "what is negated beside it": ("register:Velm_Ferries", "register:Velm_Salt", "SPARQL", "said elsewhere"),
    "not even close, and yet the same": (
        "Not\tskos:exactMatch\tregister:Velm_Ferries",
        "Not\tskos:closeMatch\tregister:Velm_Salt",
        "SPARQL",
        "said elsewhere",
    ),
    "what an anonymous source must not have": (
        "two dockers\t\tskos:relatedMatch",
        "two dockers\t\tskos:exactMatch",
        "MaxCount",
        "take exactMatch out",
    ),
    "the same twice": (WRITTEN.splitlines()[-1], WRITTEN.splitlines()[11], "linkset", "repeats line 12"),
    "two that are the same": (
        "\tthe harbour office\t\tskos:closeMatch\tregister:Harbour",
        "\tthe harbour office\t\tskos:exactMatch\tregister:Velm_Salt",
        "linkset-shared",
        "also an exact match",
    ),
    "quotation mark left open": ("\tAnother firm", '\t"Another firm', "syntax", "not TSV"),
}


@pytest.mark.parametrize(("old", "new", "rule", "words"), BREAKS.values(), ids=BREAKS)
def test_a_mistake_has_a_finding_with_its_line(
    old: str, new: str, rule: str, words: str, excerpt: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "register.sssom.tsv"
    line = mutate(WRITTEN, old, new, broken)
    report, _ = check([excerpt, CORPUS / "targets.ttl", broken], BASE)
    assert not report.conforms
    findings = [f for f in report.findings if rule in f.rule and words in str(f)]
    assert findings, [str(f) for f in report.findings]
    assert findings[0].file == str(broken)
    if rule == "linkset" and old.startswith("# mapping_set_title"):
        assert findings[0].line == line
    elif old.startswith("# ") or rule == "syntax":
        assert findings[0].line <= WRITTEN.count("\n")
    else:
        assert line in {f.line for f in findings}, f"line {findings[0].line} instead of {line}"


ADDITIONS = {
    "a match that nobody explains": ("<id/org/velm-salt> skos:closeMatch firm:Other .", "linkset-unexplained"),
    "a match of an anonymous source": (
        "<id/source/harbour/two-dockers> skos:closeMatch firm:Dockers .",
        "MaxCount",
    ),
    "an identifier in words": ("<id/org/velm-salt> schema:identifier 'R 12' .", "Class"),
    "sameAs": ("<id/org/velm-salt> owl:sameAs firm:Velm_Salt .", "Closed"),
    "the positive of a Not": ("<id/org/velm-salt> skos:exactMatch firm:Velm_Ferries .", "SPARQL"),
    "an asserted mapping": ("<id/linkset/register#x> a sssom:Mapping .", "unknown-type"),
    "a claim among the mappings": (
        "<id/linkset/register#mappings> { <id/org/velm-salt> quoth:agent <id/org/coast-audit> }",
        "linkset-foreign",
    ),
    "an exact match of a topic": ("<id/topic/velm-ferry-delay> skos:exactMatch firm:Velm_Salt .", "Closed"),
    "a dataset of nobody's": ("<id/dataset/lost> a void:Dataset ; rdfs:label 'x'@en .", "Or"),
}


@pytest.mark.parametrize(("text", "rule"), ADDITIONS.values(), ids=ADDITIONS)
def test_a_bad_addition_has_a_finding(text: str, rule: str, excerpt: Path, tmp_path: Path) -> None:
    others = [path for path in sorted(CORPUS.iterdir()) if path.suffix in (".ttl", ".tsv")]
    report, _ = check([excerpt, *others, addition(text, tmp_path, firm=FIRM)], BASE)
    assert any(rule in f.rule for f in report.findings), [str(f) for f in report.findings]
    assert all(f.line for f in report.findings)


def test_the_shipped_linksets_keep_to_their_evidence() -> None:
    """Links whose target itself was not seen are no exact ones, and a list's entries are identifiers."""
    documents, findings = read_all([folder("data")], BASE)
    assert not findings
    quads = [quad for document in documents for quad in document.quads]
    matches = {q for q in quads if q.graph_name == ox.DefaultGraph()}
    exact = {q.object.value for q in matches if q.predicate == SKOS.exactMatch and isinstance(q.object, ox.NamedNode)}
    assert exact
    assert not [
        iri for iri in exact if not iri.startswith(("http://www.wikidata.org/entity/Q", "https://sws.geonames.org/"))
    ]
    assert all(
        q.predicate == SCHEMA.identifier
        for q in matches
        if "/id/dataset/" in str(q.object) and q.predicate not in (VOID.objectsTarget, SCHEMA.propertyID)
    )
    assert not [q for q in quads if "OFAC" in str(q.object) and "Details" in str(q.object)]
    unpublished = ("Moeed_Yusuf", "unsc-", "opensanctions.org")
    assert not [q for q in quads for word in unpublished if word in str(q.object)]
