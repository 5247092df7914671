"""A server with room for one release, Virtuoso: what it holds, and who answers while it gets another one."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.engine.api.interface import Query, Wanted
from quoth.engine.remote.dialect import dialects, locate
from quoth.engine.remote.engine import RemoteEngine
from quoth.engine.remote.loader import Loader
from quoth.errors import QueryRefusedError, QuothError, ReleaseError, UnavailableError
from quoth.release.current import roll_back
from quoth.release.deploy.filling import Filling
from quoth.release.open import open_current
from quoth.release.release import Release, Releases
from quoth.web.app import create_app

from ... import engines
from ...conftest import BASE
from .deployment import CLAIMS, Deployment, dump
from .spoiling import spoiling

pytestmark = pytest.mark.slow
HELD = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), '%s') || ?g = <urn:quoth:asserted>) }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with engines.virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as url:
        yield url


@pytest.fixture
def deployed(server: str, tmp_path: Path) -> Iterator[Deployment]:
    yield Deployment(tmp_path / "releases", setting(server))
    with updating(server) as filling:
        filling.empty()
    assert content(server) == set()


@contextmanager
def updating(url: str) -> Iterator[Filling]:
    """What is in the server, to be changed."""
    dialect = dialects()["virtuoso"]
    with closing(Loader(dialect, locate(setting(url)))) as loader:
        yield Filling(dialect, loader, RemoteEngine(f"{url}/sparql", dialect=dialect), url)


def setting(url: str) -> str:
    return f"virtuoso+{url.replace('//', f'//{engines.VIRTUOSO_LOGIN}@')}"


def content(url: str) -> set[str]:
    """The quads of the release, asked without Quoth."""
    query = urllib.parse.urlencode({"query": HELD % BASE, "format": "application/sparql-results+json"})
    with urllib.request.urlopen(f"{url}/sparql?{query}") as response:
        rows = json.load(response)["results"]["bindings"]
    return {" ".join(row[name]["value"] for name in "gspo").replace("urn:quoth:asserted ", "") for row in rows}


def plain(release: Release) -> set[str]:
    """The quads of a release, as ``content`` has them."""
    parsed = ox.parse("".join(f"{quad} .\n" for quad in dump(release)), ox.RdfFormat.N_QUADS)
    terms = ((q.graph_name, q.subject, q.predicate, q.object) for q in parsed)
    return {" ".join(term.value for term in each if not isinstance(term, ox.DefaultGraph)) for each in terms}


def served(deployed: Deployment) -> FlaskClient:
    return create_app(deployed.settings, *open_current(deployed.settings)).test_client()


def claims(client: FlaskClient) -> int:
    answer = client.get("/sparql", query_string={"query": CLAIMS}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return len(answer.text.splitlines()) - 1


def test_it_holds_the_current_release_and_no_other(deployed: Deployment, server: str) -> None:
    first = deployed.publish(3)
    assert content(server) == plain(first)
    second = deployed.publish(4)
    assert content(server) == plain(second)
    assert deployed.recorded() == [2]
    assert claims(served(deployed)) == deployed.claims() == 4
    roll_back(deployed.settings.releases, 1, deployed.staging.stage)
    assert content(server) == plain(first)
    deployed.staging.verify(first)
    assert deployed.staging.verify(second) is None
    roll_back(deployed.settings.releases, 2)
    with pytest.raises(UnavailableError, match="has not been loaded"):
        deployed.staging.verify(second)


def test_the_embedded_engine_answers_while_it_gets_another_release(deployed: Deployment, server: str) -> None:
    clients: list[FlaskClient] = []
    seen: list[tuple[int, int, int]] = []

    def look(method: str, path: str, body: bytes) -> bytes:
        if method == "POST" and "sparql-auth" in path:
            seen.extend((claims(c), c.get("/ready").status_code, c.get("/doc/claim/a/1").status_code) for c in clients)
        return body

    with spoiling(server, look) as url:
        between = Deployment(deployed.settings.releases, setting(url))
        between.publish(3)
        clients.append(served(between))
        between.publish(4)
        assert len(seen) > 3
        assert set(seen) == {(3, 200, 200)}, "the release that is current, from the first change to the last"
        assert claims(served(between)) == 4


def test_no_answer_is_of_two_releases(deployed: Deployment, server: str) -> None:
    deployed.publish(3)
    engine, _ = open_current(deployed.settings)
    remote = engine._engine.remote  # type: ignore[attr-defined]
    ask = remote.answer

    def slowly(query: Query, wanted: Wanted, caller: object = None) -> object:
        answer = ask(query, wanted)
        assert b"".join(answer.chunks).count(b"id/claim/a/") == 3
        Deployment(deployed.settings.releases, deployed.settings.engine).publish(5)  # while the query is evaluated
        return ask(query, wanted)

    remote.answer = slowly
    with engine.answer(Query(CLAIMS), Wanted()) as answer:
        assert b"".join(answer.chunks).count(b"id/claim/a/") == 3, "of release 1, which the engine has no more"
    engine.close()


def test_a_stage_that_fails_leaves_nothing_and_is_made_up_for(deployed: Deployment, server: str) -> None:
    spoilt: list[str] = []

    def lose(method: str, path: str, body: bytes) -> bytes:
        return body.replace(b"<b> .", b"<c> .") if spoilt and method == "POST" and "sparql-auth" in path else body

    with spoiling(server, lose) as url:
        between = Deployment(deployed.settings.releases, setting(url))
        between.publish(3)
        client = served(between)
        spoilt.append("yes")
        with pytest.raises(QuothError, match="not those of the release in"):
            between.publish(4)
        assert content(server) == set()
        assert Releases(deployed.settings.releases).numbers() == [1]
        assert (claims(client), client.get("/ready").status_code) == (3, 200)
        spoilt.clear()
        assert between.publish(3).reused
        assert content(server) == plain(Releases(deployed.settings.releases).current())


def test_a_dataset_that_lost_data_is_loaded_anew(deployed: Deployment, server: str) -> None:
    deployed.publish(30)
    with updating(server) as filling:
        filling.loader.update(server, f"CLEAR GRAPH <{BASE}id/claim/a/0#content>".encode())
    with pytest.raises(ReleaseError, match="has 123 quads of 125, and not those of the release in"):
        deployed.staging.verify(Releases(deployed.settings.releases).current())
    second = deployed.publish(31)
    assert content(server) == plain(second)
    assert "it did not have release 1 any more, and is loaded anew" in deployed.notes[-1]


@pytest.mark.parametrize(("claims", "updates"), [(31, 3), (60, 5)], ids=["small", "large"])
def test_a_small_difference_is_made_and_a_large_one_loaded(
    deployed: Deployment, server: str, claims: int, updates: int
) -> None:
    sent: list[bytes] = []

    def count(method: str, path: str, body: bytes) -> bytes:
        if method == "POST" and "sparql-auth" in path:
            sent.append(body)
        return body

    with spoiling(server, count) as url:
        between = Deployment(deployed.settings.releases, setting(url))
        between.publish(30)
        sent.clear()
        second = between.publish(claims)
        with_login = [body for body in sent[1:] if body]
    assert content(server) == plain(second)
    assert len(with_login) == updates, [body[:60] for body in with_login]


def test_a_graph_that_cannot_be_cleared_is_told(deployed: Deployment, server: str) -> None:
    """Such as one that the user may not change: SILENT has the server say nothing."""

    def keep(method: str, path: str, body: bytes) -> bytes:
        return b"INSERT DATA { GRAPH <urn:theirs> { <urn:a> <urn:b> <urn:c> } }" if b"CLEAR" in body else body

    deployed.publish(3)
    says = "still has the graph <urn:theirs> after it was cleared"
    with spoiling(server, keep) as url, updating(url) as filling, pytest.raises(UnavailableError, match=says):
        filling.empty()


def test_data_of_others_are_never_touched(deployed: Deployment, server: str) -> None:
    with updating(server) as filling:
        filling.loader.update(server, b"INSERT DATA { GRAPH <urn:theirs> { <urn:a> <urn:b> <urn:c> } }")
        with pytest.raises(ReleaseError, match="no engine is free"):
            deployed.publish(3)
        assert "has data that are not of these releases" in deployed.notes[0]
        filling.loader.update(server, b"CLEAR GRAPH <urn:theirs>")


def test_what_it_has_beyond_sparql_is_refused(server: str) -> None:
    engine = RemoteEngine(f"{server}/sparql", dialect=dialects()["virtuoso"])
    for text in (
        "SELECT (bif:sleep(9) AS ?x) {}",
        "SELECT (<bif:sleep>(9) AS ?x) {}",
        "PREFIX b: <http://www.openlinksw.com/schemas/bif#> SELECT (b:sleep(9) AS ?x) {}",
        "SELECT * { GRAPH `iri('x')` { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o OPTION(TRANSITIVE) }",
    ):
        with pytest.raises(QueryRefusedError, match=r"is not in SPARQL 1\.1"):
            engine.answer(Query(text), Wanted())


CUT = "SELECT * { GRAPH ?g { ?s ?p ?o } }"


def test_an_answer_that_it_cuts_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    with engines.virtuoso_server(tmp_path, "ResultSetMaxRows = 9") as server:
        deployed = Deployment(tmp_path / "releases", setting(server))
        with pytest.raises(ReleaseError, match="has more rows than the engine that holds the data gives"):
            deployed.publish(9)
        with updating(server) as filling:
            filling.empty()
            filling.loader.update(server, b"INSERT DATA { GRAPH <urn:x> { <urn:a> <urn:b> 1,2,3,4,5,6,7,8,9,10 } }")
            with pytest.raises(QuothError, match="more rows than the engine"):
                filling.engine.answer(Query(CUT), Wanted())
            with filling.engine.answer(Query(f"{CUT} LIMIT 8"), Wanted()) as answer:
                assert b"".join(answer.chunks).count(b"urn:a") == 8
