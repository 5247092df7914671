"""Every kind of page in a real browser: on a desktop and a phone, light and dark, and without JavaScript."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ..serving import Server
from .accessible import html_errors, violations
from .site import kinds, sitemap

pytestmark = pytest.mark.slow
Visits = Callable[..., Any]

PHONES = (pytest.param(320, marks=pytest.mark.slow), 375)
MORE = ("search?q=harbour", "doc/org/velm-salt", "claims?certainty=certain", "doc/claim/harbour/no-ties")
"""With facets, with several lists, narrowed, negated."""
ERRORS = {
    "doc/claim/harbour/nothing": 404,
    "claims?page=99": 404,
    "queries/what-is-claimed-about?entity=harbor+ofice": 404,
    "queries/what-is-claimed-about?degree=sure": 400,
    "queries/what-rests-on-one-source?source=quay+4": 400,
    "claims?source=harbor+ofice": 400,
    "search?q=%3F": 400,
    "sparql?query=SELECT+x": 400,
    "doc/person/adam": 410,
}
"""Pages of errors, and their statuses: with suggestions, with the form of a question, of a search or of a query."""
NO_PAGE = "graphs?default"
"""What has no page, which is 406 for a client that takes pages alone; a browser downloads it."""
_TOO_BROAD = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, pre, .CodeMirror"))
  .slice(0, 3).map(e => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`)"""

_LIKE_TEXT = """() => [...document.querySelectorAll("main a[href], footer a[href]")].filter(a => {
    const own = getComputedStyle(a), around = getComputedStyle(a.parentElement);
    const chip = a.closest(".chip, .attributes, .button");
    const itself = a.getAttribute("href").startsWith("#") && a.closest("h2, h3");
    return !chip && !itself && !own.textDecorationLine.includes("underline") && own.color === around.color
      && !a.closest("svg") && !a.getAttribute("aria-current");
  }).slice(0, 3).map(a => a.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def every(running: Server) -> list[str]:
    """A page of every kind."""
    targets = kinds(running)
    assert len(targets) > 20
    return [*targets, *MORE]


@pytest.fixture(scope="module")
def checked(running: Server, every: list[str]) -> list[str]:
    """A page of every kind, every question, and pages of errors."""
    for path, status in ERRORS.items():
        reply = running.get(f"/{path}", {"Accept": "text/html"})
        assert (reply.status, reply.media_type) == (status, "text/html"), path
    questions = [path for path in sitemap(running) if path.startswith("queries/")]
    assert len(questions) > 20
    return list(dict.fromkeys([*every, *questions, *ERRORS]))


def across(tab: Any, every: list[str], look: Callable[[Any, str], object]) -> dict[str, object]:
    """The errors that ``look`` finds, by page; pages without any are left out."""
    wrong = {}
    for path in every:
        tab.page.goto(tab.server + path)
        result = look(tab.page, path)
        if result:
            wrong[path] = result
    return wrong


@pytest.mark.slow
def test_no_kind_of_page_reports_an_error(visit: Visits, every: list[str]) -> None:
    """No console error, nothing that the page's policy has to stop, no request to another host; a title, one h1."""
    tab = visit("")

    def look(page: Any, path: str) -> object:
        messages, tab.messages[:] = list(tab.messages), []
        heads = page.locator("h1").count()
        return [*messages, *([] if heads == 1 and page.title() else [f"{heads} h1, title {page.title()!r}"])]

    assert across(tab, every, look) == {}
    tab.clean()
    assert tab.page.context.cookies() == []


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False])
def test_the_text_of_a_chapter_begins_on_the_first_screen_of_a_phone(visit: Visits, javascript: bool) -> None:
    tab = visit("guide/operating", width=390, javascript=javascript)
    page = tab.page
    first, chapters = page.locator(".prose > p").first, page.get_by_role("navigation", name="Guide", exact=True)
    assert (first.bounding_box() or {})["y"] < 450, "nothing but heads before it"
    assert chapters.get_by_role("link").count() == 0
    page.get_by_text("Chapters of the guide").click()
    assert chapters.get_by_role("link").count() > 20
    page.set_viewport_size({"width": 1200, "height": 900})
    page.reload()
    assert chapters.get_by_role("link").count() > 20, "where there is room, nothing is folded"
    assert not page.get_by_text("Chapters of the guide").is_visible()
    assert (first.bounding_box() or {})["y"] < 600


