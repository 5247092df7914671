"""A saved document names its sources, its encoder and its licence."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import PREFIXES, PROV, QUOTH, RDF
from quoth.claim.rules import publication
from quoth.formats import RDF_FORMATS, Format
from quoth.release.publish import publish
from quoth.release.release import Release

from ...conftest import BASE, application
from ..rdf import parsed

CLAIM = "claim/harbour/dockers-late"
DOCKERS, ARTICLE = ox.NamedNode(BASE + "id/source/harbour/two-dockers"), ox.NamedNode(BASE + "id/article/harbour")
ENCODING = ox.NamedNode(ARTICLE.value + "#encoding")
LICENCE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
VARIANTS = [pytest.param(f, id=f.name) for f in RDF_FORMATS]


def dcterms(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["dcterms"] + name)


@pytest.mark.parametrize("format", VARIANTS)
def test_an_unnamed_source_comes_with_its_description_and_standing(client: FlaskClient, format: Format) -> None:
    said = parsed(client.get(f"/doc/{CLAIM}.{format.suffix}").data, format)
    warrant = ox.Literal("who unload the boats at Quay 4", language="en")
    assert {
        ox.Quad(DOCKERS, RDF.type, QUOTH.AnonymousSource),
        ox.Quad(DOCKERS, QUOTH.describedIn, ARTICLE),
        ox.Quad(DOCKERS, QUOTH.warrant, warrant),
    } <= said


@pytest.mark.parametrize("format", VARIANTS)
@pytest.mark.parametrize("name", [CLAIM, "article/harbour", "source/harbour/two-dockers"])
def test_a_claim_s_document_names_its_encoder_and_licence(client: FlaskClient, name: str, format: Format) -> None:
    said = parsed(client.get(f"/doc/{name}.{format.suffix}").data, format)
    encoded = {q.predicate for q in said if q.subject == ENCODING}
    assert {dcterms(p) for p in ("created", "description", "license", "rights")} <= encoded
    assert ox.Quad(ox.NamedNode(f"{BASE}doc/{name}"), dcterms("source"), ENCODING) in said


@pytest.mark.parametrize("format", VARIANTS)
@pytest.mark.parametrize("name", [CLAIM, "article/harbour", "org/velm-salt", "topic/velm-ferry-delay"])
def test_every_document_names_its_licence_dataset_and_release(
    client: FlaskClient, release: Release, name: str, format: Format
) -> None:
    said = parsed(client.get(f"/doc/{name}.{format.suffix}").data, format)
    document = ox.NamedNode(f"{BASE}doc/{name}")
    assert {
        ox.Quad(document, dcterms("license"), LICENCE),
        ox.Quad(
            document, ox.NamedNode(PREFIXES["void"] + "inDataset"), ox.NamedNode(BASE + ".well-known/void#dataset")
        ),
        ox.Quad(document, dcterms("isPartOf"), ox.NamedNode(f"{BASE}releases/{release.number}")),
    } <= said


def test_json_ld_nests_the_description_of_the_source(client: FlaskClient) -> None:
    text = client.get(f"/doc/{CLAIM}.jsonld").text
    source = json.loads(text)["attribution"]["source"]
    assert "AnonymousSource" in source["type"]
    assert source["warrant"] == "who unload the boats at Quay 4"
    assert '"http://rdfs.org/ns/void#' not in text
    assert '"dcterms:' not in text


def test_a_source_s_document_has_nothing_of_other_articles(tmp_path: Path) -> None:
    """A source may be described in many articles; a claim's document has the description that is its article's."""
    claim, level = ox.NamedNode(BASE + "id/" + CLAIM), ox.NamedNode(f"{BASE}id/{CLAIM}#attribution")
    statement = ox.Quad(DOCKERS, QUOTH.describedIn, ARTICLE)
    elsewhere = ox.Quad(DOCKERS, QUOTH.describedIn, ox.NamedNode(BASE + "id/article/other"))
    quads = [
        *(statement, elsewhere, ox.Quad(DOCKERS, RDF.type, QUOTH.Source), ox.Quad(claim, RDF.type, QUOTH.Claim)),
        *(ox.Quad(claim, PROV.wasQuotedFrom, ARTICLE), ox.Quad(claim, QUOTH.attribution, level)),
        ox.Quad(level, QUOTH.source, DOCKERS),
    ]
    publish(publication.published_quads(quads, BASE), releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    with application(tmp_path) as app:
        said = parsed(app.test_client().get(f"/doc/{CLAIM}.ttl").data, RDF_FORMATS[0])
    assert statement in said
    assert elsewhere not in said
