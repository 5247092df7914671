"""What a proposed encoding mentions and infers is marked on pages, and no place is listed twice."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ...small_article import BEAM, MONTH, TEXT, checked, claim, document, site

PAGE = {"Accept": "text/html"}
MARK = "Proposed, not reviewed: "
START = TEXT.index("The council")
MENTIONS = f"\nmentions:\n  - {{of: id/org/council, exact: The council, start: {START}, end: {START + 11}}}\n"
GUESSED = """
topics:
  - {id: id/topic/repair, label: the repair, scopeNote: How long it takes.}
inference:
  - attributedTo: id/org/quoth
    comment: Guessed by a program.
    graph:
      - {id: beam-cracked, inTensionWith: a-month, because: The program takes the two to differ.}
      - {id: "id/claim/bridge/shut#situation", concerns: id/topic/repair}
"""
CODED = (
    "certainty: certain, polarity: positive, realis: actual, tense: past, stance: endorses, scope: inherited, "
    "content: {eventType: closure, affected: id/org/council}, words:"
)
SHUT = claim("shut", "id/org/council", "said", "The council said that a beam had cracked").replace("words:", CODED)
FORECAST = CODED.replace("realis: actual, tense: past", "realis: predicted, tense: future")
BOTH = BEAM.replace("words:", CODED) + MONTH.replace("words:", FORECAST)
FIRST = document(BOTH, encoding="status: reviewed") + MENTIONS
SECOND = document(SHUT, encoding='id: "#encoding-2"\n  status: proposed') + MENTIONS


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("bridge")
    report, quads = checked(folder / "data", FIRST, SECOND + GUESSED)
    assert report.conforms, report.findings
    with site(folder / "releases", quads) as client:
        yield client


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=PAGE)
    assert response.status_code == 200, response.text
    return response.text


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/doc/claim/bridge/beam-cracked", "The program takes"),
        ("/doc/claim/bridge/a-month", "The program takes"),
        ("/doc/org/council", "The program takes"),
        ("/doc/article/bridge", "Guessed by a program"),
    ],
)
def test_a_proposed_reason_is_marked(bridge: FlaskClient, path: str, reason: str) -> None:
    text = re.sub(r"<pre.*?</pre>", "", page(bridge, path), flags=re.DOTALL)  # the data, whose graph says it
    assert text.count(reason) == text.count(MARK + reason) == 1


def test_a_proposed_topic_is_marked(bridge: FlaskClient) -> None:
    assert re.search(r'the repair</a> <span class="tag">proposed', page(bridge, "/doc/claim/bridge/shut"))


def test_quads_of_a_proposed_inference_say_so(bridge: FlaskClient) -> None:
    lines = bridge.get("/doc/claim/bridge/beam-cracked.nq").text.splitlines()
    graph = "<http://localhost:8000/id/article/bridge#encoding-2-inference>"
    assert any(line.endswith(f"{graph} .") for line in lines)
    assert any(line.startswith(f"{graph} <https://w3id.org/quoth/ns#encoding>") for line in lines)


@pytest.mark.parametrize("path", ["/doc/org/council", "/doc/article/bridge"])
def test_mentions_are_those_of_the_counted_encoding(bridge: FlaskClient, path: str) -> None:
    [places] = re.findall(r'<details class="mentions">.*?</details>', page(bridge, path), re.DOTALL)
    assert places.count("<q>The council</q>") == 1
    assert "proposed" not in places


def test_a_document_has_the_mentions_of_each_encoding(bridge: FlaskClient) -> None:
    text = bridge.get("/doc/article/bridge.nt").text
    assert {"bridge#mention-36", "bridge#encoding-2-mention-36"} <= set(re.findall(r"bridge#[\w-]*mention-\d+", text))
    lying = {line.split()[0].rpartition("/")[2] for line in text.splitlines() if "#mentionedIn>" in line}
    assert lying == {"bridge#encoding-2-mention-36>"}, "only the second encoding has a claim with these words"


def test_proposed_mentions_are_marked_where_they_are_all(tmp_path: Path) -> None:
    _, quads = checked(tmp_path / "data", SECOND)
    with site(tmp_path / "releases", quads) as client:
        [places] = re.findall(r'<details class="mentions">.*?</details>', page(client, "/doc/org/council"), re.DOTALL)
    assert re.search(r'The council</q> <span class="tag">proposed', places)
