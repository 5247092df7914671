"""Documents of earlier releases, and claims that were withdrawn."""

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import RDFS
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.formats import HTML, RDF_FORMATS, Format
from quoth.release.publish import publish
from quoth.release.release import Releases
from quoth.release.retention import prune
from quoth.web.app import create_app
from quoth.web.core import archive

from ...accept_headers import CHROME
from ...conftest import BASE, Client, application
from ..rdf import parsed

WITHDRAWN = "claim/harbour/company-paid-nobody"
STAYS = "claim/harbour/ferry-late"
EVERY = [pytest.param(f, id=f.name) for f in (*RDF_FORMATS, HTML)]
TITLE = ox.NamedNode(f"{BASE}id/article/harbour")


def without(quads: list[ox.Quad], name: str) -> list[ox.Quad]:
    """The quads that do not speak of a claim."""
    iri = f"{BASE}id/{name}"

    def of_it(term: object) -> bool:
        return isinstance(term, ox.NamedNode) and (term.value == iri or term.value.startswith(iri + "#"))

    return [q for q in quads if not any(map(of_it, (q.subject, q.object, q.graph_name)))]


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Path:
    """Release 1 is the article; 2 lacks a claim; 3 is like 2 with one label more."""
    folder = tmp_path_factory.mktemp("kept")
    _, authored = check.check([harbour], BASE, texts)
    fewer = without(list(authored), WITHDRAWN)
    german = ox.Quad(TITLE, RDFS.label, ox.Literal("Der Hafen", language="de"))
    for quads in (authored, fewer, [*fewer, german]):
        publish(publication.published_quads(quads, BASE), releases=folder, base=BASE, report_ttl="", report_json="{}")
    return folder


@pytest.fixture(scope="module")
def app(releases: Path) -> Iterator[Flask]:
    with application(releases) as app:
        yield app


@pytest.mark.parametrize("format", EVERY)
def test_a_withdrawn_claim_is_gone_in_every_variant(client: FlaskClient, format: Format) -> None:
    pinned = f"{BASE}releases/1/doc/{WITHDRAWN}"
    for path, there in (
        (f"/id/{WITHDRAWN}", pinned),
        (f"/doc/{WITHDRAWN}", pinned),
        (f"/doc/{WITHDRAWN}.{format.suffix}", f"{pinned}.{format.suffix}"),
    ):
        response = client.get(path, headers={"Accept": format.media_type})
        assert response.status_code == 410
        assert response.headers["Link"].startswith(f'<{there}>; rel="predecessor-version", <')
        assert f'<{BASE}doc/{WITHDRAWN}>; rel="original timegate"' in response.headers["Link"]
        assert "release 1" in response.text
        if format is HTML:
            assert response.content_type == HTML.content_type
            assert f'href="{there}"' in response.text
        else:
            problem = response.get_json(force=True)
            assert response.content_type == "application/problem+json"
            assert problem["type"] == f"{BASE}guide/errors#gone"
            assert problem["links"][0] == {"href": there, "rel": "predecessor-version"}
        assert (
            client.get(there.removeprefix(BASE.rstrip("/")), headers={"Accept": format.media_type}).status_code == 200
        )
    assert 'id="gone"' in client.get("/guide/errors").text


@pytest.mark.parametrize("format", EVERY)
def test_an_earlier_release_serves_its_documents(client: FlaskClient, format: Format) -> None:
    stem = f"releases/1/doc/{WITHDRAWN}"
    response = client.get(f"/{stem}", headers={"Accept": format.media_type})
    assert (response.status_code, response.content_type) == (200, format.content_type)
    assert response.headers["Content-Location"] == f"{BASE}{stem}.{format.suffix}"
    assert client.get(f"/{stem}.{format.suffix}").data == response.data
    header = response.headers["Link"]
    assert f'<{BASE}releases>; rel="version-history"' in header
    assert response.headers["Cache-Control"] == "no-cache"
    if format is HTML:
        assert 'href="/releases/1/doc/article/harbour"' in response.text
        assert "This is the version in release 1" in response.text
    else:
        document = ox.NamedNode(BASE + stem)
        version = ox.NamedNode("http://purl.org/dc/terms/isVersionOf")
        current = ox.NamedNode(f"{BASE}doc/{WITHDRAWN}")
        assert ox.Quad(document, version, current) in parsed(response.data, format)


@pytest.mark.parametrize("format", EVERY)
def test_a_pinned_document_links_to_the_current_one(client: FlaskClient, format: Format) -> None:
    for name, current in ((STAYS, True), (WITHDRAWN, False)):
        response = client.get(f"/releases/1/doc/{name}.{format.suffix}")
        for relation in ("canonical", "latest-version"):
            assert (f'<{BASE}doc/{name}>; rel="{relation}"' in response.headers["Link"]) == current
        if format is HTML:
            assert ("See the current release" in response.text) == current
            assert (f'<link rel="canonical" href="{BASE}doc/{name}">' in response.text) == current
            assert (f'href="/doc/{name}"' in response.text) == current


def test_each_release_keeps_its_statements(client: FlaskClient) -> None:
    titled = ["Der Hafen" in client.get(f"/releases/{n}/doc/article/harbour.nt").text for n in (1, 2, 3)]
    assert titled == [False, False, True]
    tags = {n: client.get(f"/releases/{n}/doc/{STAYS}.nq").headers["ETag"] for n in (1, 2, 3)}
    assert len(set(tags.values())) == 3
    for n, tag in tags.items():
        assert client.get(f"/releases/{n}/doc/{STAYS}.nq", headers={"If-None-Match": tag}).status_code == 304


def test_a_document_says_how_to_cite_it(client: FlaskClient) -> None:
    header = client.get(f"/doc/{STAYS}").headers["Link"]
    assert f'<{BASE}releases/3/doc/{STAYS}>; rel="cite-as"' in header
    assert f'<{BASE}releases>; rel="version-history"' in header


