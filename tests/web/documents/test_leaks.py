"""Reported content stays in its graph: no query gets it without asking for that graph.

A secret stands in a named graph alone, as subject, property, object, class, literal and datatype.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.formats import RDF_FORMATS, RESULT_FORMATS
from quoth.release.publish import publish
from quoth.web.app import create_app

from ...conftest import BASE, Client

SECRET = "s3cret"
CLAIM, BELL, CONTENT = (
    ox.NamedNode(BASE + name) for name in ("id/claim/a/b", "id/person/bell", "id/claim/a/b#content")
)
HIDDEN = ox.NamedNode(BASE + SECRET)
OTHER = ox.NamedNode(BASE + "id/claim/a/other#content")


def quads() -> list[ox.Quad]:
    label = ox.Literal("Bell", language="en")
    asserted = [
        ox.Quad(CLAIM, RDF.type, QUOTH.Claim),
        ox.Quad(CLAIM, QUOTH.content, CONTENT),
        ox.Quad(CLAIM, RDFS.seeAlso, BELL),
        ox.Quad(BELL, RDFS.label, label),
    ]
    reported = [
        ox.Quad(BELL, HIDDEN, BELL),
        ox.Quad(BELL, RDF.type, HIDDEN),
        ox.Quad(HIDDEN, RDFS.label, label),
        ox.Quad(BELL, RDFS.label, ox.Literal(SECRET)),
        ox.Quad(BELL, RDFS.comment, ox.Literal("x", datatype=HIDDEN)),
        ox.Quad(CLAIM, RDFS.comment, HIDDEN),
        ox.Quad(CONTENT, RDFS.comment, HIDDEN),
    ]
    reported = [ox.Quad(q.subject, q.predicate, q.object, CONTENT) for q in reported]
    return [*asserted, *reported, ox.Quad(BELL, RDFS.label, ox.Literal("other"), OTHER)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("leaks")
    release = publish(quads(), releases=folder, base=BASE, report_ttl="", report_json="{}")
    engine = EmbeddedEngine(release.store_path, Limits(time_s=5, workers=1))
    yield create_app(Settings(releases=folder, public_url=BASE), engine, release)
    engine.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = Client
    return app.test_client()


NOT_ASKING = {
    "everything": "{ ?s ?p ?o }",
    "reversed": f"{{ ?o ^{RDFS.label} ?s }}",
    "any property": f"{{ ?s !{HIDDEN} ?o }}",
    "any property, backwards": f"{{ ?s !^{RDF.type} ?o }}",
    "the secret's own name": f"{{ {HIDDEN} ?p ?o }}",
    "the secret as object": f"{{ ?s ?p {HIDDEN} }}",
    "the secret as property": f"{{ ?s {HIDDEN} ?o }}",
    "the secret's text": f"{{ ?s ?p '{SECRET}' }}",
    "a path of no length": f"{{ ?s {RDFS.seeAlso}? ?o }}",
    "a path of any length": f"{{ ?s ({RDFS.seeAlso}|{HIDDEN}|!{RDFS.label})* ?o }}",
    "a path of some length": f"{{ ?s ({RDFS.seeAlso}|!{RDFS.comment})+ ?o }}",
    "a path from the entity": f"{{ {BELL} (!{RDFS.seeAlso})* ?o }}",
    "an optional": "{ ?s ?p ?o OPTIONAL { ?o ?p2 ?o2 } }",
    "a union": "{ { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "minus": f"{{ ?s ?p ?o MINUS {{ ?s {RDFS.seeAlso} ?o }} }}",
    "a subquery": "{ { SELECT ?s ?p ?o { ?s ?p ?o } } }",
    "values": f"{{ VALUES ?s {{ {BELL} {CLAIM} {CONTENT} }} ?s ?p ?o }}",
    "exists in a graph": "{ ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?p2 ?o2 } } }",
    "after a graph": f"{{ GRAPH {CONTENT} {{ ?s {RDFS.label} ?x }} ?s ?p ?o }}",
    "after any graph": f"{{ GRAPH ?g {{ ?s {RDFS.label} ?x }} ?s ?p ?o }}",
    "another graph": f"{{ GRAPH {OTHER} {{ ?s ?p ?o }} }}",
    "the graph's name as a subject": f"{{ {CLAIM} {QUOTH.content} ?s . ?s ?p ?o }}",
    "names of graphs": "{ GRAPH ?s {} BIND(1 AS ?p) BIND(1 AS ?o) }",
}
FORMS = {
    "select": ("SELECT ?s ?p ?o", "csv"),
    "select all": ("SELECT *", "json"),
    "construct": ("CONSTRUCT { ?s ?p ?o }", "trig"),
    "describe": ("DESCRIBE ?s ?o", "nquads"),
    "describe all": ("DESCRIBE *", "jsonld"),
}


# Where ?x is what the graph holds, SELECT * asks for it.
QUESTIONS = [(p, f) for p in NOT_ASKING for f in FORMS if f != "select all" or "?x" not in NOT_ASKING[p]]


@pytest.mark.parametrize(("pattern", "form"), QUESTIONS)
def test_queries_without_the_graph_reveal_nothing_of_it(client: FlaskClient, form: str, pattern: str) -> None:
    head, format = FORMS[form]
    response = client.get("/sparql", query_string={"query": f"{head} {NOT_ASKING[pattern]}", "format": format})
    assert response.status_code == 200, response.text
    answer = response.text
    # A constant that was in the question may come back as its own name; what is hidden is what it says.
    if form.startswith("describe") or "the secret" not in pattern:
        assert SECRET not in answer
    assert "other" not in answer or pattern in ("another graph", "names of graphs", "after any graph")


DESCRIBED = [CLAIM, BELL, CONTENT, HIDDEN]


@pytest.mark.parametrize("format", [f.name for f in RDF_FORMATS])
@pytest.mark.parametrize("iri", [pytest.param(iri, id=iri.value.removeprefix(BASE)) for iri in DESCRIBED])
def test_describe_stays_in_the_default_graph(client: FlaskClient, iri: ox.NamedNode, format: str) -> None:
    for query in (
        f"DESCRIBE {iri}",
        f"DESCRIBE ?x {{ BIND({iri} AS ?x) }}",
        f"DESCRIBE {iri} {{ GRAPH {CONTENT} {{}} }}",
    ):
        response = client.get("/sparql", query_string={"query": query, "format": format})
        assert response.status_code == 200
        assert SECRET not in response.text


@pytest.mark.parametrize("format", [f.name for f in RDF_FORMATS])
@pytest.mark.parametrize(
    "closed",
    [
        pytest.param(({}, f"FROM NAMED {CONTENT}"), id="from-named"),
        pytest.param(({"named-graph-uri": CONTENT.value}, ""), id="named-graph-uri"),
        pytest.param(({"named-graph-uri": CONTENT.value}, f"FROM {CONTENT}"), id="named-graph-uri-overrides"),
        pytest.param(({"default-graph-uri": OTHER.value}, f"FROM {CONTENT}"), id="default-graph-uri-overrides"),
    ],
)
def test_a_graph_of_from_named_is_not_described(
    client: FlaskClient, closed: tuple[dict[str, str], str], format: str
) -> None:
    parameters, clause = closed
    for form in ("DESCRIBE ?s", "CONSTRUCT { ?s ?p ?o }"):
        query = f"{form} {clause} WHERE {{ VALUES ?s {{ {BELL} {CLAIM} }} ?s ?p ?o }}"
        response = client.post("/sparql", data={"query": query, "format": format, **parameters})
        assert response.status_code == 200
        assert SECRET not in response.text
        assert "Bell" not in response.text  # the default graph is closed as well


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        pytest.param(f"DESCRIBE {BELL} FROM {CONTENT}", {}, id="describe-from"),
        pytest.param(f"DESCRIBE {BELL}", {"default-graph-uri": CONTENT.value}, id="describe-default-graph-uri"),
        pytest.param(f"CONSTRUCT FROM {CONTENT} WHERE {{ ?s ?p ?o }}", {}, id="construct-where"),
        pytest.param("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }", {}, id="construct-graph"),
        pytest.param("SELECT * { GRAPH ?g { ?s ?p ?o } }", {"named-graph-uri": CONTENT.value}, id="named-graph-uri"),
        pytest.param("SELECT * { ?s ?p ?o }", {"default-graph-uri": CONTENT.value}, id="default-graph-uri"),
        pytest.param(f"SELECT * FROM {OTHER} {{ ?s ?p ?o }}", {"default-graph-uri": CONTENT.value}, id="overriding"),
    ],
)
def test_queries_of_the_graph_get_it(client: FlaskClient, query: str, parameters: dict[str, str]) -> None:
    graph = "SELECT" not in query
    response = client.get("/sparql", query_string={"query": query, "format": "nt" if graph else "csv", **parameters})
    assert SECRET in response.text


def test_naming_one_side_of_a_dataset_empties_the_other(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    size = {None: (4, 12), CONTENT: (7, 7), OTHER: (1, 1)}
    for default, named in itertools.product((None, CONTENT, OTHER), repeat=2):
        parameters = {
            f"{side}-graph-uri": graph.value for side, graph in (("default", default), ("named", named)) if graph
        }
        expected = sum(size[None]) if not parameters else sum(size[g][0] for g in (default, named) if g)
        for clauses in ("", f"FROM {OTHER} FROM NAMED {OTHER}" if parameters else ""):
            asked = query.replace(") {", f") {clauses} {{", 1)
            response = client.get("/sparql", query_string={"query": asked, "format": "tsv", **parameters})
            assert response.text.split()[1] == str(expected), (parameters, clauses)


def test_result_formats_have_only_the_solutions(client: FlaskClient) -> None:
    for format in RESULT_FORMATS:
        response = client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }", "format": format.name})
        assert SECRET not in response.text
