"""Entities by their identifiers in other datasets, and the linksets in VoID."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import PREFIXES

BASE = "http://localhost:8000/"
FOUND = {
    "by a name": ("register=Velm_Salt", "id/org/velm-salt"),
    "with spaces about it": ("register=%20Velm_Salt+", "id/org/velm-salt"),
    "by an IRI": ("register=http://register.example/firm/Velm_Salt", "id/org/velm-salt"),
    "by what is only close": ("register=Harbour", "id/org/harbour-office"),
    "by an entry of a list": ("roll=Gd.12", "id/org/pilots-guild"),
    "in another case": ("roll=gD.12", "id/org/pilots-guild"),
    "with spaces within": ("roll=Gd.%2012", "id/org/pilots-guild"),
}


@pytest.mark.parametrize(("query", "entity"), FOUND.values(), ids=FOUND)
def test_an_identifier_leads_to_its_entity(client: FlaskClient, query: str, entity: str) -> None:
    response = client.get(f"/id/lookup?{query}")
    assert (response.status_code, response.headers.get("Location")) == (303, BASE + entity)
    assert client.get(response.headers["Location"]).status_code == 303
    assert client.head(f"/id/lookup?{query}").status_code == 303


def test_redirects_use_the_public_url(moved: FlaskClient) -> None:
    response = moved.get("/id/lookup?roll=Gd.12")
    assert response.headers["Location"] == "https://example.org/claims/id/org/pilots-guild"


REFUSED = {
    "nothing": ("", 400, "one identifier"),
    "two": ("register=Harbour&roll=Gd.12", 400, "one identifier"),
    "the same twice": ("roll=Gd.12&roll=Gd.13", 400, "one identifier"),
    "unknown scheme": ("viaf=1", 400, "not a scheme"),
    "another form": ("roll=12", 400, "not an identifier of Roll of Guilds"),
    "another case where it matters": ("register=velm_salt", 404, "links nothing with 'velm_salt'"),
    "unknown": ("roll=Gd.13", 404, "links nothing with"),
    "what is only related": ("register=Dockers", 404, "links nothing with"),
    "a false friend": ("register=Velm_Ferries", 404, "links nothing with"),
    "endless": ("register=" + "a" * 5000, 400, "not an identifier"),
    "control characters": ("register=%00%0A", 400, "not an identifier"),
    "an attack": ("register=x%3E%20%7D%20DROP", 400, "not an identifier"),
}


@pytest.mark.parametrize(("query", "status", "words"), REFUSED.values(), ids=REFUSED)
def test_an_unknown_identifier_is_answered_with_the_schemes(
    client: FlaskClient, query: str, status: int, words: str
) -> None:
    response = client.get(f"/id/lookup?{query}")
    problem = response.get_json()
    assert (response.status_code, problem["status"]) == (status, status)
    assert words in problem["detail"]
    assert len(response.data) < 2000
    schemes = "register (Coast Register), roll (Roll of Guilds)"
    assert schemes in problem["remedy"] or "identifiers match ^" in problem["remedy"]


def test_void_lists_the_linksets_with_their_counts(client: FlaskClient) -> None:
    store = ox.Store()
    store.load(client.get("/.well-known/void", headers={"Accept": "text/turtle"}).data, ox.RdfFormat.TURTLE)
    query = """SELECT ?linkset ?links WHERE {
        ?dataset a void:Dataset ; void:subset ?linkset ; void:sparqlEndpoint ?endpoint .
        ?linkset a void:Linkset ; void:subjectsTarget ?dataset ; void:objectsTarget/rdfs:label ?target ;
          void:triples ?links ; void:linkPredicate ?by ; void:propertyPartition/void:triples ?some
      } GROUP BY ?linkset ?links ORDER BY ?linkset"""
    solutions = store.query(query, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    assert [(str(s["linkset"].value), s["links"].value) for s in solutions] == [
        (BASE + "id/linkset/register", "3"),
        (BASE + "id/linkset/roll", "1"),
    ]
    names = {str(q.subject.value).rpartition("/")[2] for q in store if str(q.subject).startswith(f"<{BASE}id/")}
    parts = {f"register#by-{name}Match" for name in ("exact", "close", "related")} | {"roll#by-identifier"}
    assert names == {"register", "roll", *parts}


@pytest.mark.parametrize("name", ["org/velm-salt", "linkset/register"])
def test_a_document_has_the_links_with_who_made_them(client: FlaskClient, name: str) -> None:
    mapping = ox.NamedNode(BASE + "id/linkset/register#org/velm-salt/exactMatch/Velm_Salt")
    graph = ox.NamedNode(BASE + "id/linkset/register#mappings")
    quads = set(ox.parse(client.get(f"/doc/{name}.trig").data, ox.RdfFormat.TRIG))
    target = ox.NamedNode("http://register.example/firm/Velm_Salt")
    assert ox.Quad(mapping, ox.NamedNode(PREFIXES["owl"] + "annotatedTarget"), target, graph) in quads
    triples = ox.parse(client.get(f"/doc/{name}.ttl").data, ox.RdfFormat.TURTLE)
    assert not [t for t in triples if t.subject == mapping]
    assert client.get(f"/doc/{name}.html").status_code == 200
