"""Named questions: /queries/<name> with parameters, formats and pages."""

import dataclasses
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from quoth.config import Settings
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.formats import RESULT_FORMATS, Format
from quoth.release.release import Release
from quoth.sparql import named_queries
from quoth.sparql.named_queries import NamedQuery
from quoth.web.app import create_app
from quoth.web.present import stored_questions

from ...accept_headers import CHROME
from ...conftest import SCRIPT, Client

QUESTIONS = named_queries.load(named_queries.QUESTIONS)

ABOUT = "/queries/what-is-claimed-about"
PARAMETERS = [(q.name, p.name) for q in QUESTIONS for p in q.parameters]


def rows(client: FlaskClient, path: str) -> list[dict[str, dict[str, str]]]:
    response = client.get(path, headers={"Accept": "application/sparql-results+json"})
    assert response.status_code == 200, response.text
    bindings: list[dict[str, dict[str, str]]] = response.get_json(force=True)["results"]["bindings"]
    return bindings


@pytest.fixture
def short(settings: Settings, engine: EmbeddedEngine, release: Release) -> FlaskClient:
    """The same site with pages of four rows."""
    app = create_app(dataclasses.replace(settings, page_rows=4), engine, release)
    app.test_client_class = Client
    return app.test_client()


def test_a_parameter_restricts(client: FlaskClient) -> None:
    about = rows(client, f"{ABOUT}?entity=id/org/velm-salt")
    assert len(about) > 1
    some = rows(client, f"{ABOUT}?entity=id/org/velm-salt&degree=certain")
    assert 0 < len(some) <= len(about)
    assert {row["certainty"]["value"] for row in some} == {"certain"}
    assert rows(client, f"{ABOUT}?entity=http://localhost:8000/doc/org/velm-salt&degree=") == about


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("quotations-in-text-order?containing=FERRY", lambda row: "ferry" in row["words"]["value"].lower()),
        ("chains-of-three-hands?depth=2", lambda row: row["hand"]["value"] in "12"),
        ("what-named-sources-say?act=denied", lambda row: row["speechAct"]["value"] == "denied"),
        ("topics-and-sources?least=2", lambda row: int(row["sources"]["value"]) >= 2),
        (
            "own-voice-and-reported?entity=id/org/velm-salt&kind=reported",
            lambda row: row["voice"]["value"] == "reported",
        ),
    ],
)
def test_each_type_restricts(client: FlaskClient, query: str, expected: object) -> None:
    bindings = rows(client, f"/queries/{query}")
    assert bindings
    assert all(expected(row) for row in bindings)  # type: ignore[operator]


def test_dates_restrict(client: FlaskClient) -> None:
    [row] = rows(client, "/queries/timeline")
    earliest, latest = row["earliest"]["value"], row["latest"]["value"]
    assert rows(client, f"/queries/timeline?from={earliest}&until={latest}") == [row]
    assert (
        rows(client, f"/queries/timeline?from={latest}") == rows(client, f"/queries/timeline?until={earliest}") == [row]
    )
    assert rows(client, "/queries/timeline?from=2100-01-01") == []
    assert rows(client, "/queries/timeline?until=1999-01-01") == []


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("what-is-claimed-about?degree=sure", "degree"),
        ("what-is-claimed-about?degree=certain&degree=certain", "degree"),
        ("what-is-claimed-about?enttity=x", "enttity"),
        ("chains-of-three-hands?depth=three", "depth"),
        ("chains-of-three-hands?depth=0", "depth"),
        ("chains-of-three-hands?depth=-3", "depth"),
        ("timeline?from=yesterday", "from"),
        ("timeline?from=2021-01-02&until=2020-01-01", "from"),
        ("timeline?page=0", "page"),
        ("timeline?page=x", "page"),
        ("timeline?format=png", "format"),
        ("timeline?format=turtle", "format"),
    ],
)
def test_bad_values_say_which_and_what_is_expected(client: FlaskClient, query: str, where: str) -> None:
    response = client.get(f"/queries/{query}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem["where"] == where
    assert problem["remedy"]


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
@pytest.mark.parametrize("value", ["x } UNION { ?s ?p ?o", '"', "<", "'''", "\\u003e", SCRIPT, "\x00", "٣"])
def test_hostile_values_stay_values(client: FlaskClient, name: str, parameter: str, value: str) -> None:
    response = client.get(f"/queries/{name}", query_string={parameter: value}, headers={"Accept": CHROME})
    assert response.status_code in (200, 400, 404)
    assert SCRIPT not in response.text


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in RESULT_FORMATS])
def test_formats(client: FlaskClient, format: Format) -> None:
    by_accept = client.get("/queries/timeline", headers={"Accept": format.media_type})
    by_name = client.get("/queries/timeline", query_string={"format": format.name}, headers={"Accept": CHROME})
    for response in (by_accept, by_name):
        assert (response.status_code, response.content_type) == (200, format.content_type)
        assert int(response.headers["X-Total-Count"]) > 0
    assert by_accept.data == by_name.data
    assert "Accept" in by_accept.vary
    again = client.get(
        "/queries/timeline", headers={"Accept": format.media_type, "If-None-Match": by_accept.headers["ETag"]}
    )
    assert again.status_code == 304


