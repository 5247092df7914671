"""What programs that write SPARQL read from an endpoint: the questions as examples, and what instances have.

The queries are those that sparql-llm and the editor of SIB document: they ask the endpoint, and where it answers
nothing, its service description.
"""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import MagicMock

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib.plugins.sparql import prepareQuery

from quoth.cli.publish import publish_documents
from quoth.config import Settings
from quoth.release.release import Release, Releases
from quoth.sparql import named_queries

from ...conftest import BASE, CORPUS, application
from ...serving import free_port, serving

SHACL = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
EXAMPLES = f"""{SHACL} PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query WHERE {{
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|spex:describe ?query .
}} ORDER BY ?sq"""
PREFIXES = (
    SHACL + "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"
)
CLASSES = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype WHERE {
  { ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    ?pp void:property ?prop .
    OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
               UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }
  UNION
  { ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ] }
}"""
QUOTH, XSD = "https://w3id.org/quoth/ns#", "http://www.w3.org/2001/XMLSchema#"
NAMES = sorted(question.name for question in named_queries.load(named_queries.QUESTIONS))

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as the command publishes it."""
    path = tmp_path_factory.mktemp("examples")
    publish_documents([CORPUS], Settings(releases=path, base=BASE), note=lambda text: None)
    return path


@pytest.fixture(scope="module")
def published(releases: Path) -> Iterator[Flask]:
    with application(releases) as app:
        yield app


@pytest.fixture
def client(published: Flask) -> FlaskClient:
    return published.test_client()


def answer(client: FlaskClient, query: str, **parameters: str) -> Rows:
    """What the endpoint answers."""
    json = {"Accept": "application/sparql-results+json"}
    response = client.get("/sparql", query_string={"query": query, **parameters}, headers=json)
    members = response.get_json(force=True)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in members]


def turtle(client: FlaskClient, path: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get(path, headers={"Accept": "text/turtle"}).text, format="turtle")


def select(graph: rdflib.Graph, query: str) -> Rows:
    return [{str(k): str(v) for k, v in row.asdict().items()} for row in graph.query(query)]  # type: ignore[union-attr]


def ask(client: FlaskClient, query: str) -> Rows:
    """As sparql-llm asks: the endpoint, then its description."""
    return answer(client, query) or select(turtle(client, "/sparql"), query)


def runs(client: FlaskClient, query: str) -> bool:
    prepareQuery(query)  # complete in itself
    return client.get("/sparql", query_string={"query": query, "format": "json"}).status_code == 200


def test_each_question_is_an_example_that_runs(client: FlaskClient) -> None:
    found = ask(client, EXAMPLES)
    assert [row["sq"].removeprefix(BASE + "queries/") for row in found] == NAMES
    assert all(row["comment"][0].isupper() and "{" not in row["comment"] for row in found)
    assert [row["sq"] for row in found if not runs(client, row["query"])] == []


def test_the_graph_of_the_questions_answers_by_itself(client: FlaskClient) -> None:
    """A reader that names the graph needs no description; nothing of it is in the default graph."""
    found = answer(client, EXAMPLES, **{"default-graph-uri": BASE + "queries"})
    assert [row["sq"].removeprefix(BASE + "queries/") for row in found] == NAMES
    assert [row["sq"] for row in found if not runs(client, row["query"])] == []
    assert answer(client, EXAMPLES) == []
    assert len(select(turtle(client, f"/graphs?graph={BASE}queries"), EXAMPLES)) == len(NAMES)


def test_an_example_asks_about_the_thing_with_the_most_claims(client: FlaskClient) -> None:
    [example] = [row for row in ask(client, EXAMPLES) if row["sq"].endswith("/what-is-claimed-about")]
    assert example["comment"] == "Velm Salt: what is claimed, and with what certainty?"
    assert f"VALUES ?entity {{ <{BASE}id/org/velm-salt> }}" in example["query"]
    every = answer(client, EXAMPLES, **{"default-graph-uri": BASE + "queries"})
    [open_] = [row for row in every if row["sq"] == example["sq"]]
    assert open_["comment"] == "Any person, group, place or thing: what is claimed, and with what certainty?"


