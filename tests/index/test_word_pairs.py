"""The index of pairs of words finds claims by some of their words in order, and no claims by common pairs."""

from quoth.index.claims import ClaimIndex
from quoth.index.word_pairs import claims_with, normal, pairs, ranked, words


def folded(text: str) -> list[str]:
    return [normal(word[0]) for word in words(text)]


def test_a_text_that_has_lost_a_word_has_most_of_its_pairs() -> None:
    whole, altered = {*pairs(folded("He’ll not raise the tax"))}, {*pairs(folded("HE'LL raise the TAX"))}
    assert len(whole) == 4
    assert len(whole & altered) == 2
    assert not {*pairs(folded("a to of in"))}


def test_claims_are_found_by_their_words(lists: ClaimIndex) -> None:
    asked = list(pairs(folded("It has never been late eleven times since January")))
    found = ranked(claims_with(lists, asked), asked)
    [(iri,)] = lists.select("SELECT iri FROM claim WHERE id = :id", id=found[0][1])
    assert iri.endswith("/harbour/late-eleven-times")
    assert found == sorted(found, key=lambda each: -each[0])


def test_a_common_pair_finds_nothing(lists: ClaimIndex) -> None:
    asked = list(pairs(folded("the ferry")))
    assert len(claims_with(lists, asked)[asked[0]]) > 3
    assert claims_with(lists, asked, common=2) == {}
