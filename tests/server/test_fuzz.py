"""No request brings forth a 5xx other than the documented 503, a traceback, or a hang."""

import gzip
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import brotli
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quoth.formats import RDF_FORMATS, RESULT_FORMATS
from quoth.http.content_encoding import zstd
from quoth.release.release import Release
from quoth.web.discovery import health

from ..http_talk import talk
from ..serving import Server, serving

PLAIN: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}
LIMIT_S = 1.0
"""The time limit of a query, in seconds."""

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
bounded = settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=120,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server(release: Release) -> Iterator[Server]:
    with serving(release.path.parent, access_log="off", query_time_limit_s=LIMIT_S, query_memory_mb=600) as server:
        yield server
        assert server.get("/ready")[0] == 200
        assert server.process.poll() is None


def check(status: int, headers: dict[str, str], body: bytes, seconds: float, *, shared: bool = True) -> None:
    assert seconds < LIMIT_S + 9
    assert b"Traceback (most recent call" not in body
    assert status < 500 or status == 503, body
    assert headers.get("access-control-allow-origin") == ("*" if shared else None)
    if status >= 400 and body and "json" in headers["content-type"]:
        assert json.loads(body)["status"] == status
    if status == 503:
        assert int(headers["retry-after"]) > 0


def ask(server: Server, method: str, target: str, body: bytes | None = None, headers: Any = None) -> int:
    began = time.monotonic()
    connection = http.client.HTTPConnection(server.host, server.port, timeout=LIMIT_S + 10)
    try:
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        data = response.read()
        if response.status == 400 and not data and re.search(r'["<>]', target):
            return 400  # no target of HTTP (RFC 3986 §3.4): the server below refuses it, and closes
        if method != "HEAD":
            data = PLAIN[response.getheader("Content-Encoding", "identity")](data)
        check(response.status, {k.lower(): v for k, v in response.getheaders()}, data, time.monotonic() - began)
        return response.status
    finally:
        connection.close()


VOCABULARY = """
SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND ( ) { } [ ] << >> < > = != ! ^ |
|| && + - * / . , ; ?x ?y $z _:b a <http://e/a> <rel> "s" 's' \"\"\"l\"\"\" '''l''' " ' 1 1.5 1e400 -1 @en ^^ ex:a :b
PREFIX BASE FROM NAMED DISTINCT REDUCED ORDER BY GROUP HAVING LIMIT OFFSET COUNT SUM GROUP_CONCAT SEPARATOR SERVICE
LOAD INSERT DELETE EXISTS NOT IN AS REGEX REPLACE BNODE IRI UUID NOW RAND STRDT LANG IF COALESCE \\u0053 \\ # %zz
99999999999999999999999 LATERAL UNDEF SILENT VERSION é \x00 🚢
"""
WORDS = st.sampled_from(VOCABULARY.split())
QUERIES = st.sampled_from(
    [
        "SELECT * WHERE { ?s ?p ?o } LIMIT 3",
        "ASK { GRAPH ?g { ?s ?p ?o FILTER(STRLEN(STR(?o)) > 3) } }",
        "PREFIX q: <https://w3id.org/quoth/ns#> CONSTRUCT { ?c a q:Claim } WHERE { ?c q:attribution/q:within* ?l }",
        "DESCRIBE <http://localhost:8000/id/claim/harbour/no-ties>",
        "SELECT (GROUP_CONCAT(?o; SEPARATOR=\"|\") AS ?all) { VALUES ?o { 1 2 'x'@en } } GROUP BY ?z HAVING(1=1)",
        "SELECT ?s { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } MINUS { ?s a ?n } } OFFSET 2",
    ]
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=40).map(" ".join),
    st.text(max_size=60),
    st.builds(
        lambda text, place, cut, put: text[: place % len(text)] + put + text[place % len(text) + cut :],
        QUERIES, st.integers(0, 999), st.integers(0, 9), st.lists(WORDS, max_size=3).map(" ".join),
    ),
    st.builds(
        lambda pair, n, m: "ASK { FILTER" + pair[0] * n + "1" + pair[1] * m + " }",
        st.sampled_from(["()", "{}", "[]", "!1", "-1", "<>"]), st.integers(0, 30_000), st.integers(0, 30_000),
    ),
)  # fmt: skip
MEDIA_TYPES = st.sampled_from([f.media_type for f in (*RDF_FORMATS, *RESULT_FORMATS)] + ["text/html", "*/*", "a/b"])
QUALITIES = st.sampled_from(["", ";q=0.5", ";q=0", ";q=x", ";charset=utf-8", ";q=2", ";;", ';p="a,b"'])
HEADER = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30)
ACCEPTS = st.one_of(
    st.lists(st.builds(str.__add__, MEDIA_TYPES, QUALITIES), max_size=5).map(", ".join), HEADER.map(str.strip)
)
CODINGS = st.sampled_from(["", "gzip", "br;q=0", "zstd", "*", "identity;q=0", "gzip;q=x"])
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Accept": ACCEPTS,
        "Accept-Encoding": CODINGS,
        "If-None-Match": st.sampled_from(["*", '"x"', 'W/"', "x,,"]),
        "Range": st.sampled_from(["bytes=0-9", "bytes=9-0", "x=1-2", "bytes=-99999"]),
        "X-Forwarded-For": HEADER,
        "Origin": st.sampled_from(["null", "https://example.org"]),
        "Expect": st.just("100-continue"),
    },
)
FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["query", "query", "query", "format", "output", "default-graph-uri", "named-graph-uri",
                         "update", "using-graph-uri", "", "é"]),
        st.one_of(TEXTS, MEDIA_TYPES, st.sampled_from(["json", "http://e/g", "html", ""])),
    ),
    max_size=5,
)  # fmt: skip
TYPES = st.sampled_from(
    [FORM, DIRECT, f"{FORM}; charset=iso-8859-1", f"{DIRECT}; charset=utf-16", f"{DIRECT};charset", "text/plain",
     "application/sparql-update", "multipart/form-data; boundary=x", "", "é", f"{FORM};charset=\"UTF-8\""]
)  # fmt: skip