def test_pages_link_to_each_other_and_add_up(client: FlaskClient, short: FlaskClient) -> None:
    whole = rows(client, "/queries/quotations-in-text-order?containing=e")
    assert len(whole) > 8
    bindings: list[dict[str, dict[str, str]]] = []
    target: str | None = "/queries/quotations-in-text-order?containing=e"
    while target:
        response = short.get(target, headers={"Accept": "application/json"})
        bindings += response.get_json(force=True)["results"]["bindings"]
        assert response.headers["X-Total-Count"] == str(len(whole))
        following = re.search(r'<([^>]+)>; rel="next"', response.headers["Link"])
        target = following and "?".join(urlsplit(following[1])[2:4])
    assert bindings == whole
    assert short.get("/queries/quotations-in-text-order?page=999").status_code == 404


def test_a_page_says_which_rows_it_shows(short: FlaskClient) -> None:
    text = short.get("/queries/quotations-in-text-order?page=2", headers={"Accept": CHROME}).text
    assert re.search(r"Rows 5 to 8 of \d+", text)
    assert 'rel="prev"' in text
    assert 'href="/queries/quotations-in-text-order?page=3" rel="next"' in text


def test_the_form_shows_the_values(client: FlaskClient) -> None:
    text = client.get(f"{ABOUT}?entity=id/org/velm-salt&degree=certain", headers={"Accept": CHROME}).text
    assert 'value="Velm Salt"' in text
    assert '<option value="the harbour office">' in text
    assert '<option value="certain" selected>' in text
    assert "<h1>Velm Salt" in text


def test_headings_are_words(client: FlaskClient) -> None:
    text = client.get("/queries/offers-and-answers", headers={"Accept": CHROME}).text
    assert '<th scope="col" title="?answerBy">answer by</th>' in text


@pytest.mark.parametrize(
    "target",
    [
        "/queries/quotations-in-text-order?containing={}",
        "/search?q={}",
        "/suggest?q={}",
        "/claims?q={}",
        "/claims.csv?q={}",
        "/claims?{}=x",
        "/articles?kind={}",
        "/doc/claim/harbour/no-ties?page={}",
    ],
)
@pytest.mark.parametrize("value", ["%ED%A0%80", "%FF", "a%C3"])
def test_parameters_that_are_not_utf_8_are_refused(client: FlaskClient, target: str, value: str) -> None:
    response = client.get(target.format(value))
    assert response.status_code == 400
    assert "not UTF-8" in response.get_json(force=True)["detail"]


@pytest.mark.parametrize(
    "target", ["/queries/quotations-in-text-order?containing={}", "/search?q=a{}", "/claims?q=a{}"]
)
def test_a_replacement_character_is_an_ordinary_character(client: FlaskClient, target: str) -> None:
    assert client.get(target.format("%EF%BF%BD")).status_code == 200


def test_the_list_of_questions_has_their_parameters(client: FlaskClient) -> None:
    listing = client.get("/queries", headers={"Accept": "application/json"}).get_json()
    parameters = {q["name"]: [p["name"] for p in q["parameters"]] for q in listing}
    assert sorted((name, p) for name, names in parameters.items() for p in names) == sorted(PARAMETERS)
    assert all("{" not in q["title"] for q in listing)
    assert list(dict.fromkeys(q["group"] for q in listing)) == list(stored_questions.GROUPS)


def test_the_terms_for_the_editor(client: FlaskClient) -> None:
    known = client.get("/ns/terms.json").get_json()
    kinds = {term["short"]: term["kind"] for term in known["terms"]}
    assert kinds["quoth:Claim"] == "class"
    assert kinds["quoth:certainty"] == kinds["schema:about"] == "property"
    assert kinds["certainty:probable"] == "concept"
    assert len(known["questions"]) == len(QUESTIONS)


