"""The ontology, its schemes, the context, the shapes and the code say the same."""

import json

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, SH, SKOS

from quoth.claim import shapes, vocabulary
from quoth.claim.document import context
from quoth.claim.vocabulary import Namespace
from quoth.resources import folder

SCHEMES = {
    "speech-act": vocabulary.SPEECH_ACT,
    "certainty": vocabulary.CERTAINTY,
    "polarity": vocabulary.POLARITY,
    "realis": vocabulary.REALIS,
    "tense": vocabulary.TENSE,
    "stance": vocabulary.STANCE,
    "scope": vocabulary.SCOPE,
    "voice": vocabulary.VOICE,
    "link-status": vocabulary.LINK_STATUS,
}


def test_the_ontology_passes_its_own_shapes() -> None:
    assert [str(f) for f in shapes.self_violations()] == []


def test_the_ontology_s_shapes_can_fail() -> None:
    broken = rdflib.Graph()
    broken.add((rdflib.URIRef(vocabulary.QUOTH.iri + "nameless"), RDF.type, OWL.Class))
    assert list(shapes._validate(broken, "ontology"))


def test_the_code_s_namespace_is_the_ontology_s_both_ways() -> None:
    defined = {
        str(term).removeprefix(vocabulary.QUOTH.iri)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in shapes.ontology().subjects(RDF.type, kind)
    }
    assert defined == vocabulary.QUOTH.terms


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_code_s_concepts_are_the_scheme_s_both_ways(scheme: str) -> None:
    namespace = SCHEMES[scheme]
    iri = rdflib.URIRef(f"{vocabulary.ONTOLOGY_IRI}/{scheme}")
    concepts = {str(c).removeprefix(namespace.iri) for c in shapes.ontology().subjects(SKOS.inScheme, iri)}
    assert concepts == namespace.terms
    assert {str(c) for c in shapes.ontology().objects(iri, SKOS.hasTopConcept)} == {namespace.iri + c for c in concepts}


def test_a_misspelt_term_raises() -> None:
    with pytest.raises(AttributeError, match="no term attribtion"):
        _ = vocabulary.QUOTH.attribtion


def test_the_context_covers_the_ontology() -> None:
    defined = json.dumps(context())
    authored = vocabulary.QUOTH.terms
    missing = {t for t in authored if f'"quoth:{t}"' not in defined}
    assert missing == set()


def test_the_context_names_no_term_that_is_not_there() -> None:
    named = {
        i.removeprefix("quoth:")
        for d in context().values()
        for i in [d if isinstance(d, str) else d.get("@id", "") if isinstance(d, dict) else ""]
        if isinstance(i, str) and i.startswith("quoth:")
    }
    assert named <= vocabulary.QUOTH.terms


@pytest.mark.parametrize("name", sorted(p.stem for p in folder("shapes").glob("*.ttl")))
def test_every_shape_speaks_of_terms_that_are_there_and_has_a_message(name: str) -> None:
    graph = shapes.graph(name)
    for term in {t for triple in graph for t in triple if isinstance(t, rdflib.URIRef)}:
        if str(term).startswith(vocabulary.QUOTH.iri):
            getattr(vocabulary.QUOTH, str(term).removeprefix(vocabulary.QUOTH.iri))
    for owner in set(graph.subjects(SH.closed)):
        assert graph.value(owner, SH.message) is not None


def test_the_namespaces_of_the_code_are_prefixes() -> None:
    spaces = [v.iri for v in vars(vocabulary).values() if isinstance(v, Namespace)]
    assert set(spaces) <= set(vocabulary.PREFIXES.values())
