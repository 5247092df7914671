"""What was withdrawn answers 410 with the notice, in every release that has it, and is nowhere counted or listed."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDFS, XSD
from quoth.claim.rules import publication
from quoth.formats import RDF_FORMATS, Format
from quoth.release import resource_counts
from quoth.release.dumps.tables import DOCUMENTS
from quoth.release.publish import publish
from quoth.release.release import Releases

from ...accept_headers import CHROME
from ...conftest import BASE, application
from ...small_article import BEAM, MONTH, checked, document, site
from ..rdf import parsed

IRI = f"{BASE}id/claim/bridge/beam-broke"
NOW = f"{BASE}id/claim/bridge/beam-cracked"
REASON = "The text says “cracked”, <b>not</b> “broke”."
NOTICES = f"""
withdrawn:
  - {{id: beam-broke, reason: "{REASON}", by: id/org/quoth, date: 2026-11-28, replacedBy: beam-cracked}}
  - {{id: id/source/bridge/onlookers, reason: Nobody is said to look on., by: id/org/quoth, date: 2026-11-28}}
"""


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> list[ox.Quad]:
    report, quads = checked(tmp_path_factory.mktemp("noticed"), document(BEAM + MONTH) + NOTICES)
    assert [f for f in report.findings if f.severity == "Violation"] == []
    return quads


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def client(quads: list[ox.Quad], releases: Path) -> Iterator[FlaskClient]:
    with site(releases, quads) as client:
        yield client


@pytest.mark.parametrize("space", ["id", "doc", "releases/1/doc"])
def test_a_withdrawn_claim_answers_410_with_its_notice(client: FlaskClient, space: str) -> None:
    response = client.get(f"/{space}/claim/bridge/beam-broke", headers={"Accept": "application/problem+json"})
    assert (response.status_code, response.content_type) == (410, "application/problem+json")
    problem = response.get_json(force=True)
    assert problem["type"] == f"{BASE}guide/errors#gone"
    assert problem["detail"] == "the claim “bridge/beam-broke” was withdrawn on 2026-11-28 by Quoth"
    [replacement] = problem["withdrawal"].pop("replacedBy")
    assert (replacement["iri"], replacement["label"]) == (NOW, "The council said: “a beam had cracked”.")
    assert problem["withdrawal"] == {"reason": REASON, "by": f"{BASE}id/org/quoth", "date": "2026-11-28"}
    assert problem["links"] == [{"href": f"{BASE}doc/claim/bridge/beam-cracked", "rel": DCTERMS.isReplacedBy.value}]
    assert f'rel="{DCTERMS.isReplacedBy.value}"' in response.headers["Link"]


@pytest.mark.parametrize("path", ["preview", "view", "flyout/entity"])
def test_a_table_that_was_matched_with_it_learns_why(client: FlaskClient, path: str) -> None:
    for id in ("claim/bridge/beam-broke", IRI):
        response = client.get(f"/reconcile/{path}", query_string={"id": id})
        assert response.status_code == 410
        assert response.get_json(force=True)["detail"].endswith(f"was withdrawn on 2026-11-28 by Quoth: {REASON}")
        assert f"<{BASE}doc/claim/bridge/beam-cracked>" in response.headers["Link"]


@pytest.mark.parametrize("path", ["id/claim/bridge/beam-broke", "doc/claim/bridge/beam-broke.html"])
def test_the_page_has_the_notice(client: FlaskClient, path: str) -> None:
    response = client.get(f"/{path}", headers={"Accept": CHROME})
    assert response.status_code == 410
    assert '<p class="lede">The claim “bridge/beam-broke” was withdrawn on 2026-11-28 by Quoth.</p>' in response.text
    assert "&lt;b&gt;not&lt;/b&gt;" in response.text
    assert f'<a href="{BASE}doc/claim/bridge/beam-cracked">' in response.text


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in RDF_FORMATS])
def test_the_notice_in_rdf(client: FlaskClient, format: Format) -> None:
    named = client.get(f"/doc/claim/bridge/beam-broke.{format.suffix}")
    asked = client.get("/id/claim/bridge/beam-broke", headers={"Accept": format.media_type})
    notice = ox.NamedNode(f"{IRI}#withdrawal")
    for response in (named, asked):
        assert response.status_code == 410
        triples = {(q.subject, q.predicate, q.object) for q in parsed(response.data, format)}
        assert (notice, QUOTH.withdraws, ox.NamedNode(IRI)) in triples
        assert (notice, RDFS.comment, ox.Literal(REASON, language="en")) in triples
        assert (notice, PROV.wasAttributedTo, ox.NamedNode(f"{BASE}id/org/quoth")) in triples
        assert (notice, DCTERMS.date, ox.Literal("2026-11-28", datatype=XSD.date)) in triples
        assert (ox.NamedNode(IRI), DCTERMS.isReplacedBy, ox.NamedNode(NOW)) in triples


def test_what_has_no_replacement_is_gone_too(client: FlaskClient) -> None:
    response = client.get("/doc/source/bridge/onlookers")
    assert response.status_code == 410
    assert response.get_json(force=True)["withdrawal"]["replacedBy"] == []
    assert "Link" not in response.headers


@pytest.mark.parametrize("path", ["claim/bridge/beam-broke.x", "claim/bridge/%3Cbeam-broke%3E", "claim/bridge/%22%0A"])
def test_what_is_near_by_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/doc/{path}").status_code == 404


def test_the_withdrawn_is_not_counted_listed_or_found(client: FlaskClient, releases: Path) -> None:
    release = Releases(releases).current()
    documents = dict(resource_counts.read(release, DOCUMENTS))
    assert IRI not in documents
    assert f"{BASE}id/source/bridge/onlookers" not in documents
    for path in ("/claims.csv", "/sitemap.xml", "/search?q=broke", "/search?q=onlookers", "/claims", "/"):
        text = client.get(path).text
        assert "beam-broke" not in text.replace("q=broke", ""), path
        assert "source/bridge/onlookers" not in text, path
    assert client.get("/claims.csv").text.count("\n") == 3  # the header and two claims


def test_a_later_release_keeps_the_notice_and_leads_to_the_earlier_one(quads: list[ox.Quad], tmp_path: Path) -> None:
    _, before = checked(tmp_path / "documents", document(BEAM + MONTH + BEAM.replace("beam-cracked", "beam-broke")))
    for edition in (before, quads, quads):
        published = publication.published_quads(edition, BASE)
        publish(published, releases=tmp_path / "kept", base=BASE, report_ttl="", report_json="{}", force=True)
    with application(tmp_path / "kept") as app:
        client = app.test_client()
        problem = client.get("/doc/claim/bridge/beam-broke").get_json(force=True)
        assert problem["withdrawal"]["reason"] == REASON
        former = {link["rel"]: link["href"] for link in problem["links"]}["predecessor-version"]
        assert former == f"{BASE}releases/1/doc/claim/bridge/beam-broke"
        assert client.get(former.removeprefix(BASE.rstrip("/"))).status_code == 200
        page = client.get(former.removeprefix(BASE.rstrip("/")), headers={"Accept": "text/html"}).text
        assert f"It was withdrawn on {problem['withdrawal']['date']} by " in page
        assert str(escape(REASON)) in page
