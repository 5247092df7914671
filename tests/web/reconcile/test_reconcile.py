"""/reconcile: the forms of both versions, who is found, how well, and what is refused."""

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from quoth.index.similarity import NAME_WEIGHTS
from quoth.web.guide import chapters
from quoth.web.reconcile import requests, schema
from quoth.web.reconcile.scoring import EXACT, FEATURES, MATCH, EntityNames, Value, agreement, name_score

from . import reconciliation as api

BASE = "http://localhost:8000/"
EVERYTHING = "the harbour office, the dockers, the ferry, Velm Salt, the guild"
"""Words of many claims."""

ROOTS = ("/reconcile", "/reconcile/v1")


def got(response: TestResponse) -> Any:
    return json.loads(response.text)


def ask(client: FlaskClient, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    """The candidates that version 0.2 gives, checked against its form."""
    response = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    api.results(got(response))
    return {key: result["result"] for key, result in got(response).items()}


def one(client: FlaskClient, text: str, **more: Any) -> list[dict[str, Any]]:
    return ask(client, q={"query": text, **more})["q"]


def drafted(client: FlaskClient, *queries: Any) -> list[list[dict[str, Any]]]:
    """The candidates that the 1.0 draft gives, checked against its form."""
    response = client.post("/reconcile/v1/match", json={"queries": queries})
    assert response.status_code == 200, response.text
    api.drafted_results(got(response))
    return [result["candidates"] for result in got(response)["results"]]


def named(text: str | list[str] | None, **more: Any) -> dict[str, Any]:
    return {"conditions": [{"matchType": "name", "propertyValue": text, **more}]}


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {feature["id"]: feature["value"] for feature in candidate["features"]}


# ------------------------------------------------------------------ manifests


def test_the_manifest_of_0_2(client: FlaskClient) -> None:
    manifest = got(client.get("/reconcile"))
    api.manifest(manifest)
    assert manifest["identifierSpace"] == BASE + "id/"
    assert manifest["batchSize"] == requests.BATCH
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        address = (service["service_url"] + service["service_path"]).removeprefix(BASE.rstrip("/"))
        assert client.get(address + "?prefix=har&type=Claim").status_code == 200


def test_the_manifest_of_the_draft(client: FlaskClient) -> None:
    manifest = got(client.get("/reconcile/v1"))
    api.drafted_manifest(manifest)
    assert manifest["standardizedScore"] is True


@pytest.mark.parametrize("query", ["reconcile?queris={}", "reconcile/v1?queries={}", "reconcile/v1?extend={}"])
def test_queries_that_are_not_read_are_not_answered_with_a_manifest(client: FlaskClient, query: str) -> None:
    response = client.get(f"/{query}")
    assert response.status_code == 400
    assert response.get_json()["remedy"]


@pytest.mark.parametrize("path", ROOTS)
def test_manifests_have_validators_and_lead_to_the_guide(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert 'rel="service-doc"' in response.headers["Link"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_manifests_use_the_public_url(moved: FlaskClient) -> None:
    manifest = got(moved.get("/reconcile"))
    assert manifest["view"]["url"] == "https://example.org/claims/reconcile/view?id={{id}}"
    assert manifest["identifierSpace"] == BASE + "id/"


def test_any_origin_may_ask(client: FlaskClient) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    response = client.options("/reconcile/v1/match", headers=headers)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


# ------------------------------------------------------------------ who is found


@pytest.mark.parametrize(
    ("text", "id", "feature"),
    [
        ("the harbour office", "org/harbour-office", "name-exact"),
        ("HARBOUR  OFFICE", "org/harbour-office", "name-exact"),
        ("pilots' guild", "org/pilots-guild", "name-exact"),
        ("Lind", "person/mara-lind", "name-alternative"),
        ("org/coast-audit", "org/coast-audit", "identifier"),
        (BASE + "id/place/port-velm", "place/port-velm", "identifier"),
        (BASE + "doc/place/port-velm", "place/port-velm", "identifier"),
        ("topic café", "topic/café", "name-exact"),
        ("topic/a%2Fb", "topic/a%2Fb", "identifier"),
    ],
)
def test_an_exact_name_is_a_match(client: FlaskClient, text: str, id: str, feature: str) -> None:
    first = one(client, text)[0]
    assert (first["id"], first["match"]) == (id, True)
    assert first["score"] == EXACT[feature]
    assert features(first)[feature] is True


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Harbor Ofice", "org/harbour-office"),
        ("Office of the harbour", "org/harbour-office"),
        ("Mara Lynd", "person/mara-lind"),
        ("Lind Mara", "person/mara-lind"),
        ("Port Vehlm", "place/port-velm"),
        ("Pilot Gild", "org/pilots-guild"),
    ],
)
def test_a_similar_name_is_the_best_candidate(client: FlaskClient, text: str, id: str) -> None:
    first = one(client, text)[0]
    assert first["id"] == id
    assert 50 < first["score"] <= 90
    assert not first["match"]


def test_an_unlike_name_finds_nothing(client: FlaskClient) -> None:
    assert one(client, "xylophone quartet") == []
    assert one(client, "   ") == []


def test_candidates_come_best_first_and_no_more_than_wanted(client: FlaskClient) -> None:
    result = one(client, "the ferry", limit=4)
    assert len(result) == 4
    assert [c["score"] for c in result] == sorted((c["score"] for c in result), reverse=True)
    assert one(client, "the ferry", limit=4) == result


def test_claims_are_found_by_their_words(client: FlaskClient) -> None:
    first = one(client, "the ferry was late", type="Claim")[0]
    assert features(first)["quotation"] == 100
    assert not first["match"], "several claims have these words"
    assert "the ferry was late" in first["description"]
    label = got(client.get("/doc/claim/harbour/no-ties.jsonld"))
    [result] = [g for g in label.get("@graph", [label]) if str(g.get("id", "")).endswith("claim/harbour/no-ties")]
    assert one(client, result["label"] if isinstance(result["label"], str) else result["label"]["@value"])[0]["match"]


def test_unnamed_sources_are_flagged_and_never_matched(client: FlaskClient) -> None:
    first = one(client, "two dockers")[0]
    assert first["id"] == "source/harbour/two-dockers"
    assert first["type"][0]["id"] == "AnonymousSource"
    assert features(first)["unnamed"] is True
    assert first["score"] == 100
    assert not first["match"]


# ------------------------------------------------------------------ types and properties


def test_a_type_is_a_condition(client: FlaskClient) -> None:
    assert {"Place"} <= {t["id"] for c in one(client, "Port Velm", type="Place") for t in c["type"]}
    assert all("Place" in [t["id"] for t in c["type"]] for c in one(client, "Velm", type="Place"))
    assert one(client, "Mara Lind", type="Place") == []
    assert one(client, "Mara Lind", type="NoSuchType") == []
    assert one(client, "Mara Lind", type="http://xmlns.com/foaf/0.1/Person")[0]["match"]
    assert one(client, "Port Velm", type=["Place", "Person"])[0]["id"] == "place/port-velm"
    assert one(client, "Port Velm", type=["Place", "Person"], type_strict="all") == []


def test_a_type_can_be_a_preference(client: FlaskClient) -> None:
    first = one(client, "Mara Lind", type="Place", type_strict="should")[0]
    assert (first["id"], first["score"], first["match"]) == ("person/mara-lind", 50, False)
    assert features(first)["type"] is False


def test_properties_tell_namesakes_apart(client: FlaskClient) -> None:
    query = {"query": EVERYTHING, "type": "Claim", "limit": 50}
    for certainty in ("certain", "unknown"):
        result = ask(client, q={**query, "properties": [{"pid": "certainty", "v": certainty}]})["q"]
        assert features(result[0])["property-certainty"] == 100
    agreed = ask(client, q={"query": "Velm", "properties": [{"pid": "type", "v": {"id": "City", "name": "City"}}]})["q"]
    assert agreed[0]["id"] == "place/port-velm"


def test_unknown_values_of_properties_do_not_count(client: FlaskClient) -> None:
    plain = one(client, "Mara Lynd")[0]
    unknown = one(client, "Mara Lynd", properties=[{"pid": "warrant", "v": "x"}, {"pid": "no-such-property", "v": 1}])[
        0
    ]
    assert unknown == plain


def test_properties_without_a_name_are_enough(client: FlaskClient) -> None:
    article = {"pid": "article", "v": {"id": "article/harbour", "name": "…"}}
    result = ask(client, q={"properties": [article, {"pid": "certainty", "v": "certain"}], "limit": 50})["q"]
    assert result
    assert all(c["id"].startswith("claim/harbour/") for c in result)
    assert ask(client, q={"properties": [{"pid": "altLabel", "v": "the guild"}]})["q"][0]["id"] == "org/pilots-guild"


def test_identifiers_of_other_datasets_match(client: FlaskClient) -> None:
    roll = {"pid": "roll", "v": "gd.12"}
    result = ask(
        client,
        alone={"properties": [roll]},
        named={"query": "the guild", "properties": [roll]},
        misnamed={"query": "Velm Salt", "properties": [roll]},
        searched={"query": "GD.12"},
        other={
            "query": "Velm Salt",
            "limit": 50,
            "properties": [{"pid": "register", "v": "http://register.example/firm/Velm_Ferries"}],
        },
    )
    assert all(result[key][0]["id"] == "org/pilots-guild" for key in ("alone", "named", "misnamed", "searched"))
    assert [result[key][0]["match"] for key in ("alone", "named", "misnamed", "searched")] == [True, True, False, True]
    assert result["misnamed"][0]["score"] == pytest.approx(75, abs=12)
    [other] = [c for c in result["other"] if c["id"] == "org/velm-salt"]
    assert features(other)["property-register"] == 0
    assert not other["match"]


def test_conditions_of_the_draft(client: FlaskClient) -> None:
    certain = {"matchType": "property", "propertyId": "certainty", "propertyValue": ["certain", "probable"]}
    ferry = {"matchType": "name", "propertyValue": EVERYTHING}
    claims = {"type": "Claim", "limit": 50}
    plain, required, none, every, exactly = drafted(
        client,
        {**claims, "conditions": [ferry]},
        {**claims, "conditions": [ferry, {**certain, "required": True}]},
        {**claims, "conditions": [ferry, {**certain, "required": True, "matchQuantifier": "none"}]},
        {**claims, "conditions": [ferry, {**certain, "required": True, "matchQuantifier": "all"}]},
        {**claims, "conditions": [ferry, {**certain, "required": True, "matchQualifier": "exact"}]},
    )
    ids = {c["id"] for c in required}
    assert ids
    assert ids < {c["id"] for c in plain}
    assert not ids & {c["id"] for c in none}
    assert ids | {c["id"] for c in none} == {c["id"] for c in plain}
    assert not every
    assert {c["id"] for c in exactly} == ids


def test_names_of_the_draft(client: FlaskClient) -> None:
    either, not_it = drafted(
        client,
        named(["Mara Lind", "Coast Audit"]),
        {"conditions": [*named("Mara Lind")["conditions"], *named("Mara Lind", matchQuantifier="none")["conditions"]]},
    )
    assert {c["id"] for c in either[:2]} == {"person/mara-lind", "org/coast-audit"}
    assert "person/mara-lind" not in {c["id"] for c in not_it}


# ------------------------------------------------------------------ suggest, preview, view, extend


@pytest.mark.parametrize("root", ROOTS)
def test_suggestions(client: FlaskClient, root: str) -> None:
    entities = got(client.get(f"{root}/suggest/entity?prefix=harb"))
    api.suggestions(entities)
    assert entities["result"][0]["id"] == "org/harbour-office"
    assert entities["result"][0]["notable"][0]["id"] == "Organization"
    properties = got(client.get(f"{root}/suggest/property?prefix=cert"))
    api.suggestions(properties)
    assert [p["id"] for p in properties["result"]] == ["certainty"]
    types = got(client.get(f"{root}/suggest/type?prefix=unn"))
    api.suggestions(types)
    assert [t["id"] for t in types["result"]] == ["AnonymousSource"]
    assert got(client.get(f"{root}/suggest/entity?prefix=org/velm-salt"))["result"][0]["id"] == "org/velm-salt"


def test_labels_are_in_the_client_s_language_where_there_are_any(client: FlaskClient) -> None:
    english, german = (
        client.get("/reconcile/suggest/entity?prefix=harb", headers={"Accept-Language": tag}) for tag in ("en", "de")
    )
    assert "Accept-Language" in english.headers["Vary"]
    assert got(english) == got(german)
    assert english.headers["Content-Language"].startswith("en")
    assert english.headers["ETag"] != german.headers["ETag"]


@pytest.mark.parametrize("kind", ["entity", "property", "type"])
@pytest.mark.parametrize("skip", ["cursor", "offset"])
def test_suggestions_have_pages(client: FlaskClient, kind: str, skip: str) -> None:
    whole = got(client.get(f"/reconcile/suggest/{kind}?prefix=&limit=12"))["result"]
    assert len(whole) == 12
    parts = [got(client.get(f"/reconcile/suggest/{kind}?prefix=&limit=4&{skip}={n}"))["result"] for n in (0, 4, 8)]
    assert [s for part in parts for s in part] == whole


@pytest.mark.parametrize(
    ("kind", "id", "says"),
    [("entity", "org/velm-salt", "Velm Salt"), ("property", "warrant", "warrant"), ("type", "Claim", "Claim")],
)
def test_flyouts(client: FlaskClient, kind: str, id: str, says: str) -> None:
    result = got(client.get(f"/reconcile/flyout/{kind}?id={id.replace('/', '%2F')}"))
    assert result["id"] == id
    assert says in result["html"]
    assert client.get(f"/reconcile/flyout/{kind}?id=none").status_code == 404


def test_flyouts_and_previews_are_escaped(client: FlaskClient) -> None:
    for path in ("flyout/entity", "preview"):
        shown = client.get(f"/reconcile/{path}?id=person/eve").text
        assert "alert(1)" in shown
        assert "<script" not in shown
        assert "<img" not in shown


@pytest.mark.parametrize("id", ["org/harbour-office", "claim/harbour/ferry-late", "source/harbour/two-dockers"])
def test_previews_may_be_framed(client: FlaskClient, id: str) -> None:
    response = client.get("/reconcile/preview", query_string={"id": id})
    assert response.status_code == 200
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert f'href="/doc/{id}"' in response.text
    assert client.get("/reconcile/preview?id=org/none").status_code == 404


@pytest.mark.parametrize("id", ["org/harbour-office", "topic/café", "topic/a%2Fb", "topic/c:d(e),f"])
def test_the_view_leads_to_the_entity(client: FlaskClient, id: str) -> None:
    response = client.get("/reconcile/view", query_string={"id": id})
    assert response.status_code == 303
    there = client.get(response.headers["Location"].removeprefix(BASE.rstrip("/")))
    assert there.status_code == 303


COLUMNS = [{"id": p} for p in ("type", "label", "altLabel", "claimsBy", "certainty", "depth", "attributedTo", "article",
                               "quotation", "describedIn", "no-such-property")]  # fmt: skip
IDS = ["org/harbour-office", "claim/harbour/ferry-late", "source/harbour/two-dockers", "org/none", "<>", ""]


def test_extension(client: FlaskClient) -> None:
    asked = {"ids": IDS, "properties": COLUMNS}
    for response in (
        client.post("/reconcile", data={"extend": json.dumps(asked)}),
        client.get("/reconcile", query_string={"extend": json.dumps(asked)}),
    ):
        result = got(response)
        api.extension(result, asked)
    office, claim, source = (result["rows"][id] for id in IDS[:3])
    assert office["label"] == [{"str": "the harbour office"}]
    assert office["claimsBy"][0]["int"] > 0
    assert office["certainty"] == []
    assert claim["attributedTo"] == [{"id": "org/harbour-office", "name": "the harbour office"}]
    assert claim["depth"] == [{"int": 2}]
    assert claim["quotation"] == [{"str": "the ferry was late"}]
    assert claim["article"][0]["id"] == source["describedIn"][0]["id"] == "article/harbour"
    assert not any(result["rows"]["org/none"].values())


def test_extension_of_the_draft_says_the_same(client: FlaskClient) -> None:
    asked = {"ids": IDS[:3], "properties": [*COLUMNS, {"id": "type", "settings": {"limit": 1}}]}
    result = got(client.post("/reconcile/v1/extend", json=asked))
    api.drafted_extension(result, asked)
    assert got(client.post("/reconcile/extend", json=asked)) == result
    only = got(
        client.post(
            "/reconcile",
            data={"extend": json.dumps({**asked, "properties": [{"id": "type", "settings": {"limit": "1"}}]})},
        )
    )
    assert [len(row["type"]) for row in only["rows"].values()] == [1, 1, 1]


def test_every_property_can_be_had_and_asked_for(client: FlaskClient) -> None:
    every = [p["id"] for p in got(client.get("/reconcile/suggest/property?prefix=&limit=50"))["result"]]
    ids = ["org/harbour-office", "claim/harbour/ferry-late", "source/harbour/two-dockers", "article/harbour"]
    asked = {"ids": ids, "properties": [{"id": p} for p in every]}
    api.extension(got(client.post("/reconcile", data={"extend": json.dumps(asked)})), asked)
    ask(client, q={"query": "ferry", "properties": [{"pid": p, "v": ["certain", 3, True]} for p in every[:19]]})


@pytest.mark.parametrize("type", [*schema.TYPES, "none", ""])
def test_proposals(client: FlaskClient, type: str) -> None:
    proposal = got(client.get(f"/reconcile/extend/propose?type={type}&limit=3"))
    api.proposal(proposal)
    assert proposal["type"] == type
    assert len(proposal["properties"]) == 3


def test_null_asks_for_nothing(client: FlaskClient) -> None:
    assert one(client, "Velm", type=None, type_strict=None, properties=None, limit=None) == one(client, "Velm")


# ------------------------------------------------------------------ what is refused

WRONG: list[tuple[Any, int]] = [
    ("no json", 400), ("[" * 50_000, 400), ('{"q": {"query": NaN}}', 400), ([], 400), ({"q": []}, 400),
    ({"q": {}}, 400), ('{"q": {"query": "x", "limit": 1e400}}', 400),
    ({"q": {"query": 1}}, 400), ({"q": {"query": "x", "limit": 0}}, 400), ({"q": {"query": "x", "limit": "many"}}, 400),
    ({"q": {"query": "x", "limit": 1.5}}, 400), ({"q": {"query": "x", "limit": True}}, 400),
    ({"q": {"query": "x", "type_strict": "maybe"}}, 400), ({"q": {"query": "x", "type": [1]}}, 400),
    ({"q": {"query": "x", "properties": {}}}, 400), ({"q": {"query": "x", "properties": [1]}}, 400),
    ({"q": {"query": "x", "properties": [{"pid": "type"}]}}, 400),
    ({"q": {"query": "x", "properties": [{"pid": "type", "v": {"name": "no id"}}]}}, 400),
    ({f"q{n}": {"query": "x"} for n in range(requests.BATCH + 1)}, 413),
    ({"q": {"query": "x", "properties": [{"pid": "type", "v": ["x"] * 21}]}}, 413),
]  # fmt: skip


def refused(response: TestResponse, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert got(response)["detail"]
    assert got(response)["remedy"]


@pytest.mark.parametrize(("queries", "status"), WRONG, ids=range(len(WRONG)))
def test_malformed_requests_are_refused(client: FlaskClient, queries: Any, status: int) -> None:
    text = queries if isinstance(queries, str) else json.dumps(queries)
    refused(client.post("/reconcile", data={"queries": text}), status)


@pytest.mark.parametrize(
    "body",
    [{}, {"queries": {}}, {"queries": [{}]}, {"queries": [{"conditions": []}]}, {"queries": [named(None)]},
     {"queries": [{"conditions": [{"matchType": "other", "propertyValue": "x"}]}]},
     {"queries": [{"conditions": [{"matchType": "property", "propertyValue": "x"}]}]},
     {"queries": [named("x", matchQuantifier="some")]}, {"queries": [named("x", matchQualifier="wildcard")]},
     {"queries": [named("x", required=1)]}, {"queries": [{**named("x"), "type": ["a"]}]}],
)  # fmt: skip
def test_malformed_requests_of_the_draft_are_refused(client: FlaskClient, body: Any) -> None:
    refused(client.post("/reconcile/match", json=body), 400)


def test_other_requests_are_refused(client: FlaskClient) -> None:
    refused(client.post("/reconcile", json={"queries": {}}), 415)
    refused(client.post("/reconcile/match", data={"queries": "{}"}), 415)
    refused(client.post("/reconcile", data={"query": "x"}), 400)
    refused(client.post("/reconcile", data={"queries": "{}", "extend": "{}"}), 400)
    refused(client.post("/reconcile", data={"extend": "{}"}), 400)
    refused(client.post("/reconcile", data={"queries": "x" * 300_000}), 413)
    refused(client.get("/reconcile/match"), 405)
    refused(client.get("/reconcile/suggest/entity?prefix=x&cursor=-1"), 400)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("suggest/entity?prefx=harb", "prefix"),
        ("suggest/entity", "prefix, limit, offset, cursor"),
        ("suggest/property?query=cert", "prefix, limit, offset, cursor"),
        ("suggest/type?prefix=unn&limt=3", "limit"),
        ("suggest/type?prefix=unn&cursr=3", "cursor"),
        ("extend/propose?tpye=Claim", "type"),
        ("flyout/entity?ids=org/velm-salt", "id"),
        ("preview", "id"),
        ("view?iri=org/velm-salt", "id"),
    ],
)
@pytest.mark.parametrize("root", ROOTS)
def test_a_parameter_that_is_missing_or_misspelt_is_named(client: FlaskClient, root: str, path: str, said: str) -> None:
    """A prefix that is not understood is not the empty one, with which every name begins."""
    response = client.get(f"{root}/{path}")
    refused(response, 400)
    assert said in got(response)["remedy"]


