"""A document says what became of its thing: corrections, and what was withdrawn that concerned it."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.formats import RDF_FORMATS, Format
from quoth.release.publish import publish

from ...accept_headers import CHROME
from ...conftest import BASE, application
from ...small_article import BEAM, ENTITIES, MONTH, checked, document
from ..rdf import parsed

GONE = f"{BASE}id/claim/bridge/beam-cracked"
WRONG, LATER = "The text says <b>broke</b>.", "Its name is longer than that."
NOTICE = f"\nwithdrawn: [{{id: beam-cracked, reason: {WRONG}, by: id/org/quoth, date: 2026-11-25}}]\n"
CORRECTION = f"correction: {{reason: {LATER}, by: id/org/quoth, date: 2026-11-26}}"
NAMED = ENTITIES.replace("the council}", f"the town council, {CORRECTION}}}")
DOCUMENTS = (
    document(BEAM + MONTH),
    document(MONTH) + NOTICE,
    document(MONTH, entities=NAMED),
)
"""Of three releases: in the second a claim is withdrawn, in the third the notice is gone and an entity corrected."""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[FlaskClient]]:
    """A client of each release, when it was the current one."""
    folder = tmp_path_factory.mktemp("told")
    applications = []
    for number, text in enumerate(DOCUMENTS):
        report, quads = checked(folder / f"documents-{number}", text)
        assert report.conforms
        for kept in range(number, len(DOCUMENTS)):
            published = publication.published_quads(quads, BASE)
            publish(published, releases=folder / f"releases-{kept}", base=BASE, report_ttl="", report_json="{}")
        applications.append(application(folder / f"releases-{number}"))
    with applications[0] as first, applications[1] as second, applications[2] as third:
        yield [app.test_client() for app in (first, second, third)]


@pytest.mark.parametrize("number", [1, 2], ids=["with its notice", "without it"])
@pytest.mark.parametrize("suffix", ["", ".html", ".bib", ".csl.json", *(f".{f.suffix}" for f in RDF_FORMATS)])
def test_a_withdrawn_claim_says_why_in_every_format(suffix: str, number: int, clients: list[FlaskClient]) -> None:
    answer = clients[number].get(f"/doc/claim/bridge/beam-cracked{suffix}", headers={"Accept": CHROME})
    assert answer.status_code == 410
    page = answer.content_type.startswith("text/html")
    assert page == (suffix in ("", ".html", ".bib", ".csl.json"))
    if page:
        assert "The text says &lt;b&gt;broke&lt;/b&gt;." in answer.text
        assert "was withdrawn on 2026-11-25 by Quoth" in answer.text
        return
    [format] = [f for f in RDF_FORMATS if suffix == f".{f.suffix}"]
    triples = {(q.predicate, q.object) for q in parsed(answer.data, format)}
    assert (RDFS.comment, ox.Literal(WRONG, language="en")) in triples
    assert (PROV.wasAttributedTo, ox.NamedNode(f"{BASE}id/org/quoth")) in triples


@pytest.mark.parametrize("name", ["article/bridge", "org/council"])
def test_where_it_was_listed_says_that_it_is_gone(name: str, clients: list[FlaskClient]) -> None:
    before, after, later = (client.get(f"/doc/{name}.html").text for client in clients)
    assert "No longer published" not in before
    for page in (after, later):
        assert "No longer published" in page
        assert "Reason: The text says &lt;b&gt;broke&lt;/b&gt;." in page
        assert '<a href="/releases/1/doc/claim/bridge/beam-cracked">' in page


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in RDF_FORMATS])
def test_where_it_was_listed_says_so_as_data(format: Format, clients: list[FlaskClient]) -> None:
    quads = parsed(clients[2].get(f"/doc/article/bridge.{format.suffix}").data, format)
    versions = {q.subject for q in quads if (q.predicate, q.object) == (DCTERMS.isVersionOf, ox.NamedNode(GONE))}
    [deletion] = versions
    assert (deletion, RDFS.comment, ox.Literal(WRONG, language="en")) in {
        (q.subject, q.predicate, q.object) for q in quads
    }


def test_an_entity_says_its_corrections(clients: list[FlaskClient]) -> None:
    page = clients[2].get("/doc/org/council.html").text
    assert page.count(LATER) == 2  # in its history, and as TriG
    assert "<del>the council</del> → <ins>the town council</ins>" in page
    assert "#correction-2026-11-26" in page
    quads = list(ox.parse(clients[2].get("/doc/org/council.ttl").data, ox.RdfFormat.TURTLE))
    assert ox.Triple(ox.NamedNode(f"{BASE}id/org/council#correction-2026-11-26"), RDF.type, QUOTH.Correction) in [
        q.triple for q in quads
    ]


def test_a_correction_that_was_published_with_its_thing_is_told_too(tmp_path: Path) -> None:
    _, quads = checked(tmp_path / "documents", DOCUMENTS[2])
    published = publication.published_quads(quads, BASE)
    publish(published, releases=tmp_path / "releases", base=BASE, report_ttl="", report_json="{}")
    with application(tmp_path / "releases") as app:
        client = app.test_client()
        page = client.get("/doc/org/council.html").text
        assert '<h2 id="h-corrections">Corrections</h2>' in page
        assert f'<li>{LATER} <span class="quiet"><a href="/doc/org/quoth">Quoth</a>' in page
        [change] = client.get("/changes.json?thing=org/council").get_json(force=True)["changes"]
        assert (change["event"], change["reason"]) == ("added", None)
