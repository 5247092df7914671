"""Every resource of the shipped data in every format, from a real server, as real clients ask for it."""

import http.client
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld

from quoth.claim.checking import check
from quoth.claim.model.namespaces import PROV, QUOTH
from quoth.claim.rules import publication
from quoth.formats import HTML, JSONLD, MARKDOWN, OX_RDF, RDF_FORMATS, TURTLE, Format
from quoth.release.publish import publish
from quoth.resources import folder, jsonld_context

from ..serving import Server, serving

BASE = "http://localhost:8000/"
pytestmark = pytest.mark.slow
EVERY = (*RDF_FORMATS, HTML)
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
# rdflib's own parsers use what rdflib has deprecated.
of_rdflib = pytest.mark.filterwarnings("ignore:(Dataset.default_context|ConjunctiveGraph) is deprecated")

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
CHROME += ",application/signed-exchange;v=b3;q=0.7"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = "application/rdf+xml,text/html;q=0.9,application/xhtml+xml;q=0.5"
RDFLIB_ANY = "application/rdf+xml, text/n3, application/trig, text/turtle, application/n-triples, application/ld+json"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
    "text/html;q=0.2,application/xhtml+xml;q=0.18"
)
CLIENTS = {
    "chrome": (CHROME, "html"),
    "firefox": (FIREFOX, "html"),
    "safari": (FIREFOX, "html"),
    "rdflib for RDF/XML": (RDFLIB, "rdfxml"),
    "rdflib": (RDFLIB_ANY, "turtle"),
    "Jena": (JENA, "turtle"),
    "Comunica": (COMUNICA, "nquads"),
    "curl": ("*/*", "turtle"),
    "nothing": (None, "turtle"),
}


@pytest.fixture(scope="module")
def quads() -> list[ox.Quad]:
    report, authored = check.check([folder("data")], BASE, None)
    assert report.conforms
    return list(publication.published_quads(authored, BASE))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad]) -> Iterator[Server]:
    releases = tmp_path_factory.mktemp("dereferencing")
    publish(quads, releases=releases, base=BASE, report_ttl="", report_json="{}")
    with serving(releases) as server:
        yield server


@pytest.fixture(scope="module")
def names(quads: list[ox.Quad]) -> list[str]:
    """The part after /id/ of the IRI of each resource that is not withdrawn."""
    terms = {t for q in quads for t in (q.subject, q.object) if isinstance(t, ox.NamedNode)}
    return sorted(paths(terms) - paths(withdrawn(quads)))


def withdrawn(quads: list[ox.Quad]) -> set[ox.NamedNode]:
    return {q.object for q in quads if q.predicate == QUOTH.withdraws and isinstance(q.object, ox.NamedNode)}


def paths(terms: set[ox.NamedNode]) -> set[str]:
    start = BASE + "id/"
    iris = {term.value.partition("#")[0] for term in terms}
    return {quote(iri.removeprefix(start), safe="/") for iri in iris if iri.startswith(start)}


def here(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}/{path}"


def read(body: bytes, format: Format) -> set[ox.Quad]:
    if format.name == "jsonld":
        body = json.dumps({**json.loads(body), "@context": jsonld_context()}).encode()
    return set(ox.parse(body, format=OX_RDF[format.name]))


def head(server: Server, target: str) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("HEAD", target)
    response = connection.getresponse()
    assert response.read() == b""
    connection.close()
    return {name.lower(): value for name, value in response.getheaders()}


def test_every_resource_has_a_document_in_every_format(server: Server, names: list[str]) -> None:
    assert len(names) > 100
    for name in names:
        status, headers, _ = server.get(f"/id/{name}")
        assert (status, headers["location"]) == (303, here(server, f"doc/{name}"))
        bodies = {}
        for format in EVERY:
            status, headers, body = server.get(f"/doc/{name}", {"Accept": format.media_type})
            assert (status, headers["content-type"]) == (200, format.content_type), (name, format.name)
            assert headers["content-location"] == here(server, f"doc/{name}.{format.suffix}")
            assert {"etag", "last-modified", "link", "vary"} <= headers.keys()
            bodies[format.name] = body
        quads = {f.name: read(bodies[f.name], f) for f in RDF_FORMATS}
        assert quads["jsonld"] == quads["trig"] == quads["nquads"], name
        assert quads["turtle"] == quads["ntriples"] == quads["rdfxml"], name
        assert all(q.graph_name == ox.DefaultGraph() for q in quads["turtle"])