@pytest.mark.parametrize(
    "path",
    [
        f"releases/9/doc/{STAYS}",
        f"releases/2/doc/{WITHDRAWN}",
        f"releases/007/doc/{STAYS}",
        f"releases/0/doc/{STAYS}",
        "releases/1/doc/nothing",
        f"releases/1/id/{STAYS}",
        "releases/1/doc/",
    ],
)
def test_a_document_in_no_release_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/{path}").status_code == 404


def test_few_releases_are_open_at_a_time(app: Flask) -> None:
    settings = dataclasses.replace(app.extensions["quoth"].settings, open_releases=1)
    releases = archive.ReleaseArchive(dataclasses.replace(app.extensions["quoth"], settings=settings))
    held = releases.site(1)
    assert releases.site(1) is held
    assert releases.site(3) is releases.site(3)  # the current one, which is open anyway
    assert releases.site(1) is held
    releases.site(2)
    assert releases.site(1) is not held
    # A release that was closed can still be read by those who began before.
    assert held.about(f"{BASE}id/{WITHDRAWN}")


def test_releases_are_listed(client: FlaskClient, releases: Path) -> None:
    listed = client.get("/releases.json").get_json()
    assert [r["release"] for r in listed] == [3, 2, 1]
    assert [r["current"] for r in listed] == [True, False, False]
    assert listed[2]["documents"] == f"{BASE}releases/1/doc/"
    assert client.get("/releases", headers={"Accept": "application/json"}).get_json() == listed
    page = client.get("/releases", headers={"Accept": CHROME})
    assert page.content_type == HTML.content_type
    assert page.text.count("<tr>") == 4
    for number in (1, 2, 3):
        manifest = client.get(f"/releases/{number}", headers={"Accept": "application/json"}).get_json(force=True)
        assert manifest == json.loads((releases / str(number) / "manifest.json").read_text())
        assert f"Release {number}</h1>" in client.get(f"/releases/{number}", headers={"Accept": CHROME}).text
        assert client.get(f"/releases/{number}/claims.nq.gz").status_code == 200


def test_every_release_is_described(client: FlaskClient) -> None:
    said = [client.get(f"/releases/{n}.nt").text.replace(f"releases/{n}", "releases/n") for n in (1, 3)]
    properties = [sorted(line.split(" ")[1] for line in text.splitlines()) for text in said]
    assert properties[0] == properties[1]
    assert "<http://purl.org/dc/terms/license>" in said[0]


def test_with_another_engine_every_release_that_is_kept_has_its_documents(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases, tmp_path / "copy", symlinks=True)
    folder = Releases(tmp_path / "copy")
    release = folder.current()
    engine = EmbeddedEngine(release.store_path, Limits(workers=1))  # in the place of the other one
    shutil.rmtree(folder.path / "2" / "store")
    settings = Settings(releases=folder.path, public_url=BASE, engine="http://localhost:1/sparql")
    app = create_app(settings, engine, release)
    app.test_client_class = Client
    client = app.test_client()
    assert client.get(f"/releases/3/doc/{STAYS}").status_code == 200
    assert client.get(f"/releases/1/doc/{WITHDRAWN}").status_code == 200
    response = client.get(f"/releases/2/doc/{STAYS}")
    assert response.status_code == 404
    assert "its store was not kept" in response.get_json(force=True)["detail"]
    assert [r["documents"] is None for r in client.get("/releases.json").get_json()] == [False, True, False]
    engine.close()


def test_a_removed_release_is_gone_and_leads_to_what_is_kept(releases: Path, tmp_path: Path) -> None:
    shutil.copytree(releases, tmp_path / "copy", symlinks=True)
    with application(tmp_path / "copy") as app:
        client = app.test_client()
        assert client.get(f"/releases/1/doc/{WITHDRAWN}").status_code == 200
        assert "/releases/1/" in client.get(f"/timemap/{STAYS}").text
        assert prune(tmp_path / "copy", 2).removed == [1]
        for path in ("", ".json", "/claims.nq", "/SHA256SUMS", f"/doc/{WITHDRAWN}", f"/doc/{STAYS}.ttl"):
            for accept in ("application/json", CHROME):
                gone = client.get(f"/releases/1{path}", headers={"Accept": accept})
                assert gone.status_code == 410
                assert "release 1 is no longer kept" in gone.text.lower()
        timemap = f"{BASE}timemap/{STAYS}"
        assert timemap in client.get(f"/releases/1/doc/{STAYS}").headers["Link"]
        assert timemap in client.get(f"/releases/1/doc/{STAYS}", headers={"Accept": CHROME}).text
        assert "timemap" not in client.get(f"/releases/1/doc/{WITHDRAWN}").text  # no version is kept
        assert "/releases/1/" not in client.get(f"/timemap/{STAYS}").text
        assert client.get(f"/timemap/{WITHDRAWN}").status_code == 404
        changes = client.get("/releases/1").headers["Link"].partition(">")[0].removeprefix(f"<{BASE}")
        assert client.get(f"/{changes}").status_code == 200
        # A release that never was is no such thing.
        assert client.get("/releases/4").status_code == 404
        assert client.get(f"/doc/{WITHDRAWN}").status_code == 410
        assert "releases/1/doc" not in client.get(f"/doc/{WITHDRAWN}").text
        assert [r["release"] for r in client.get("/releases.json").get_json()] == [3, 2]
        earliest = client.get(f"/doc/{STAYS}", headers={"Accept-Datetime": "Thu, 01 Jan 1970 00:00:00 GMT"})
        assert earliest.headers["Location"] == f"{BASE}releases/2/doc/{STAYS}"