def test_a_question_with_volatile_results_is_not_cached(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = NamedQuery("now", "What time is it?", "", "SELECT (STRUUID() AS ?x) WHERE { }")
    monkeypatch.setattr(stored_questions, "named", lambda site, name: {"now": asked}.get(name))
    first = client.get("/queries/now")
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.headers["X-Total-Count"] == "1"
    assert "Accept" in first.vary
    assert client.get("/queries/now", headers={"If-None-Match": "*"}).data != first.data


def test_a_question_is_asked_on_behalf_of_its_client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the count nor the page is outside of a client's share."""
    seen: list[Caller] = []
    engine = app.extensions["quoth"].engine
    answer = engine.answer

    def watched(query: Query, wanted: Wanted, caller: Caller) -> Answer:
        seen.append(caller)
        result: Answer = answer(query, wanted, caller)
        return result

    monkeypatch.setattr(engine, "answer", watched)
    name = QUESTIONS[1].name
    assert app.test_client().get(f"/queries/{name}?page=1", headers={"Accept": "text/csv"}).status_code == 200
    assert {caller.client for caller in seen} == {"127.0.0.1"}


ASKED = [("what-is-claimed-about", "entity"), ("what-rests-on-one-source", "source")]


def problem(client: FlaskClient, path: str, status: int) -> dict[str, Any]:
    response = client.get(path, headers={"Accept": "text/csv, application/json;q=0.5"})
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), response.text
    page = client.get(path, headers={"Accept": CHROME})
    assert page.status_code == status
    document: dict[str, Any] = response.get_json(force=True)
    for choice in document.get("choices", ()):
        assert str(escape(choice["label"])) in page.text
    return document


@pytest.mark.parametrize(
    "value",
    [
        "the harbour office", "Harbour Office", "HARBOUR OFFICE", "id/org/harbour-office", "/id/org/harbour-office",
        "org/harbour-office", "http://localhost:8000/id/org/harbour-office", "/doc/org/harbour-office",
        "http://localhost:8000/doc/org/harbour-office", "the office", " the  harbour office ",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("name", "parameter"), ASKED)
def test_a_thing_is_named_in_any_way(client: FlaskClient, name: str, parameter: str, value: str) -> None:
    response = client.get(f"/queries/{name}", query_string={parameter: value, "format": "csv"})
    assert response.status_code == 200, response.text
    by_iri = client.get(f"/queries/{name}?{parameter}=id/org/harbour-office&format=csv")
    assert response.text == by_iri.text
    assert len(response.text.splitlines()) > 1
    assert (
        "the harbour office"
        in client.get(f"/queries/{name}", query_string={parameter: value}, headers={"Accept": CHROME}).text
    )


@pytest.mark.parametrize("value", ["harbor ofice", "harbour", "the harbour officer"])
def test_a_name_that_nothing_has_is_not_found_and_others_are_suggested(client: FlaskClient, value: str) -> None:
    told = problem(client, f"{ABOUT}?entity={value}&degree=certain", 404)
    assert told["where"] == "entity"
    assert repr(value) in told["detail"]
    assert {"label": "the harbour office", "value": "id/org/harbour-office"} in told["choices"]
    page = client.get(f"{ABOUT}?entity={value}&degree=certain", headers={"Accept": CHROME}).text
    [target] = re.findall(r'href="(\?[^"]*harbour-office[^"]*)"', page)
    followed = client.get(ABOUT + unescape(target), headers={"Accept": CHROME})
    assert followed.status_code == 200
    assert "selected>certain" in followed.text


@pytest.mark.parametrize(
    "value", ["id/org/nope", "http://example.org/x", "quoth:Nothing", "urn:x:y", "???", "\x07", "zzzzz", "."]
)
def test_what_is_not_in_the_release_is_not_found(client: FlaskClient, value: str) -> None:
    told = problem(client, f"{ABOUT}?{urlencode({'entity': value})}", 404)
    assert told["where"] == "entity"
    assert told["detail"].startswith("this release has no entity ")
    assert told["remedy"].endswith("all are in http://localhost:8000/entities")
    assert "choices" not in told or "quoth" in value


@pytest.mark.parametrize(
    ("target", "noun"),
    [
        ("what-is-claimed-about?entity=id/claim/harbour/ferry-late", "entity"),
        ("what-rests-on-one-source?source=id/claim/harbour/ferry-late", "source"),
        ("what-rests-on-one-source?source=id/place/quay-4", "source"),
        ("what-rests-on-one-source?source=quay 4", "source"),
        ("topics-and-sources?topic=id/org/velm-salt", "topic"),
        ("links-to-a-dataset?dataset=id/org/velm-salt", "dataset"),
    ],
)
def test_a_thing_of_another_kind_is_refused(client: FlaskClient, target: str, noun: str) -> None:
    told = problem(client, f"/queries/{target}", 400)
    assert told["where"] == noun
    assert told["detail"].endswith(f"which is not {'an' if noun == 'entity' else 'a'} {noun}")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"entity": "harbor ofice", "degree": "certain"}, 404),
        ({"entity": "<b>zzzz", "degree": "certain"}, 404),
        ({"entity": "the harbour office", "degree": "sure"}, 400),
        ({"entity": "org/velm-salt", "degree": "certain", "colour": "red"}, 400),
    ],
)
def test_the_page_of_an_error_has_the_form_with_what_was_entered(
    client: FlaskClient, query: dict[str, str], status: int
) -> None:
    response = client.get(ABOUT, query_string=query, headers={"Accept": CHROME})
    assert response.status_code == status
    form = response.text.partition('<form class="parameters" action="/queries/what-is-claimed-about"')[2]
    assert f'name="entity" type="text" value="{escape(query["entity"])}"' in form
    assert ("selected>certain" in form) is (query["degree"] == "certain")


