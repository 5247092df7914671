"""Tables: CSV with what Excel does to it, workbooks, mappings; no formula is evaluated, no bomb is unpacked."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from quoth.claim.importing.readers import rows
from quoth.errors import UsageError

from .runs import ENCODING, run, words

TEXT = "“The ferry is late,” the harbour office said on Monday. Mara Lind said it was the fog, the office said.\n"
HEADER = "article,quotation,source,act,cue,id"
ROW = "ferry,The ferry is late,the harbour office,said,said,late"


def write(folder: Path, *lines: str, name: str = "claims.csv", encoding: str = "utf-8", end: str = "\n") -> Path:
    (folder / "ferry.txt").write_text(TEXT, "utf-8")
    (folder / name).write_bytes((end.join(lines) + end).encode(encoding))
    return folder / name


def test_each_row_is_a_claim_with_its_source_and_its_words(tmp_path: Path) -> None:
    found = run("table", write(tmp_path, HEADER, ROW, "ferry,it was the fog,,,said,", ",,,,,"))
    [late, fog] = found.article.attributions
    assert (late.id, late.source and late.source.label, late.speech_act) == ("late", "the harbour office", "said")
    assert words(found.article, late.words) == "The ferry is late"
    # The nearest of three occurrences of the cue.
    assert TEXT.index("said it was") == words_at(found.article.text, fog.cue)
    assert fog.source
    assert fog.source.type == "AnonymousSource"
    assert found.misfits == []


def words_at(text: str, places: object) -> int:
    from quoth.claim.importing.places import Places

    [span] = Places(text).spans(places)  # type: ignore[arg-type]
    return span.start


@pytest.mark.parametrize(
    ("quotation", "cue"),
    [
        ("Nobody was hurt […] nobody will be", "Mara Lind said"),
        ("nobody will be", "Mara Lind said"),
        ("The ferry is late", "the office said"),
    ],
)
def test_the_cue_is_the_one_in_the_sentence_of_the_quotation(tmp_path: Path, quotation: str, cue: str) -> None:
    text = "The ferry is late, the office said. “Nobody was hurt,” Mara Lind said, “and nobody will be.” He said so.\n"
    path = write(tmp_path, HEADER, f"ferry,{quotation},x,said,said,a")
    (tmp_path / "ferry.txt").write_text(text, "utf-8")
    [attribution] = run("table", path).article.attributions
    assert words_at(text, attribution.cue) == text.index(cue) + len(cue) - len("said")


MAPPING = (
    ENCODING
    + """
[columns]
article = "Datei"
quotation = "Zitat"
source = "Quelle"
act = "Akt"
headline = "Titel"