@pytest.mark.parametrize("format", EVERY, ids=lambda f: f.name)
def test_a_suffix_names_the_same_variant_and_head_and_conditions_agree(
    server: Server, names: list[str], format: Format
) -> None:
    for name in names[::9]:
        target = f"/doc/{name}.{format.suffix}"
        status, headers, body = server.get(target)
        negotiated = server.get(f"/doc/{name}", {"Accept": format.media_type})
        assert (status, body) == (200, negotiated[2])
        assert headers["etag"] == negotiated[1]["etag"]
        alone = head(server, target)
        assert {k: v for k, v in alone.items() if k != "date"} == {k: v for k, v in headers.items() if k != "date"}
        for condition in (
            {"If-None-Match": headers["etag"]},
            {"If-Modified-Since": headers["last-modified"]},
        ):
            again = server.get(target, condition)
            assert (again[0], again[2], again[1]["etag"]) == (304, b"", headers["etag"])
        for year in (2019, 2080):  # of a clock that is wrong (tests/faults/test_clock.py)
            assert server.get(target, {"If-Modified-Since": f"Tue, 01 Jan {year} 00:00:00 GMT"})[0] == 200
        other = {"If-None-Match": '"another"', "If-Modified-Since": headers["last-modified"]}
        assert server.get(target, other)[0] == 200


@pytest.mark.parametrize(("accept", "wanted"), CLIENTS.values(), ids=CLIENTS)
def test_real_clients_get_a_format_they_read(server: Server, names: list[str], accept: str | None, wanted: str) -> None:
    given = {} if accept is None else {"Accept": accept}
    suffix = next(f.suffix for f in EVERY if f.name == wanted)
    for name in names[::23]:
        status, headers, _ = server.get(f"/doc/{name}", given)
        assert (status, headers["content-location"]) == (200, here(server, f"doc/{name}.{suffix}"))


def test_every_link_of_a_document_leads_somewhere(server: Server, names: list[str]) -> None:
    kinds = {name.partition("/")[0]: name for name in names}
    seen = set()
    for name in kinds.values():
        for format in EVERY:
            header = server.get(f"/doc/{name}.{format.suffix}")[1]["link"]
            links = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', header)
            relations = [relation for _, relation, _ in links]
            # PyLD takes an alternate for the JSON-LD document itself.
            alternates = {type for _, relation, type in links if relation == "alternate"}
            others = {other.media_type for other in EVERY if other is not format}
            assert not alternates if format is JSONLD else others | {MARKDOWN.media_type} <= alternates
            assert {"canonical", "describes", "describedby", "profile", "type", "license", "cite-as"} <= set(relations)
            assert ("collection" in relations) == name.startswith("claim/")
            seen |= {link for link in links if link[0].startswith(here(server, ""))}
    for url, relation, media_type in seen:
        status, headers, _ = server.get("/" + url.partition("/")[2].partition("/")[2].partition("/")[2])
        assert status == (303 if relation == "describes" else 200), url
        if media_type:
            assert headers["content-type"].partition(";")[0] == media_type


