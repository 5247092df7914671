"""Words are found in names, other spellings and quotations, and no typed text is an operator."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.model.namespaces import QUOTH, Term
from quoth.index.claims import ClaimIndex
from quoth.index.facets import SEARCHED
from quoth.index.fulltext import BEGIN, END, TEXT_LIMIT, Search, SearchQuery, expression
from quoth.index.selection import Selection
from quoth.index.vocabulary import vocabulary

BASE = "http://localhost:8000/"


@pytest.fixture(scope="module")
def search(lists: ClaimIndex) -> Search:
    return Search(lists)


def named(*labels: str) -> Search:
    """The search of a release that has only topics with those labels."""
    topics = [(ox.NamedNode(f"{BASE}id/topic/{place}"), label) for place, label in enumerate(labels)]
    rows: dict[str, list[dict[str, Term]]] = {
        "list-things": [{"thing": topic, "class": QUOTH.Topic} for topic, _ in topics],
        "list-names": [{"thing": topic, "label": ox.Literal(label)} for topic, label in topics],
    }
    return Search(ClaimIndex(Path("none"), lambda name: rows.get(name, [])))


def names(search: Search, text: str) -> list[str]:
    hits = search.hits(SearchQuery(expression(text, vocabulary(search.database))), first=0, size=50)
    return [hit.label.replace(BEGIN, "").replace(END, "") for hit in hits]


def found(search: Search, text: str) -> list[str]:
    return [hit.iri for hit in search.hits(SearchQuery(expression(text)), first=0, size=50)]


@pytest.mark.parametrize("text", ["ferry", "FERRY", "férry", "ferr", "the ferry", '"the ferry"'])
def test_case_accents_and_beginnings(search: Search, text: str) -> None:
    assert BASE + "id/claim/harbour/ferry-late" in found(search, text)


def test_a_phrase_is_looked_for_as_it_stands(search: Search) -> None:
    assert found(search, "ferry late")
    assert not found(search, '"ferry late"')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("guild’s", "guild"),
        ("GUILD'S", "guild"),
        ("docker", "dockers"),
        ("the dockers’ boat", "dockers boats"),
        ("unloads", "unload"),
        ("denies", "denying"),
        ("(ferry),", "ferry"),
    ],
)
def test_inflected_forms_find_the_same(search: Search, one: str, other: str) -> None:
    assert sorted(found(search, one)) == sorted(found(search, other)) != []


@pytest.mark.parametrize("text", ["talk", "talks", "Talked", "talking", "agency talk", "agencies’ talks", "agency’s"])
def test_other_forms_of_words_are_found(text: str) -> None:
    assert names(named("two agencies talked"), text) == ["two agencies talked"]


def said(language: str, *texts: str) -> Search:
    """The search of a release whose articles in that language have claims with those words."""
    article = ox.NamedNode(f"{BASE}id/article/a")
    claims = [(ox.NamedNode(f"{BASE}id/claim/a/{place}"), text) for place, text in enumerate(texts)]
    tag = ox.Literal(language)
    rows: dict[str, list[dict[str, Term]]] = {
        "list-claims": [{"claim": claim, "article": article, "language": tag} for claim, _ in claims],
        "list-names": [{"thing": claim, "label": ox.Literal(text)} for claim, text in claims],
        "list-quotations": [{"claim": claim, "words": ox.Literal(text)} for claim, text in claims],
    }
    return Search(ClaimIndex(Path("none"), lambda name: rows.get(name, [])))


GERMAN = (
    "Das Gesetz gilt",
    "die Gesetze gelten",
    "wegen des Gesetzes",
    "Häuser brennen",
    "ein Haus",
    "die Gesetzgebung",
)


@pytest.mark.parametrize("tag", ["de", "de-AT"])
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Gesetze", [0, 1, 2]),  # and not the Gesetzgebung, which is another word
        ("GESETZES", [0, 1, 2]),
        ("Haus", [3, 4]),
        ("Häusern", [3, 4]),
        ("Haeuser", [3, 4]),
        ('"Gesetze"', [1]),
    ],
)
def test_german_words_are_found_in_their_forms(tag: str, text: str, places: list[int]) -> None:
    assert sorted(names(said(tag, *GERMAN), text)) == sorted(GERMAN[place] for place in places)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Straße", "Strasse"),
        ("Strasse", "Straße"),
        ("Ärzte", "Aerzte"),
        ("Aerzte", "Ärzte"),
        ("Maßnahmen", "massnahme"),
        ("Fuesse", "Füße"),
    ],
)
def test_umlauts_and_sharp_s_are_found_however_they_are_written(written: str, text: str) -> None:
    assert names(said("de", written, "Wald"), text) == [written]


def test_words_are_stemmed_by_the_language_of_the_articles_and_by_no_other() -> None:
    french = ("les partis nationaux", "le parti national", "la nation")
    assert sorted(names(said("fr", *french), "nationaux")) == ["le parti national", "les partis nationaux"]
    assert names(said("cy", *french), "nationaux") == ["les partis nationaux"]


@pytest.mark.parametrize("text", ["ceasefire", "CEASEFIRE", "cease-fire", "cease\u2010fire", "cease-fi"])
@pytest.mark.parametrize("written", ["Ceasefire now", "a cease-fire", "the cease fire"])
def test_a_compound_is_found_in_one_word_or_two(text: str, written: str) -> None:
    assert names(named(written), text) == [written]


def test_an_unfinished_word_finds_its_completions() -> None:
    assert named("the counter-terrorism unit").names(expression("counterterr"), 5) == {
        "the counter-terrorism unit": False
    }


def test_a_short_word_is_not_split_in_two() -> None:
    assert not names(named("a man aged forty"), "manage")


@pytest.mark.parametrize(
    "text", ["l'armée", "foto's", "Straße", "Jerusalems", "война", "المحادثات", "平和", "O’Brien’s"]
)
def test_a_word_of_any_language_is_found_as_it_is_written(text: str) -> None:
    assert names(named(f"x {text}, y"), text) == [f"x {text}, y"]


ARCY = ["d'arcy", "d’arcy", "Dʼarcy", "d‘arcy", "d′arcy", "dʻarcy", "d´arcy", "d`arcy", "D＇ARCY", "arcy", '"dʼarcy"']
COOP = ["co-op", "co‐op", "co‑op", "co–op", "co—op", "co−op", "co－op", '"co–op"']
LETTERS = {
    **dict.fromkeys(("D'arcy left", "D’arcy left", "Dʼarcy left", "Dʻarcy left", "D′arcy left"), ARCY),
    **dict.fromkeys(("the co-op", "the co‑op", "the co–op", "the co－op"), COOP),
    "ferry": ["fer\xadry", "fer\u200bry", "\ufeffferry", "fer\u2060ry", "ｆｅｒｒｙ", '"fer\xadry"'],
    "ｆｅｒｒｙ": ["ferry", "FERRY", "fer"],
    "oﬃce": ["office", "oﬃce", "OFFICE"],
    "office": ["oﬃce"],
    "pier ١٢": ["pier 12", "12", "１２"],
    "pier 12": ["١٢", "１２", "१२"],
    "Łukasz Wójcik": ["lukasz", "LUKASZ wojcik", "Łukasz", '"lukasz wojcik"', "luk"],
    "Søren Ågård": ["soren", "Søren", "soren agard"],
    "Lukasz Soren": ["Łukasz", "Søren", '"Łukasz Søren"'],
    "Đorđević": ["dordevic", "Đorđevic"],
    "Straße, Æon, Œuvre": ["strasse", "STRASSE", "aeon", "oeuvre"],
    "Þór, Guðrún, Iğdır": ["thor", "gudrun", "igdir"],
    "Strasse": ["Straße"],
    "ſchöne Ħaż-Żebbuġ": ["schone", "haz zebbug"],
    "东港区": ["东港区", "港区", "东港"],
    "مكتب الميناء": ["ميناء", "مكتب"],
}


@pytest.mark.parametrize(("written", "text"), [(label, text) for label, texts in LETTERS.items() for text in texts])
def test_letters_are_found_by_plain_ones_and_words_within_words(written: str, text: str) -> None:
    assert names(named(written, "something else"), text) == [written]


@pytest.mark.parametrize("written", ["12,400 tonnes", "12.400 tonnes", "12\u00a0400", "12\u202f400", "12 400", "12400"])
@pytest.mark.parametrize("text", ["12400", "12,400", "12.400", "12 400", "12\u00a0400", "12\u2009400", "12\u202f400"])
def test_a_number_is_found_however_its_thousands_are_parted(written: str, text: str) -> None:
    assert names(named(written, "124 and 00", "12.4"), text) == [written]


def test_digits_of_a_date_or_a_decimal_are_not_joined() -> None:
    assert not names(named("1240", "312400"), "12.40")
    assert names(named("in 2020 400 men"), "2020 400") == ["in 2020 400 men"]


@given(
    st.lists(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x52F), min_size=1), min_size=1, max_size=9)
)
def test_words_are_always_found_as_they_are_written(words: list[str]) -> None:
    text = " ".join(words)[:TEXT_LIMIT]
    assert names(named(text), text) == [text]


@pytest.mark.parametrize("text", ["ferryboat", "ferry\xadboat", "ferryb"])
def test_what_cannot_be_seen_parts_no_word_of_a_name(text: str) -> None:
    assert names(named("the ferry\xadboat"), text) == ["the ferryboat"]
    assert names(named("the ferry\u200bboat"), text) == ["the ferryboat"]


def test_every_word_has_to_be_there(search: Search) -> None:
    assert not found(search, "ferry xylophone")


def test_matches_are_marked(search: Search) -> None:
    hit = next(h for h in search.hits(SearchQuery(expression("ferry late")), first=0, size=5) if h.kind == "claim")
    assert f"{BEGIN}ferry{END}" in hit.label
    assert f"{BEGIN}late{END}" in hit.quotation


@pytest.mark.parametrize("facet", SEARCHED)
def test_facets_add_up(search: Search, facet: str) -> None:
    sought = SearchQuery(expression("the"))
    for value, count in search.facet(sought, facet):
        assert search.count(SearchQuery(sought.words, ((facet, value),))) == count > 0


def test_claims_are_selected_by_words(lists: ClaimIndex, search: Search) -> None:
    words = expression("ferry")
    claims = [h.iri for h in search.hits(SearchQuery(words, (("kind", "claim"),)), first=0, size=100)]
    selected = lists.claims(Selection("all", words=words), first=0, size=100)
    assert set(claims) == set(selected) != set()
    assert lists.count(Selection("all", words=words)) == len(claims)


def test_names_are_completed(search: Search) -> None:
    names = search.names(expression("harb"), 5)
    assert any("harbour" in name.lower() for name in names)
    assert len(names) <= 5


@given(st.text(max_size=600))
def test_any_text_is_harmless(search: Search, text: str) -> None:
    words = expression(text, vocabulary(search.database))
    if words:
        assert search.count(SearchQuery(words)) >= 0
        search.names(words, 3)


@pytest.mark.parametrize(
    "text", ["a AND", "NOT", "NEAR(a b, 3)", "label:x", "{label also}: x", "-a", "^a", 'a"', '"', "a*b", "(", "a OR b)"]
)
def test_operators_are_words(search: Search, text: str) -> None:
    words = expression(text)
    assert not words or search.count(SearchQuery(words)) >= 0
