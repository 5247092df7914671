"""HTTP/1.1, byte by byte (RFC 9110, RFC 9112)."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from quoth.release.release import Release

from ..clients import need
from ..http_talk import ASK, BODY, END, HEAD, LENGTH, POST, talk
from ..serving import BOMB, ENDLESS, Server, serving

TARGETS = [b"http://example.org", b"http://example.org?x=1", b"/?x", b"/sparql?", b"/sparql#x"]
ENDLESS_TARGET = b"/sparql?format=tsv&query=" + quote(ENDLESS).encode()


@pytest.fixture(scope="module")
def server(release: Release) -> Iterator[Server]:
    with serving(release.path.parent, access_log="off", query_time_limit_s=3) as server:
        yield server


@pytest.mark.parametrize(
    ("parts", "statuses"),
    [
        ([POST + b"Expect: 100-continue\r\n" + LENGTH + b"\r\n", BODY], [100, 200]),
        (
            [
                POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nquery=\r\n",
                b"7\r\nASK%7B%\r\n",
                b"d\r\n7D&format=csv\r\n0\r\n\r\n",
            ],
            [200],
        ),
        ([POST + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n" + BODY + b"\r\n0\r\nX-Trailer: x\r\n\r\n"], [200]),
        ([POST + LENGTH + b"\r\n", BODY[:9], BODY[9:]], [200]),
        ([b"GET http://example.org" + ASK + END], [200]),
        ([b"GET HTTP://example.org:8000" + ASK + END], [200]),
        ([b"GET /sparql/" + ASK[7:] + END], [200]),
        ([b"GET " + ASK + b" HTTP/1.0\r\n\r\n"], [200]),
        ([b"GET " + ASK + END + b"GET " + ASK + END], [200, 200]),
        ([POST + LENGTH + b"\r\n" + BODY + b"GET " + ASK + END], [200, 200]),
        ([b"GET " + ASK + HEAD + b"Content-Length: 3\r\n\r\nabcGET " + ASK + END], [200, 200]),
        ([b"GE", b"T " + ASK[:9], ASK[9:] + b" HTTP/1.1\r\nHo", b"st: x\r", b"\n\r\n"], [200]),
        ([b"GET " + ASK + HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"], [200]),
    ],
    ids=[
        "expect",
        "chunks",
        "trailer",
        "pieces",
        "absolute",
        "absolute with port",
        "slash at the end",
        "HTTP/1.0",
        "pipeline",
        "pipeline after POST",
        "GET with a body",
        "torn head",
        "upgrade",
    ],
)
def test_a_query_is_answered(server: Server, parts: list[bytes], statuses: list[int]) -> None:
    for _ in range(2):  # by the application, and from the cache
        got = talk(server, *parts, responses=len(statuses))
        assert got.statuses == statuses
        assert got.body.strip().endswith(b"true")


def test_a_double_slash_is_not_found(server: Server) -> None:
    assert talk(server, b"GET /" + ASK + END).statuses == [404]


@pytest.mark.parametrize(
    "target", [b"http://example.org", b"http://example.org?x=1", b"/?x", b"/sparql?", b"/sparql#x"]
)
def test_unusual_targets_are_answered(server: Server, target: bytes) -> None:
    assert talk(server, b"GET " + target + END).statuses == [200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"HELLO\r\n\r\n", 400),
        (b"GET /doc/\xff" + END, 400),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n folded\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n1a\r\n" + BODY + b"\r\n0\r\n\r\n", 400),
        (b"GET /sparql?query=" + b"a" * 70_000 + END, 414),
        (b"GET " + ASK + HEAD + b"X: " + b"a" * 140_000 + b"\r\n\r\n", 431),
        (b"GET " + ASK + HEAD + b"Accept: a/b\r\n" * 101 + b"\r\n", 431),
        (b"GET " + ASK + HEAD + b"Accept: a/b\r\n" * 6_000 + b"\r\n", 431),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else None,
)
def test_bytes_that_are_no_request_are_refused_below_the_application(
    server: Server, request_: bytes, status: int
) -> None:
    """The server below the application answers, as there is no request yet."""
    got = talk(server, request_)
    assert got.statuses == [status]
    assert got.left in ("ended", "reset")
    assert got.headers["connection"] == "close"
    assert talk(server, b"GET " + ASK + END).statuses == [200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"CONNECT example.org:443" + END, 400),
        (b"GET sparql" + END, 400),
        (b"GET *" + END, 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET " + ASK + HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (POST + b"Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n", 413),
        (POST + b"Content-Length: 999999999\r\n\r\n", 413),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else None,
)
def test_a_malformed_request_is_refused_with_a_problem(server: Server, request_: bytes, status: int) -> None:
    got = talk(server, request_)
    assert got.statuses == [status]
    assert got.left in ("ended", "reset")
    assert got.headers["content-type"] == "application/problem+json"
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["connection"] == "close"
    problem = json.loads(got.body)
    assert problem["status"] == status
    assert problem["remedy"]
    assert talk(server, b"GET " + ASK + END).statuses == [200]


def test_the_server_as_a_whole_tells_its_options(server: Server) -> None:
    got = talk(server, b"OPTIONS *" + HEAD + b"Connection: close\r\n\r\n")
    assert got.statuses == [200]
    assert got.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("request_", [b"GET " + ASK + END, b"GET /nowhere" + END, b"GET http://b/ HTTP/1.1\r\n\r\n"])
def test_no_response_tells_which_server_reads_http(server: Server, request_: bytes) -> None:
    got = talk(server, request_)
    assert got.headers["server"] == "Quoth"
    assert b"granian" not in got.data.lower()


@pytest.mark.parametrize("method", [b"FOO", b"PURGE"])
def test_unknown_methods_are_not_allowed(server: Server, method: bytes) -> None:
    got = talk(server, method + b" /" + END)
    assert (got.statuses, json.loads(got.body)["status"]) == ([405], 405)


def test_a_body_with_length_and_chunks_ends_its_connection(server: Server) -> None:
    """The chunks count, and nothing behind them is taken for a request (RFC 9112 §6.1)."""
    body = b"1a\r\n" + BODY + b"\r\n0\r\n\r\n"
    got = talk(server, POST + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"GET " + ASK + END)
    assert (got.statuses, got.left) == ([200], "ended")


def test_a_body_slightly_over_the_limit_is_read_and_refused(server: Server) -> None:
    got = talk(server, POST + b"Content-Length: 1000000\r\n\r\n" + b"a" * 1_000_000)
    assert (got.statuses, got.left) == ([413], "open")


def test_an_endless_body_is_cut(server: Server) -> None:
    chunk = b"100000\r\n" + b"a" * (1 << 20) + b"\r\n"
    got = talk(server, POST + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 20)
    assert got.left in ("ended", "reset")
    assert 200 not in got.statuses


def test_garbage_behind_a_request_leaves_its_response_whole(server: Server) -> None:
    fresh = b"GET /sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7D%23" + str(time.time()).encode()
    got = talk(server, fresh + END + b"\x00\x01garbage\r\n\r\n", responses=2)
    assert b"problem" not in got.data
    assert got.left in ("ended", "reset")


def test_a_stream_past_its_deadline_breaks_the_connection(server: Server) -> None:
    got = talk(server, b"GET " + ENDLESS_TARGET + END)
    assert got.statuses == [200]
    assert len(got.data) > 1 << 20
    assert not got.data.endswith(b"0\r\n\r\n")


@pytest.mark.slow
def test_curl_reports_a_broken_stream(server: Server) -> None:
    need("curl")
    url = f"http://{server.host}:{server.port}{ENDLESS_TARGET.decode()}"
    assert subprocess.run(["curl", "-s", "-f", "-o", "/dev/null", url], check=False).returncode == 18


def test_http_1_0_gets_no_endless_stream(server: Server) -> None:
    """HTTP/1.0 has no chunks: what breaks off would pass for a whole response."""
    got = talk(server, b"GET " + ENDLESS_TARGET + b" HTTP/1.0\r\n\r\n")
    assert got.statuses in ([426], [503])  # it may have run out of time before
    assert json.loads(got.body)["status"] == got.statuses[0]
    assert got.left == "ended"


def test_http_1_0_gets_a_long_result_whole(server: Server) -> None:
    target = b"/sparql?format=csv&query=SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7DLIMIT%2030000"
    got = talk(server, b"GET " + target + b" HTTP/1.0\r\n\r\n")
    assert got.left == "ended"
    assert "transfer-encoding" not in got.headers
    assert int(got.headers["content-length"]) == len(got.data.partition(b"\r\n\r\n")[2])
    assert got.data.partition(b"\r\n\r\n")[2].count(b"\r\n") == 30_001
    assert talk(server, b"HEAD " + target + b" HTTP/1.0\r\n\r\n").left == "ended"


def query(text: str, more: bytes = b"") -> bytes:
    return b"GET /sparql?format=csv&query=" + quote(text).encode() + HEAD + more + b"\r\n"


def number(n: int) -> str:
    return f"SELECT ({n} AS ?n) {{}}#{time.time_ns()}"


def test_requests_sent_during_a_query_are_answered_after_it(server: Server) -> None:
    got = talk(
        server, query(number(1)), query(number(2)) + query(number(3)), query(number(4))[:30], responses=3, torn=True
    )
    assert got.statuses == [200] * 3
    assert re.findall(rb"n\r\n(\d)\r\n", got.data) == [b"1", b"2", b"3"]
    slow = query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?n > 1) }")
    rest = query(number(6))
    got = talk(server, query(BOMB), rest[:40], rest[40:], slow[:20], responses=2, torn=True)
    assert got.statuses == [503, 200]


def test_connection_close_closes_the_connection(server: Server) -> None:
    close = b"Connection: close\r\n"
    for text, status in ((number(1), 200), ("SELECT wrong", 400), (BOMB, 503)):
        started = time.monotonic()
        got = talk(server, query(text, close))
        assert (got.statuses, got.left) == ([status], "ended")
        assert time.monotonic() - started < 15


def test_the_response_does_not_depend_on_segments(server: Server) -> None:
    text = number(7)
    for more in (b"", b"Accept: text/csv\r\n", b"Accept-Encoding: gzip\r\n", b'If-None-Match: "x"\r\n'):
        asked = query(text, more)
        answers = [talk(server, *parts) for parts in ([asked], [asked], [asked], [asked[:50], asked[50:]])]
        assert len({re.sub(rb"(?i)date: [^\r]*", b"", got.data) for got in answers}) == 1
    tag = answers[0].headers["etag"].encode()
    for _ in range(3):
        got = talk(server, query(text, b"If-None-Match: " + tag + b"\r\n"))
        assert (got.statuses, got.body) == ([304], b"")
    assert talk(server, *[query(text) for _ in range(3)], responses=3).statuses == [200] * 3


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        (b"application/sparql-query", b"ASK {}", 200),
        (b"application/sparql-query", b"SELECT * { ?s ?p ?o } LIMIT 600", 200),
        (b"application/sparql-query", b"ASK {}" + b"#" * 20_000, 200),
        (b"application/x-www-form-urlencoded", b"query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+600", 200),
        (b"application/x-www-form-urlencoded", b"update=CLEAR+ALL", 403),
        (b"application/sparql-query", b"SELECT wrong", 400),
        (b"application/sparql-query", b"#" * 400_000, 413),
    ],
    ids=["short", "long result", "long query", "form", "update", "wrong", "too long"],
)
def test_a_chunked_body_gets_the_response_of_a_whole_one(
    server: Server, media_type: bytes, body: bytes, status: int
) -> None:
    head = b"POST /sparql" + HEAD + b"Content-Type: " + media_type + b"\r\nAccept: */*\r\n"
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))
    got = talk(server, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    whole = talk(server, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert got.statuses == whole.statuses == [status]
    assert got.body == whole.body
