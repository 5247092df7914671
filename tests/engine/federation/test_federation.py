"""SERVICE calls the endpoints that the operator allows, real and hostile ones, and no other server."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from quoth.converters import endpoints
from quoth.engine.api.interface import Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.federation.http_client import CallLimits, permitted
from quoth.engine.federation.rewrite import Federation
from quoth.engine.pool.pool import Limits
from quoth.errors import Limit, QueryRefusedError, QuerySyntaxError, QueryTimeoutError, UnavailableError

from ...http_talk import read_request
from ...sparql.service_queries import REACHES_OUT
from ..conftest import free_port

RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"far"}}]}}'
JSON = b"Content-Type: application/sparql-results+json\r\n"


@contextmanager
def federated(store_path: Path, *urls: str, time_s: float = 2, query_s: float = 30) -> Iterator[EmbeddedEngine]:
    federation = Federation(urls, CallLimits(time_s, 1))
    engine = EmbeddedEngine(store_path, Limits(workers=1, time_s=query_s), federation)
    try:
        yield engine
    finally:
        engine.close()


def read(engine: EmbeddedEngine, text: str) -> bytes:
    with engine.answer(Query(text), Wanted()) as answer:
        return b"".join(answer.chunks)


def rows(engine: EmbeddedEngine, text: str) -> list[dict[str, str]]:
    bindings = json.loads(read(engine, text))["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in bindings]


class Listener:
    """A server made of one function on a connection; it counts the connections."""

    def __init__(self, behave: Callable[[socket.socket], None]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/sparql"
        self.requests: list[bytes] = []
        self._behave = behave
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            try:
                self.requests.append(read_request(connection))
                self._behave(connection)
            except OSError:
                pass

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def listening(behave: Callable[[socket.socket], None] = lambda _: None) -> Iterator[Listener]:
    listener = Listener(behave)
    try:
        yield listener
    finally:
        listener.close()


def answers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"Connection: close\r\n\r\n" + RESULT)


def stays_silent(connection: socket.socket) -> None:
    time.sleep(6)


def crawls_in_its_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(60):
        time.sleep(0.1)
        connection.sendall(b"x")


def crawls(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"\r\n")
    for _ in range(60):
        time.sleep(0.1)
        connection.sendall(b" ")


def never_ends(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"\r\n")
    while True:
        connection.sendall(b" " * 65536)


def is_huge(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 900000000\r\n\r\n" + b" " * 2_000_000)


def breaks_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 900\r\n\r\n" + RESULT)


def is_no_sparql(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\nhello")


def fails(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nsecret")


def hangs_up(connection: socket.socket) -> None:
    connection.close()


def test_a_query_joins_with_an_allowed_endpoint(store_path: Path, endpoint: str) -> None:
    with federated(store_path, endpoint) as engine:
        text = f"SELECT * {{ <http://e/s7> ?p ?o SERVICE <{endpoint}> {{ ?s ?p ?o FILTER(STRENDS(?o, ' 7')) }} }}"
        assert rows(engine, text) == [{"p": "http://e/p1", "o": "value 7", "s": "http://e/s7"}]
        assert rows(engine, text.replace("SERVICE ", "SERVICE#\nSILENT\n")) == rows(engine, text)
        prefixed = f"PREFIX e: <{endpoint[:-5]}> " + text.replace(f"<{endpoint}>", f"e:{endpoint[-5:]}")
        assert rows(engine, prefixed) == rows(engine, text)
        twice = f"SELECT * {{ SERVICE <{endpoint}> {{ <http://e/s7> ?p ?o }} SERVICE <{endpoint}> {{ ?s ?p ?o }} }}"
        assert len(rows(engine, twice)) == 1
        assert rows(engine, "SELECT ?o { <http://e/s7> ?p ?o }") == [{"o": "value 7"}]


@pytest.mark.parametrize("text", REACHES_OUT.values(), ids=REACHES_OUT.keys())
def test_a_service_that_is_not_allowed_is_refused(store_path: Path, text: str) -> None:
    with listening(answers) as allowed, federated(store_path, allowed.url) as engine:
        with pytest.raises(QueryRefusedError, match="SERVICE may only call") as caught:
            read(engine, text)
        assert str(caught.value.where).startswith("line ")
        assert allowed.requests == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <URL/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <URL?x=1> { ?s ?p ?o } }",
        "SELECT * { SERVICE <URL#x> { ?s ?p ?o } }",
        "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
        "PREFIX e: <URL> PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICE e: { ?s ?p ?o } }",
        "SELECT * { VALUES ?g { <URL> } SERVICE ?g { ?s ?p ?o } }",
        "SELECT * { SERVICE <URL> { ?s ?p ?o } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <URL> { ?s ?p ?o SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
        "SELECT * { SERVICE <URL> { ?s ?p ?o } \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        'SELECT * { FILTER(?a<?b#>"""\n) SERVICE <URL> {?s ?p ?o} SERVICE <http://127.0.0.1:9/> {} #"""\n }',
    ],
    ids=[
        "slash",
        "query",
        "fragment",
        "relative",
        "prefix declared twice",
        "variable",
        "another beside",
        "another within",
        "another with escapes",
        "another in a second reading",
    ],
)
def test_iris_similar_to_an_allowed_one_are_refused(store_path: Path, text: str) -> None:
    with listening(answers) as allowed, federated(store_path, allowed.url) as engine:
        with pytest.raises(QueryRefusedError, match="line"):
            read(engine, text.replace("URL", allowed.url))
        assert allowed.requests == []


