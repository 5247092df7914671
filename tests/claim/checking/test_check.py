"""Every mistake in a document has a finding with its line and a remedy."""

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.report import Report
from quoth.claim.reading import yaml_keys
from quoth.claim.reading.document import read
from quoth.resources import folder, jsonld_context

from ...conftest import CORPUS
from ..mutation import addition, mutate

BASE = "http://localhost:8000/"
LATE = "id/claim/harbour/ferry-late"


def checked(path: Path, texts: Texts | None = None) -> Report:
    return check([path], BASE, texts)[0]


def test_the_excerpt_conforms(excerpt: Path, texts: Texts) -> None:
    assert checked(excerpt, texts).findings == ()


def test_the_corpus_conforms(harbour: Path, texts: Texts) -> None:
    report = checked(harbour, texts)
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    assert report.claims == 27  # two acts at third hand are claims, too
    assert [c.text_at_hand for c in report.coverage] == [True]


def test_the_corpus_has_no_open_warning(texts: Texts) -> None:
    report = checked(CORPUS, texts)
    assert [str(f) for f in report.findings if f.open] == []
    assert report.passes(strict=True)


@pytest.mark.long
def test_the_shipped_data_have_no_open_warning_without_the_text_too() -> None:
    report = checked(folder("data"))
    assert [str(f) for f in report.findings if f.open] == []
    assert report.passes(strict=True)


def test_two_exact_matches_in_one_dataset_are_noticed(texts: Texts, tmp_path: Path) -> None:
    copy = shutil.copytree(CORPUS, tmp_path / "corpus")
    register = copy / "register.sssom.tsv"
    row = next(line for line in register.read_text("utf-8").splitlines() if line.startswith("id:org/velm-salt\t"))
    with register.open("a", encoding="utf-8") as file:
        file.write(row.replace("Velm_Salt", "Velm_Salt_Two") + "\n")
    [finding] = [f for f in checked(copy, texts).findings if f.open]
    assert (finding.rule, finding.severity) == ("linkset-twice", "Warning")


BREAKS = {
    "wrong offset": ("start: 14, end: 32", "start: 15, end: 33", "anchor-text", "set start to 14 and end to 32"),
    "offset out of bounds": ("start: 14, end: 32", "start: 9014, end: 9032", "anchor-bounds", "1267"),
    "offset of another length": ("start: 14, end: 32", "start: 14, end: 33", "anchor-length", "18 code points"),
    "huge offset": (
        "start: 14, end: 32",
        "start: 14, end: 99999999999999999999999",
        "anchor-bounds",
        "14 to 99",
    ),
    "wrong quotation": (
        'exact: "the ferry was late because',
        'exact: "the ferry was tardy because',
        "anchor-quotation",
        "letter by",
    ),
    "missing source": ("source: id/org/harbour-office", "source: id/org/harbor-office", "dangling", "harbor-office"),
    "no source": ("    source: id/org/harbour-office      #", "    #", "MinCount", "needs a source"),
    "bad certainty": ("certainty: certain ", "certainty: sure ", "Node", "certain, probable, possible or unknown"),
    "bad speech act": ("speechAct: said", "speechAct: whispered", "Node", "speech act of the scheme"),
    "bad event type": ("eventType: schedule", "eventType: lateness", "Node", "event type of the scheme"),
    "no tense": ("    tense: past\n", "", "MinCount", "exactly one tense"),
    "two tenses": ("    tense: past\n", "    tense: [past, present]\n", "MaxCount", "exactly one tense"),
    "label of an entity": ("label: Velm Salt}", "altLabel: [Velm Salt]}", "MinCount", "a label is needed"),
    "content outside its graph": (
        "    certainty: certain                 #",
        "    agent: id/org/velm-salt\n    certainty: certain                 #",
        "Closed",
        "belongs in its content",
    ),
    "loaded type": (
        "type: Organization, label: Velm",
        'type: [Organization, "http://example.org/Gang"], label: Velm',
        "InConstraint",
        "neutral",
    ),
    "anonymous source without article": (
        "type: [AnonymousSource, Group]\n    label: two dockers",
        "type: AnonymousSource\n    describedIn: [id/article/harbour, id/place/quay-4]\n    label: two dockers",
        "MaxCount",
        "exactly one article",
    ),
    "unreasoned relation": ("because:", "comment:", "unreasoned", "no reason"),
    "stated by another": ("speechAct: said", "speechAct: stated", "act-stated", "own voice only"),
    "slug with capitals": ("id: ferry-late", "id: Ferry_Late", "iri-form", "lower-case"),
    "kind of IRI that there is not": ("{id: id/place/quay-4", "{id: id/city/quay-4", "iri-form", "org, person, place"),
    "act that there is not": ("speechAct: said", "speechAct: murmured", "Constraint", "at /ns/speech-act"),
    "wrong hash": ("d4acfeb1", "d4acfeb2", "text-changed", "SHA-256"),
    "wrong length": ("length: 1267", "length: 1268", "text-length", "1267"),
    "hash of the wrong form": ("d4acfeb1", "xyz", "Pattern", "64 hexadecimal"),
    "no licence": ("  licence: https://creativecommons.org/licenses/by/4.0/\n", "", "MinCount", "licence"),
    "long anchor": (
        '{exact: "Nobody was hurt", start: 107, end: 122}',
        '{exact: "' + "word " * 31 + '", start: 107, end: 262}',
        "anchor-words",
        "at most 30",
    ),
    "misspelt key": ("polarity: positive", "polarty: positive", "syntax", "did you mean polarity?"),
    "broken YAML": ("certainty: certain ", "certainty: [certain ", "syntax", "not YAML"),
    "bad IRI": ("source: id/org/harbour-office", "source: id/org/harbour office", "syntax", "not an IRI"),
    "duplicate key": (
        "    polarity: positive\n",
        "    polarity: positive\n    polarity: negative\n",
        "syntax",
        "occurs twice",
    ),
    "key without a value": ("    polarity: positive\n", "    polarity:\n", "syntax", "no value"),
    "id used twice": ("id: pilots-ashore\n", "id: ferry-late\n", "syntax", "twice"),
    "relation without its claim": ("    - id: dockers-late\n", "    - comment: x\n", "syntax", "has no id"),
    "claim without an id": ("  - id: ferry-late\n    label", "  - label", "syntax", "no id"),
    "another context": ("https://w3id.org/quoth/context.jsonld", "http://localhost:1/c", "syntax", "does not do"),
}