@bounded
@given(text=TEXTS, method=st.sampled_from(["GET", "HEAD", "POST"]), headers=HEADERS)
def test_any_text_as_a_query(server: Server, text: str, method: str, headers: dict[str, str]) -> None:
    encoded = quote(text.encode("utf-8", "surrogatepass"))
    if method == "POST" or len(encoded) > 60_000:
        ask(server, "POST", "/sparql", f"query={encoded}".encode(), {**headers, "Content-Type": FORM})
    else:
        ask(server, method, f"/sparql?query={encoded}", None, headers)


@bounded
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"]),
    fields=FIELDS,
    more=FIELDS,
    media_type=TYPES,
    coding=st.sampled_from(["", "identity", "gzip", "x"]),
    headers=HEADERS,
)
def test_any_parameters(
    server: Server, method: str, fields: Any, more: Any, media_type: str, coding: str, headers: dict[str, str]
) -> None:
    headers = {**headers, "Content-Type": media_type, **({"Content-Encoding": coding} if coding else {})}
    target = "/sparql?" + urlencode(fields[:3], errors="surrogatepass")[:60_000]
    ask(server, method, target, urlencode(more, errors="surrogatepass").encode() if more else None, headers)


@bounded
@given(query=st.binary(max_size=80), body=st.binary(max_size=80), media_type=TYPES)
def test_bytes_as_parameters_and_bodies(server: Server, query: bytes, body: bytes, media_type: str) -> None:
    ask(server, "POST", f"/sparql?query={quote(query)}", body, {"Content-Type": media_type})
    ask(server, "GET", "/sparql?" + re.sub(r"[^!-~]|#", "", query.decode("latin-1")))
    ask(server, "GET", "/doc/" + quote(body) + "?" + quote(query, safe="&=%+;"))


@settings(bounded, max_examples=25)
@given(data=st.binary(min_size=1, max_size=300))
def test_bytes_as_requests(server: Server, data: bytes) -> None:
    got = talk(server, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + data + b"\r\n\r\n")
    assert all(status < 500 for status in got.statuses)
    assert got.statuses


SCHEMA = schemathesis.openapi.from_path(Path(health.__file__).parents[1] / "openapi.json")


@settings(bounded, max_examples=250)
@given(case=SCHEMA.as_strategy())
def test_any_request_to_any_route(server: Server, case: Any) -> None:
    began = time.monotonic()
    response = case.call(base_url=f"http://127.0.0.1:{server.port}", timeout=LIMIT_S + 10, allow_redirects=False)
    headers = {k.lower(): v[0] for k, v in response.headers.items()}
    shared = case.path != "/mcp"  # no page of another site reads what an assistant is told
    check(response.status_code, headers, response.content, time.monotonic() - began, shared=shared)


def spelt_out(rule: str) -> list[str]:
    """A rule of Werkzeug, once for each of the words that its ``any`` takes."""
    match = re.search(r"<any\(([^)]*)\):\w+>", rule)
    return [rule] if match is None else [rule.replace(match[0], word.strip()) for word in match[1].split(",")]


def test_the_description_names_every_route(app: Flask) -> None:
    described = json.loads(app.test_client().get("/openapi.json").data)["paths"]
    named = {(path, method) for path, operations in described.items() for method in operations}
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path), method.lower())
        for rule in app.url_map.iter_rules()
        for path in spelt_out(rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    # The specification of the reconciliation service describes the paths that its manifests name.
    elsewhere = {r for r in routes if r[0].startswith("/reconcile/") and r[0] != "/reconcile/v1"}
    assert named == routes - elsewhere - {("/favicon.ico", "get"), ("/sparql/", "get"), ("/sparql/", "post")}
