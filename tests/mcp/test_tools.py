"""Each tool over the fictional corpus: the right answers, their statuses, their pages."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask

from quoth.mcp import claim_records, claim_tools, tools
from quoth.mcp.statuses import MEANINGS, Status
from quoth.verify.verify import MAX_CHARACTERS
from quoth.web.guide import chapters
from quoth.web.present import claim_lookup

from ..conftest import BASE
from ..serving import BOMB
from .asking import Assistant

LATE = f"{BASE}id/claim/harbour/ferry-late"
MEMBERS = ("sentence", "chain", "quotations", "certainty", "ambiguous", "citation")
CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("search_claims", {"query": "ferry late"}, "found"),
    ("search_claims", {"source": "Mara Lind"}, "found"),
    ("search_claims", {"query": "zeppelin"}, "nothing-found"),
    ("search_claims", {"source": "Napoleon"}, "outside-corpus"),
    ("search_claims", {"certainty": "sure"}, "invalid"),
    ("search_claims", {"query": "?!"}, "invalid"),
    ("get_claim", {"claim": "claim/harbour/ferry-late"}, "found"),
    ("get_claim", {"claim": LATE}, "found"),
    ("get_claim", {"claim": f"{BASE}doc/claim/harbour/ferry-late"}, "found"),
    ("get_claim", {"claim": "quoth://doc/claim/harbour/ferry-late"}, "found"),
    ("get_claim", {"claim": "claim/harbour/never"}, "nothing-found"),
    ("get_claim", {"claim": "https://example.org/id/claim/harbour/ferry-late"}, "outside-corpus"),
    ("get_claim", {"claim": "/etc/passwd"}, "nothing-found"),
    ("who_says", {"statement": "the ferry was late"}, "found"),
    ("who_says", {"statement": "zeppelin"}, "nothing-found"),
    ("what_does_X_say", {"source": "Mara Lind"}, "found"),
    ("what_does_X_say", {"source": "the harbour office", "role": "relays"}, "nothing-found"),
    ("what_does_X_say", {"source": "https://www.wikidata.org/entity/Q42"}, "outside-corpus"),
    ("compare", {"subject": "Velm Salt"}, "found"),
    ("compare", {"subject": "the moon"}, "outside-corpus"),
    ("verify_quotation", {"quotation": "the ferry was late"}, "found"),
    ("verify_quotation", {"quotation": "the moon is made of cheese"}, "nothing-found"),
    ("verify_quotation", {"quotation": "the ferry", "language": "!"}, "invalid"),
    ("verify_text", {"text": "The office said: “The ferry was late”."}, "found"),
    ("verify_text", {"text": "Nothing here."}, "nothing-found"),
    ("list_questions", {}, "found"),
    ("list_questions", {"about": "zeppelin"}, "nothing-found"),
    ("ask_question", {"question": "who-is-credited-most"}, "found"),
    ("ask_question", {"question": "nothing"}, "invalid"),
    ("ask_question", {"question": "what-is-claimed-about", "values": {"entity": "Napoleon"}}, "outside-corpus"),
    ("ask_question", {"question": "what-is-claimed-about", "values": {"zz": "1"}}, "invalid"),
    ("describe_model", {}, "found"),
    ("describe_model", {"part": "certainty"}, "found"),
    ("describe_model", {"part": "nothing"}, "invalid"),
    ("sparql", {"query": "ASK { ?s ?p ?o }"}, "found"),
    ("sparql", {"query": "SELECT * { ?s <http://example.org/none> ?o }"}, "nothing-found"),
    ("sparql", {"query": "SELEC"}, "invalid"),
    ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "refused"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "refused"),
]


@pytest.mark.parametrize(("tool", "arguments", "status"), CALLS)
def test_an_answer_has_its_status_and_keeps_to_its_schema(
    assistant: Assistant, tool: str, arguments: dict[str, Any], status: str
) -> None:
    result = assistant.call(tool, **arguments)
    answer = result.structured_content
    assert (answer["status"], answer["release"]) == (status, 1), answer
    assert result.is_error == (status in ("invalid", "refused"))
    jsonschema.validate(answer, tools.schema(tools.TOOLS[tool].answer))
    said, opened, fenced, closed = result.content[0].text.split("\n")  # type: ignore[union-attr]
    assert said == f"{status}: {MEANINGS[Status(status)]}."
    assert (opened, json.loads(fenced), closed) == ("<corpus-data>", answer, "</corpus-data>")


def test_every_tool_is_called_above_and_is_in_the_guide() -> None:
    assert {tool for tool, _, _ in CALLS} == set(tools.TOOLS)
    page = (Path(chapters.__file__).parent / "assistants.md").read_text("utf-8")
    listed = page.partition("## Tools")[2].partition("\n\nAll are")[0]
    assert {
        name
        for row in listed.splitlines()
        for name in re.findall(r"`(\w+)`", row.split("|")[1:2][0] if "|" in row else "")
    } == set(tools.TOOLS)
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page.partition("## Statuses")[2], re.MULTILINE))
    assert told == {status.value: meaning for status, meaning in MEANINGS.items()}


def test_tools_are_marked_as_reading_only(assistant: Assistant) -> None:
    listed = assistant.talk(lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == list(tools.TOOLS)
    for tool in listed:
        marks = tool.annotations
        assert marks is not None
        assert (marks.read_only_hint, marks.destructive_hint, marks.open_world_hint) == (True, False, False)
        assert tool.output_schema is not None
        assert "data" in (tool.description or "")
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)


def test_sparql_reaches_the_network_where_service_may(app: Flask) -> None:
    site = app.extensions["quoth"]
    reaching = dataclasses.replace(site, settings=dataclasses.replace(site.settings, service_endpoints="http://e/"))
    assert [tool.name for tool in tools.listed(reaching) if tool.annotations and tool.annotations.open_world_hint] == [
        "sparql"
    ]


def test_a_claim_has_the_chain_the_words_the_certainty_and_the_citation(assistant: Assistant) -> None:
    claim = assistant.ask("get_claim", claim=LATE)["claim"]
    assert claim["chain"] == "The harbour office said, as the article reports."
    assert claim["quotations"] == [{"exact": "the ferry was late", "start": 14, "end": 32}]
    assert (claim["certainty"], claim["polarity"], claim["ambiguous"]) == ("certain", "positive", [])
    assert [level["act"] for level in claim["levels"]] == ["said", "reported"]
    assert claim["levels"][0]["cue"] == "the harbour office said"
    assert claim["citation"].endswith(f"{BASE}releases/1/doc/claim/harbour/ferry-late")
    assert claim["bibtex"].startswith("@misc{quoth-harbour-ferry-late-r1,")


def test_what_the_text_leaves_open_is_said(assistant: Assistant) -> None:
    found = assistant.ask("ask_question", question="ambiguous-attributions", limit=25)["claims"]
    assert found
    assert all("the text does not make clear who" in " ".join(claim["ambiguous"]) for claim in found)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_claims", {"query": "ferry"}),
        ("who_says", {"statement": "the ferry was late"}),
        ("what_does_X_say", {"source": "Mara Lind"}),
        ("compare", {"subject": "Velm Salt"}),
        ("verify_text", {"text": "The office said: “the ferry was late”.", "everything": True}),
        ("sparql", {"query": "SELECT ?claim { ?claim a <https://w3id.org/quoth/ns#Claim> }"}),
    ],
)
def test_every_claim_in_an_answer_can_be_cited(assistant: Assistant, tool: str, arguments: dict[str, Any]) -> None:
    result = assistant.call(tool, **arguments)
    answer = result.structured_content
    claims = [*answer.get("claims", ()), *(claim for voice in answer.get("voices", ()) for claim in voice["claims"])]
    assert claims
    assert all(set(MEMBERS) <= set(claim) for claim in claims)
    linked = [block.uri for block in result.content[1:]]  # type: ignore[union-attr]
    assert linked == [claim["resource"] for claim in claims]


def test_long_words_are_cut_in_lists_and_told_in_full_alone(app: Flask) -> None:
    site = app.extensions["quoth"]
    [claim] = claim_lookup.claims(site, [LATE])
    long = dataclasses.replace(claim, quotes=[dataclasses.replace(claim.quotes[0], exact="far too long " * 100)])
    cut = claim_records._members(site, long)
    [quotation] = cut["quotations"]
    assert (quotation.cut, quotation.start, quotation.end) == (True, 14, 32)
    assert ("far too long " * 100).startswith(quotation.exact)
    assert 480 < len(quotation.exact) <= 500
    assert len(cut["citation"]) < 900
    assert cut["citation"].endswith(f"{BASE}releases/1/doc/claim/harbour/ferry-late")
    [whole] = claim_records._members(site, long, 10_000)["quotations"]
    assert (whole.cut, len(whole.exact)) == (False, 1300)


def test_a_search_that_finds_too_much_says_so(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_tools, "RANKED", 3)
    answer = assistant.ask("search_claims", query="ferry")
    assert answer["total"] == 3
    assert "of more" in answer["message"]


def test_a_fault_of_ours_tells_a_stranger_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(call: Any, asked: Any) -> Any:
        raise RuntimeError("secret of ours")

    monkeypatch.setitem(tools.TOOLS, "get_claim", dataclasses.replace(tools.TOOLS["get_claim"], function=broken))
    result = assistant.call("get_claim", claim="x")
    assert (result.is_error, result.structured_content["status"]) == (True, "unavailable")
    assert "secret" not in result.model_dump_json()
    assert "unforeseen error in the tool get_claim" in caplog.text


def test_who_says_groups_by_speaker(assistant: Assistant) -> None:
    voices = assistant.ask("who_says", statement="the ferry was late", limit=25)["voices"]
    speakers = {voice["speakers"][0]["label"]: len(voice["claims"]) for voice in voices}
    assert speakers["the harbour office"] >= 1
    assert speakers["two dockers"] >= 1


def test_words_of_which_no_claim_has_all_find_those_that_have_some(assistant: Assistant) -> None:
    answer = assistant.ask("who_says", statement="dockers zeppelin")
    assert answer["status"] == "found"
    assert "no claim has all of the words" in answer["message"]


def test_what_pulls_apart_is_told_with_the_reason(assistant: Assistant) -> None:
    answer = assistant.ask("compare", subject="Velm Salt", limit=25)
    [pair, *_] = answer["apart"]
    assert pair["relation"] in ("contradicts", "is in tension with")
    assert pair["reason"]
    assert len({claim["iri"] for claim in pair["claims"]}) == 2


def test_words_in_another_mouth_are_noticed(assistant: Assistant) -> None:
    own = assistant.ask("verify_quotation", quotation="Nobody was hurt", speaker="Mara Lind")
    assert not own["fails"]
    other = assistant.ask(
        "verify_quotation", quotation="It has been late eleven times since January", speaker="Mara Lind"
    )
    assert {f["verdict"] for p in other["passages"] for f in p["findings"]} <= {
        "another-mouth",
        "verbatim",
        "scope-ambiguous",
    }


@pytest.mark.parametrize(
    "quotation", ["“the ferry was late”", '"the ferry was late"', "«the ferry was late»", "the\nferry was late"]
)
def test_marks_around_and_within_a_quotation_do_not_matter(assistant: Assistant, quotation: str) -> None:
    answer = assistant.ask("verify_quotation", quotation=quotation)
    assert (answer["status"], answer["fails"], len(answer["passages"])) == ("found", False, 1)


@pytest.mark.parametrize(
    ("tool", "arguments", "member"),
    [
        ("search_claims", {}, "claims"),
        ("search_claims", {"query": "the"}, "claims"),
        ("what_does_X_say", {"source": "Mara Lind"}, "claims"),
        ("list_questions", {}, "questions"),
        ("describe_model", {"part": "properties"}, "terms"),
        ("ask_question", {"question": "quotations-in-text-order"}, "rows"),
        ("sparql", {"query": "SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> } ORDER BY ?c"}, "rows"),
        ("sparql", {"query": "DESCRIBE <http://localhost:8000/id/claim/harbour/ferry-late>"}, "triples"),
    ],
)
def test_pages_follow_each_other_without_gap_or_repetition(
    assistant: Assistant, tool: str, arguments: dict[str, Any], member: str
) -> None:
    whole = assistant.ask(tool, limit=25, **arguments)
    found: list[Any] = []
    cursor = ""
    while len(found) < len(whole[member]):
        page = assistant.ask(tool, limit=4, cursor=cursor, **arguments)
        assert 1 <= len(page[member]) <= 4
        found += page[member]
        cursor = page.get("nextCursor", "")
        if not cursor:
            break
    assert found[: len(whole[member])] == whole[member]
    assert ("nextCursor" in whole) == bool(cursor or len(found) > 25)


@pytest.mark.parametrize(
    "change", [lambda c: "9" + c, lambda c: c[:-1], lambda c: c[:-1] + "g", lambda c: "-1", lambda c: "1" * 40]
)
def test_a_cursor_that_was_changed_is_refused(assistant: Assistant, change: Any) -> None:
    cursor = assistant.ask("list_questions")["nextCursor"]
    assert assistant.ask("list_questions", cursor=change(cursor))["status"] == "invalid"
    assert assistant.ask("list_questions", cursor=cursor, about="who")["status"] == "invalid", "of another question"
    assert assistant.ask("search_claims", cursor=cursor)["status"] == "invalid", "of another tool"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_claims", {"query": 7}),
        ("search_claims", {"limit": "5"}),
        ("search_claims", {"limit": 26}),
        ("search_claims", {"limit": True}),
        ("search_claims", {"qurey": "ferry"}),
        ("get_claim", {}),
        ("get_claim", {"claim": ["x"]}),
        ("ask_question", {"question": "who-is-credited-most", "values": ["x"]}),
        ("sparql", {"query": "x" * 20_001}),
        ("verify_text", {"text": "x" * (MAX_CHARACTERS + 1)}),
        ("what_does_X_say", {"source": "Mara Lind", "role": "thinks"}),
    ],
)
def test_wrong_arguments_are_named(assistant: Assistant, tool: str, arguments: dict[str, Any]) -> None:
    result = assistant.call(tool, **arguments)
    assert (result.is_error, result.structured_content["status"]) == (True, "invalid")
    assert len(result.structured_content["message"]) < 500


def test_a_query_past_its_time_is_timed_out(assistant: Assistant) -> None:
    result = assistant.call("sparql", query=BOMB)
    assert (result.is_error, result.structured_content["status"]) == (True, "timed-out")
