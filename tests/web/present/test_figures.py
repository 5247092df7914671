"""Figures are well-formed, linked, escaped and bounded; pages embed their data for search engines."""

import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.checking import check
from quoth.claim.model.claim_summary import Quote
from quoth.claim.model.namespaces import QUOTH, SEM
from quoth.claim.rules.publication import published_quads
from quoth.release.publish import publish
from quoth.release.release import Release
from quoth.web.present import content_diagram, content_tree, schema_org
from quoth.web.present.claim_view import Claim, Level, Ref
from quoth.web.present.content_diagram import Drawing
from quoth.web.present.content_tree import Node
from quoth.web.present.quotation_map import LANE_ROWS, passage, strip

from ...accept_headers import CHROME
from ...conftest import BASE, SCRIPT, application

SVG = "{http://www.w3.org/2000/svg}"
ROLE = Ref("https://w3id.org/quoth/ns#agent", "agent", None)
WHAT = Ref(SEM.eventType.value, "what", None)
TALKS = Ref("https://w3id.org/quoth/ns/event-type#talks", "talks", "/ns/event-type#talks")


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, headers={"Accept": CHROME}).text


def figures(text: str, name: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(rf'<svg class="{name}.*?</svg>', text, re.DOTALL)]


def test_a_claim_s_graph_is_well_formed_and_linked(client: FlaskClient) -> None:
    [svg] = figures(page(client, "/doc/claim/harbour/ferry-late"), "graph")
    words = " ".join("".join(t.itertext()) for t in svg.iter(f"{SVG}text"))
    assert {"schedule", "affected", "late"} <= set(words.split())
    assert [a.get("href") for a in svg.iter(f"{SVG}a")] == ["/ns/event-type#schedule"]
    identifiers = {e.get("id") for e in svg.iter()}
    assert {svg.get("aria-labelledby"), svg.get("aria-describedby")} <= identifiers
    assert "the ferry" in "".join(svg.find(f"{SVG}desc").itertext())  # type: ignore[union-attr]
    assert not any(e.get("style") or any(name.startswith("on") for name in e.attrib) for e in svg.iter())


def nested(depth: int, width: int) -> Node:
    held = [nested(depth - 1, width) for _ in range(width)] if depth else [SCRIPT]
    return Node("", None, [(WHAT, [TALKS]), (ROLE, held)])


def inside(drawn: Drawing) -> None:
    for box in drawn.boxes:
        assert 0 <= box.x <= box.x + box.width <= drawn.width
        assert 0 <= box.y <= box.y + box.height <= drawn.height
    for one in drawn.boxes:
        for other in drawn.boxes:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert one is other or apart or one.y + one.height <= other.y or other.y + other.height <= one.y


@pytest.mark.parametrize(("depth", "width"), [(0, 1), (1, 5), (3, 2), (12, 1)])
def test_nothing_overlaps_and_nothing_sticks_out(depth: int, width: int) -> None:
    drawn = content_diagram.draw([nested(depth, width)])
    assert drawn is not None
    assert len(drawn.arrows) == len(drawn.boxes) - 1
    inside(drawn)
    assert drawn == content_diagram.draw([nested(depth, width)])


@given(st.lists(st.text(max_size=200), min_size=1, max_size=8))
def test_any_text_can_be_drawn(texts: list[str]) -> None:
    drawn = content_diagram.draw([Node("", None, [(WHAT, [TALKS]), (ROLE, texts)])])
    assert drawn is not None
    inside(drawn)


def test_the_text_of_a_drawing_has_one_full_stop_after_a_sentence() -> None:
    claim = Ref("x", "Lind said: “it was late”.", "/x")
    drawn = content_diagram.draw([Node("", None, [(WHAT, [TALKS]), (ROLE, [claim])])])
    assert drawn
    assert drawn.text.endswith(f"{ROLE.label}: Lind said: “it was late”.")


def test_contents_that_are_too_large_are_not_drawn() -> None:
    assert content_diagram.draw([nested(1, content_diagram.BOXES_LIMIT)]) is None
    assert content_diagram.draw([]) is None


def test_a_content_that_doubles_at_each_level_is_cut(app: Flask) -> None:
    iri = "http://localhost:8000/id/claim/harbour/ferry-late"
    steps = [ox.NamedNode(f"{iri}#{n}") for n in range(60)]
    diamonds = [
        ox.Quad(steps[n], predicate, steps[n + 1]) for n in range(59) for predicate in (QUOTH.agent, QUOTH.affected)
    ]
    [node] = content_tree.nodes(app.extensions["quoth"], iri, diamonds, [])
    assert content_diagram.draw([node]) is None

    def count(figure: object) -> int:
        return 1 + sum(count(v) for _, values in figure.rows for v in values) if isinstance(figure, Node) else 1

    assert content_tree.DEPTH_LIMIT < count(node) < 3 * content_tree.NODES_LIMIT


