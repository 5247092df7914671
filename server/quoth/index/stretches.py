"""Where claims stand in the text of their article, and who says them: for the map of a long text."""

from dataclasses import dataclass

from quoth.index.claim_summaries import TABLE
from quoth.index.database import IndexDatabase
from quoth.index.selection import Selection

_FIRST, _LAST = "$[#-1][0][3]", "$[#-1][#-1][4]"
"""Where the text of a summary has the start of its first quotation and the end of its last: the quotations are the last
value there (ClaimSummary.to_json)."""


@dataclass(frozen=True)
class Stretch:
    """The words of a claim in its article, from ``start`` to ``end`` (code points; -1: unknown), and its innermost
    sources (IRIs); none: it is unclear who says it."""

    start: int
    end: int
    speakers: tuple[str, ...]


def stretches(index: IndexDatabase, selection: Selection) -> list[Stretch]:
    """Where the claims of a selection stand, in their order; none in a release without summaries, which have it."""
    if not index.select("SELECT 1 FROM sqlite_master WHERE name = :name", name=TABLE):
        return []
    source, values = selection.source(index.term, f"CROSS JOIN {TABLE} summary ON summary.claim = c.id")
    text = (
        f"SELECT coalesce(json_extract(summary.text, '{_FIRST}'), -1),"
        f" coalesce(json_extract(summary.text, '{_LAST}'), -1),"
        " (SELECT group_concat(term.iri, ' ') FROM credit JOIN term ON term.id = credit.source"
        f" WHERE credit.claim = c.id AND credit.innermost = 1) {source} ORDER BY chosen.claim"
    )
    rows = index.select(text, **values)
    return [Stretch(int(start), int(end), tuple(sorted((iris or "").split()))) for start, end, iris in rows]
