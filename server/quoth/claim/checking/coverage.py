"""The coverage of each article's text by the claims of each of its encodings."""

from collections import defaultdict
from collections.abc import Iterator

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.wording.sentences import sentences_of
from quoth.claim.model.coverage import Coverage, Sentence, Stretch, merged, percent
from quoth.claim.model.namespaces import QUOTH
from quoth.claim.model.triple_index import TripleIndex


def coverage(index: TripleIndex, texts: Texts | None) -> Iterator[Coverage]:
    """The coverage of each text that is recorded, by each encoding that has claims with their places in it."""
    quoted: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    for claim in index.having(QUOTH.anchor):
        for anchor in index.values(claim, QUOTH.anchor):
            place = anchors.anchor(index, anchor)
            if place.start is not None and place.end is not None:
                encoding = index.value(claim, QUOTH.encoding)
                quoted[place.text, encoding].append(Stretch(place.start, place.end))
    recorded = anchors.texts_of(index)
    for (iri, encoding), stretches in quoted.items():
        if record := recorded.get(iri):
            text = texts.get(record.sha256) if texts else None
            within = merged(s for s in stretches if 0 <= s.start < s.end <= record.length)
            sentences = sentences_of(text).spans() if text else []
            yield Coverage(
                record.article,
                encoding,
                percent(within, record.length) if record.length else 0,
                record.length,
                text is not None,
                record.sha256,
                len(sentences),
                tuple(bare(sentences, within)),
            )


def bare(sentences: list[Stretch], quoted: list[Stretch]) -> Iterator[Sentence]:
    """The sentences that none of the quoted stretches, which are merged, reaches."""
    left = iter(quoted)
    stretch = next(left, None)
    for number, (start, end) in enumerate(sentences, 1):
        while stretch and stretch.end <= start:
            stretch = next(left, None)
        if not stretch or stretch.start >= end:
            yield Sentence(number, start, end)
