"""The screen passes no graph in which a validator finds anything, and most graphs in which none does."""

import functools
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.claim.checking import frames, shacl
from quoth.claim.checking.check import read_all
from quoth.claim.checking.screen.graph import Graph
from quoth.claim.checking.screen.shapes import screen
from quoth.claim.checking.validator import Validator, term
from quoth.claim.rules.vocabulary import Vocabulary
from quoth.resources import folder

from ...conftest import CORPUS

BASE = "http://localhost:8000/"
PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "": "urn:x:",
        "sh": "http://www.w3.org/ns/shacl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)
SHAPE = ":S a sh:NodeShape ; sh:targetClass :C ; "

# A shape, data that keep to it, and data that do not.
COMPONENTS = {
    "minCount": (SHAPE + "sh:property [ sh:path :p ; sh:minCount 2 ] .", ":a a :C ; :p 1 , 2 .", ":a a :C ; :p 1 ."),
    "maxCount": (SHAPE + "sh:property [ sh:path :p ; sh:maxCount 1 ] .", ":a a :C ; :p 1 .", ":a a :C ; :p 1 , 2 ."),
    "class": (
        SHAPE + "sh:property [ sh:path :p ; sh:class :D ] .",
        ":E rdfs:subClassOf :D . :a a :C ; :p :b . :b a :E .",
        ":D rdfs:subClassOf :E . :a a :C ; :p :b . :b a :E .",
    ),
    "the class of a literal": (SHAPE + "sh:property [ sh:path :p ; sh:class :D ] .", ":a a :C .", ":a a :C ; :p 'x' ."),
    "a target that is a subclass": (
        SHAPE + "sh:property [ sh:path :p ; sh:minCount 1 ] .",
        ":B rdfs:subClassOf :C . :a a :B ; :p 1 .",
        ":B rdfs:subClassOf :C . :a a :B .",
    ),
    "datatype": (
        SHAPE + "sh:property [ sh:path :p ; sh:datatype xsd:integer ] .",
        ":a a :C ; :p 12 , -3 , 0 .",
        ":a a :C ; :p 1.5 .",
    ),
    "a date": (
        SHAPE + "sh:property [ sh:path :p ; sh:datatype xsd:date ] .",
        ":a a :C ; :p '2026-11-28'^^xsd:date .",
        ":a a :C ; :p '2026-02-30'^^xsd:date .",
    ),
    "a text with a language": (
        SHAPE + "sh:property [ sh:path :p ; sh:datatype rdf:langString ] .",
        ":a a :C ; :p 'x'@en .",
        ":a a :C ; :p 'x' .",
    ),
    "nodeKind": (
        SHAPE + "sh:property [ sh:path :p ; sh:nodeKind sh:IRI ] .",
        ":a a :C ; :p :b .",
        ":a a :C ; :p [] .",
    ),
    "in": (
        SHAPE + "sh:property [ sh:path :p ; sh:in ( :b true 'x'@en ) ] .",
        ":a a :C ; :p :b , true , 'x'@en .",
        ":a a :C ; :p 'x' .",
    ),
    "hasValue": (
        SHAPE + "sh:property [ sh:path :p ; sh:hasValue :b ] .",
        ":a a :C ; :p :b , :c .",
        ":a a :C ; :p :c .",
    ),
    "pattern": (
        SHAPE + r"sh:property [ sh:path :p ; sh:pattern '^urn:x:[a-z]+$' ] .",
        ":a a :C ; :p :b , 'urn:x:b' .",
        ":a a :C ; :p :B .",
    ),
    "lengths": (
        SHAPE + "sh:property [ sh:path :p ; sh:minLength 2 ; sh:maxLength 3 ] .",
        ":a a :C ; :p 'ab' , 'äöü' .",
        ":a a :C ; :p 'abcd' .",
    ),
    "ranges": (
        SHAPE + "sh:property [ sh:path :p ; sh:minInclusive -90 ; sh:maxInclusive 90 ] .",
        ":a a :C ; :p -90 , 89.9 .",
        ":a a :C ; :p 90.1 .",
    ),
    "lessThanOrEquals": (
        SHAPE + "sh:property [ sh:path :p ; sh:lessThanOrEquals :q ] .",
        ":a a :C ; :p '2026-11-28'^^xsd:date ; :q '2026-11-28'^^xsd:date , '2026-11-29'^^xsd:date .",
        ":a a :C ; :p '2026-11-28'^^xsd:date ; :q '2026-11-29'^^xsd:date , '2026-11-27'^^xsd:date .",
    ),
    "lessThanOrEquals, of nothing": (
        SHAPE + "sh:property [ sh:path :p ; sh:lessThanOrEquals :q ] .",
        ":a a :C ; :p '2026-11-28'^^xsd:date . :b a :C ; :q '2026-11-28'^^xsd:date .",
        ":a a :C ; :p '2026-11-28'^^xsd:date , '2026-11-30'^^xsd:date ; :q '2026-11-29'^^xsd:date .",
    ),
    "uniqueLang": (
        SHAPE + "sh:property [ sh:path :p ; sh:uniqueLang true ] .",
        ":a a :C ; :p 'x'@en , 'x'@de , 'x' , 'y' .",
        ":a a :C ; :p 'x'@en , 'y'@EN .",
    ),
    "closed": (
        SHAPE + "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ] .",
        ":a a :C ; :p 1 .",
        ":a a :C ; :p 1 ; :q 1 .",
    ),
    "closed, without types": (SHAPE + "sh:closed true ; sh:property [ sh:path :p ] .", ":b :q 1 .", ":a a :C ."),
    "not": (
        SHAPE + "sh:property [ sh:path :p ; sh:not [ sh:class :D ] ] .",
        ":a a :C ; :p :b .",
        ":a a :C ; :p :b . :b a :D .",
    ),
    "or of classes": (
        SHAPE + "sh:property [ sh:path :p ; sh:or ( [ sh:class :D ] [ sh:class :E ] ) ] .",
        ":a a :C ; :p :b . :b a :E .",
        ":a a :C ; :p :b . :b a :C .",
    ),
    "or": (
        SHAPE + "sh:or ( [ sh:property [ sh:path :p ; sh:minCount 1 ] ] [ sh:class :D ] ) .",
        ":a a :C ; :p 1 . :b a :C , :D .",
        ":a a :C .",
    ),
    "node": (
        SHAPE + "sh:property [ sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:hasValue :x ] ] ] .",
        ":a a :C ; :p :b . :b :q :x .",
        ":a a :C ; :p :b , :c . :b :q :x .",
    ),
    "a property of a property": (
        SHAPE + "sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ] ] .",
        ":a a :C ; :p :b . :b :q 1 .",
        ":a a :C ; :p :b .",
    ),
    "qualifiedMinCount": (
        SHAPE + "sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 1 ] .",
        ":a a :C ; :p :b , :c . :b a :D .",
        ":a a :C ; :p :b , :c .",
    ),
    "an inverse path": (
        SHAPE + "sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 1 ] .",
        ":a a :C . :b :p :a .",
        ":a a :C ; :p :b .",
    ),
    "an alternative path": (
        SHAPE + "sh:property [ sh:path [ sh:alternativePath ( :p [ sh:inversePath :q ] ) ] ; sh:maxCount 1 ] .",
        ":a a :C ; :p :b . :b :q :a .",
        ":a a :C ; :p :b . :c :q :a .",
    ),
    "targetSubjectsOf": (":S sh:targetSubjectsOf :p ; sh:class :D .", ":a a :D ; :p 1 .", ":a :p 1 ."),
    "targetObjectsOf": (":S sh:targetObjectsOf :p ; sh:class :D .", ":a :p :b . :b a :D .", ":a :p 1 ."),
}

