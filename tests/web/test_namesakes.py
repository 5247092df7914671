"""Two things of one name, wherever names are offered; and the one form of the address of a thing that is named."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from ..accept_headers import CHROME
from ..conftest import BASE
from ..small_article import BEAM, ENTITIES, MONTH, checked, document, site

TWINS = ["id/person/ada-roke", "id/person/roke"]
MORE = """
  - {id: id/person/roke, type: Person, label: Ada Roke}
  - {id: id/org/wardens, type: Organization, label: Wardens}
"""
LINKS = """# mapping_set_id: http://localhost:8000/id/linkset/register
# mapping_set_title: Links to a register
# mapping_set_description: Wardens is the name of the wardens there, and Quoth that of the newspaper.
# license: https://creativecommons.org/licenses/by/4.0/
# creator_id: id:org/quoth
# publication_date: "2026-11-23"
# object_source: id:dataset/register
# curie_map:
#   id: http://localhost:8000/id/
#   register: http://register.example/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_id\tmapping_date\tcomment
id:org/wardens\tskos:exactMatch\tregister:Wardens\tsemapv:ManualMappingCuration\tid:org/quoth\t2026-11-22\tRead.
id:org/evening-star\tskos:exactMatch\tregister:Quoth\tsemapv:ManualMappingCuration\tid:org/quoth\t2026-11-22\tRead.
"""
REGISTER = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix void: <http://rdfs.org/ns/void#> .
<id/dataset/register> a void:Dataset ; rdfs:label "Register"@en ; dcterms:identifier "register" ;
    void:uriSpace "http://register.example/" ; sh:pattern "^[A-Za-z]+$" .
"""
APART = [f"Ada Roke (person, {twin})" for twin in TWINS]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("twins")
    (folder / "register.sssom.tsv").write_text(LINKS, "utf-8")
    (folder / "register.ttl").write_text(REGISTER, "utf-8")
    report, quads = checked(folder, document(BEAM + MONTH, entities=ENTITIES.rstrip() + MORE))
    assert [f.message for f in report.findings if f.severity == "Violation"] == []
    with site(tmp_path_factory.mktemp("releases"), quads) as client:
        yield client


