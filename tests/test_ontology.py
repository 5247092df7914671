"""The ontology, its schemes, the context, the shapes and the code say the same."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, RDF, SH, SKOS

from quoth.claim.checking import shacl
from quoth.claim.model import namespaces
from quoth.claim.model.namespaces import Namespace
from quoth.claim.model.ontology import ontology_files, ontology_quads
from quoth.claim.rules.publication import rules
from quoth.resources import folder, jsonld_context

COST = ox.NamedNode(f"{namespaces.ONTOLOGY_IRI}/event-type#cost")
SCHEMES = {
    "speech-act": namespaces.SPEECH_ACT,
    "certainty": namespaces.CERTAINTY,
    "polarity": namespaces.POLARITY,
    "realis": namespaces.REALIS,
    "tense": namespaces.TENSE,
    "stance": namespaces.STANCE,
    "scope": namespaces.SCOPE,
    "voice": namespaces.VOICE,
    "link-status": namespaces.LINK_STATUS,
    "coding": namespaces.CODING,
    "encoding-status": namespaces.ENCODING_STATUS,
    "information-status": namespaces.INFORMATION_STATUS,
    "degree": namespaces.DEGREE,
    "kind": namespaces.KIND,
    "quality": namespaces.QUALITY,
}


def test_the_ontology_passes_its_own_shapes() -> None:
    assert [str(f) for f in shacl.self_violations(ontology_files(foreign=False))] == []


def test_the_ontology_s_shapes_can_fail(tmp_path: Path) -> None:
    (broken := tmp_path / "broken.ttl").write_text(f"<{namespaces.QUOTH.iri}nameless> a <{OWL.Class}> .")
    assert shacl.self_violations([broken])


def test_the_code_s_namespace_is_the_ontology_s_both_ways() -> None:
    defined = {
        str(term).removeprefix(namespaces.QUOTH.iri)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for term in shacl.ontology().subjects(RDF.type, kind)
    }
    assert defined == namespaces.QUOTH.terms


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_code_s_concepts_are_the_scheme_s_both_ways(scheme: str) -> None:
    namespace = SCHEMES[scheme]
    iri = rdflib.URIRef(f"{namespaces.ONTOLOGY_IRI}/{scheme}")
    concepts = {str(c).removeprefix(namespace.iri) for c in shacl.ontology().subjects(SKOS.inScheme, iri)}
    assert concepts == namespace.terms
    assert {str(c) for c in shacl.ontology().objects(iri, SKOS.hasTopConcept)} == {namespace.iri + c for c in concepts}


def test_a_deprecated_term_says_what_replaces_it_and_is_found_by_the_check() -> None:
    ontology = shacl.ontology()
    deprecated = set(ontology.subjects(OWL.deprecated, rdflib.Literal(True)))
    assert deprecated == {rdflib.URIRef(t.value) for t in (namespaces.QUOTH.recipient, COST)}
    for term in deprecated:
        replacements = set(ontology.objects(term, DCTERMS.isReplacedBy))
        assert replacements
        assert replacements <= set(ontology.subjects(RDF.type)) - deprecated
    [rule] = [rule for rule in rules("check") if rule.name == "deprecated-term"]
    for name in map(namespaces.abbreviated, map(str, deprecated)):
        assert f" {name} " in rule.text
        assert name.partition(":")[2] in rule.header["remedy"]


def test_each_concept_and_scheme_has_its_preferred_label_as_label() -> None:
    quads = ontology_quads()
    preferred = {(q.subject, q.object) for q in quads if q.predicate == namespaces.SKOS.prefLabel}
    labels = {(q.subject, q.object) for q in quads if q.predicate == namespaces.RDFS.label}
    assert len(preferred) > 200
    assert preferred <= labels


def test_a_misspelt_term_raises() -> None:
    with pytest.raises(AttributeError, match="no term attribtion"):
        _ = namespaces.QUOTH.attribtion


def test_the_context_covers_the_ontology() -> None:
    defined = json.dumps(jsonld_context())
    authored = namespaces.QUOTH.terms
    missing = {t for t in authored if f'"quoth:{t}"' not in defined}
    assert missing == set()


def test_the_context_names_no_unknown_term() -> None:
    named = {
        i.removeprefix("quoth:")
        for d in jsonld_context().values()
        for i in [d if isinstance(d, str) else d.get("@id", "") if isinstance(d, dict) else ""]
        if isinstance(i, str) and i.startswith("quoth:")
    }
    assert named <= namespaces.QUOTH.terms


@pytest.mark.parametrize("name", sorted(p.stem for p in folder("shapes").glob("*.ttl")))
def test_every_shape_uses_known_terms_and_has_a_message(name: str) -> None:
    graph = shacl.graph(name)
    for term in {t for triple in graph for t in triple if isinstance(t, rdflib.URIRef)}:
        if str(term).startswith(namespaces.QUOTH.iri):
            getattr(namespaces.QUOTH, str(term).removeprefix(namespaces.QUOTH.iri))
    for owner in set(graph.subjects(SH.closed)):
        assert graph.value(owner, SH.message) is not None


def test_the_namespaces_of_the_code_are_prefixes() -> None:
    spaces = [v.iri for v in vars(namespaces).values() if isinstance(v, Namespace)]
    assert set(spaces) <= set(namespaces.PREFIXES.values())