@pytest.mark.parametrize(("old", "new", "rule", "words"), BREAKS.values(), ids=BREAKS)
def test_a_mistake_has_a_finding_with_its_line(
    old: str, new: str, rule: str, words: str, excerpt: Path, texts: Texts, tmp_path: Path
) -> None:
    broken = tmp_path / "harbour.yaml"
    at_break = mutate(excerpt.read_text("utf-8"), old, new, broken)
    findings = checked(broken, texts).findings
    matches = [f for f in findings if rule in f.rule and words in str(f)]
    assert matches, [str(f) for f in findings]
    assert matches[0].file == str(broken)
    assert matches[0].remedy or rule == "syntax"
    if rule not in ("text-changed", "unreasoned", "text-length"):
        assert abs(matches[0].line - at_break) <= 16, f"line {matches[0].line} is far from {at_break}"


ADDITIONS = {
    "orphan content": (f"<{LATE}#other> {{ <{LATE}#x> rdfs:label 'x'@en }}", "orphan-content"),
    "shared content": (f"<id/claim/harbour/pilots-ashore> quoth:content <{LATE}#content> .", "shared-content"),
    "blank node": (f"<{LATE}> rdfs:seeAlso [ rdfs:label 'x'@en ] .", "blank-node"),
    "literal that the store rewrites": (f"<{LATE}#anchor-position> oa:start 0014 .", "literal-rewritten"),
    "correction of something else": (
        f"<{LATE}> quoth:correction <id/claim/harbour/no-ties#correction> .",
        "correction-elsewhere",
    ),
    "dangling IRI": (f"<{LATE}> prov:wasQuotedFrom <id/article/none> .", "dangling"),
    "cycle": (f"<{LATE}#attribution-2> quoth:within <{LATE}#attribution> .", "chain-cycle"),
    "chain that ends elsewhere": (f"<{LATE}#attribution-2> quoth:source <id/org/velm-salt> .", "chain-end"),
    "shared level": (
        f"<id/claim/harbour/pilots-ashore> quoth:attribution <{LATE}#attribution> .",
        "shared-attribution",
    ),
    "content in the default graph": ("<id/org/velm-salt> quoth:agent <id/org/harbour-office> .", "Closed"),
    "description of no known type": ("<http://example.org/x> rdfs:label 'x'@en .", "unknown-type"),
    "inference that is asserted": (f"<{LATE}> quoth:contradicts <id/claim/harbour/on-time-again> .", "inference-only"),
    "inference of something else": (
        f"<id/article/harbour#inference> {{ <{LATE}> quoth:certainty certainty:possible }}",
        "inference-foreign",
    ),
    "empty content": (
        "<id/claim/harbour/empty> quoth:content <id/claim/harbour/empty#content> .",
        "empty-content",
    ),
    "part of another claim": (
        f"<{LATE}#content> {{ <id/claim/harbour/pilots-ashore#situation> rdfs:label 'x'@en }}",
        "foreign-part",
    ),
    "type beside a claim's": (f"<{LATE}> a <http://example.org/Lie> .", "InConstraint"),
    "type in an encoding": ("<id/article/harbour#encoding> a <http://example.org/Lie> .", "InConstraint"),
    "type inferred": (
        "<id/article/harbour#inference> { <id/org/velm-salt> a <http://e.org/Gang> }",
        "inference-type",
    ),
    "entity that concerns": (
        "<id/article/harbour#inference> { <id/org/velm-salt> quoth:concerns <id/topic/velm-ferry-delay> }",
        "inference-concerns",
    ),
    "unlisted predicate in a content": (
        f"<{LATE}#content> {{ <id/org/velm-salt> <http://e.org/killed> <id/person/mara-lind> }}",
        "content-predicate",
    ),
    "unlisted type in a content": (f"<{LATE}#content> {{ <id/org/velm-salt> a <http://e.org/Gang> }}", "content-type"),
    "role without a situation": (
        f"<{LATE}#content> {{ <id/org/velm-salt> quoth:agent <id/person/mara-lind> }}",
        "content-role",
    ),
    "claim described in a content": (f"<{LATE}#content> {{ <{LATE}> rdfs:label 'x'@en }}", "content-subject"),
    "situation within itself": (
        f"<{LATE}#content> {{ <{LATE}#situation> quoth:purpose <{LATE}#situation> }}",
        "content-cycle",
    ),
    "affirmed denial": (f"<{LATE}#attribution> quoth:speechAct speech-act:denied .", "denied-positive"),
    "attribution of nobody": (
        f"<{LATE}#lost> a quoth:Attribution ; quoth:source <id/org/velm-salt> .",
        "orphan-part",
    ),
    "act of an inner level outside a content": (
        f"<{LATE}#attribution-2> quoth:within <{LATE}#far> . <{LATE}#far> a quoth:Attribution ; quoth:source"
        " <id/article/harbour> ; quoth:speechAct speech-act:reported ; quoth:stance stance:neutral ; quoth:scope"
        " scope:explicit .",
        "inner-act",
    ),
    "act of a level that is an inner one in the other reading": (
        f"<{LATE}> quoth:otherAttribution <{LATE}#longer> . <{LATE}#longer> a quoth:Attribution ; quoth:source"
        f" <id/org/harbour-office> ; quoth:act <id/claim/harbour/pilots-ashore> ; quoth:within <{LATE}#around> ."
        f" <{LATE}#around> a quoth:Attribution ; quoth:source <id/person/mara-lind> ; quoth:within"
        f" <{LATE}#attribution-2> .",
        "inner-act",
    ),
    "level without an act": (
        f"<{LATE}#more> a quoth:Attribution ; quoth:source <id/article/harbour> . <{LATE}> quoth:otherAttribution"
        f" <{LATE}#more> .",
        "no-act",
    ),
    "level that is not coded": (
        f"<{LATE}#more> a quoth:Attribution ; quoth:source <id/article/harbour> ; quoth:speechAct speech-act:stated ."
        f" <{LATE}> quoth:otherAttribution <{LATE}#more> .",
        "uncoded-level",
    ),
    "act that is none": (f"<{LATE}#attribution> quoth:act <id/claim/harbour/pilots-ashore> .", "act-content"),
    "ambiguous in one reading": (f"<{LATE}#attribution-2> quoth:scope scope:ambiguous .", "single-reading"),
    "certainty of a claim in words": ("<id/claim/harbour/bare> quoth:certainty certainty:certain .", "MinCount"),
    "shared selector": (
        f"<id/claim/harbour/pilots-ashore#anchor> oa:hasSelector <{LATE}#anchor-quote> .",
        "shared-selector",
    ),
    "ambiguous level with one reading": (f"<{LATE}#attribution> quoth:scope scope:ambiguous .", "single-reading"),
    "act that is another claim": (f"<{LATE}#attribution> quoth:act <id/claim/harbour/dockers-late> .", "act-content"),
    "level without a stance": (
        f"<{LATE}#attribution-2> quoth:within <{LATE}#attribution-3> . <{LATE}#attribution-3> a quoth:Attribution .",
        "uncoded-level",
    ),
    "act of an inner level": (
        f"<{LATE}#attribution-2> quoth:within <{LATE}#attribution-3> . <{LATE}#attribution-3> a quoth:Attribution .",
        "inner-act",
    ),
    "shared anchor": (f"<id/claim/harbour/pilots-ashore> quoth:anchor <{LATE}#anchor> .", "shared-anchor"),
    "reason without its relation": (
        "<id/article/harbour#inference> { <id/article/harbour#reason-9> a rdf:Statement ; rdf:subject "
        "<id/claim/harbour/pilots-ashore> ; "
        f"rdf:predicate quoth:contradicts ; rdf:object <{LATE}> ; rdfs:comment 'It is so.'@en }}",
        "unrelated-reason",
    ),
    "source that is a part of itself": (
        "<id/source/harbour/two-dockers> quoth:partOf <id/source/harbour/mayor> . "
        "<id/source/harbour/mayor> quoth:partOf <id/source/harbour/two-dockers> .",
        "source-cycle",
    ),
    "corroboration by a source that rests on the other": (
        "<id/source/harbour/two-dockers> quoth:restsOn <id/org/harbour-office> .",
        "corroborates-dependent",
    ),
    "publication after the last day of writing": (
        "<id/article/harbour> schema:datePublished '2025-01-01'^^xsd:date .",
        "published-bounds",
    ),
    "fetched fact of another kind": (
        "<id/linkset/x#facts> a quoth:Enrichment . <id/linkset/x#facts> { <http://e.org/Q1> rdfs:comment 'x'@en }",
        "enrichment-kinds",
    ),
    "IRI of another dataset": ("<http://example.org/id/org/x> a org:Organization ; rdfs:label 'x'@en .", "iri-form"),
    "odd hash IRI": ("<id/Org/X_Y#z> a org:Organization ; rdfs:label 'x'@en .", "iri-form"),
    "control character": (r"<id/org/velm-salt> skos:altLabel 'a\u0001'@en .", "unfit-term"),
    "ill-formed date": (
        "<id/article/harbour#inference> { <id/article/harbour> quoth:latest '2024-13-45'^^xsd:date }",
        "unfit-term",
    ),
    "bounds the wrong way round": (
        "<id/article/harbour#inference> { <id/article/harbour> quoth:latest '1999-01-01'^^xsd:date }",
        "bounds-order",
    ),
    "matched anonymous source": (
        "<id/source/harbour/two-dockers> skos:exactMatch <http://www.wikidata.org/entity/Q1> .",
        "MaxCount",
    ),
}


