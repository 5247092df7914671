"""The endpoint on the event loop, beside the same endpoint in the application: nobody can tell which answered."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quoth.config import Settings
from quoth.engine.api.interface import Answer
from quoth.engine.embedded import EmbeddedEngine
from quoth.errors import UsageError
from quoth.http.client_address import PRESENCE
from quoth.http.forms import parameters
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.current_release import Current
from quoth.server.encoding_middleware import Finished
from quoth.server.sparql_fast_path import Direct
from quoth.server.wsgi_bridge import BEGUN, Asgi, Whole
from quoth.server.wsgi_environ import environ

from .. import loop

SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 30"
CONSTRUCT = "CONSTRUCT { ?s a ?type } WHERE { ?s a ?type } ORDER BY ?s ?type LIMIT 9"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.fixture(scope="module")
def current(release: Release) -> Iterator[Current]:
    current = Current(Settings(releases=release.path.parent, query_workers=1, query_time_limit_s=2), open_current)
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


def ask(current: Current, asked: dict[str, Any], body: bytes, *, direct: bool) -> tuple[Whole, list[Whole | None]]:
    """The response as a server gets it, and what the direct way gave."""
    gave: list[Whole | None] = []
    answer = Direct(lambda: current.site, Settings())

    async def noted(environ: dict[str, Any], body: bytes) -> Whole | None:
        gave.append(await answer(environ, body))
        return gave[-1]

    received = iter([{"type": "http.request", "body": body, "more_body": False}])
    messages: list[Any] = []

    async def receive() -> Any:
        for message in received:
            return message
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        messages.append(message)

    app = Asgi(Finished(current), 1 << 18, direct=noted if direct else None)
    loop.run(app(asked, receive, send))
    start, *rest = messages
    return Whole(start["status"], start["headers"], b"".join(m["body"] for m in rest)), gave


def directly(current: Current, asked: dict[str, Any], body: bytes = b"") -> Whole:
    """The response of the direct way, which needs a process that is ready: after a pause on a busy machine."""
    for _ in range(20):
        found, gave = ask(current, asked, body, direct=True)
        if gave[0] is not None and gave[0]._replace(query="") == found:
            return found
        assert gave == [None]
        ask(current, scope("/sparql?query=ASK{}"), b"", direct=False)
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
def test_both_ways_give_the_same_to_the_byte(current: Current, target: str, accept: str, coding: str) -> None:
    asked = scope(target, Accept=accept, Accept_Encoding=coding)
    found = directly(current, asked)
    assert found == ask(current, asked, b"", direct=False)[0]
    assert found.status == 200


@pytest.mark.parametrize(
    ("media_type", "body"),
    [(DIRECT, b"ASK{}"), (FORM, b"query=ASK{}&format=csv"), (f"{DIRECT}; charset=utf-8", "ASK{}#ü".encode())],
)
def test_posted_queries_too(current: Current, media_type: str, body: bytes) -> None:
    asked = scope("/sparql", "POST", Content_Type=media_type)
    found = directly(current, asked, body)
    assert found == ask(current, asked, body, direct=False)[0]


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
        "/sparql?format=tsv&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"),
        "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"),
        "/",
    ],
    ids=lambda target: target[:40],
)
def test_what_takes_more_is_the_applications(current: Current, target: str) -> None:
    found, gave = ask(current, scope(target), b"", direct=True)
    assert gave == [None]
    assert found == ask(current, scope(target), b"", direct=False)[0]


def test_what_was_begun_is_not_begun_again(current: Current, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = current.site.engine
    assert isinstance(engine, EmbeddedEngine)
    ask(current, scope("/sparql?query=ASK{}"), b"", direct=False)

    def again(*_: Any) -> Answer:
        raise AssertionError

    monkeypatch.setattr(EmbeddedEngine, "answer", again)
    long = "/sparql?format=tsv&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000")
    found, gave = ask(current, scope(long), b"", direct=True)
    assert gave == [None]
    assert (found.status, found.body.count(b"\n")) == (200, 2001)
    page, _ = ask(current, scope("/sparql?query=ASK{}", Accept="text/html"), b"", direct=True)
    assert page.status == 200
    assert b"<html" in page.body
    assert engine.figures()["running"] == 0


def test_who_goes_while_a_query_is_begun_frees_its_place(current: Current) -> None:
    engine = current.site.engine
    bomb = scope("/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
    ask(current, scope("/sparql?query=ASK{}"), b"", direct=False)

    async def cancelled(count: int) -> None:
        direct = Direct(lambda: current.site, Settings())
        tasks = [asyncio.create_task(direct(environ(bomb, b""), b"")) for _ in range(count)]
        await asyncio.sleep(0.2)
        assert engine.figures()["waiting"] == count - 1
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    loop.run(cancelled(4))
    assert engine.figures()["waiting"] == 0
    found, _ = ask(current, scope("/sparql?query=ASK{}"), b"", direct=True)
    assert json.loads(found.body)["boolean"] is True


@given(
    st.lists(
        st.sampled_from([b"%", b"=", b"+", b"4", b"a", b"%3D", b"%25", b"_", b" ", b"\n", b"\r", b"%0A", b"g", b"&"]),
        max_size=12,
    ).map(b"".join)
)
@example(b"query=ASK+%7B%7D&format=json")
@example(b"%aa=1")
def test_parameters_are_decoded_as_forms_are(encoded: bytes) -> None:
    expected: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict"):
            expected.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        with pytest.raises(UsageError, match="UTF-8"):
            parameters(encoded)
    else:
        assert parameters(encoded) == expected


def test_fields_of_one_name_are_one_in_the_environment() -> None:
    asked = scope("/sparql", Accept="a/b")
    asked["headers"] += [(b"accept", b"c/d"), (b"x_a", b"no"), (b"content-type", b"e/f"), (b"accept", b"g/h")]
    sent = environ(asked, b"12")
    assert (sent["HTTP_ACCEPT"], sent["CONTENT_TYPE"], sent["CONTENT_LENGTH"]) == ("a/b,c/d,g/h", "e/f", "2")
    assert "HTTP_X_A" not in sent


def test_the_names_of_the_environment_are_not_anybodys_to_send() -> None:
    sent = environ(scope("/sparql", Quoth_Begun="x", Quoth_Presence="x"), b"")
    assert BEGUN not in sent
    assert PRESENCE not in sent