[acts]
sagt = "said"
"""
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("first", [[], ["sep=;"]])
def test_what_excel_writes_is_read_with_a_mapping(tmp_path: Path, encoding: str, first: list[str]) -> None:
    lines = [*first, "Datei;Zitat;Quelle;Akt;Titel", 'Ferry.txt;"The ferry is late";Amt;sagt;Fähre, spät']
    found = run("table", write(tmp_path, *lines, encoding=encoding, end="\r\n"), MAPPING)
    assert [*found.sayings().values()] == [("Amt", "The ferry is late")]
    assert dict(found.article.facts) == {"headline": "Fähre, spät"}


@pytest.mark.parametrize(
    ("encoding", "named"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-16-be", "not UTF-8")]
)
def test_another_encoding_is_named(tmp_path: Path, encoding: str, named: str) -> None:
    lines = [HEADER, ROW.replace("office", "office in Fähre")]
    if encoding == "utf-16-be":
        with pytest.raises(UsageError):
            run("table", write(tmp_path, *lines, encoding=encoding))
        return
    with pytest.raises(UsageError, match=named) as error:
        run("table", write(tmp_path, *lines, encoding=encoding))
    assert "CSV UTF-8" in str(error.value)


def test_a_row_that_does_not_fit_is_told_with_its_line_and_loses_no_other(tmp_path: Path) -> None:
    lines = [
        HEADER,
        '"ferry"x,one,,,,',
        "ferry,,the office,,,",
        "ferry,it was the fog,,shouted,,",
        "boat,it was the fog,,,,",
        ROW,
        '"ferry,never closed',
    ]
    found = run("table", write(tmp_path, *lines))
    assert found.told == [
        ("not a row", "claims.csv:2"),
        ("incomplete", "claims.csv:3"),
        ("unknown act", "claims.csv:4"),
        ("not a row", "claims.csv:7"),
        ("without a text", "claims.csv:5"),
    ]
    assert [*found.sayings()] == ["late"]


def test_a_table_of_broken_rows_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="more than 100 rows"):
        run("table", write(tmp_path, HEADER, *['"a"b,c'] * 200))


@pytest.mark.parametrize("lines", [[""], ["", ""], ["name,words"], ["article,words", "ferry,late"]])
def test_a_table_without_the_columns_that_are_needed_is_an_error(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(UsageError, match=r"empty|has no column"):
        run("table", write(tmp_path, *lines))


def test_a_quotation_with_an_omission_is_in_parts(tmp_path: Path) -> None:
    found = run("table", write(tmp_path, HEADER, "ferry,The ferry […] it was the fog,Lind,,,x"))
    assert found.sayings() == {"x": ("Lind", "The ferry | it was the fog")}


def test_offsets_tell_places_apart_and_the_words_decide(tmp_path: Path) -> None:
    header = "article,quotation,start,end,cue,cue-start,cue-end,id"
    second = TEXT.rindex("office")
    lines = [
        header,
        f"ferry,office,{second},{second + 6},said,{TEXT.rindex('said')},{TEXT.rindex('said') + 4},right",
        "ferry,The ferry is late,40,57,said,x,y,wrong",
    ]
    [right, wrong] = (article := run("table", write(tmp_path, *lines)).article).attributions
    assert words_at(TEXT, right.words) == second
    assert words_at(TEXT, right.cue) == TEXT.rindex("said")
    assert words(article, wrong.words) == "The ferry is late"


def test_texts_that_are_not_at_hand_are_their_quotations(tmp_path: Path) -> None:
    mapping = ENCODING + '[files]\ntexts = "quotations"\n'
    found = run("table", write(tmp_path, HEADER, "boat,No boat came.,Lind,,,a", "boat,It sank.,Roke,,,b"), mapping)
    assert found.article.text == "No boat came.\nIt sank.\n"
    assert found.sayings() == {"a": ("Lind", "No boat came."), "b": ("Roke", "It sank.")}


def workbook(path: Path, *lines: list[object], sheet: str = "") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    if sheet:
        page = book.create_sheet(sheet)
    for line in lines:
        page.append(line)
    (path.parent / "ferry.txt").write_text(TEXT, "utf-8")
    book.save(path)
    return path


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        [*HEADER.split(",")],
        [*ROW.split(",")],
        ["ferry", "it was the fog", None, None, None, 7],
    ]
    found = run("table", workbook(tmp_path / "claims.xlsx", *lines))
    assert found.sayings() == {
        "late": ("the harbour office", "The ferry is late"),
        "7": ("an unnamed source", "it was the fog"),
    }
    mapping = ENCODING + '[files]\nsheet = "Claims"\n'
    found = run("table", workbook(tmp_path / "other.xlsx", *lines, sheet="Claims"), mapping)
    assert len(found.sayings()) == 2
    with pytest.raises(UsageError, match="it has Sheet, Claims"):
        run("table", tmp_path / "other.xlsx", mapping.replace('"Claims"', '"claims"'))


def test_formulas_are_never_evaluated(tmp_path: Path) -> None:
    formula = '=cmd|"/C calc"!A0'
    found = run("table", workbook(tmp_path / "a.xlsx", [*HEADER.split(",")], ["ferry", formula, "Lind"]))
    assert found.told == [("incomplete", "a.xlsx:2")]  # the workbook has no value of it
    found = run("table", write(tmp_path, HEADER, '"ferry","The ferry is late","=1+1",,,"a"'))
    assert found.sayings() == {"a": ("=1+1", "The ferry is late")}


def packed(path: Path, change: dict[str, bytes]) -> Path:
    """A workbook some of whose parts are others."""
    workbook(path, [*HEADER.split(",")], [*ROW.split(",")])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()} | change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"
_SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMBS = {
    "bytes": (SHEET, b" " * (rows.MAX_UNZIPPED_BYTES + 1), "bytes unzipped"),
    "entities": (
        SHEET,
        b'<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        "no workbook",
    ),
    "an entity from a file": (
        "xl/workbook.xml",
        b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>',
        "no workbook",
    ),
    "a row of a high number": (
        SHEET,
        b"<worksheet %b><sheetData><row r='99999999999'><c r='A99999999999'><v>1</v></c></row></sheetData></worksheet>"
        % _SPACE,
        "more than",
    ),
    "cells": (
        SHEET,
        b"<worksheet %b><sheetData>%b</sheetData></worksheet>"
        % (_SPACE, b"".join(b"<row><c r='XFD%d'><v>1</v></c></row>" % n for n in range(1, 400))),
        "more than",
    ),
    "no XML": (SHEET, b"<worksheet", "no workbook"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_workbook_is_refused(tmp_path: Path, name: str) -> None:
    part, data, message = BOMBS[name]
    with pytest.raises(UsageError, match=message) as error:
        run("table", packed(tmp_path / "bomb.xlsx", {part: data}))
    assert "root:" not in str(error.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"article,quotation\n"])
def test_what_is_no_workbook_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(UsageError, match="no workbook"):
        run("table", tmp_path / "a.xlsx")
    (tmp_path / "a.ods").write_bytes(data)
    with pytest.raises(UsageError, match="save it as XLSX"):
        run("table", tmp_path / "a.ods")


def test_an_entry_with_a_false_size_gives_no_more_than_that(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {SHEET: b" " * 5_000_000})
    data = path.read_bytes().replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.getinfo(SHEET).file_size == 100
    path.write_bytes(data)
    with pytest.raises(UsageError, match="no workbook"):
        run("table", path)


def test_names_of_one_text_are_one_article(tmp_path: Path) -> None:
    rows = [
        "ferry,The ferry is late,a,",
        "Ferry.txt,it was the fog,b,",
        "https://x.example/ferry.html?p=1,Monday,c,Late",
    ]
    found = run("table", write(tmp_path, "article,quotation,source,headline", *rows))
    assert [a.source and a.source.label for a in found.article.attributions] == ["a", "b", "c"]
    assert dict(found.article.facts) == {"headline": "Late"}
    assert found.misfits == []


def test_each_encoder_of_a_table_has_an_encoding(tmp_path: Path) -> None:
    rows = ["ferry,The ferry is late,1,Ada Quill", "ferry,it was the fog,1,Roke", "ferry,Monday,2,Ada Quill"]
    mapping = ENCODING.replace('encoder = {id = "id/org/quoth", label = "Quoth"}', "")
    found = run("table", write(tmp_path, "article,quotation,id,encoder", *rows), mapping)
    assert [(a.encoding.encoder.id, a.first, [b.id for b in a.attributions]) for a in found.articles] == [
        ("id/person/ada-quill", True, ["1", "2"]),
        ("id/person/roke", False, ["roke-1"]),
    ]
