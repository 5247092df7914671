"""The descriptions of endpoint and dataset: SPARQL 1.1 Service Description, VoID."""

import dataclasses
import gzip

import pyoxigraph as ox
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.formats import OX_RDF, RDF_FORMATS, RESULT_FORMATS, TRIG, Format
from quoth.release.release import Release
from quoth.web.app import create_app
from quoth.web.describe import dataset_description
from quoth.web.sparql import html_results

from ...accept_headers import CHROME, COMUNICA, FIREFOX, JENA_MODEL, RDFLIB, SAFARI
from ...conftest import BASE
from ..rdf import SD_TERMS

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = str(rdflib.VOID)
FORMATS = {
    "turtle": "Turtle",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "nquads": "N-Quads",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
"""The formats' names in https://www.w3.org/ns/formats/."""
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
FORMATS_IRI = "http://www.w3.org/ns/formats/"
SERVICE = f"<{BASE}sparql>"
DATASET = f"<{BASE}.well-known/void#dataset>"


def ask(data: bytes, format: Format, query: str) -> list[list[str]]:
    """The rows of a query over a document."""
    store = ox.Store()
    store.load(data, OX_RDF[format.name])
    result = store.query(f"PREFIX sd: <{SD}> PREFIX void: <{VOID}> PREFIX schema: <https://schema.org/> {query}")
    assert isinstance(result, ox.QuerySolutions)
    return [[getattr(term, "value", "") for term in row] for row in result]


@pytest.fixture(scope="module")
def graph(app: Flask) -> bytes:
    response = app.test_client().get("/sparql")
    return bytes(response.data)


TURTLE = RDF_FORMATS[0]


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in RDF_FORMATS])
def test_every_rdf_format_says_the_same(client: FlaskClient, graph: bytes, path: str, format: Format) -> None:
    # By Accept, TriG at the endpoint is the dataset (test_graph_store).
    target = f"{path}?format=trig" if (path, format) == ("/sparql", TRIG) else path
    answer = client.get(target, headers={"Accept": format.media_type})
    assert (answer.status_code, answer.content_type) == (200, format.content_type)
    assert "Accept" in answer.vary
    turtle = client.get(path, headers={"Accept": "text/turtle"}).data
    every = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
    values = ask(answer.data, format, every)
    assert values == ask(turtle, TURTLE, every)
    assert len(values) > 20


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param(None, "text/turtle", id="missing"),
        pytest.param("*/*", "text/turtle", id="curl"),
        pytest.param(RDFLIB, "text/turtle", id="rdflib"),
        pytest.param(JENA_MODEL, "text/turtle", id="jena"),
        pytest.param(COMUNICA, "application/n-quads", id="comunica"),
        pytest.param("application/json", "application/ld+json", id="json"),
        pytest.param(CHROME, "text/html", id="chrome"),
        pytest.param(FIREFOX, "text/html", id="firefox"),
        pytest.param(SAFARI, "text/html", id="safari"),
    ],
)
def test_programs_get_a_description_and_browsers_a_form(
    client: FlaskClient, accept: str | None, media_type: str
) -> None:
    answer = client.get("/sparql", headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    # PyLD's loader of JSON-LD fails over several of them.
    assert ("alternate" in answer.headers["Link"]) == (media_type != "application/ld+json")
    assert "<textarea" in answer.text or SD in answer.text


def test_a_format_may_be_named_instead(client: FlaskClient) -> None:
    answer = client.get("/sparql?format=nt", headers={"Accept": CHROME})
    assert answer.mimetype == "application/n-triples"
    assert client.get("/sparql?format=html", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_a_description_can_be_revalidated(client: FlaskClient) -> None:
    for path in ("/sparql", "/.well-known/void"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = client.get(path, headers={"Accept": "application/n-triples"})
        assert other.headers["ETag"] != first.headers["ETag"]


def test_the_endpoint_and_its_formats(graph: bytes) -> None:
    assert ask(graph, TURTLE, "SELECT ?e { ?s a sd:Service ; sd:endpoint ?e }") == [[BASE + "sparql"]]
    assert ask(graph, TURTLE, "SELECT ?l { ?s sd:supportedLanguage ?l }") == [[SD + "SPARQL11Query"]]
    formats = {row[0] for row in ask(graph, TURTLE, "SELECT ?f { ?s sd:resultFormat ?f }")}
    assert formats == {FORMATS_IRI + FORMATS[f.name] for f in (*RESULT_FORMATS, *RDF_FORMATS)}
    entailment = ask(graph, TURTLE, "SELECT ?e { ?s sd:defaultEntailmentRegime ?e }")
    assert entailment == [["http://www.w3.org/ns/entailment/Simple"]]


def test_no_unsupported_feature_is_described(graph: bytes) -> None:
    for untrue in ("feature", "inputFormat", "extensionFunction", "languageExtension", "propertyFeature"):
        assert ask(graph, TURTLE, f"SELECT * {{ ?s sd:{untrue} ?o }}") == []
    comments = " ".join(row[0] for row in ask(graph, TURTLE, f"SELECT ?c {{ {SERVICE} <{RDFS}comment> ?c }}"))
    assert "not the union" in comments
    assert f"after {html_results.ROWS_LIMIT:,} rows or {html_results.TRIPLES_LIMIT:,} triples" in comments


def test_federation_is_described_where_it_is_allowed(
    settings: Settings, engine: EmbeddedEngine, release: Release
) -> None:
    query = "SELECT ?f { ?s a sd:Service ; sd:feature ?f }"
    open_ = dataclasses.replace(settings, service_endpoints="https://example.org/sparql")
    # A remote engine is let call nobody.
    remote = dataclasses.replace(open_, engine="http://localhost:1/")
    for changed, values in ((open_, [[SD + "BasicFederatedQuery"]]), (remote, [])):
        app = create_app(changed, engine, release)
        assert ask(app.test_client().get("/sparql").data, TURTLE, query) == values


def test_every_term_is_in_its_vocabulary(graph: bytes) -> None:
    used = {row[0] for row in ask(graph, TURTLE, "SELECT DISTINCT ?x { { ?s ?x ?o } UNION { ?s a ?x } }")}
    assert {x for x in used if x.startswith(SD)} <= {SD + term for term in SD_TERMS}
    assert all(x.removeprefix(VOID) in rdflib.VOID for x in used if x.startswith(VOID))


def test_the_graphs_and_their_triples(graph: bytes, release: Release, client: FlaskClient) -> None:
    default = "SELECT ?n { ?s sd:defaultDataset/sd:defaultGraph/void:triples ?n }"
    assert ask(graph, TURTLE, default) == [[str(release.manifest.asserted)]]
    named = "SELECT ?g ?n { ?s sd:defaultDataset/sd:namedGraph ?x . ?x sd:name ?g ; sd:graph/void:triples ?n }"
    values = sorted(ask(graph, TURTLE, named))
    count = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    rows = client.get("/sparql", query_string={"query": count, "format": "csv"}).text.splitlines()[1:]
    assert [",".join(row) for row in values] == rows
    assert len(values) == release.manifest.graphs
    number = 'SELECT ?n { ?d schema:additionalProperty ?x . ?x schema:name "named graphs"@en ; schema:value ?n }'
    assert ask(graph, TURTLE, number) == [[str(len(values))]]


def test_a_shortened_list_of_graphs_says_so(
    settings: Settings, engine: EmbeddedEngine, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_description, "GRAPHS_LIMIT", 3)
    settings = dataclasses.replace(settings, contact="https://example.org/cut")  # so that no cache has the description
    graph = create_app(settings, engine, release).test_client().get("/sparql").data
    assert len(ask(graph, TURTLE, "SELECT ?g { ?d sd:namedGraph/sd:name ?g }")) == 3
    [[comment]] = ask(graph, TURTLE, f"SELECT ?c {{ {DATASET} <{RDFS}comment> ?c }}")
    assert comment.startswith(f"3 of the {release.manifest.graphs} named graphs")
    [[whole]] = ask(graph, TURTLE, f"SELECT ?x {{ {DATASET} <{RDFS}seeAlso> ?x }}")
    file = create_app(settings, engine, release).test_client().get(whole.removeprefix(BASE.rstrip("/")))
    assert len(gzip.decompress(file.data).splitlines()) == release.manifest.graphs + 1
    file.close()


def test_a_release_without_counts_of_graphs_is_described(
    settings: Settings, engine: EmbeddedEngine, release: Release
) -> None:
    files = {name: file for name, file in release.manifest.files.items() if name != "graphs.tsv.gz"}
    older = dataclasses.replace(release, manifest=dataclasses.replace(release.manifest, files=files))
    graph = create_app(settings, engine, older).test_client().get("/sparql").data
    assert ask(graph, TURTLE, "SELECT ?g { ?d sd:namedGraph ?g }") == []
    [[comment]] = ask(graph, TURTLE, f"SELECT ?c {{ {DATASET} <{RDFS}comment> ?c }}")
    assert comment.startswith(f"0 of the {release.manifest.graphs} named graphs")


def test_a_description_with_other_limits_has_another_etag(
    settings: Settings, engine: EmbeddedEngine, release: Release
) -> None:
    tag = create_app(settings, engine, release).test_client().get("/sparql").headers["ETag"]
    for change in ({"query_time_limit_s": 2.5}, {"service_endpoints": "https://example.org/sparql"}):
        other = create_app(dataclasses.replace(settings, **change), engine, release).test_client()
        answer = other.get("/sparql", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True)
    same = create_app(dataclasses.replace(settings, query_workers=3), engine, release).test_client()
    assert same.get("/sparql", headers={"If-None-Match": tag}).status_code == 304


def test_limits_are_the_settings(settings: Settings, engine: EmbeddedEngine, release: Release) -> None:
    limited = dataclasses.replace(settings, query_time_limit_s=2.5)
    graph = create_app(limited, engine, release).test_client().get("/sparql").data
    query = "SELECT ?n ?v ?u { ?s a sd:Service ; schema:additionalProperty ?l ."
    values = ask(graph, TURTLE, query + " ?l schema:name ?n ; schema:value ?v ; schema:unitText ?u }")
    assert ["time limit", "2.5", "s"] in values
    assert ["memory", str(settings.query_memory_mb), "MiB"] in values
    remote = dataclasses.replace(settings, engine="http://127.0.0.1:1/")
    graph = create_app(remote, engine, release).test_client().get("/sparql").data
    assert ask(graph, TURTLE, 'SELECT * { ?l schema:name "memory"@en }') == []


def test_iris_are_those_of_the_public_url(moved: FlaskClient) -> None:
    for path in ("/sparql", "/claims/sparql"):
        graph = moved.get(path).data
        assert ask(graph, TURTLE, "SELECT ?e { ?s sd:endpoint ?e }") == [["https://example.org/claims/sparql"]]
    void = moved.get("/claims/.well-known/void").data
    assert ask(void, TURTLE, "SELECT ?e { ?s void:uriSpace ?e ; void:sparqlEndpoint ?x }") == [[BASE]]


def test_void_counts_what_the_release_counts(client: FlaskClient, release: Release) -> None:
    void = client.get("/.well-known/void").data
    manifest = release.manifest
    assert ask(void, TURTLE, f"SELECT ?n {{ {DATASET} void:triples ?n }}") == [[str(manifest.quads)]]
    parts = ask(
        void, TURTLE, f"SELECT ?n {{ {DATASET} void:subset ?part . ?part void:properties ?p ; void:triples ?n }}"
    )
    assert sorted(int(row[0]) for row in parts) == sorted((manifest.asserted, manifest.quads - manifest.asserted))
    claims = ask(void, TURTLE, f"SELECT ?n {{ {DATASET} void:classPartition/void:entities ?n }}")
    assert claims == [[str(manifest.claims)]]
    for [dump] in ask(void, TURTLE, "SELECT ?d { ?x void:dataDump ?d }"):
        response = client.get(dump.removeprefix(BASE.rstrip("/")))
        assert response.status_code == 200
    [[endpoint]] = ask(void, TURTLE, "SELECT ?e { ?d void:sparqlEndpoint ?e }")
    assert endpoint == BASE + "sparql"


def test_void_has_every_format(client: FlaskClient) -> None:
    features = {row[0] for row in ask(client.get("/.well-known/void").data, TURTLE, "SELECT ?f { ?d void:feature ?f }")}
    assert features == {FORMATS_IRI + FORMATS[f.name] for f in RDF_FORMATS}


def test_void_negotiates(client: FlaskClient) -> None:
    assert client.get("/.well-known/void", headers={"Accept": CHROME}).status_code == 200
    refused = client.get("/.well-known/void", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.get_json(force=True)["remedy"]