@pytest.mark.parametrize("width", PHONES)
def test_no_page_is_broader_than_a_phone(visit: Visits, checked: list[str], width: int) -> None:
    def look(page: Any, path: str) -> object:
        broad = page.evaluate("document.documentElement.scrollWidth") > width
        return page.evaluate(_TOO_BROAD) or "?" if broad else None

    assert across(visit("", width=width), checked, look) == {}


def test_a_long_page_has_its_contents_a_way_back_and_folded_parts(visit: Visits) -> None:
    tab = visit("", width=375)
    page = tab.page
    page.emulate_media(reduced_motion="reduce")  # links lead to their places at once
    longest = {"ns": 15_000, "ns/event-type": 6_000, "ns/speech-act": 6_000, "shapes": 8_500, "guide/checking": 5_000}
    for path, most in {
        **longest,
        "guide/writing": 15_500,
        "guide/querying": 13_500,
        "doc/article/harbour": 9_500,
    }.items():
        page.goto(tab.server + path)
        assert page.evaluate("document.documentElement.scrollHeight") < most, path
        if path.startswith("guide/"):
            page.get_by_text("In this chapter").click()
        page.locator('.here a, nav.toc a[href^="#"]').last.click()
        target = page.url.partition("#")[2]
        assert page.locator(f"[id='{target}']").is_visible(), f"{path} leads to #{target}"
        page.get_by_role("link", name="Back to top").click()
        assert page.evaluate("scrollY") == 0, path
    page.goto(tab.server + "doc/article/harbour")
    lane = page.locator("table.strip th a").first
    claims = page.locator(lane.get_attribute("href") or "")
    assert not claims.is_visible()
    lane.click()
    assert claims.is_visible()
    for path, most in {"claims": 7_000, "queries": 10_500}.items():
        page.goto(tab.server + path)
        assert page.evaluate("document.documentElement.scrollHeight") < most, path
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        page.get_by_role("link", name="Back to top").click()
        assert page.evaluate("scrollY") == 0, path
    page.goto(tab.server + "guide/checking")
    table = page.locator(".prose > details.long").first
    assert not table.locator("table").is_visible()
    table.locator("summary").click()
    assert table.locator("table").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    assert table.locator("table").is_visible(), "where there is room, nothing is folded"
    assert not table.locator("summary").is_visible()
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(tab.server + "shapes")
    page.locator("details.long > summary").first.click()
    rules = page.locator("article.term details").first
    assert not rules.locator("dl").is_visible()
    rules.locator("summary").click()
    assert rules.locator("dl").is_visible()


@pytest.mark.parametrize("width", PHONES)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_results_are_cards_on_a_phone(visit: Visits, width: int, javascript: bool) -> None:
    """Each value stands below the one before, with the name of its column, within the width of the page."""
    query = "sparql?query=" + quote("SELECT * { ?claim a <https://w3id.org/quoth/ns#Claim> ; ?about ?value } LIMIT 9")
    for path, names in (
        ("queries/what-is-claimed-about", ["Certainty", "Polarity", "Claim", "Source"]),
        (query, ["claim", "about", "value"]),
    ):
        page = visit(path, width=width, javascript=javascript).page
        cells = page.locator("table.result tbody tr").first.locator("td:visible")
        assert cells.evaluate_all("cells => cells.map(c => c.dataset.label)") == names
        tops = cells.evaluate_all("cells => cells.map(c => c.getBoundingClientRect().top)")
        assert tops == sorted(set(tops)), "one below the other"
        shown = cells.first.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert names[0] in shown
        assert page.locator("div.scroll:has(table.result)").evaluate("box => box.scrollWidth <= box.clientWidth")


@pytest.mark.slow
def test_every_page_reads_without_javascript(visit: Visits, every: list[str]) -> None:
    """Its words are there, and all its links."""
    plain, full = visit("", javascript=False), visit("")

    def look(page: Any, path: str) -> object:
        full.page.goto(full.server + path)
        texts = [len(p.inner_text("main")) for p in (page, full.page)]
        links = [p.locator("main a[href]").count() for p in (page, full.page)]
        return None if texts[0] > 0.8 * texts[1] and links[0] >= links[1] else (texts, links)

    assert across(plain, [path for path in every if not path.startswith("sparql")], look) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("dark", "width"), [(False, 375), (True, 1200)], ids=["light phone", "dark desk"])
