"""Pages of entities, sources and topics, the lists that lead to them, and the front page."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import DCTERMS, OWL, PREFIXES, PROV, RDF, RDFS, SKOS, SSSOM
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.release.publish import publish
from quoth.web.app import create_app
from quoth.web.discovery import home
from quoth.web.present.lists import claim_lists

from ...accept_headers import CHROME
from ...conftest import BASE, SCRIPT, Client

VELM_SALT = "/doc/org/velm-salt"
WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"


def get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers={"Accept": CHROME})
    assert response.status_code == 200, path
    return response.text


def claims_in(text: str) -> int:
    return text.count('class="claim-row"')


def parts(text: str) -> list[tuple[str, int]]:
    """The parts of the charts of a page: where each leads, and the number that it shows."""
    counts = re.findall(r'<th scope="row"><a href="([^"]+)".*?<td class="number">([\d,]+)</td>', text, re.DOTALL)
    return [(href.replace("&amp;", "&"), int(number.replace(",", ""))) for href, number in counts]


@pytest.mark.parametrize("path", [VELM_SALT, "/doc/source/harbour/two-dockers", "/doc/topic/velm-ferry-delay"])
def test_each_part_of_a_chart_leads_to_its_claims(client: FlaskClient, path: str) -> None:
    counts = parts(get(client, path))
    assert counts
    for href, number in counts:
        narrowed = get(client, href)
        assert claims_in(narrowed) == number, href
        assert '<meta name="robots" content="noindex">' in narrowed
        assert f'<link rel="canonical" href="http://localhost:8000{path}">' in narrowed
        # The part that is chosen leads back.
        [back] = re.findall(r'<tr class="selected"><th scope="row"><a href="([^"]+)"', narrowed)
        assert "?" not in back or href != back.replace("&amp;", "&")


@pytest.mark.parametrize(
    ("path", "link", "about"),
    [("/", "/claims?", ""), ("/doc/org/coast-audit", "/doc/org/coast-audit?", "org/coast-audit")],
)
def test_who_says_it_has_a_row_for_claims_of_which_that_is_unclear(
    client: FlaskClient, path: str, link: str, about: str
) -> None:
    total = client.get("/claims.json", query_string={"naming": "unclear", "about": about}).get_json()["total"]
    text = get(client, path)
    assert ">Unclear who</a>" in text
    assert dict(parts(text))[f"{link}naming=unclear"] == total > 0
    chosen = get(client, f"{link}naming=unclear")
    assert chosen.count('class="claim-row"') == total if about else f'Claims <span class="count">{total}<' in chosen


def test_filters_add_up(client: FlaskClient) -> None:
    text = get(client, f"{VELM_SALT}?certainty=certain")
    ways = {"and": 0, "or": 0}
    for href, number in parts(text):
        if "certainty=certain" in href and "&" in href:
            same_facet = href.count("certainty=") == 2
            ways["or" if same_facet else "and"] += 1
            assert claims_in(get(client, href)) == number + same_facet * claims_in(text)
    assert all(ways.values()), "values of one facet are alternatives, facets are conditions"


def test_a_filter_without_matches_gives_an_empty_list_and_a_link_back(client: FlaskClient) -> None:
    for query in ("source=place/quay-4", f"certainty={BASE}id/place/quay-4"):
        text = get(client, f"{VELM_SALT}?{query}")
        assert claims_in(text) == 0
        assert f'href="{VELM_SALT}"' in text
    everything = claims_in(get(client, VELM_SALT))
    for query in ("", "unknown=1", "utm_source=news&fbclid=1", "certainty=", "list="):
        assert claims_in(get(client, f"{VELM_SALT}?{query}")) in (
            everything,
            claims_in(get(client, f"{VELM_SALT}?list=about")),
        )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("source=org/nobody", "article/harbour"),
        ("source=javascript:alert(1)", "org/velm-salt"),
        ("certainty=<script>", "certain, "),
        ("polarity=denied", "positive (affirmed), negative (negated)"),
        ("tense='%20OR%201=1", "past"),
    ],
)
def test_an_unknown_value_is_refused_as_in_the_table(client: FlaskClient, query: str, told: str) -> None:
    """The remedy names the values that the page has, with the words that it has for them."""
    for path in (VELM_SALT, "/claims"):
        response = client.get(f"{path}?{query}", headers={"Accept": CHROME})
        assert response.status_code == 400
        assert "<script>" not in response.text
        assert told in unescape(response.text)
    assert client.get(f"{VELM_SALT}.ttl?{query}").status_code == 200, "the filters are the page's alone"


def test_pages_of_claims(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = get(client, f"{VELM_SALT}?list=about")
    labels = re.findall(r'<p class="label"><a href="(/doc/claim/[^"]+)"', whole)
    monkeypatch.setattr(claim_lists, "PAGE_CLAIMS", 4)
    seen, path = [], f"{VELM_SALT}?list=about"
    for _ in range(20):
        text = client.get(path, headers={"Accept": CHROME, "Cache-Control": "no-cache"}).text
        seen += re.findall(r'<p class="label"><a href="(/doc/claim/[^"]+)"', text)
        following = re.search(
            r'<nav class="pager" aria-label="Pages: [^"]+">.*?<a href="([^"]+)" rel="next"', text, re.DOTALL
        )
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
    assert len(seen) == len(labels) > 4
    assert set(seen) == set(labels)
    for query, status in (("claims=0", 400), ("claims=x", 400), ("claims=-1", 400), ("claims=99", 404)):
        assert client.get(f"{VELM_SALT}?{query}", headers={"Accept": CHROME}).status_code == status


def test_a_filtered_page_has_a_validator_of_its_own(client: FlaskClient) -> None:
    tags = {
        client.get(f"{VELM_SALT}{query}", headers={"Accept": CHROME}).headers["ETag"]
        for query in ("", "?certainty=certain", "?certainty=unknown")
    }
    assert len(tags) == 3


def test_an_unnamed_source_s_page_explains_why_it_has_no_match(client: FlaskClient) -> None:
    text = get(client, "/doc/source/harbour/two-dockers")
    assert "does not name it" in text
    assert "<q>who unload the boats at Quay 4</q>" in text
    assert 'href="/doc/article/harbour"' in text
    assert "This source is not named" in text
    assert "Related elsewhere" in text
    assert "The same elsewhere" not in text
    assert "Speech act" in text
    assert "This source is not named" not in get(client, "/doc/org/harbour-office")


def test_contradicting_claims_are_shown_side_by_side(client: FlaskClient) -> None:
    texts = [
        get(client, f"/doc/topic/{name}") for name in ("velm-ferry-delay", "velm-pilot-payment", "velm-guild-offer")
    ]
    apart = [text for text in texts if "Conflicting claims" in text]
    assert apart
    for text in apart:
        block = text[text.index('id="h-apart"') :]
        assert block.count('class="side"') >= 2
        assert 'class="reason"' in block


@pytest.mark.parametrize("name", ["articles", "entities", "sources", "topics"])
def test_lists_as_pages_and_as_json(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}", headers={"Accept": "application/json"})
    body = response.get_json()
    data = body[name]
    assert int(response.headers["X-Total-Count"]) == body["total"] == len(data) > 0
    assert body["next"] is None
    assert [d["claims"] for d in data] == sorted((d["claims"] for d in data), reverse=True)
    assert body == client.get(f"/{name}.json").get_json()
    text = get(client, f"/{name}")
    for one in data:
        assert one["document"].removeprefix("http://localhost:8000") in text
        assert client.get(one["document"], headers={"Accept": "text/turtle"}).status_code == 200
    for href, number in re.findall(r'<a href="([^"]+)">[A-Z][a-z]+ <span class="count">(\d+)', text):
        narrowed = client.get(href, headers={"Accept": "application/json"})
        assert int(narrowed.headers["X-Total-Count"]) == int(number)
    assert client.get(f"/{name}?kind=nonsense").status_code == 400
    assert client.get(f"/{name}?page=2").status_code == 404
    assert client.get(f"/{name}", headers={"Accept": "image/png"}).status_code == 406


def test_the_front_page_has_the_counts_of_the_release(client: FlaskClient) -> None:
    text = get(client, "/")
    for name in ("articles", "entities", "sources", "topics"):
        total = client.get(f"/{name}.json").headers["X-Total-Count"]
        assert f'<a href="/{name}">{total}</a>' in text
    for title in ("Whose voice", "How certain", "Affirmed or negated"):
        chart = text[text.index(title) :]
        assert sum(int(n) for n in re.findall(r'class="number">(\d+)<', chart[: chart.index("</table>")])) == 27
    manifest = client.get("/releases/1/manifest.json").get_json()
    for name in ("claims.trig.gz", "claims.nq.gz"):
        assert manifest["files"][name]["sha256"] in text
        assert f'href="/releases/1/{name}"' in text
    assert "curl http://localhost:8000/sparql" in text
    answer = client.get("/sparql", query_string={"query": home.EXAMPLE}, headers={"Accept": "text/csv"})
    assert answer.text.startswith("who,claim\r\n")
    assert len(answer.text.splitlines()) == 11
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    described = json.loads(block)
    assert described["@type"] == "Dataset"
    assert described["license"]
    for part in described["distribution"]:
        assert client.get(part["contentUrl"]).status_code == 200


# ---------------------------------------------------------------- what a release may say of places and links


def elsewhere() -> list[ox.Quad]:
    """Links with their provenance, one of them hostile, and coordinates: ours, a claim's, impossible ones."""
    quay, mara = (ox.NamedNode(BASE + "id/" + name) for name in ("place/quay-4", "person/mara-lind"))
    town = ox.NamedNode(BASE + "id/place/port-velm")
    graph, facts = ox.NamedNode(BASE + "id/linkset/w#mappings"), ox.NamedNode(BASE + "id/facts/w")
    content = ox.NamedNode(BASE + "id/claim/harbour/ferry-late#content")
    degrees = [ox.Literal(value) for value in ("54.25", "-3.5", "12", "13")]

    def mapping(
        name: str, target: str, predicate: ox.NamedNode, *more: tuple[ox.NamedNode, ox.NamedNode | ox.Literal]
    ) -> list[ox.Quad]:
        node = ox.NamedNode(f"{BASE}id/linkset/w#{name}")
        said = [
            (OWL.annotatedSource, mara),
            (OWL.annotatedProperty, predicate),
            (OWL.annotatedTarget, ox.NamedNode(target)),
        ]
        return [ox.Quad(node, p, o, graph) for p, o in (*said, *more)]

    return [
        ox.Quad(graph, RDF.type, SSSOM.MappingSet),
        ox.Quad(mara, SKOS.closeMatch, ox.NamedNode("https://example.org/lind")),
        ox.Quad(mara, SKOS.exactMatch, ox.NamedNode("https://example.org/no-metadata")),
        *mapping(
            "one",
            "https://example.org/lind",
            SKOS.closeMatch,
            (SSSOM.object_label, ox.Literal("M. Lind " + SCRIPT)),
            (PROV.wasAttributedTo, ox.NamedNode(BASE + "id/org/quoth")),
            (DCTERMS.created, ox.Literal("2026-11-23")),
            (SSSOM.confidence, ox.Literal("0.8")),
            (RDFS.comment, ox.Literal("Same name, same port.")),
        ),
        *mapping(
            "two", "https://example.org/other-lind", SKOS.exactMatch, (SSSOM.predicate_modifier, SSSOM.NegatedPredicate)
        ),
        *mapping("three", "javascript:alert(1)", SKOS.relatedMatch),
        ox.Quad(quay, ox.NamedNode(WGS84 + "lat"), degrees[0], facts),
        ox.Quad(quay, ox.NamedNode(WGS84 + "long"), degrees[1], facts),
        ox.Quad(facts, RDFS.label, ox.Literal("facts of W")),
        ox.Quad(town, ox.NamedNode(PREFIXES["schema"] + "latitude"), degrees[2], content),
        ox.Quad(town, ox.NamedNode(PREFIXES["schema"] + "longitude"), degrees[3], content),
        ox.Quad(mara, ox.NamedNode(WGS84 + "lat"), ox.Literal("91")),
        ox.Quad(mara, ox.NamedNode(WGS84 + "long"), ox.Literal("nan")),
    ]


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Iterator[FlaskClient]:
    report, authored = check.check([harbour], BASE, texts)
    release = publish(
        [*publication.published_quads(authored, BASE), *elsewhere()],
        releases=tmp_path_factory.mktemp("linked"),
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )
    engine = EmbeddedEngine(release.store_path, Limits(workers=1))
    app = create_app(Settings(releases=release.path.parent, public_url=BASE), engine, release)
    app.test_client_class = Client
    yield app.test_client()
    engine.close()


