"""The attributions of a text: which cue, source and content belong together."""

from collections.abc import Iterator
from dataclasses import dataclass

from quoth.claim.authoring.drafting import tagger
from quoth.claim.authoring.drafting.features import Words, features
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tagger import CUE, TAGS, Weights
from quoth.claim.authoring.drafting.tokens import Tokens, paragraphs, tokens
from quoth.claim.authoring.drafting.word_order import corrected
from quoth.claim.authoring.spans import Span

CUE_BIAS = 60
"""In favour of cues (tagger.SCALE): the model is learned from annotators who leave many out that others mark."""

_FOLLOWING = 12
_NO_BEGINNING = (".", ",", ";", ":", "?", "!", ")", "”", "»")
_BREAK = (".", "!", "?", ";")


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


@dataclass(frozen=True)
class _Chunk:
    """Tokens in a row with one tag: the numbers of the first and of the one after the last."""

    tag: str
    first: int
    end: int


def attributions(
    text: str, language: Language, model: Weights, start: int = 0, end: int | None = None
) -> list[Attribution]:
    """The attributions of a text, or of a part of it, in the order of their cues."""
    found: list[Attribution] = []
    for begin, stop in paragraphs(text[start:end]):
        here = tokens(text, start + begin, start + stop, language)
        words = Words(here, language, model)
        tags = corrected(here, words, tagger.tag(features(here, words), model, CUE_BIAS), language)
        found += _linked(here, words, _chunks(here, tags))
    return found


def _chunks(here: Tokens, tags: list[int]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    first = 0
    for i in range(1, len(tags) + 1):
        if i == len(tags) or tags[i] != tags[first]:
            if TAGS[tags[first]] != "O":
                chunks.append(_Chunk(TAGS[tags[first]], first, i))
            first = i
    return chunks


def _linked(here: Tokens, words: Words, chunks: list[_Chunk]) -> Iterator[Attribution]:
    """What stands before its cue belongs to the next one, what stands behind it to the last one. A cue without a source
    of its own has that of the cue before it in the sentence: “she announced … and said …”."""
    cues = [n for n, chunk in enumerate(chunks) if chunk.tag == TAGS[CUE]]
    before: _Chunk | None = None
    for number, n in enumerate(cues):
        cue = chunks[n]
        behind = chunks[n + 1 : cues[number + 1] if number + 1 < len(cues) else len(chunks)]
        ahead = chunks[(cues[number - 1] + 1 if number else 0) : n]
        content = [c for c in ahead if c.tag == "C<"] + [c for c in behind if c.tag == "C>"]
        source = next((c for c in behind if c.tag == "S>"), None) or next(
            (c for c in reversed(ahead) if c.tag == "S<"), None
        )
        if source is None and before and here.sentences[before.first] == here.sentences[cue.first]:
            source = before
        before = source
        content = content or _rest(here, chunks, n) or _front(here, chunks, n)
        if content:
            yield Attribution(
                _span(here, cue),
                _span(here, source) if source else None,
                tuple(_span(here, c) for c in content),
                tuple(words.small[cue.first : cue.end]),
                tuple(words.small[cue.end : cue.end + _FOLLOWING]),
                "h" in words.grades[cue.first : cue.end],
            )


def _rest(here: Tokens, chunks: list[_Chunk], n: int) -> list[_Chunk]:
    """What follows a cue in its sentence, where nothing else is its content."""
    first = chunks[n].end
    limit = chunks[n + 1].first if n + 1 < len(chunks) else len(here)
    end = first
    while end < limit and here.sentences[end] == here.sentences[chunks[n].first] and here.words[end] not in _BREAK:
        end += 1
    return [_Chunk("C>", first, end)] if end > first else []


def _front(here: Tokens, chunks: list[_Chunk], n: int) -> list[_Chunk]:
    """What stands before a cue, and before its source, in its sentence, where nothing else is its content."""
    end = chunks[n].first
    while n and chunks[n - 1].tag == "S<" and chunks[n - 1].end == end:
        n, end = n - 1, chunks[n - 1].first
    first = max(here.sentences.index(here.sentences[chunks[n].first]), chunks[n - 1].end if n else 0)
    return [_Chunk("C<", first, end)] if end > first + 1 else []


def _span(here: Tokens, chunk: _Chunk) -> Span:
    """The place of a chunk, without marks that cannot begin it, and commas that cannot end it."""
    first, end = chunk.first, chunk.end
    while first < end - 1 and here.words[first] in _NO_BEGINNING:
        first += 1
    while end > first + 1 and here.words[end - 1] in (",", ":"):
        end -= 1
    return Span(here.starts[first], here.ends[end - 1])
