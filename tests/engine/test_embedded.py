"""Queries of clients and of the server over the embedded store."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from quoth.engine.api.interface import Answer, Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.errors import (
    Limit,
    NotAcceptableError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTooLargeError,
    UnavailableError,
)
from quoth.formats import OX_RDF

GRAPH = ox.NamedNode("http://e/g")
ALL = "SELECT * { ?s ?p ?o }"


def ask(engine: EmbeddedEngine, text: str, wanted: Wanted | None = None, **dataset: Any) -> bytes:
    with engine.answer(Query(text, **dataset), wanted or Wanted()) as answer:
        return b"".join(answer.chunks)


def count(engine: EmbeddedEngine, text: str, **dataset: Any) -> int:
    return len(json.loads(ask(engine, text, **dataset))["results"]["bindings"])


@pytest.mark.parametrize(
    ("text", "kind", "format"),
    [
        ("ASK {}", "boolean", "json"),
        (ALL, "solutions", "csv"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", "turtle"),
        ("DESCRIBE <http://e/s1>", "graph", "turtle"),
    ],
    ids=["ask", "select", "construct", "describe"],
)
def test_each_kind_of_result_has_its_format(engine: EmbeddedEngine, text: str, kind: str, format: str) -> None:
    with engine.answer(Query(text), Wanted(solutions="csv", boolean="json", graph="turtle")) as answer:
        assert (answer.kind, answer.format) == (kind, format)


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_solutions_in_each_format_have_every_row(engine: EmbeddedEngine, format: str) -> None:
    data = ask(engine, "SELECT ?s { ?s <http://e/p1> ?o }", Wanted(solutions=format))
    rows = {
        "json": lambda: len(json.loads(data)["results"]["bindings"]),
        "xml": lambda: len(ET.fromstring(data).findall(".//{*}result")),
        "csv": lambda: len(list(csv.reader(io.StringIO(data.decode())))) - 1,
        "tsv": lambda: data.count(b"\n") - 1,
    }[format]()
    assert rows == 1000


@pytest.mark.parametrize("format", ["turtle", "trig", "jsonld", "nquads", "ntriples", "rdfxml"])
def test_a_graph_in_each_format_reads_back(engine: EmbeddedEngine, format: str) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . FILTER(STRSTARTS(?o, 'value')) }"
    data = ask(engine, text, Wanted(graph=format))
    assert len({str(q.triple) for q in ox.parse(data, OX_RDF[format])}) == 3000


@pytest.mark.parametrize("format", ["turtle", "trig", "rdfxml"])
def test_the_prefixes_come_in_order(store_path: Path, engine: EmbeddedEngine, format: str) -> None:
    data = ask(engine, "DESCRIBE <http://e/s1>", Wanted(graph=format))
    names = re.findall(rb"(?:@prefix |xmlns:)([\w-]+)", data)
    assert names == sorted(names)
    assert b"quoth" in names


@pytest.mark.parametrize(
    ("default", "named", "text", "rows"),
    [
        ([], [], ALL, 3003),
        ([], [], "SELECT * { GRAPH ?g { ?s ?p ?o } }", 1),
        (["http://e/g"], [], ALL, 1),
        (["http://e/g"], [], "SELECT * { GRAPH ?g { ?s ?p ?o } }", 0),
        ([], ["http://e/g"], ALL, 0),
        ([], ["http://e/g"], "SELECT * { GRAPH ?g { ?s ?p ?o } }", 1),
        ([], ["http://e/none"], "SELECT * { GRAPH ?g { ?s ?p ?o } }", 0),
        (["http://e/none"], [], "SELECT * FROM <http://e/g> { ?s ?p ?o }", 0),
        ([], [], "SELECT * FROM <http://e/g> { ?s ?p ?o }", 1),
        ([], [], "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", 0),
        ([], [], "SELECT * FROM NAMED <http://127.0.0.1:9/> { GRAPH ?g { ?s ?p ?o } }", 0),
    ],
    ids=[
        "no union",
        "named",
        "default given",
        "default given closes named",
        "named given closes default",
        "named given",
        "named given, other",
        "overrides FROM",
        "FROM",
        "FROM fetches nothing",
        "FROM NAMED fetches nothing",
    ],
)
def test_the_dataset(engine: EmbeddedEngine, default: list[str], named: list[str], text: str, rows: int) -> None:
    assert count(engine, text, default_graphs=default, named_graphs=named) == rows


def test_describe_and_construct_give_no_reported_content(engine: EmbeddedEngine) -> None:
    assert b"h\xc3\xa9" not in ask(engine, "DESCRIBE <http://e/reported>")
    assert b"h\xc3\xa9" not in ask(engine, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("SELECT * {\n  ?s ?p\n}", 3, 2, "syntax error near '}'"),
        ("SELECT * {\n  'é' e:x ?o }", 2, 7, "the prefix e: is not declared"),
        ("PREFIX e: <http://e/>\nSELECT * { ?s e:p <a> }", 2, 19, "<a> is a relative IRI"),
        ("SELECT * { ?s ?p ?o", 1, 10, "never closed"),
    ],
    ids=["incomplete triple", "prefix", "relative IRI", "unclosed"],
)
def test_a_syntax_error_says_where(engine: EmbeddedEngine, text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(QuerySyntaxError, match=re.escape(says)) as caught:
        ask(engine, text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    ["SELECT * { BIND(<http://e/f>(1) AS ?x) }", "SELECT * { ?s ?p ?o } #\ud800", "SELECT * FROM <http://a b/> {}"],
    ids=["unknown function", "lone surrogate", "bad IRI"],
)
def test_an_unevaluable_query_is_a_syntax_error(engine: EmbeddedEngine, text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        ask(engine, text)


def test_a_malformed_graph_iri_is_refused(engine: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntaxError):
        ask(engine, ALL, default_graphs=["not an IRI"])


def test_outward_calls_are_refused(engine: EmbeddedEngine) -> None:
    with pytest.raises(QueryRefusedError):
        ask(engine, "SELECT * { SERVICE <http://127.0.0.1:9/> {} }")


def test_an_update_is_no_query(engine: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntaxError, match="DELETE is an update"):
        ask(engine, "DELETE WHERE { ?s ?p ?o }")


@pytest.mark.parametrize("text", ["", " # nothing\n", "\ufeff"], ids=["empty", "comment", "mark"])
def test_an_empty_query_is_called_so(engine: EmbeddedEngine, text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="the query is empty"):
        ask(engine, text)


def test_values_of_any_kind_are_concatenated(engine: EmbeddedEngine) -> None:
    text = 'SELECT (GROUP_CONCAT(?x; separator="+") AS ?all) { VALUES ?x { 1 <http://e/a> UNDEF "b" } }'
    assert b"1+http://e/a+b" in ask(engine, text)


def test_a_syntax_error_after_a_rewritten_part_has_its_place_in_the_text_that_was_sent(engine: EmbeddedEngine) -> None:
    text = "SELECT (GROUP_CONCAT(?x) AS ?all) { ?x ?p"
    with pytest.raises(QuerySyntaxError, match=f"column {text.index('{') + 1}: "):
        ask(engine, text)
    text = "SELECT (GROUP_CONCAT(?x) AS ?all) {\n } }"
    with pytest.raises(QuerySyntaxError, match="line 2, column 4: "):
        ask(engine, text)


def test_an_unwanted_kind_of_result_is_not_acceptable(engine: EmbeddedEngine) -> None:
    with pytest.raises(NotAcceptableError, match="CONSTRUCT or DESCRIBE"):
        ask(engine, "DESCRIBE <http://e/s1>", Wanted(graph=None))


@pytest.mark.parametrize(
    ("text", "wanted", "says"),
    [
        ("DESCRIBE <http://e/odd>", Wanted(graph="rdfxml"), "cannot express the predicate <http://e/123>"),
        ("DESCRIBE <http://e/control>", Wanted(graph="rdfxml"), "control character"),
        ("SELECT * { <http://e/control> ?p ?o }", Wanted(solutions="xml"), "control character"),
        (
            "CONSTRUCT { <http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 } {}",
            Wanted(graph="rdfxml"),
            "cannot express",
        ),
    ],
    ids=["predicate", "literal", "solutions", "syntax name"],
)
def test_xml_that_would_be_malformed_is_an_error(engine: EmbeddedEngine, text: str, wanted: Wanted, says: str) -> None:
    with pytest.raises(NotAcceptableError, match=re.escape(says)):
        ask(engine, text, wanted)


def test_a_carriage_return_survives_xml(engine: EmbeddedEngine) -> None:
    data = ask(engine, r'SELECT ("a\rb" AS ?x) {}', Wanted(solutions="xml"))
    assert ET.fromstring(data).findtext(".//{*}literal") == "a\rb"


def test_a_result_past_its_size_breaks_the_stream(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(result_mb=1))
    answer = engine.answer(Query("SELECT * { ?s <http://e/p1> ?o . ?t <http://e/p2> ?u } LIMIT 20000"), Wanted())
    with pytest.raises(QueryTooLargeError, match="larger than") as caught:
        for _ in answer.chunks:
            pass
    assert caught.value.limit == Limit("query_result_mb", 1)
    assert ask(engine, "ASK {}")
    engine.close()


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv", "turtle", "trig", "jsonld", "nquads", "ntriples"])
def test_a_result_past_its_rows_breaks_the_stream(store_path: Path, format: str) -> None:
    engine = EmbeddedEngine(store_path, Limits(result_rows=20))
    if format in ("json", "xml", "csv", "tsv"):
        text, wanted = "SELECT * { ?s <http://e/p1> ?o } LIMIT ", Wanted(solutions=format)
    else:
        text, wanted = "CONSTRUCT WHERE { ?s <http://e/p1> ?o } LIMIT ", Wanted(graph=format)
    assert ask(engine, text + "20", wanted)
    with pytest.raises(QueryTooLargeError, match="more than 20") as caught:
        ask(engine, text + "21", wanted)
    assert caught.value.limit == Limit("query_result_rows", 20)
    engine.close()


def test_select_restricts_to_the_bound_term(engine: EmbeddedEngine) -> None:
    rows = engine.select("SELECT ?s ?o { ?s ?p ?o }", s=ox.NamedNode("http://e/s7"))
    assert rows == [{"s": ox.NamedNode("http://e/s7"), "o": ox.Literal("value 7")}]


def test_select_leaves_unbound_variables_out(engine: EmbeddedEngine) -> None:
    text = "SELECT ?s ?x { VALUES ?s { <http://e/s7> } OPTIONAL { ?s <http://e/none> ?x } }"
    assert engine.select(text) == [{"s": ox.NamedNode("http://e/s7")}]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("SELECT ?o { ?s ?p ?o }", ox.NamedNode("http://e/s7")),
        ("SELECT (1 AS ?one) { ?s ?p ?o }", ox.NamedNode("http://e/s7")),
        ("ASK { ?s ?p ?o }", ox.NamedNode("http://e/s7")),
        ("SELECT ?s { ?s ?p ?o }", ox.BlankNode("b")),
    ],
    ids=["not projected", "expression", "not a SELECT", "blank node"],
)
def test_a_binding_outside_the_projection_is_an_error(
    engine: EmbeddedEngine, text: str, term: ox.NamedNode | ox.BlankNode
) -> None:
    with pytest.raises(ValueError, match=r"bound|SELECT"):
        engine.select(text, s=term)


def test_describe_gives_the_asserted_quads_of_each_subject_once(engine: EmbeddedEngine) -> None:
    quads = engine.describe(["http://e/s1", "http://e/s2", "http://e/s1", "http://e/reported", "not an IRI"])
    assert sorted(quad.subject.value for quad in quads) == ["http://e/s1", "http://e/s2"]  # type: ignore[union-attr]
    assert all(quad.graph_name == ox.DefaultGraph() for quad in quads)


def test_graph_gives_the_quads_of_one_graph(engine: EmbeddedEngine) -> None:
    (quad,) = engine.graph("http://e/g")
    assert (quad.object, quad.graph_name) == (ox.Literal("hé", language="en"), GRAPH)
    assert engine.graph("http://e/none") == []


def test_a_missing_store_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="publish"):
        EmbeddedEngine(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnavailableError, match="cannot be opened"):
        EmbeddedEngine(tmp_path / "empty")


def test_an_answer_can_be_closed_twice(engine: EmbeddedEngine) -> None:
    answer: Answer = engine.answer(Query(ALL), Wanted())
    answer.close()
    answer.close()
    assert list(answer.chunks) == []
