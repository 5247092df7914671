"""Other spellings of the shipped entities' names: each is reconciled with its entity."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from quoth.claim.reading import document
from quoth.claim.rules.publication import published_quads
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.release.publish import publish
from quoth.resources import folder
from quoth.web.app import create_app

BASE = "http://localhost:8000/"

SURE = {
    "Tehreek-e-Taliban Pakistan": "org/ttp",
    "TTP": "org/ttp",
    "TPP": "org/ttp",
    "T.T.P.": "org/ttp",
    "QDe.132": "org/ttp",
    "ISI": "org/isi",
    "Inter Service Intelligence": "org/isi",
    "inter-services intelligence": "org/isi",
    "Haqqanis": "org/haqqani-network",
    "The Haqqanis": "org/haqqani-network",
    "PAKISTAN ARMY": "org/pakistan-army",
    "Lashkar-e-Tayyaba": "org/lashkar-e-taiba",
    "JuA": "org/jamaat-ul-ahrar",
    "Khyber-Pakhtunkhwa": "place/khyber-pakhtunkhwa",
    "Washington DC": "place/washington",
    "Haqqani, Sirajuddin": "person/sirajuddin-haqqani",
    "Q843": "place/pakistan",
    "http://www.wikidata.org/entity/Q843": "place/pakistan",
}
UNSURE = {
    "Tehrek-e-Taliban Pakstan": "org/ttp",
    "Tahrik i Taliban Pakistan": "org/ttp",
    "Pakistan Tehrik-i-Taliban": "org/ttp",
    "Inter Services Inteligence": "org/isi",
    "Haqani Netwrok": "org/haqqani-network",
    "Haqani": "org/haqqani-network",
    "Sirajudin Haqani": "person/sirajuddin-haqqani",
    "Ehsanulla Ehsan": "person/ehsanullah-ehsan",
    "Lashkar e Toiba": "org/lashkar-e-taiba",
    "Jamat ul Ahraar": "org/jamaat-ul-ahrar",
    "Peshawer": "place/peshawar",
    "Afganistan": "place/afghanistan",
    "Indian agency": "group/indian-agencies",
    "sources aware of the developments": "source/army-ttp-talks/sources-aware",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    data = folder("data")
    paths = document.files([data / "entities.ttl", data / "articles", data / "links"])
    quads = [quad for path in paths for quad in document.read(path, BASE).quads]
    releases = tmp_path_factory.mktemp("releases")
    release = publish(published_quads(quads, BASE), releases=releases, base=BASE, report_ttl="", report_json="{}")
    engine = EmbeddedEngine(release.store_path, Limits(time_s=5, workers=1))
    yield create_app(Settings(releases=releases, public_url=BASE), engine, release).test_client()
    engine.close()


def first(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    candidate: dict[str, Any] = json.loads(response.text)["q"]["result"][0]
    return candidate


@pytest.mark.parametrize("name", SURE)
def test_exact_spellings_are_matches(client: FlaskClient, name: str) -> None:
    candidate = first(client, query=name)
    assert (candidate["id"], candidate["match"]) == (SURE[name], True)


@pytest.mark.parametrize("name", UNSURE)
def test_similar_spellings_are_the_best_candidate(client: FlaskClient, name: str) -> None:
    candidate = first(client, query=name)
    assert (candidate["id"], candidate["match"]) == (UNSURE[name], False)


def test_false_friends_are_no_identifiers(client: FlaskClient) -> None:
    taliban_of_afghanistan = "Q42418"
    response = client.post("/reconcile", data={"queries": json.dumps({"q": {"query": taliban_of_afghanistan}})})
    assert json.loads(response.text)["q"]["result"] == []


def test_a_claim_by_its_words_and_its_speaker(client: FlaskClient) -> None:
    speaker = {"pid": "attributedTo", "v": {"id": "source/army-ttp-talks/sources-aware", "name": "sources"}}
    candidate = first(client, query="Haqqanis", type="Claim", properties=[speaker])
    assert candidate["id"] == "claim/army-ttp-talks/talks-army-haqqanis"


def test_a_false_friend_is_no_match(client: FlaskClient) -> None:
    """The UN's TAi.083 is another Ehsanullah, as a linkset says, and nobody of ours."""
    asked = {"query": "Ehsanullah Ehsan", "type": "Person"}
    plain = first(client, **asked)
    friend = first(client, **asked, properties=[{"pid": "un", "v": "tai.083"}])
    assert plain["id"] == friend["id"] == "person/ehsanullah-ehsan"
    assert (plain["match"], friend["match"]) == (True, False)
    assert friend["score"] < plain["score"]