def test_links_are_shown_with_author_and_method(linked: FlaskClient) -> None:
    text = get(linked, "/doc/person/mara-lind")
    block = text[text.index('id="h-elsewhere"') :]
    for words in (
        "about the same as",
        "2026-11-23",
        "confidence 0.8",
        "Same name, same port.",
        "not reviewed",
        "/doc/org/quoth",
    ):
        assert words in block
    assert 'href="https://example.org/lind"' in block
    assert block.index("about the same as") < block.index("not the same as")
    assert SCRIPT not in text
    assert 'href="javascript' not in text
    assert 'href="https://example.org/no-metadata"' in text, "a link without metadata is a link all the same"


@pytest.mark.parametrize(
    ("path", "place", "words"),
    [
        ("org/velm-salt", ' <span class="count">1</span>', "1 link; 1 likely match ruled out."),
        ("org/coast-audit", "", "0 links; 1 search that found nothing."),
    ],
)
def test_what_is_not_the_same_and_what_was_not_found_are_not_counted_as_links(
    client: FlaskClient, path: str, place: str, words: str
) -> None:
    text = get(client, f"/doc/{path}")
    assert f'<a href="#h-elsewhere">Elsewhere</a>{place}</span>' in text
    assert words in text[text.index('id="h-elsewhere"') :]


