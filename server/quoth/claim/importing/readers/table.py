"""Tables of quotations: CSV, TSV, and a sheet of a workbook (XLSX), one claim in each row.

The mapping says which column has what: ``[columns]`` source, quotation, act, article and others. Without it, a column
is what its name says. ``[acts]`` says which of our speech acts the words of a table stand for.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from quoth.claim.importing.article import Article, Misfit, Quote
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers import grouped, rows
from quoth.claim.importing.readers.grouped import Offsets, Record
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.claim.model import cells
from quoth.claim.model.ontology import concepts
from quoth.errors import UsageError

PLACES = tuple(f"{of}{end}" for of in ("", "cue-", "mention-") for end in ("start", "end"))
COLUMNS = (
    *("article", "id", "source", "own-voice", "act", "quotation", "prefix", "suffix", "cue", "mention", "encoder"),
    *PLACES,
)
FACTS = ("headline", "url", "datePublished", "section")
KEYS = {
    **dict.fromkeys((f"columns.{name}" for name in (*COLUMNS, *FACTS)), str),
    "acts.*": str,
    **dict.fromkeys(("files.texts", "files.delimiter", "files.sheet"), str),
}
OF_QUOTATIONS = "quotations"
"""The value of ``files.texts`` where the articles' texts are not at hand: their quotations are all of their text."""
_YES = ("true", "yes", "1", "x")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a table. See ``Reader.read``."""
    if not path.is_file():
        raise UsageError("it is no file", where=str(path), remedy="name a table: CSV, TSV or XLSX")
    delimiter = mapping.get("files.delimiter")
    if len(delimiter) > 1 or delimiter in ('"', "\n", "\r"):
        raise mapping.error("files.delimiter", f"{delimiter!r} is no delimiter", 'write one character, such as ";"')
    folder = mapping.get("files.texts")
    of_quotations = folder == OF_QUOTATIONS
    yield from grouped.articles(
        _records(path, rows.read(path, delimiter, mapping.get("files.sheet")), mapping),
        NamedTexts(path.parent / folder if folder and not of_quotations else texts),
        lambda encoder: mapping.of_creator(encoder, {"name": path.stem, "creator": encoder}),
        mapping.get("defaults.language", "en"),
        of_quotations=of_quotations,
        licence=mapping.get("defaults.text-licence"),
    )


def _records(path: Path, table: Iterator[rows.Row | Misfit], mapping: Mapping) -> Iterator[Record | Misfit]:
    header: list[str] | None = None
    columns: dict[str, int] = {}
    acts, ours = mapping.table("acts"), concepts("speechAct")
    for row in table:
        if isinstance(row, Misfit):
            yield row
        elif header is None:
            if any(cell.strip() for cell in row[1]):
                header = [cell.strip() for cell in row[1]]
                columns = _columns(path, header, mapping)
        elif any(cell.strip() for cell in row[1]):
            yield _record(row[0], _Cells(columns, row[1]), acts, ours)
    if header is None:
        raise UsageError("the table is empty", where=str(path), remedy="is it the file that you meant?")


def _columns(path: Path, header: Sequence[str], mapping: Mapping) -> dict[str, int]:
    """The place of each column that the table has. Raises UsageError where one is missing."""
    at: dict[str, int] = {}
    for name in (*COLUMNS, *FACTS):
        key = f"columns.{name}"
        column = mapping.get(key, name)
        if column in header:
            at[name] = header.index(column)
        elif key in mapping.values:
            remedy = f"it has {', '.join(header)[:500]}"
            raise mapping.error(key, f"{path} has no column {column!r}", remedy)
    if lacking := [name for name in ("article", "quotation") if name not in at]:
        remedy = f"say which it is: columns.{lacking[0]} in a mapping; there are {', '.join(header)[:500]}"
        raise UsageError(f"it has no column {lacking[0]}", where=f"{path}:1", remedy=remedy)
    return at


class _Cells:
    """The cells of a row by the names of their columns."""

    def __init__(self, columns: dict[str, int], row: Sequence[str]) -> None:
        self._columns, self._row = columns, row

    def raw(self, name: str) -> str:
        at = self._columns.get(name, len(self._row))
        return cells.original(self._row[at]) if at < len(self._row) else ""

    def __getitem__(self, name: str) -> str:
        return self.raw(name).strip()

    def offsets(self, of: str) -> Offsets:
        """The offsets of the parts of a quotation, a cue or a mention; none where they are no numbers."""
        starts, ends = (self[f"{of}{end}"].split() for end in ("start", "end"))
        if len(starts) != len(ends) or not all(n.isdecimal() and len(n) < 12 for n in (*starts, *ends)):
            return ()
        return tuple(zip(map(int, starts), map(int, ends), strict=True))


def _record(where: str, row: _Cells, acts: dict[str, str], ours: Sequence[str]) -> Record | Misfit:
    if empty := [name for name in ("article", "quotation") if not row[name]]:
        return Misfit("incomplete", where, f"the row has no {empty[0]}", "fill it in, or take the row out")
    act = acts.get(row["act"], row["act"])
    if act and act not in ours:
        remedy = "say under [acts] in the mapping which of ours it is, or leave the cell empty"
        return Misfit("unknown act", where, f"{act[:60]!r} is no speech act", remedy)
    return Record(
        where,
        row["article"],
        Quote(row.raw("quotation"), row.raw("prefix"), row.raw("suffix")),
        row["source"],
        row.raw("cue"),
        row.raw("mention"),
        act,
        row["id"],
        row["own-voice"].casefold() in _YES,
        tuple((name, row[name]) for name in FACTS if row[name]),
        row.offsets(""),
        row.offsets("cue-"),
        row.offsets("mention-"),
        row["encoder"],
    )
