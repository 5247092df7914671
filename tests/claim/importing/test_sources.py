"""Sources of one article, told apart and together by each rule; names, which a person says are an entity."""

from dataclasses import replace
from pathlib import Path

import pytest

from quoth.claim.authoring.drafting.language import language
from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Span
from quoth.claim.importing.names import Names
from quoth.claim.importing.sources import RULES, Rule, Sources, is_name
from quoth.errors import UsageError

from .examples import ALL, ann, article, brat, corpus, imported

LABELS = ("Mara Lind", "Lind", "the mayor", "The Mayor", "Mayor", "he", "He", "Gov. Lind", "an official")
TOGETHER: dict[Rule, list[set[str]]] = {
    "words": [{"Mara Lind"}, {"Lind", "Gov. Lind"}, {"the mayor", "The Mayor", "Mayor"}, {"an official"}],
    "surname": [{"Mara Lind", "Lind", "Gov. Lind"}, {"the mayor", "The Mayor", "Mayor"}, {"an official"}],
    "apart": [{label} for label in LABELS],
}


def by(*labels: str | Agent, entities: tuple[Agent, ...] = ()) -> Article:
    """An article with an attribution to each."""
    agents = (Agent(each) if isinstance(each, str) else each for each in labels)
    said = (Attribution(f"a{n}", "in:1", (Span(0, 3),), agent) for n, agent in enumerate(agents))
    return article(*said, entities=entities)


def ids(of: Article, rule: Rule, names: dict[str, str] | None = None) -> list[str]:
    sources = Sources(of, rule, (names or {}).get)
    return [sources.id(a.source, a.id, str(n)) for n, a in enumerate(of.attributions) if a.source]


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_tells_apart_and_together_what_it_says(rule: Rule) -> None:
    groups: dict[str, set[str]] = {}
    for label, id in zip(LABELS, ids(by(*LABELS), rule), strict=True):
        groups.setdefault(id, set()).add(label)
    expected = [{"he"}, {"He"}, *TOGETHER[rule]] if rule != "apart" else TOGETHER[rule]
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, expected))


def test_a_surname_of_two_people_is_nobody_of_them() -> None:
    one, other, short = ids(by("Mara Lind", "Otto Lind", "Lind"), "surname")
    assert len({one, other, short}) == 3


def test_a_source_is_called_by_its_full_name_wherever_that_stands() -> None:
    sources = Sources(by("Lind", "Mara Lind"), "surname", lambda _: None)
    assert {sources.id(Agent("Lind")), sources.id(Agent("Mara Lind"))} == {"mara-lind"}
    assert sources.described["mara-lind"].label == "Mara Lind"


@pytest.mark.parametrize(
    ("labels", "number"),
    [
        (("Mara Lind", "the Ilvin Gov. Mara Lind", "Ms. Lind", "Lind’s"), 1),  # titles, and the ending of possession
        (("Mara Lind", "Mara J. Lind"), 1),  # a middle name
        (("Mr. Lind", "Mr Lind", "the Mrs. Lind", "Ms. Lind’s", "Mara Lind", "Lind"), 5),  # a title that tells apart
        (("everybody", "everybody"), 2),  # pronouns
        (("the former president", "the president"), 2),  # a title without a name
        (("the Democratic Party", "the Republican Party"), 2),
        (("the pilots", "the pilots’", "Pilots"), 1),
    ],
)
def test_the_kinds_of_words_by_which_people_are_called(labels: tuple[str, ...], number: int) -> None:
    assert len(set(ids(by(*labels), "surname"))) == number


def test_the_words_are_those_of_the_language_of_the_article() -> None:
    said = by("der Lotse", "Lotse", "jemand", "jemand", "Herr Tay", "Tay")
    assert len(set(ids(replace(said, language="de"), "words"))) == 4
    assert len(set(ids(replace(said, language="fr"), "words"))) == 5


def test_a_person_s_word_about_a_name_holds_for_its_surname_too() -> None:
    assert ids(by("Lind", "Mara Lind"), "surname", {"Mara Lind": "id/person/lind"}) == ["id/person/lind"] * 2