# Shapes and values about which only a validator can tell; the data keep to the shapes.
DOUBTS = {
    "flags": (SHAPE + "sh:property [ sh:path :p ; sh:pattern 'X' ; sh:flags 'i' ] .", ":a a :C ; :p 'x' ."),
    "a sequence path": (SHAPE + "sh:property [ sh:path ( :p :q ) ; sh:maxCount 1 ] .", ":a a :C ."),
    "a query": (
        SHAPE + "sh:sparql [ sh:select 'SELECT $this WHERE { $this <urn:x:bad> true }' ] .",
        ":a a :C .",
    ),
    "a disjoint property": (SHAPE + "sh:property [ sh:path :p ; sh:disjoint :q ] .", ":a a :C ; :p 1 ; :q 2 ."),
    "a number in another form": (
        SHAPE + "sh:property [ sh:path :p ; sh:datatype xsd:integer ] .",
        ":a a :C ; :p 007 .",
    ),
    "a datatype with many forms": (
        SHAPE + "sh:property [ sh:path :p ; sh:datatype xsd:dateTime ] .",
        ":a a :C ; :p '2026-11-28T10:00:00Z'^^xsd:dateTime .",
    ),
    "a text of two lines": (SHAPE + "sh:property [ sh:path :p ; sh:pattern 'x' ] .", ":a a :C ; :p 'x\\ny' ."),
    "one node as a target": (":S a sh:NodeShape ; sh:targetNode :a ; sh:class :C .", ":a a :C ."),
}


