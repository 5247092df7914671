"""Every page, document, list and question is the same from another engine as from the embedded one, or is refused."""

import gzip
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

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
from ..conftest import BASE, CORPUS

Serving = Callable[[Release, Path], AbstractContextManager[str]]
TIME_LIMIT_S, LATE_S = 60, 5
LATE = 503
CORPORA = ("harbour", "shipped")
PAGES = {"Accept": "text/html"}
LISTS = ["", "entities", "sources", "topics", "articles", "claims", "ns", "ns/event-type", "search?q=the", "queries"]
HERE = Path(__file__).parent
QUERIES: dict[str, str] = tomllib.loads((HERE / "engine_queries.toml").read_text("utf-8"))["queries"]
DIFFERENCES = tomllib.loads((HERE / "engine_differences.toml").read_text("utf-8"))["difference"]


class Clients(NamedTuple):
    """A client of the embedded engine, one of another that holds the same release of a corpus, and one that does not
    wait so long for that."""

    embedded: FlaskClient
    other: FlaskClient
    impatient: FlaskClient
    engine: str
    corpus: str


@pytest.fixture(scope="module", params=["harbour", pytest.param("shipped", marks=pytest.mark.slow)])
def corpus(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def release(corpus: str, tmp_path_factory: pytest.TempPathFactory, texts: Texts) -> Release:
    data = folder("data")
    shipped = [data / name for name in ("entities.ttl", "vocabulary.yaml", "articles", "links")]
    paths = document.files([CORPUS] if corpus == "harbour" else shipped)
    _, authored = check.check(paths, BASE, texts if corpus == "harbour" else None)
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
    request: pytest.FixtureRequest, corpus: str, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clients]:
    serving: Serving = getattr(engines, request.param)
    with serving(release, tmp_path_factory.mktemp("engine")) as url:
        given = [("", TIME_LIMIT_S), (url, TIME_LIMIT_S), (url, LATE_S)]
        settings = [
            Settings(releases=release.path.parent, public_url=BASE, query_time_limit_s=limit_s, engine=engine)
            for engine, limit_s in given
        ]
        opened = [(each, *open_current(each)) for each in settings]
        embedded, other, impatient = (create_app(*each).test_client() for each in opened)
        yield Clients(embedded, other, impatient, str(request.param), corpus)
        for _, engine, _ in opened:
            engine.close()


def quads(client: FlaskClient, path: str) -> set[str]:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.text[:300]}"
    return {str(quad) for quad in ox.parse(response.data, format=ox.RdfFormat.TRIG, base_iri=BASE)}


@pytest.mark.slow
def test_documents_have_the_same_quads_and_pages(clients: Clients, release: Release) -> None:
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
    texts = [[client.get(path, headers=PAGES).text for path in pages] for client in clients[:2]]
    assert [path for path, one, other in zip(pages, *texts, strict=True) if one != other] == []


def known(clients: Clients, late: bool = False) -> set[str]:
    """The queries that an engine answers otherwise, or late, by the table, as far as a corpus shows it."""
    engine = clients.engine.removeprefix("staged_in_")
    rows = [row for row in DIFFERENCES if engine in row["engines"] and row.get("late", False) == late]
    return {name for row in rows if clients.corpus in row.get("corpora", CORPORA) for name in row["queries"]}


def compare(clients: Clients, asked: Mapping[str, tuple[str, dict[str, str] | None]]) -> None:
    """Ask both engines. What the other answers otherwise has to be in the table, and what that has of these is so."""
    different, late, may_be_late = set(), set(), known(clients, late=True)
    for name, (target, form) in asked.items():
        other = clients.impatient if name in may_be_late else clients.other
        expected, given = answer(clients.embedded, target, form), answer(other, target, form)
        assert not isinstance(expected, int), (name, expected)
        if given == LATE:
            late.add(name)
        elif given != expected:
            different.add(name)
    assert different == known(clients) & set(asked), sorted(different)
    assert late <= may_be_late, sorted(late)


def answer(client: FlaskClient, target: str, form: dict[str, str] | None = None) -> object:
    """What an answer says, in whatever order."""
    accept = {"Accept": "application/sparql-results+json, application/n-quads;q=0.5"}
    response = client.post(target, data=form, headers=accept) if form else client.get(target, headers=accept)
    if response.status_code != 200:
        return response.status_code
    if response.mimetype != "application/sparql-results+json":
        return sorted(response.text.splitlines())
    said = json.loads(response.text)
    if "boolean" in said:
        return str(said["boolean"])
    return sorted(json.dumps(row, sort_keys=True) for row in said["results"]["bindings"])


@pytest.mark.slow
def test_stored_questions_have_the_same_rows(clients: Clients) -> None:
    names = [question.name for question in stored_questions.questions(clients.embedded.application.extensions["quoth"])]
    assert len(names) > 40
    compare(clients, {target: (target, None) for target in (*(f"/queries/{name}" for name in names), "/claims.nq")})


@pytest.mark.slow
def test_queries_have_the_same_rows_but_for_those_in_the_table(clients: Clients, release: Release) -> None:
    site = clients.embedded.application.extensions["quoth"]
    article = clients.embedded.get("/articles.csv").text.splitlines()[1].split(",")[0]
    content = next(iri for iri, _ in release.graphs(99) if iri.endswith("#content"))
    queries = {name: text.replace("{article}", article).replace("{content}", content) for name, text in QUERIES.items()}
    queries |= {f"question {question.name}": question.text for question in stored_questions.questions(site)}
    compare(clients, {name: ("/sparql", {"query": text}) for name, text in queries.items()})


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