@of_rdflib
def test_json_ld_says_the_same_to_rdflib_and_pyld(server: Server, names: list[str]) -> None:
    """Fetched with its context, by two other implementations, quad for quad."""

    def load(url: str, options: object) -> dict[str, object]:
        assert url == here(server, "context.jsonld")
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": jsonld_context()}}

    for name in names[::7]:
        wanted = rdflib.Dataset()
        wanted.parse(data=server.get(f"/doc/{name}.nq")[2], format="nquads")
        body = server.get(f"/doc/{name}.jsonld")[2]
        graph = rdflib.Dataset()
        graph.parse(data=body, format="json-ld")
        assert statements(graph) == statements(wanted), name
        lines = jsonld.to_rdf(json.loads(body), {"documentLoader": load, "format": "application/n-quads"})
        assert set(ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == read(server.get(f"/doc/{name}.nq")[2], EVERY[3])


def statements(data: rdflib.Dataset) -> set[tuple[str, str, str, str | None]]:
    graphs = {str(data.default_graph.identifier): None}
    return {
        (s.n3(), p.n3(), o.n3(), graphs.get(str(g), str(g)) if g is not None else None) for s, p, o, g in data.quads()
    }


@pytest.mark.parametrize("form", ["expanded", "flattened", "compacted", "framed"])
def test_json_ld_comes_in_the_requested_form(server: Server, names: list[str], form: str) -> None:
    profile = f"http://www.w3.org/ns/json-ld#{form}"
    name = next(n for n in names if n.startswith("claim/"))
    media_type = f'application/ld+json;profile="{profile}"'
    status, headers, body = server.get(f"/doc/{name}", {"Accept": media_type})
    assert (status, headers["content-type"]) == (200, media_type)
    document = json.loads(body)
    assert isinstance(document, list) == (form == "expanded")
    assert ("graph" in document) == (form == "flattened")
    text = json.dumps(document if form == "expanded" else {**document, "@context": jsonld_context()})
    assert set(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == read(server.get(f"/doc/{name}.nq")[2], EVERY[3])


def test_a_claim_brings_its_whole_chain(server: Server, quads: list[ox.Quad], names: list[str]) -> None:
    by_subject: dict[str, list[ox.Quad]] = {}
    for q in quads:
        by_subject.setdefault(str(q.subject), []).append(q)
    for name in (n for n in names if n.startswith("claim/")):
        claim = ox.NamedNode(f"{BASE}id/{name}")
        own = {
            q
            for s, group in by_subject.items()
            if s.startswith((f"<{claim.value}>", f"<{claim.value}#"))
            for q in group
        }
        asserted = {q for q in own if q.graph_name == ox.DefaultGraph()}
        graph = read(server.get(f"/doc/{name}.nq")[2], EVERY[3])
        assert asserted <= read(server.get(f"/doc/{name}.ttl")[2], TURTLE)
        [content] = [q.object for q in asserted if q.predicate == QUOTH.content]
        assert {q for q in quads if q.graph_name == content} <= graph
        labelled = {q.subject for q in graph if q.predicate.value.endswith(("label", "prefLabel"))}
        sources = {q.object for q in asserted if q.predicate in (QUOTH.source, PROV.wasQuotedFrom)}
        assert sources
        assert sources <= labelled


def test_what_is_withdrawn_is_gone_in_every_format(server: Server, quads: list[ox.Quad]) -> None:
    names = paths(withdrawn(quads))
    assert names
    for name in names:
        for format in RDF_FORMATS:
            status, headers, body = server.get(f"/doc/{name}", {"Accept": format.media_type})
            assert (status, headers["content-type"]) == (410, format.content_type)
            assert ox.NamedNode(f"{BASE}id/{name}") in withdrawn(list(read(body, format)))


def test_rdflib_follows_links_from_a_claim(server: Server, names: list[str]) -> None:
    """From a claim to its source to another claim of it, by nothing but IRIs."""
    quoth = rdflib.Namespace("https://w3id.org/quoth/ns#")
    name = next(n for n in names if n.startswith("claim/"))
    claim = rdflib.URIRef(f"{BASE}id/{name}")

    def fetched(iri: rdflib.term.Node) -> rdflib.Graph:
        """All pages of the document about something."""
        graph, pages = rdflib.Graph(), [str(iri).replace(BASE, here(server, ""))]
        for page in pages:
            found = rdflib.Graph().parse(page)
            graph += found
            pages += [str(there) for there in found.objects(None, HYDRA.next)]
        totals = {int(str(total)) for total in graph.objects(None, HYDRA.totalItems)}
        whole = rdflib.URIRef(str(iri).partition("#")[0])
        links = {(s, p) for s, p in graph.subject_predicates(whole) if str(s).startswith(f"{BASE}id/")}
        assert totals <= {len(links)}
        return graph

    graph = fetched(claim)
    sources = list(graph.objects(claim, quoth.creditedTo))
    assert sources
    source = fetched(sources[0])
    credited = set(source.subjects(quoth.creditedTo, sources[0]))
    assert claim in credited
    other = next(iter(credited - {claim}))
    assert (other, quoth.creditedTo, sources[0]) in fetched(other)
    part = next(graph.objects(claim, quoth.attribution))
    assert (part, None, None) in fetched(part)


UNKNOWN = [
    "//doc/x",
    "/doc",
    "/doc/",
    "/id",
    "/id/",
    "/doc//",
    "/id/claim",
    "/doc/%00",
    "/doc/%FF",
    "/doc/%zz",
    "/id/%2F..%2F",
    "/doc/%3C%3E",
    '/doc/"',
    "/doc/a{b}",
    "/doc/.ttl",
    "/doc/..",
    "/releases/1/doc",
    "/releases/x/doc/y",
    "/nowhere",
]


@pytest.mark.parametrize("target", [*UNKNOWN, "/doc/" + "a/" * 2000])
def test_an_unknown_path_is_not_found(server: Server, target: str) -> None:
    for accept, media_type in (("text/turtle", "application/problem+json"), (CHROME, "text/html")):
        status, headers, _ = server.get(target, {"Accept": accept})
        assert status == 404
        assert headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("sign", "<>")
def test_characters_outside_urls_are_refused(server: Server, sign: str) -> None:
    assert server.get(f"/doc/{sign}")[0] == 400  # RFC 3986 section 3.3


def test_a_trailing_slash_names_nothing(server: Server, names: list[str]) -> None:
    for name in names[::50]:
        for path in (f"/doc/{name}/", f"/id/{name}/", f"/doc/{name}.ttl/", f"//doc/{name}", f"/doc//{name}"):
            assert server.get(path)[0] == 404, path


NEGOTIATED = [
    "doc/{claim}",
    "id/{claim}",
    "ns",
    "ns/certainty",
    "shapes/claims",
    "queries",
    "releases",
    "releases/1",
    ".well-known/void",
    "catalog",
]


@pytest.mark.parametrize("path", NEGOTIATED)
def test_a_406_lists_the_variants(server: Server, names: list[str], path: str) -> None:
    claim = next(n for n in names if n.startswith("claim/"))
    status, headers, body = server.get("/" + path.format(claim=claim), {"Accept": "image/png"})
    problem = json.loads(body)
    assert (status, problem["type"]) == (406, here(server, "guide/errors#not-acceptable"))
    assert 'rel="alternate"' in headers["link"]
    for link in problem["links"]:
        status, headers, _ = server.get("/" + link["href"].split("/", 3)[3])
        assert status == 200
        assert headers["content-type"].partition(";")[0] == link["type"]


@of_rdflib
@pytest.mark.parametrize("path", ["ns", "ns/speech-act", "shapes/claims", ".well-known/void", "catalog"])
@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.name)
def test_all_resources_are_negotiated_alike(server: Server, path: str, format: Format) -> None:
    status, headers, body = server.get(f"/{path}", {"Accept": format.media_type})
    assert (status, headers["content-type"]) == (200, format.content_type)
    assert headers["content-location"] == here(server, f"{path}.{format.suffix}")
    assert "Accept" in headers["vary"]
    named = server.get(f"/{path}.{format.suffix}")
    assert (named[0], named[2], named[1]["etag"]) == (200, body, headers["etag"])
    graph = rdflib.Dataset()
    graph.parse(
        data=body, format={"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}.get(format.name, format.name)
    )
    assert len(graph) > 10
