"""What is served, loaded by its URL into the programs that people load it into, each unmodified."""

import gzip
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld
from pyld.documentloader.requests import requests_document_loader

from .. import oxigraph
from ..clients import installed, need
from .conftest import COPY_DEPENDENCIES, HERE, Endpoint

CLAIM = "claim/harbour/no-ties"
CONTENT = f"http://localhost:8000/id/{CLAIM}#content"
DUMPS = ("claims.trig", "claims.nq")


def output(command: list[str], **environment: str) -> str:
    variables = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split()]


@pytest.fixture(scope="module")
def home(server: Endpoint) -> str:
    return server.url.removesuffix("sparql")


@pytest.fixture(scope="module")
def dumps(home: str) -> list[str]:
    return [f"{home}releases/1/{name}" for name in DUMPS]


@pytest.fixture(scope="module")
def quads(server: Endpoint) -> set[ox.Quad]:
    return set(ox.parse(gzip.decompress(server.ask("GET", "/releases/1/claims.nq.gz").body), ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def asserted(quads: set[ox.Quad]) -> int:
    return sum(q.graph_name == ox.DefaultGraph() for q in quads)


@pytest.mark.filterwarnings("ignore:(Dataset.default_context|ConjunctiveGraph) is deprecated")
def test_rdflib_loads_the_dumps(dumps: list[str], home: str, quads: set[ox.Quad]) -> None:
    for url in dumps:
        assert len(rdflib.Dataset(default_union=True).parse(url)) == len({q.triple for q in quads}), url
        dataset = rdflib.Dataset()
        dataset.parse(url)
        assert sum(1 for _ in dataset.quads()) == len(quads)
    assert len(rdflib.Graph().parse(f"{home}id/{CLAIM}")) > 10


def test_oxigraph_loads_graphs_by_load(dumps: list[str], home: str, tmp_path: Path, quads: set[ox.Quad]) -> None:
    need("curl")
    load = ["curl", "--silent", "--show-error", "-H", "Content-Type: application/sparql-update", "--data-binary"]
    named = f"LOAD <{home}graphs?graph={quote(CONTENT, safe='')}> INTO GRAPH <{CONTENT}>"
    with oxigraph.serving("serve", tmp_path) as address:
        for update in (f"LOAD <{home}graphs?default>", named):
            output([*load, update, "--fail-with-body", f"{address}/update"])
        # LOAD is for one graph (SPARQL 1.1 Update §3.1.4), and says so of the dumps, which it reads.
        for url in dumps:
            assert output([*load, f"LOAD <{url}>", f"{address}/update"]) == "Named graphs are not allowed"
        stored = output(["curl", "--silent", "-H", "Accept: application/n-quads", f"{address}/store"])
    wanted = (ox.DefaultGraph(), ox.NamedNode(CONTENT))
    assert set(ox.parse(stored.encode(), ox.RdfFormat.N_QUADS)) == {q for q in quads if q.graph_name in wanted}


def test_oxigraph_loads_the_dumps_from_a_pipe(dumps: list[str], tmp_path: Path, quads: set[ox.Quad]) -> None:
    need("curl")
    for url in dumps:
        store = tmp_path / url.rpartition(".")[2]
        load = f"{oxigraph.program()} load --location {store} --format {store.name}"
        output(["sh", "-c", f"curl --silent --fail --compressed {url} | {load}"])
        assert len(ox.Store.read_only(str(store))) == len(quads)


@pytest.mark.slow
def test_rdf_dereference_loads_the_dumps(node_clients: Path, dumps: list[str], home: str, quads: set[ox.Quad]) -> None:
    modules = str(node_clients / "node_modules")
    urls = [*dumps, f"{home}id/{CLAIM}"]
    *counts, document = numbers(output(["node", str(HERE / "clients" / "dereference.cjs"), *urls], NODE_PATH=modules))
    assert counts == [len(quads)] * 2
    assert document > 10


@pytest.mark.slow
def test_jena_loads_the_dumps(jena: Path, dumps: list[str], quads: set[ox.Quad]) -> None:
    for url in dumps:
        lines = output(["java", "-cp", f"{jena}/*", "riotcmd.riot", "--output=nq", url]).splitlines()
        assert len(set(lines)) == len(quads)
        count = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        table = output(["java", "-cp", f"{jena}/*", "arq.arq", f"--data={url}", "--results=csv", count])
        assert numbers(table.partition("\n")[2]) == [len(quads)]


@pytest.mark.slow
@pytest.mark.parametrize("address", ["sparql", "graphs"])
def test_jena_fetches_graphs_and_the_dataset(
    jena: Path, home: str, address: str, quads: set[ox.Quad], asserted: int
) -> None:
    need("javac")
    java = ["java", "-cp", f"{jena}/*", str(HERE / "clients" / "Load.java"), home + address]
    content = sum(q.graph_name == ox.NamedNode(CONTENT) for q in quads)
    assert numbers(output([*java, "default", "dataset", CONTENT])) == [asserted, len(quads), content]
    done = subprocess.run([*java, "urn:nothing"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "404" in done.stderr


@pytest.mark.slow
def test_rdf4j_loads_the_dumps_and_asks(dumps: list[str], server: Endpoint, home: str, quads: set[ox.Quad]) -> None:
    need("javac", "mvn")
    jars = installed("rdf4j", HERE / "clients" / "rdf4j" / "pom.xml", COPY_DEPENDENCIES) / "lib" / "*"
    urls = [*dumps, f"{home}id/{CLAIM}", f"{home}graphs?graph={quote(CONTENT, safe='')}"]
    java = ["java", "-cp", str(jars), str(HERE / "clients" / "rdf4j" / "Load.java"), server.url, *urls]
    claims, trig, nquads, document, content = numbers(output(java))
    assert (claims, trig, nquads) == (27, len(quads), len(quads))
    assert document > 10
    assert content == sum(q.graph_name == ox.NamedNode(CONTENT) for q in quads)


@pytest.mark.slow
def test_polars_reads_tables(home: str) -> None:
    install = f"{sys.executable} -m venv venv && venv/bin/pip install --quiet -r tables.txt"
    there = installed("tables", HERE / "clients" / "tables.txt", ["sh", "-c", install])
    select = quote("SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> }")
    urls = [f"{home}claims.csv", f"{home}sparql?format=csv&query={select}"]
    lines = output([str(there / "venv" / "bin" / "python"), str(HERE / "clients" / "scan.py"), *urls]).splitlines()
    table, result = map(numbers, lines)
    assert table == [27, table[1]] * 2
    assert result == [27, 1, 27, 1]


def test_lynx_shows_the_page(home: str) -> None:
    need("lynx")
    shown = output(["lynx", "-dump", f"{home}id/{CLAIM}"], LC_ALL="C.UTF-8")
    # The page, with the links that it lists at its end, and no N-Triples, which is text/plain to some.
    assert "References" in shown
    assert not shown.lstrip().startswith(("<", "@prefix"))


@pytest.mark.parametrize(
    "path", [f"id/{CLAIM}", f"doc/{CLAIM}", f"doc/{CLAIM}.jsonld", "ns", "catalog", ".well-known/void", "sparql", ""]
)
def test_pyld_loads_what_is_jsonld(home: str, path: str) -> None:
    loader = requests_document_loader(timeout=30)
    options = {"documentLoader": lambda url, options: loader(url.replace("http://localhost:8000/", home), options)}
    assert jsonld.expand(home + path, options)
