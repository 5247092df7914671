"""VoID, DCAT, service description and files agree with each other and with the data."""

import gzip
import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib.namespace import DCAT as DCAT_2
from rdflib.namespace import VOID

from quoth.claim.model.namespaces import RDF
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.formats import OX_RDF, RDF_FORMATS, Format
from quoth.release.publish import publish
from quoth.release.release import Release
from quoth.web.app import create_app
from quoth.web.core.archive import FILES

from ...conftest import BASE, Client
from ..rdf import descriptions

DCAT_3 = {"version", "hasVersion", "isVersionOf", "hasCurrentVersion", "previousVersion"}
"""Terms that the library's list, of DCAT 2, has not."""

PREFIXES = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX spdx: <http://spdx.org/rdf/terms#> PREFIX void: <http://rdfs.org/ns/void#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX quoth: <https://w3id.org/quoth/ns#>
"""
MORE = [ox.Quad(ox.NamedNode(f"{BASE}id/org/new"), RDF.type, ox.NamedNode("http://www.w3.org/ns/org#Organization"))]


@pytest.fixture(scope="module")
def second(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Another folder, with two releases: the usual one, and the current one, which has a quad more."""
    usual = list(ox.parse(gzip.decompress(release.open_file("claims.nq.gz").read()), ox.RdfFormat.N_QUADS))
    folder = tmp_path_factory.mktemp("discovery")
    publish(usual, releases=folder, base=BASE, report_ttl="", report_json="{}")
    return publish([*usual, *MORE], releases=folder, base=BASE, report_ttl="", report_json="{}")


@pytest.fixture(scope="module")
def app(second: Release) -> Iterator[Flask]:
    engine = EmbeddedEngine(second.store_path, Limits(time_s=5, workers=1))
    yield create_app(Settings(releases=second.path.parent, public_url=BASE), engine, second)
    engine.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = Client
    return app.test_client()


