"""Words are found in names, spellings and quotations, and nothing that somebody types is an operator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.store.lists import Lists, Selection
from quoth.store.search import BEGIN, END, FACETS, Search, Sought, expression

BASE = "http://localhost:8000/"


@pytest.fixture(scope="module")
def search(lists: Lists) -> Search:
    return Search(lists)


def found(search: Search, text: str) -> list[str]:
    return [hit.iri for hit in search.hits(Sought(expression(text)), first=0, size=50)]


@pytest.mark.parametrize("text", ["ferry", "FERRY", "férry", "ferr", "the ferry", '"the ferry"'])
def test_case_accents_and_beginnings(search: Search, text: str) -> None:
    assert BASE + "id/claim/harbour/ferry-late" in found(search, text)


def test_a_phrase_is_looked_for_as_it_stands(search: Search) -> None:
    assert found(search, "ferry late")
    assert not found(search, '"ferry late"')


def test_every_word_has_to_be_there(search: Search) -> None:
    assert not found(search, "ferry xylophone")


def test_what_matches_is_marked(search: Search) -> None:
    hit = next(h for h in search.hits(Sought(expression("ferry late")), first=0, size=5) if h.kind == "claim")
    assert f"{BEGIN}ferry{END}" in hit.label
    assert f"{BEGIN}late{END}" in hit.quotation


@pytest.mark.parametrize("facet", FACETS)
def test_facets_add_up(search: Search, facet: str) -> None:
    sought = Sought(expression("the"))
    for value, count in search.facet(sought, facet):
        assert search.count(Sought(sought.words, ((facet, value),))) == count > 0


def test_claims_are_selected_by_words(lists: Lists, search: Search) -> None:
    words = expression("ferry")
    claims = [h.iri for h in search.hits(Sought(words, (("kind", "claim"),)), first=0, size=100)]
    selected = lists.claims(Selection("all", words=words), first=0, size=100)
    assert set(claims) == set(selected) != set()
    assert lists.count(Selection("all", words=words)) == len(claims)


def test_names_go_on_as_somebody_types(search: Search) -> None:
    names = search.names(expression("harb"), 5)
    assert any("harbour" in name.lower() for name in names)
    assert len(names) <= 5


@given(st.text(max_size=600))
def test_any_text_is_harmless(search: Search, text: str) -> None:
    words = expression(text)
    if words:
        assert search.count(Sought(words)) >= 0
        search.names(words, 3)


@pytest.mark.parametrize(
    "text", ["a AND", "NOT", "NEAR(a b, 3)", "label:x", "{label also}: x", "-a", "^a", 'a"', '"', "a*b", "(", "a OR b)"]
)
def test_operators_are_words(search: Search, text: str) -> None:
    words = expression(text)
    assert not words or search.count(Sought(words)) >= 0
