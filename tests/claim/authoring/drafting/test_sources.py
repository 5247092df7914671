"""Whom the words of a text mean: names once, descriptions, pronouns, entities of the corpus."""

from pathlib import Path

import pytest

from quoth.claim.authoring.drafting.known_entities import known_entities
from quoth.claim.authoring.drafting.language import language
from quoth.claim.authoring.drafting.sources import Sources
from quoth.claim.authoring.spans import Span


def resolved(
    text: str, *mentions: str, tag: str = "en", known: dict[str, str] | None = None
) -> tuple[list[str], Sources]:
    """The ids that mentions mean, each looked for behind the one before."""
    words = language(tag)
    assert words
    sources = Sources(text, words, known or {})
    ids, at = [], 0
    for mention in mentions:
        at = text.index(mention, at)
        ids.append(sources.resolve(Span(at, at + len(mention))))
        at += len(mention)
    return ids, sources


def test_a_name_is_declared_once() -> None:
    text = "Mara Lind spoke. Lind said so. Ms. Lind said so. The office’s director, Mara Lind, said so."
    ids, sources = resolved(text, "Mara Lind", "Lind", "Ms. Lind", "The office’s director, Mara Lind,")
    assert ids == ["id/person/mara-lind"] * 4
    assert [(named.types, named.label) for named in sources.declared.values()] == [(("Person",), "Mara Lind")]


def test_a_last_name_of_two_people_is_neither() -> None:
    ids, _ = resolved("Mara Lind and Olaf Lind came. Lind said so.", "Mara Lind", "Olaf Lind", "Lind")
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("mention", "declared", "types"),
    [
        ("the Harbour Office", "id/org/harbour-office", ("Organization",)),
        ("FBI", "id/org/fbi", ("Organization",)),
        ("Gov. Tay", "id/person/tay", ("Person",)),
        ("Velm Salt", "velm-salt", ("Source", "Agent")),
        ("officials", "officials", ("AnonymousSource", "Group")),
        ("a spokesman for the mill", "spokesman-for-mill", ("AnonymousSource", "Agent")),
        ("the mayor", "mayor", ("Source", "Agent")),
        ("the report", "report", ("Source", "Document")),
        ("a survey of sailors", "survey-of-sailors", ("Source", "Document")),
        ("Mr. Tay’s", "id/person/tay", ("Person",)),
        ("Many Sailors", "many-sailors", ("AnonymousSource", "Group")),
        ("officials who", "officials", ("AnonymousSource", "Group")),
    ],
)
def test_what_the_words_say_of_a_source(mention: str, declared: str, types: tuple[str, ...]) -> None:
    [found], sources = resolved(f"It was late, {mention} said.", mention)
    assert (found, sources.declared[found].types) == (declared, types)


def test_descriptions_that_need_not_mean_the_same_are_others() -> None:
    text = "Officials said so. The mayor said so. Officials said so. The mayor said so."
    ids, _ = resolved(text, "Officials", "The mayor", "Officials", "The mayor")
    assert ids == ["officials", "mayor", "officials-2", "mayor"]


def test_a_pronoun_is_the_person_who_spoke_last() -> None:
    text = "Mara Lind said so. She said more. The mill said so. He said more. They said so."
    ids, _ = resolved(text, "Mara Lind", "She", "The mill", "He", "They")
    assert ids == ["id/person/mara-lind", "id/person/mara-lind", "mill", "", ""]


def test_an_entity_of_the_corpus_is_named_by_its_id(tmp_path: Path) -> None:
    (tmp_path / "entities.yaml").write_text(
        "entities:\n"
        "  - {id: id/person/lind-1, type: Person, label: Mara Lind, altLabel: [Director Lind]}\n"
        "  - {id: id/org/a, type: Organization, label: the Guild}\n"
        "  - {id: id/org/b, type: Organization, label: the Guild}\n",
        "utf-8",
    )
    (tmp_path / "a.yaml").write_text("id: id/article/a\nentities:\n  - {id: id/org/c, label: Mill}\n", "utf-8")
    (tmp_path / "broken.yaml").write_text("entities: [", "utf-8")
    known = known_entities([tmp_path])
    assert known == {"mara lind": "id/person/lind-1", "director lind": "id/person/lind-1"}
    ids, sources = resolved("Mara Lind said so. Lind said so.", "Mara Lind", "Lind", known=dict(known))
    assert (ids, sources.declared) == (["id/person/lind-1"] * 2, {})


def test_german_nouns_are_no_names() -> None:
    text = "Die Direktorin Mara Lind sagte das. Lind sagte das. Die Polizei sagte das. Er sagte das."
    ids, sources = resolved(text, "Die Direktorin Mara Lind", "Lind", "Die Polizei", tag="de")
    assert ids == ["id/person/mara-lind", "id/person/mara-lind", "polizei"]
    assert sources.declared["polizei"].types == ("Source", "Agent")
