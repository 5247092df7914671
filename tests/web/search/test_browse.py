"""The lists of things in every format: the same things, with their labels and the number of their claims."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import RDF, RDFS
from quoth.formats import OX_RDF, TURTLE
from quoth.web.describe.self_description import HYDRA
from quoth.web.present.lists.list_formats import LIST_OFFERS
from quoth.web.search import browse
from quoth.web.search.browse import COLUMNS

from ..rdf import parsed, texts

LISTS = ("articles", "entities", "sources", "topics")
BASE = "http://localhost:8000"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_the_same_things_in_every_format(client: FlaskClient, name: str) -> None:
    things = client.get(f"/{name}.json").get_json()[name]
    table = list(csv.DictReader(io.StringIO(client.get(f"/{name}.csv").text)))
    assert list(table[0]) == list(COLUMNS)
    assert [(row["iri"], row["label"], row["claims"]) for row in table] == [
        (thing["iri"], thing["label"], str(thing["claims"])) for thing in things
    ]
    for format in LIST_OFFERS:
        response = client.get(f"/{name}", headers={"Accept": format.media_type})
        assert response.content_type == format.content_type
        assert response.headers["Content-Location"] == f"{BASE}/{name}.{format.suffix}"
        if format.name not in OX_RDF:
            continue
        quads = parsed(response.data, format)
        assert set(texts(quads, f"{BASE}/{name}", HYDRA.member)) == {thing["iri"] for thing in things}
        for thing in things:
            assert texts(quads, thing["iri"], RDF.type)
            assert texts(quads, thing["iri"], RDFS.label)
            [listed] = texts(quads, thing["iri"], RDFS.seeAlso)
            assert texts(quads, listed, HYDRA.totalItems) == [str(thing["claims"])]
            if format.suffix == "ttl":
                claims = client.get(listed.removeprefix(BASE), headers={"Accept": "application/json"})
                assert claims.get_json()["total"] == thing["claims"]


def test_a_page_of_a_list_leads_to_the_next_in_the_body(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "PAGE_ROWS", 3)
    quads = parsed(client.get("/entities.ttl?kind=organisations").data, TURTLE)
    [following] = texts(quads, f"{BASE}/entities.ttl?kind=organisations", HYDRA.next)
    assert following == f"{BASE}/entities.ttl?kind=organisations&page=2"
    assert client.get(following.removeprefix(BASE)).status_code == 200


@pytest.mark.parametrize("name", ["queries", "releases"])
def test_a_short_list_has_the_same_things_in_every_format(client: FlaskClient, name: str) -> None:
    things = {thing["url"] for thing in client.get(f"/{name}.json").get_json()}
    page = client.get(f"/{name}.html").text
    assert things
    assert {row["url"] for row in csv.DictReader(io.StringIO(client.get(f"/{name}.csv").text))} == things
    for format in LIST_OFFERS[1:]:
        assert f'<a href="/{name}.{format.suffix}" type="{format.media_type}" rel="alternate">' in page
        response = client.get(f"/{name}", headers={"Accept": format.media_type})
        assert response.content_type == format.content_type
        if format.name in OX_RDF:
            quads = parsed(response.data, format)
            assert set(texts(quads, f"{BASE}/{name}", HYDRA.member)) == things
            assert all(texts(quads, thing, RDFS.label if name == "queries" else RDF.type) for thing in things)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_s_page_links_every_format(client: FlaskClient, name: str) -> None:
    page = client.get(f"/{name}.html").text
    for format in LIST_OFFERS[1:]:
        assert f'<link rel="alternate" type="{format.media_type}" href="{BASE}/{name}.{format.suffix}"' in page
        assert f'<a href="/{name}.{format.suffix}" type="{format.media_type}" rel="alternate">' in page


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/doc/org/velm-salt", "about=org%2Fvelm-salt"),
        ("/doc/org/harbour-office", "source=org%2Fharbour-office"),
        ("/doc/source/harbour/two-dockers", "source=source%2Fharbour%2Ftwo-dockers"),
        ("/doc/topic/velm-ferry-delay", "topic=topic%2Fvelm-ferry-delay"),
        ("/doc/article/harbour", "article=article%2Fharbour"),
    ],
)
def test_the_page_of_a_thing_leads_to_the_csv_of_its_claims(client: FlaskClient, path: str, query: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert f'href="/claims.csv?{query}"' in page
    assert f'href="/claims?{query}"' in page
    assert len(client.get(f"/claims.csv?{query}").text.splitlines()) > 1


@pytest.mark.parametrize(
    "path",
    ["/entities.csv?knid=organisations", "/sources.json?q=ferry", "/suggest?query=harb", "/queries.csv?x=1",
     "/releases.json?q=1", "/queries?group=When"],
)  # fmt: skip
def test_a_parameter_that_a_list_does_not_have_is_refused(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert "there is no parameter" in response.get_json()["detail"]
    assert response.get_json()["remedy"].startswith(("the parameters are kind, ", "the only parameter is "))


@pytest.mark.parametrize("name", ["articles", "entities", "sources", "topics", "claims", "queries", "releases"])
@pytest.mark.parametrize("suffix", ["csv", "json", "ttl", "html"])
def test_a_page_that_is_not_there_is_not_found(client: FlaskClient, name: str, suffix: str) -> None:
    assert client.get(f"/{name}.{suffix}?page=1").status_code == 200
    assert client.get(f"/{name}.{suffix}?page=99").status_code == 404
    assert client.get(f"/{name}.{suffix}?page=0").status_code == 400
