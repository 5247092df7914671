"""Checks of the head, body and trailer of a request, byte by byte (RFC 9110, RFC 9112)."""

import json
import socket
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from quoth.errors import QueryTimeoutError, QuothError
from quoth.http.message import Request, Response
from quoth.server.http1 import Http10Length

from .. import loop
from ..http_talk import ASK, BODY, END, FORM, HEAD, LENGTH, POST, talk
from ..serving import Server, children, cpu_s

CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNK = b"1a\r\n" + BODY + b"\r\n"
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAA\r\n"
GET = b"GET " + ASK + HEAD
INNER = b"GET /health" + END


@pytest.mark.parametrize(
    ("parts", "statuses"),
    [
        ([POST + H2C + LENGTH + b"\r\n" + BODY], [200]),
        ([POST + H2C + LENGTH + b"\r\n", BODY], [200]),
        ([POST + H2C[:40], H2C[40:] + LENGTH, b"\r\n" + BODY[:9], BODY[9:]], [200]),
        ([POST + H2C + CHUNKED + b"\r\n" + CHUNK + b"0\r\n\r\n"], [200]),
        ([POST + H2C + CHUNKED, b"\r\n" + CHUNK[:20], CHUNK[20:], b"0\r\nX: y\r\n\r\n"], [200]),
        ([POST + H2C + CHUNKED + b"\r\n" + CHUNK + b"0\r\n" + H2C + b"\r\n" + GET + b"\r\n"], [200, 200]),
        ([POST + b"Connection: Upgrade\r\nUpgrade: a\r\nUpgrade: b\r\n" + LENGTH + b"\r\n" + BODY], [200]),
        ([POST + H2C + b"Expect: 100-continue\r\n" + LENGTH + b"\r\n", BODY], [100, 200]),
        ([GET + H2C + b"\r\n" + GET + b"\r\n"], [200, 200]),
        ([(GET + H2C + b"\r\n") * 5 + GET + b"\r\n"], [200] * 6),
        ([GET + b"\r\n" + POST + H2C + LENGTH + b"\r\n" + BODY + GET + H2C + b"\r\n"], [200] * 3),
        ([GET + H2C + b"\r\n", POST + LENGTH + b"\r\n" + BODY], [200, 200]),
        ([b"POST /sparql HTTP/1.0\r\n" + FORM + H2C + LENGTH + b"\r\n" + BODY], [200]),
    ],
    ids=[
        "one segment",
        "body in another",
        "torn head",
        "chunks",
        "torn chunks",
        "trailer",
        "two offers",
        "expect",
        "GET before GET",
        "many",
        "between others",
        "POST after GET",
        "HTTP/1.0",
    ],
)  # fmt: skip
def test_an_upgrade_is_ignored(server: Server, parts: list[bytes], statuses: list[int]) -> None:
    for _ in range(2):  # by the application, and from the cache
        got = talk(server, *parts, responses=len(statuses))
        assert got.statuses == statuses
        assert got.body.strip().endswith(b"true")


@pytest.mark.parametrize("parts", [1, 2])
def test_a_body_behind_an_upgrade_is_not_taken_for_a_request(server: Server, parts: int) -> None:
    head = POST + H2C + b"Content-Length: %d\r\n\r\n" % len(INNER)
    got = talk(server, *([head + INNER] if parts == 1 else [head, INNER]))
    assert got.statuses == [400]
    assert b"alive" not in got.data


def test_an_upgrade_does_not_keep_a_connection_open(server: Server) -> None:
    close = b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n"
    got = talk(server, POST + close + LENGTH + b"\r\n" + BODY + GET + b"\r\n")
    assert (got.statuses, got.left) == ([200], "ended")


