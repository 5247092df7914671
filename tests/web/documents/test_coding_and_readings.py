"""What pages, tables, lists and citations say of claims in words, of inner acts and of ambiguous attributions."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ...conftest import BASE, application

CLAIMS = """
claims:
  - id: late
    source: id/org/harbour-office
    speechAct: said
    words: {exact: "the ferry was late", prefix: "— ", start: 14, end: 32}

  - id: boat
    source: id/org/velm-salt
    speechAct: offered
    addressee: id/org/pilots-guild
    cue: {exact: "Velm Salt has offered", start: 753, end: 774}
    words: {exact: "the guild a new boat", start: 775, end: 795}
    within: {source: id/source/harbour/two-dockers, speechAct: said}

  - id: boat-perhaps-through-dockers
    source: id/org/velm-salt
    speechAct: offered
    words: {exact: "a new boat", start: 785, end: 795}
    within: {source: id/source/harbour/two-dockers, speechAct: said, scope: ambiguous}

  - id: tea
    source: id/source/harbour/audit-report
    speechAct: recorded
    stance: endorses
    scope: ambiguous
    words: {exact: "The crates may hold untaxed tea", start: 719, end: 750}
    certainty: unknown
    polarity: positive
    realis: actual
    tense: present
    informationStatus: aside
    content: {eventType: characterisation, agent: {type: Thing, label: the crates}, attribute: holding untaxed tea}
