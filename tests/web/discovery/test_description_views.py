"""Descriptions of the dataset in every format and as pages: /, /catalog, VoID, the shapes, a release."""

import dataclasses
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.formats import HTML, JSONLD, OX_RDF, RDF_FORMATS, Format
from quoth.release.release import Release
from quoth.resources import folder
from quoth.web.app import create_app

from ...accept_headers import CHROME, COMUNICA, RDFLIB
from ...conftest import BASE, Client
from ..rdf import parsed

DATASET = ox.NamedNode(BASE + ".well-known/void#dataset")
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
EVERY = [pytest.param(f, id=f.name) for f in (*RDF_FORMATS, HTML)]
STEMS = {"/": "index", "/catalog": "catalog", "/.well-known/void": ".well-known/void", "/releases/1": "releases/1"}


def statements(data: bytes, format: Format) -> set[ox.Quad]:
    return set(ox.parse(data, format=OX_RDF[format.name]))


def objects(quads: set[ox.Quad], subject: ox.NamedNode, predicate: str) -> set[str]:
    values = (q.object for q in quads if q.subject == subject and q.predicate.value == predicate)
    return {getattr(o, "value", "") for o in values}


@pytest.mark.parametrize("format", EVERY)
@pytest.mark.parametrize("path", STEMS)
def test_a_description_is_negotiated(client: FlaskClient, path: str, format: Format) -> None:
    answer = client.get(path, headers={"Accept": format.media_type})
    assert (answer.status_code, answer.content_type) == (200, format.content_type)
    assert answer.headers["Content-Location"] == f"{BASE}{STEMS[path]}.{format.suffix}"
    assert client.get(f"/{STEMS[path]}.{format.suffix}").data == answer.data
    assert f'<{BASE}{path[1:]}>; rel="canonical"' in answer.headers["Link"]
    assert "Accept" in answer.vary
    for other in RDF_FORMATS:
        link = f'<{BASE}{STEMS[path]}.{other.suffix}>; rel="alternate"; type="{other.media_type}"'
        # A loader of JSON-LD has what it wants, and PyLD's fails over several alternates.
        assert (link in answer.headers["Link"]) == (other is not format is not JSONLD)
    # The catalogue also changes where a release is removed, of which no date tells.
    assert ("Last-Modified" in answer.headers) == (path != "/catalog")
    dated = {"If-Modified-Since": answer.headers["Last-Modified"]} if path != "/catalog" else {}
    for header in ({"If-None-Match": answer.headers["ETag"]}, *([dated] if dated else [])):
        assert client.get(path, headers={"Accept": format.media_type, **header}).status_code == 304


@pytest.mark.parametrize("path", STEMS)
def test_every_format_says_the_same(client: FlaskClient, path: str) -> None:
    said = [statements(client.get(path, headers={"Accept": f.media_type}).data, f) for f in RDF_FORMATS]
    assert said[0]
    assert all(other == said[0] for other in said)