def page(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": CHROME}).text)


@pytest.mark.parametrize(
    "target",
    ["/queries/what-rests-on-one-source?source=Ada Roke", "/claims?source=ada roke", "/search?q=a&source=Ada Roke"],
)
def test_the_choices_of_an_error_are_told_apart(client: FlaskClient, target: str) -> None:
    response = client.get(target, headers={"Accept": "application/json"})
    assert response.status_code == 400
    problem = response.get_json(force=True)
    assert (problem["where"], problem["remedy"]) == ("source", "choose one of them")
    assert problem["choices"] == [{"label": name, "value": twin} for name, twin in zip(APART, TWINS, strict=True)]
    text = page(client, target)
    assert "Did you mean" not in text
    for name in APART:
        [href] = re.findall(rf'<a href="(\?[^"]+)">{re.escape(name)}</a>', text)
        assert client.get(target.partition("?")[0] + href, headers={"Accept": CHROME}).status_code == 200


def test_a_form_offers_each_with_what_tells_it_apart(client: FlaskClient) -> None:
    text = page(client, "/queries/what-is-claimed-about")
    for name, twin in zip(APART, TWINS, strict=True):
        assert f'<option value="{twin}" label="{name}">' in text
    assert '<option value="Ada Quill">' in text


def test_results_of_a_search_are_told_apart(client: FlaskClient) -> None:
    text, feed = page(client, "/search?q=ada"), client.get("/search.atom?q=ada").text
    for name, twin in zip(APART, TWINS, strict=True):
        assert f"person <code>{twin}</code>" in text
        assert f'<title xml:lang="en">{name}</title>' in feed or f"<title>{name}</title>" in feed
    assert "<code>id/person/ada-quill" not in text
    misspelt = page(client, "/search?q=rokke")
    assert all(name in misspelt for name in APART)


def test_candidates_of_reconciliation_are_told_apart(client: FlaskClient) -> None:
    queries = json.dumps({"q": {"query": "Ada Roke"}})
    found = client.post("/reconcile", data={"queries": queries}).get_json(force=True)["q"]["result"]
    typed = client.get("/reconcile/suggest/entity?prefix=ada").get_json(force=True)["result"]
    for offered in (found, typed):
        twins = [one for one in offered if one["name"] == "Ada Roke"]
        assert {one["description"].partition(" · ")[0] for one in twins} == {one["id"] for one in twins}
        assert len(twins) == 2


@pytest.mark.parametrize(
    "named",
    ["the council", "The Council", "org/council", "id/org/council", "/id/org/council", f"{BASE}doc/org/council",
     f"{BASE}id/org/council", " id/org/council "],
)  # fmt: skip
@pytest.mark.parametrize("parameter", ["source", "credited"])
def test_a_facet_takes_every_way_to_name_a_thing(client: FlaskClient, parameter: str, named: str) -> None:
    plain = client.get("/claims.csv", query_string={parameter: "org/council"})
    response = client.get("/claims.csv", query_string={parameter: named})
    assert (response.status_code, response.data) == (200, plain.data)
    assert len(response.data.splitlines()) == 2
    text = page(client, f"/claims.html?{parameter}={named}")
    assert f'rel="canonical" href="{BASE}claims?{parameter}=org%2Fcouncil"' in text
    assert client.get("/claims.csv", query_string={parameter: [named, "org/council"]}).data == plain.data


@pytest.mark.parametrize(
    ("parameter", "name", "value"),
    [("article", "Mill bridge shut", "article/bridge"), ("publisher", "the evening star", "org/evening-star"),
     ("author", "Ada Quill", "person/ada-quill"), ("source", "id/org/council", "org/council")],
)  # fmt: skip
def test_a_search_and_a_table_take_names(client: FlaskClient, parameter: str, name: str, value: str) -> None:
    for path in ("/claims.json?q=", "/search.json?q=a&"):
        by_name, by_iri = (client.get(f"{path}&{parameter}={given}") for given in (name, value))
        assert by_name.status_code == by_iri.status_code == 200, by_name.text
        assert by_name.get_json()["total"] == by_iri.get_json()["total"] > 0
        assert f"{parameter}={value.replace('/', '%2F')}" in by_name.headers["Link"]


def test_a_name_that_is_misspelt_has_others_suggested(client: FlaskClient) -> None:
    problem = client.get("/claims?source=the counsil", headers={"Accept": "application/json"})
    assert problem.status_code == 400
    assert {"label": "the council", "value": "id/org/council"} in problem.get_json(force=True)["choices"]
    text = page(client, "/claims?source=the counsil&certainty=certain&certainty=unknown")
    assert "Use one of these:" in text
    assert 'href="?certainty=certain&certainty=unknown&source=id%2Forg%2Fcouncil"' in text


def test_an_encoding_is_named_in_every_way(client: FlaskClient) -> None:
    encoding = client.get("/claims.json").get_json()["claims"][0]["encoding"]
    path = encoding.removeprefix(BASE)
    every = client.get("/claims.csv").data
    for named in (encoding, path, f"/{path}", path.removeprefix("id/")):
        assert client.get("/claims.csv", query_string={"encoding": named}).data == every, named


@pytest.mark.parametrize(
    ("iri", "value"),
    [("id/org/wardens", "Wardens"), ("id/person/roke", "id/person/roke"), ("id/org/quoth", "id/org/quoth")],
    ids=["that is an identifier of it", "that another has", "that is an identifier of another"],
)
def test_a_field_shows_the_name_that_leads_back(client: FlaskClient, iri: str, value: str) -> None:
    target = "/queries/what-is-claimed-about?entity="
    assert f'name="entity" type="text" value="{value}"' in page(client, target + iri)
    heads = {re.search("<h1>.*</h1>", page(client, target + named))[0] for named in (iri, value)}  # type: ignore[index]
    assert len(heads) == 1