def said(source: str, *places: tuple[int, int], own: bool = False) -> Claim:
    level = Level([Ref(source, source, None)], [], "said", None, "endorses", "explicit", None, own)
    quotes = [Quote("words", "", "", start, end) for start, end in places]
    ref = Ref("c", "c", "/doc/c")
    return Claim(ref, [level] if own else [level, level], quotes, None, None, None, None, None, None)


def test_the_strip_shows_how_many_claims_rest_on_each_source() -> None:
    groups = [
        [said("article", (0, 100), own=True)],
        [said("a", (50, 150)), said("a", (900, 1000))],
        [said("b", (2, 3))],
    ]
    figure = strip(groups, 1000, {"a"})
    assert figure is not None
    assert [(lane.kind, lane.claims, lane.first, lane.last) for lane in figure.lanes] == [
        ("own", 1, 0, 100),
        ("unnamed", 2, 50, 1000),
        ("named", 1, 2, 3),
    ]
    assert figure.covered == 25, "what overlaps counts once"
    assert figure.lanes[2].marks[0].width == pytest.approx(1000 / 300, abs=0.1), "a word is still seen"
    assert strip(groups, 0, set()) is None


def test_a_page_has_the_coverage_of_the_check(client: FlaskClient, release: Release) -> None:
    [coverage] = release.coverage().values()
    text = page(client, "/doc/article/harbour")
    assert f"its claims quote {coverage.percent} % of them" in text
    assert f"{len(coverage.bare)} of its {coverage.sentences} sentences are not quoted by any claim" in text
    assert [tuple(map(int, s)) for s in re.findall(r"sentence (\d+) \(characters (\d+)–(\d+)\)", text)] == [
        *map(tuple, coverage.bare)
    ]
    assert coverage.bare


def test_a_page_says_that_the_text_was_not_at_hand(tmp_path: Path, harbour: Path) -> None:
    report, authored = check.check([harbour], BASE, None)
    quads = published_quads(authored, BASE)
    as_json = json.dumps(report.as_json())
    publish(quads, releases=tmp_path, base=BASE, report_ttl="", report_json=as_json)
    with application(tmp_path) as app:
        text = page(app.test_client(), "/doc/article/harbour")
    assert "Only the text would show which of its sentences no claim quotes" in text
    assert "Every one of its" not in text


def test_offsets_outside_the_text_are_not_drawn() -> None:
    figure = strip([[said("a", (5, 5), (-3, 2), (90, 101), (99, 100))]], 100, set())
    assert figure is not None
    [mark] = figure.lanes[0].marks
    assert (mark.start, mark.end) == (99, 100)
    assert mark.x + mark.width <= 100


@given(st.lists(st.tuples(st.integers(0, 960), st.integers(1, 40)), max_size=30))
def test_no_mark_of_a_strip_covers_another(places: list[tuple[int, int]]) -> None:
    """But in the last row, where there are more than fit."""
    figure = strip([[said("a", *((start, start + size) for start, size in places))]], 1000, set())
    assert figure is not None
    [lane] = figure.lanes
    assert len(lane.marks) == len(places)
    assert lane.rows <= LANE_ROWS
    for one, other in itertools.combinations((m for m in lane.marks if m.row < LANE_ROWS - 1), 2):
        assert one.row != other.row or one.x + one.width <= other.x or other.x + other.width <= one.x


def test_two_claims_on_the_same_words_are_two_marks() -> None:
    figure = strip(
        [[said("a", (462, 493)), said("a", (462, 493)), said("a", (18, 73)), said("a", (27, 73))]], 1000, set()
    )
    assert figure is not None
    assert [(m.start, m.row) for m in figure.lanes[0].marks] == [(18, 0), (27, 1), (462, 0), (462, 1)]


