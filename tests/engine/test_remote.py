"""The remote engine against a real server: `oxigraph serve-read-only` over the same store as the embedded one."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pytest

from quoth.engine.api.client import Caller, Presence
from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.remote import RemoteEngine
from quoth.errors import (
    NotAcceptableError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    UnavailableError,
    UsageError,
)
from quoth.formats import OX_RDF, OX_RESULTS

from .conftest import free_port

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def remote(endpoint: str) -> RemoteEngine:
    return RemoteEngine(endpoint, 5)


@pytest.fixture(params=["embedded", "remote"])
def either(request: pytest.FixtureRequest, engine: EmbeddedEngine, remote: RemoteEngine) -> Engine:
    return engine if request.param == "embedded" else remote


def read(engine: Engine, text: str, wanted: Wanted | None = None) -> bytes:
    with engine.answer(Query(text), wanted or Wanted()) as answer:
        return b"".join(answer.chunks)


@pytest.mark.parametrize("format", OX_RESULTS)
def test_solutions(either: Engine, format: str) -> None:
    data = read(either, "SELECT ?o { <http://e/s7> ?p ?o }", Wanted(solutions=format))
    assert b"value 7" in data


@pytest.mark.parametrize("format", OX_RDF)
def test_graphs(either: Engine, format: str) -> None:
    data = read(either, "CONSTRUCT WHERE { <http://e/s7> ?p ?o }", Wanted(graph=format))
    (quad,) = ox.parse(data, OX_RDF[format])
    assert quad.object == ox.Literal("value 7")


def test_both_engines_agree_on_our_own_queries(engine: EmbeddedEngine, remote: RemoteEngine) -> None:
    def sorted_rows(engine: Engine, text: str, **bindings: ox.NamedNode | ox.Literal) -> list[str]:
        return sorted(str(sorted(row.items())) for row in engine.select(text, **bindings))

    subject, value = ox.NamedNode("http://e/s7"), ox.Literal('h"é', language="en")
    for text, bindings in [
        ("SELECT ?s ?p ?o { ?s ?p ?o } # trailing comment", {"s": subject}),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?s LIMIT 3", {"s": subject}),
        ("SELECT ?s ?x { ?s ?p ?o OPTIONAL { ?s <http://e/none> ?x } }", {"s": subject}),
        ("SELECT * { ?s ?p ?o }", {"s": subject, "o": ox.Literal("value 7")}),
        ("SELECT * { ?s ?p ?o }", {"o": value}),
        ("SELECT ?g ?s { GRAPH ?g { ?s ?p ?o } }", {}),
    ]:
        rows = sorted_rows(remote, text, **bindings)  # type: ignore[arg-type]
        assert rows == sorted_rows(engine, text, **bindings)  # type: ignore[arg-type]


def test_a_term_is_bound_and_not_pasted(either: Engine) -> None:
    hostile = ox.Literal('"} INSERT DATA { <a:a> <a:a> "x')
    assert either.select("SELECT ?o { ?s ?p ?o }", o=hostile) == []


def test_describe_and_graph(either: Engine) -> None:
    (quad,) = either.describe(["http://e/s7", "http://e/reported", "not an IRI> } #"])
    assert quad == ox.Quad(
        ox.NamedNode("http://e/s7"), ox.NamedNode("http://e/p1"), ox.Literal("value 7"), ox.DefaultGraph()
    )
    (reported,) = either.graph("http://e/g")
    assert reported.graph_name == ox.NamedNode("http://e/g")
    assert either.describe([]) == either.graph("not an IRI") == []


@pytest.mark.parametrize(
    ("default", "named", "text", "rows"),
    [
        (["http://e/g"], [], "ASK { ?s ?p ?o }", b"true"),
        (["http://e/g"], [], "ASK { GRAPH ?g { ?s ?p ?o } }", b"false"),
        ([], ["http://e/g"], "ASK { ?s ?p ?o }", b"false"),
        ([], ["http://e/g"], "ASK { GRAPH ?g { ?s ?p ?o } }", b"true"),
    ],
)
def test_the_dataset_is_sent_along(
    either: Engine, default: list[str], named: list[str], text: str, rows: bytes
) -> None:
    with either.answer(Query(text, default, named), Wanted(boolean="csv")) as answer:
        assert b"".join(answer.chunks).strip() == rows


def test_describe_stays_in_the_graphs_of_the_query(either: Engine) -> None:
    graph = Wanted(graph="ntriples")
    assert read(either, "DESCRIBE <http://e/reported>", graph) == b""
    assert read(either, "DESCRIBE ?s { GRAPH ?g { ?s ?p ?o } }", graph) == b""
    assert b"@en" in read(either, "DESCRIBE <http://e/reported> FROM <http://e/g>", graph)


def test_the_base_iri_is_sent_along(either: Engine) -> None:
    with either.answer(Query("ASK { <s7> ?p ?o }", base_iri="http://e/"), Wanted(boolean="csv")) as answer:
        assert b"".join(answer.chunks).strip() == b"true"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { ?s ?p }", QuerySyntaxError),
        ("NONSENSE", QuerySyntaxError),
        ("", QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", QueryRefusedError),
        ("CLEAR ALL", QuerySyntaxError),
        ("# SELECT\nPREFIX e: <http://e/#> CLEAR ALL", QuerySyntaxError),
    ],
)
def test_bad_queries(either: Engine, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(either, text)


def test_an_unwanted_kind_of_result_is_not_acceptable(either: Engine) -> None:
    with pytest.raises(NotAcceptableError):
        read(either, "ASK {}", Wanted(boolean=None))


def test_a_binding_needs_the_projection(either: Engine) -> None:
    with pytest.raises(ValueError, match="project"):
        either.select("SELECT ?o { ?s ?p ?o }", s=ox.NamedNode("http://e/s7"))


def test_a_large_result_is_streamed(remote: RemoteEngine) -> None:
    text = "SELECT * { ?a <http://e/p1> ?b . ?c <http://e/p2> ?d . ?e <http://e/p0> ?f } LIMIT 200000"
    with remote.answer(Query(text), Wanted()) as answer:
        began = time.monotonic()
        first = next(answer.chunks)
        first_s = time.monotonic() - began
        assert len(first) <= 65536
        assert len(first) + sum(map(len, answer.chunks)) > 20 * 2**20
    assert first_s < (time.monotonic() - began) / 2, "the first chunk comes long before the last"


def test_a_query_ends_at_its_deadline(endpoint: str) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError):
        read(RemoteEngine(endpoint, 0.5), BOMB)
    assert time.monotonic() - started < 5


@contextmanager
def peer(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers each connection in a way of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                while b"\r\n\r\n" not in connection.recv(65536):
                    pass
                behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        thread.join()


def response(status: str, media_type: str, body: bytes, length: int | None = None) -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def trickle(connection: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: 1000\r\n\r\n"
    try:
        connection.sendall(head)
        for _ in range(40):
            connection.sendall(b" ")
            time.sleep(0.05)
    except OSError:
        pass


JSON = "application/sparql-results+json"


@pytest.mark.parametrize(
    ("behave", "error", "says"),
    [
        (response("200 OK", "text/html", b"<html>"), UnavailableError, "text/html"),
        (response("200 OK", JSON, b'{"head":', 1000), UnavailableError, "cannot be reached|answer"),
        (response("200 OK", JSON, b"no JSON"), UnavailableError, "JSON"),
        (response("400 Bad", "text/plain", b"line 3: no"), QuerySyntaxError, "line 3: no"),
        (response("403 No", "text/plain", b"keep out"), QueryRefusedError, "keep out"),
        (response("404 No", "text/plain", b"wrong path"), UnavailableError, "404"),
        (response("500 Oh", "text/plain", b"broken"), UnavailableError, "broken"),
        (response("503 Later", "text/plain", b"busy"), UnavailableError, "busy"),
        (response("504 Late", "text/plain", b"too long"), QueryTimeoutError, "too long"),
        (lambda connection: None, UnavailableError, "cannot be reached"),
        (lambda connection: time.sleep(1.2), QueryTimeoutError, "within 1 s"),
        (trickle, QueryTimeoutError, "within 1 s"),
    ],
    ids=["html", "cut", "garbage", "400", "403", "404", "500", "503", "504", "hangs up", "silent", "trickles"],
)
def test_unusual_answers_of_a_server(
    behave: Callable[[socket.socket], None], error: type[Exception], says: str
) -> None:
    with peer(behave) as url, pytest.raises(error, match=says):
        RemoteEngine(url, 1).select("SELECT ?s { ?s ?p ?o }")


def test_one_client_gets_all_connections_but_one(endpoint: str) -> None:
    engine = RemoteEngine(endpoint, 1, places=3, queue=2)
    everything = Query("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    held = [engine.answer(everything, Wanted(), Caller("a")) for _ in range(2)]
    assert engine.figures() == {"running": 2, "waiting": 0}
    with pytest.raises(UnavailableError, match="free in time"):
        engine.answer(Query("ASK {}"), Wanted(), Caller("a"))
    with engine.answer(Query("ASK {}"), Wanted(), Caller("b")) as answer:
        assert b"true" in b"".join(answer.chunks)
    for answer in held:
        answer.close()
        answer.close()
    assert engine.figures() == {"running": 0, "waiting": 0}
    with pytest.raises(QueryTimeoutError):
        engine.answer(Query(BOMB), Wanted(), Caller("a"))
    assert engine.figures()["running"] == 0
    engine.close()


def test_a_client_that_leaves_ends_the_connection() -> None:
    ended = threading.Event()

    def stall(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 9\r\n\r\n{{".encode())
        while connection.recv(65536):  # what is left of the request
            pass
        ended.set()

    with peer(stall) as url:
        presence = Presence()
        answer = RemoteEngine(url, 30).answer(Query("ASK {}"), Wanted(), Caller("a", presence))
        leaving = threading.Timer(0.2, presence.leave)
        leaving.start()
        started = time.monotonic()
        with pytest.raises(UnavailableError):
            list(answer.chunks)
        assert time.monotonic() - started < 10  # of the 30 that its query had
        answer.close()
        assert ended.wait(10)
        leaving.join()


def test_an_unreachable_server_is_reported() -> None:
    with pytest.raises(UnavailableError, match="cannot be reached"):
        read(RemoteEngine(f"http://127.0.0.1:{free_port()}/query"), "ASK {}")


def test_a_password_in_the_url_stays_out_of_messages() -> None:
    with pytest.raises(UnavailableError) as caught:
        read(RemoteEngine(f"http://user:secret@127.0.0.1:{free_port()}/query"), "ASK {}")
    assert "secret" not in str(caught.value)


def test_name_and_password_are_sent_along() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen: list[bytes] = []

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(65536))
                response("401 No", "text/plain", b"who?")(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(QueryRefusedError, match="who"):
            read(RemoteEngine(f"http://me:p%40ss@127.0.0.1:{listener.getsockname()[1]}/query"), "ASK {}")
        thread.join()
    assert b"Authorization: Basic bWU6cEBzcw==\r\n" in seen[0]


def test_the_engine_s_message_is_passed_on() -> None:
    says = response("400 Bad", "text/plain", "line 3: ‘é’".encode())
    with peer(says) as url, pytest.raises(QuerySyntaxError) as caught:
        read(RemoteEngine(url), "ASK {}")
    assert caught.value.detail == "the engine refused the query: line 3: ‘é’"


def test_a_malformed_base_iri_is_refused(either: Engine) -> None:
    with pytest.raises(QuerySyntaxError):
        either.answer(Query("ASK {}", base_iri="no> {} #"), Wanted())


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:7878", "ftp://x/", ""])
def test_only_http_urls(url: str) -> None:
    with pytest.raises(UsageError):
        RemoteEngine(url)
