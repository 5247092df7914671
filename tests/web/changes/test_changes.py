"""What changed, for readers and for programs: lists, feeds, activities, the event stream, versions of documents."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

import feedparser
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import DCTERMS, OA, PROV, QUOTH, RDF, RDFS, SCHEMA, SKOS, XSD
from quoth.claim.rules import publication
from quoth.release.current import roll_back
from quoth.release.history.changes import Statement
from quoth.release.history.past_changes import Wanted
from quoth.release.publish import publish
from quoth.web.changes import activity_stream, change_request, event_stream
from quoth.web.changes.event_stream import LDES, TREE
from quoth.web.core import archive
from quoth.web.core.site import Site
from quoth.web.present import change_view, mementos
from quoth.web.present.mementos import Memento

from ...conftest import BASE, application

CERTAIN = "claim/harbour/ferry-late"
GONE = "claim/harbour/no-ties"
WHY = "It says that it <i>may</i> be late."
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def edited(quads: list[ox.Quad], number: int) -> list[ox.Quad]:
    """The quads of release ``number``: a claim is corrected in 2, another one is withdrawn in 3 and back in 4."""
    claim, gone = ox.NamedNode(f"{BASE}id/{CERTAIN}"), f"<{BASE}id/{GONE}"
    if number >= 2:
        possible = ox.NamedNode("https://w3id.org/quoth/ns/certainty#possible")
        quads = [
            ox.Quad(q.subject, q.predicate, possible) if (q.subject, q.predicate) == (claim, QUOTH.certainty) else q
            for q in quads
        ]
        note = ox.NamedNode(f"{claim.value}#correction-2026-11-23")
        quads += [
            ox.Quad(claim, QUOTH.correction, note),
            ox.Quad(note, RDF.type, QUOTH.Correction),
            *_signed(note, WHY),
        ]
    if number == 3:
        notice, of = ox.NamedNode(f"{gone[1:]}#withdrawal"), ox.NamedNode(gone[1:])
        quads = [
            *(q for q in quads if gone not in str(q)),
            ox.Quad(notice, RDF.type, QUOTH.Withdrawal),
            ox.Quad(notice, QUOTH.withdraws, of),
            *_signed(notice, "The article <b>no longer</b> says so."),
        ]
    return quads


def _signed(note: ox.NamedNode, reason: str) -> list[ox.Quad]:
    return [
        ox.Quad(note, RDFS.comment, ox.Literal(reason, language="en")),
        ox.Quad(note, PROV.wasAttributedTo, ox.NamedNode(f"{BASE}id/org/quoth")),
        ox.Quad(note, DCTERMS.date, ox.Literal("2026-11-24", datatype=XSD.date)),
    ]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Iterator[FlaskClient]:
    """A client of the fourth release."""
    folder = tmp_path_factory.mktemp("changed")
    _, authored = check.check([harbour.parent], BASE, texts)
    quads = list(publication.published_quads(authored, BASE))
    published(folder, quads, range(1, 5))
    with application(folder) as app:
        yield app.test_client()


def got(client: FlaskClient, path: str, **headers: str) -> Any:
    answer = client.get(
        path.removeprefix(BASE.rstrip("/")), headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    assert answer.status_code == 200, (path, answer.text)
    return answer


def published(folder: Path, quads: list[ox.Quad], numbers: range) -> None:
    """Publish the releases of those numbers."""
    for number in numbers:
        publish(edited(quads, number), releases=folder, base=BASE, report_ttl="", report_json="{}")


def entries(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """The changes of a list in JSON, from page to page."""
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        page = got(client, following).json
        found += page["changes"]
        following = page["next"]
    assert len(found) == page["total"]
    return found


def test_the_list_has_each_change_once_the_newest_first(client: FlaskClient) -> None:
    every = entries(client, "/changes.json")
    assert [c["change"] for c in every] == list(range(len(every), 0, -1))
    assert {c["event"] for c in every if c["release"] == 1} == {"added"}
    own = [(c["release"], c["event"]) for c in every if c["iri"] == f"{BASE}id/{GONE}"]
    assert own == [(4, "returned"), (3, "withdrawn"), (1, "added")]
    assert entries(client, f"/changes.json?thing={GONE}") == [c for c in every if c["iri"] == f"{BASE}id/{GONE}"]
    [changed] = [c for c in every if c["iri"] == f"{BASE}id/{CERTAIN}" and c["event"] == "changed"]
    assert changed["words"] == ["certainty: certain → possible"]
    assert (changed["reason"], changed["by"], changed["date"]) == (WHY, f"{BASE}id/org/quoth", "2026-11-24")
    assert {c["reason"] for c in every if c["event"] in ("added", "returned")} == {None}
    [withdrawn] = entries(client, "/changes.json?event=withdrawn")
    assert withdrawn["reason"] == "The article <b>no longer</b> says so."
    assert withdrawn["by"] == f"{BASE}id/org/quoth"
    assert withdrawn["date"] == "2026-11-24"
    assert withdrawn["document"] == f"{BASE}releases/2/doc/{GONE}" or withdrawn["document"] == f"{BASE}doc/{GONE}"


@pytest.mark.parametrize(
    ("parameters", "releases"),
    [
        (f"article=harbour&thing={CERTAIN}", [2, 1]),
        (f"topic=velm-ferry-delay&thing={CERTAIN}", [2, 1]),
        (f"source=org/harbour-office&thing={CERTAIN}", [2, 1]),
        (f"entity=org/velm-salt&event=withdrawn&thing={GONE}", [3]),
        (f"topic=velm-ferry-delay&thing={GONE}", []),
    ],
)
def test_lists_are_narrowed(client: FlaskClient, parameters: str, releases: list[int]) -> None:
    assert [c["release"] for c in entries(client, f"/changes.json?{parameters}")] == releases


@pytest.mark.parametrize(
    ("parameter", "forms"),
    [
        ("article", ["harbour", "article/harbour", "id/article/harbour", f"{BASE}id/article/harbour"]),
        ("source", ["harbour/two-dockers", "source/harbour/two-dockers"]),
        ("topic", ["velm-ferry-delay", "topic/velm-ferry-delay"]),
    ],
)
def test_a_thing_is_named_alike_in_every_list(parameter: str, forms: list[str], client: FlaskClient) -> None:
    for path in ("/claims.json", "/claims/changes.json", "/changes.json"):
        totals = {got(client, f"{path}?{parameter}={form}").json["total"] for form in forms}
        assert len(totals) == 1, path
        assert totals != {0}, path


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/changes?article=nothing", "article"),
        ("/changes?event=renamed", "event"),
        ("/changes?before=x", "before"),
        ("/changes?colour=red", "changes"),
        ("/releases/2/changes?from=2", "from"),
    ],
)
def test_what_is_not_understood_is_said(client: FlaskClient, path: str, where: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json and answer.json["where"]) == (400, where)


def test_pages_say_what_changed_in_words(client: FlaskClient) -> None:
    page = got(client, "/changes", Accept="text/html").text
    assert "<del>certain</del> → <ins>possible</ins>" in page
    assert "The article &lt;b&gt;no longer&lt;/b&gt; says so." in page
    assert 'type="application/atom+xml" href="http://localhost:8000/changes.atom"' in page
    assert "withdrawn" in got(client, "/releases/3/changes", Accept="text/html").text
    claim = got(client, f"/doc/{CERTAIN}.html").text
    assert "<del>certain</del> → <ins>possible</ins>" in claim
    assert "Published since release 1" in claim
    assert f"/changes.atom?thing={CERTAIN}" in claim
    assert "Corrections" not in claim  # its reason stands with the change
    [structured] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', claim)
    [correction] = json.loads(structured)["correction"]
    assert (correction["@type"], correction["text"], correction["datePublished"]) == (
        "CorrectionComment",
        WHY,
        "2026-11-24",
    )
    assert "changes.atom?article=article/harbour" in got(client, "/doc/article/harbour.html").text


@pytest.mark.parametrize(
    ("path", "accept", "told"),
    [
        ("/changes", "text/html", "Reason: It says that it &lt;i&gt;may&lt;/i&gt; be late."),
        ("/releases/2/changes", "text/html", "Reason: It says that it &lt;i&gt;may&lt;/i&gt; be late."),
        (f"/doc/{CERTAIN}.html", "text/html", "Reason: It says that it &lt;i&gt;may&lt;/i&gt; be late."),
        (
            "/changes.atom",
            "*/*",
            "Reason: It says that it &lt;i&gt;may&lt;/i&gt; be late.\nChanged by Quoth on 2026-11-24.",
        ),
        ("/changes.feed", "*/*", f"Reason: {WHY}\\nChanged by Quoth on 2026-11-24."),
        ("/changes.csv", "*/*", f"{WHY},{BASE}id/org/quoth,2026-11-24,certainty: certain → possible"),
        ("/changes/activities/1", "*/*", f'"content": "{WHY}"'),
        ("/changes/ldes/1", "text/turtle", f'rdfs:comment "{WHY}"@en'),
        (f"/doc/{CERTAIN}.ttl", "text/turtle", f'rdfs:comment "{WHY}"@en'),
    ],
)
def test_the_reason_of_a_correction_is_told_wherever_the_change_is(
    path: str, accept: str, told: str, client: FlaskClient
) -> None:
    text = got(client, path, Accept=accept).text
    assert told in text
    assert "correction 2026-11-23" not in text  # the note is the reason, and no change of its own


def test_documents_say_their_history_as_data(client: FlaskClient) -> None:
    quads = set(ox.parse(got(client, f"/doc/{CERTAIN}.ttl").data, ox.RdfFormat.TURTLE))
    claim, document = ox.NamedNode(f"{BASE}id/{CERTAIN}"), ox.NamedNode(f"{BASE}doc/{CERTAIN}")
    versions = [q.object for q in quads if (q.subject, q.predicate) == (claim, DCTERMS.hasVersion)]
    assert len(versions) == 2
    times = {q.object for q in quads if q.subject in versions and q.predicate == DCTERMS.created}
    issued, modified = (
        [q.object for q in quads if (q.subject, q.predicate) == (document, term)]
        for term in (DCTERMS.issued, DCTERMS.modified)
    )
    assert {*issued, *modified} == times
    firm = list(ox.parse(got(client, "/doc/org/velm-salt.ttl").data, ox.RdfFormat.TURTLE))
    link = ox.NamedNode("http://register.example/firm/Velm_Salt")
    [statement] = [q.subject for q in firm if (q.predicate, q.object) == (RDF.object, link)]
    assert [q.object for q in firm if (q.subject, q.predicate) == (statement, PROV.generatedAtTime)]


def test_a_withdrawn_claim_says_when_it_was_published(tmp_path: Path, harbour: Path, texts: Texts) -> None:
    _, authored = check.check([harbour.parent], BASE, texts)
    published(tmp_path, list(publication.published_quads(authored, BASE)), range(1, 4))
    with application(tmp_path) as app:
        client = app.test_client()
        answer = client.get(f"/doc/{GONE}", headers={"Accept": "text/html"})
        assert answer.status_code == 410
        assert "It was published in releases 1 to 2." in answer.text
        problem = client.get(f"/doc/{GONE}", headers={"Accept": "application/problem+json"}).json
        assert problem
        assert (problem["withdrawal"]["first"], problem["withdrawal"]["last"]) == (1, 2)
        said = client.get(f"/doc/{GONE}", headers={"Accept": "text/turtle"})
        made = [q for q in ox.parse(said.data, ox.RdfFormat.TURTLE) if q.predicate == DCTERMS.hasVersion]
        assert len(made) == 2
        [entry] = client.get("/changes.json?event=withdrawn").get_json()["changes"]
        assert entry["document"] == f"{BASE}releases/2/doc/{GONE}"
        earlier = client.get(f"/doc/{GONE}", headers={"Accept-Datetime": "Sun, 01 Jan 2090 00:00:00 GMT"})
        assert earlier.headers["Location"] == f"{BASE}releases/1/doc/{GONE}"


def test_another_name_of_a_thing_is_told(tmp_path: Path, harbour: Path, texts: Texts) -> None:
    _, authored = check.check([harbour.parent], BASE, texts)
    quads = list(publication.published_quads(authored, BASE))
    name, earlier = (ox.NamedNode(f"{BASE}id/person/orrin-tay"), RDFS.label), ox.Literal("Orrin Tay", language="en")
    renamed = [q for q in quads if (q.subject, q.predicate) != name]
    renamed += [ox.Quad(*name, ox.Literal("Captain Tay", language="en")), ox.Quad(name[0], SKOS.altLabel, earlier)]
    for content in (quads, renamed):
        publish(content, releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    with application(tmp_path) as app:
        [change] = entries(app.test_client(), "/changes.json?thing=person/orrin-tay&event=changed")
    assert change["words"] == ["label: Orrin Tay → Captain Tay", "alt label: Orrin Tay (new)"]


def test_an_atom_feed_dates_each_entry_when_it_changed(client: FlaskClient) -> None:
    answer = got(client, "/changes.atom")
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.version == "atom10"
    every = {c["id"]: c for c in entries(client, "/changes.json")}
    assert feed.feed.updated == feed.entries[0].updated
    for entry in feed.entries:
        assert entry.updated == every[entry.id]["created"]
        assert entry.tags[0].term == every[entry.id]["event"]
    rels = {link.rel: link.href for link in feed.feed.links}
    assert rels["self"] == f"{BASE}changes.atom"


def test_archives_of_a_feed_hold_every_entry_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_request, "PAGE", 7)  # small pages of the same history
    ids: list[str] = []
    pages = {}
    following: str | None = "/changes.atom"
    while following:
        root = ElementTree.fromstring(got(client, following).data)
        archive = root.find(f"{HISTORY}archive")
        assert (archive is None) == (following == "/changes.atom")
        own = [entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry")]
        pages[following] = own
        ids += own
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links.get("next") == links.get("prev-archive")
        following = links.get("prev-archive")
    every = [c["id"] for c in entries(client, "/changes.json")]
    assert ids == every
    assert 7 <= len(pages["/changes.atom"]) < 14
    assert {len(own) for path, own in pages.items() if path != "/changes.atom"} == {7}


def test_a_json_feed_is_one(client: FlaskClient) -> None:
    answer = got(client, "/changes.feed")
    assert answer.content_type == "application/feed+json"
    feed = answer.json
    assert feed["version"] == "https://jsonfeed.org/version/1.1"  # https://www.jsonfeed.org/version/1.1/
    assert {"title", "home_page_url", "feed_url", "items"} <= feed.keys()
    assert feed["title"].endswith(" · Quoth"), "a reader of feeds lists it among others"
    assert feed["feed_url"] == f"{BASE}changes.feed"
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert item["url"].startswith(f"{BASE}changes/")
    assert got(client, feed["items"][0]["url"], Accept="text/html").text


def test_a_filtered_list_has_a_feed_of_the_claims_that_it_has(client: FlaskClient) -> None:
    query = "source=org/harbour-office&certainty=possible"
    listed = {c["claim"] for c in got(client, f"/claims.json?{query}").json["claims"]}
    feed = feedparser.parse(got(client, f"/claims/changes.atom?{query}").data)
    assert {e.links[1].href for e in feed.entries} == listed == {f"{BASE}id/{CERTAIN}"}
    assert [e.tags[0].term for e in feed.entries] == ["changed", "added"]
    page = got(client, f"/claims?{query}", Accept="text/html").text
    assert f"/claims/changes.atom?{urlencode(parse_qsl(query))}".replace("&", "&amp;") in page


def test_a_list_of_what_is_gone_says_so_and_goes_on(tmp_path: Path, harbour: Path, texts: Texts) -> None:
    """In the second release, the article and its claims are gone."""
    _, authored = check.check([harbour.parent], BASE, texts)
    quads = list(publication.published_quads(authored, BASE))
    own = tuple(f"{BASE}id/{kind}/harbour" for kind in ("article", "claim"))
    rest = [q for q in quads if not any(start in str(q) for start in own)]
    publish(quads, releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    label = f"{BASE}id/article/harbour was withdrawn in release 2"
    with application(tmp_path) as app:
        client = app.test_client()
        claims = {row["claim"] for row in got(client, "/claims.json?article=harbour&limit=1000").json["claims"]}
    publish(rest, releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    with application(tmp_path) as app:
        client = app.test_client()
        for form in ("harbour", "article/harbour", f"{BASE}id/article/harbour"):
            assert len(got(client, f"/claims.csv?article={form}").text.splitlines()) == 1
            feed = feedparser.parse(got(client, f"/claims/changes.atom?article={form}").data)
            assert "was withdrawn" in feed.feed.subtitle
            assert entries(client, f"/changes.json?article={form}") == entries(
                client, f"/claims/changes.json?article={form}"
            )
        told = entries(client, "/claims/changes.json?article=harbour")
        assert claims <= {c["iri"] for c in told if c["event"] == "withdrawn"}
        page = got(client, "/claims?article=harbour", Accept="text/html").text
        assert re.search(r'<a href="/doc/article/harbour"[^>]*>[^<]+</a> was withdrawn in release 2\.', page)
        assert client.get("/doc/article/harbour").status_code in (404, 410)
        answer = got(client, "/claims.json?article=harbour").json
        assert (answer["total"], answer["withdrawn"]) == (0, [f"article={label}"])
        assert label in got(client, "/claims.nt?article=harbour").text
        assert got(client, "/claims/changes.json?article=harbour&certainty=possible").json["total"] == 0
        assert client.get("/claims.csv?article=never").status_code == 400


def test_a_release_has_a_patch_of_what_it_changed(client: FlaskClient) -> None:
    lines = got(client, "/releases/2/changes.rdfp").text.splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    assert sorted(line.split()[0] for line in lines[1:-1]) == ["A"] * (6 + 4) + ["D"] * (1 + 4)
    assert got(client, "/releases/4/changes.json?from=2").json["total"] > 0
    assert got(client, "/releases/2/changes.json").json["total"] == 1


def test_the_activities_are_read_from_the_newest_page_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_stream, "PAGE", 9)
    collection = got(client, "/changes/activities", Accept="application/activity+json").json
    assert collection["type"] == "OrderedCollection"
    items: list[Any] = []
    reference: dict[str, str] | None = collection["last"]
    while reference:
        answer = got(client, reference["id"])
        page = answer.json
        assert page["type"] == "OrderedCollectionPage"
        assert answer.headers["Cache-Control"] == "no-cache"  # words may be redacted
        items += reversed(page["orderedItems"])
        reference = page.get("prev")
    assert len(items) == collection["totalItems"]
    every = entries(client, "/changes.json")
    assert [i["id"] for i in items] == [c["id"] for c in every]
    assert [i["endTime"] for i in items] == [c["created"] for c in every]
    assert {i["type"] for i in items if i["object"]["id"] == f"{BASE}id/{GONE}"} == {"Create", "Delete"}


def replicated(client: FlaskClient, node: str) -> tuple[list[str], str]:
    """The members of an event stream from a page on, as a client of LDES finds them, and the last page."""
    members: dict[str, None] = {}
    while True:
        answer = got(client, node, Accept="application/n-quads")
        quads = list(ox.parse(answer.data, ox.RdfFormat.N_QUADS))
        members |= dict.fromkeys(q.object.value for q in quads if q.predicate == TREE.member)
        following = [q.object.value for q in quads if q.predicate == TREE.node]
        said = any(q.predicate == LDES.immutable and q.subject == ox.NamedNode(node) for q in quads)
        assert said == bool(following)
        assert answer.headers["Cache-Control"] == "no-cache"
        if not following:
            return list(members), node
        [node] = following


def test_the_event_stream_is_resumed_at_the_last_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "PAGE", 10)
    head = list(ox.parse(got(client, "/changes/ldes", Accept="text/turtle").data, ox.RdfFormat.TURTLE))
    stream = ox.NamedNode(f"{BASE}changes/ldes")
    assert ox.Triple(stream, RDF.type, LDES.EventStream) in [q.triple for q in head]
    assert {q.predicate: q.object for q in head}[LDES.versionOfPath] == DCTERMS.isVersionOf
    [view] = [q.object.value for q in head if q.predicate == TREE.view]
    members, last = replicated(client, view)
    assert {*members} == {c["id"] for c in entries(client, "/changes.json")}
    rest, again = replicated(client, last)
    assert again == last
    assert rest == members[len(members) // 10 * 10 :]
    assert client.get("/changes/ldes/99").status_code == 404


NARROWED = f"source=org/harbour-office&thing={CERTAIN}"


def test_activities_are_narrowed_as_lists_are(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_stream, "PAGE", 2)
    for query in ("article=article/harbour", "event=added", NARROWED, "entity=org/velm-salt&event=withdrawn"):
        collection = got(client, f"/changes/activities?{query}").json
        items: list[Any] = []
        reference: dict[str, str] | None = collection["first"]
        while reference:
            answer = got(client, reference["id"])
            items += answer.json["orderedItems"]
            assert answer.json["partOf"]["id"] == collection["id"]
            assert answer.json["id"] == reference["id"]
            reference = answer.json.get("next")
        narrowed = [c["id"] for c in entries(client, f"/changes.json?{query}")]
        assert [i["id"] for i in items] == narrowed[::-1]
        assert len(items) == collection["totalItems"] > 0
    assert client.get("/changes/activities?article=nothing").status_code == 400
    assert client.get(f"/changes/activities/9?{NARROWED}").status_code == 404


@pytest.mark.parametrize(
    "query", ["/changes?", f"/changes?{NARROWED}", "/claims/changes?source=org/harbour-office&certainty=possible"]
)
def test_every_list_of_changes_is_a_page_of_activities(
    query: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_request, "PAGE", 10)
    path, _, parameters = query.partition("?")
    found: list[str] = []
    following: str | None = f"{path}.as2?{parameters}"
    while following:
        answer = got(client, following)
        assert answer.content_type == "application/activity+json"
        found += [item["id"] for item in answer.json["orderedItems"]]
        following = answer.json.get("next", {}).get("id")
    assert found == [c["id"] for c in entries(client, f"{path}.json?{parameters}")]
    assert "/changes.as2" in got(client, query, Accept="text/html").text
    assert got(client, query, Accept="application/activity+json").json["type"] == "OrderedCollectionPage"


def test_a_narrowed_event_stream_is_one_of_its_own(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "PAGE", 1)
    for query in ("article=harbour&event=withdrawn", NARROWED):
        head = list(ox.parse(got(client, f"/changes/ldes?{query}", Accept="text/turtle").data, ox.RdfFormat.TURTLE))
        [stream] = [q.subject for q in head if q.object == LDES.EventStream]
        [view] = [q.object.value for q in head if q.predicate == TREE.view]
        assert stream != ox.NamedNode(f"{BASE}changes/ldes")
        members, last = replicated(client, view)
        narrowed = [c["id"] for c in entries(client, f"/changes.json?{query}")]
        assert members == narrowed[::-1]
        assert replicated(client, last) == (narrowed[:1], last)


@pytest.mark.slow
def test_the_pages_of_a_narrowed_stream_stay_when_releases_are_added(
    tmp_path: Path, harbour: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "PAGE", 3)
    _, authored = check.check([harbour.parent], BASE, texts)
    quads, path = list(publication.published_quads(authored, BASE)), "/changes/ldes/{}.nt?article=harbour"
    kept: dict[int, bytes] = {}
    for number in range(1, 5):
        published(tmp_path, quads, range(number, number + 1))
        with application(tmp_path) as app:
            client = app.test_client()
            for page, data in kept.items():
                assert got(client, path.format(page)).data == data
            pages = got(client, "/changes.json?article=harbour").json["total"] // 3
            for page in range(1, pages):
                kept[page] = got(client, path.format(page)).data
    assert len(kept) > 3


LATER = {3: "The Renamed Office", 5: "The Third Office"}


@pytest.mark.slow
def test_a_full_page_stays_whatever_things_are_called_later(
    tmp_path: Path, harbour: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction in release 2 is signed by somebody who, like a source, has another name in release 3, the first one
    again in 4, and a third one in 5, which is rolled back."""
    for module, size in ((activity_stream, 5), (event_stream, 5), (change_request, 5)):
        monkeypatch.setattr(module, "PAGE", size)
    _, authored = check.check([harbour.parent], BASE, texts)
    quads = list(publication.published_quads(authored, BASE))
    named = {ox.NamedNode(f"{BASE}id/org/{name}") for name in ("quoth", "harbour-office")}

    def renamed(number: int) -> list[ox.Quad]:
        return [
            ox.Quad(q.subject, q.predicate, ox.Literal(LATER[number], language="en"))
            if number in LATER and q.subject in named and q.predicate in (RDFS.label, SKOS.prefLabel)
            else q
            for q in edited(quads, number)
        ]

    kept: dict[str, str] = {}
    for number in range(1, 6):
        publish(renamed(number), releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
        if number == 5:
            roll_back(tmp_path, 4)
        with application(tmp_path) as app:
            client = app.test_client()
            for path, text in kept.items():
                assert got(client, path).text == text, (path, number)
            full = got(client, "/changes.json").json["total"] // 5
            for page in range(1, full):
                for path in (f"/changes/activities/{page}", f"/changes/ldes/{page}.ttl"):
                    kept[path] = got(client, path).text
            for following in ("/changes.atom", "/changes.atom?source=org/harbour-office"):
                while archives := re.findall('rel="prev-archive"[^>]* href="([^"]*)"', got(client, following).text):
                    following = archives[0].replace("&amp;", "&")
                    kept[following] = got(client, following).text
    archived = "".join(text for path, text in kept.items() if "atom" in path)
    assert {*re.findall("(Changed|Withdrawn) by (.*) on", archived)} == {("Changed", "Quoth"), ("Withdrawn", LATER[3])}


def test_a_document_is_negotiated_in_time(client: FlaskClient) -> None:
    past = "Fri, 20 Nov 2020 12:00:00 GMT"
    answer = client.get(f"/doc/{GONE}", headers={"Accept-Datetime": past})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{BASE}releases/1/doc/{GONE}")
    assert "accept-datetime" in answer.headers["Vary"].lower()
    future = client.get(f"/doc/{CERTAIN}.ttl", headers={"Accept-Datetime": "Sun, 01 Jan 2090 00:00:00 GMT"})
    assert future.headers["Location"] == f"{BASE}releases/2/doc/{CERTAIN}.ttl"
    memento = got(client, future.headers["Location"])
    created = entries(client, f"/changes.json?thing={CERTAIN}&event=changed")[0]["created"]
    when = datetime.strptime(memento.headers["Memento-Datetime"], "%a, %d %b %Y %H:%M:%S GMT")
    assert f"{when.isoformat()}Z" == created
    for rel in ('rel="original timegate"', 'rel="timemap"', 'rel="first memento"', 'rel="last memento"'):
        assert rel in memento.headers["Link"], rel
    original = got(client, f"/doc/{CERTAIN}")
    assert "Memento-Datetime" not in original.headers
    assert "accept-datetime" in original.headers["Vary"].lower()
    for wrong in ("yesterday", "2026-11-20", "Fri, 40 Nov 2026 12:00:00 GMT"):
        assert client.get(f"/doc/{CERTAIN}", headers={"Accept-Datetime": wrong}).status_code == 400


def test_a_time_at_which_a_thing_was_withdrawn_has_the_version_before() -> None:
    one, two = (Memento(n, datetime(2026, 11, day, tzinfo=UTC)) for n, day in ((1, 20), (4, 23)))
    one = replace(one, withdrawn=datetime(2026, 11, 22, tzinfo=UTC))
    for day, version in ((19, one), (21, one), (22, one), (23, two), (24, two)):
        assert mementos.at([one, two], datetime(2026, 11, day, tzinfo=UTC)) is version


def test_a_timemap_lists_each_version(client: FlaskClient) -> None:
    answer = got(client, f"/timemap/{GONE}")
    assert answer.content_type == "application/link-format"
    lines = answer.text.rstrip().split(",\n")
    assert [line.partition(">")[0][1:] for line in lines if "memento" in line] == [
        f"{BASE}releases/1/doc/{GONE}",
        f"{BASE}releases/4/doc/{GONE}",
    ]
    assert '; rel="self"; type="application/link-format"; from="' in lines[1]
    quads = list(ox.parse(got(client, f"/timemap/{GONE}.ttl").data, ox.RdfFormat.TURTLE))
    first, last = (ox.NamedNode(f"{BASE}releases/{n}/doc/{GONE}") for n in (1, 4))
    assert ox.Triple(last, PROV.wasRevisionOf, first) in [q.triple for q in quads]
    [withdrawn] = entries(client, f"/changes.json?thing={GONE}&event=withdrawn")
    ends = [(q.subject, q.object) for q in quads if q.predicate == PROV.invalidatedAtTime]
    assert ends == [(first, ox.Literal(withdrawn["created"], datatype=XSD.dateTime))]
    assert json.loads(got(client, f"/timemap/{GONE}.jsonld").data)
    assert client.get("/timemap/claim/nothing").status_code == 404


def test_fields_have_names_that_readers_know(client: FlaskClient) -> None:
    site: Site = client.application.extensions["quoth"]
    assert site.past
    [change] = site.past.changes(Wanted(), limit=1)
    old = f"#text-{'0' * 12}"
    told = [
        ("#anchor-position", OA.end, "28", "18"),
        ("#cue-quote", OA.exact, "says", "said"),
        (old, SCHEMA.sha256, "a", "b"),
    ]
    statements = tuple(Statement(part, p.value, "", (f'"{a}"',), (f'"{b}"',)) for part, p, a, b in told)
    assert [field.in_words for field in change_view.fields(site, replace(change, statements=statements))] == [
        "end of the quotation: 28 → 18",
        "quotation of cue: says → said",
        "SHA-256 of earlier text: a → b",
    ]


@pytest.mark.slow
def test_what_was_told_is_not_lost_by_a_rollback(
    tmp_path: Path, harbour: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lists have the changes of a release that was rolled back, and say so; addresses and pages stay."""
    monkeypatch.setattr(event_stream, "PAGE", 20)
    _, authored = check.check([harbour.parent], BASE, texts)
    quads = list(publication.published_quads(authored, BASE))
    published(tmp_path, quads, range(1, 4))
    org = ox.NamedNode(f"{BASE}id/org/late")
    kind = ox.Quad(org, RDF.type, ox.NamedNode("http://www.w3.org/ns/org#Organization"))
    name = ox.Quad(org, RDFS.label, ox.Literal("Late and Co", language="en"))
    publish([*edited(quads, 4), kind, name], releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    with application(tmp_path) as app:
        number = len(entries(app.test_client(), "/changes.json"))
        paths = ("/changes/ldes/1.ttl", f"/changes/{number}.json", "/releases/4/changes.json", "/changes/activities/1")
        before = {path: got(app.test_client(), path) for path in paths}
        assert "current again" not in got(app.test_client(), "/changes").text
    roll_back(tmp_path, 2)
    with application(tmp_path) as app:
        client = app.test_client()
        assert len(entries(client, "/changes.json")) == number
        for path, answer in before.items():
            # What only later releases had is linked there.
            assert got(client, path).text.replace("releases/4/doc/", "doc/") == answer.text
        told = "Release 2 is current again since"
        lists = ("/changes", "/changes.atom", "/changes.feed", "/changes/activities", "/changes/ldes.ttl")
        for path in (*lists, "/releases/4/changes"):
            text = got(client, path).text
            assert told in text
            assert "the documents have no change of releases 3, 4." in text
        assert told not in got(client, "/releases/2/changes").text
        [late] = [c for c in entries(client, "/changes.json") if c["iri"] == org.value]
        assert late["document"] == f"{BASE}releases/4/doc/org/late"
        assert got(client, late["document"])
        (tmp_path / "4" / "history.sqlite").write_bytes(b"")
        assert archive._whole_past.cache is not None
        archive._whole_past.cache.clear()  # as in the next process
    with application(tmp_path) as app:  # the newest whole history
        assert {c["release"] for c in entries(app.test_client(), "/changes.json")} == {1, 2, 3}
    fifth = publish([*edited(quads, 4), name], releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
    assert fifth.number == 5
    with application(tmp_path) as app:
        assert told not in got(app.test_client(), "/changes").text
