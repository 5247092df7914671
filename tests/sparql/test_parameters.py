"""Typed parameters are read, checked, and bound as terms."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.model.namespaces import XSD
from quoth.errors import DocumentError, UsageError
from quoth.sparql import named_queries, parameters
from quoth.sparql.parameters import Parameter, bind, parse_declaration

BASE = "http://example.org/"
QUERY = "PREFIX ex: <http://e/> SELECT ?x ?y WHERE { VALUES ?x { <id/a> } VALUES ?y { UNDEF } }"


def parameter(type: str, of: str = "") -> Parameter:
    return Parameter("x", type, of, None, "what it is")


@pytest.mark.parametrize(
    ("type", "raw", "term"),
    [
        ("iri", "id/org/isi", ox.NamedNode(BASE + "id/org/isi")),
        ("iri", "/id/org/isi", ox.NamedNode(BASE + "id/org/isi")),
        ("iri", "https://e/x?y#z", ox.NamedNode("https://e/x?y#z")),
        ("iri", "quoth:Claim", ox.NamedNode("https://w3id.org/quoth/ns#Claim")),
        ("iri", "urn:x:y", ox.NamedNode("urn:x:y")),
        ("string", '"} <>', ox.Literal('"} <>')),
        ("integer:1", "1", ox.Literal("1", datatype=XSD.integer)),
        ("integer", "-007", ox.Literal("-7", datatype=XSD.integer)),
        ("date", "2020-02-29", ox.Literal("2020-02-29", datatype=XSD.date)),
    ],
)
def test_a_value_becomes_a_term(type: str, raw: str, term: ox.NamedNode | ox.Literal) -> None:
    assert parameter(*type.split(":")).term(raw, BASE) == term


@pytest.mark.parametrize("raw", ["probable", "certainty:probable", "https://w3id.org/quoth/ns/certainty#probable"])
def test_a_concept_is_named_in_three_ways(raw: str) -> None:
    found = parameter("concept", "certainty").term(raw, BASE, {"probable"})
    assert found == ox.NamedNode("https://w3id.org/quoth/ns/certainty#probable")


@pytest.mark.parametrize(
    ("type", "raw"),
    [
        ("iri", "a b"),
        ("iri", "> } DROP"),
        ("iri", "http://[x"),
        ("integer:1", "0"),
        ("integer", "3.0"),
        ("integer", "٣"),
        ("integer", "1" * 19),
        ("date", "2021-02-29"),
        ("date", "20200101"),
        ("date", "2020-01-01Z"),
        ("string", "x" * 2001),
        ("concept", "sure"),
    ],
)
def test_a_bad_value_says_which_and_what_is_expected(type: str, raw: str) -> None:
    with pytest.raises(UsageError) as error:
        parameter(*(["concept", "certainty"] if type == "concept" else type.split(":"))).term(raw, BASE, {"probable"})
    assert error.value.where == "x"
    assert (error.value.remedy or "").startswith(("give a", "give the"))


@given(st.text(max_size=60).filter(lambda text: "\0" not in text))
def test_no_text_escapes_from_its_literal(text: str) -> None:
    query = bind(QUERY, {"y": parameter("string").term(text, BASE)})
    [solution] = select(query)
    assert solution["y"] == ox.Literal(text)
    assert solution["x"] == ox.NamedNode(BASE + "id/a")


@given(st.text(max_size=60))
def test_no_iri_escapes_from_its_brackets(text: str) -> None:
    try:
        term = parameter("iri").term(text, BASE)
    except UsageError:
        return
    [solution] = select(bind(QUERY, {"x": term}))
    assert solution["x"] == term


def test_an_empty_value_allows_any_term() -> None:
    assert "VALUES ?x { UNDEF }" in bind(QUERY, {"x": None})


def test_an_unbindable_parameter_is_an_error() -> None:
    for name in ("z", "UNDEF"):
        with pytest.raises(ValueError, match=name):
            bind(QUERY, {name: None})
    with pytest.raises(ValueError, match="blank"):
        bind(QUERY, {"x": ox.BlankNode()})
    # A block in a comment or a string is none.
    with pytest.raises(ValueError, match="no block"):
        bind('SELECT * { BIND("VALUES ?x { UNDEF }" AS ?y) } # VALUES ?x { 1 }', {"x": None})


def test_a_declaration_is_read() -> None:
    found = parse_declaration('text string "two words" What it says')
    assert found == Parameter("text", "string", "", "two words", "What it says")
    assert parse_declaration("kind concept:voice - In which voice").default is None


@pytest.mark.parametrize(
    "line",
    [
        "x iri -",
        "page integer 1 A page",
        "X iri - A",
        "x float 1 A",
        "x iri:person id/a A",
        "x integer:few 1 A",
        "x iri * A",
        "x string * A",
        "x concept - A",
        "x string 'a A A",
    ],
)
def test_a_malformed_declaration_is_reported_with_the_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.rq").write_text(
        f"# title: A\n# description: B\n# parameter: {line}\nSELECT * {{ VALUES ?x {{ 1 }} }}"
    )
    with pytest.raises(DocumentError, match=r"bad\.rq:3"):
        named_queries.load(tmp_path)


def select(text: str) -> ox.QuerySolutions:
    solutions = ox.Store().query(text, base_iri=BASE)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def test_pages_and_counts() -> None:
    text = "PREFIX select: <http://e/> SELECT ?x WHERE { VALUES ?x { 1 2 3 4 5 } } ORDER BY ?x # end"
    assert [str(row["x"]) for row in select(parameters.paginate(text, 2, 2))] == [
        str(ox.Literal(3)),
        str(ox.Literal(4)),
    ]
    [total] = select(parameters.count_query(text))
    assert total["total"] == ox.Literal(5)