def test_long_texts_are_cut(client: FlaskClient) -> None:
    assert one(client, "the harbour office" + " " * 5_000 + "x")[0]["id"] == "org/harbour-office"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "type_strict", "id", "ids", "settings",
                         "queries", "conditions", "matchType", "propertyId", "propertyValue"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.long
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(JSON, st.text(max_size=30))
def test_no_input_causes_a_server_error(client: FlaskClient, data: Any, text: str) -> None:
    for name in ("queries", "extend"):
        sent = json.dumps({"q": data} if name == "queries" else data)
        assert client.post("/reconcile", data={name: sent}).status_code in (200, 400, 413)
    assert client.post("/reconcile/match", json={"queries": [data]}).status_code in (200, 400, 413)
    response = client.post("/reconcile", data={"queries": json.dumps({"q": {"query": text}})})
    assert response.status_code == 200
    for kind in ("entity", "property", "type"):
        assert client.get(f"/reconcile/suggest/{kind}", query_string={"prefix": text}).status_code == 200
        assert client.get(f"/reconcile/flyout/{kind}", query_string={"id": text}).status_code in (200, 404)


# ------------------------------------------------------------------ the guide

GUIDE = (Path(chapters.__file__).parent / "reconciling.md").read_text("utf-8")


@pytest.mark.parametrize("command", [t.content for t in chapters.examples(GUIDE) if t.info == "sh run"])
def test_the_guide_s_examples_run(client: FlaskClient, command: str) -> None:
    _, url, *options = shlex.split(command)
    given = dict(zip(options[::2], options[1::2], strict=True))
    if "-H" in given:
        body, kind = given["-d"], given["-H"].partition(": ")[2]
    else:
        name, _, value = given["--data-urlencode"].partition("=")
        body, kind = urlencode({name: value}), "application/x-www-form-urlencoded"
    response = client.post(url.removeprefix(BASE.rstrip("/")), data=body, content_type=kind)
    assert response.status_code == 200, response.text
    assert "org/harbour-office" in response.text
    assert '"result": []' not in response.text