@pytest.fixture
def said(client: FlaskClient) -> ox.Store:
    """All that VoID, DCAT and the Service Description say, together, as a client that follows them has it."""
    store = ox.Store()
    for path in ("/.well-known/void", "/catalog", "/sparql"):
        store.load(client.get(path).data, ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def quads(second: Release) -> ox.Store:
    """The data themselves."""
    store = ox.Store()
    store.load(gzip.decompress(second.open_file("claims.nq.gz").read()), ox.RdfFormat.N_QUADS)
    return store


def rows(store: ox.Store, query: str) -> list[list[str]]:
    """The values of a query's rows."""
    result = store.query(PREFIXES + query)
    assert isinstance(result, ox.QuerySolutions)
    return [[getattr(term, "value", "") for term in row] for row in result]


def at(url: str) -> str:
    """The path of one of our URLs."""
    assert url.startswith(BASE)
    return "/" + url.removeprefix(BASE)


@pytest.mark.parametrize("format", [pytest.param(f, id=f.name) for f in RDF_FORMATS])
def test_the_catalogue_says_the_same_in_every_format(client: FlaskClient, format: Format) -> None:
    answer = client.get("/catalog", headers={"Accept": format.media_type})
    assert (answer.status_code, answer.content_type) == (200, format.content_type)
    assert "Accept" in answer.vary
    turtle = set(ox.parse(client.get("/catalog").data, ox.RdfFormat.TURTLE))
    assert set(ox.parse(answer.data, OX_RDF[format.name])) == turtle
    assert len(turtle) > 50
    again = client.get("/catalog", headers={"Accept": format.media_type, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_every_term_of_the_catalogue_is_one_that_dcat_has() -> None:
    terms = set(re.findall(r"\bdcat:(\w+)", "".join(descriptions().values())))
    assert len(terms) > 20
    assert {term for term in terms if term not in DCAT_2} == DCAT_3


def test_one_dataset_and_one_endpoint(said: ox.Store) -> None:
    [[dataset_]] = rows(said, "SELECT DISTINCT ?d { [] dcat:dataset ?d }")
    [[endpoint]] = rows(said, "SELECT DISTINCT ?s { [] dcat:service ?s }")
    for query in (
        "?x a void:Dataset ; void:sparqlEndpoint ?e",
        "?e sd:defaultDataset ?x ; a sd:Service",
        "?e sd:availableGraphs ?x",
        "?e a dcat:DataService ; dcat:endpointURL ?e ; dcat:servesDataset ?x",
        "?x a dcat:Dataset ; dcat:distribution/dcat:accessService ?e",
    ):
        assert rows(said, f"SELECT DISTINCT ?x ?e {{ {query} }}") == [[dataset_, endpoint]], query
    for term in ("title", "license", "modified", "identifier", "description"):
        assert len(rows(said, f"SELECT DISTINCT ?v {{ <{dataset_}> dcterms:{term} ?v }}")) <= 1, term


def test_every_named_url_is_answered(client: FlaskClient, said: ox.Store) -> None:
    terms = {ox.NamedNode(VOID[name]) for name in ("class", "property")}  # the data's, which need not be of this server
    values = {q.object.value for q in said if isinstance(q.object, ox.NamedNode) and q.predicate not in terms}
    ours = sorted(iri for iri in values if iri.startswith(BASE) and "#" not in iri)
    assert len(ours) > 15
    for iri in ours:
        answer = client.get(at(iri))
        assert answer.status_code in (200, 303), iri


PARTS = {"default-graph": "{ %s }", "reported": "{ GRAPH ?g { %s } }"}
"""Name of a part of the dataset → the pattern that finds in the data what is in it."""


@pytest.mark.parametrize("part", PARTS)
def test_partitions_are_those_of_the_data(said: ox.Store, quads: ox.Store, part: str) -> None:
    node, where = f"<{BASE}sparql#{part}>", PARTS[part]
    classes = f"SELECT ?c ?n {{ {node} void:classPartition ?p . ?p void:class ?c ; void:entities ?n }} ORDER BY ?c"
    count = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) " + where % "?s a ?c" + " GROUP BY ?c ORDER BY ?c"
    assert rows(said, classes) == rows(quads, count)
    properties = (
        f"SELECT ?p ?n {{ {node} void:propertyPartition ?x . ?x void:property ?p ; void:triples ?n }} ORDER BY ?p"
    )
    count = "SELECT ?p (COUNT(*) AS ?n) " + where % "?s ?p ?o" + " GROUP BY ?p ORDER BY ?p"
    values = rows(said, properties)
    assert values == rows(quads, count)
    totals = "?t ?s ?c ?p { %s void:triples ?t ; void:distinctSubjects ?s ; void:classes ?c ; void:properties ?p }"
    count = "(COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?n) " + where % "?s ?p ?o"
    [[triples, subjects]] = rows(quads, f"SELECT {count}")
    expected = [triples, subjects, str(len(rows(said, classes))), str(len(values))]
    assert rows(said, f"SELECT {totals % node}") == [expected]


def test_counts_are_whole_numbers(said: ox.Store, quads: ox.Store, second: Release, client: FlaskClient) -> None:
    whole = """SELECT ?n ?d ?c { [] sd:defaultDataset ?x . ?x void:triples ?n ; void:documents ?d ;
        void:classPartition [ void:class quoth:Claim ; void:entities ?c ] }"""
    claims = rows(quads, "SELECT (COUNT(*) AS ?n) { ?c a quoth:Claim }")[0][0]
    documents = gzip.decompress(client.get("/releases/2/documents.tsv.gz").data).splitlines()
    assert rows(said, whole) == [[str(len(quads)), str(len(documents) - 1), claims]]
    assert second.manifest.quads == len(quads)


def test_examples_are_of_the_dataset(said: ox.Store, quads: ox.Store) -> None:
    values = [row[0] for row in rows(said, "SELECT ?x { ?d void:exampleResource ?x }")]
    assert len(values) > 4
    kinds = {row[0] for iri in values for row in rows(quads, f"SELECT ?c {{ <{iri}> a ?c }}")}
    assert {"https://w3id.org/quoth/ns#Claim", "https://schema.org/NewsArticle"} <= kinds


def test_vocabularies_are_those_that_are_used(said: ox.Store) -> None:
    values = {row[0] for row in rows(said, "SELECT ?v { ?d void:vocabulary ?v }")}
    assert {"https://w3id.org/quoth/ns", "http://www.w3.org/ns/prov#", "https://schema.org/"} <= values
    assert "https://w3id.org/semapv/vocab/" not in values


def test_every_file_is_what_the_catalogue_says(client: FlaskClient, said: ox.Store, second: Release) -> None:
    query = """SELECT ?url ?size ?sum ?type ?coding ?version ?format {
      ?release dcat:version ?version ; dcat:isVersionOf ?whole ; dcat:distribution ?file .
      ?file dcat:downloadURL ?url ; dcat:byteSize ?size ; dcat:mediaType ?type ;
            dcterms:format ?format ; spdx:checksum ?check .
      ?check spdx:checksumValue ?sum ; spdx:algorithm spdx:checksumAlgorithm_sha256
      OPTIONAL { ?file dcat:compressFormat ?compression }
      BIND(COALESCE(?compression, ?type) AS ?coding)
    }"""
    values = rows(said, query)
    assert {(row[0], row[5]) for row in values} == {
        (f"{BASE}releases/{n}/claims.{kind}", str(n)) for n in (1, 2) for kind in ("nq", "trig", "nq.gz", "trig.gz")
    }
    for url, size, sha256, media_type, coding, version, format in values:
        whole = client.get(at(url))
        assert (len(whole.data), hashlib.sha256(whole.data).hexdigest()) == (int(size), sha256)
        assert coding.endswith("/" + whole.content_type)
        name = media_type.partition("media-types/")[2]
        kind = next(f for f in RDF_FORMATS if f.media_type == name)
        assert format == rows(said, f"SELECT ?f {{ ?x dcat:mediaType <{media_type}> ; dcterms:format ?f }}")[0][0]
        data = gzip.decompress(whole.data) if coding.endswith("/gzip") else whole.data
        count = sum(1 for _ in ox.parse(data, OX_RDF[kind.name]))
        assert count == (second.manifest.quads - (len(MORE) if version == "1" else 0))
    named = "SELECT ?url { ?d %s ?url } ORDER BY ?url"
    current = rows(said, named % "dcat:hasCurrentVersion/dcat:distribution/dcat:downloadURL")
    assert len(current) == 4
    assert current == rows(said, named % "void:dataDump")
    assert current == rows(said, named % "dcat:dataset/dcat:distribution/dcat:downloadURL")
    checked = (
        "SELECT ?dump ?sum { ?d void:dataDump ?dump . ?dump spdx:checksum/spdx:checksumValue ?sum } ORDER BY ?dump"
    )
    assert [url for url, _ in rows(said, checked)] == [url for [url] in current]
    for url, sha256 in rows(said, checked):
        assert hashlib.sha256(client.get(at(url)).data).hexdigest() == sha256


@pytest.mark.parametrize("suffix", ["ttl", "rdf", "nt", "jsonld", "html"])
@pytest.mark.parametrize("path", [".well-known/void", "catalog"])
def test_plain_files_come_before_the_compressed_ones(client: FlaskClient, path: str, suffix: str) -> None:
    """A loader that takes the first file that is named need not be able to unpack it."""
    text = client.get(f"/{path}.{suffix}").text
    named = re.findall(r"(releases/\d+/|catalog#release-\d+-)(claims\.\w+(?:\.gz)?)(?![\w.-])", text)
    first = {place: list(dict.fromkeys(name for at, name in named if at == place)) for place, _ in named}
    assert first
    for names in first.values():
        assert names == ["claims.nq", "claims.trig", "claims.nq.gz", "claims.trig.gz"]


def test_versions(said: ox.Store) -> None:
    assert rows(said, "SELECT ?v { [] dcat:hasCurrentVersion/dcat:version ?v }") == [["2"]]
    assert rows(said, "SELECT ?v ?w { ?a dcat:version ?v ; dcat:previousVersion/dcat:version ?w }") == [["2", "1"]]
    values = rows(said, "SELECT ?a ?b { ?d dcat:hasVersion ?a . ?b dcat:isVersionOf ?d FILTER(?a = ?b) }")
    assert sorted(row[0] for row in values) == [BASE + "releases/1", BASE + "releases/2"]


def test_a_release_that_is_removed_or_damaged_is_not_listed(
    second: Release, tmp_path: Path, engine: EmbeddedEngine
) -> None:
    (tmp_path / "2").symlink_to(second.path)  # no folder, so no release
    (tmp_path / "1").mkdir()
    app = create_app(Settings(releases=tmp_path, public_url=BASE), engine, second)
    catalog = ox.Store()
    catalog.load(app.test_client().get("/catalog").data, ox.RdfFormat.TURTLE)
    assert rows(catalog, "SELECT ?v { [] dcat:hasVersion/dcat:version ?v }") == [["2"]]
    for number in (1, 7):
        answer = app.test_client().get(f"/releases/{number}/claims.nq.gz")
        assert answer.status_code == 404
        assert str(tmp_path) not in answer.text


@pytest.mark.parametrize("number", [1, 2])
def test_checksums_can_be_checked(client: FlaskClient, tmp_path: Path, number: int) -> None:
    sums = client.get(f"/releases/{number}/SHA256SUMS")
    assert sums.mimetype == "text/plain"
    names = [line.partition("  ")[2] for line in sums.text.splitlines()]
    assert set(names) == set(FILES) - {"SHA256SUMS", "manifest.json"}
    for name in names:
        (tmp_path / name).write_bytes(client.get(f"/releases/{number}/{name}").data)
    done = subprocess.run(["sha256sum", "--check", "--strict"], input=sums.data, cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stdout


def test_the_front_page_leads_to_all_of_it(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"})
    for path in (".well-known/void", "catalog", "sitemap.xml", "sparql"):
        assert f"<{BASE}{path}>" in page.headers["Link"]
        assert f'href="/{path}"' in page.text


def test_a_static_file_of_other_software_is_kept_by_nobody(client: FlaskClient) -> None:
    [own] = set(re.findall(r"/static/quoth\.css\?v=(\w+)", client.get("/guide", headers={"Accept": "text/html"}).text))
    kept, other = (client.get(f"/static/quoth.css?v={version}") for version in (own, "0" * 8))
    assert "max-age=3600" in kept.headers["Cache-Control"]
    assert (other.status_code, other.headers["Cache-Control"]) == (200, "no-store")
    assert other.headers["ETag"] == kept.headers["ETag"]
