"""The endpoint on the event loop gives the same responses as the endpoint in the application."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quoth.config import Settings
from quoth.engine.api.client import Presence
from quoth.engine.api.interface import Answer
from quoth.engine.embedded import EmbeddedEngine
from quoth.errors import UsageError
from quoth.http import message
from quoth.http.message import Request, Response, parameters
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.current_release import CurrentRelease
from quoth.server.sparql_fast_path import SparqlFastPath
from quoth.server.wsgi_bridge import ContentEncoding, WsgiBridge, environ

from .. import loop

SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 30"
CONSTRUCT = "CONSTRUCT { ?s a ?type } WHERE { ?s a ?type } ORDER BY ?s ?type LIMIT 9"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.fixture(scope="module")
def current(release: Release) -> Iterator[CurrentRelease]:
    settings = Settings(releases=release.path.parent, query_workers=1, query_time_limit_s=2)
    current = CurrentRelease(settings, open_current)
    yield current
    current.close()


def scope(target: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    path, _, query = target.partition("?")
    fields = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": fields,
        "client": ("192.0.2.1", 1),
    }


def asking(target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Request:
    return replace(message.from_scope(scope(target, method, **headers), ()), body=body)


def ask(current: CurrentRelease, request: Request, *, direct: bool) -> tuple[Response, list[Request]]:
    """The response, with its body whole, and what went on to the application."""
    went_on: list[Request] = []
    application = WsgiBridge(ContentEncoding(current))

    async def noted(request: Request) -> Response:
        went_on.append(request)
        return await application(request)

    async def answered() -> Response:
        layer = SparqlFastPath(noted, current, Settings()) if direct else noted
        response = await layer(replace(request, presence=Presence()))
        if isinstance(response.body, bytes):
            return response
        body = b"".join([chunk async for chunk in response.body])
        await response.body.aclose()
        return replace(response, body=body)

    return loop.run(answered()), went_on


def directly(current: CurrentRelease, request: Request) -> Response:
    """The response of the direct way, which needs a process that is ready: after a pause on a busy machine."""
    for _ in range(20):
        response, went_on = ask(current, request, direct=True)
        if not went_on:
            return response
        ask(current, asking("/sparql?query=ASK{}"), direct=False)
    pytest.fail("no process was ever ready")


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
@pytest.mark.parametrize(
    ("target", "accept"),
    [
        *((f"/sparql?query={quote(SELECT)}&format={name}", "*/*") for name in ("json", "xml", "csv", "tsv")),
        *((f"/sparql?query={quote(CONSTRUCT)}&format={n}", "*/*") for n in ("turtle", "trig", "jsonld", "nt", "rdf")),
        ("/sparql?query=ASK{}", "application/sparql-results+xml"),
        ("/sparql/?query=ASK{}", ""),
        ("/sparql?query=SELECT(1%2BRAND()*0%20AS%20?x){}", "text/csv"),
        ("/sparql?query=DESCRIBE%20<http://localhost:8000/id/claim/harbour/no-ties>", "text/turtle"),
    ],
)
def test_the_fast_path_answers_as_the_application_does(
    current: CurrentRelease, target: str, accept: str, coding: str
) -> None:
    request = asking(target, Accept=accept, Accept_Encoding=coding)
    response = directly(current, request)
    assert response == ask(current, request, direct=False)[0]
    assert response.status == 200


@pytest.mark.parametrize(
    ("media_type", "body"),
    [(DIRECT, b"ASK{}"), (FORM, b"query=ASK{}&format=csv"), (f"{DIRECT}; charset=utf-8", "ASK{}#ü".encode())],
)
def test_the_fast_path_answers_posted_queries_as_the_application_does(
    current: CurrentRelease, media_type: str, body: bytes
) -> None:
    request = asking("/sparql", "POST", body, Content_Type=media_type)
    response = directly(current, request)
    assert response == ask(current, request, direct=False)[0]


@pytest.mark.parametrize(
    "target",
    [
        "/sparql",
        "/sparql?query=",
        "/sparql?query=SELEC",
        "/sparql?query=ASK{}&query=ASK{}",
        "/sparql?query=ASK{}&format=nothing",
        "/sparql?query=ASK{}&format=html",
        "/sparql?query=ASK{}&format=turtle",
        "/sparql?query=CLEAR%20ALL",
        "/sparql?query=ASK{SERVICE<http://example.org/>{}}",
        "/sparql?query=ASK{}%23" + "x" * 9000,
        "/sparql?query=ASK{<http://localhost:8000/id/org/nope>%20?p%20?o}",
        "/sparql?format=tsv&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"),
        "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"),
        "/",
    ],
    ids=lambda target: target[:40],
)
def test_other_requests_go_on_to_the_application(current: CurrentRelease, target: str) -> None:
    response, went_on = ask(current, asking(target), direct=True)
    assert len(went_on) == 1
    assert response == ask(current, asking(target), direct=False)[0]


def test_the_application_finishes_a_query_begun_on_the_fast_path(
    current: CurrentRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = current.site.engine
    assert isinstance(engine, EmbeddedEngine)
    ask(current, asking("/sparql?query=ASK{}"), direct=False)

    def again(*_: Any) -> Answer:
        raise AssertionError

    monkeypatch.setattr(EmbeddedEngine, "answer", again)
    long = "/sparql?format=tsv&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000")
    response, went_on = ask(current, asking(long), direct=True)
    assert len(went_on) == 1
    assert isinstance(response.body, bytes)
    assert (response.status, response.body.count(b"\n")) == (200, 2001)
    page, _ = ask(current, asking("/sparql?query=ASK{}", Accept="text/html"), direct=True)
    assert isinstance(page.body, bytes)
    assert page.status == 200
    assert b"<html" in page.body
    assert engine.figures()["running"] == 0


def test_a_cancelled_query_frees_its_place(current: CurrentRelease) -> None:
    engine = current.site.engine
    bomb = "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    ask(current, asking("/sparql?query=ASK{}"), direct=False)

    async def cancelled(count: int) -> None:
        layer = SparqlFastPath(WsgiBridge(current), current, Settings())
        tasks = [asyncio.ensure_future(layer(asking(bomb))) for _ in range(count)]
        async with asyncio.timeout(30):
            while engine.figures()["waiting"] != count - 1:
                await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    loop.run(cancelled(4))
    assert engine.figures()["waiting"] == 0
    response, _ = ask(current, asking("/sparql?query=ASK{}"), direct=True)
    assert isinstance(response.body, bytes)
    assert json.loads(response.body)["boolean"] is True


@given(
    st.lists(
        st.sampled_from([b"%", b"=", b"+", b"4", b"a", b"%3D", b"%25", b"_", b" ", b"\n", b"\r", b"%0A", b"g", b"&"]),
        max_size=12,
    ).map(b"".join)
)
@example(b"query=ASK+%7B%7D&format=json")
@example(b"%aa=1")
def test_parameters_are_decoded_as_urllib_does(encoded: bytes) -> None:
    expected: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict"):
            expected.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        with pytest.raises(UsageError, match="UTF-8"):
            parameters(encoded)
    else:
        assert {name: list(values) for name, values in parameters(encoded).items()} == expected


def test_fields_of_one_name_are_joined_in_the_environment() -> None:
    asked = scope("/sparql", Accept="a/b")
    asked["headers"] += [(b"accept", b"c/d"), (b"x_a", b"no"), (b"content-type", b"e/f"), (b"accept", b"g/h")]
    sent = environ(replace(message.from_scope(asked, ()), body=b"12"))
    assert (sent["HTTP_ACCEPT"], sent["CONTENT_TYPE"], sent["CONTENT_LENGTH"]) == ("a/b,c/d,g/h", "e/f", "2")
    assert "HTTP_X_A" not in sent


def test_a_client_cannot_set_the_request_in_the_environment() -> None:
    asked = scope("/sparql")
    asked["headers"] += [(b"quoth.request", b"x"), (b"quoth_request", b"x"), (b"quoth-request", b"x")]
    request = message.from_scope(asked, ())
    assert environ(request)[message.KEY] is request