def test_the_guide_has_the_limits_and_weights() -> None:
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", GUIDE, re.MULTILINE))
    assert rows["queries in a batch"] == str(requests.BATCH)
    candidates = f"{requests.CANDIDATES}, or as many as `limit` says, up to {requests.CANDIDATES_LIMIT}"
    assert rows["candidates for a query"] == candidates
    assert rows["entities and properties in one extension"] == f"{requests.IDS_LIMIT}, {requests.COLUMNS_LIMIT}"
    for feature, part in (*EXACT.items(), *((name, 100 * part) for name, part in NAME_WEIGHTS.items())):
        [section] = re.findall(rf"### {feature}\n\n(.*?)(?:\n\n|\Z)", GUIDE, re.DOTALL)
        assert f"{part:.0f}" in section
    assert f"A `match` has a score of {MATCH:.0f} or more" in GUIDE


# ------------------------------------------------------------------ the rules


@pytest.mark.parametrize(
    ("text", "feature"),
    [("Alpha Guild", "name-exact"), ("AG", "name-alternative"), ("Alfa Gild", "name-spelling")],
)
def test_each_kind_of_exact_name_has_its_score(text: str, feature: str) -> None:
    names = EntityNames(["Alpha Guild"], ["AG"], ["Alfa Gild"])
    assert name_score(text, names).score == EXACT[feature]


