"""The queries for Wikidata, over an extract of its shape; every file of queries can be read."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.link.remote import sparql_client
from quoth.link.remote.targets import QUERIES, Target
from quoth.sparql import named_queries, parameters

WIKIDATA = """
@prefix p: <http://www.wikidata.org/prop/> .
@prefix psv: <http://www.wikidata.org/prop/statement/value/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
wd:Q1 wikibase:statements 3 ; rdfs:label "Port Velm"@en , "Velmhafen"@de ; skos:altLabel "Velm"@en ;
  schema:description "a made-up town"@en ; wdt:P31 wd:Q10 ; p:P625 wd:s1 , wd:s2 .
wd:Q10 wdt:P279 wd:Q11 .
wd:s1 a wikibase:BestRank ;
  psv:P625 [ wikibase:geoLatitude 54.5 ; wikibase:geoLongitude -3.25 ; wikibase:geoGlobe wd:Q2 ] .
wd:s2 a wikibase:BestRank ;
  psv:P625 [ wikibase:geoLatitude 1.5 ; wikibase:geoLongitude 2.5 ; wikibase:geoGlobe wd:Q405 ] .
wd:Q3 owl:sameAs wd:Q1 .
"""
SPACE = "http://www.wikidata.org/entity/"


def test_wikidata_s_items_redirects_and_places() -> None:
    store = ox.Store()
    store.load(WIKIDATA.encode(), ox.RdfFormat.TURTLE)
    target = Target("wikidata", queries="wikidata")
    items = [ox.NamedNode(f"{SPACE}Q{n}") for n in (1, 3, 4)]
    text = parameters.bind(target.query("details").read_text("utf-8"), {"item": items, "language": [ox.Literal("en")]})
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = {tuple(getattr(t, "value", "").removeprefix(SPACE) for t in row) for row in solutions}
    assert rows == {
        ("Q1", "there", ""),
        ("Q1", "label", "Port Velm"),
        ("Q1", "alias", "Velm"),
        ("Q1", "description", "a made-up town"),
        ("Q1", "type", "Q10"),
        ("Q1", "type", "Q11"),
        ("Q3", "onwards", "Q1"),
    }
    text = parameters.bind(target.query("coordinates").read_text("utf-8"), {"item": items})
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    assert [[getattr(t, "value", "") for t in row] for row in solutions] == [[f"{SPACE}Q1", "54.5", "-3.25"]]
    assert target.query("labels").parent.name == "rdf", "what a folder has not is taken from the general one"


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.rq")), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_query_has_a_description_and_runs(path: Path) -> None:
    text = named_queries.read(path).text
    assert "LIMIT" in text
    assert isinstance(ox.Store().query(text), ox.QuerySolutions)


def test_a_lookup_tries_other_spellings_of_a_name() -> None:
    assert {"Pilots' Guild", "Pilots’ Guild", "PILOTS’ GUILD"} <= set(sparql_client._variants("the Pilots’ Guild"))
