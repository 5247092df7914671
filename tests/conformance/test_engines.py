"""Every page, document, list and question is the same from another engine as from the embedded one, or is refused."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.reading import document
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.release.open import open_current
from quoth.release.publish import publish
from quoth.release.release import Release
from quoth.resources import folder
from quoth.web.app import create_app
from quoth.web.present import stored_questions

from .. import engines
from ..conftest import BASE

Serving = Callable[[Release, Path], AbstractContextManager[str]]
PAGES = {"Accept": "text/html"}
LISTS = ["", "entities", "sources", "topics", "articles", "claims", "ns", "ns/event-type", "search?q=the", "queries"]
SPARQL = [
    "SELECT ?c ?l { ?c a <https://w3id.org/quoth/ns#Claim> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?o { ?s ?p ?o FILTER(ISLITERAL(?o)) }",
    "ASK { ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> ?o }",
]


@pytest.fixture(scope="module", params=["harbour", pytest.param("shipped", marks=pytest.mark.slow)])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, texts: Texts) -> Release:
    data = folder("data")
    shipped = [data / name for name in ("entities.ttl", "vocabulary.yaml", "articles", "links")]
    corpus = [Path(__file__).parents[1] / "corpus"]
    paths = document.files(corpus if request.param == "harbour" else shipped)
    _, authored = check.check(paths, BASE, texts if request.param == "harbour" else None)
    releases = tmp_path_factory.mktemp("engines") / "releases"
    quads = publication.published_quads(authored, BASE)
    return publish(quads, releases=releases, base=BASE, report_ttl="", report_json="{}")


@pytest.fixture(
    scope="module",
    params=[
        "oxigraph_server",
        pytest.param("fuseki", marks=pytest.mark.slow),
        "staged_in_oxigraph",
        pytest.param("staged_in_fuseki", marks=pytest.mark.slow),
        pytest.param("staged_in_rdf4j", marks=pytest.mark.slow),
        pytest.param("staged_in_virtuoso", marks=pytest.mark.slow),
    ],
)
def clients(
    request: pytest.FixtureRequest, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FlaskClient, FlaskClient]]:
    """A client of the embedded engine, and one of another that holds the same release."""
    serving: Serving = getattr(engines, request.param)
    with serving(release, tmp_path_factory.mktemp("engine")) as url:
        both = [Settings(releases=release.path.parent, public_url=BASE, query_time_limit_s=60)]
        both += [Settings(releases=release.path.parent, public_url=BASE, query_time_limit_s=60, engine=url)]
        opened = [(settings, *open_current(settings)) for settings in both]
        first, second = (create_app(*each).test_client() for each in opened)
        yield first, second
        for _, engine, _ in opened:
            engine.close()


def quads(client: FlaskClient, path: str) -> set[str]:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.text[:300]}"
    return {str(quad) for quad in ox.parse(response.data, format=ox.RdfFormat.TRIG, base_iri=BASE)}


@pytest.mark.slow
def test_documents_have_the_same_quads_and_pages(clients: tuple[FlaskClient, FlaskClient], release: Release) -> None:
    names = [
        line.split("\t")[0][1:-1].removeprefix(f"{BASE}id/")
        for line in gzip.decompress(release.open_file("documents.tsv.gz").read()).decode().splitlines()[1:]
    ]
    assert len(names) > 30
    different = [
        name for name in names if quads(clients[0], f"/doc/{name}.trig") != quads(clients[1], f"/doc/{name}.trig")
    ]
    assert different == []
    pages = [f"/doc/{name}.html" for name in names] + [f"/{path}" for path in LISTS]
    texts = [[client.get(path, headers=PAGES).text for path in pages] for client in clients]
    assert [path for path, one, other in zip(pages, *texts, strict=True) if one != other] == []


@pytest.mark.slow
def test_questions_and_queries_have_the_same_rows(clients: tuple[FlaskClient, FlaskClient]) -> None:
    names = [question.name for question in stored_questions.questions(clients[0].application.extensions["quoth"])]
    assert len(names) > 40
    for target in [*(f"/queries/{name}" for name in names), "/claims.nq", "/.well-known/void.nt"]:
        one, other = (
            client.get(target, headers={"Accept": "text/csv, application/n-quads;q=0.5"}) for client in clients
        )
        assert one.status_code == other.status_code == 200, target
        if "void" not in target:  # it lists the limits, of which another engine keeps to fewer
            assert sorted(one.text.splitlines()) == sorted(other.text.splitlines()), target
    for text in SPARQL:
        answers = []
        for client in clients:
            response = client.post(
                "/sparql", data={"query": text}, headers={"Accept": "application/sparql-results+json"}
            )
            assert response.status_code == 200, response.text
            answer = json.loads(response.text)
            rows = [json.dumps(row, sort_keys=True) for row in answer.get("results", {}).get("bindings", [])]
            answers.append(answer.get("boolean", sorted(rows)))
        assert answers[0] == answers[1], text


@pytest.mark.slow
def test_virtuoso_is_refused_as_its_default_graph_is_the_union(
    release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with engines.virtuoso(release, tmp_path) as url:
        settings = Settings(releases=release.path.parent, engine=url, public_url=BASE)
        client = create_app(settings, *open_current(settings)).test_client()
        for path in ("/ready", "/doc/article/harbour", "/sparql?query=ASK%7B%7D"):
            assert client.get(path).status_code == 503
    assert "is the union of all graphs" in caplog.text
