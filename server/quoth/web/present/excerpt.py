"""The sentence in which a claim's quotations stand.

The text of an article is its publisher's and in no release. Where the operator has it at hand (the setting ``texts``),
the page of a claim shows the sentence; elsewhere only what the anchor itself has, its prefix and suffix.
"""

import contextlib
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.claim.model.claim_summary import Quote
from quoth.errors import UsageError
from quoth.web.core.site import Site

LENGTH = 300
"""Code points of an excerpt, but for a longer quotation."""


@dataclass(frozen=True)
class Piece:
    """Words of a text, and the quotation that they are; None for those around it."""

    words: str
    quote: Quote | None = None


Excerpt = Sequence[Piece]
"""One or several quotations in the order of the text, and the words before, between and after them."""


def excerpts(site: Site, quotes: Sequence[Quote], sha256: str) -> list[Excerpt]:
    """The quotations of a claim within their sentences. ``sha256``: the recorded hash of the article's text.

    A text with another hash, or with other words at the offsets of a quotation, is left alone.
    """
    text = _text(site, sha256)
    if not text or not all(_is_at(quote, text) for quote in quotes):
        return [_with_selector(quote) for quote in quotes]
    return [*_within_sentences(text, quotes)]


def _text(site: Site, sha256: str) -> str:
    """The text with that hash; empty where the operator does not have it, or has changed it since the start."""
    with contextlib.suppress(UsageError):
        text = (site.texts and sha256 and site.texts.get(sha256)) or ""
        if hashlib.sha256(text.encode()).hexdigest() == sha256.lower():
            return text
    return ""


def _is_at(quote: Quote, text: str) -> bool:
    start, end = quote.start, quote.end
    return start is not None and end is not None and 0 <= start < end and text[start:end] == quote.exact


def _with_selector(quote: Quote) -> Excerpt:
    """A quotation between its prefix and its suffix, which are no whole sentence."""
    before, after = quote.prefix and f"… {quote.prefix.lstrip()}", quote.suffix and f"{quote.suffix.rstrip()} …"
    return [piece for piece in (Piece(before), Piece(quote.exact, quote), Piece(after)) if piece.words]


def _within_sentences(text: str, quotes: Sequence[Quote]) -> Iterator[Excerpt]:
    """The excerpts of a text with those quotations; those of one sentence share one if they are near each other."""
    # Only this needs the module, whose libraries take a third of a second to import.
    from quoth.claim.authoring.spans import sentences

    spans = sentences(text)
    groups: list[_Group] = []
    for quote in quotes:
        first, end = quote.start or 0, quote.end or 0
        begin = max((span.start for span in spans if span.start <= first), default=first)
        stop = min((span.end for span in spans if span.end >= end), default=end)
        near = groups and groups[-1].begin == begin and groups[-1].end <= first
        if near and end - groups[-1].first <= LENGTH:
            groups[-1] = _Group(begin, stop, [*groups[-1].quotes, quote])
        else:
            groups.append(_Group(begin, stop, [quote]))
    yield from (_pieces(text, group) for group in groups)


@dataclass(frozen=True)
class _Group:
    """Quotations of a sentence, or of several that one of them spans, which goes from ``begin`` to ``stop``."""

    begin: int
    stop: int
    quotes: Sequence[Quote]

    @property
    def first(self) -> int:
        return self.quotes[0].start or 0

    @property
    def end(self) -> int:
        return self.quotes[-1].end or 0


def _pieces(text: str, group: _Group) -> Excerpt:
    """The sentence of a group in pieces; of a long one, no more than LENGTH code points, in whole words."""
    before, after = text[group.begin : group.first], text[group.end : group.stop]
    room = max(0, LENGTH - (group.end - group.first))
    ahead = min(len(before), max(room // 2, room - len(after)))
    if len(before) > ahead:
        near = before[len(before) - ahead :]
        before = f"… {near.partition(' ')[2] or near}"
    if len(after) > room - ahead:
        near = after[: room - ahead]
        after = f"{near.rpartition(' ')[0] or near} …"
    pieces = [Piece(before)]
    for quote, following in itertools.zip_longest(group.quotes, group.quotes[1:]):
        pieces.append(Piece(quote.exact, quote))
        pieces.append(Piece(text[quote.end : following.start] if following else after))
    return [piece for piece in pieces if piece.words]
