"""Queries to earlier releases, and the notices of what was withdrawn since, in answers, documents and descriptions."""

import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import DCTERMS, QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.formats import HTML, RDF_FORMATS, Format
from quoth.release import current
from quoth.release import open as opening
from quoth.release.publish import publish
from quoth.release.release import Releases
from quoth.release.retention import prune
from quoth.web.app import create_app

from ...accept_headers import CHROME
from ...conftest import BASE, Client, application
from ...serving import BOMB, Server, serving, until
from ...small_article import BEAM, MONTH, checked, document
from ..rdf import parsed, texts

NAME = "claim/bridge/beam-cracked"
IRI = ox.NamedNode(f"{BASE}id/{NAME}")
NOTICE = ox.NamedNode(f"{BASE}id/{NAME}#withdrawal")
REASON = "The beam had <b>not</b> cracked."
NOTICES = f"""
withdrawn:
  - {{id: beam-cracked, reason: "{REASON}", by: id/org/quoth, date: 2026-11-28, replacedBy: a-month}}
"""
CLAIMS = "SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> } ORDER BY ?c"
TAG = '<span class="tag">withdrawn</span>'


def published(folder: Path, documents: Path, text: str) -> None:
    report, quads = checked(documents, text)
    assert [f for f in report.findings if f.severity == "Violation"] == []
    publish(publication.published_quads(quads, BASE), releases=folder, base=BASE, report_ttl="", report_json="{}")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release 1 has one claim, 2 has two, and 3 withdraws the first one."""
    folder, documents = tmp_path_factory.mktemp("kept"), tmp_path_factory.mktemp("documents")
    for text in (document(BEAM), document(BEAM + MONTH), document(MONTH) + NOTICES):
        published(folder, documents, text)
    return folder


@pytest.fixture(scope="module")
def app(releases: Path) -> Iterator[Flask]:
    with application(releases) as app:
        yield app


def names(client: FlaskClient, number: int) -> list[str]:
    answer = client.get(f"/releases/{number}/sparql", query_string={"query": CLAIMS, "format": "json"})
    assert answer.status_code == 200, answer.text
    return [row["c"]["value"].rpartition("/")[2] for row in answer.get_json(force=True)["results"]["bindings"]]


def test_each_release_answers_with_its_own_data(client: FlaskClient) -> None:
    wanted = {1: ["beam-cracked"], 2: ["a-month", "beam-cracked"], 3: ["a-month"]}
    for number in (3, 1, 2, 1, 3, 2):
        assert names(client, number) == wanted[number]
    current = client.get("/sparql", query_string={"query": CLAIMS, "format": "csv"})
    assert client.get("/releases/3/sparql", query_string={"query": CLAIMS, "format": "csv"}).data == current.data


def test_the_protocol_is_that_of_the_endpoint(client: FlaskClient) -> None:
    path = "/releases/2/sparql"
    whole = client.get(path, query_string={"query": CLAIMS}, headers={"Accept": "text/csv"})
    assert whole.content_type.startswith("text/csv")
    assert client.post(path, data={"query": CLAIMS, "format": "csv"}).data == whole.data
    direct = client.post(f"{path}?format=csv", data=CLAIMS, content_type="application/sparql-query")
    assert direct.data == whole.data
    longest = client.get(path, query_string={"query": CLAIMS + " #" + "x" * 10_000, "format": "csv"})
    assert longest.data == whole.data
    graph = client.get(path, query_string={"query": f"DESCRIBE <{IRI.value}>", "format": "ntriples"})
    assert f"<{IRI.value}>" in graph.text
    assert f"{IRI} {RDF.type} {QUOTH.Claim}" in client.get(f"{path}?default&format=ntriples").text
    for query, status in (("SELEC", 400), ("ASK { SERVICE <http://localhost:1/> {} }", 403), ("", 400)):
        problem = client.get(path, query_string={"query": query, "format": "json"})
        assert (problem.status_code, problem.content_type) == (status, "application/problem+json")
    refused = client.get(path, query_string={"query": CLAIMS, "format": "png"})
    assert "is not a format" in refused.get_json(force=True)["detail"]
    dump = client.get(path, headers={"Accept": "application/trig"})
    assert (dump.status_code, dump.headers["Location"]) == (303, f"{BASE}releases/2/claims.trig")


def test_a_release_that_is_not_there_is_a_problem(client: FlaskClient) -> None:
    for number in ("9", "0", "x"):
        assert client.get(f"/releases/{number}/sparql", query_string={"query": "ASK {}"}).status_code == 404


def test_an_answer_holds_as_long_as_it_is_the_same(client: FlaskClient) -> None:
    answer = client.get("/releases/1/sparql", query_string={"query": CLAIMS})
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-cache", "Accept")
    fleeting = client.get("/releases/1/sparql", query_string={"query": "SELECT (RAND() AS ?x) {}"})
    assert fleeting.headers["Cache-Control"] == "no-store"


def test_a_page_asks_the_release_that_it_names(client: FlaskClient) -> None:
    chrome = {"Accept": CHROME}
    form = client.get("/releases/1/sparql", headers=chrome).text
    result = client.get("/releases/1/sparql", query_string={"query": CLAIMS}, headers=chrome).text
    wrong = client.get("/releases/1/sparql", query_string={"query": "SELEC"}, headers=chrome).text
    for page in (form, result, wrong):
        assert '<form action="/releases/1/sparql"' in page
    for page in (form, result):
        assert 'This asks <a href="/releases/1">release 1</a>; the current one is <a href="/sparql">release 3' in page
        assert '<a href="/releases/1/notices">1 thing that this release describes has been withdrawn since.</a>' in page
    assert f'href="/releases/1/doc/{NAME}"' in result
    assert TAG in result
    assert 'href="/releases/1/sparql"' in client.get("/releases/1", headers=chrome).text
    assert '<form action="/sparql"' in client.get("/sparql", headers=chrome).text
    own = client.get("/releases/3/sparql", query_string={"query": CLAIMS}, headers=chrome).text
    assert "withdrawn" not in own


def test_every_answer_leads_to_the_notices(client: FlaskClient) -> None:
    notices = f'<{BASE}releases/2/notices>; rel="related"'
    for parameters in ({"query": CLAIMS}, {"query": "ASK {}"}, {}):
        assert notices in client.get("/releases/2/sparql", query_string=parameters).headers["Link"]
    assert "notices" not in client.get("/releases/3/sparql", query_string={"query": CLAIMS}).headers.get("Link", "")
    assert "notices" not in client.get("/sparql", query_string={"query": CLAIMS}).headers.get("Link", "")


NOTICED = """
PREFIX q: <https://w3id.org/quoth/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?c ?reason %s { ?c a q:Claim GRAPH ?g { ?notice q:withdraws ?c ; rdfs:comment ?reason } }
"""


def asked(client: FlaskClient, number: int, query: str, **parameters: str) -> list[list[str]]:
    """The rows of a query to a release, as CSV has them."""
    given = {"query": query, "format": "csv", **parameters}
    answer = client.get(f"/releases/{number}/sparql", query_string=given)
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.text.splitlines()[1:]]


def test_a_query_reads_the_notices_in_a_graph_beside_those_of_the_release(releases: Path, client: FlaskClient) -> None:
    found = [[IRI.value, REASON]]
    for number in (1, 2, 1):
        graph = f"{BASE}releases/{number}/notices"
        assert asked(client, number, NOTICED % "") == found
        assert asked(client, number, NOTICED % f"FROM <{BASE}x> FROM NAMED <{graph}>") == []
        reasons = f"{{ ?n <{RDFS.comment.value}> ?reason }}"
        assert asked(client, number, f"SELECT ?reason {{ GRAPH <{graph}> {reasons} }}") == [[REASON]]
        assert asked(client, number, f"SELECT ?reason {reasons}", **{"default-graph-uri": graph}) == [[REASON]]
        assert asked(client, number, "SELECT ?c { ?n <https://w3id.org/quoth/ns#withdraws> ?c }") == []
        got = client.get(f"/releases/{number}/sparql", query_string={"graph": graph, "format": "ntriples"})
        assert f"{NOTICE} {QUOTH.withdraws} {IRI}" in got.text
    assert asked(client, 3, NOTICED % "") == []
    assert f"{BASE}releases/1/notices" not in client.get("/releases/1/claims.nq").text
    copies = [path for path in releases.iterdir() if path.name.startswith(".copied-")]
    assert len(copies) == 2
    for number in (1, 2):
        Releases(releases).open(number).verify()  # which share files with the copies
    assert any(path.stat().st_nlink > 1 for path in copies[0].glob("*/store/*.sst"))


@pytest.mark.slow
def test_copies_with_notices_are_made_anew_and_go(tmp_path: Path) -> None:
    documents, folder = tmp_path / "documents", tmp_path / "kept"

    def copies() -> set[str]:
        return {path.name for path in folder.iterdir() if path.name.startswith(".copied-")}

    for text in (document(BEAM), document(BEAM + MONTH), document(MONTH) + NOTICES, document(MONTH)):
        published(folder, documents, text)
    with application(folder) as app:
        client, archive = app.test_client(), app.extensions["quoth-archive"]
        [[_, said]] = asked(client, 1, NOTICED % "")  # of the history, as no release has it any more
        assert said == REASON
        made = copies()
        assert len(made) == 1
        assert asked(client, 1, NOTICED % "")
        assert copies() == made
        current.sweep(folder)  # as the next publication does
        assert copies() == set()
        assert asked(client, 1, NOTICED % "")
        assert len(copies() - made) == 1
        archive.close([1])
        assert copies() == set()


def test_where_no_copy_can_be_made_the_release_answers_without_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (document(BEAM), document(MONTH) + NOTICES):
        published(tmp_path / "kept", tmp_path / "documents", text)
    monkeypatch.setattr(opening, "COPIED", "no/such/folder/")
    with application(tmp_path / "kept") as app:
        client = app.test_client()
        assert asked(client, 1, CLAIMS) == [[IRI.value]]
        assert asked(client, 1, NOTICED % "") == []


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in (*RDF_FORMATS, HTML)])
def test_the_notices_since_a_release_are_a_document(client: FlaskClient, format: Format) -> None:
    for number, withdrawn in ((1, True), (2, True), (3, False)):
        response = client.get(f"/releases/{number}/notices", headers={"Accept": format.media_type})
        assert (response.status_code, response.content_type) == (200, format.content_type)
        if format is HTML:
            assert (f'href="/releases/{number}/doc/{NAME}"' in response.text) == withdrawn
            assert ("The beam had &lt;b&gt;not&lt;/b&gt; cracked." in response.text) == withdrawn
        else:
            assert (ox.Quad(NOTICE, QUOTH.withdraws, IRI) in parsed(response.data, format)) == withdrawn
    assert client.get("/releases/9/notices").status_code == 404


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in (*RDF_FORMATS, HTML)])
def test_a_document_of_an_earlier_release_has_the_notice(client: FlaskClient, format: Format) -> None:
    response = client.get(f"/releases/1/doc/{NAME}.{format.suffix}")
    assert response.headers["Cache-Control"] == "no-cache"
    assert f'<{BASE}doc/claim/bridge/a-month>; rel="{DCTERMS.isReplacedBy.value}"' in response.headers["Link"]
    listing = client.get(f"/releases/2/doc/article/bridge.{format.suffix}")
    if format is HTML:
        head = response.text.partition("<h1")[0]
        assert "It was withdrawn on 2026-11-28 by Quoth: The beam had &lt;b&gt;not&lt;/b&gt; cracked." in head
        assert 'It is replaced by: <a href="/doc/claim/bridge/a-month">' in head
        assert "<title>[withdrawn] " in head
        assert f'<a href="/releases/2/doc/{NAME}">' in listing.text.partition("<h1")[0]
        return
    quads = parsed(response.data, format)
    wanted = {
        ox.Quad(NOTICE, RDF.type, QUOTH.Withdrawal),
        ox.Quad(NOTICE, QUOTH.withdraws, IRI),
        ox.Quad(NOTICE, RDFS.comment, ox.Literal(REASON, language="en")),
        ox.Quad(IRI, DCTERMS.isReplacedBy, ox.NamedNode(f"{BASE}id/claim/bridge/a-month")),
        ox.Quad(IRI, RDF.type, QUOTH.Claim),
    }
    assert wanted <= quads
    said = texts(quads, f"{BASE}releases/1/doc/{NAME}", RDFS.comment)
    assert f"The council said: “a beam had cracked”. This was withdrawn on 2026-11-28 by Quoth: {REASON}" in said
    # What lists it has the notice too; what does not name it has none.
    assert ox.Quad(NOTICE, QUOTH.withdraws, IRI) in parsed(listing.data, format)
    assert NOTICE.value not in client.get(f"/releases/2/doc/org/evening-star.{format.suffix}").text
    assert NOTICE.value not in client.get(f"/releases/2/doc/claim/bridge/a-month.{format.suffix}").text


def test_the_notice_comes_first(client: FlaskClient) -> None:
    text = client.get(f"/releases/1/doc/{NAME}.nt").text
    assert text.index(QUOTH.withdraws.value) < text.index(QUOTH.attribution.value)


@pytest.mark.slow
def test_a_validator_does_not_outlive_a_notice(tmp_path: Path) -> None:
    documents, path, query = tmp_path / "documents", f"/releases/1/doc/{NAME}.ttl", {"query": "ASK {}"}
    tags: list[str] = []
    notices = (document(BEAM + MONTH), document(MONTH) + NOTICES, document(MONTH) + NOTICES.replace("had", "has"))
    for text in (document(BEAM), *notices):
        published(tmp_path / "kept", documents, text)
        with application(tmp_path / "kept") as app:
            client = app.test_client()
            held = [client.get(path, headers={"If-None-Match": tag}).status_code for tag in tags]
            tags.append(client.get(path).headers["ETag"])
            assert held == [304 if tag == tags[-1] else 200 for tag in tags[:-1]]
            linked = "notices" in client.get("/releases/1/sparql", query_string=query).headers.get("Link", "")
            assert linked == ("withdrawn" in text)
    # While it is current, a document is another one than when it is not the newest any more.
    assert tags[1] != tags[2] != tags[3] != tags[1]


def test_a_notice_that_the_documents_no_longer_have_is_that_of_the_history(tmp_path: Path) -> None:
    for text in (document(BEAM), document(MONTH) + NOTICES, document(MONTH)):
        published(tmp_path / "kept", tmp_path / "documents", text)
    with application(tmp_path / "kept") as app:
        client = app.test_client()
        for path in ("notices", f"doc/{NAME}"):
            for suffix in ("html", "nt"):
                text = client.get(f"/releases/1/{path}.{suffix}").text
                assert "was withdrawn on 2026-11-28 by Quoth: The beam had" in text


def test_what_was_withdrawn_and_published_again_has_no_notice(tmp_path: Path) -> None:
    for text in (document(BEAM), document(MONTH) + NOTICES, document(BEAM)):
        published(tmp_path / "kept", tmp_path / "documents", text)
    with application(tmp_path / "kept") as app:
        client = app.test_client()
        assert "was withdrawn on" not in client.get(f"/releases/1/doc/{NAME}.nt").text
        assert "Link" not in client.get("/releases/1/sparql", query_string={"query": "ASK {}"}).headers


def test_the_description_is_that_of_the_release(client: FlaskClient) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service, dataset = ox.NamedNode(f"{BASE}releases/2/sparql"), ox.NamedNode(f"{BASE}releases/2")
    quads = set(parsed(client.get("/releases/2/sparql?format=ttl").data, RDF_FORMATS[0]))
    assert ox.Quad(service, ox.NamedNode(f"{sd}endpoint"), service) in quads
    assert ox.Quad(service, ox.NamedNode(f"{sd}defaultDataset"), dataset) in quads
    assert ox.Quad(service, RDFS.seeAlso, ox.NamedNode(f"{BASE}releases/2/notices")) in quads
    triples = {q.object.value for q in quads if q.predicate.value == "http://rdfs.org/ns/void#triples"}  # type: ignore[union-attr]
    asserted = client.get("/releases/2.json").get_json(force=True)["asserted"]
    assert str(asserted) in triples
    subjects = {q.subject.value.partition("#")[0] for q in quads if q.subject.value.startswith(BASE)}  # type: ignore[union-attr]
    assert f"{BASE}sparql" not in subjects
    assert f"{BASE}graphs" not in subjects
    for format in RDF_FORMATS:
        assert client.get(f"/releases/2/sparql?format={format.suffix}").content_type == format.content_type


def test_an_engine_elsewhere_has_the_current_release_alone(releases: Path) -> None:
    release = Releases(releases).current()
    engine = EmbeddedEngine(release.store_path, Limits(workers=1))  # in the place of the other one
    app = create_app(Settings(releases=releases, public_url=BASE, engine="http://localhost:1/sparql"), engine, release)
    app.test_client_class = Client
    client = app.test_client()
    problem = client.get("/releases/1/sparql", query_string={"query": CLAIMS})
    assert (problem.status_code, problem.content_type) == (501, "application/problem+json")
    assert (
        problem.get_json(force=True)["detail"] == "queries of this server go to an engine that does not have release 1"
    )
    assert f"{BASE}releases/1/claims.trig" in problem.get_json(force=True)["remedy"]
    assert client.get("/releases/1/sparql", headers={"Accept": CHROME}).status_code == 501
    assert names(client, 3) == ["a-month"]
    assert "releases/1/sparql" not in client.get("/releases/1", headers={"Accept": CHROME}).text
    assert client.get("/releases/9/sparql").status_code == 404
    listed = [release["sparql"] for release in client.get("/releases.json").get_json()]
    assert listed == [f"{BASE}releases/3/sparql", None, None]
    engine.close()


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    limits: dict[str, Any] = {"query_workers": 2, "query_long_workers": 1, "query_time_limit_s": 2, "open_releases": 1}
    with serving(releases, query_rate_limit="50/hour", **limits) as server:
        yield server


def ask(server: Server, number: int, query: str, format: str = "csv") -> tuple[int, bytes]:
    answer = server.get(f"/releases/{number}/sparql?format={format}&query={quote(query)}")
    return answer.status, answer.body


def stores(server: Server) -> list[set[str]]:
    """The releases whose stores each process for queries has open."""
    found = []
    for pid in server.processes():
        paths = [os.readlink(fd) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()]
        found.append({path.split("/store/")[0].rpartition("/")[2] for path in paths if "/store/" in path})
    return found


@pytest.mark.serial
def test_queries_to_earlier_releases_have_the_limits_and_processes_of_all(server: Server) -> None:
    assert ask(server, 1, CLAIMS)[1].decode().split()[1:] == [IRI.value]
    assert len(ask(server, 2, CLAIMS)[1].split()) == 3
    # One earlier release is open at a time: what had the first one open has ended.
    until(lambda: set().union(*stores(server)) == {"2", "3"})
    assert len(server.processes()) <= 3
    status, body = ask(server, 1, BOMB, "json")
    assert status == 503
    assert b"query_time_limit_s" in body
    answer = server.get(f"/releases/1/sparql?query={quote(CLAIMS)}")
    assert (
        server.get(f"/releases/1/sparql?query={quote(CLAIMS)}", {"If-None-Match": answer.headers["etag"]}).status == 304
    )
    assert b"sparql" in server.get("/metrics").body
    assert [ask(server, 1, CLAIMS)[0] for _ in range(60)][-1] == 429
    assert server.get("/releases/1/sparql").status == 200  # the description is free


@pytest.mark.serial
def test_a_removed_release_is_closed_and_gone(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases, tmp_path / "kept", symlinks=True)
    with serving(tmp_path / "kept", query_workers=1) as server:
        assert ask(server, 1, CLAIMS)[0] == 200
        assert prune(tmp_path / "kept", 1).removed == [1, 2]
        until(lambda: ask(server, 1, CLAIMS)[0] == 410)
        until(lambda: set().union(*stores(server)) <= {"3"})
        assert ask(server, 3, CLAIMS)[0] == 200


def test_sites_share_the_pool_of_the_current_one(app: Flask) -> None:
    archive, current = app.extensions["quoth-archive"], app.extensions["quoth"]
    assert archive.site(1).engine.figures() == current.engine.figures()
    assert dataclasses.asdict(archive.site(2).engine._pool.limits) == dataclasses.asdict(current.engine._pool.limits)
