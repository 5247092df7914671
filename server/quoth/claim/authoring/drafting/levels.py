"""Levels within levels: an attribution in what another one reports (“Lind said that the pilots had warned of fog”)."""

from collections.abc import Iterator
from dataclasses import dataclass

from quoth.claim.authoring.drafting.attributions import Attribution, attributions
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tagger import Weights

_MARKS = frozenset('"“”„«»')


@dataclass(frozen=True)
class Level:
    """An attribution, and the one that reports it, if any."""

    attribution: Attribution
    within: Attribution | None = None


def with_inner(text: str, outer: Attribution, language: Language, model: Weights) -> Iterator[Level]:
    """The attribution, and then those in its content. Only what surely is one counts: a source before the cue that is
    neither I nor we, a verb that nearly always attributes, and no quotation marks around it, whose words are the
    speaker’s own."""
    yield Level(outer)
    for span in outer.content:
        if _MARKS & set(text[span.start : span.end]) or text[max(0, span.start - 2) : span.start].strip() in _MARKS:
            continue
        start = span.start + (len("that ") if text.startswith("that ", span.start) else 0)
        for inner in attributions(text, language, model, start, span.end):
            if inner.source and inner.sure and inner.source != outer.source and _speaks(text, inner, language):
                yield Level(inner, outer)


def _speaks(text: str, inner: Attribution, language: Language) -> bool:
    assert inner.source is not None
    if not inner.source < inner.cue < inner.content[0]:
        return False
    words = text[inner.source.start : inner.source.end].lower()
    return words not in language.rest["pronouns"] or words in language.rest["persons"]
