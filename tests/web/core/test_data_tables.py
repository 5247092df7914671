"""Tables as workbooks and as Parquet, opened by readers of others: openpyxl, pandas and pyarrow."""

import importlib.util
import io
import json
from collections.abc import Sequence
from zipfile import ZipFile

import openpyxl
import pandas
import pytest
from flask.testing import FlaskClient
from pyarrow import parquet

from quoth.errors import UsageError
from quoth.formats import PARQUET, XLSX, Format
from quoth.web.core import data_tables
from quoth.web.core.data_tables import DataTable

HOSTILE = [
    '=HYPERLINK("https://example.org/?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "https://example.org/",
    "file://host/share",
    "0012",
    "1e9",
    "<b>&amp;</b>",
    "bell \x07 and _x0041_",
    "'=1+1",
]


def table(rows: Sequence[Sequence[str]]) -> DataTable:
    columns = {"text": "anything", "start": "a number"}
    return DataTable("claims", columns, rows, {"address": "=1+1"}, "2026-11-29T10:00:00Z")


def test_a_formula_stays_a_text_in_a_workbook() -> None:
    written = data_tables.write(table([[text, "7"] for text in HOSTILE]), XLSX)
    rows = list(openpyxl.load_workbook(io.BytesIO(written))["claims"].iter_rows(min_row=2))
    assert [row[0].data_type for row in rows] == ["s"] * len(HOSTILE)
    assert [row[0].hyperlink for row in rows] == [None] * len(HOSTILE)
    # openpyxl leaves the escapes of control characters as ECMA-376 (§22.9.2.19) has them in the file.
    assert [row[0].value for row in rows if "bell" not in str(row[0].value)] == [h for h in HOSTILE if "bell" not in h]
    assert [(row[1].value, row[1].data_type) for row in rows] == [(7, "n")] * len(HOSTILE)
    with ZipFile(io.BytesIO(written)) as parts:
        texts = [parts.read(name) for name in parts.namelist()]
    assert not any(b"<f>" in text or b"<hyperlink" in text or b"externalLink" in text for text in texts)


def test_the_dictionary_is_a_second_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(data_tables.write(table([]), XLSX)))
    assert book.sheetnames == ["claims", "dictionary"]
    rows = [[cell.value for cell in row] for row in book["dictionary"].iter_rows()]
    assert rows[0] == ["address", "=1+1"]
    assert book["dictionary"]["B1"].data_type == "s"
    assert rows[-2:] == [["text", "anything"], ["start", "a number"]]


def test_parquet_has_texts_numbers_and_the_dictionary() -> None:
    written = data_tables.write(table([["=1+1", "7"], ["", ""]]), PARQUET)
    frame = pandas.read_parquet(io.BytesIO(written))
    assert frame["text"].iloc[0] == "=1+1"
    assert frame["text"].isna().tolist() == [False, True]
    assert frame["start"].iloc[0] == 7
    schema = parquet.read_schema(io.BytesIO(written))
    assert [str(field.type) for field in schema] == ["string", "int64"]
    assert schema.field("start").metadata[b"description"] == b"a number"
    assert schema.metadata[b"address"] == b"=1+1"


@pytest.mark.parametrize("format", data_tables.FORMATS, ids=lambda f: f.name)
def test_the_same_rows_give_the_same_bytes(format: Format) -> None:
    assert data_tables.write(table([["a", "1"]]), format) == data_tables.write(table([["a", "1"]]), format)


def test_a_long_text_is_cut_with_a_mark() -> None:
    written = data_tables.write(table([["x" * 40_000, "1"]]), XLSX)
    value = openpyxl.load_workbook(io.BytesIO(written))["claims"]["A2"].value
    assert (len(str(value)), str(value)[-2:]) == (data_tables.CELL_CHARACTERS, "x…")


def test_lines_of_json_end_where_every_reader_ends_them() -> None:
    row = {"text": "a\u2028b\u2029c\x85d\x0be\nf", "n": None}
    written = data_tables.json_lines([row, row]).decode()
    assert [json.loads(line) for line in written.splitlines()] == [row, row]


def test_too_many_rows_are_refused_with_a_remedy() -> None:
    data_tables.check(XLSX, data_tables.MOST_ROWS)
    with pytest.raises(UsageError, match="at most 20,000 rows, and these are 20,001") as refused:
        data_tables.check(XLSX, data_tables.MOST_ROWS + 1)
    assert "JSON Lines" in str(refused.value.remedy)


@pytest.mark.parametrize(("suffix", "library"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
@pytest.mark.parametrize("name", ["claims", "entities"])
def test_without_the_library_one_line_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str, suffix: str, library: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda known: None if known == library else find(known))
    answer = client.get(f"/{name}.{suffix}")
    assert answer.status_code == 501
    problem = answer.get_json(force=True)
    assert library in problem["detail"]
    assert "quoth[tables]" in problem["remedy"]
    # A page leads to what there is.
    page = client.get(f"/{name}", headers={"Accept": "text/html"}).text
    assert f"{name}.{suffix}" not in page
    assert f"{name}.csv" in page
