"""Tokens in a row with one tag, their places, and the contents that the tags leave out or cut off."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass

from quoth.claim.authoring.drafting.tagger import OUTSIDE, TAGS
from quoth.claim.authoring.drafting.tokens import CLOSES, INSIDE, OPENS, Tokens
from quoth.claim.authoring.spans import Span

_NO_BEGINNING = (".", ",", ";", ":", "?", "!", ")", "”", "»")
_NO_END = (",", ":")
_BREAK = (".", "!", "?", ";")
_CLAUSE = ("that", "dass", "“", "„", "»", "«", '"', "''")
_ADDRESSEE = 6
"""Tokens between a verb and the clause that it introduces: those to whom it is said."""


@dataclass(frozen=True)
class Chunk:
    """The tag of tokens in a row, the number of the first and that of the one after the last."""

    tag: str
    first: int
    end: int


def chunks(tags: Sequence[int]) -> list[Chunk]:
    """The chunks of a sequence of tags, without what is outside."""
    found: list[Chunk] = []
    first = 0
    for i in range(1, len(tags) + 1):
        if i == len(tags) or tags[i] != tags[first]:
            if tags[first] != OUTSIDE:
                found.append(Chunk(TAGS[tags[first]], first, i))
            first = i
    return found


def span(here: Tokens, chunk: Chunk) -> Span:
    """The place of a chunk, without marks that cannot begin it, and commas that cannot end it."""
    first, end = chunk.first, chunk.end
    while first < end - 1 and here.words[first] in _NO_BEGINNING and here.quoted[first] != OPENS:
        first += 1
    while end > first + 1 and here.words[end - 1] in _NO_END:
        end -= 1
    return Span(here.starts[first], here.ends[end - 1])


def unmarked(here: Tokens, parts: Sequence[Chunk], n: int) -> list[Chunk]:
    """The content of the cue ``parts[n]``, no token of which has the tag of one: what follows the cue in its sentence,
    else what stands before it and its source, else what follows its source."""
    number = here.sentences[parts[n].first]
    begin, end = bisect_left(here.sentences, number), bisect_right(here.sentences, number)
    while end > begin and here.words[end - 1] in _BREAK:
        end -= 1
    behind = next((part.first for part in parts[n + 1 :]), end)
    if found := _clause(here, parts[n].end, min(behind, end)):
        return found
    before, first = n, parts[n].first
    while before and parts[before - 1].tag == "S<" and parts[before - 1].end == first:
        before, first = before - 1, parts[before - 1].first
    begin = max(begin, parts[before - 1].end if before else 0)
    if first > begin + 1:
        return [Chunk("C<", begin, first)]
    if n + 1 < len(parts) and parts[n + 1].tag == "S>":
        behind = next((part.first for part in parts[n + 2 :]), end)
        return _clause(here, parts[n + 1].end, min(behind, end))
    return []


def _clause(here: Tokens, first: int, end: int) -> list[Chunk]:
    """The tokens from ``first`` on, or from the clause that soon begins there; none, if they have no word."""
    start = next((i for i in range(first, min(first + _ADDRESSEE, end)) if here.words[i] in _CLAUSE), first)
    return [Chunk("C>", start, end)] if any(word[0].isalnum() for word in here.words[start:end]) else []


def whole_quotations(here: Tokens, content: Sequence[Chunk], taken: Set[int]) -> list[Chunk]:
    """The chunks of a content, those within a quotation up to its marks, unless a token is on the way that is ``taken``
    by a cue or a source. Chunks that then meet are one."""
    whole: list[Chunk] = []
    for chunk in content:
        first, end = chunk.first, chunk.end
        while here.quoted[first] in (INSIDE, CLOSES) and first > 0 and first - 1 not in taken:
            first -= 1
        while here.quoted[end - 1] in (INSIDE, OPENS) and end < len(here) and end not in taken:
            end += 1
        closed = here.quoted[first] == OPENS and here.quoted[end - 1] == CLOSES
        chunk = Chunk(chunk.tag, first, end) if closed else chunk
        if whole and chunk.first <= whole[-1].end:
            chunk = Chunk(whole[-1].tag, whole.pop().first, max(end, chunk.end))
        whole.append(chunk)
    return whole
