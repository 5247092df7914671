"""Tables of quotations: CSV (RFC 4180), TSV, and the first sheet of a workbook (XLSX), one claim in each row.

The mapping says which column has what: ``[columns]`` source, quotation, act, article and others. Without it, a column
is what its name says. ``[acts]`` says which of our speech acts the words of a table stand for.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import Article, Misfit, Quote
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers import grouped
from quoth.claim.importing.readers.grouped import Record
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.claim.model.ontology import concepts
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

COLUMNS = ("article", "quotation", "source", "act", "cue", "mention", "prefix", "suffix", "id", "own-voice")
FACTS = ("headline", "url", "datePublished", "section")
KEYS = {
    **dict.fromkeys((f"columns.{name}" for name in (*COLUMNS, *FACTS)), str),
    "acts.*": str,
    "files.texts": str,
    "files.delimiter": str,
}
MAX_UNZIPPED_BYTES = 512 * 2**20
MAX_CELLS = 10_000_000
OF_QUOTATIONS = "quotations"
"""The value of ``files.texts`` where the articles' texts are not at hand: their quotations are all of their text."""


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a table. See ``Reader.read``."""
    rows = _workbook(path) if path.suffix.lower() == ".xlsx" else _separated(path, mapping.get("files.delimiter"))
    folder = mapping.get("files.texts")
    of_quotations = folder == OF_QUOTATIONS
    known = NamedTexts(path.parent / folder if folder and not of_quotations else texts)
    yield from grouped.articles(
        _records(path, rows, mapping),
        known,
        mapping.encoding({"name": path.stem}),
        mapping.get("defaults.language", "en"),
        of_quotations=of_quotations,
        licence=mapping.get("defaults.text-licence"),
    )


def _records(path: Path, rows: Iterable[tuple[int, list[str]]], mapping: Mapping) -> Iterator[Record | Misfit]:
    rows = iter(rows)
    _, header = next(rows, (1, []))
    place = {
        name: header.index(column)
        for name in (*COLUMNS, *FACTS)
        if (column := mapping.get(f"columns.{name}", name)) in header
    }
    for name in (*COLUMNS, *FACTS):
        key = f"columns.{name}"
        if key in mapping.values and name not in place:
            raise mapping.error(key, f"{path} has no column {mapping.get(key)!r}", f"it has {', '.join(header)}")
    if lacking := [name for name in ("article", "quotation") if name not in place]:
        remedy = f"say which it is: columns.{lacking[0]} in a mapping; there are {', '.join(header) or 'none'}"
        raise UsageError(f"it has no column {lacking[0]}", where=f"{path}:1", remedy=remedy)
    acts, ours = mapping.table("acts"), concepts("speechAct")
    for number, cells in rows:
        where = f"{path}:{number}"
        if not any(cell.strip() for cell in cells):
            continue
        value = {name: cells[at].strip() if at < len(cells) else "" for name, at in place.items()}
        if empty := [name for name in ("article", "quotation") if not value[name]]:
            yield Misfit("incomplete", where, f"the row has no {empty[0]}", "fill it in, or take the row out")
            continue
        act = acts.get(value.get("act", ""), value.get("act", ""))
        if act and act not in ours:
            yield Misfit(
                "unknown act", where, f"{act!r} is no speech act", "say under [acts] in the mapping which one it is"
            )
            continue
        quote = Quote(value["quotation"], value.get("prefix", ""), value.get("suffix", ""))
        facts = tuple((name, value[name]) for name in FACTS if value.get(name))
        names = (value.get(name, "") for name in ("source", "cue", "mention"))
        own = value.get("own-voice", "").casefold() in ("true", "yes", "1", "x")
        yield Record(where, value["article"], quote, *names, act, value.get("id", ""), own, facts)


def _separated(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with separated values, with the lines on which they end."""
    text = read_text(path, remedy="save it as UTF-8").removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = delimiter or max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        where = f"{path}:{rows.line_num}"
        raise UsageError(f"it is no table: {error}", where=where, remedy="check the quotation marks") from None


def _workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet of a workbook, with their numbers."""
    try:
        import openpyxl
    except ImportError:
        remedy = "pip install 'quoth[xlsx]', or save the sheet as CSV"
        raise UsageError(
            "workbooks are read by openpyxl, which is not installed", where=str(path), remedy=remedy
        ) from None
    check_file(path)
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(info.file_size for info in packed.infolist())
        if size > MAX_UNZIPPED_BYTES:
            detail = f"it has {size:,} bytes unzipped, and may have {MAX_UNZIPPED_BYTES:,}"
            raise UsageError(detail, where=str(path), remedy="save the sheet as CSV, in parts")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        cells = 0
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if (cells := cells + len(row)) > MAX_CELLS:
                raise UsageError(
                    f"it has more than {MAX_CELLS:,} cells", where=f"{path}:{number}", remedy="save it in parts"
                )
            yield number, [_cell(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise UsageError(
            f"it is no workbook: {error}", where=str(path), remedy="save it as XLSX or CSV again"
        ) from None


def _cell(value: Any) -> str:
    """A cell as text: a day without its time."""
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value)
