"""Tables as JSON Lines, as Excel workbooks and as Parquet, these with a dictionary of their columns.

Every cell is a text or a whole number: nothing is a formula or a link, whatever it begins with. The same rows give the
same bytes. The libraries that write workbooks and Parquet are an extra, without which the server says so (501).
"""

import importlib.util
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quoth.errors import UsageError
from quoth.formats import PARQUET, XLSX, Format
from quoth.web.core.problem_details import HttpError
from quoth.web.core.site import Site

FORMATS = (XLSX, PARQUET)
MOST_ROWS = 20_000
"""Rows of one file, which is made in memory before it is sent."""
CELL_CHARACTERS = 32_767
"""Characters that a cell of a workbook may have (ECMA-376 leaves it open; Excel's limit). A longer text ends with …"""
NUMBERS = frozenset({"start", "end", "claims", "proposed"})
"""The columns of whole numbers; all others are texts."""
_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
_WRITERS = {XLSX: "xlsxwriter", PARQUET: "pyarrow"}


@dataclass(frozen=True)
class DataTable:
    """Rows of texts below ``columns``, a mapping of names to what is in them. ``facts`` say what the table is: its
    address, the release, the licence. ``created`` (xsd:dateTime): when the release was made, the only time in it."""

    name: str
    columns: Mapping[str, str]
    rows: Iterable[Sequence[str]]
    facts: Mapping[str, str]
    created: str


def is_available(format: Format) -> bool:
    """Whether the library is installed that writes this format; others need none."""
    return format not in _WRITERS or importlib.util.find_spec(_WRITERS[format]) is not None


def check(format: Format, total: int) -> None:
    """Raise HttpError (501) where the library is missing, UsageError for more than MOST_ROWS rows."""
    if not is_available(format):
        detail = f"this server writes no {format.title}: {_WRITERS[format]} is not installed"
        raise HttpError(
            501, "Not implemented", detail, "ask for CSV or JSON Lines; its operator installs quoth[tables]"
        )
    if total > MOST_ROWS:
        raise UsageError(
            f"a file in {format.title} has at most {MOST_ROWS:,} rows, and these are {total:,}",
            where="format",
            remedy="narrow them down, or ask for CSV or JSON Lines, which have every row",
        )


def facts_of(site: Site, address: str, total: int) -> dict[str, str]:
    """What a file says of itself: where its rows are from, how many there are, and under which licence."""
    facts = {
        "dataset": site.dataset_title,
        "address": address,
        "release": str(site.release.number),
        "published": site.release.manifest.created,
        "rows of the list": str(total),
        "licence": site.licence or "",
        "several values": "of one cell stand between “ | ”; a bar within a value is written ¦",
    }
    return {name: value for name, value in facts.items() if value}


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Objects as lines of JSON (https://jsonlines.org), which no reader of lines takes apart: characters that some take
    for the end of one are escaped."""
    return "".join(f"{json.dumps(row, ensure_ascii=False).translate(_ENDS)}\n" for row in rows).encode()


def write(table: DataTable, format: Format) -> bytes:
    """The bytes of a table in one of FORMATS."""
    return _xlsx(table) if format is XLSX else _parquet(table)


def _xlsx(table: DataTable) -> bytes:
    import xlsxwriter

    written = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, {**plain, "constant_memory": True}) as book:
        book.set_properties(
            {"title": table.name, "created": datetime.fromisoformat(table.created).replace(tzinfo=None)}
        )
        head, top = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet, dictionary = book.add_worksheet(table.name), book.add_worksheet("dictionary")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(table.rows, 1):
            for column, (name, cell) in enumerate(zip(table.columns, row, strict=True)):
                if name in NUMBERS and cell:
                    sheet.write_number(number, column, int(cell))
                elif cell:
                    sheet.write_string(number, column, _fitting(cell))
        sheet.autofilter(0, 0, sheet.dim_rowmax or 0, len(table.columns) - 1)
        dictionary.set_column(0, 0, 24)
        dictionary.set_column(1, 1, 100)
        told = [*table.facts.items(), ("", ""), ("column", "holds"), *table.columns.items()]
        for number, (name, words) in enumerate(told):
            dictionary.write_string(number, 0, name, head)
            dictionary.write_string(number, 1, _fitting(words), top)
    return written.getvalue()


def _fitting(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"


def _parquet(table: DataTable) -> bytes:
    import pyarrow
    from pyarrow import parquet

    def values(name: str, column: Sequence[str]) -> Any:
        if name in NUMBERS:
            return pyarrow.array([int(cell) if cell else None for cell in column], pyarrow.int64())
        return pyarrow.array([cell or None for cell in column], pyarrow.string())

    rows = list(table.rows)
    columns = zip(*rows, strict=True) if rows else ((),) * len(table.columns)
    arrays = [values(name, column) for name, column in zip(table.columns, columns, strict=True)]
    schema = pyarrow.schema(
        [
            pyarrow.field(name, array.type, metadata={"description": words})
            for (name, words), array in zip(table.columns.items(), arrays, strict=True)
        ],
        metadata={**table.facts},
    )
    written = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), written, compression="zstd")
    return written.getvalue()
