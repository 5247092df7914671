"""Lookups of names: exact, by beginning, and by similarity, with a limit on results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.index.claims import ClaimIndex
from quoth.index.fulltext import any_of
from quoth.index.names import CLAIMS_LIMIT, THINGS_LIMIT, ItemFilter, alike, beginning, exact
from quoth.index.similarity import folded
from quoth.index.vocabulary import vocabulary

BASE = "http://localhost:8000/"
ORGANISATIONS = ItemFilter(("http://www.w3.org/ns/org#Organization",), False)
CLAIMS = ItemFilter((), True)
BOTH = ItemFilter(ORGANISATIONS.classes, True)
OFFICE = BASE + "id/org/harbour-office"


@pytest.mark.parametrize("name", ["the harbour office", "Harbour Office", "HARBOUR-OFFICE", "the office"])
def test_case_punctuation_and_articles_do_not_count(lists: ClaimIndex, name: str) -> None:
    assert [bearer.iri for bearer in exact(lists, name, BOTH)] == [OFFICE]


@pytest.mark.parametrize("name", ["Dʼarcy–Lind", "D’arcy Lind", "D‘ARCY‑LIND", "d`arcy lin\xadd", "Ｄ′arcy—Lind"])
def test_apostrophes_hyphens_and_what_cannot_be_seen_do_not_count(name: str) -> None:
    assert folded(name) == folded("D'arcy-Lind") == "d arcy lind"


def test_an_exact_lookup_finds_exact_names_only(lists: ClaimIndex) -> None:
    assert not exact(lists, "harbour offic", BOTH)
    assert not exact(lists, "the harbour office", CLAIMS)
    assert not exact(lists, "the harbour office", ItemFilter((), False))


@pytest.mark.parametrize("name", ["harbor office", "the harbuor ofice", "office, harbour", "The Office of the Harbour"])
def test_misspelt_words_find_similar_names(lists: ClaimIndex, name: str) -> None:
    assert OFFICE in [bearer.iri for bearer in alike(lists, name, ORGANISATIONS)]


def test_claims_are_found_by_sentence_and_quotation(lists: ClaimIndex) -> None:
    bearers = alike(lists, "the ferry was late", CLAIMS)
    assert all("/id/claim/" in bearer.iri for bearer in bearers)
    assert "the ferry was late" in [words for bearer in bearers for words in bearer.quotations]
    [claim] = exact(lists, "The harbour office says that the ferry was late.", BOTH)
    assert claim.iri == BASE + "id/claim/harbour/ferry-late"


def test_beginnings_come_in_pages(lists: ClaimIndex) -> None:
    whole = beginning(lists, "", BOTH, first=0, size=100)
    assert len(whole) == len(set(whole)) > 25
    assert [*beginning(lists, "", BOTH, first=0, size=7), *beginning(lists, "", BOTH, first=7, size=7)] == whole[:14]
    assert beginning(lists, "harb", ORGANISATIONS, first=0, size=9) == [OFFICE]


@given(st.text(max_size=80))
def test_any_text_gives_at_most_the_limit(lists: ClaimIndex, name: str) -> None:
    exact(lists, name, BOTH)
    beginning(lists, name, BOTH, first=0, size=5)
    assert len(alike(lists, name, BOTH)) <= THINGS_LIMIT + CLAIMS_LIMIT


def test_the_vocabulary_knows_what_names_have(lists: ClaimIndex) -> None:
    known = vocabulary(lists)
    assert known.like("ferry") == ["ferry"]
    assert "harbour" in known.like("harbuor")
    assert known.like("xylophone") == []


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Café", "cafe"), ("U.S.A.", "usa"), ("Washington, D.C.", "washington dc"), ("the", "the"), ("The Hague", "hague"),
     ("Łukasz Ørsted", "lukasz orsted"), ("J. K. Roke", "jk roke"), ("J.K. Roke", "jk roke"),
     ("J K Roke", "jk roke"), ("东 港", "东港"), ("مَكتب", "مكتب"),
     ("3.5 km", "3 5 km"), ("…", ""), ("Straße", "strasse"), ("Pilots’ Guild", "pilots guild")],
)  # fmt: skip
def test_folded(name: str, plain: str) -> None:
    assert folded(name) == plain


@given(st.lists(st.text(max_size=9), max_size=5))
def test_no_word_is_an_operator(lists: ClaimIndex, words: list[str]) -> None:
    expression = any_of(words)
    if expression:
        lists.select("SELECT count(*) FROM words WHERE words MATCH :words", words=expression)
