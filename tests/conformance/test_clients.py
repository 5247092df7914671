"""Real clients, as people use them."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

from ..clients import need
from .conftest import HERE, Endpoint

pytestmark = pytest.mark.slow  # its clients are installed from npm

PREFIX = "PREFIX quoth: <https://w3id.org/quoth/ns#> PREFIX org: <http://www.w3.org/ns/org#> "
SELECT = PREFIX + "SELECT ?claim { ?claim a quoth:Claim } ORDER BY ?claim"
ASK = PREFIX + "ASK { ?claim a quoth:Claim }"
CONSTRUCT = PREFIX + "CONSTRUCT { ?claim a quoth:Claim } { ?claim a quoth:Claim }"
DESCRIBE = "DESCRIBE <http://localhost:8000/id/claim/harbour/no-ties>"
REPORTED = PREFIX + "SELECT * { ?x org:memberOf ?y }"
CLAIMS = 27


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("form", [URLENCODED, POSTDIRECTLY])
@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("format", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_selects(server: Endpoint, method: str, form: str, format: str) -> None:
    endpoint = SPARQLWrapper(server.url)
    endpoint.setMethod(method)
    endpoint.setRequestMethod(form)
    endpoint.setReturnFormat(format)
    endpoint.setQuery(SELECT)
    with endpoint.query().response as response:
        body = response.read()
    count = body.count(b"/id/claim/")
    assert count == CLAIMS


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib uses what it deprecates
@pytest.mark.parametrize("only_accept", [True, False], ids=["accept", "parameters"])
@pytest.mark.parametrize("format", [XML, RDFXML, TURTLE, N3, JSONLD])
def test_sparqlwrapper_constructs(server: Endpoint, format: str, only_accept: bool) -> None:
    for query in (CONSTRUCT, DESCRIBE):
        endpoint = SPARQLWrapper(server.url)
        endpoint.setOnlyConneg(only_accept)
        endpoint.setReturnFormat(format)
        endpoint.setQuery(query)
        with endpoint.query().response as response:
            media_type, body = response.headers.get_content_type(), response.read()
        graph = Graph().parse(data=body, format=media_type)
        assert len(graph) >= (CLAIMS if query is CONSTRUCT else 10)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib uses what it deprecates
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format", ["xml", "json", "csv", "tsv"])
def test_rdflib_s_store(server: Endpoint, method: str, format: str) -> None:
    store = SPARQLStore(server.url, method=method, returnFormat=format)
    graph = Graph(store)
    assert len(list(graph.query(SELECT))) == CLAIMS
    content = URIRef("http://localhost:8000/id/claim/harbour/no-ties#content")
    named = Graph(SPARQLStore(server.url, method=method, returnFormat=format), identifier=content)
    assert len(list(named.triples((None, None, None)))) > 0
    assert list(graph.query(REPORTED)) == []
    assert content in {getattr(name, "identifier", name) for name in store.contexts()}
    if format in ("xml", "json"):
        assert graph.query(ASK).askAnswer


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_reads_the_descriptions(server: Endpoint) -> None:
    assert len(Graph().parse(server.url)) > 100
    assert len(Graph().parse(server.url.replace("/sparql", "/.well-known/void"))) > 20
    assert len(Dataset().parse(server.url, format="json-ld")) > 0


def test_curl(server: Endpoint) -> None:
    need("curl")
    curl = ["curl", "--silent", "--show-error", "--fail", server.url]
    by_form = run([*curl, "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}"])
    rows = list(csv.reader(io.StringIO(by_form, newline="")))
    assert len(rows) == CLAIMS + 1
    assert run([*curl, "--get", "-d", "format=csv", "--data-urlencode", f"query={SELECT}"]) == by_form
    direct = ["-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv", "--data-binary", SELECT]
    assert run([*curl, *direct]) == by_form
    head = run([*curl, "--head", "--get", "--data-urlencode", f"query={SELECT}"])
    assert head.startswith("HTTP/1.1 200")


@pytest.mark.parametrize(("method", "body"), [("POST", "form"), ("POST", "direct"), ("GET", "none")])
def test_fetch_sparql_endpoint(
    server: Endpoint, node_clients: Path, method: str, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODE_PATH", str(node_clients / "node_modules"))
    node = ["node", str(HERE / "clients" / "fetch.cjs"), method, body, server.url]
    assert run([*node, SELECT]).count("/id/claim/") == CLAIMS
    assert run([*node, ASK]).strip() == "true"
    assert run([*node, CONSTRUCT]).count("quoth/ns#Claim") == CLAIMS


@pytest.mark.slow
def test_comunica(server: Endpoint, node_clients: Path) -> None:
    node = ["node", str(node_clients / "node_modules/@comunica/query-sparql/bin/query.js")]
    # Found to be an endpoint by its description, and named as one.
    for source in (server.url, f"sparql@{server.url}"):
        found = json.loads(run([*node, source, SELECT, "-t", "application/json"]))
        assert len(found) == CLAIMS
        assert json.loads(run([*node, source, REPORTED, "-t", "application/json"])) == []
        assert run([*node, source, ASK, "-t", "simple"]).strip() == "true"
        graph = run([*node, source, CONSTRUCT, "-t", "application/n-triples"])
        assert len(graph.splitlines()) == CLAIMS


@pytest.mark.slow
@pytest.mark.parametrize("results", ["json", "xml", "csv", "tsv"])
def test_jena_s_rsparql(server: Endpoint, jena: Path, results: str) -> None:
    java = [shutil.which("java") or "java", "-cp", f"{jena}/*", "arq.rsparql", "--service", server.url]
    assert run([*java, f"--results={results}", SELECT]).count("/id/claim/") == CLAIMS
    if results == "json":
        assert json.loads(run([*java, "--results=json", ASK]))["boolean"] is True
        assert run([*java, "--results=nt", CONSTRUCT]).count("quoth/ns#Claim") == CLAIMS
        assert "no-ties" in run([*java, "--results=ttl", DESCRIBE])


def test_the_clients_are_those_that_are_described() -> None:
    assert json.loads((HERE / "clients" / "package.json").read_text("utf-8"))["dependencies"].keys() == {
        "@comunica/query-sparql",
        "fetch-sparql-endpoint",
        "rdf-dereference",
    }
