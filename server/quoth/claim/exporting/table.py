"""Quotations as a table (CSV, RFC 4180; UTF-8), which ``quoth import table`` reads again: a row for each claim.

Parts of one quotation have an omission between them; their offsets stand in their order, with spaces between.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from quoth.claim.exporting.quotations import Quotation, name
from quoth.claim.model import cells
from quoth.claim.model.claim_summary import Quote

OMISSION = " […] "
COLUMNS = (
    *("article", "id", "source", "own-voice", "act"),
    *("quotation", "prefix", "suffix", "start", "end"),
    *("cue", "cue-start", "cue-end", "mention", "mention-start", "mention-end"),
    *("headline", "url", "datePublished", "section", "encoder"),
)


def written(quotations: Iterable[Quotation]) -> Iterator[str]:
    """The table, line by line. A text that a spreadsheet would take for a formula has an apostrophe before it."""
    yield _line(dict(zip(COLUMNS, COLUMNS, strict=True)))
    for quotation in quotations:
        yield _line({key: cells.harmless(value) for key, value in _row(quotation).items()})


def _line(row: Mapping[str, str]) -> str:
    out = io.StringIO()
    csv.DictWriter(out, COLUMNS, restval="").writerow(row)
    return out.getvalue()


def _row(quotation: Quotation) -> dict[str, str]:
    one = quotation.words[0] if len(quotation.words) == 1 else None
    return {
        "article": name(quotation.article),
        "id": name(quotation.claim),
        "source": quotation.source,
        "own-voice": "yes" if quotation.own_voice else "",
        "act": quotation.act,
        "prefix": one.prefix if one else "",
        "suffix": one.suffix if one else "",
        **_places("quotation", "", quotation.words),
        **_places("cue", "cue-", quotation.cue),
        **_places("mention", "mention-", quotation.mention),
        **quotation.facts,
        "encoder": quotation.encoder_label,
    }


def _places(column: str, of: str, quotes: Sequence[Quote]) -> dict[str, str]:
    ends = [(q.start, q.end) for q in quotes]
    known = all(start is not None for start, _ in ends)
    return {
        column: OMISSION.join(quote.exact for quote in quotes),
        f"{of}start": " ".join(str(start) for start, _ in ends) if known else "",
        f"{of}end": " ".join(str(end) for _, end in ends) if known else "",
    }