def test_refusals_and_syntax_errors_have_their_position_in_the_original_text(store_path: Path) -> None:
    with listening(answers) as allowed, federated(store_path, allowed.url) as engine:
        call = f"SERVICE <{allowed.url}> {{ ?s ?p ?o }}"
        with pytest.raises(QueryRefusedError) as refused:
            read(engine, f"SELECT *\n{{ {call} SERVICE <http://127.0.0.1:9/> {{}} }}")
        assert refused.value.where == f"line 2, column {len(call) + 4}"
        with pytest.raises(QuerySyntaxError) as caught:
            read(engine, f"SELECT *\n{{ {call} ?s ?p }}")
        assert (caught.value.line, caught.value.column) == (2, len(call) + 11)


def test_a_nested_service_is_refused(store_path: Path) -> None:
    with listening(answers) as allowed, federated(store_path, allowed.url) as engine:
        inner = f"SERVICE <{allowed.url}> {{ ?a ?b ?c }}"
        with pytest.raises(UnavailableError, match="another SERVICE within"):
            read(engine, f"SELECT * {{ SERVICE <{allowed.url}> {{ ?s ?p ?o {inner} }} }}")
        assert allowed.requests == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behave", "says", "limit"),
    [
        (stays_silent, "did not answer within 1 s", Limit("service_time_limit_s", 1)),
        (crawls_in_its_head, "did not answer within 1 s", Limit("service_time_limit_s", 1)),
        (crawls, "did not answer within 1 s", Limit("service_time_limit_s", 1)),
        (never_ends, "more than 1 MB", Limit("service_result_mb", 1)),
        (is_huge, "more than 1 MB", Limit("service_result_mb", 1)),
        (breaks_off, "cannot be reached", None),
        (is_no_sparql, "did not answer with SPARQL results", None),
        (fails, "it answered 500", None),
        (hangs_up, "cannot be reached", None),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_hostile_endpoint_costs_no_more_than_its_limits(
    store_path: Path, behave: Callable[[socket.socket], None], says: str, limit: Limit | None
) -> None:
    time_s = 5 if limit and limit.name == "service_result_mb" else 1
    with listening(behave) as allowed, federated(store_path, allowed.url, time_s=time_s) as engine:
        started = time.monotonic()
        with pytest.raises(UnavailableError, match=says) as caught:
            read(engine, f"SELECT * {{ SERVICE <{allowed.url}> {{ ?s ?p ?o }} }}")
        assert time.monotonic() - started < time_s + 5
        assert caught.value.limit == limit
        assert "secret" not in str(caught.value)
        for address in engine._federation._addresses.values():  # type: ignore[union-attr]
            assert address[1:-1] not in str(caught.value)
        silent = read(engine, f"SELECT * {{ SERVICE SILENT <{allowed.url}> {{ ?s ?p ?o }} }}")
        assert json.loads(silent)["results"]["bindings"] == [{}]


def test_an_unreadable_answer_is_reported_as_the_endpoint_s_error(store_path: Path) -> None:
    def garbles(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"Connection: close\r\n\r\n{nonsense")

    with listening(garbles) as allowed, federated(store_path, allowed.url) as engine, pytest.raises(UnavailableError):
        read(engine, f"SELECT * {{ SERVICE <{allowed.url}> {{ ?s ?p ?o }} }}")


def test_redirects_are_not_followed(store_path: Path) -> None:
    with listening(answers) as other:

        def redirects(connection: socket.socket) -> None:
            connection.sendall(f"HTTP/1.1 307 T\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n".encode())

        with listening(redirects) as allowed, federated(store_path, allowed.url) as engine:
            with pytest.raises(UnavailableError, match="redirects"):
                read(engine, f"SELECT * {{ SERVICE <{allowed.url}> {{ ?s ?p ?o }} }}")
            assert len(allowed.requests) == 1
        assert other.requests == []


def test_a_host_is_resolved_once_per_call(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups: list[str] = []
    look_up: Any = socket.getaddrinfo

    def told(host: str, *args: Any, **kwargs: Any) -> Any:
        if host.endswith(".example"):
            lookups.append(host)
            host = "127.0.0.1" if host == "inside.example" else "169.254.169.254"
        return look_up(host, *args, **kwargs)

    with listening(answers) as allowed:
        local, inside, metadata = (
            f"http://{host}:{allowed.port}/sparql" for host in ("localhost", "inside.example", "metadata.example")
        )
        with federated(store_path, local, inside, metadata) as engine:
            monkeypatch.setattr(socket, "getaddrinfo", told)
            assert rows(engine, f"SELECT * {{ SERVICE <{local}> {{ ?s ?p ?x }} }}") == [{"x": "far"}]
            for url in (inside, metadata):
                with pytest.raises(UnavailableError, match="may not be called"):
                    read(engine, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?x }} }}")
        assert lookups == ["inside.example", "metadata.example"]
        assert len(allowed.requests) == 1
        assert f"Host: localhost:{allowed.port}".encode() in allowed.requests[0]


