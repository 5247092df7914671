"""Resources, their documents, and the variants of a document."""

import gzip
import re
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.engine.embedded import EmbeddedEngine
from quoth.formats import HTML, RDF_FORMATS, Format
from quoth.release.release import Release
from quoth.web.describe import description

from ...accept_headers import CHROME, FIREFOX
from ...conftest import BASE, ODD_NAMES
from ..rdf import parsed

CLAIM = "claim/harbour/company-paid-nobody"
DOCUMENTS = [CLAIM, "article/harbour", "person/mara-lind", "source/harbour/two-dockers", "topic/velm-ferry-delay"]
VARIANTS = [pytest.param(f, id=f.name) for f in RDF_FORMATS]
EVERY = [pytest.param(f, id=f.name) for f in (*RDF_FORMATS, HTML)]


def test_nodes_of_a_content_are_fragments_of_its_page(client: FlaskClient) -> None:
    content = client.get(f"/doc/{CLAIM}.nq").data
    claim = f"{BASE}id/{CLAIM}"
    subjects = {
        q.subject.value
        for q in ox.parse(content, format=ox.RdfFormat.N_QUADS)
        if q.graph_name == ox.NamedNode(f"{claim}#content") and isinstance(q.subject, ox.NamedNode)
    }
    parts = {iri.partition("#")[2] for iri in subjects if iri.startswith(f"{claim}#")}
    assert "situation" in parts
    ids = re.findall(r' id="([^"]*)"', client.get(f"/doc/{CLAIM}.html").text)
    assert len(ids) == len(set(ids))
    assert parts | {"content"} <= set(ids)


def test_shortened_documents_say_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "inferences than"
    variants = ("html", "ttl", "trig")
    assert not any(said in client.get(f"/doc/topic/velm-ferry-delay.{suffix}").text for suffix in variants)
    monkeypatch.setattr(description, "INFERENCES_LIMIT", 1)
    assert all(said in client.get(f"/doc/topic/velm-ferry-delay.{suffix}").text for suffix in variants)
    monkeypatch.setattr(description, "REASONS_LIMIT", 1)
    assert all(said in client.get(f"/doc/article/harbour.{suffix}").text for suffix in variants)


def test_things_redirect_to_their_documents(client: FlaskClient) -> None:
    response = client.get(f"/id/{CLAIM}")
    assert response.status_code == 303
    assert response.headers["Location"] == f"{BASE}doc/{CLAIM}"
    assert "Accept" in response.vary


