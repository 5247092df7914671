"""The remote engine against a real server: `oxigraph serve-read-only` over the same store as the embedded one."""

import contextvars
import gc
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pyoxigraph as ox
import pytest

from quoth.engine.api import deadline
from quoth.engine.api.client import Caller, Presence
from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.ticket import Limits
from quoth.engine.remote.engine import RemoteEngine
from quoth.errors import (
    ClientLeftError,
    NotAcceptableError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    QuothError,
    UnavailableError,
    UsageError,
)
from quoth.formats import OX_RDF, OX_RESULTS

from ..http_talk import read_request
from .conftest import free_port

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@contextmanager
def unraisable() -> Iterator[list[BaseException | None]]:
    """The exceptions that nothing could catch meanwhile."""
    seen: list[BaseException | None] = []
    usual, sys.unraisablehook = sys.unraisablehook, lambda report: seen.append(report.exc_value)
    try:
        yield seen
    finally:
        sys.unraisablehook = usual


@pytest.fixture
def remote(endpoint: str) -> RemoteEngine:
    return RemoteEngine(endpoint, Limits(time_s=5))


@pytest.fixture(params=["embedded", "remote"])
def either(request: pytest.FixtureRequest, engine: EmbeddedEngine, remote: RemoteEngine) -> Engine:
    return engine if request.param == "embedded" else remote


def read(engine: Engine, text: str, wanted: Wanted | None = None, client: str | None = None) -> bytes:
    with engine.answer(Query(text), wanted or Wanted(), Caller(client)) as answer:
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


MANY = "SELECT * { ?a <http://e/p1> ?b . ?c <http://e/p2> ?d } LIMIT 20000"


@pytest.mark.parametrize("format", OX_RESULTS)
def test_a_large_result_is_the_same_from_both(engine: EmbeddedEngine, remote: RemoteEngine, format: str) -> None:
    ours, theirs = (read(each, MANY, Wanted(solutions=format)) for each in (engine, remote))
    assert ours == theirs
    assert len(ours) > 2**19


@pytest.mark.parametrize(
    ("text", "limits", "name"),
    [
        (MANY, {"result_rows": 19_999}, "query_result_rows"),
        (MANY, {"result_mb": 1}, "query_result_mb"),
        (MANY, {"spool_mb": 1}, "query_spool_mb"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2000", {"result_rows": 1_999}, "query_result_rows"),
    ],
)
def test_the_limits_of_results_hold(endpoint: str, text: str, limits: dict[str, int], name: str) -> None:
    remote = RemoteEngine(endpoint, Limits(**limits))
    with pytest.raises(QuothError) as caught:
        read(remote, text)
    assert caught.value.limit is not None
    assert caught.value.limit.name == name
    assert read(remote, "ASK {}", Wanted(boolean="csv")).strip() == b"true"
    assert read(RemoteEngine(endpoint, Limits(result_rows=20_000, result_mb=9, spool_mb=19)), text)


def test_an_error_may_outlive_the_thread_that_met_it(endpoint: str) -> None:
    """The RDF library's solutions may be freed by the thread that read them only: an error must not keep them."""
    kept: list[BaseException] = []

    def meet(ask: Callable[[], object]) -> None:
        with pytest.raises(QuothError) as caught:
            ask()
        kept.append(caught.value)

    cut = response("200 OK", JSON, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"x:1"}}')
    with peer(cut, times=2) as url:
        broken = RemoteEngine(url, Limits(time_s=5))
        limited = RemoteEngine(endpoint, Limits(result_rows=10))
        for ask in (lambda: read(limited, ALL), lambda: read(broken, ALL), lambda: broken.select(ALL)):
            thread = threading.Thread(target=meet, args=[ask])
            thread.start()
            thread.join()
    assert len(kept) == 3
    with unraisable() as seen:
        kept.clear()
        gc.collect()
    assert seen == []


def test_xml_that_cannot_be_written_is_not_acceptable(either: Engine) -> None:
    with pytest.raises(NotAcceptableError):
        read(either, "SELECT ?o { <http://e/control> ?p ?o }", Wanted(solutions="xml"))
    with pytest.raises(NotAcceptableError):
        read(either, "CONSTRUCT WHERE { <http://e/odd> ?p ?o }", Wanted(graph="rdfxml"))


def test_a_query_ends_at_its_deadline(endpoint: str) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError):
        read(RemoteEngine(endpoint, Limits(time_s=0.5)), BOMB)
    assert time.monotonic() - started < 5


ALL = "SELECT ?s { ?s ?p ?o }"


@contextmanager
def peer(behave: Callable[[socket.socket], None], times: int = 1) -> Iterator[str]:
    """A server that answers so many connections in a way of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                read_request(connection)
                behave(connection)

        threads = [threading.Thread(target=serve) for _ in range(times)]
        for thread in threads:
            thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        for thread in threads:
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


def drip(connection: socket.socket) -> None:
    """A head of which a byte comes now and then."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 60:
            connection.sendall(bytes([byte]))
            time.sleep(0.3)
    except OSError:
        pass