@pytest.mark.parametrize(
    ("address", "host", "allowed"),
    [
        ("192.0.2.1", "x.example", True),
        ("10.0.0.1", "fuseki.lan", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "localhost", True),
        ("127.0.0.1", "x.example", False),
        ("::ffff:127.0.0.1", "x.example", False),
        ("::1", "x.example", False),
        ("169.254.169.254", "169.254.169.254", False),
        ("fe80::1%eth0", "x.example", False),
        ("0.0.0.0", "x.example", False),
        ("224.0.0.1", "x.example", False),
    ],
)
def test_the_addresses_that_may_be_called(address: str, host: str, allowed: bool) -> None:
    assert permitted(address, host) is allowed


def test_the_query_s_deadline_ends_a_call(store_path: Path) -> None:
    with listening(stays_silent) as allowed, federated(store_path, allowed.url, time_s=30, query_s=1) as engine:
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError):
            read(engine, f"SELECT * {{ SERVICE <{allowed.url}> {{ ?s ?p ?o }} }}")
        assert time.monotonic() - started < 6
        assert read(engine, "ASK {}")


@pytest.mark.parametrize("path", ["/", "/guess/0", "/0"])
def test_the_proxy_refuses_unknown_paths(store_path: Path, path: str) -> None:
    with listening(answers) as allowed, federated(store_path, allowed.url) as engine:
        federation = engine._federation
        assert federation is not None
        (address,) = federation._proxy.addresses.values()
        port = int(address.split(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            connection.sendall(f"{head}Content-Length: 6\r\n\r\nASK {{}}".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 404")
        assert allowed.requests == []


OUTWARDS = [
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } FROM <URL> WHERE { ?s ?p ?o }",
    "DESCRIBE <URL>",
    "DESCRIBE <URL> FROM <URL>",
    "ASK FROM <file:///etc/passwd> { ?s ?p ?o }",
    "LOAD <URL>",
    "LOAD SILENT <URL> INTO GRAPH <http://e/g>",
    "INSERT DATA {} ; LOAD <URL>",
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE SILENT <URL> { ?s ?p ?o } } }",
]


@pytest.mark.parametrize("allows", [False, True], ids=["nothing allowed", "another allowed"])
def test_no_query_reaches_another_server(store_path: Path, allows: bool) -> None:
    with listening(answers) as outside, listening(answers) as allowed:
        federation = Federation([allowed.url], CallLimits()) if allows else None
        engine = EmbeddedEngine(store_path, Limits(workers=1), federation)
        for text in OUTWARDS:
            query = Query(text.replace("URL", outside.url))
            try:
                with engine.answer(query, Wanted()) as answer:
                    assert b"far" not in b"".join(answer.chunks)
            except QueryRefusedError:
                assert "FROM" not in text
            except QuerySyntaxError:
                assert "LOAD" in text  # an update is no query
        graphs = Query("SELECT * { ?s ?p ?o }", [outside.url], [outside.url], outside.url)
        with engine.answer(graphs, Wanted()) as answer:
            b"".join(answer.chunks)
        engine.close()
        assert outside.requests == []
        assert allowed.requests == []
        assert engine._federation is federation


def test_an_unreachable_endpoint_is_reported(store_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    with federated(store_path, url) as engine, pytest.raises(UnavailableError, match="cannot be reached"):
        read(engine, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize("text", ["http://a/x,http://b/y", "http://a/x, http://b/y", " http://a/x  http://b/y,"])
def test_endpoints_are_separated_by_commas_or_spaces(text: str) -> None:
    assert endpoints(text, "") == ["http://a/x", "http://b/y"]
