"""Words of a paragraph: their sentences and quotations, and the particles that German puts behind its verbs."""

import pytest

from quoth.claim.authoring.drafting.language import language
from quoth.claim.authoring.drafting.tokens import CLOSES, INSIDE, OPENS, OUTSIDE, Tokens, tokens


def of(text: str, tag: str) -> Tokens:
    words = language(tag)
    assert words
    return tokens(text, 0, len(text), words)


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        # The verb with its particle is one word; the particle's place is that of the token before it.
        ("Sie teilte mit, er kam.", ["Sie", "mitteilte", "er", "kam", "."], ["Sie", "teilte mit", "er", "kam", "."]),
        ("Er teilte das Brot mit ihr.", ["Er", "teilte", "das", "Brot", "mit", "ihr", "."], None),
        ("Sie nahm es mit.", ["Sie", "nahm", "es", "mit", "."], None),
        ("Sie teilte. Er kam mit.", ["Sie", "teilte", ".", "Er", "kam", "mit", "."], None),
    ],
)
def test_a_particle_belongs_to_its_verb(text: str, words: list[str], places: list[str] | None) -> None:
    here = of(text, "de")
    assert here.words == words
    found = [text[start:end] for start, end in zip(here.starts, here.ends, strict=True)]
    assert found == (places or words)


def test_an_english_text_has_no_such_particles() -> None:
    assert of("He came mit.", "en").words == ["He", "came", "mit", "."]


@pytest.mark.parametrize("text", ["„Na“ da", "»Na« da", "«Na» da", '"Na" da', "“Na” da"])
def test_quotation_marks_of_any_kind_open_and_close(text: str) -> None:
    assert of(text, "de").quoted == [OPENS, INSIDE, CLOSES, OUTSIDE]


def test_a_short_form_ends_no_sentence() -> None:
    here = of("Gov. Tay left on Jan. 4. It rained.", "en")
    assert [word for word, first in zip(here.words, here.first, strict=True) if first] == ["Gov.", "It"]
