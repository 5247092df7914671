"""Wrong answers of pyoxigraph 0.5 that are left, because no sound rewriting is known; the guide names each.

Each test says what the engine answers and what would be right. One that fails tells that a new version of the engine is
better (or worse): correct the guide (querying.md) and this file then.
"""

import pyoxigraph as ox
import pytest

DATA = b"""PREFIX : <http://e/> :a :p :b . GRAPH :g { :k :p :l . :l :p :m } GRAPH :h { :k :p :z }"""
G, H = "<http://e/g>", "<http://e/h>"

FAULTS: dict[str, tuple[str, list[list[str]], list[list[str]]]] = {
    "a path of no step from what is no node (§18.4)": (
        "SELECT ?o { :none :p* ?o }",
        [],
        [["<http://e/none>"]],
    ),
    "an optional step from what is no node (§18.4)": ("SELECT ?o { ?o :p? :none }", [], [["<http://e/none>"]]),
    "VALUES alone within GRAPH ?g (§18.6)": (
        "SELECT ?g ?x { GRAPH ?g { VALUES ?x { :a } } }",
        [["", "<http://e/a>"]],
        [[G, "<http://e/a>"], [H, "<http://e/a>"]],
    ),
    "MINUS without a common variable within GRAPH ?g (§18.6)": (
        "SELECT ?g ?s { GRAPH ?g { ?s :p ?o MINUS { ?other :p :z } } }",
        [[G, "<http://e/k>"], [G, "<http://e/l>"]],
        [[G, "<http://e/k>"], [G, "<http://e/l>"], [H, "<http://e/k>"]],
    ),
    "BNODE of a string in two rows (§17.4.2.9)": (
        'SELECT (COUNT(DISTINCT ?b) AS ?n) { VALUES ?x { 1 2 } BIND(BNODE("x") AS ?b) }',
        [['"1"^^<http://www.w3.org/2001/XMLSchema#integer>']],
        [['"2"^^<http://www.w3.org/2001/XMLSchema#integer>']],
    ),
}


@pytest.mark.parametrize(("text", "answer", "right"), FAULTS.values(), ids=FAULTS)
def test_the_engine_still_answers_so(text: str, answer: list[list[str]], right: list[list[str]]) -> None:
    store = ox.Store()
    store.load(DATA, format=ox.RdfFormat.TRIG)
    result = store.query(f"PREFIX : <http://e/> {text}")
    assert isinstance(result, ox.QuerySolutions)
    rows = sorted(["" if cell is None else str(cell) for cell in row] for row in result)
    assert rows == answer
    assert rows != right


def test_a_path_of_no_step_from_a_node_is_right() -> None:
    store = ox.Store()
    store.load(DATA, format=ox.RdfFormat.TRIG)
    assert bool(store.query("ASK { <http://e/b> <http://e/p>* <http://e/b> }"))
    assert not bool(store.query("ASK { <http://e/none> <http://e/p>* <http://e/none> }")), "which is wrong, see above"