def test_an_upgrade_is_ignored_byte_by_byte(server: Server) -> None:
    with socket.create_connection((server.host, server.port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in POST + H2C + LENGTH + b"\r\n" + BODY:
            connection.sendall(bytes([byte]))
            time.sleep(0.001)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n" + H2C + b"\r\n", 400),
        (b"CONNECT example.org:443" + HEAD + H2C + b"\r\n", 400),
        (b"CONNECT example.org:443" + HEAD + b"Content-Length: %d\r\n\r\n" % len(INNER) + INNER, 400),
        (GET + H2C + b"Accept: a/b" + b"c" * 70_000 + b"\r\n\r\n", 431),
        (b"GET /health HTTP/1.1\r\n" + (b"X-A: " + b"y" * 800 + b"\r\n") * 90 + b"Host: x\r\n" + H2C + b"\r\n", 431),
        (POST + H2C + b"Content-Length: 999999999\r\n\r\n", 413),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNK + b"0\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: gzip\r\n" + CHUNKED + b"\r\n" + CHUNK + b"0\r\n\r\n", 501),
        (POST + CHUNKED + b"\r\n" + CHUNK + b"0\r\n" + b"X-A: y\r\n" * 9_000, 400),
    ],
    ids=lambda value: repr(value[-40:]) if isinstance(value, bytes) else None,
)
def test_refused_heads(server: Server, request_: bytes, status: int) -> None:
    got = talk(server, request_)
    assert got.statuses == [status]
    assert got.left in ("ended", "reset")
    assert json.loads(got.body)["status"] == status


@pytest.mark.parametrize("coding", [b"Chunked", b", chunked", b"chunked "])
def test_the_chunked_coding_is_read_in_any_spelling(server: Server, coding: bytes) -> None:
    got = talk(server, POST + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + CHUNK + b"0\r\n\r\n")
    assert got.statuses == [200]


