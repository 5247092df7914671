"""The limit on the rate of one client's queries."""

import itertools
import json
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from quoth.config import Settings
from quoth.engine.api.interface import Query, Wanted
from quoth.http.message import Request, Response
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.current_release import CurrentRelease
from quoth.server.rate_limit import RateLimit
from quoth.server.sparql_fast_path import SparqlFastPath
from quoth.sparql import named_queries

from .. import loop
from ..serving import Server, serving

QUESTIONS = named_queries.load(named_queries.QUESTIONS)

ADDRESSES = (f"192.0.2.{n}" for n in itertools.count(1))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def limited(release: Release) -> Iterator[Server]:
    with serving(release.path.parent, query_rate_limit="3/minute", trusted_proxies="127.0.0.1") as server:
        yield server


class Client(NamedTuple):
    """One of many clients of a server."""

    server: Server
    address: str

    def ask(self, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> int:
        return self.response(target, method, body, **headers)[0]

    def response(
        self, target: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        fields = {"X-Forwarded-For": self.address, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.server.request(method, target, fields, body)


@pytest.fixture
def client(limited: Server) -> Client:
    return Client(limited, next(ADDRESSES))


def query(text: str) -> str:
    return "/sparql?" + urlencode({"query": text})


def test_a_client_past_the_rate_gets_429(client: Client) -> None:
    assert [client.ask(query(f"ASK {{}} # {n} {client.address}")) for n in range(4)] == [200, 200, 200, 429]
    assert Client(client.server, next(ADDRESSES)).ask(query("ASK {}")) == 200
    status, headers, body = client.response("/sparql", "POST", b"query=ASK+%7B%7D", **FORM)
    assert status == 429
    assert 1 <= int(headers["retry-after"]) <= 61
    assert headers["content-type"] == "application/problem+json"
    assert headers["cache-control"] == "no-store"
    problem = json.loads(body)
    assert problem["limit"] == {"name": "query_rate_limit", "value": "3/minute"}
    assert problem["remedy"]
    status, headers, body = client.response(query("ASK {}"), Accept="text/html")
    assert (status, headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert b"Too many requests" in body
    assert client.ask(query("ASK {}"), "HEAD") == 429


def test_named_questions_count_as_queries(client: Client) -> None:
    name = QUESTIONS[0].name
    assert [client.ask(f"/queries/{name}?format={format}") for format in ("csv", "tsv")] == [200, 200]
    assert client.ask(query("ASK {}")) == 200
    assert client.ask(f"/queries/{name}") == 429
    assert client.ask("/queries") == 200


def test_pages_and_the_query_form_do_not_count(client: Client) -> None:
    for _ in range(5):
        assert client.ask("/sparql", Accept="text/html") == 200
        assert client.ask("/doc/claim/harbour/no-ties") == 200
        assert client.ask("/sparql", "OPTIONS") == 200
    assert client.ask(query("ASK {}")) == 200


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/match", "/reconcile/v1/extend"])
def test_reconciliation_batches_count(client: Client, path: str) -> None:
    assert [client.ask(path, "POST", b"") for _ in range(4)] == [415, 415, 415, 429]
    assert client.ask("/reconcile") == 200
    assert client.ask("/reconcile/suggest/entity?prefix=x") == 200


def test_without_the_setting_nothing_is_limited(server: Server) -> None:
    assert {Client(server, "").ask(query("ASK {}")) for _ in range(20)} == {200}


def test_short_queries_keep_the_fast_path_under_a_limit(release: Release) -> None:
    settings = Settings(releases=release.path.parent, query_workers=1, query_rate_limit="1000/minute")
    current = CurrentRelease(settings, open_current)
    went_on: list[Request] = []

    async def application(request: Request) -> Response:
        went_on.append(request)
        return Response(500, ())

    layers = RateLimit(SparqlFastPath(application, current, settings), application, settings)
    request = Request("GET", "/sparql", b"/sparql", b"query=ASK%7B%7D", {b"accept": b"text/csv"})

    async def asked() -> int:
        return (await layers(request)).status

    try:
        for _ in range(20):
            # A process has to be ready.
            with current.site.engine.answer(Query("ASK {}"), Wanted()) as answer:
                assert b"".join(answer.chunks)
            if loop.run(asked()) == 200:
                break
        else:
            pytest.fail("no short query was answered before the application")
        assert all(request.error is None for request in went_on)
    finally:
        current.close()