def test_prefixes_are_those_of_the_examples(client: FlaskClient) -> None:
    found = {row["prefix"]: row["namespace"] for row in ask(client, PREFIXES)}
    assert found["quoth"] == QUOTH
    used = {match for row in ask(client, EXAMPLES) for match in re.findall(r"PREFIX ([\w-]+): <(.*)>", row["query"])}
    assert len(used) > 10
    assert dict(used).items() <= found.items()


def test_what_instances_have(client: FlaskClient) -> None:
    found: dict[tuple[str, str], set[str | None]] = {}
    for row in ask(client, CLASSES):
        has = row.get("objectClass") or row.get("objectDatatype")
        found.setdefault((row["subjectClass"], row["prop"]), set()).add(has)
    claim = QUOTH + "Claim"
    assert found[claim, QUOTH + "depth"] == {XSD + "integer"}
    assert found[claim, QUOTH + "attribution"] == {QUOTH + "Attribution"}
    assert found[QUOTH + "Attribution", QUOTH + "speechAct"] >= {QUOTH + "SpeechAct"}
    # What is claimed stands in named graphs, and is described all the same.
    assert (QUOTH + "Situation", QUOTH + "party") in found
    assert (claim, QUOTH + "party") not in found


def test_the_counts_are_those_of_the_data(client: FlaskClient) -> None:
    """Of every class and property the number that a query over all instances gives."""
    described = select(
        turtle(client, "/.well-known/void"),
        "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?c ?p ?n { ?x void:class ?c ; void:propertyPartition ?y ."
        " ?y void:property ?p ; void:triples ?n FILTER(CONTAINS(STR(?x), 'default-graph')) }",
    )
    every = (
        "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o"
        " FILTER(?p != <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>)"
        ' FILTER(!STRSTARTS(STR(?c), "http://www.w3.org/2002/07/owl#")) } GROUP BY ?c ?p'
    )
    [of_void, of_data] = [{(r["c"], r["p"], r["n"]) for r in each} for each in (described, answer(client, every))]
    assert len(of_data) > 100
    assert of_void == of_data


def test_the_document_of_the_questions_has_them(client: FlaskClient) -> None:
    document = turtle(client, "/queries.ttl")
    targets = select(document, "SELECT ?q ?t { ?q <https://schema.org/target> ?t }")
    assert [row["t"] for row in targets] == [BASE + "sparql"] * len(NAMES)
    assert len(select(document, EXAMPLES)) == len(NAMES)


def test_a_release_made_of_the_last_one_has_the_same(releases: Path, tmp_path: Path) -> None:
    """Publishing again changes nothing; other questions are another release, made of the last one."""
    settings = Settings(releases=tmp_path / "releases", base=BASE)

    def publish(settings: Settings) -> Release:
        return publish_documents([CORPUS], settings, note=lambda text: None)

    first = publish(settings)
    assert publish(settings).reused
    fewer = publish(Settings(releases=settings.releases, base=BASE, questions=("timeline",)))
    assert fewer.number == 2
    again = publish(settings)
    assert again.manifest.content_sha256 == first.manifest.content_sha256
    whole, changed = (release.statistics() for release in (Releases(releases).current(), again))
    assert changed.asserted == whole.asserted
    assert changed.reported == whole.reported


@pytest.mark.slow
def test_sparql_llm_reads_them(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loaders of sparql-llm, over HTTP, without the model that importing it would fetch."""
    if importlib.util.find_spec("sparql_llm") is None:
        pytest.skip("sparql-llm, which brings the runtimes of models with it, is not installed")
    for name in ("fastembed", "qdrant_client"):
        monkeypatch.setitem(sys.modules, name, MagicMock())
    from sparql_llm import SparqlExamplesLoader, SparqlVoidShapesLoader  # type: ignore[import-not-found]

    port = free_port()
    with serving(releases, port):
        endpoint = f"http://127.0.0.1:{port}/sparql"
        examples = SparqlExamplesLoader(endpoint).load()
        shapes = SparqlVoidShapesLoader(endpoint).load()
    assert len(examples) == len(NAMES)
    assert {document.metadata["query_type"] for document in examples} == {"SelectQuery"}
    [claim] = {s.metadata["answer"] for s in shapes if s.metadata["iri"] == QUOTH + "Claim"}
    assert "quoth:depth xsd:integer" in claim
    assert "Claim" in {document.page_content for document in shapes}
