"""The places of quotations in a text: every one verified, letter by letter, and cut into anchors that are short enough.

What is not verbatim in the text is refused with the nearest words of the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import MAX_WORDS, Anchor
from quoth.claim.checking.nearest_words import TextSearch
from quoth.claim.importing import nesting
from quoth.claim.importing.article import Article, Attribution, Located, Misfit, Place, Quote, Span
from quoth.claim.model.agreement import Marks
from quoth.claim.model.excerpts import excerpt

_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_CLAUSE_END = re.compile(r"[,;:–—][\"'”’»)\]]*$")


class UnplacedError(Exception):
    """Words that do not stand in the text; the finding says what does."""

    def __init__(self, kind: str, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.remedy = kind, detail, remedy

    def misfit(self, where: str) -> Misfit:
        return Misfit(self.kind, where, self.detail, self.remedy)


class Places:
    """The places of quotations in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._search = TextSearch(text)

    def spans(self, places: Iterable[Place]) -> list[Span]:
        """The stretches of the text where these words stand, in order, those that touch or overlap made one.

        Raises UnplacedError for words that the text does not have, or not in one place, and for a stretch outside of
        it."""
        spans = sorted(span for place in places for span in self._stripped(self._span(place)))
        merged: list[Span] = []
        for span in spans:
            if merged and not self.text[merged[-1].end : span.start].strip():
                merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
            else:
                merged.append(span)
        return merged

    def _span(self, place: Place) -> Span:
        match place:
            case Span(start, end):
                if not 0 <= start < end <= len(self.text):
                    detail = f"{start} to {end} is not within the text of {len(self.text)} characters"
                    raise UnplacedError("outside of the text", detail, "is it the text that was annotated, unchanged?")
                return place
            case Located(exact, start):
                span = Span(start, start + len(exact))
                if exact and self.text[start : span.end] == exact:
                    return span
                detail = f"at {start} the text has {excerpt(self.text[start : span.end])}, not {excerpt(exact)}"
                elsewhere = anchors.places(self.text, Anchor("", "", exact), 1)
                detail += f", which is at {elsewhere[0]}" if elsewhere else ""
                raise UnplacedError("not at its place", detail, "is it the text that was annotated, unchanged?")
            case Quote():
                return self._quoted(place)

    def _quoted(self, quote: Quote) -> Span:
        anchor = Anchor("", "", *quote)
        found = anchors.places(self.text, anchor, 2)
        if len(found) == 1:
            return Span(found[0], found[0] + len(quote.exact))
        if found:
            detail = f"the quotation {excerpt(quote.exact)} stands in the text more than once"
            raise UnplacedError("ambiguous", detail, "give the words before it as prefix, or those after it as suffix")
        finding = anchors.missing(anchor, self._search)
        raise UnplacedError("not verbatim", finding.message, finding.remedy or "")

    def _stripped(self, span: Span) -> Iterator[Span]:
        """The span without space at its ends; none where it has only that."""
        words = self.text[span.start : span.end]
        start, end = span.start + len(words) - len(words.lstrip()), span.start + len(words.rstrip())
        if start < end:
            yield Span(start, end)


@dataclass(frozen=True)
class Placed:
    """The attributions of an article whose words all stand in its text, and where: the words by id, the cues by
    ``id cue``, the mentions by ``id mention``."""

    article: Article
    attributions: Sequence[Attribution]
    spans: Mapping[str, Sequence[Span]]

    def marks(self) -> list[Marks]:
        """The attributions by their places, to be held against those of another encoding."""
        get = self.spans
        return [
            Marks(
                a.id,
                get[a.id],
                get[f"{a.id} cue"],
                get[f"{a.id} mention"],
                frozenset([a.source.id] if a.source else ()) - {""},
            )
            for a in self.attributions
        ]


def placed(article: Article, misfits: list[Misfit]) -> Placed:
    """The article with the places of its attributions; those that do not fit are told in ``misfits``."""
    places, kept, spans = Places(article.text), [], dict[str, Sequence[Span]]()
    for attribution in article.attributions:
        if attribution.id in spans:
            detail = f"a second attribution has the id {attribution.id}"
            misfits.append(Misfit("id used twice", attribution.where, detail, "give each an id of its own"))
            continue
        try:
            found = {
                attribution.id: places.spans(attribution.words),
                f"{attribution.id} cue": places.spans(attribution.cue),
                f"{attribution.id} mention": places.spans(attribution.mention),
            }
        except UnplacedError as error:
            misfits.append(error.misfit(attribution.where))
            continue
        spans |= found
        kept.append(attribution)
    left_out = dict(nesting.unreported(kept))
    misfits += left_out.values()
    return Placed(article, [a for a in kept if a.id not in left_out], spans)


def pieces(text: str, span: Span, most: int = MAX_WORDS) -> Iterator[Span]:
    """The span in pieces of at most ``most`` words: cut at the end of a sentence, else of a clause, else anywhere.

    >>> [text[p.start:p.end] for text in ["One two, three four five."] for p in pieces(text, Span(0, 25), 3)]
    ['One two,', 'three four five.']
    """
    words = [Span(m.start(), m.end()) for m in _WORD.finditer(text, span.start, span.end)]
    while len(words) > most:
        at = next(
            (
                n
                for ends in (_SENTENCE_END, _CLAUSE_END)
                for n in range(most, 0, -1)
                if len(words) - n <= most * ((len(words) - 1) // most)
                and ends.search(text[words[n - 1].start : words[n - 1].end])
            ),
            most,
        )
        yield Span(words[0].start, words[at - 1].end)
        words = words[at:]
    if words:
        yield Span(words[0].start, words[-1].end)