def test_nearer_names_score_higher() -> None:
    names = EntityNames(["Alpha Guild"])
    scores = [
        name_score(text, names).score for text in ("Alpha Guild", "Alpha Gulid", "Alpha Gu", "Beta Guild", "Gamma")
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 5


@pytest.mark.parametrize(
    ("wanted", "value", "kind", "agrees"),
    [
        (["3.0"], "3", "integer", 1), (["4"], "3", "integer", 0), (["2020"], "2020-05-01", "date", 1),
        (["q843"], "Q843", "scheme", 1), (["Q84"], "Q843", "scheme", 0), (["Certain"], "certain", "concept", 1),
    ],
)  # fmt: skip
def test_values_are_compared_by_their_kind(wanted: list[str], value: str, kind: str, agrees: float) -> None:
    assert agreement(wanted, [Value(value)], kind, "any", False) == agrees
    assert agreement(wanted, [Value(value)], kind, "none", False) == 1 - agrees


def test_every_feature_is_explained(app: Flask) -> None:
    page = app.test_client().get("/guide/reconciling").text
    for feature in FEATURES:
        assert f'id="{feature}"' in page


def test_ids_of_types_are_terms_of_the_context(client: FlaskClient) -> None:
    context = got(client.get("/context.jsonld"))["@context"]
    for type in schema.TYPES.values():
        prefix, _, local = context[type.id].partition(":")
        assert context[prefix] + local == type.iri
