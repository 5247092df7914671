"""A query without an answer is told what it names that is not there, in a header and on the page."""

import html
import re
from typing import cast

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import Term
from quoth.engine.api import empty_answers
from quoth.engine.api.interface import Engine, Query
from quoth.errors import UnavailableError
from quoth.formats import RDF_FORMATS, RESULT_FORMATS
from quoth.sparql import unknown_terms
from quoth.sparql.query_limits import LARGE_QUERY_CHARS

PREFIXES = """PREFIX certainty: <https://w3id.org/quoth/ns/certainty#>
PREFIX q: <https://w3id.org/quoth/ns#>
PREFIX s: <http://schema.org/>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

# name: (query, with ¦ before what is not there; words of the hint, what is meant)
HINTS = {
    "a property": ("SELECT * { ?x ¦q:atribution ?y }", "q:atribution is no term of the ontology", "q:attribution"),
    "a class": ("ASK { ?x a ¦q:claim }", "q:claim is no term of the ontology", "q:Claim"),
    "a concept": ("SELECT * { ?x q:certainty ¦certainty:probabel }", "no term of the ontology", "certainty:probable"),
    "in a path": ("SELECT * { ?x q:attribution/¦q:sourse ?y }", "q:sourse is no term", "q:source"),
    "in full": ("ASK { ?x a ¦<https://w3id.org/quoth/ns#Claims> }", "ns#Claims> is no term", "q:Claim"),
    "another vocabulary": ("SELECT * { ?x ¦schema:headlin ?y }", "no statement has schema:headlin", "schema:headline"),
    "another namespace": ("SELECT * { ?x ¦s:headline ?y }", "no statement has s:headline", "schema:headline"),
    "nothing like it": ("SELECT * { ?x ¦q:zebra ?y }", "q:zebra is no term", None),
    "an entity": ("SELECT * { ¦<id/org/harbor-office> ?p ?y }", "nothing called", "harbour-office"),
    "an entity described": ("DESCRIBE ¦<id/org/nope>", "nothing called <id/org/nope>", None),
    "a graph": ("SELECT * { GRAPH ¦<id/graph> { ?s ?p ?o } }", "no graph <id/graph>", None),
    "a claim for its graph": ("ASK { GRAPH ¦<id/claim/harbour/no-ties> { ?s ?p ?o } }", "quoth:content", None),
    "FROM": ("SELECT * FROM ¦<http://e/g> { ?s ?p ?o }", "no graph <http://e/g>", None),
    "FROM NAMED": ("ASK FROM NAMED ¦<http://e/g> { GRAPH ?g { ?s ?p ?o } }", "no graph <http://e/g>", None),
    "a count": ("SELECT (COUNT(*) AS ?n) { ?x ¦q:atribution ?y }", "q:atribution", "q:attribution"),
    "what is reported": ("SELECT * { ?x ¦q:agent ?y }", "named graphs alone", None),
    "not the template": (
        "PREFIX e: <http://e/> CONSTRUCT { ?x e:y ?y } WHERE { ?x ¦q:atribution ?y }",
        "q:atribution",
        "q:attribution",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words", "meant"), HINTS.values(), ids=HINTS)
def test_what_is_not_there_is_named_with_its_place(
    client: FlaskClient, text: str, words: str, meant: str | None
) -> None:
    query = PREFIXES + text.replace("¦", "")
    field = client.get("/sparql", query_string={"query": query}).headers["Query-Hint"]
    assert words in field
    assert (f"(did you mean {meant}?)" if meant and ":" in meant else meant or "") in field
    assert field.count(";term=") == 1, "nothing else is named"
    assert f';where="line 6, column {text.index("¦") + 1}"' in field
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert words in html.unescape(page.partition("data-hints")[2].partition("</div>")[0])


SILENT = {
    "an answer": "SELECT * { ?x a q:Claim OPTIONAL { ?x q:atribution ?y } }",
    "nothing, of known terms": "SELECT * { ?x q:withdraws q:Claim }",
    "a datatype": 'ASK { ?x q:textLength "0"^^xsd:nonsense }',
    "a function": "ASK { ?x q:textLength ?n FILTER(xsd:boolean(?n) = 0) }",
    "a type of literals": "ASK { ?x a q:Claim ; rdfs:label ?n FILTER(DATATYPE(?n) = xsd:gYear) }",
    "a long query": "ASK { ?x q:atribution ?y } #" + "x" * LARGE_QUERY_CHARS,
    "within a graph": "ASK { ?x q:content ?g GRAPH ?g { ?y q:agent 'nobody' } }",
    "in a string": "ASK { ?x q:cue 'q:atribution' } # q:atribution",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_no_hint_is_given_about(client: FlaskClient, text: str) -> None:
    rdfs = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    response = client.get("/sparql", query_string={"query": PREFIXES + rdfs + text})
    assert response.status_code == 200
    assert "Query-Hint" not in response.headers


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_of_the_request_that_is_not_there_is_named(client: FlaskClient, parameter: str) -> None:
    response = client.post("/sparql", data={"query": "ASK { ?s ?p ?o }", parameter: "http://e/ü"})
    assert response.get_json(force=True) == {"head": {}, "boolean": False}
    hint = '%"there is no graph <http://e/%c3%bc> (GRAPH ?g { } matches every named graph)"'
    assert response.headers["Query-Hint"] == f'{hint};where="{parameter}";term="http://e/%C3%BC"'


@pytest.mark.parametrize("format", [f.name for f in RESULT_FORMATS])
@pytest.mark.parametrize("form", ["SELECT ?x", "ASK", "SELECT (COUNT(?x) AS ?n)"])
def test_the_result_is_the_same_in_every_format_of_results(client: FlaskClient, form: str, format: str) -> None:
    first, second = (
        client.get("/sparql", query_string={"query": f"{PREFIXES}{form} {{ ?x {term} q:Claim }}", "format": format})
        for term in ("q:atribution", "q:withdraws")
    )
    assert first.data == second.data
    assert "Query-Hint" in first.headers
    assert "Query-Hint" in first.headers["Access-Control-Expose-Headers"]
    assert "Query-Hint" not in second.headers


@pytest.mark.parametrize("format", [f.name for f in RDF_FORMATS])
def test_a_graph_without_triples_has_hints_in_every_format(client: FlaskClient, format: str) -> None:
    query = f"{PREFIXES}CONSTRUCT WHERE {{ ?x q:atribution ?y }}"
    assert "Query-Hint" in client.get("/sparql", query_string={"query": query, "format": format}).headers


def test_hints_cost_one_query_of_limited_size() -> None:
    asked: list[str] = []

    def select(text: str) -> list[dict[str, Term]]:
        asked.append(text)
        iris = re.findall(r"<(http://e/[0-9]+)>", text)
        return [{"x": ox.NamedNode(iri)} for iri in iris]

    query = f"ASK {{ VALUES ?x {{ {' '.join(f'<http://e/{n}>' for n in range(200))} }} ?x ?p ?o }}"
    assert len(unknown_terms.hints(query, None, select)) == unknown_terms.HINTS
    [text] = asked
    assert text.count("<http://e/") == unknown_terms.MENTIONS


def test_an_engine_that_fails_gives_no_hints() -> None:
    class Broken:
        def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
            raise UnavailableError("it is away")

    assert empty_answers.hints(cast(Engine, Broken()), Query("ASK { <http://e/> ?p ?o }")) == []
