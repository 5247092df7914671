"""Searching and narrowing in a real browser: by keyboard with suggestions, and by plain links without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest

Visits = Callable[..., Any]


def test_searching_by_keyboard_with_suggestions(visit: Visits) -> None:
    """The list of suggestions is the browser's own, and opens no window here: its first entry is typed."""
    found = visit("ns")
    page = found.page
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
    found.clean()


def test_typed_markup_is_escaped_in_the_suggestions(visit: Visits) -> None:
    found = visit("")
    found.page.fill("main input[name=q]", "")
    found.page.locator("main input[name=q]").press_sequentially("</script")
    found.page.wait_for_timeout(300)
    found.clean()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_searching_and_filtering(visit: Visits, javascript: bool) -> None:
    found = visit("", javascript=javascript)
    page = found.page
    page.fill("main input[name=q]", "ferry")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search\?q=ferry"))
    option = page.locator(".facets li").filter(has_text="Claim").first
    count = int(option.locator(".count").inner_text())
    option.locator("a").click()
    assert page.locator("main ul.claims > li").count() == count
    page.click(".facets [aria-current]")
    assert page.locator("main ul.claims > li").count() > count
    assert found.told == []
    page.fill("main input[name=q]", "zzzz")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search\?q=zzzz"))
    assert "Nothing here has all these words" in page.inner_text("main")


def test_a_phrase_in_quotation_marks_and_the_syntax_of_the_index(visit: Visits) -> None:
    found = visit("search")
    for text in ('"the ferry was late"', "ferry AND (", "ferry*", "NEAR(a b)", "label:ferry", "-- ; DROP"):
        found.page.fill("main input[name=q]", text)
        found.page.press("main input[name=q]", "Enter")
        found.page.wait_for_load_state()
        assert found.page.inner_text("h1").startswith("Search"), text
        assert found.page.input_value("main input[name=q]") == text
    found.clean()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_table_of_claims_is_filtered_by_plain_links(visit: Visits, javascript: bool) -> None:
    found = visit("claims", javascript=javascript)
    page = found.page
    rows = page.locator("table.claims-table tbody tr")
    whole = rows.count()
    page.click("details.narrowing summary")
    row = page.locator("figure.division table.bars tbody tr").filter(has_text="Reported").first
    count = int(row.locator(".number").inner_text())
    assert 0 < count < whole
    row.locator("a").click()
    assert rows.count() == count
    assert "voice=" in page.url
    page.fill("main input[name=q]", "ferry")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url(re.compile("q=ferry"))
    assert "voice=" in page.url, "words narrow what the links have narrowed"
    assert 0 < rows.count() < count
    page.click(".narrowed .chip >> nth=0")
    page.click(".narrowed > a:last-child")
    assert rows.count() == whole
    assert found.told == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_entity_s_claims_are_filtered_by_plain_links(visit: Visits, javascript: bool) -> None:
    found = visit("doc/org/velm-salt", javascript=javascript)
    page = found.page
    rows = page.locator("section.list li.claim-row")
    whole = rows.count()
    row = page.locator("figure.division table.bars tbody tr").first
    count = int(row.locator(".number").inner_text())
    row.locator("a").click()
    assert rows.count() == count < whole
    page.click(".narrowed .chip >> nth=0")
    assert rows.count() == whole
    assert found.told == []


def test_rows_can_be_downloaded(visit: Visits) -> None:
    """The link to the CSV of what is shown has as many rows."""
    found = visit("claims?voice=own")
    page = found.page
    shown = page.locator("table.claims-table tbody tr").count()
    target = page.locator("ul.formats a[type='text/csv']").get_attribute("href")
    text = page.request.get(found.server + str(target).removeprefix("/")).text()
    assert len(text.strip().splitlines()) == shown + 1
    found.clean()