def test_a_thing_without_claims_has_an_empty_answer(client: FlaskClient) -> None:
    response = client.get(f"{ABOUT}?entity=id/person/eve", headers={"Accept": CHROME})
    assert response.status_code == 200
    assert "0 rows. This release has no answer to this question with these values." in response.text


def test_a_concept_is_named_by_its_label(client: FlaskClient) -> None:
    assert rows(client, f"{ABOUT}?entity=Velm+Salt&degree=Certain") == rows(
        client, f"{ABOUT}?entity=Velm+Salt&degree=certain"
    )


def test_without_a_value_the_thing_with_the_most_claims_is_asked_about(client: FlaskClient) -> None:
    most = client.get("/entities.json").get_json()["entities"][0]
    assert rows(client, ABOUT) == rows(client, f"{ABOUT}?entity={most['iri']}") != []
    text = client.get(ABOUT, headers={"Accept": CHROME}).text
    assert f'value="{most["label"]}"' in text


def test_a_misspelt_question_is_told_the_nearest(client: FlaskClient) -> None:
    response = client.get("/queries/timelin", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert "did you mean http://localhost:8000/queries/timeline?" in response.get_json(force=True)["remedy"]
    assert '<http://localhost:8000/queries/timeline>; rel="related"' in response.headers["Link"]
    unlike = client.get("/queries/zzzz", headers={"Accept": "application/json"})
    assert unlike.get_json(force=True)["remedy"] == "see http://localhost:8000/queries"


@pytest.mark.parametrize(("value", "meant"), [("denyed", "denied"), ("denial", "denied"), ("zzzz", None)])
def test_a_misspelt_concept_is_told_the_nearest(client: FlaskClient, value: str, meant: str | None) -> None:
    path = f"/queries/what-named-sources-say?act={value}"
    told = problem(client, path, 400)
    assert [choice["value"] for choice in told.get("choices", [])] == ([meant] if meant else [])
    assert told["remedy"].startswith(f"did you mean {meant}? Otherwise give a concept" if meant else "give a concept")
    page = client.get(path, headers={"Accept": CHROME}).text
    assert (f'href="?act={meant}"' in page) == bool(meant)


def test_no_answer_about_an_unnamed_source_says_that_it_is_unnamed(client: FlaskClient) -> None:
    said = "is an unnamed source: the article describes it without naming it."
    named, unnamed = (
        client.get(f"/queries/what-named-sources-say?source={source}", headers={"Accept": CHROME}).text
        for source in ("org/harbour-office", "source/harbour/two-dockers")
    )
    assert f">Two dockers</a> {said}" in unnamed
    assert "0 rows." in unnamed
    assert said not in named
    assert "identifies by office alone" in named


def test_lists_say_that_sources_described_by_office_are_among_the_named(client: FlaskClient) -> None:
    assert "identifies by office alone are among the named" in client.get("/sources.html?kind=named").text


def test_only_the_questions_that_the_settings_name_are_shown(
    settings: Settings, engine: EmbeddedEngine, release: Release
) -> None:
    app = create_app(dataclasses.replace(settings, questions=("timeline",)), engine, release)
    app.test_client_class = Client
    client = app.test_client()
    listed = re.findall('href="/queries/([a-z-]+)"', client.get("/queries", headers={"Accept": CHROME}).text)
    assert listed == ["timeline"]
    assert client.get("/queries/timeline", headers={"Accept": CHROME}).status_code == 200
    assert client.get(ABOUT, headers={"Accept": CHROME}).status_code == 404
