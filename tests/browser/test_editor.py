"""The query editor in a real browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from .accessible import violations

Visits = Callable[..., Any]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("editor")]

HOSTILE = "SELECT ?p ?o WHERE { <http://localhost:8000/id/person/eve> ?p ?o } ORDER BY ?p ?o"

EVERY_TOKEN = """PREFIX quoth: <https://w3id.org/quoth/ns#>
# a comment
SELECT ?a (COUNT(*) AS ?n) WHERE {
  ?a quoth:depth 3 ; quoth:cue "words"@en , "1"^^<http://www.w3.org/2001/XMLSchema#string> , true .
  GRAPH ?g { _:b a [] } $$$ nonsense
} LIMIT 10"""


def ready(visit: Any) -> Any:
    if visit.page.is_visible("textarea[name=query]"):
        visit.page.focus("textarea[name=query]")
    visit.page.wait_for_selector(".yasqe .CodeMirror")
    return visit.page


def write(page: Any, query: str) -> None:
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)


def query(page: Any) -> str:
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def run(page: Any) -> None:
    page.click(".actions button[type=submit]")


def test_a_query_runs_and_its_result_is_shown(visit: Visits) -> None:
    tab = visit("sparql")
    page = ready(tab)
    assert not page.is_visible("textarea[name=query]")
    page.click(".yasqe_queryButton")
    page.wait_for_selector("table.result tbody tr")
    assert page.locator("table.result thead th").all_text_contents() == ["?who", "?label", "?certainty"]
    assert page.locator("table.result tbody tr").count() > 10
    assert sum("sparql?query=" in url for url in tab.asked) == 1
    page.click("table.result th >> nth=1 >> button")
    labels = page.locator("table.result tbody td:nth-child(2)").all_text_contents()
    assert labels == sorted(labels, key=str.lower)
    tab.clean()


def test_the_editor_is_loaded_when_the_query_is_asked_for(visit: Visits) -> None:
    tab = visit("sparql")
    page = tab.page
    page.wait_for_load_state("networkidle")
    assert not [url for url in tab.asked if "/static/editor/" in url or "terms.json" in url]
    assert page.is_visible("textarea[name=query]")
    assert not page.is_visible("#keys")
    page.fill("textarea[name=query]", "ASK { ?written ?before ?loading }")
    page.wait_for_selector(".yasqe .CodeMirror")
    assert query(page) == "ASK { ?written ?before ?loading }"
    page.keyboard.type("# on")
    assert query(page) == "ASK { ?written ?before ?loading }# on"
    assert page.is_visible("#keys")
    assert sum("editor.js" in url for url in tab.asked) == 1
    tab.clean()


def test_who_has_gone_on_is_not_called_back(visit: Visits) -> None:
    page = visit("sparql").page
    page.focus("textarea[name=query]")
    page.focus("#format")
    page.wait_for_selector(".yasqe .CodeMirror")
    assert page.evaluate("document.activeElement.id") == "format"


def test_a_link_to_a_query_opens_the_editor(visit: Visits) -> None:
    page = visit("sparql#query=ASK%20%7B%7D").page
    page.wait_for_selector(".yasqe .CodeMirror")
    assert query(page) == "ASK {}"


def test_markup_in_literals_does_not_run(visit: Visits) -> None:
    tab = visit("sparql")
    page = ready(tab)
    write(page, HOSTILE)
    run(page)
    page.wait_for_selector("table.result tbody tr")
    table = page.locator("table.result")
    assert "<script>window.ran=1</script><img src=x onerror='window.ran=2'>" in table.inner_text()
    assert table.locator("script, img, svg, [onclick], [onmouseover]").count() == 0
    links = table.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert not any(link.startswith("javascript") for link in links)
    assert any(link.startswith("/doc/person/x") for link in links), "the data's IRIs lead to this server"
    page.hover("table.result tbody tr >> nth=3")
    page.click("text=Response")
    page.wait_for_selector(".yasr .CodeMirror")
    tab.clean()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("ASK {}", "True", id="ask"),
        pytest.param("CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 3", "3 results", id="construct"),
        pytest.param("SELECT ?x WHERE { ?x a <http://nothing.example/> }", "0 results", id="nothing"),
    ],
)
def test_graphs_and_booleans_are_shown(visit: Visits, text: str, shown: str) -> None:
    tab = visit("sparql")
    page = ready(tab)
    write(page, text)
    run(page)
    page.wait_for_selector(f".results >> text={shown}")
    tab.clean()


def test_an_error_has_message_and_position(visit: Visits) -> None:
    tab = visit("sparql")
    page = ready(tab)
    write(page, "SELECT * WHERE { ?s ?p ?o }} <b>nonsense")
    page.hover(".parseErrorIcon")
    run(page)
    page.wait_for_selector(".results .problem")
    assert "line 1, column" in page.inner_text(".results .problem")
    # The browser itself tells of a 400; of the page's policy there is nothing to tell.
    assert [text for text in tab.messages if "400" not in text] == []


def test_a_question_loads(visit: Visits) -> None:
    tab = visit("sparql")
    page = ready(tab)
    page.select_option(".load select", "offers-and-answers")
    assert "speech-act:offered" in query(page)
    run(page)
    page.wait_for_selector("table.result tbody tr")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.clean()


def test_terms_complete_from_our_ontology(visit: Visits) -> None:
    tab = visit("sparql")
    page = ready(tab)
    write(page, "SELECT * WHERE {\n  ?claim \n}")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setCursor({line: 1, ch: 9})")
    page.focus(".CodeMirror textarea")
    page.keyboard.type("quoth:certai", delay=30)
    page.wait_for_selector(".CodeMirror-hint >> text=quoth:certainty")
    page.keyboard.press("Enter")
    page.keyboard.type(" certainty:pro", delay=30)
    page.wait_for_selector(".CodeMirror-hint >> text=certainty:probable")
    page.keyboard.press("Enter")
    page.keyboard.type(" ; a quoth:Cla", delay=30)
    page.wait_for_selector(".CodeMirror-hint >> text=quoth:Claim")
    page.keyboard.press("Enter")
    text = query(page)
    assert "PREFIX quoth: <https://w3id.org/quoth/ns#>" in text
    assert "PREFIX certainty: <https://w3id.org/quoth/ns/certainty#>" in text
    assert "?claim quoth:certainty certainty:probable ; a quoth:Claim" in text
    tab.clean()


def test_a_result_can_be_downloaded_and_a_query_shared(visit: Visits) -> None:
    tab = visit("sparql")
    page = ready(tab)
    write(page, "SELECT (1 AS ?one) {}")
    run(page)
    page.wait_for_selector("table.result tbody tr")
    with page.expect_download() as download:
        page.click(".yasr_downloadIcon")
    assert download.value.path().read_text().split() == ['"one"', '"1"']
    page.click(".yasqe_share")
    shared = page.input_value(".yasqe_sharePopup input")
    assert shared == tab.server + "sparql#query=SELECT%20(1%20AS%20%3Fone)%20%7B%7D"
    page.click(".yasqe_sharePopup .curl")
    assert page.input_value(".yasqe_sharePopup input").startswith("curl http")
    tab.clean()


def test_a_link_brings_its_query(visit: Visits) -> None:
    tab = visit("sparql#query=ASK%20%7B%7D")
    assert query(ready(tab)) == "ASK {}"
    tab.clean()


def test_a_result_page_has_the_editor_too(visit: Visits) -> None:
    tab = visit("sparql?query=" + "SELECT%20%3Fs%20%7B%20%3Fs%20a%20%3Ft%20%7D%20LIMIT%203")
    page = ready(tab)
    assert page.locator("[data-answer] tbody tr").count() == 3
    write(page, "ASK {}")
    run(page)
    page.wait_for_selector(".results >> text=True")
    assert not page.is_visible("[data-answer]")
    tab.clean()


def test_other_formats_are_fetched_by_the_form(visit: Visits) -> None:
    page = ready(visit("sparql"))
    write(page, "SELECT (1 AS ?one) {}")
    page.select_option("select[name=format]", "json")
    with page.expect_response("**/sparql?query=*") as response:
        run(page)
    assert json.loads(response.value.text())["head"]["vars"] == ["one"]


def test_the_editor_fits_a_phone(visit: Visits) -> None:
    tab = visit("sparql", width=360)
    page = ready(tab)
    run(page)
    page.wait_for_selector("table.result tbody tr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.is_visible(".yasqe_queryButton")
    tab.clean()


def test_broad_tables_scroll_in_their_own_box(visit: Visits) -> None:
    width = 1200  # on a phone each row is a card
    tab = visit("queries/offers-and-answers", width=width)
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = tab.page.locator(".scroll.broad")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert box.evaluate("box => box.clientWidth") > width * 0.85
    narrowest = box.locator("td").evaluate_all("cells => Math.min(...cells.map(cell => cell.offsetWidth))")
    assert narrowest >= 80
    tab.clean()


def test_without_javascript_the_form_works(visit: Visits) -> None:
    tab = visit("sparql", javascript=False)
    assert tab.page.is_visible("textarea[name=query]")
    tab.page.click(".actions button")
    tab.page.wait_for_selector("table.result")
    assert tab.page.locator("table.result tbody tr").count() > 10
    assert tab.page.is_visible("textarea[name=query]")


def test_a_question_s_form_works_without_javascript(visit: Visits) -> None:
    tab = visit("queries/what-is-claimed-about", javascript=False)
    tab.page.fill("input[name=entity]", "id/org/velm-salt")
    tab.page.select_option("select[name=degree]", "certain")
    tab.page.click("form.parameters button")
    assert tab.page.locator("table.result tbody tr").count() > 0
    assert tab.page.inner_text("h1").startswith("Velm Salt")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_editor_meets_wcag_aa(visit: Visits, axe: str, dark: bool) -> None:
    """With every kind of token in it, an error included, and with a result below it."""
    page = ready(visit("sparql", dark=dark))
    page.click(".yasqe_queryButton")
    page.wait_for_selector("table.result tbody tr")
    write(page, EVERY_TOKEN)
    kinds = {"cm-keyword", "cm-number", "cm-meta", "cm-string", "cm-comment", "cm-error", "cm-atom"}
    page.wait_for_selector(".cm-error")
    there = page.evaluate("[...document.querySelectorAll('[class*=cm-]')].flatMap(e => [...e.classList])")
    assert kinds <= set(there)
    assert violations(page, axe) == []


def test_a_keyboard_gets_out_of_the_editor(visit: Visits) -> None:
    """Tab indents in it, and the page says how to leave (WCAG 2.1, SC 2.1.2)."""
    tab = visit("sparql")
    page = ready(tab)
    page.click(".CodeMirror")
    inside = "document.querySelector('.CodeMirror').CodeMirror.hasFocus()"
    page.keyboard.press("Tab")
    assert page.evaluate(inside)
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert "Esc, then Tab" in page.inner_text(f"#{described}")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate(inside)
    assert page.evaluate("document.activeElement.closest('form.query') !== null"), "the way goes on from there"
    tab.clean()
