"""The rows of tables: CSV (RFC 4180), TSV and other separated values, and a sheet of a workbook (XLSX).

No formula is evaluated: a workbook has the values that its program computed last.
"""

import csv
import datetime
import io
import itertools
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import Misfit
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

Row = tuple[str, list[str]]
"""Where a row is (file:line), and its cells."""

MAX_UNZIPPED_BYTES = 128 * 2**20
MAX_CELLS = 2_000_000
MAX_ROWS = 1_048_576
"""Rows that a sheet can have in Excel; a file may claim any number."""
MAX_FAULTS = 100
"""Rows that may be no rows: of a file with more, none is trusted."""
_OTHERS = (".xls", ".xlsb", ".ods", ".numbers")
_DELIMITERS = ",;\t|"


def read(path: Path, delimiter: str, sheet: str) -> Iterator[Row | Misfit]:
    """The rows of a table, the header first; ``delimiter`` and ``sheet`` are empty for the likely and the first one.

    Raises UsageError for what is no table, or a larger one than can be read."""
    check_file(path)
    if path.suffix.lower() in _OTHERS:
        detail = f"tables are not read from {path.suffix}"
        raise UsageError(detail, where=str(path), remedy="save it as XLSX, or as CSV (UTF-8)")
    if path.suffix.lower() == ".xlsx":
        yield from _workbook(path, sheet)
    else:
        yield from _separated(path, _text(path), delimiter)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(2)
    if begin in (b"\xff\xfe", b"\xfe\xff"):
        detail = "it is UTF-16, as Excel writes “Unicode text”"
        raise UsageError(detail, where=str(path), remedy="save it as CSV UTF-8")
    remedy = "it is likely Windows-1252, as Excel writes “CSV”: save it as CSV UTF-8"
    return read_text(path, remedy=remedy).removeprefix("\ufeff")


def _separated(path: Path, text: str, delimiter: str) -> Iterator[Row | Misfit]:
    lines = list(io.StringIO(text, newline=""))
    at = 0
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:  # a line for Excel alone
        delimiter, at = delimiter or lines[0][4], 1
    first = next((line for line in lines[at:] if line.strip()), "")
    delimiter = delimiter or max(_DELIMITERS, key=first.count)
    faults = 0
    while at < len(lines):
        rows = csv.reader(itertools.islice(lines, at, None), delimiter=delimiter, strict=True)
        end = 0
        try:
            for row in rows:
                yield f"{path}:{at + end + 1}", row
                end = rows.line_num
            return
        except csv.Error as error:
            # A row may have run to the end of the file: what is below its first line is read anew.
            at += end + 1
            where = f"{path}:{at}"
            if (faults := faults + 1) > MAX_FAULTS:
                detail = f"more than {MAX_FAULTS} rows are none"
                raise UsageError(detail, where=where, remedy="save the table as CSV (RFC 4180) again") from None
            yield Misfit("not a row", where, f"the row cannot be read: {error}", "check its quotation marks")


def _workbook(path: Path, sheet: str) -> list[Row]:
    try:
        import openpyxl
    except ImportError:
        detail = "workbooks are read by openpyxl, which is not installed"
        remedy = "pip install 'quoth[xlsx]', or save the sheet as CSV UTF-8"
        raise UsageError(detail, where=str(path), remedy=remedy) from None
    rows: list[Row] = []
    cells = 0
    try:
        with zipfile.ZipFile(path) as packed:
            # No more than that can come out of an entry: zipfile stops where the size that is named has been read.
            size = sum(info.file_size for info in packed.infolist())
        if size > MAX_UNZIPPED_BYTES:
            detail = f"it has {size:,} bytes unzipped, and may have {MAX_UNZIPPED_BYTES:,}"
            raise UsageError(detail, where=str(path), remedy="save the sheet as CSV UTF-8, in parts")
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and the like, which are of no interest
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            if sheet and sheet not in book.sheetnames:
                remedy = f"it has {', '.join(book.sheetnames)}"
                raise UsageError(f"it has no sheet {sheet!r}", where=str(path), remedy=remedy)
            chosen: Any = book[sheet] if sheet else book.worksheets[0]
            chosen.reset_dimensions()  # what a sheet says of its size need not be true
            for number, row in enumerate(chosen.iter_rows(values_only=True), 1):
                cells += len(row)
                if cells > MAX_CELLS or number > MAX_ROWS:
                    detail = f"it has more than {MAX_CELLS:,} cells or {MAX_ROWS:,} rows"
                    raise UsageError(detail, where=f"{path}:{number}", remedy="save it as CSV UTF-8, in parts")
                if row or number == 1:
                    rows.append((f"{path}:{number}", [_cell(value) for value in row]))
    except UsageError:
        raise
    except Exception as error:  # openpyxl says what is no workbook by any exception of Python and its libraries
        detail = f"it is no workbook: {str(error)[:200] or type(error).__name__}"
        raise UsageError(detail, where=str(path), remedy="save it as XLSX or CSV UTF-8 again") from None
    return rows


def _cell(value: object) -> str:
    """A cell as text: a day without its time, a whole number without a point."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