def test_every_page_meets_wcag_aa(visit: Visits, checked: list[str], axe: str, dark: bool, width: int) -> None:
    def look(page: Any, path: str) -> object:
        return violations(page, axe)

    assert across(visit("", dark=dark, width=width), checked, look) == {}


@pytest.mark.slow
def test_every_page_is_valid_html(running: Server, checked: list[str], html_validate: Path, tmp_path: Path) -> None:
    assert running.get(f"/{NO_PAGE}", {"Accept": "text/html"}).status == 406
    assert html_errors([*checked, NO_PAGE], running, html_validate, tmp_path) == []


@pytest.mark.slow
def test_the_page_of_an_engine_that_is_away_is_valid_html(waiting: Server, html_validate: Path, tmp_path: Path) -> None:
    path = "doc/org/velm-salt"
    reply = waiting.get(f"/{path}", {"Accept": "text/html"})
    assert (reply.status, reply.media_type) == (503, "text/html")
    assert html_errors([path], waiting, html_validate, tmp_path) == []


def test_links_are_distinguishable_from_text(visit: Visits, every: list[str]) -> None:
    """By its colour or its line; chips have a ground of their own, and a heading may lead to itself."""
    assert across(visit(""), every, lambda page, _: page.evaluate(_LIKE_TEXT)) == {}


def test_printed_pages_unfold_everything(visit: Visits) -> None:
    """Folded parts are printed unfolded; code to copy is not printed at all."""
    page = visit("doc/claim/harbour/company-paid-nobody").page
    page.emulate_media(media="print")
    folded = page.locator("details:not([open])")
    shown = [one for one in folded.all() if one.locator("summary").is_visible()]
    assert 0 < len(shown) < folded.count()
    for one in shown:
        assert one.evaluate("d => d.querySelector(':scope > :not(summary)').checkVisibility()"), one.inner_text()
        assert one.locator("pre").count() == 0


@pytest.mark.slow
def test_scrolling_boxes_do_not_break_words_on_a_phone(visit: Visits) -> None:
    page = visit("guide/tables", width=390).page
    page.locator("details.long").evaluate_all("tables => tables.forEach(table => table.open = true)")
    lines = "e => e.getClientRects().length"
    words = [c for c in page.locator("td code").all() if " " not in c.inner_text() and "/" not in c.inner_text()[1:]]
    assert len(words) > 30
    assert [c.inner_text() for c in words if c.evaluate(lines) > 1] == []
    code = page.locator("pre").first
    assert code.evaluate("e => e.scrollWidth > e.clientWidth"), "an example to look at"
    assert "gradient" in code.evaluate("e => getComputedStyle(e).backgroundImage"), "a shadow says that there is more"


def test_a_keyboard_gets_to_the_content(visit: Visits) -> None:
    tab = visit("")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("document.activeElement.id") == "main"
    tab.clean()


def test_reading_and_following_links(visit: Visits) -> None:
    """From the front page to an article, to a claim in it, to whoever is credited, and home."""
    tab = visit("")
    page = tab.page
    page.click("main a[href*='/doc/article/'] >> nth=0")
    assert "/doc/article/" in page.url
    page.click("main a[href*='/doc/claim/'] >> nth=0")
    assert "/doc/claim/" in page.url
    sentence = page.inner_text("h1")
    assert page.locator("blockquote, q").count() > 0
    page.click("main a[href*='/doc/source/'], main a[href*='/doc/org/'], main a[href*='/doc/person/'] >> nth=0")
    assert page.inner_text("h1") not in ("", sentence)
    page.click("a.wordmark")
    assert page.url == tab.server
    tab.clean()


def test_an_example_query_runs(visit: Visits) -> None:
    tab = visit("queries")
    page = tab.page
    page.click("main a[href*='/queries/'] >> nth=0")
    assert page.locator("table.result tbody tr").count() > 0
    tab.clean()


def test_a_citation_can_be_copied(visit: Visits, running: Server) -> None:
    """Selected with the mouse and copied with the keyboard; its link leads to the same claim."""
    claim = next(path for path in kinds(running) if path.startswith("doc/claim/"))
    tab = visit(claim)
    page = tab.page
    sentence = page.inner_text("h1")
    text = page.locator("section[aria-labelledby=h-cite] p").first
    text.click(click_count=3)
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == text.inner_text().strip()
    [address] = [word for word in copied.split() if word.startswith(tab.server)]
    page.goto(address.rstrip("."))
    assert page.inner_text("h1") == sentence
    tab.clean()
