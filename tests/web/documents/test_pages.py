"""Pages load nothing from other servers, and no published text can run in them."""

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.remote.engine import RemoteEngine
from quoth.errors import UsageError
from quoth.release.manifest import Manifest
from quoth.release.release import Release
from quoth.sparql import named_queries
from quoth.web.app import create_app
from quoth.web.core.responses import CONTENT_SECURITY_POLICY
from quoth.web.guide import chapters
from quoth.web.releases import release_pages

from ...accept_headers import CHROME
from ...conftest import BASE, SCRIPT
from ...serving import free_port

QUESTIONS = named_queries.load(named_queries.QUESTIONS)

PAGES = [
    "/",
    "/ns",
    "/ns/certainty",
    "/shapes",
    "/shapes/claims",
    "/queries",
    "/sparql",
    "/guide",
    *(f"/guide/{name}" for name in chapters.ORDER),
    "/releases/1",
    "/doc/claim/harbour/no-ties",
    "/releases/1/doc/claim/harbour/no-ties",
    "/doc/article/harbour",
    "/doc/person/eve",
    "/doc/org/velm-salt",
    "/doc/source/harbour/two-dockers",
    "/doc/topic/velm-guild-offer",
    "/doc/place/quay-4",
    "/doc/org/velm-salt?certainty=certain&source=org/harbour-office",
    "/articles",
    "/catalog",
    "/.well-known/void",
    "/entities",
    "/entities?kind=places",
    "/sources",
    "/topics",
    "/sparql?query=SELECT+*+{?s+rdfs:label+?o}+LIMIT+9".replace(
        "rdfs:label", "<http://www.w3.org/2000/01/rdf-schema%23label>"
    ),
    "/nowhere",
]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The site without the built editor, whether it is built here or not; with it: tests/browser."""
    monkeypatch.setattr("quoth.web.editor.assets.BUILT", tmp_path)


class Reader(HTMLParser):
    """Collects what matters of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.scripts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "script":
            self.scripts.add(dict(attrs).get("type") or "")
        if tag not in ("meta", "link", "br", "img", "input", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(client: FlaskClient, path: str) -> Reader:
    response = client.get(path, headers={"Accept": CHROME})
    assert response.content_type == "text/html; charset=utf-8", path
    reader = Reader()
    reader.feed(response.text)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_formed_and_load_nothing_external(client: FlaskClient, path: str) -> None:
    page = read(client, path)
    assert not {"img", "iframe", "style", "object"} & set(page.tags)
    assert page.scripts <= {"application/ld+json", "module"}, "data that no browser runs, and a file of ours"
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name != "style"
        if name == "src":
            assert value.startswith("/static/"), value
        if name in ("href", "src", "action"):
            assert re.match(r"(/|#|https?://|$)", value), value
    identifiers = [value for name, value in page.attributes if name == "id"]
    assert len(identifiers) == len(set(identifiers))


@pytest.fixture(scope="module")
def followed() -> set[str]:
    """The targets that were found to lead somewhere: pages have most of their links in common."""
    return set()


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES)
def test_links_within_the_site_lead_somewhere(client: FlaskClient, path: str, followed: set[str]) -> None:
    hrefs = {v.partition("#")[0] for n, v in read(client, path).attributes if n == "href"}
    targets = {"/" + v.removeprefix(BASE).removeprefix("/") for v in hrefs if v.startswith(("/", BASE))}
    for target in sorted(targets - followed):
        followed.add(target)
        assert client.get(target, headers={"Accept": CHROME}).status_code in (200, 303), target


