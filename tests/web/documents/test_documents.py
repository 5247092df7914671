"""Long documents in pages, and labels in a reader's language."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS, SCHEMA, XSD
from quoth.claim.rules import publication
from quoth.formats import RDF_FORMATS, Format
from quoth.release.publish import publish
from quoth.web.core.site import Site
from quoth.web.describe import description

from ...conftest import BASE, application
from ...serving import serving
from ..rdf import parsed

LINKS = 250
HYDRA = "http://www.w3.org/ns/hydra/core#"
LABELS = {"en": "the harbour", "de": "der Hafen", "de-AT": "der Hafn", "fr": "le port"}


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place in very many claims, with labels in four languages; another whose only label is French, one without."""
    folder = tmp_path_factory.mktemp("documents")
    quads = [ox.Quad(iri("id/place/harbour"), RDFS.label, ox.Literal(t, language=n)) for n, t in LABELS.items()]
    quads += [ox.Quad(iri("id/place/quay"), RDFS.label, ox.Literal("le quai", language="fr"))]
    quads += [ox.Quad(iri(f"id/place/{name}"), RDF.type, SCHEMA.Place) for name in ("harbour", "quay")]
    quads += [ox.Quad(iri("id/place/pier"), RDFS.label, ox.Literal(text)) for text in ("pier b", "pier a")]
    quads += [ox.Quad(iri("id/place/pier"), RDF.type, ox.NamedNode("https://example.org/Küste🚢"))]
    for number in range(LINKS):
        claim = iri(f"id/claim/x/claim-{number}")
        quads += [ox.Quad(claim, RDF.type, QUOTH.Claim), ox.Quad(claim, SCHEMA.about, iri("id/place/harbour"))]
    publish(publication.published_quads(quads, BASE), releases=folder, base=BASE, report_ttl="", report_json="{}")
    return folder


@pytest.fixture(scope="module")
def app(releases: Path) -> Iterator[Flask]:
    with application(releases) as app:
        yield app


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.name)
def test_pages_of_links_hold_each_link_once_and_the_total(client: FlaskClient, format: Format) -> None:
    place, about = iri("id/place/harbour"), SCHEMA.about
    mentions: list[ox.Quad] = []
    target = f"/doc/place/harbour.{format.suffix}"
    for number in (1, 2, 3):
        response = client.get(target if number == 1 else f"{target}?page={number}")
        assert response.headers["X-Total-Count"] == str(LINKS)
        for rel, there in (("prev", number - 1), ("next", number + 1)):
            url = BASE + target.removeprefix("/") + (f"?page={there}" if there > 1 else "")
            assert (f'<{url}>; rel="{rel}"' in response.headers["Link"]) == (1 <= there <= 3)
        quads = parsed(response.data, format)
        mentions += [q for q in quads if q.predicate == about and q.object == place]
        collection = iri("doc/place/harbour#incoming")
        total = ox.Literal(str(LINKS), datatype=XSD.integer)
        assert ox.Quad(collection, ox.NamedNode(HYDRA + "totalItems"), total) in quads
        view = iri("doc/place/harbour" + (f"?page={number}" if number > 1 else ""))
        assert ox.Quad(collection, ox.NamedNode(HYDRA + "view"), view) in quads
        following = [q.object for q in quads if q.predicate.value == HYDRA + "next"]
        assert following == ([iri(f"doc/place/harbour?page={number + 1}")] if number < 3 else [])
        assert any(q.subject == place and q.predicate == RDFS.label for q in quads)
    assert len(mentions) == len(set(mentions)) == LINKS


def test_the_page_has_plain_links_to_the_others(client: FlaskClient) -> None:
    text = client.get("/doc/place/harbour.html?page=2").text
    assert 'href="/doc/place/harbour" rel="prev"' in text
    assert 'href="/doc/place/harbour?page=3" rel="next"' in text
    assert "101–200 of 250" in text


@pytest.mark.parametrize(("page", "status"), [("4", 404), ("0", 400), ("x", 400), ("-1", 400), ("9999999", 404)])
def test_a_page_past_the_last_is_not_found(client: FlaskClient, page: str, status: int) -> None:
    assert client.get(f"/doc/place/harbour.ttl?page={page}").status_code == status


def test_a_page_has_validators_of_its_own(client: FlaskClient) -> None:
    tags = [client.get(f"/doc/place/harbour.ttl{query}").headers["ETag"] for query in ("", "?page=2", "?page=3")]
    assert len(set(tags)) == 3
    assert client.get("/doc/place/harbour.ttl?page=2", headers={"If-None-Match": tags[1]}).status_code == 304