JSON = "application/sparql-results+json"
HIDDEN = ("127.0.0.1", "broken", "keep out", "java.lang", "urllib", "Traceback")


@pytest.mark.parametrize(
    ("behave", "error", "logged"),
    [
        (response("200 OK", "text/html", b"<html>"), UnavailableError, "text/html"),
        (response("200 OK", JSON, b'{"head":', 1000), UnavailableError, "cannot be reached"),
        (response("200 OK", JSON, b""), UnavailableError, "not a result"),
        (response("200 OK", JSON, b"no JSON"), UnavailableError, "not a result"),
        (response("200 OK", JSON, b"<html>"), UnavailableError, "not a result"),
        (response("200 OK", JSON, b'{"head": {}, "boolean": true}'), UnavailableError, "not a result"),
        (response("401 No", "text/plain", b"keep out"), UnavailableError, "401: keep out"),
        (response("403 No", "text/plain", b"keep out"), UnavailableError, "403: keep out"),
        (response("404 No", "text/plain", b"wrong path"), UnavailableError, "404"),
        (response("500 Oh", "text/plain", b"java.lang.Broken at x.java:3"), UnavailableError, "java.lang.Broken"),
        (response("503 Later", "text/plain", b"busy"), UnavailableError, "busy"),
        (lambda connection: None, UnavailableError, "cannot be reached"),
    ],
    ids=["html", "cut", "empty", "garbage", "HTML as JSON", "a boolean", "401", "403", "404", "500", "503", "hangs up"],
)
def test_what_is_wrong_with_a_server_is_for_the_log(
    behave: Callable[[socket.socket], None],
    error: type[QuothError],
    logged: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for ask in (lambda engine: engine.select(ALL), lambda engine: read(engine, ALL)):
        caplog.clear()
        with peer(behave) as url, pytest.raises(error) as caught:
            ask(RemoteEngine(url, Limits(time_s=5)))
        assert not [word for word in HIDDEN if word in str(caught.value)]
        assert caught.value.status == 503
        assert "selective" not in str(caught.value)
        assert logged in caplog.text
        assert url in caplog.text


def unbounded(media_type: str, body: bytes) -> Callable[[socket.socket], None]:
    """An answer whose end is that of the connection (RFC 9112 §6.3), as a server's that breaks off looks, too."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nConnection: close\r\n\r\n".encode()
    return lambda connection: connection.sendall(head + body)


ROW = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"1"}}]}}'


def test_no_part_of_an_answer_passes_for_the_whole() -> None:
    query = "SELECT ?o { ?s ?p ?o }"
    for end in range(len(ROW)):
        with peer(unbounded(JSON, ROW[:end])) as url, pytest.raises(UnavailableError):
            RemoteEngine(url, Limits(time_s=5)).select(query)
    with peer(response("200 OK", JSON, ROW, int("9" * 4000))) as url, pytest.raises(UnavailableError):
        RemoteEngine(url, Limits(time_s=5)).select(query)
    odd = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %s\r\n\r\n%s" % (JSON.encode(), b"9" * 5000, ROW)
    with peer(lambda connection: connection.sendall(odd)) as url:  # no length, to say it politely
        assert RemoteEngine(url, Limits(time_s=5)).select(query)
    with peer(unbounded(JSON, ROW)) as url:
        assert RemoteEngine(url, Limits(time_s=5)).select(query) == [{"o": ox.Literal("1")}]
    line = b"<http://e/a> <http://e/b> <http://e/c> .\n"
    construct = "CONSTRUCT WHERE { ?s ?p ?o }"
    with peer(unbounded("application/n-triples", line)) as url, pytest.raises(UnavailableError):
        read(RemoteEngine(url, Limits(time_s=5)), construct)  # there may have been another one
    with peer(response("200 OK", "application/n-triples", line)) as url:
        assert read(RemoteEngine(url, Limits(time_s=5)), construct, Wanted(graph="ntriples")) == line


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 There", "308 There"])
def test_a_redirect_is_not_followed(status: str, caplog: pytest.LogCaptureFixture) -> None:
    """The query, and a password, would go to an address that nobody named."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        elsewhere = f"http://127.0.0.1:{other.getsockname()[1]}/"
        head = f"HTTP/1.1 {status}\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n"
        with (
            peer(lambda connection: connection.sendall(head.encode())) as url,
            pytest.raises(UnavailableError) as caught,
        ):
            RemoteEngine(url.replace("//", "//user:secret@"), Limits(time_s=5)).select(ALL)
        other.settimeout(0)
        with pytest.raises(BlockingIOError):
            other.accept()
    assert "127.0.0.1" not in str(caught.value)
    assert f"{url} redirects to {elsewhere}, which is not followed" in caplog.text


def test_a_server_that_cannot_read_a_query_of_ours_is_at_fault() -> None:
    refusing = response("400 No", "text/plain", b"keep out, line 2")
    for query, error in ((Query(ALL), QuerySyntaxError), (Query(ALL, ours=True), UnavailableError)):
        with peer(refusing) as url, pytest.raises(error) as caught:
            RemoteEngine(url, Limits(time_s=5)).answer(query, Wanted())
        assert "keep out" not in str(caught.value)


@pytest.mark.parametrize(
    "behave", [lambda connection: time.sleep(1.2), trickle, drip], ids=["silent", "trickles", "drips its head"]
)
def test_a_server_that_hangs(behave: Callable[[socket.socket], None]) -> None:
    began = time.monotonic()
    with peer(behave) as url, pytest.raises(UnavailableError, match="in time"):
        RemoteEngine(url, Limits(time_s=1)).select(ALL)
    assert time.monotonic() - began < 5
    with peer(behave) as url, pytest.raises(QueryTimeoutError, match="after 1 s"):
        read(RemoteEngine(url, Limits(time_s=1)), ALL)


@pytest.mark.parametrize(
    ("said", "line", "column"),
    [
        ("line 3: no", 3, None),
        ('Encountered " "}" "} "" at line 2, column 14.', 2, 14),
        ("error at 2:14: expected one of", 2, 14),
        ("Virtuoso 37000 Error SP030: SPARQL compiler, line 1: syntax error at '}'", 1, None),
        ("at com.example.Parser(http://10.0.0.1/)", None, None),
    ],
)
def test_where_a_query_is_wrong_is_passed_on(said: str, line: int | None, column: int | None) -> None:
    with peer(response("400 Bad", "text/plain", said.encode())) as url, pytest.raises(QuerySyntaxError) as caught:
        read(RemoteEngine(url), "ASK {}")
    assert (caught.value.line, caught.value.column) == (line, column)
    assert said not in str(caught.value)


def test_the_time_of_a_page_is_for_all_its_queries(endpoint: str) -> None:
    engine = RemoteEngine(endpoint, Limits(time_s=30))
    context = contextvars.copy_context()
    context.run(deadline.begin, 0.5)
    with peer(lambda connection: time.sleep(1.2)) as url, pytest.raises(UnavailableError, match="in time"):
        context.run(RemoteEngine(url, Limits(time_s=30)).select, ALL)
    with pytest.raises(UnavailableError, match="in time"):
        context.run(engine.select, ALL)  # nothing is left for the next one
    assert engine.select(f"{ALL} LIMIT 1")


def test_one_client_gets_all_connections_but_one() -> None:
    go_on = threading.Event()
    asked = threading.Semaphore(0)

    def slow(connection: socket.socket) -> None:
        asked.release()
        go_on.wait(20)
        response("200 OK", JSON, b'{"head":{},"boolean":true}')(connection)

    with peer(slow, 3) as url:
        engine = RemoteEngine(url, Limits(time_s=20, workers=3, queue=2))
        with ThreadPoolExecutor(4) as threads:
            answers = [threads.submit(read, engine, "ASK {}", None, "a") for _ in range(2)]
            for _ in answers:
                assert asked.acquire(timeout=10)
            assert engine.figures() == {"running": 2, "waiting": 0}
            late = RemoteEngine(url, Limits(time_s=20))
            late._scheduler, late._limits = engine._scheduler, Limits(time_s=0.3)
            with pytest.raises(UnavailableError, match="free in time"):
                read(late, "ASK {}", None, "a")
            answers.append(threads.submit(read, engine, "ASK {}", None, "b"))
            assert asked.acquire(timeout=10)
            go_on.set()
            assert all(b"true" in answer.result(10) for answer in answers)
    assert engine.figures() == {"running": 0, "waiting": 0}
    engine.close()


def test_a_client_that_leaves_ends_the_connection() -> None:
    ended = threading.Event()

    def stall(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 9\r\n\r\n{{".encode())
        connection.recv(65536)  # none: its end
        ended.set()

    with peer(stall) as url:
        presence = Presence()
        leaving = threading.Timer(0.2, presence.leave)
        leaving.start()
        with pytest.raises(ClientLeftError):
            RemoteEngine(url, Limits(time_s=30)).answer(Query("ASK {}"), Wanted(), Caller("a", presence))
        assert ended.wait(10)
        leaving.join()


def test_an_unreachable_server_is_reported() -> None:
    with pytest.raises(UnavailableError, match="does not answer as it should"):
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
                seen.append(read_request(connection))
                response("401 No", "text/plain", b"who?")(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(UnavailableError):
            read(RemoteEngine(f"http://me:p%40ss@127.0.0.1:{listener.getsockname()[1]}/query"), "ASK {}")
        thread.join()
    assert b"Authorization: Basic bWU6cEBzcw==\r\n" in seen[0]


def test_a_malformed_base_iri_is_refused(either: Engine) -> None:
    with pytest.raises(QuerySyntaxError):
        either.answer(Query("ASK {}", base_iri="no> {} #"), Wanted())


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:7878", "ftp://x/", ""])
def test_only_http_urls(url: str) -> None:
    with pytest.raises(UsageError):
        RemoteEngine(url)
