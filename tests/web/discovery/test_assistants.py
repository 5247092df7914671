"""/llms.txt, the AI Catalog and the Server Card: what they say holds, and what they link to is there."""

import dataclasses
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth import __version__
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.release.release import Release
from quoth.web.app import create_app

from ...conftest import BASE, Client

LINK = re.compile(r"^- \[([^\]\n]+)\]\(([^)\s]+)\)(?:: (.+))?$")


@pytest.fixture(scope="module")
def on(settings: Settings, engine: EmbeddedEngine, release: Release) -> FlaskClient:
    """The site of a server that serves assistants."""
    app: Flask = create_app(dataclasses.replace(settings, mcp="on"), engine, release)
    app.test_client_class = Client
    return app.test_client()


def test_llms_txt_has_the_form_of_its_specification(on: FlaskClient) -> None:
    """llmstxt.org v2: a heading, a summary, text without headings, then sections that are lists of links."""
    response = on.get("/llms.txt")
    assert response.content_type == "text/markdown; charset=utf-8"
    head, *sections = response.text.split("\n## ")
    title, summary, *_ = (line for line in head.splitlines() if line)
    assert (title[:2], summary[:2]) == ("# ", "> ")
    assert [section.partition("\n")[0] for section in sections] == ["Ask", "Questions", "Guide", "Optional"]
    for section in sections:
        lines = [line for line in section.splitlines()[1:] if line]
        assert lines
        assert all(LINK.match(line) for line in lines), lines


def test_every_link_of_llms_txt_leads_somewhere(on: FlaskClient) -> None:
    urls = re.findall(r"\]\(([^)\s]+)\)", on.get("/llms.txt").text)
    assert all(url.startswith(BASE) for url in urls)
    paths = {url.removeprefix(BASE).removesuffix("?q=") for url in urls}
    assert {"guide/assistants", "queries.json", "sparql", "mcp", "mcp/server-card", "openapi.json"} <= paths
    for path in sorted(paths - {"mcp"}):
        status = on.get(f"/{path}", query_string={"q": "ferry"} if path == "search.json" else None).status_code
        assert status == 200, path


def test_the_counts_and_questions_of_llms_txt_are_the_release_s(on: FlaskClient, release: Release) -> None:
    text = on.get("/llms.txt").text
    assert f"has {release.manifest.claims} claims from {release.manifest.articles} article" in text
    questions = on.get("/queries.json").get_json()
    assert all(f"({question['url']})" in text for question in questions)
    assert "Velm Salt" not in text, "the names of things in the corpus are no part of it"


def test_the_catalog_leads_to_the_card_and_the_card_to_the_endpoint(on: FlaskClient) -> None:
    reply = on.get("/.well-known/ai-catalog.json")
    assert reply.content_type == "application/ai-catalog+json"
    catalog = json.loads(reply.data)
    assert catalog["specVersion"] == "0.9"
    for entry in catalog["entries"]:
        assert entry["identifier"].startswith("urn:air:localhost:")
        assert {"type", "url"} <= set(entry)
    [leads] = [e["url"] for e in catalog["entries"] if e["type"] == "application/mcp-server-card+json"]
    card = on.get(leads.removeprefix(BASE.rstrip("/")))
    assert card.content_type == "application/mcp-server-card+json"
    told = json.loads(card.data)
    assert told["$schema"] == "https://static.modelcontextprotocol.io/schemas/v2/server-card.schema.json"
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", told["name"])
    assert 1 <= len(told["description"]) <= 100
    assert told["version"] == __version__
    assert told["remotes"] == [{"type": "streamable-http", "url": f"{BASE}mcp"}]


def test_where_it_is_off_nothing_leads_to_it(client: FlaskClient) -> None:
    assert client.get("/mcp/server-card").status_code == 404
    assert client.post("/mcp").status_code == 404
    assert "mcp" not in client.get("/llms.txt").text.lower()
    types = [entry["type"] for entry in json.loads(client.get("/.well-known/ai-catalog.json").data)["entries"]]
    assert types == ["text/markdown", "application/trig"]


def test_under_a_path_the_addresses_are_below_it(moved: FlaskClient) -> None:
    text = moved.get("/claims/llms.txt").text
    assert set(re.findall(r"\]\((https?://[^/]+/[^/]+/)", text)) == {"https://example.org/claims/"}
    entries = json.loads(moved.get("/claims/.well-known/ai-catalog.json").data)["entries"]
    assert {entry["identifier"] for entry in entries} == {"urn:air:example.org:llms", "urn:air:example.org:data"}


def test_the_front_page_names_it(client: FlaskClient) -> None:
    assert f'<{BASE}llms.txt>; rel="describedby"' in client.get("/").headers["Link"]