@pytest.mark.parametrize("path", STEMS)
def test_programs_get_rdf_and_browsers_a_page(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Accept": RDFLIB}).mimetype == "text/turtle"
    assert client.get(path, headers={"Accept": COMUNICA}).mimetype == "application/n-quads"
    page = client.get(path, headers={"Accept": CHROME})
    assert page.mimetype == "text/html"
    assert page.text.count("<h1") == 1


def test_the_front_page_is_html_for_any_media_type(client: FlaskClient) -> None:
    for headers in ({}, {"Accept": "*/*"}):
        assert client.get("/", headers=headers).mimetype == "text/html"
    refused = client.get("/", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.get_json(force=True)["remedy"]


def test_the_front_page_as_rdf_is_void_and_the_catalogue(client: FlaskClient) -> None:
    quads = statements(client.get("/index.ttl").data, RDF_FORMATS[0])
    assert statements(client.get("/.well-known/void.ttl").data, RDF_FORMATS[0]) <= quads
    assert statements(client.get("/catalog.ttl").data, RDF_FORMATS[0]) <= quads, "there is but one release"


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_the_page_of_a_description_shows_it_as_turtle(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": CHROME}).text
    source = page.partition('<pre class="source" tabindex="0"><code>')[2].partition("</code>")[0]
    assert unescape(source).strip() == client.get(f"{path}.ttl").text.strip()
    for format in RDF_FORMATS:
        assert f'href="{path}.{format.suffix}"' in page


def test_the_front_page_embeds_the_catalogue_s_data(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": CHROME}).text
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    embedded: dict[str, Any] = json.loads(block)
    assert embedded["@id"] == DATASET.value
    quads = statements(client.get("/catalog.ttl").data, RDF_FORMATS[0])
    files = {d["contentUrl"]: d["encodingFormat"] for d in embedded["distribution"] if "encodingFormat" in d}
    types = {
        q.subject: q.object.value.partition("media-types/")[2]  # type: ignore[union-attr]
        for q in quads
        if q.predicate.value == DCAT + "mediaType"
    }
    assert files == {
        q.object.value: types[q.subject]  # type: ignore[union-attr]
        for q in quads
        if q.predicate.value == DCAT + "downloadURL"
    }


def test_void_names_the_formats_of_documents(client: FlaskClient) -> None:
    quads = statements(client.get("/.well-known/void.ttl").data, RDF_FORMATS[0])
    formats = "http://www.w3.org/ns/formats/"
    names = ("Turtle", "TriG", "JSON-LD", "N-Quads", "N-Triples", "RDF_XML")
    assert objects(quads, DATASET, VOID + "feature") == {formats + name for name in names}


def test_a_release_is_what_the_catalogue_says_of_it(client: FlaskClient) -> None:
    quads = statements(client.get("/releases/1.ttl").data, RDF_FORMATS[0])
    assert quads <= statements(client.get("/catalog.ttl").data, RDF_FORMATS[0])
    release = ox.NamedNode(BASE + "releases/1")
    assert objects(quads, release, DCAT + "isVersionOf") == {DATASET.value}
    assert len(objects(quads, release, DCAT + "distribution")) == 4
    assert client.get("/releases/1", headers={"Accept": "application/json"}).get_json()["release"] == 1
    assert client.get("/releases/1").mimetype == "text/html"


def test_the_shapes_are_one_graph(client: FlaskClient) -> None:
    whole = client.get("/shapes", headers={"Accept": "text/turtle"})
    assert whole.headers["Content-Location"] == BASE + "shapes.ttl"
    paths = [folder("shapes") / f"{name}.ttl" for name in ("claims", "published")]
    files = [set(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)) for path in paths]
    assert 0 < len(statements(whole.data, RDF_FORMATS[0])) == sum(map(len, files))
    assert parsed(client.get("/shapes.jsonld").data, RDF_FORMATS[2])
    assert client.get("/shapes", headers={"Accept": CHROME}).mimetype == "text/html"


@pytest.mark.parametrize("path", ["/", "/.well-known/void", "/releases/1", "/ns", "/ns/certainty", "/shapes"])
def test_descriptions_have_last_modified(client: FlaskClient, release: Release, path: str) -> None:
    made = datetime.fromisoformat(release.manifest.created)
    changed = parsedate_to_datetime(client.get(path).headers["Last-Modified"])
    assert made <= changed <= datetime.now(UTC)
    if path in ("/", "/.well-known/void", "/releases/1"):
        assert changed == datetime.fromtimestamp(int((release.path.parent / "current").lstat().st_mtime), UTC)


@pytest.mark.parametrize(
    ("contact", "property"),
    [("mailto:claims@example.org", "hasEmail"), ("https://example.org/contact", "hasURL"), ("", "")],
)
def test_the_contact_is_the_setting_or_absent(
    settings: Settings, engine: EmbeddedEngine, release: Release, contact: str, property: str
) -> None:
    app = create_app(dataclasses.replace(settings, contact=contact), engine, release)
    app.test_client_class = Client
    quads = statements(app.test_client().get("/catalog.ttl").data, RDF_FORMATS[0])
    point = ox.NamedNode(BASE + "catalog#contact")
    assert objects(quads, DATASET, DCAT + "contactPoint") == ({point.value} if contact else set())
    assert objects(quads, point, f"http://www.w3.org/2006/vcard/ns#{property}") == ({contact} if contact else set())


def test_the_settings_describe_the_dataset(settings: Settings, engine: EmbeddedEngine, release: Release) -> None:
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    told = {"title": "Claims of <Velm>", "publisher": "id/org/velm-news"}
    named = dataclasses.replace(settings, title=told["title"], publisher=told["publisher"], licence=licence)
    app = create_app(named, engine, release)
    app.test_client_class = Client
    client = app.test_client()
    for path in ("/.well-known/void.ttl", "/catalog.ttl"):
        quads = statements(client.get(path).data, RDF_FORMATS[0])
        values = [
            objects(quads, DATASET, f"http://purl.org/dc/terms/{name}") for name in ("title", "publisher", "license")
        ]
        assert values == [{told["title"]}, {BASE + told["publisher"]}, {licence}]
    page = client.get("/", headers={"Accept": CHROME}).text
    assert "<h1>Claims of &lt;Velm&gt;</h1>" in page
    assert "<title>Claims of &lt;Velm&gt;: who says so?</title>" in page


def test_a_dataset_without_settings_has_the_title_of_all_and_no_publisher(client: FlaskClient) -> None:
    quads = statements(client.get("/.well-known/void.ttl").data, RDF_FORMATS[0])
    assert objects(quads, DATASET, "http://purl.org/dc/terms/title") == {"Attributed claims"}
    assert objects(quads, DATASET, "http://purl.org/dc/terms/publisher") == set()