def test_links_are_counted_at_publication_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    site: Site = app.extensions["quoth"]
    assert site.degrees == {BASE + "id/place/harbour": LINKS}
    monkeypatch.delattr(description, "_counted")
    assert app.test_client().get("/doc/place/harbour.ttl").status_code == 200


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    ("accepted", "label", "language"),
    [
        (None, "the harbour", "en"),
        ("en-GB,en;q=0.9,de;q=0.8", "the harbour", "en"),
        ("de", "der Hafen", "en, de"),
        ("de-CH, en;q=0.5", "der Hafen", "en, de"),
        ("de-AT, de;q=0.9, en;q=0.8", "der Hafn", "en, de-at"),
        ("fr;q=0.5, de;q=0.8, en;q=0.1", "der Hafen", "en, de"),
        ("it, fr;q=0.9", "le port", "en, fr"),
        ("it", "the harbour", "en"),
        ("de;q=0, fr", "le port", "en, fr"),
        ("*", "the harbour", "en"),
        ("nonsense;;q=x,,de;q=2", "the harbour", "en"),
    ],
)
def test_labels_are_in_the_preferred_language(
    client: FlaskClient, accepted: str | None, label: str, language: str
) -> None:
    given = {} if accepted is None else {"Accept-Language": accepted}
    response = client.get("/doc/place/harbour", headers={"Accept": "text/html", **given})
    assert f"{label[0].upper()}{label[1:]}</h1>" in response.text
    assert response.headers["Content-Language"].lower() == language  # tags are alike in either case
    assert {"accept", "accept-language"} <= {v.lower() for v in response.vary}


def test_without_the_preferred_language_another_label_is_used(client: FlaskClient) -> None:
    assert "Le quai</h1>" in client.get("/doc/place/quay.html", headers={"Accept-Language": "de"}).text
    assert "Pier a</h1>" in client.get("/doc/place/pier.html", headers={"Accept-Language": "de"}).text


@pytest.mark.parametrize(
    ("path", "accepted", "shown"),
    [
        ("/entities", "de", '<a href="/doc/place/harbour" lang="de" dir="auto">Der Hafen</a>'),
        ("/entities", "en", '<a href="/doc/place/harbour">The harbour</a>'),
        ("/entities", "en", '<a href="/doc/place/quay" lang="fr" dir="auto">Le quai</a>'),
        ("/claims", "de", '<a href="/doc/place/harbour" lang="de" dir="auto">der Hafen</a>'),
        ("/claims?about=place/harbour", "de", '<span lang="de" dir="auto">Der Hafen</span>'),
        ("/search?q=haf", "de", '<p class="label" lang="de" dir="auto"><a href="/doc/place/harbour">Der <mark>Hafen'),
        ("/search?q=haf", "en", '<p class="label"><a href="/doc/place/harbour">The harbour</a>'),
        ("/search?q=haf", "en", "also der <mark>Hafen</mark>"),
        ("/doc/place/harbour", "de", '<h1 lang="de" dir="auto">Der Hafen</h1>'),
        ("/doc/place/harbour", "en", "<h1>The harbour</h1>"),
        ("/doc/place/quay", "en", '<h1 lang="fr" dir="auto">Le quai</h1>'),
    ],
)
def test_lists_have_labels_in_the_preferred_language_and_mark_it(
    client: FlaskClient, path: str, accepted: str, shown: str
) -> None:
    """SC 3.1.2 of WCAG 2.1: the language of a part is marked where it is another than the page's."""
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": accepted})
    assert shown in response.text
    assert response.headers["Content-Language"] == ("en" if accepted == "en" else "en, de")
    assert "accept-language" in {v.lower() for v in response.vary}


@pytest.mark.parametrize("path", ["/releases", "/releases/1", "/shapes", "/ns", "/queries"])
def test_a_page_without_such_labels_does_not_vary(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": "de"})
    assert response.headers["Content-Language"] == "en"
    assert "accept-language" not in {v.lower() for v in response.vary}


def test_the_iri_of_a_class_becomes_a_uri_in_a_header(client: FlaskClient) -> None:
    header = client.get("/doc/place/pier.ttl").headers["Link"]
    assert '<https://example.org/K%C3%BCste%F0%9F%9A%A2>; rel="type"' in header


def test_rdf_has_labels_in_every_language(client: FlaskClient) -> None:
    response = client.get("/doc/place/harbour.ttl", headers={"Accept-Language": "de"})
    assert all(text in response.text for text in LABELS.values())
    assert "Content-Language" not in response.headers
    assert "accept-language" not in {v.lower() for v in response.vary}


def test_the_response_cache_keeps_languages_apart(releases: Path) -> None:
    """The cache too: each is asked for twice."""
    with serving(releases, access_log="off") as server:
        for _ in range(2):
            for accepted, label in (
                ("de", "Der Hafen"),
                ("en", "The harbour"),
                ("fr,en", "Le port"),
                ("", "The harbour"),
            ):
                given = {"Accept": "text/html", "Accept-Language": accepted}
                status, headers, body = server.get("/doc/place/harbour", given)
                assert status == 200
                assert f"{label}</h1>".encode() in body
                assert server.get("/doc/place/harbour", {**given, "If-None-Match": headers["etag"]})[0] == 304
