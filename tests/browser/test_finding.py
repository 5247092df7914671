"""Searching and filtering in a real browser: by keyboard with suggestions, by links and forms without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Visits = Callable[..., Any]


def test_searching_by_keyboard_with_suggestions(visit: Visits) -> None:
    """The list of suggestions is the browser's own, and opens no window here: its first entry is typed."""
    tab = visit("ns")
    page = tab.page
    page.focus("header input[name=q]")
    page.keyboard.type("harbour o")
    page.wait_for_selector("header datalist option", state="attached")
    names = page.locator("header datalist option").evaluate_all("options => options.map(o => o.value)")
    assert "the harbour office" in [name.lower() for name in names]
    page.keyboard.press("Control+a")
    page.keyboard.type(names[0])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    assert page.input_value("main input[name=q]") == names[0]
    assert page.locator("main mark").count() > 0
    page.click("main ul.claims a >> nth=0")
    assert "/doc/" in page.url
    tab.clean()


def test_typed_markup_is_escaped_in_the_suggestions(visit: Visits) -> None:
    tab = visit("")
    tab.page.fill("main input[name=q]", "")
    tab.page.locator("main input[name=q]").press_sequentially("</script")
    tab.page.wait_for_timeout(300)
    tab.clean()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_searching_and_filtering(visit: Visits, javascript: bool) -> None:
    tab = visit("", javascript=javascript)
    page = tab.page
    page.fill("main input[name=q]", "ferry")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search\?q=ferry"))
    option = page.locator(".facets li").filter(has_text="Claim").first
    count = int(option.locator(".count").inner_text())
    option.locator("a").click()
    assert page.locator("main ul.claims > li").count() == count
    page.click(".facets [aria-current]")
    assert page.locator("main ul.claims > li").count() > count
    assert tab.messages == []
    page.fill("main input[name=q]", "zzzz")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search\?q=zzzz"))
    assert "Nothing in this release has all these words" in page.inner_text("main")


def test_a_phrase_in_quotation_marks_and_the_syntax_of_the_index(visit: Visits) -> None:
    tab = visit("search")
    for text in ('"the ferry was late"', "ferry AND (", "ferry*", "NEAR(a b)", "label:ferry", "-- ; DROP"):
        tab.page.fill("main input[name=q]", text)
        tab.page.press("main input[name=q]", "Enter")
        tab.page.wait_for_load_state()
        assert tab.page.inner_text("h1").startswith("Search"), text
        assert tab.page.input_value("main input[name=q]") == text
    tab.clean()


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_table_of_claims_is_filtered_by_a_form(visit: Visits, javascript: bool, width: int) -> None:
    """Beside the rows on a wide screen, where it needs no click; behind its summary on a phone."""
    tab = visit("claims", javascript=javascript, width=width)
    page = tab.page
    rows = page.locator("table.claims-table tbody tr")
    whole = rows.count()
    form = page.locator(".filter form")

    def choose(*values: str) -> int:
        if width < 1000:
            assert not form.is_visible()
            page.click("details.filter > summary")
        count = 0
        for value in values:
            option = form.locator("li").filter(has=page.locator(f"input[value='{value}']"))
            if not option.is_visible():
                form.locator(f"details.facet:has(input[value='{value}']) > summary").click()
            option.locator("input").check()
            count += int(option.locator(".count").inner_text())
        form.locator("button").click()
        page.wait_for_url(re.compile(values[-1]))
        return count

    count = choose("denied", "accused")
    assert rows.count() == count < whole
    assert page.locator(".narrowed .chip").count() == 2
    assert page.locator("details.filter > summary").text_content() == "Filter 2 active"
    both = rows.count()
    count = choose("negative")
    assert 0 < rows.count() == count < both
    assert "speechAct=denied" in page.url, "one facet keeps the choice in another"
    page.click(".narrowed .chip >> nth=2")
    assert rows.count() == both
    page.click(".narrowed > a:last-child")
    assert rows.count() == whole
    assert tab.messages == []


def test_links_of_the_table_are_big_enough_for_a_finger(visit: Visits) -> None:
    """WCAG 2.5.8: 24 px, but for links within a sentence (its exception for targets in a line of text)."""
    for path in ("claims", "claims?certainty=certain&q=the"):
        page = visit(path, width=375).page
        page.click("details.filter > summary")
        small = page.locator("main :is(a, summary, li label, button, input):visible").evaluate_all(
            """targets => targets.filter(t => !t.closest('p.note, p.lede, .via') && t.type !== 'checkbox'
                && t.getBoundingClientRect().height < 24).map(t => t.outerHTML.slice(0, 120))"""
        )
        assert small == []
        assert page.locator("main a:visible").count() > 60
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_entity_s_claims_are_filtered_by_plain_links(visit: Visits, javascript: bool) -> None:
    tab = visit("doc/org/velm-salt", javascript=javascript)
    page = tab.page
    rows = page.locator("section.list li.claim-row")
    whole = rows.count()
    row = page.locator("figure.division table.bars tbody tr").first
    count = int(row.locator(".number").inner_text())
    row.locator("a").click()
    assert rows.count() == count < whole
    page.click(".narrowed .chip >> nth=0")
    assert rows.count() == whole
    assert tab.messages == []


def test_rows_can_be_downloaded(visit: Visits) -> None:
    """The link to the CSV of what is shown has as many rows."""
    tab = visit("claims?voice=own")
    page = tab.page
    shown = page.locator("table.claims-table tbody tr").count()
    target = page.locator("ul.formats a[type='text/csv']").get_attribute("href")
    text = page.request.get(tab.server + str(target).removeprefix("/")).text()
    assert len(text.strip().splitlines()) == shown + 1
    tab.clean()


def test_filters_on_a_phone_stand_above_the_results_and_show_that_there_is_more(visit: Visits) -> None:
    page = visit("search?q=harbour", width=375).page
    filters, first = page.locator("details.filter"), page.locator(".claim-row").first
    assert not page.locator(".facets").is_visible()
    assert filters.bounding_box()["y"] < first.bounding_box()["y"] < page.viewport_size["height"]
    page = visit("claims", width=375).page
    page.click("details.filter > summary")
    cut = page.locator(".filter details[open] ul").filter(has=page.locator("li:nth-child(9)")).first
    assert cut.evaluate("list => list.scrollHeight > list.clientHeight"), "the list scrolls"
    assert cut.evaluate("list => getComputedStyle(list).backgroundAttachment") == "local, local, scroll, scroll"
