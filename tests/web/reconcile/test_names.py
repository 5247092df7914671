"""Names that are written in another way than here: with plain letters, inverted, with initials, in part."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from quoth.web.reconcile.scoring import EXACT, MATCH

from ...small_article import ENTITIES, MONTH, checked, document, site

NAMED = (
    ENTITIES
    + """
  - {id: id/person/renee, type: Person, label: "Renée Møller-Bąk"}
  - {id: id/person/jk, type: Person, label: "J. K. Holm", altLabel: ["Joan Katherine Holm"]}
  - {id: id/org/works, type: Organization, label: {"@value": "مكتب الجسور", "@language": ar}}
  - {id: id/place/bay, type: Place, label: {"@value": "西海湾", "@language": zh-Hans}}
  - {id: id/org/dye, type: Organization, label: 'Dyes, "Ltd."'}
"""
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("names")
    report, quads = checked(folder / "documents", document(MONTH, entities=NAMED))
    assert report.conforms, report.findings
    with site(folder / "releases", quads) as client:
        yield client


def best(client: FlaskClient, text: str) -> tuple[str, float, bool]:
    answer = json.loads(client.post("/reconcile", data={"queries": json.dumps({"q": {"query": text}})}).text)
    first = answer["q"]["result"][0]
    return first["id"], first["score"], first["match"]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        *((text, "person/renee") for text in ("Renee Moller-Bak", "RENÉE MØLLER-BĄK", "Rene\u0301e Møller Ba\u0328k")),
        *((text, "person/jk") for text in ("J K Holm", "J.K. Holm", "JK Holm", "j. k. holm")),
        *((text, "org/works") for text in ("مَكتب الجسور", "مكتب_الجسور", " مكتب الجسور ")),
        *((text, "place/bay") for text in ("西海湾", "西 海 湾")),
        *((text, "org/dye") for text in ("Dyes Ltd", "DYES, Ltd.")),
    ],
)
def test_the_same_name_in_other_letters_scores_100(names: FlaskClient, text: str, entity: str) -> None:
    assert best(names, text) == (entity, 100, True)


@pytest.mark.parametrize(
    "text", ["Holm, J. K.", "Holm, J.K.", "Holm, Joan Katherine", "Møller-Bąk, Renée", "Moller Bak, Renee"]
)
def test_an_inverted_name_is_a_match(names: FlaskClient, text: str) -> None:
    entity, score, match = best(names, text)
    assert (entity, score, match) == ("person/jk" if "Holm" in text else "person/renee", EXACT["name-inverted"], True)


@pytest.mark.parametrize("text", ["J. Holm", "Joan K. Holm", "Holm, J.", "J. Katherine Holm"])
def test_initials_are_likely_but_no_match(names: FlaskClient, text: str) -> None:
    entity, score, match = best(names, text)
    assert (entity, match) == ("person/jk", False)
    assert 60 < score <= EXACT["name-initials"] < MATCH


@pytest.mark.parametrize("text", ["K. Holm", "J. Helm"])
def test_other_initials_are_somebody_else(names: FlaskClient, text: str) -> None:
    assert best(names, text)[1] < EXACT["name-initials"]


@pytest.mark.parametrize(("text", "entity"), [("海湾", "place/bay"), ("جسور", "org/works"), ("西海", "place/bay")])
def test_a_part_of_a_word_without_spaces_has_candidates(names: FlaskClient, text: str, entity: str) -> None:
    found, score, match = best(names, text)
    assert (found, match) == (entity, False)
    assert 20 < score < MATCH


def test_a_search_finds_them_too(names: FlaskClient) -> None:
    for text, entity in {"moller bak": "person/renee", "海湾": "place/bay", "جسور": "org/works"}.items():
        [hit] = json.loads(names.get("/search.json", query_string={"q": text}).text)["results"]
        assert hit["iri"].endswith(entity)
