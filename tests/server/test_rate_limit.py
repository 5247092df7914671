"""How often one client may ask."""

import dataclasses

import pytest
from flask.testing import FlaskClient

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.errors import UsageError
from quoth.release.release import Release
from quoth.web.app import create_app
from quoth.web.present import stored_questions

from ..conftest import Client


@pytest.fixture
def limited(settings: Settings, engine: EmbeddedEngine, release: Release) -> FlaskClient:
    strict = dataclasses.replace(settings, query_rate_limit="3/minute", trusted_proxies="127.0.0.1")
    app = create_app(strict, engine, release)
    app.test_client_class = Client
    return app.test_client()


def test_past_the_rate_a_client_is_told_to_wait(limited: FlaskClient) -> None:
    def ask(address: str) -> int:
        headers = {"X-Forwarded-For": address}
        return limited.get("/sparql", query_string={"query": "ASK {}"}, headers=headers).status_code

    assert [ask("192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
    assert ask("192.0.2.2") == 200
    refused = limited.post("/sparql", data={"query": "ASK {}"}, headers={"X-Forwarded-For": "192.0.2.1"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.content_type == "application/problem+json"
    problem = refused.get_json(force=True)
    assert problem["limit"] == {"name": "query_rate_limit", "value": "3/minute"}
    assert problem["remedy"]


def test_questions_count_as_queries(limited: FlaskClient) -> None:
    name = stored_questions.every()[0].name
    assert [limited.get(f"/queries/{name}", query_string={"format": f}).status_code for f in ("csv", "tsv")] == [
        200,
        200,
    ]
    assert limited.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
    assert limited.get(f"/queries/{name}").status_code == 429
    assert limited.get("/queries").status_code == 200


def test_pages_and_the_form_are_free(limited: FlaskClient) -> None:
    for _ in range(5):
        assert limited.get("/sparql", headers={"Accept": "text/html"}).status_code == 200
        assert limited.get("/doc/claim/harbour/no-ties").status_code == 200
    assert limited.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200


def test_without_a_limit_there_is_none(client: FlaskClient) -> None:
    for _ in range(20):
        assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200


def test_a_rate_that_is_none_is_a_mistake(settings: Settings, engine: EmbeddedEngine, release: Release) -> None:
    with pytest.raises(UsageError, match="query_rate_limit"):
        create_app(dataclasses.replace(settings, query_rate_limit="often"), engine, release)
