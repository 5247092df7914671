"""Where words stand in the text: an explicit cue and a warrant are in the sentence of what they belong to."""

import functools
import re
from bisect import bisect
from collections.abc import Iterable, Iterator

from quoth.claim.checking.sentence_ends import starts
from quoth.claim.model.coverage import Stretch
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import OA, QUOTH, RDF, SCOPE
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex

_QUOTED = re.compile("“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]|「[^「」]*」|『[^『』]*』")
_INNER_STOP = re.compile("[.!?…؟。！？](?!\\s?[”»“」』])")


class Sentences:
    """The sentences of a text (``sentence_ends``); those of a quotation belong to the one that reports it.

    >>> s = Sentences("Mr. Ito left. “We go. Now,” he said. Two stayed.")
    >>> [s.at(place) for place in (4, 15, 25, 40)]
    [0, 1, 1, 2]
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = list(starts(_QUOTED.sub(lambda quoted: _INNER_STOP.sub(",", quoted[0]), text)))

    def spans(self) -> list[Stretch]:
        """Where each sentence stands, without the space around it. A part without a letter or digit is none."""
        bounds = zip([0, *self._starts], [*self._starts, len(self._text)], strict=True)
        words = ((start, self._text[start:end]) for start, end in bounds)
        bare = ((start + len(w) - len(w.lstrip()), start + len(w.rstrip()), w) for start, w in words)
        return [Stretch(start, end) for start, end, w in bare if any(map(str.isalnum, w))]

    def at(self, place: int) -> int:
        """The number of the sentence in which that place is."""
        return bisect(self._starts, place)

    def having(self, words: str) -> set[int]:
        """The numbers of the sentences in which these words begin."""
        return {self.at(m.start()) for m in re.finditer(re.escape(words), self._text)}


@functools.lru_cache(64)
def sentences_of(text: str) -> Sentences:
    """The sentences of a text, for which several ask."""
    return Sentences(text)


def _at(index: TripleIndex, quotations: Iterable[str], sentences: Sentences) -> set[int]:
    selectors = (s for q in quotations for s in index.values(q, OA.hasSelector))
    bounds = ((index.number(s, OA.start), index.number(s, OA.end)) for s in selectors)
    return {n for a, b in bounds if a is not None and b for n in range(sentences.at(a), sentences.at(b - 1) + 1)}


def cue_elsewhere(index: TripleIndex, claim: str, levels: Iterable[str], sentences: Sentences) -> Iterator[Finding]:
    """A warning on each level that is explicit, with its cue in another sentence than the claim."""
    there = _at(index, index.values(claim, QUOTH.anchor), sentences)
    for level in levels:
        cues = _at(index, index.values(level, QUOTH.cue), sentences)
        if cues and there and index.value(level, QUOTH.scope) == SCOPE.explicit.value and not cues & there:
            message = "it is explicit, but the attributing words are in a different sentence from those of the claim"
            remedy = "set scope to inherited or ambiguous, or quote the words of the same sentence"
            yield Finding(message, "cue-elsewhere", "Warning", focus=level, path=QUOTH.cue.value, remedy=remedy)


def warrant_elsewhere(index: TripleIndex, source: str, warrant: str, sentences: Sentences) -> Iterator[Finding]:
    """A warning on a warrant in another sentence than every mention of its source."""
    mentions = [m for m in index.subjects(QUOTH.refersTo, source) if QUOTH.Mention.value in index.values(m, RDF.type)]
    there, here = _at(index, mentions, sentences), sentences.having(warrant)
    if there and here and not there & here:
        message = f"the warrant {excerpt(warrant)} is in a different sentence from every mention of its source"
        remedy = "quote the words that say how this source would know"
        yield Finding(message, "warrant-elsewhere", "Warning", focus=source, value=warrant, remedy=remedy)