def test_the_label_of_a_declared_entity_means_it() -> None:
    star = Agent("The Evening Star", "id/org/star", "Organization")
    assert ids(by("the Evening Star", "Star", entities=(star,)), "words") == ["id/org/star", "star"]


def test_unnamed_sources_and_pronouns_are_nobody_in_particular_but_one_place_is_one_source() -> None:
    sources = Sources(by(), "words", lambda _: None)
    he = [sources.id(Agent("he"), attribution, at) for attribution, at in (("a1", "7"), ("a2", "7"), ("a3", "99"))]
    assert he == ["he-a1", "he-a1", "he-a3"]
    assert sources.id(UNNAMED, "a4") != sources.id(UNNAMED, "a5")
    assert [agent.label for agent in sources.described.values()][:2] == ["he (1)", "he (2)"]


def test_another_encoding_means_the_same_sources_by_the_same_words_and_places() -> None:
    first = Sources(by(), "words", lambda _: None)
    told = [first.id(Agent("the mayor"), "a1", "3"), first.id(Agent("he"), "a2", "7")]
    second = Sources(by(), "words", lambda _: None, first)
    assert [second.id(Agent("The Mayor"), "b1", "9"), second.id(Agent("he"), "b2", "7")] == told
    assert not second.described
    assert second.id(Agent("he"), "b3", "99") == "he-b3"
    assert second.described["he-b3"].label == "he (2)"


def test_ids_stay_where_another_source_comes_before() -> None:
    # None of these has a Latin letter, and the last two have the same slug.
    labels = ("Лінд", "市長", "C++", "C#")
    before = dict(zip(labels, ids(by(*labels), "words"), strict=True))
    assert len(set(before.values())) == 4
    more = ("Новий", *labels)
    after = dict(zip(more, ids(by(*more), "words"), strict=True))
    assert before.items() <= after.items()


@pytest.mark.parametrize(
    ("label", "is_one"),
    [("Mara Lind", True), ("Gov. Mara Lind", True), ("Lind", False), ("the Harbour Office", False), ("a b", False)],
)
def test_a_name_of_a_person_has_two_to_four_words_with_capitals(label: str, is_one: bool) -> None:
    english = language("en")
    assert english
    assert is_name(label, english) == is_one


def test_names_are_proposed_and_become_entities_only_by_a_person_s_word(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    source = brat(tmp_path / "in", ann(*ALL))
    imported(to, source)
    table = to / "names.tsv"
    assert table.read_text("utf-8") == "name\tarticles\tclaims\tentity\nMara Lind\t1\t1\t\n"
    document = (to / "articles" / "ferry.yaml").read_text("utf-8")
    assert "id/person" not in document.partition("sources:")[2]
    table.write_text("name\tarticles\tclaims\tentity\nMara Lind\t1\t1\tid/person/lind\n", "utf-8")
    outcome = imported(to, source)
    # All claims of hers, by her surname and as an outer level too.
    assert outcome.claims == {"updated": 3, "unchanged": 2}
    assert (to / "articles" / "ferry.yaml").read_text("utf-8").count('source: "id/person/lind"') == 3
    assert table.read_text("utf-8").endswith("Mara Lind\t1\t1\tid/person/lind\n")


def test_the_names_of_an_earlier_import_stay(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    (to / "names.tsv").write_text("Otto Berg\t9\t12\tid/person/berg\n", "utf-8")
    imported(to, brat(tmp_path / "in", ann(*ALL)))
    rows = (to / "names.tsv").read_text("utf-8").splitlines()
    assert rows[1:] == ["Otto Berg\t9\t12\tid/person/berg", "Mara Lind\t1\t1\t"]


@pytest.mark.parametrize("row", ["Lind", "Lind\t1\t1\tLind", "Lind\tx\t1\t", "a\t1\t1\tid/person/../x", "a\t1\t1\t\t"])
def test_a_broken_table_of_names_is_told_with_its_line(row: str, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(f"name\tarticles\tclaims\tentity\n{row}\n", "utf-8")
    with pytest.raises(UsageError, match=r"names\.tsv:2"):
        Names(tmp_path)