def test_a_claim_has_its_place_in_the_text_and_its_neighbours(client: FlaskClient) -> None:
    """From the first claim on, each leads to the next, in the order of the text, and back."""
    claims = client.get("/claims.json?limit=100").json
    assert claims is not None
    paths = [claim["document"].removeprefix(BASE.rstrip("/")) for claim in claims["claims"]]
    assert len(paths) == 27
    for before, path, after in zip([None, *paths], paths, [*paths[1:], None], strict=False):
        text = page(client, path)
        assert re.findall(r'href="([^"]+)" rel="prev"', text) == [before] * (before is not None)
        assert re.findall(r'href="([^"]+)" rel="next"', text) == [after] * (after is not None)
    [svg] = figures(page(client, "/doc/claim/harbour/ferry-late"), "lanes")
    marks = [r for r in svg.iter(f"{SVG}rect") if r.get("class") == "lane"]
    assert [r.findtext(f"{SVG}title") for r in marks] == ["14–32: “the ferry was late”"]
    assert len(list(svg.iter(f"{SVG}title"))) == 1, "of the others only the stretch is shown, none of their words"
    assert len([r for r in svg.iter(f"{SVG}rect") if r.get("class") == "quoted"]) > 3


def test_a_claim_of_unknown_place_has_no_strip(app: Flask) -> None:
    figure = passage(app.extensions["quoth"], said("nobody", (2, 3)), 0, "")
    assert (figure.length, figure.marks, figure.quoted, figure.before, figure.after) == (0, [], [], None, None)


def test_an_article_s_strip_leads_to_its_claims(client: FlaskClient) -> None:
    text = page(client, "/doc/article/harbour")
    lanes = figures(text, "lanes")
    assert len(lanes) > 3
    for lane in lanes:
        for link in lane.iter(f"{SVG}a"):
            assert (link.get("href") or "").startswith("/doc/claim/harbour/")
    assert len(lanes) == len(re.findall(r'<div id="voice-\d+">', text))
    assert re.search(r"\d+ quotations between \d+ and \d+", text)


def test_the_legend_of_a_strip_has_every_kind_of_its_lanes(client: FlaskClient) -> None:
    text = page(client, "/doc/article/harbour")
    kinds = set(re.findall(r'<tr class="(\w+)"><th scope="row"><a href="#voice-', text))
    assert "unclear" in kinds
    assert kinds <= set(re.findall(r'<li class="key-(\w+)">', text))


@given(
    st.recursive(st.text() | st.just(SCRIPT) | st.just("<!--<script>\u2028"), lambda inner: st.lists(inner, max_size=3))
)
def test_embedded_data_cannot_end_its_block(value: object) -> None:
    block = str(schema_org.script({"x": value}))
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not re.search("[<>&\u2028\u2029]", inner)
    assert json.loads(inner) == {"x": value}


def test_a_claim_embeds_its_quotations(client: FlaskClient) -> None:
    text = page(client, "/doc/claim/harbour/ferry-late")
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    data = json.loads(block)
    assert (data["@type"], data["@id"]) == ("Claim", "http://localhost:8000/id/claim/harbour/ferry-late")
    assert data["appearance"][0]["text"] == "the ferry was late"
    assert data["url"] == BASE + "doc/claim/harbour/ferry-late"


def test_an_article_without_a_date_embeds_none(client: FlaskClient) -> None:
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, "/doc/article/harbour"))
    data = json.loads(block)
    assert data["@type"] == "NewsArticle"
    assert data["inLanguage"] == "en"
    assert "datePublished" not in data


@pytest.mark.parametrize("path", ["/", "/doc/claim/harbour/ferry-late", "/doc/person/eve", "/guide", "/nowhere"])
def test_every_page_has_metadata_for_sharing(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    for name in ("title", "description", "url", "type", "site_name"):
        [content] = re.findall(rf'<meta property="og:{name}" content="([^"]*)">', text)
        assert content.strip()
        assert "<" not in content


def embedded(client: FlaskClient, path: str) -> dict[str, Any]:
    """The data for search engines within a page."""
    text = client.get(path, headers={"Accept": "text/html"}).text
    figure: dict[str, Any] = json.loads(
        text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )
    return figure


def test_claim_review_data_name_who_makes_the_claim(client: FlaskClient) -> None:
    told = embedded(client, "/releases/1/doc/claim/harbour/company-paid-nobody")
    assert told["author"] == [{"@id": BASE + "id/org/velm-salt", "name": "Velm Salt"}]
    assert told["url"] == BASE + "doc/claim/harbour/company-paid-nobody", "not one that robots may not fetch"
    [iri, *_] = (row["claim"] for row in client.get("/claims.json?voice=own").get_json()["claims"])
    own = embedded(client, iri.replace("/id/", "/doc/"))
    assert "author" not in own
    assert own["appearance"][0]["isPartOf"]["@id"] == BASE + "id/article/harbour"