@pytest.mark.parametrize(
    "host",
    [b"a b/c", b"a@b:99999", b"a/b", b"a?b", b"a:b", b"a:1:2", b"[::1", b"::1", b"[]", b"%zz", b"h\xc3\xb6", b""],
)
def test_a_malformed_host_is_refused(server: Server, host: bytes) -> None:
    got = talk(server, b"GET /health HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert (got.statuses, got.left) == ([400], "ended")
    assert "Host" in json.loads(got.body)["detail"]


@pytest.mark.parametrize(
    "host", [b"x ", b"example.org:8000", b"example.org:", b"[::1]:80", b"127.0.0.1", b"a_b", b"xn--h-fga", b"%C3"]
)
def test_a_host_is_a_name_or_an_address(server: Server, host: bytes) -> None:
    assert talk(server, b"GET /health HTTP/1.1\r\nHost: " + host + b"\r\n\r\n").statuses == [200]


def test_http_1_0_gets_no_100_continue(server: Server) -> None:
    head = b"POST /sparql HTTP/1.0\r\n" + FORM + LENGTH + b"Expect: 100-continue\r\n\r\n"
    assert talk(server, head, BODY).statuses == [200]


def test_trailers_are_not_header_fields(server: Server, log: Path) -> None:
    query = b"ASK{}#%d" % time.time_ns()
    trailers = b"X-Forwarded-For: 192.0.2.77\r\nAccept: text/csv\r\n"
    direct = b"POST /sparql" + HEAD + b"Content-Type: application/sparql-query\r\n" + CHUNKED + b"\r\n"
    chunks = b"%x\r\n%b\r\n0\r\n" % (len(query), query)
    got = talk(server, direct + chunks + trailers + b"\r\n")
    assert got.statuses == [200]
    assert "json" in got.headers["content-type"]
    assert "192.0.2.77" not in log.read_text()
    untyped = b"POST /sparql" + HEAD + CHUNKED + b"\r\n"
    got = talk(server, untyped + chunks + b"Content-Type: application/sparql-query\r\n\r\n" + INNER, responses=2)
    assert got.statuses == [415, 200]


@pytest.mark.parametrize("many", [90, 8_000, 100_000])
def test_long_trailers_do_not_block_the_server(server: Server, many: int) -> None:
    (pid,) = children(server.process.pid)
    began = cpu_s(pid)
    with socket.create_connection((server.host, server.port), 10) as connection:
        connection.sendall(POST + CHUNKED + b"\r\n" + CHUNK + b"0\r\n")
        try:
            for _ in range(max(1, many // 1000)):
                connection.sendall(b"X-A: y\r\n" * min(many, 1000))
            connection.sendall(b"\r\n")
            answer = connection.recv(1 << 16)
        except ConnectionError:
            answer = b""
    assert answer.startswith(b"HTTP/1.1 200 OK") == (many == 90)
    assert server.get("/health")[0] == 200
    assert cpu_s(pid) - began < 1


@pytest.mark.parametrize("begun", [b"0\r\nX: ", b"1;x="], ids=["trailer", "chunk extension"])
def test_endless_trailers_and_chunk_extensions_are_cut(server: Server, begun: bytes) -> None:
    got = talk(server, POST + CHUNKED + b"\r\n" + CHUNK + begun, *[b"y" * (1 << 19)] * 6)
    assert got.left in ("ended", "reset")
    assert 200 not in got.statuses


def test_repeated_fields_do_not_block_the_server(server: Server) -> None:
    (pid,) = children(server.process.pid)
    for field in (b"X-A:", b"Accept: a/b", b"X-Forwarded-For: ::1"):
        for many, statuses in ((90, ([200], [406])), (9_000, ([431],))):
            fields = (field + b"\r\n") * many
            began = cpu_s(pid)
            assert talk(server, POST + fields + LENGTH + b"\r\n" + BODY).statuses in statuses
            assert cpu_s(pid) - began < 1


def test_a_content_length_in_a_trailer_is_ignored(server: Server) -> None:
    trailer = b"0\r\nContent-Length: 3\r\n\r\n"
    assert talk(server, POST + CHUNKED + b"\r\n" + CHUNK + trailer + GET + b"\r\n", responses=2).statuses == [200, 200]


async def _chunks(error: QuothError | None) -> AsyncGenerator[bytes]:
    yield b"half of "
    if error is not None:
        raise error
    yield b"a response"


@pytest.mark.parametrize(
    ("version", "length", "expected"),
    [("1.0", None, b"18"), ("1.0", b"18", b"18"), ("1.1", b"18", b"18"), ("1.1", None, b"")],
    ids=["none", "its own", "its own in HTTP/1.1", "none in HTTP/1.1"],
)
def test_a_stream_has_one_length_in_http_1_0(version: str, length: bytes | None, expected: bytes) -> None:
    async def streaming(request: Request) -> Response:
        return Response(200, [(b"content-length", length)] if length else [], _chunks(None))

    async def received() -> tuple[list[bytes], bytes]:
        response = await Http10Length(streaming, streaming)(Request("GET", "/", b"/", b"", {}, version=version))
        assert not isinstance(response.body, bytes)
        body = b"".join([chunk async for chunk in response.body])
        await response.body.aclose()
        return [value for name, value in response.fields if name == b"content-length"], body

    assert loop.run(received()) == ([expected] if expected else [], b"half of a response")


def test_a_stream_that_breaks_off_is_an_error_in_http_1_0() -> None:
    async def streaming(request: Request) -> Response:
        return Response(200, [], _chunks(QueryTimeoutError("it took too long")))

    async def application(request: Request) -> Response:
        assert request.error is not None
        return Response(request.error.status, [], b"the error")

    async def answered() -> Response:
        return await Http10Length(streaming, application)(Request("GET", "/", b"/", b"", {}, version="1.0"))

    response = loop.run(answered())
    assert (response.status, response.body) == (503, b"the error")


@pytest.mark.parametrize("line", [b"GET / HTTP/2.0", b"GET / HTTP/0.9", b"GET / HTTP/1.2", b"PRI * HTTP/2.0", b"GET /"])
def test_another_version_of_http_is_refused(server: Server, line: bytes) -> None:
    got = talk(server, line + b"\r\nHost: x\r\n\r\n")
    assert got.statuses == [400]
    assert got.left in ("ended", "reset")


@pytest.mark.parametrize("target", [b"/health#part", b"ftp://example.org/health", b"http://example.org/health"])
def test_what_the_server_below_drops_names_nothing_else(server: Server, target: bytes) -> None:
    """The server below parses the target, and hands on neither its scheme and authority nor its fragment: no layer of
    ours can see them. RFC 9112 §3.2 lets a server refuse them; what is answered depends on the path alone."""
    plain, other = (talk(server, b"GET " + t + HEAD + b"Connection: close\r\n\r\n") for t in (b"/health", target))
    assert (other.statuses, other.body) == (plain.statuses, plain.body) == ([200], plain.body)


@pytest.mark.parametrize("target", [b"health", b"*", b"ftp:/health", b"ftp:health"])
def test_a_target_without_a_path_is_refused(server: Server, target: bytes) -> None:
    assert talk(server, b"GET " + target + HEAD + b"Connection: close\r\n\r\n").statuses == [400]