@pytest.mark.parametrize("path", [*PAGES, "/doc/person/eve.ttl", "/sparql?query=ASK{}", "/static/quoth.css"])
def test_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": CHROME}).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/sparql", "/sparql?query=ASK{}", "/sparql?query=ASK"])
def test_the_editor_is_served_from_this_server(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    for name in ("editor.js", "editor.css"):
        (tmp_path / name).touch()
    monkeypatch.setattr("quoth.web.editor.assets.BUILT", tmp_path)
    response = client.get(path, headers={"Accept": CHROME})
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.findall(r'<script src="/static/([^"?]+)[^>]* defer>', response.text) == ["editor-loader.js"]
    assert "<textarea" in response.text, "the plain form stays beneath it"


@pytest.mark.parametrize(
    "path", ["/doc/person/eve", "/sparql?query=SELECT*{<http://localhost:8000/id/person/eve>?p+?o}"]
)
def test_hostile_terms_are_text(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": CHROME})
    assert SCRIPT not in response.text
    assert "&lt;/script&gt;" in response.text
    assert "{{7*7}}" in response.text
    links = [value for name, value in read(client, path).attributes if name == "href"]
    assert not any(link.startswith(("javascript", "data")) for link in links)


def test_hostile_requests_are_text(client: FlaskClient) -> None:
    for path in ("/doc/<script>alert(1)</script>", "/sparql?query=<script>alert(1)</script>", "/ns/<script>"):
        response = client.get(path, headers={"Accept": CHROME})
        assert response.status_code in (400, 404)
        assert "<script>" not in response.text


@pytest.mark.parametrize("name", [q.name for q in QUESTIONS])
def test_every_named_question_runs(client: FlaskClient, name: str) -> None:
    assert client.get(f"/queries/{name}", headers={"Accept": CHROME}).status_code == 200
    assert client.get(f"/queries/{name}", headers={"Accept": "text/csv"}).content_type.startswith("text/csv")
    result = client.get(f"/queries/{name}", headers={"Accept": "application/json"}).get_json(force=True)
    assert "head" in result


@pytest.mark.parametrize("suffix", ["ttl", "trig", "jsonld", "nq", "nt", "rdf", "html"])
def test_ontology_variants(client: FlaskClient, suffix: str) -> None:
    for stem in ("/ns", "/ns/certainty"):
        response = client.get(f"{stem}.{suffix}")
        assert response.status_code == 200
        assert response.headers["Content-Location"].endswith(f"{stem}.{suffix}")


def test_context_shapes_and_version(client: FlaskClient) -> None:
    assert client.get("/context.jsonld").content_type == "application/ld+json"
    assert client.get("/shapes/claims.ttl").content_type == "text/turtle; charset=utf-8"
    assert client.get("/shapes/none.ttl").status_code == 404
    shapes = client.get("/shapes", headers={"Accept": CHROME}).text
    assert "A claim has at least one anchor: the words that carry it." in shapes
    assert 'href="/ns#anchor"' in shapes
    assert client.get("/ns/0.2.0", headers={"Accept": "text/turtle"}).status_code == 200
    assert client.get("/ns/none").status_code == 404


def test_the_reference_counts_uses_and_shows_one(client: FlaskClient) -> None:
    text = client.get("/ns", headers={"Accept": CHROME}).text
    entries = dict(re.findall(r'<article class="term" id="(\w+)">(.*?)</article>', text, re.DOTALL))
    assert "27 uses" in entries["Claim"], "as many as there are claims: the ontology's own statements do not count"
    assert "/doc/claim/harbour/" in entries["Claim"]
    assert "27 uses" in entries["content"]
    assert "prov:Entity" in entries["Claim"]
    scheme = client.get("/ns/certainty", headers={"Accept": CHROME}).text
    uses = [int(n) for n in re.findall(r'<span class="count">(\d+) uses?</span>', scheme)]
    assert sum(uses) == 27, "each claim has one certainty"


@pytest.mark.parametrize(("path", "old", "new"), [("ns", "recipient", "receiver"), ("ns/event-type", "cost", "price")])
def test_a_deprecated_term_is_shown_as_such_with_what_replaces_it(
    client: FlaskClient, path: str, old: str, new: str
) -> None:
    text = client.get(f"/{path}", headers={"Accept": CHROME}).text
    entries = dict(re.findall(r'<article class="term" id="(\w+)">(.*?)</article>', text, re.DOTALL))
    assert "<strong>deprecated</strong>" in entries[old]
    assert "is replaced by" in entries[old]
    assert f'href="/{path}#{new}"' in entries[old]
    assert "<strong>deprecated</strong>" not in entries[new]


def test_a_release_is_described_in_words(client: FlaskClient) -> None:
    text = client.get("/releases/1", headers={"Accept": CHROME}).text
    listed_as_files = {"format", "release", "files", "uncompressed", "store"}
    assert set(release_pages.LABELS) == {f.name for f in dataclasses.fields(Manifest)} - listed_as_files
    absent = {"redacted", "bases"}  # nothing was redacted, and there is one base
    shown = [label for name, label in release_pages.LABELS.items() if name not in absent]
    assert re.findall(r"<dt>(.*?)</dt>", text) == shown


@pytest.mark.parametrize("path", ["/", "/doc/claim/harbour/no-ties", "/guide", "/nowhere"])
def test_the_footer_links_to_every_section(client: FlaskClient, path: str) -> None:
    _, _, foot = client.get(path, headers={"Accept": CHROME}).text.partition("<footer")
    for target in ("articles", "entities", "sources", "topics", "releases", "catalog", ".well-known/void"):
        assert f'<a href="/{target}">' in foot
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">' in foot


def test_static_pages_are_served_without_an_engine(settings: Settings, release: Release) -> None:
    app = create_app(settings, RemoteEngine(f"http://127.0.0.1:{free_port()}/"), release)
    response = app.test_client().get("/guide", headers={"Accept": CHROME})
    assert response.status_code == 200
    assert 'rel="license"' not in response.text


@pytest.mark.parametrize(
    ("claim", "said", "manner"),
    [
        ("company-paid-nobody", "This is what the source <strong>denies</strong>.", "Denied flatly."),
        ("no-ties", "The source says that this is <strong>not so</strong>.", "Stated to be untrue, without hedging."),
        (
            "nobody-hurt",
            "The source says that this is <strong>not so</strong>.",
            "Stated to be untrue, without hedging.",
        ),
        ("ferry-late", "As the source puts it.", "Stated without hedging."),
    ],
)
def test_only_denied_claims_are_called_denials(client: FlaskClient, claim: str, said: str, manner: str) -> None:
    """A claim is negated by many speech acts; a denial is one of them."""
    text = client.get(f"/doc/claim/harbour/{claim}", headers={"Accept": CHROME}).text
    assert said in text
    assert manner in text
    opening, _, _ = text.partition("Beside other claims")  # there, and beside it in the text, may be a denial
    opening = re.sub('<nav class="beside".*?</nav>|<span class="context">.*?</span>', "", opening, flags=re.DOTALL)
    assert ("denie" in opening.lower()) == (claim == "company-paid-nobody")


def test_the_claim_page_has_manner_chain_report_and_citations(client: FlaskClient) -> None:
    text = client.get("/doc/claim/harbour/ferry-late", headers={"Accept": CHROME}).text
    assert "Stated without hedging." in text
    _, _, chain = text.partition('<ol class="chain">')
    assert chain.index("The article</a> reports that") < chain.index("harbour office</a></strong> said")
    assert "The operator of this server has given no contact." in text
    for target in (
        "/releases/1/report.ttl",
        "/releases/1/doc/claim/harbour/ferry-late",
        ".bib",
        ".csl.json",
        "/ns/stance#",
    ):
        assert target in text


def test_the_contact_is_a_link(settings: Settings, engine: EmbeddedEngine, release: Release) -> None:
    contact = "mailto:claims@example.org?subject=A%20claim"
    app = create_app(dataclasses.replace(settings, contact=contact), engine, release)
    text = app.test_client().get("/doc/claim/harbour/ferry-late", headers={"Accept": CHROME}).text
    assert f'<a href="{contact}">Dispute this claim</a>' in text


@pytest.mark.parametrize(
    "contact",
    ["javascript:alert(1)", "mailto:", "somebody", "https://", "mailto:a@b\nBcc: c@d", "mailto:a@b%", "http://x/[y]"],
)
def test_a_contact_is_mail_or_the_web(contact: str) -> None:
    with pytest.raises(UsageError):
        Settings.from_environment({"QUOTH_CONTACT": contact})


def test_dumps(client: FlaskClient) -> None:
    whole = client.get("/releases/1/claims.nq.gz")
    assert whole.content_type == "application/gzip"
    assert "Content-Encoding" not in whole.headers
    part = client.get("/releases/1/claims.nq.gz", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    again = client.get("/releases/1/claims.nq.gz", headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/releases/1/manifest.json").get_json()["claims"] == 27
    for path in ("/releases/1/store", "/releases/2/claims.nq.gz", "/releases/1/..%2Fcurrent", "/releases/1/.lock"):
        assert client.get(path).status_code == 404


def test_an_event_type_shows_its_frame_its_neighbours_and_its_words(client: FlaskClient) -> None:
    page = client.get("/ns/event-type", headers={"Accept": CHROME}).text
    [attack] = re.findall(r'<article class="term" id="attack">.*?</article>', page, re.DOTALL)
    rows = [re.findall(r">([^<]+)<", row) for row in re.findall(r"<tr>.*?</tr>", attack, re.DOTALL)]
    assert rows[1:] == [
        ["agent", "yes, or unstated", "who attacks", "a person, a group, an organisation, a country or a source"],
        ["affected", "yes, or unstated", "the victims", "an entity or a part of the content"],
        ["instrument", "with what", "an entity or a part of the content"],
    ]
    for words in ("If both sides fight, use fighting", "In a text: assault"):
        assert words in attack
    assert 'href="http://premon.fbk.eu/resource/fn17-attack"' in attack
    assert page.count('<details class="frame">') == 124


def test_a_speech_act_says_what_it_enacts(client: FlaskClient) -> None:
    page = client.get("/ns/speech-act", headers={"Accept": CHROME}).text
    [offered] = re.findall(r'<article class="term" id="offered">.*?</article>', page, re.DOTALL)
    assert re.search(r'is the act of <a href="/ns/event-type#offer"', offered)


@pytest.mark.parametrize(("number", "shown"), [(6, 6), (7, 4)])
def test_a_long_list_is_folded_after_its_first_items(app: Flask, number: int, shown: int) -> None:
    """All of it is in the HTML; a rest of two is no reason to fold."""
    template = (
        '{% import "_parts.html" as p %}{% macro item(i) %}<li>{{ i }}</li>{% endmacro %}{{ p.folded(items, item) }}'
    )
    text = app.jinja_env.from_string(template).render(items=list(range(number)))
    opening, _, rest = text.partition("<details")
    assert [re.findall("<li>([0-9]+)", part) for part in (opening, rest)] == [
        [str(i) for i in range(shown)],
        [str(i) for i in range(shown, number)],
    ]
    assert (f"<summary>{number - shown} more</summary>" in rest) == (number > shown)


def test_a_page_says_where_no_claim_contradicts(client: FlaskClient) -> None:
    """Of one claim on its own page, of the claims about a thing on its page."""
    every = client.get("/claims.json?limit=1000").get_json()["claims"]
    contradicted = [any(relation["kind"] == "contradicts" for relation in claim["relations"]) for claim in every]
    assert {*contradicted} == {True, False}
    for claim, denied in zip(every, contradicted, strict=True):
        page = client.get(claim["document"].removeprefix("http://localhost:8000") + ".html").text
        assert ("No other claim on record contradicts this one." in page) is not denied
        assert ("This claim contradicts" in page) is denied
    topics = ("velm-ferry-delay", "velm-pilot-payment", "velm-guild-offer")
    pages = [client.get(f"/doc/topic/{topic}.html").text for topic in topics]
    agree, apart = "No two of these claims are on record as contradicting each other.", "Conflicting claims"
    assert [(agree in page, apart in page) for page in pages] == [(True, False), (False, True), (False, True)]
