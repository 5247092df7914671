"""Resources, their templates and pages, and the prompts, in both eras of the protocol."""

import json
from typing import Any

import pytest
from flask import Flask
from mcp.shared.exceptions import MCPError

from .asking import Assistant


@pytest.fixture(scope="module", params=["auto", "legacy"])
def assistant(app: Flask, request: pytest.FixtureRequest) -> Assistant:
    return Assistant(app.extensions["quoth"], request.param)


def test_questions_articles_and_claims_are_listed_in_pages(assistant: Assistant, app: Flask) -> None:
    async def conversation(client: Any) -> list[str]:
        uris, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            uris += [resource.uri for resource in page.resources]
            cursor = page.next_cursor
            if not cursor:
                return uris

    uris = assistant.talk(conversation)
    assert len(uris) == len(set(uris))
    begun = [uri.split("/")[2:4] for uri in uris]
    kinds = {
        kind: sum(1 for start in begun if start[0] == kind or start == ["doc", kind])
        for kind in ("queries", "article", "claim")
    }
    manifest = app.extensions["quoth"].release.manifest
    assert (kinds["article"], kinds["claim"]) == (manifest.articles, manifest.claims)
    assert kinds["queries"] == len(uris) - kinds["article"] - kinds["claim"] > 40


@pytest.mark.parametrize(
    ("uri", "member", "value"),
    [
        ("quoth://doc/claim/harbour/ferry-late", "chain", "The harbour office said, as the article reports."),
        ("quoth://doc/article/harbour", "label", "The late ferry of Port Velm (fiction)"),
        ("quoth://doc/org/harbour-office", "counts", {"says": 3, "about": 1}),
        ("quoth://queries/who-is-credited-most", "name", "who-is-credited-most"),
    ],
)
def test_a_resource_is_json(assistant: Assistant, uri: str, member: str, value: object) -> None:
    [content] = assistant.talk(lambda client: client.read_resource(uri)).contents
    told = json.loads(content.text)  # type: ignore[union-attr]
    assert content.mime_type == "application/json"
    assert (told["status"], told["release"]) == ("found", 1)
    assert told[member] == value if member != "counts" else told[member]["says"] == 3


@pytest.mark.parametrize(
    "uri",
    [
        *("file:///etc/passwd", "http://localhost:8000/doc/claim/harbour/ferry-late", "quoth://doc/claim/never"),
        *(
            "quoth://queries/never",
            "quoth://doc/../../etc/passwd",
            "quoth://",
            "quoth://doc/",
            "quoth://queries/../doc",
        ),
    ],
)
def test_no_other_uri_is_read(assistant: Assistant, uri: str) -> None:
    with pytest.raises(MCPError):
        assistant.talk(lambda client: client.read_resource(uri))


def test_a_wrong_cursor_is_an_error_of_the_protocol(assistant: Assistant) -> None:
    with pytest.raises(MCPError, match="cursor"):
        assistant.talk(lambda client: client.list_resources(cursor="50-0000000000000000"))


def test_templates_lead_to_resources(assistant: Assistant) -> None:
    templates = assistant.talk(lambda client: client.list_resource_templates()).resource_templates
    assert [t.uri_template for t in templates] == [
        "quoth://doc/claim/{+name}",
        "quoth://doc/article/{+name}",
        "quoth://doc/{+name}",
        "quoth://queries/{name}",
    ]


def test_prompts_have_their_argument(assistant: Assistant) -> None:
    listed = assistant.talk(lambda client: client.list_prompts()).prompts
    assert [(p.name, [a.name for a in p.arguments or ()]) for p in listed] == [
        ("check_text", ["text"]),
        ("who_says_so", ["statement"]),
    ]
    got = assistant.talk(lambda client: client.get_prompt("who_says_so", {"statement": "the ferry was late"}))
    assert '<statement>\n"the ferry was late"\n</statement>' in got.messages[0].content.text  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "arguments"), [("nothing", {}), ("check_text", {}), ("check_text", {"text": " "})])
def test_a_wrong_prompt_is_an_error_of_the_protocol(assistant: Assistant, name: str, arguments: dict[str, str]) -> None:
    with pytest.raises(MCPError):
        assistant.talk(lambda client: client.get_prompt(name, arguments))


def test_an_unknown_tool_is_an_error_of_the_protocol(assistant: Assistant) -> None:
    with pytest.raises(MCPError, match="no such tool"):
        assistant.talk(lambda client: client.call_tool("drop_table", {}))