"""


@pytest.fixture(scope="module")
def client(harbour: Path, texts: Texts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("coding")
    path = folder / "harbour.yaml"
    path.write_text(harbour.read_text("utf-8").partition("\nclaims:\n")[0] + CLAIMS, "utf-8")
    report, authored = check([path], BASE, texts)
    assert report.conforms, [str(f) for f in report.findings]
    releases = folder / "releases"
    publish(
        publication.published_quads(authored, BASE),
        releases=releases,
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )
    with application(releases) as app:
        yield app.test_client()


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return re.sub(r"\s+", " ", re.sub(r"<(?!script|meta)[^>]+>", "", response.text))


def structured(client: FlaskClient, path: str) -> dict[str, Any]:
    text = client.get(path, headers={"Accept": "text/html"}).text
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    found: dict[str, Any] = json.loads(block)
    return found


def test_a_claim_in_words_says_that_the_rest_is_not_coded(client: FlaskClient) -> None:
    text = page(client, "/doc/claim/harbour/late")
    assert "The harbour office said: “the ferry was late”." in text
    assert "Coded in words only" in text
    assert "Not coded: this claim is recorded only in the words above." in text
    assert not re.search(r"\b(unknown|uncertain|not stated)\b", text)


def test_a_chain_shows_inner_acts_and_leads_to_their_claims(client: FlaskClient) -> None:
    text = page(client, "/doc/claim/harbour/boat")
    assert "Velm Salt offered this to Pilots’ Guild, as two dockers said, as the article reports" in text
    html = client.get("/doc/claim/harbour/boat", headers={"Accept": "text/html"}).text
    assert '<a href="/doc/claim/harbour/boat-act">a claim of its own</a>' in html
    assert structured(client, "/doc/claim/harbour/boat")["creditText"] == (
        "Velm Salt offered this to Pilots’ Guild, as two dockers said, as the article reports."
    )
    act = page(client, "/doc/claim/harbour/boat-act")
    assert "Two dockers said that Velm Salt offered something to Pilots’ Guild: “Velm Salt has offered”." in act
    turtle = client.get("/doc/claim/harbour/boat", headers={"Accept": "text/turtle"}).text
    assert "speech-act#offered" not in turtle
    assert "speech-act:offered" not in turtle


def test_an_ambiguous_claim_names_every_candidate_and_no_more_than_all_share(client: FlaskClient) -> None:
    words = "A report of the Coast Audit, or the article itself: the text does not make clear who says this."
    path = "/doc/claim/harbour/tea"
    text = client.get(path, headers={"Accept": "text/html"}).text
    assert "Or: " in page(client, path)
    assert re.search(r'<meta (name|property)="(og:)?description" content="' + words[:40], text)
    described = structured(client, path)
    assert described["creditText"] == words
    assert "author" not in described
    assert "A report of the Coast Audit, or the article itself, said: “The crates may hold untaxed tea”." in page(
        client, path
    )
    assert "not stated" in page(client, path)
    assert "aside" in page(client, path)
    citation = client.get(f"{path}.bib").text
    assert "or the article itself" in citation
    assert words in next(line for line in citation.splitlines() if "note = " in line)
    [item] = json.loads(client.get(f"{path}.csl.json").text)
    assert words in item["note"]


def test_a_claim_that_came_through_one_or_another_names_both_ways(client: FlaskClient) -> None:
    path = "/doc/claim/harbour/boat-perhaps-through-dockers"
    words = (
        "Velm Salt offered this, as two dockers said, as the article reports, or else as the article itself reports: "
        "the text does not make clear who passed this on."
    )
    described = structured(client, path)
    assert described["creditText"] == rows(client)["boat-perhaps-through-dockers"]["chain"] == words
    assert described["name"] == "Two dockers, or the article itself, said that Velm Salt offered: “a new boat”."
    assert "author" not in described
    assert words in page(client, path)
    act = "Two dockers, or the article itself, said that Velm Salt offered something: “a new boat”."
    assert structured(client, f"{path}-act")["name"] == act


def test_the_author_of_a_claim_is_whom_the_article_vouches_for(client: FlaskClient) -> None:
    assert structured(client, "/doc/claim/harbour/boat")["author"] == [
        {"@id": f"{BASE}id/source/harbour/two-dockers", "name": "two dockers"}
    ]
    assert structured(client, "/doc/claim/harbour/late")["author"][0]["@id"] == f"{BASE}id/org/harbour-office"


def test_the_act_of_a_claim_in_words_is_not_coded_further_than_the_claim(client: FlaskClient) -> None:
    act = rows(client)["boat-act"]
    assert act["coding"] == "withContent"
    assert [act[c] for c in ("certainty", "polarity", "realis", "tense")] == ["not coded"] * 4
    assert "How certain it is, and whether it is given as fact, is not coded." in page(
        client, "/doc/claim/harbour/boat-act"
    )


def rows(client: FlaskClient, query: str = "") -> dict[str, dict[str, str]]:
    lines = client.get(f"/claims.csv{query}").text.splitlines()
    return {row["claim"].rpartition("/")[2]: row for row in csv.DictReader(lines)}


def test_the_table_tells_what_is_not_coded_from_what_is_unclear(client: FlaskClient) -> None:
    table = rows(client)
    assert set(table) == {
        *("late", "boat", "boat-act", "boat-perhaps-through-dockers", "boat-perhaps-through-dockers-act", "tea"),
    }
    late, tea = table["late"], table["tea"]
    assert [late[c] for c in ("coding", "certainty", "polarity", "realis", "tense")] == ["inWords", *["not coded"] * 4]
    assert [tea[c] for c in ("speaker", "depth", "voice", "certainty", "information_status")] == [
        "unclear", "unclear", "unclear", "unknown", "aside",
    ]  # fmt: skip
    assert tea["possible_speaker"] == f"{tea['article']} | a report of the Coast Audit"
    assert tea["possible_speaker_iri"].split(" | ") == [tea["article_iri"], f"{BASE}id/source/harbour/audit-report"]
    assert late["possible_speaker"] == ""
    in_words = {"late", "boat", "boat-perhaps-through-dockers"}
    assert set(rows(client, "?coding=inWords")) == in_words
    acts = {"boat-act", "boat-perhaps-through-dockers-act"}
    assert set(rows(client, "?certainty=not-coded")) == in_words | acts
    assert set(rows(client, "?possibly=source/harbour/audit-report")) == {"tea"}
    assert set(rows(client, "?informationStatus=aside")) == {"tea"}
    assert client.get("/claims.csv?credited=source/harbour/audit-report").text.count("\n") == 1


def test_json_has_the_other_readings(client: FlaskClient) -> None:
    found = client.get("/claims.json?informationStatus=aside").get_json()["claims"][0]
    assert [[source["iri"] for source in chain[0]["sources"]] for chain in found["readings"]] == [
        [f"{BASE}id/article/harbour"]
    ]
    assert found["depth"] is None
    assert found["voice"] == "unclear"


def test_lists_by_certainty_lose_no_claim_that_is_not_coded(client: FlaskClient) -> None:
    text = page(client, "/doc/org/harbour-office")
    assert "Credited to this organisation 1 claim" in text
    assert "Not coded" in text
    report = page(client, "/doc/source/harbour/audit-report")
    assert "Possibly credited to this document" in report
    assert "Credited to this" not in report