def test_the_host_header_is_not_used(client: FlaskClient) -> None:
    response = client.get(f"/id/{CLAIM}", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert response.headers["Location"] == f"{BASE}doc/{CLAIM}"
    assert b"evil.example" not in client.get(f"/doc/{CLAIM}.html", headers={"Host": "evil.example"}).data


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("format=ttl", ".ttl"),
        ("format=turtle", ".ttl"),
        ("page=2", "?page=2"),
        ("certainty=certain&certainty=probable&format=html", ".html?certainty=certain&certainty=probable"),
    ],
)
def test_the_redirect_keeps_the_parameters(client: FlaskClient, query: str, target: str) -> None:
    response = client.get(f"/id/org/velm-salt?{query}", headers={"Accept": "image/png" if "format" in query else "*/*"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"{BASE}doc/org/velm-salt{target}"


def test_the_redirect_refuses_a_format_that_there_is_not(client: FlaskClient) -> None:
    response = client.get("/id/org/velm-salt?format=docx")
    assert response.status_code == 400
    assert "turtle" in response.get_json(force=True)["remedy"]


@pytest.mark.parametrize("format", EVERY)
def test_a_document_is_negotiated(client: FlaskClient, format: Format) -> None:
    response = client.get(f"/doc/{CLAIM}", headers={"Accept": format.media_type})
    assert response.status_code == 200
    assert response.content_type == format.content_type
    assert response.headers["Content-Location"] == f"{BASE}doc/{CLAIM}.{format.suffix}"
    assert "Accept" in response.vary
    named = client.get(f"/doc/{CLAIM}.{format.suffix}")
    assert named.data == response.data
    assert named.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize("accept", [pytest.param(CHROME, id="chrome"), pytest.param(FIREFOX, id="firefox")])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_browsers_get_pages(client: FlaskClient, name: str, accept: str) -> None:
    response = client.get(f"/doc/{name}", headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    assert response.text.count("<h1>") == 1


@pytest.mark.parametrize("format", EVERY)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_head_equals_get(client: FlaskClient, name: str, format: Format) -> None:
    get, head = (client.open(f"/doc/{name}.{format.suffix}", method=method) for method in ("GET", "HEAD"))
    assert (get.status_code, head.status_code, head.data) == (200, 200, b"")
    assert dict(head.headers) == dict(get.headers)
    assert int(get.headers["Content-Length"]) == len(get.data)


def test_each_variant_has_a_strong_validator_of_its_own(client: FlaskClient) -> None:
    tags = [client.get(f"/doc/{name}.{f.suffix}").headers["ETag"] for f in (*RDF_FORMATS, HTML) for name in DOCUMENTS]
    assert len(set(tags)) == len(tags)
    assert not any(tag.startswith("W/") for tag in tags)


def test_not_modified(client: FlaskClient) -> None:
    first = client.get(f"/doc/{CLAIM}")
    again = client.get(f"/doc/{CLAIM}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept" in again.vary
    other = client.get(f"/doc/{CLAIM}", headers={"If-None-Match": first.headers["ETag"], "Accept": "text/html"})
    assert other.status_code == 200


def test_a_variant_that_depends_on_accept_varies(client: FlaskClient) -> None:
    """A profile names the form of JSON-LD (JSON-LD 1.1 §6): no shared cache may mix the forms up."""
    expanded = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"'
    compact, other = (client.get(f"/doc/{CLAIM}.jsonld", headers={"Accept": a}) for a in ("*/*", expanded))
    assert compact.data != other.data
    assert "Accept" in compact.vary
    assert "Accept" in other.vary
    assert "Accept" not in client.get(f"/doc/{CLAIM}.ttl").vary


def test_a_hash_iri_is_served_by_its_document(client: FlaskClient, release: Release) -> None:
    """All that a release says of a part, its document says (RFC 3986 §3.5: the fragment never reaches a server)."""
    parts: dict[str, set[ox.Quad]] = {}
    with release.open_file("claims.nq.gz") as file:
        dump = gzip.decompress(file.read())
    for quad in ox.parse(dump, format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE + "id/"):
            whole, hash_, _ = quad.subject.value.removeprefix(BASE + "id/").partition("#")
            if hash_:
                parts.setdefault(whole, set()).add(quad)
    assert {name.partition("/")[0] for name in parts} >= {"article", "claim", "dataset"}
    for name, expected in parts.items():
        body = client.get(f"/doc/{name}.nq").data
        assert expected <= set(ox.parse(body, format=ox.RdfFormat.N_QUADS)), name


def test_a_document_has_one_address_however_the_request_encodes_it(client: FlaskClient) -> None:
    """Encodings of an unreserved character, and cases of hexadecimal digits, are equivalent (RFC 3986 §6.2.2)."""
    for asked, name in (
        ("person/%6dara-lind", "person/mara-lind"),
        ("topic/caf%c3%a9", "topic/caf%C3%A9"),
        ("topic/c%3Ad%28e%29%2Cf", "topic/c:d(e),f"),
        ("topic/a%2Bb", "topic/a+b"),
    ):
        assert client.get(f"/id/{asked}").headers["Location"] == f"{BASE}doc/{name}"
        odd, plain = (client.get(f"/doc/{path}.ttl") for path in (asked, name))
        assert odd.data == plain.data
        assert odd.headers["Content-Location"] == f"{BASE}doc/{name}.ttl"
        assert f'<{BASE}doc/{name}>; rel="canonical"' in odd.headers["Link"]


def test_a_document_uses_the_iri_of_the_data(moved: FlaskClient) -> None:
    response = moved.get(f"/claims/doc/{CLAIM}.nt")
    assert f'<{BASE}id/{CLAIM}>; rel="describes"' in response.headers["Link"]
    assert f"<{BASE}id/{CLAIM}>" in response.text


def test_link_fields(client: FlaskClient) -> None:
    header = client.get(f"/doc/{CLAIM}.ttl").headers["Link"]
    for f in (*RDF_FORMATS, HTML):
        link = f'<{BASE}doc/{CLAIM}.{f.suffix}>; rel="alternate"; type="{f.media_type}"'
        assert (link in header) == (f.name != "turtle")
    for relation in ("canonical", "describes", "describedby", "license"):
        assert f'rel="{relation}"' in header


@pytest.mark.parametrize("path", ["/id/nothing/here", "/doc/nothing/here", "/doc/nothing.ttl", "/id/", "/nowhere"])
def test_unknown_documents_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_not_acceptable_names_the_variants(client: FlaskClient) -> None:
    for path in ("id", "doc"):
        response = client.get(f"/{path}/{CLAIM}", headers={"Accept": "image/png"})
        assert response.status_code == 406
        assert "application/trig" in response.get_json(force=True)["remedy"]


# ------------------------------------------------------------------ what a document says


@pytest.mark.parametrize("format", VARIANTS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_reported_content_never_leaks(client: FlaskClient, engine: EmbeddedEngine, name: str, format: Format) -> None:
    """No triple of a content graph is in the default graph of any variant; quad formats name its graph."""
    reported = {
        (row["s"], row["p"], row["o"])
        for row in engine.select(
            "PREFIX quoth: <https://w3id.org/quoth/ns#>SELECT ?s ?p ?o { ?c quoth:content ?g GRAPH ?g { ?s ?p ?o } }"
        )
    }
    assert reported
    quads = parsed(client.get(f"/doc/{name}.{format.suffix}").data, format)
    asserted = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name == ox.DefaultGraph()}
    assert not asserted & reported
    if name == CLAIM:
        content = ox.NamedNode(f"{BASE}id/{CLAIM}#content")
        assert any(q.graph_name == content for q in quads) == format.quads
        pointer = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
        there = ox.Quad(ox.NamedNode(f"{BASE}id/{CLAIM}"), pointer, ox.NamedNode(f"{BASE}doc/{CLAIM}.trig"))
        assert (there in quads) == (not format.quads)


def test_the_formats_say_the_same(client: FlaskClient) -> None:
    bodies = {f.name: parsed(client.get(f"/doc/{CLAIM}.{f.suffix}").data, f) for f in RDF_FORMATS}
    assert bodies["turtle"] == bodies["ntriples"] == bodies["rdfxml"]
    assert bodies["trig"] == bodies["nquads"] == bodies["jsonld"]


def test_a_claim_brings_its_chain_and_what_is_inferred(client: FlaskClient) -> None:
    quads = parsed(client.get(f"/doc/{CLAIM}.trig").data, RDF_FORMATS[1])
    subjects = {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}
    for part in ("attribution", "attribution-2", "anchor", "anchor-quote", "anchor-position", "cue", "content"):
        assert f"{BASE}id/{CLAIM}#{part}" in subjects
    inference = ox.NamedNode(f"{BASE}id/article/harbour#inference")
    predicates = {q.predicate.value.rpartition("#")[2] for q in quads if q.graph_name == inference}
    assert {"contradicts", "concerns", "comment", "subject"} <= predicates


def test_the_page_reads_as_a_sentence(client: FlaskClient) -> None:
    text = client.get(f"/doc/{CLAIM}.html").text
    for words in ("Velm Salt denies that it paid anyone.", "it had paid anyone", "449–467", "negated", "contradicts"):
        assert words in text


def test_chains_read_from_the_inside_out(client: FlaskClient) -> None:
    text = " ".join(client.get("/doc/claim/harbour/swimming-lesson.html").text.split())
    assert "keeps its distance" in text
    assert "(keeping its distance)" in text
    assert text.index("Guild</a></strong> said") < text.index("the article</a> reports")


# ------------------------------------------------------------------ names


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_round_trip(client: FlaskClient, name: str) -> None:
    encoded = quote(name, safe="%+:(),~.")
    response = client.get(f"/id/topic/{encoded}")
    assert response.status_code == 303
    location = response.headers["Location"]
    assert location == f"{BASE}doc/topic/{encoded}"
    document = client.get(location.removeprefix(BASE.rstrip("/")))
    assert document.status_code == 200
    subject = ox.NamedNode(f"{BASE}id/topic/{name}")
    assert any(q.subject == subject for q in parsed(document.data, RDF_FORMATS[0]))
    assert client.get(f"/doc/topic/{encoded}.nt").content_type == "application/n-triples"


def test_a_sub_path_and_another_base(moved: FlaskClient) -> None:
    for path in (f"/claims/id/{CLAIM}", f"/id/{CLAIM}"):
        response = moved.get(path)
        assert response.headers["Location"] == f"https://example.org/claims/doc/{CLAIM}"
    page = moved.get(f"/claims/doc/{CLAIM}.html").text
    assert 'href="/claims/doc/org/velm-salt"' in page
    assert 'href="/claims/static/quoth.css' in page
    assert 'href="/doc/' not in page
    turtle = moved.get(f"/claims/doc/{CLAIM}.ttl").text
    assert f"<{BASE}id/{CLAIM}> a quoth:Claim" in turtle
    assert "https://example.org/claims/doc/" in turtle


@pytest.mark.parametrize("name", ["bell", "odd"])
def test_rdf_xml_is_refused_where_it_would_be_malformed(client: FlaskClient, name: str) -> None:
    response = client.get(f"/doc/person/{name}.rdf")
    assert response.status_code == 406
    assert client.get(f"/doc/person/{name}.ttl").status_code == 200


@pytest.mark.parametrize("name", ["bell", "odd"])
def test_documents_that_rdf_xml_cannot_express_come_in_the_next_format(client: FlaskClient, name: str) -> None:
    xml = "application/rdf+xml"
    response = client.get(f"/doc/person/{name}", headers={"Accept": f"{xml}, application/trig;q=0.5, */*;q=0.1"})
    assert (response.status_code, response.mimetype) == (200, "application/trig")
    assert response.headers["Content-Location"] == f"{BASE}doc/person/{name}.trig"
    assert xml not in response.headers["Link"]
    refused = client.get(f"/doc/person/{name}", headers={"Accept": f"{xml}, image/png"})
    assert refused.status_code == 406
    assert "cannot express" in refused.get_json(force=True)["detail"]


def test_json_ld_is_compact_with_the_claim_at_its_root(client: FlaskClient) -> None:
    claim: dict[str, Any] = client.get(f"/doc/{CLAIM}.jsonld").get_json(force=True)
    assert (claim["id"], claim["type"]) == (BASE + "id/" + CLAIM, "Claim")
    assert (claim["polarity"], claim["depth"]) == ("negative", 2)
    assert claim["attribution"]["source"]["label"] == "Velm Salt"
    assert claim["attribution"]["within"]["type"] == "Attribution"
    assert "it had paid anyone" in [selector.get("exact") for selector in claim["anchor"]["selector"]]
    assert {node["type"] for node in claim["content"]["graph"]} >= {"Situation"}
    assert claim["attribution"]["within"]["source"]["label"]
    assert claim["inference"][0]["graph"]


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        pytest.param(
            "claim/harbour/ferry-late-again", "The harbour office says that the ferry was late", id="any word"
        ),
        pytest.param("person/mara_lind", "Mara Lind", id="another spelling"),
        pytest.param("place/orrin%20tay", "Orrin Tay", id="another kind"),
    ],
)
def test_what_is_not_found_leads_to_what_is_called_like_it(client: FlaskClient, path: str, nearest: str) -> None:
    page = client.get(f"/doc/{path}", headers={"Accept": CHROME})
    assert page.status_code == 404
    assert "Similar names" in page.text
    assert f">{nearest}" in page.text
    assert "http://" not in re.sub(r'(href|content|xmlns)="[^"]*"', "", page.text), "names, and no addresses"
    links = client.get(f"/doc/{path}").get_json(force=True)["links"]
    assert {link["rel"] for link in links} == {"related"}
    assert all(client.get(link["href"].removeprefix(BASE.rstrip("/"))).status_code == 200 for link in links)


def test_what_is_called_like_nothing_has_no_links(client: FlaskClient) -> None:
    assert "links" not in client.get("/doc/claim/zzz/qqq").get_json(force=True)