def test_a_linkset_shows_what_it_links(client: FlaskClient) -> None:
    text = get(client, "/doc/linkset/register")
    block = text[text.index('id="h-linked"') : text.index('id="h-data"')]
    assert "4 mappings" in block
    assert "<p>3 links; 1 likely match ruled out. Each mapping says" in block
    assert '<dt><a href="/doc/org/velm-salt">Velm Salt</a></dt>' in block
    assert block.index("about the same as") < block.index("not the same as")
    assert 'href="http://register.example/firm/Velm_Ferries"' in block
    assert "No claim names it" not in text
    assert "creativecommons.org/licenses/by/4.0</a>" in text, "a licence is more than a number"


def test_a_mapping_without_object_is_not_shown_as_a_match(client: FlaskClient) -> None:
    """Nothing is the same as nothing: it is said what was sought, and where."""
    linkset = get(client, "/doc/linkset/roll")
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", linkset[linkset.index('id="h-linked"') :], re.DOTALL)
    [entry] = [value for name, value in rows if "Coast Audit" in name]
    assert " ".join(entry.split()).startswith("no entry found <p")
    assert "<dt>no entry found</dt>" in get(client, "/doc/org/coast-audit")
    facts = re.findall(r"<dt><a[^>]*>([^<]+)</a></dt>", linkset[: linkset.index('id="h-linked"')])
    assert {"Links lead to", "Kind of link", "Links of each kind", "Number of links"} <= set(facts)
    assert "1 search that found nothing" in linkset
    assert re.search(r'<dd id="by-[^"]+">[^<]+: \d+</dd>', linkset), "how many of each kind"
    assert '<dd id="mappings">the mappings below, row by row</dd>' in linkset


