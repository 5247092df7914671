"""The attributions of a text: which cue, source and content belong together."""

from collections.abc import Iterator
from dataclasses import dataclass

from quoth.claim.authoring.drafting import tagger
from quoth.claim.authoring.drafting.chunks import Chunk, chunks, span, unmarked, whole_quotations
from quoth.claim.authoring.drafting.features import Words, features
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tagger import CUE, TAGS, Weights
from quoth.claim.authoring.drafting.tokens import Tokens, paragraphs, tokens
from quoth.claim.authoring.drafting.word_order import corrected
from quoth.claim.authoring.spans import Span

CUE_BIAS = 60
"""In favour of cues (tagger.SCALE): the model is learned from annotators who leave many out that others mark."""

_FOLLOWING = 12


@dataclass(frozen=True)
class Attribution:
    """The words that attribute, those of the source, if any, and those of what is said, in the order of the text.

    ``terms`` are the words of the cue and ``following`` some after them, in small letters, glossed if need be; ``sure``
    says whether a word of the cue nearly always attributes."""

    cue: Span
    source: Span | None
    content: tuple[Span, ...]
    terms: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    sure: bool = False


def attributions(
    text: str, language: Language, model: Weights, start: int = 0, end: int | None = None
) -> list[Attribution]:
    """The attributions of a text, or of a part of it, in the order of their cues."""
    found: list[Attribution] = []
    for begin, stop in paragraphs(text[start:end]):
        here = tokens(text, start + begin, start + stop, language)
        words = Words(here, language, model.grades)
        tags = corrected(here, words, tagger.tag(features(here, words), model, CUE_BIAS), language)
        found += _linked(here, words, chunks(tags))
    return found


def _linked(here: Tokens, words: Words, parts: list[Chunk]) -> Iterator[Attribution]:
    """Spans joined to cues: what stands before its cue belongs to the next one, what stands behind it to the last one.

    A cue without a source of its own has that of the cue before it in the sentence: “she announced … and said …”."""
    cues = [n for n, chunk in enumerate(parts) if chunk.tag == TAGS[CUE]]
    taken = {i for part in parts if part.tag[0] != "C" for i in range(part.first, part.end)}
    before: Chunk | None = None
    for number, n in enumerate(cues):
        cue = parts[n]
        behind = parts[n + 1 : cues[number + 1] if number + 1 < len(cues) else len(parts)]
        ahead = parts[(cues[number - 1] + 1 if number else 0) : n]
        own = "C<" if number else "C"  # before the first cue nothing can belong to another
        content = [c for c in ahead if c.tag.startswith(own)] + [c for c in behind if c.tag == "C>"]
        source = next((c for c in behind if c.tag == "S>"), None) or next(
            (c for c in reversed(ahead) if c.tag == "S<"), None
        )
        if source is None and before and here.sentences[before.first] == here.sentences[cue.first]:
            source = before
        before = source
        content = whole_quotations(here, content or unmarked(here, parts, n), taken)
        if content:
            yield Attribution(
                span(here, cue),
                span(here, source) if source else None,
                tuple(span(here, c) for c in content),
                tuple(words.small[cue.first : cue.end]),
                tuple(words.small[cue.end : cue.end + _FOLLOWING]),
                "h" in words.grades[cue.first : cue.end],
            )
