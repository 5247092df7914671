"""Queries that the engine answers wrongly: what they are rewritten to, and which are refused."""

import re

import pyoxigraph as ox
import pytest

from quoth.errors import QueryRefusedError
from quoth.sparql.corrections import correct

DATA = b"""PREFIX : <http://e/> GRAPH :g { :k :p :l . :l :p :m } GRAPH :h { :k :p :z }"""


def rows(text: str, *, corrected: bool = True) -> list[list[str]]:
    store = ox.Store()
    store.load(DATA, format=ox.RdfFormat.TRIG)
    text = f"PREFIX : <http://e/> {text}"
    result = store.query(correct(text).text if corrected else text)
    assert isinstance(result, ox.QuerySolutions)
    return sorted(["" if cell is None else str(cell) for cell in row] for row in result)


CONCATENATIONS = {
    "numbers": ("GROUP_CONCAT(?x)", "1 2.5", '"1 2.5"'),
    "IRIs": ('GROUP_CONCAT(?x; separator="|")', ":a :b", '"http://e/a|http://e/b"'),
    "an unbound value is left out": ('GROUP_CONCAT(?x; separator=", ")', '"a" UNDEF "b"', '"a, b"'),
    "nothing but unbound values": ("GROUP_CONCAT(?x)", "UNDEF UNDEF", '""'),
    "no row": ("GROUP_CONCAT(?x)", "", '""'),
    "languages are not kept": ("GROUP_CONCAT(?x)", '"a"@en "b"@en', '"a b"'),
    "an empty separator": ("group_concat(?x ; SEPARATOR = '')", "1 2", '"12"'),
    "a separator with escapes": (r'GROUP_CONCAT(?x; separator="\"\t;)")', "1 2", r'"1\"\t;)2"'),
    "an expression": ('GROUP_CONCAT(IF(?x > 1, CONCAT("(", STR(?x)), :a); separator=";")', "1 2", '"http://e/a;(2"'),
    "comments": ("GROUP_CONCAT # (\n ( ?x # )\n )", "1 2", '"1 2"'),
    "distinct": ("GROUP_CONCAT(DISTINCT ?x)", ':a :a "x" "x"@en "x" 1 "1"', '"http://e/a x x 1 1"'),
    "distinct with an unbound value": ("GROUP_CONCAT(DISTINCT ?x)", "1 UNDEF UNDEF 1 2", '"1 2"'),
    "within another function": ("STRLEN(GROUP_CONCAT(?x))", "12 34", '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    "a word without a boundary": ("1=1&&trueGROUP_CONCAT", "", None),
}


@pytest.mark.parametrize(("call", "values", "result"), CONCATENATIONS.values(), ids=CONCATENATIONS)
def test_group_concat_gives_the_strings(call: str, values: str, result: str | None) -> None:
    query = f"SELECT ({call} AS ?r) {{ VALUES ?x {{ {values} }} }}"
    if result is None:
        assert correct(query).text == query, "what does not parse is left to the parser"
    else:
        assert rows(query) == [[result]]


@pytest.mark.parametrize("call", ["GROUP_CONCAT(?x)", "GROUP_CONCAT(DISTINCT ?x)", "STRLEN(GROUP_CONCAT(?x))"])
@pytest.mark.parametrize("value", ["BNODE()", "TRIPLE(:a, :b, 1)"])
def test_a_group_with_what_has_no_string_has_no_value(call: str, value: str) -> None:
    for others in ("", 'UNION { BIND("a" AS ?x) }'):
        assert rows(f"SELECT ({call} AS ?r) {{ {{ BIND({value} AS ?x) }} {others} }}") == [[""]]


def test_several_group_concats_and_one_in_having() -> None:
    text = """SELECT ?g (GROUP_CONCAT(?s) AS ?a) (GROUP_CONCAT(DISTINCT ?p) AS ?b) { GRAPH ?g { ?s ?p ?o } }
    GROUP BY ?g HAVING (STRLEN(GROUP_CONCAT(?o)) > 12)"""
    assert [(g, len(a.split()), b) for g, a, b in rows(text)] == [("<http://e/g>", 2, '"http://e/p"')]


@pytest.mark.parametrize(
    "text",
    ['SELECT ("GROUP_CONCAT(?x)" AS ?r) {}', "SELECT ?x { ?x <http://e/GROUP_CONCAT(> 1 } # GROUP_CONCAT(?x)"],
    ids=["string", "IRI and comment"],
)
def test_what_only_looks_like_a_group_concat_stays(text: str) -> None:
    assert correct(text).text == text


def test_the_engine_still_has_the_fault() -> None:
    """If this fails, the engine may have been corrected, and the rewriting may go."""
    assert rows("SELECT (GROUP_CONCAT(?x) AS ?r) { VALUES ?x { 1 2 } }", corrected=False) == [[""]]


def test_places_are_those_of_the_original() -> None:
    text = "SELECT (GROUP_CONCAT(DISTINCT ?x) AS ?r)\n{ GROUP_CONCAT(?y) oops }"
    rewritten = correct(text)
    for word in ("?x", "?y", "oops", "AS ?r"):
        assert rewritten.offset(rewritten.text.index(word)) == text.index(word)


LOST = {
    "variables": "SELECT ?g ?s { GRAPH ?g { SELECT ?s { ?s ?p ?o } } }",
    "star": "SELECT * { GRAPH ?g { SELECT * { ?s ?p ?o } } }",
    "count": "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
    "only in an expression": "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(?g) AS ?n) { ?s ?p ?o } } }",
    "deep": "SELECT ?g { GRAPH ?g { ?s ?p ?o OPTIONAL { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } } } }",
    "limit": "SELECT ?g ?s { GRAPH ?g { SELECT ?g ?s { ?s ?p ?o } LIMIT 1 } }",
    "the other sign": "SELECT ?g ?s { GRAPH $g { SELECT ?s { ?s ?p ?o } } }",
}


@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_a_select_that_loses_its_graph_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"^(?=.*all named graphs together)") as caught:
        correct("\n" + text)
    match = re.search(r"line 2, column (\d+)", str(caught.value))
    assert match is not None
    assert text[int(match[1]) - 1 :].startswith("SELECT")


SOUND = {
    "the graph is selected": ("SELECT ?g ?s { GRAPH ?g { SELECT ?g ?s { ?s ?p ?o } } }", 3),
    "and grouped by": ("SELECT ?g ?n { GRAPH ?g { SELECT ?g (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?g } }", 2),
    "a graph that is named": ("SELECT ?s { GRAPH :g { SELECT ?s { ?s ?p ?o } LIMIT 1 } }", 1),
    "one within another": ("SELECT ?g ?s { GRAPH ?g { ?a ?b ?c GRAPH :g { SELECT ?s { ?s ?p ?o } } } }", 6),
    "around it": ("SELECT ?g ?s { { SELECT ?g ?s { GRAPH ?g { ?s ?p ?o } } LIMIT 2 } }", 2),
}


@pytest.mark.parametrize(("text", "count"), SOUND.values(), ids=SOUND)
def test_a_select_that_keeps_its_graph_is_answered(text: str, count: int) -> None:
    assert len(rows(text)) == count
    assert all(all(row) for row in rows(text))