def test_places_with_coordinates_have_a_map(linked: FlaskClient) -> None:
    text = get(linked, "/doc/place/quay-4")
    assert '<circle class="spot" cx="-3.5" cy="-54.25"' in text
    assert "54.2° N, 3.5° W" in text
    assert "facts of W" in text
    assert linked.get("/static/land.svg").content_type.startswith("image/svg+xml")
    for path in ("/doc/place/port-velm", "/doc/person/mara-lind"):
        assert '<circle class="spot"' not in get(linked, path), (
            "what is only claimed, or impossible, is no place on a map"
        )


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("list=nothing", "use one of about, "),
        ("certianty=certain", "did you mean certainty?"),
        ("pgae=2", "did you mean page?"),
        ("format=ttl", "org/velm-salt.ttl"),
        ("format=docx", "use one of "),
    ],
)
def test_what_a_page_does_not_understand_is_not_passed_over(client: FlaskClient, query: str, remedy: str) -> None:
    response = client.get(f"{VELM_SALT}?{query}", headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert remedy.lower() in unescape(response.text).lower()


def test_the_format_of_an_address_may_be_said_twice(client: FlaskClient) -> None:
    assert client.get(f"{VELM_SALT}.ttl?format=ttl").status_code == 200
    assert client.get("/claims.csv?format=csv").status_code == 200
    assert client.get("/claims.csv?format=json").status_code == 400