def shapes_of(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


def passes(shapes: rdflib.Graph, data: str) -> tuple[bool, bool]:
    """Whether data pass the screen, and whether pySHACL finds nothing in them."""
    triples = [quad.triple for quad in ox.parse((PREFIXES + data).encode(), ox.RdfFormat.TURTLE)]
    graph = rdflib.Graph()
    for triple in triples:
        graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    passed = screen(shapes)(Graph(triples))
    conforms, _, _ = pyshacl.validate(graph, shacl_graph=shapes)  # which adds to the shapes
    return passed, conforms


@pytest.mark.parametrize(("shape", "good", "bad"), COMPONENTS.values(), ids=COMPONENTS)
def test_a_constraint_is_judged_as_the_reference_does(shape: str, good: str, bad: str) -> None:
    assert passes(shapes_of(shape), good) == (True, True)
    assert passes(shapes_of(shape), bad) == (False, False)


@pytest.mark.parametrize(("shape", "data"), DOUBTS.values(), ids=DOUBTS)
def test_what_is_in_doubt_does_not_pass(shape: str, data: str) -> None:
    assert passes(shapes_of(shape), data) == (False, True)


def test_a_shape_that_is_a_part_of_itself_does_not_pass() -> None:
    assert not screen(shapes_of(SHAPE + "sh:property [ sh:path :p ; sh:node :S ] ."))(Graph([]))


def test_what_is_said_of_a_term_of_the_background_counts_with_it() -> None:
    shapes = shapes_of(SHAPE + "sh:property [ sh:path :p ; sh:maxCount 1 ] .")
    told, more = (
        [q.triple for q in ox.parse((PREFIXES + text).encode(), ox.RdfFormat.TURTLE)]
        for text in (":a a :C ; :p 1 .", ":a :p 2 .")
    )
    background = Graph(told)
    assert screen(shapes)(Graph([], background))
    assert not screen(shapes)(Graph(more, background))
    assert screen(shapes)(Graph(told, background)), "it is unchanged"


@functools.cache
def corpus(path: Path) -> tuple[ox.Quad, ...]:
    documents, _ = read_all([path], BASE)
    return tuple(dict.fromkeys(quad for document in documents for quad in document.quads))


@pytest.mark.parametrize("path", [CORPUS, folder("data")], ids=["corpus", "data"])
def test_what_is_sound_needs_no_validator(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[rdflib.Graph] = []
    results = Validator.results

    def counted(self: Validator, data: list[ox.Triple], shapes: rdflib.Graph) -> rdflib.Graph:
        asked.append(shapes)
        return results(self, data, shapes)

    monkeypatch.setattr(Validator, "results", counted)
    quads = [*corpus(path)]
    vocabulary = Vocabulary(quads)
    assert [*shacl.violations(quads, vocabulary, Validator())] == [*frames.violations(quads, vocabulary, Validator())]
    assert [*map(len, asked)] in ([], [len(shacl.graph("links"))]), "those of links have a query"


COMMON = sorted(corpus(CORPUS), key=str)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_a_graph_that_passes_has_no_results(data: st.DataObject) -> None:
    quads = list(COMMON)
    for _ in range(data.draw(st.integers(1, 3))):
        one, other = (quads[data.draw(st.integers(0, len(quads) - 1))] for _ in range(2))
        change = data.draw(st.integers(0, 3))
        if change != 3:
            quads.remove(one)
        if change == 1:
            quads.append(ox.Quad(one.subject, one.predicate, other.object, one.graph_name))
        elif change >= 2:
            quads.append(ox.Quad(one.subject, other.predicate, one.object, one.graph_name))
    quads = list(dict.fromkeys(quads))
    vocabulary = Vocabulary(quads)

    def found(screens: bool) -> set[str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Validator, "screens", screens)
            judge = Validator()
            return {
                *map(repr, (*shacl.violations(quads, vocabulary, judge), *frames.violations(quads, vocabulary, judge)))
            }

    assert found(screens=True) == found(screens=False)