@pytest.mark.parametrize(("text", "rule"), ADDITIONS.values(), ids=ADDITIONS)
def test_a_bad_addition_has_a_finding(text: str, rule: str, excerpt: Path, tmp_path: Path) -> None:
    report, _ = check([excerpt, addition(text, tmp_path)], BASE)
    assert any(rule in f.rule for f in report.findings), [str(f) for f in report.findings]
    assert all(f.line for f in report.findings)


@pytest.mark.parametrize("suffix", [".trig", ".nq", ".jsonld"])
def test_every_syntax_gives_the_same_quads(suffix: str, harbour: Path, tmp_path: Path) -> None:
    quads = read(harbour, BASE).quads
    formats = {".trig": ox.RdfFormat.TRIG, ".nq": ox.RdfFormat.N_QUADS, ".jsonld": ox.RdfFormat.JSON_LD}
    other = tmp_path / f"harbour{suffix}"
    ox.serialize(quads, other, formats[suffix])
    assert set(read(other, BASE).quads) == set(quads)
    assert check([other, harbour.with_name("vocabulary.yaml")], BASE)[0].conforms


@pytest.mark.parametrize(
    ("suffix", "content", "line"),
    [
        (".trig", "<a> <b> <c> .\n<d> <e> ;;; oops", 2),
        (".ttl", "@prefix x: <http://x/> .\n\ny:a x:b x:c .", 3),
        (".nq", "<http://a> <http://b> <http://c> .\nnot a quad .", 2),
        (".jsonld", '{\n"@id": }', 2),
        (".yaml", "a: [1\nb: 2", 2),
        (".yaml", "- a list", 1),
        (".yaml", "", 1),
    ],
)
def test_a_syntax_error_has_its_line(suffix: str, content: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / f"broken{suffix}"
    path.write_text(content, "utf-8")
    report = checked(path)
    assert report.unreadable
    assert [(f.rule, f.line) for f in report.findings] == [("syntax", line)]


@pytest.mark.parametrize(
    ("suffix", "content", "words"),
    [
        (".yaml", "a: &a [x, x]\n" + "".join(f"b{n}: &{n} [*{n - 1}, *{n - 1}]\n" for n in range(1, 2)), "not YAML"),
        (".yaml", "claims: &a [1, 1, 1]\nsources: [*a]", "without keys"),
        (".yaml", "label: " + "[" * 200 + "]" * 200, "nested"),
        (".yaml", "label: !!binary aGk=", "tag"),
        (".yaml", "label: 3.0e+06", "3.0e+06 is read as a number here"),
        (".yaml", "label: true", "true is read as yes or no here"),
        (".yaml", "defaults: {certainty: certan}", "write certain, probable"),
        (".yaml", "defaults: {stance: [neutral]}", "is no stance"),
        (".yaml", "id: 5", "in words"),
        (".yaml", "because: x", "no key"),
        (
            ".yaml",
            "concepts: [{id: a, frame: {banned: [agent]}}]",
            "its keys are id, type, needs, may, forbids, comment",
        ),
        (".yaml", "concepts: [{id: a, frame: {forbid: [agent]}}]", "did you mean forbids?"),
        (".yaml", "claims: [{id: a, word: x}]", "did you mean words?"),
        (".jsonld", "[]", "it has no statements"),
        (".jsonld", '{"@id": "a", "@id": "b"}', "twice"),
        (".jsonld", '{"@context": "https://w3id.org/quoth/context.jsonld", "polarty": "x"}', "no key"),
        (".ttl", "# nothing\n", "it has no statements"),
    ],
)
def test_input_that_would_be_lost_is_a_syntax_error(suffix: str, content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / f"lossy{suffix}"
    path.write_text(content, "utf-8")
    findings = checked(path).findings
    assert {f.rule for f in findings} == {"syntax"}
    assert all(words in str(f) for f in findings)


def test_the_keys_that_messages_list_are_keys() -> None:
    known = set(jsonld_context()).union(yaml_keys.SHORT, *yaml_keys.KEYS_INSIDE.values())
    assert {key for keys in yaml_keys.PLACES.values() for key in keys.split()} <= known


def test_exponential_aliases_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.yaml"
    levels = "".join(f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    path.write_text(f"label:\n  - &l0 [x, x]\n{levels}", "utf-8")
    assert "values" in str(checked(path).findings[0])


def test_a_document_without_its_context_is_read(harbour: Path, texts: Texts, tmp_path: Path) -> None:
    path = tmp_path / "harbour.yaml"
    written = harbour.read_text("utf-8")
    shutil.copy(harbour.with_name("vocabulary.yaml"), tmp_path)
    path.write_text(written.replace('"@context": https://w3id.org/quoth/context.jsonld\n', ""), "utf-8")
    assert checked(path, texts).conforms
    assert set(read(path, BASE).quads) == set(read(harbour, BASE).quads)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes("<a> <b> 'caf\xe9' .".encode("latin-1"))
    assert "UTF-8" in str(checked(path).findings[0])


def test_without_the_text_quotations_must_agree(harbour: Path, tmp_path: Path) -> None:
    broken = tmp_path / "harbour.yaml"
    mutate(harbour.read_text("utf-8"), '"the ferry was late because', '"the ferry was tard because', broken)
    assert "anchor-agreement" in {f.rule for f in checked(broken).findings}


def test_reports_as_json_and_turtle(harbour: Path, tmp_path: Path) -> None:
    broken = tmp_path / "harbour.yaml"
    mutate(harbour.read_text("utf-8"), "certainty: certain ", "certainty: sure ", broken)
    report = checked(broken)
    as_json = json.loads(json.dumps(report.as_json()))
    assert as_json["conforms"] is False
    assert as_json["findings"][0]["line"] == report.findings[0].line
    graph = rdflib.Graph().parse(data=report.as_turtle(), format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    [node] = graph.subjects(rdflib.RDF.type, sh.ValidationReport)
    assert graph.value(node, sh.conforms) == rdflib.Literal(False)
    assert len(list(graph.objects(node, sh.result))) == len(report.findings)


@pytest.mark.parametrize(("latitude", "wrong"), [("54.25", False), ("91.0", True), ('"54.25"', True), ("5.4e1", True)])
def test_a_position_is_one_decimal_number_of_degrees(
    latitude: str, wrong: bool, excerpt: Path, texts: Texts, tmp_path: Path
) -> None:
    position = tmp_path / "positions.ttl"
    position.write_text(
        f"""@prefix schema: <https://schema.org/> .
        <id/place/quay-4> schema:latitude {latitude} ; schema:longitude -3.5 .""",
        "utf-8",
    )
    report, _ = check([excerpt, position], BASE, texts)
    assert any("from -90 to 90" in finding.message for finding in report.findings) == wrong
