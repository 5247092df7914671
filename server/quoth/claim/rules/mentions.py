"""The claims that a mention is in: those of its encoding in one of whose anchors its words lie.

As a query this compares each mention of a text with each of its anchors, which a sitting of a parliament has thousands
of. Here both are gone through in the order of the text.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

import pyoxigraph as ox

from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF, SCHEMA
from quoth.claim.model.triple_index import TripleIndex


class _Place(NamedTuple):
    """Words of a text, from one offset (in characters) to before another, and whose they are."""

    start: int
    end: int
    of: str


def mentioned_in(index: TripleIndex) -> Iterator[ox.Quad]:
    """``?mention quoth:mentionedIn ?claim``, some more than once; one without an encoding is of any of its text."""
    anchors, mentions = _anchors(index), _mentions(index)
    for text, places in mentions.items():
        ahead = sorted(anchors.get(text, ()), reverse=True)
        around: list[_Place] = []
        for mention in sorted(places):
            while ahead and ahead[-1].start <= mention.start:
                around.append(ahead.pop())
            around = [anchor for anchor in around if anchor.end > mention.start]
            for anchor in around:
                encodings = {*index.values(mention.of, QUOTH.encoding), *index.values(anchor.of, QUOTH.encoding)}
                if mention.end <= anchor.end and len(encodings) <= 1:
                    yield ox.Quad(ox.NamedNode(mention.of), QUOTH.mentionedIn, ox.NamedNode(anchor.of))


def _mentions(index: TripleIndex) -> dict[str, list[_Place]]:
    """The words of the mentions, by text."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for mention in index.subjects(RDF.type, QUOTH.Mention):
        for text in index.values(mention, OA.hasSource):
            places[text] += _words(index, mention, mention)
    return places


def _anchors(index: TripleIndex) -> dict[str, list[_Place]]:
    """The words of the anchors of claims, by text."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for claim in index.having(QUOTH.anchor):
        texts = [
            text
            for article in index.values(claim, PROV.wasQuotedFrom)
            for text in index.values(article, SCHEMA.encoding)
        ]
        for text, anchor in product(texts, index.values(claim, QUOTH.anchor)):
            places[text] += _words(index, anchor, claim)
    return places


def _words(index: TripleIndex, target: str, of: str) -> Iterable[_Place]:
    for selector in index.values(target, OA.hasSelector):
        start, end = index.number(selector, OA.start), index.number(selector, OA.end)
        if start is not None and end is not None:
            yield _Place(start, end, of)
