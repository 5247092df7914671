"""Titles, articles and surnames, by the lists of a language."""

import pytest

from quoth.claim.authoring.drafting.language import WITHOUT_LISTS, language
from quoth.claim.authoring.drafting.naming import by_surname, without_article, without_possessive, without_titles


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Gov. Mara Lind", "Mara Lind"),
        ("Former Ilvin Harbour Secretary Mara Lind", "Mara Lind"),
        ("mill spokesman Orrin Tay", "Orrin Tay"),
        ("Captain van Berg", "van Berg"),
        ("Ola Berg Jr.", "Ola Berg"),
        # No names of one person, or of nobody.
        ("former president", "former president"),
        ("Democratic Party", "Democratic Party"),
        ("advisers to Mr. Lind", "advisers to Mr. Lind"),
        ("Mr. Tay and Mr. Lind", "Mr. Tay and Mr. Lind"),
        ("Tay, Mr. Lind", "Tay, Mr. Lind"),
        ("Tay’s captain Lind", "Tay’s captain Lind"),
        ("President", "President"),
        ("Madam Secretary General", "Madam Secretary General"),
    ],
)
def test_titles_before_a_name(words: str, name: str) -> None:
    english = language("en")
    assert english
    assert without_titles(words, english) == name


def test_each_language_has_its_own_titles_and_articles() -> None:
    german = language("de")
    assert german
    assert without_titles(without_article("der Abg. Orrin Tay", german), german) == "Orrin Tay"
    assert without_titles(without_article("le Dr. Orrin Tay", WITHOUT_LISTS), WITHOUT_LISTS) == "le Dr. Orrin Tay"


def test_the_ending_of_possession() -> None:
    assert [without_possessive(words) for words in ("Lind’s", "the pilots'", "Lind")] == ["Lind", "the pilots", "Lind"]


@pytest.mark.parametrize(
    ("names", "lind"),
    [
        (("Mara Lind",), "Mara Lind"),
        (("Mara Lind", "Mara J. Lind"), "Mara Lind"),
        (("Billionaire Mara Lind", "Mara Lind"), "Mara Lind"),
        (("Mara Lind", "Otto Lind"), None),
        (("Mara Lind", "Mara J. Lind", "Mara K. Lind"), None),
        (("Tay, Mara Lind", "Mara Lind"), None),
        (("Tay’s Mara Lind", "Mara Lind"), None),
        (("Lind",), None),
    ],
)
def test_a_surname_means_one_person_or_nobody(names: tuple[str, ...], lind: str | None) -> None:
    assert by_surname(names).get("Lind") == lind
