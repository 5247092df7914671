"""DESCRIBE rewritten as CONSTRUCT gives the quads of the embedded engine's DESCRIBE."""

import doctest

import pyoxigraph as ox
import pytest

from quoth.errors import QuerySyntaxError
from quoth.sparql import describe_rewrite
from quoth.sparql.describe_rewrite import as_construct

E = "http://e/"
PREFIX = "PREFIX e: <http://e/> "


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(E + name)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    for i in range(6):
        store.add(ox.Quad(iri(f"s{i}"), iri("p"), iri(f"s{i + 1}")))
        store.add(ox.Quad(iri(f"s{i}"), iri("q"), ox.Literal(f"text {i}")))
        store.add(ox.Quad(iri(f"s{i}"), iri("q"), ox.Literal("secret"), iri("g")))
    store.add(ox.Quad(iri("hidden"), iri("p"), iri("s1"), iri("g")))
    return store


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE <http://e/s1>",
        "BASE <http://e/> DESCRIBE <s1> <s2>",
        PREFIX + "describe e:s1 e:s2",
        PREFIX + "DESCRIBE e:hidden",
        PREFIX + "DESCRIBE ?x { ?x e:p e:s3 }",
        PREFIX + "DESCRIBE ?x WHERE { ?x e:p e:s3 } # the end",
        PREFIX + "# DESCRIBE ?y\nDESCRIBE ?x e:s5 # targets\n{ ?x e:p e:s3 }",
        PREFIX + "DESCRIBE ?x ?y { ?x e:p ?y } ORDER BY ?x LIMIT 1 OFFSET 2",
        PREFIX + "DESCRIBE * { ?x e:p ?y FILTER(?y = e:s2) }",
        PREFIX + "DESCRIBE * { e:s1 e:p ?y { SELECT (COUNT(?inner) AS ?n) { ?inner e:p ?o } } }",
        PREFIX + "DESCRIBE ?never { ?x e:p ?y }",
        PREFIX + "DESCRIBE ?d_ ?d_p { ?d_ e:p ?d_p FILTER(?d_p = e:s2) }",
        PREFIX + "DESCRIBE ?x { GRAPH ?g { ?x e:p e:s1 } }",
        PREFIX + "DESCRIBE ?x FROM e:g { ?x e:q ?y }",
        PREFIX + "DESCRIBE e:s1 FROM <http://e/g>",
        PREFIX + "DESCRIBE e:s1 FROM NAMED e:g",
        PREFIX + "DESCRIBE ?x FROM e:none FROM NAMED e:g WHERE { GRAPH e:g { ?x e:p ?y } }",
        PREFIX + "DESCRIBE ?x { ?x e:p ?y } GROUP BY ?x ORDER BY ?x LIMIT 2",
        PREFIX + "DESCRIBE ?x { ?x e:p ?y } VALUES ?y { e:s2 e:s4 }",
        PREFIX + 'DESCRIBE ?x { ?x e:q "text 1" FILTER("DESCRIBE ?z" != "}") }',
    ],
)
def test_the_rewrite_gives_the_same_quads(store: ox.Store, query: str) -> None:
    triples = {str(triple) for triple in store.query(as_construct(query))}  # type: ignore[union-attr]
    assert triples == {str(triple) for triple in store.query(query)}  # type: ignore[union-attr]
    assert ("secret" in str(triples)) == ("FROM e:g" in query or "FROM <http://e/g>" in query)


def test_a_variable_needs_a_pattern(store: ox.Store) -> None:
    assert list(store.query(as_construct("DESCRIBE ?x"))) == []  # type: ignore[arg-type]


def test_describe_of_nothing_gives_nothing() -> None:
    with pytest.raises(QuerySyntaxError, match="names nothing"):
        as_construct("DESCRIBE { ?x ?y ?z }")


def test_the_rewritten_text_of_an_example() -> None:
    assert doctest.testmod(describe_rewrite).failed == 0
