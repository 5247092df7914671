"""The form of SSSOM/TSV: a header in YAML behind ``#``, then tab-separated columns and rows."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from quoth.claim.reading import yaml_ld
from quoth.claim.reading.sssom_slots import Terms
from quoth.errors import DocumentError, QuothError

_SET_ID = re.compile(r"(https?://.+/)id/linkset/[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class SheetRow:
    """The cells of one row, and the number of its first line, from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """One file. ``head``: the lines of its header; ``linkset``: the IRI of the set in the dataset; ``terms``: the terms
    for its cells."""

    head: list[str]
    header: CommentedMap
    linkset: str
    terms: Terms
    columns: list[str]
    rows: list[SheetRow]

    def records(self) -> list[dict[str, str]]:
        """The rows by their columns; cells that are missing are empty."""
        return [dict(zip_longest(self.columns, r.cells[: len(self.columns)], fillvalue="")) for r in self.rows]


def read_sheet_text(path: Path, error: type[QuothError] = DocumentError) -> str:
    """The text of a file (UTF-8) with its own line ends. Raises ``error`` where the file cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise error(f"it cannot be read: {reason}", where=str(path)) from None


def parse(text: str, path: Path, base: str) -> Sheet:
    """The sheet in the text of a file, for a dataset with that base.

    Raises DocumentError (file:line) where the header is not YAML or does not name the set, or the table is no TSV.
    """
    lines = list(io.StringIO(text, newline=""))
    head = list(takewhile(lambda line: line.startswith("#"), lines))
    header = yaml_ld.parse("".join(line[1:].removeprefix(" ") for line in head), path)
    set_id = str(header.get("mapping_set_id", ""))
    match = _SET_ID.fullmatch(set_id)
    if match is None:
        raise DocumentError(
            "the header says not which linkset this is",
            where=f"{path}:1",
            remedy="give it a mapping_set_id such as http://localhost:8000/id/linkset/wikidata",
        )
    declared = header.get("curie_map")
    prefixes = {str(p): str(iri) for p, iri in declared.items()} if isinstance(declared, Mapping) else {}
    terms = Terms(prefixes, own=match[1], base=base)
    columns, *rows = table(lines[len(head) :], path, len(head)) or [SheetRow(len(head) + 1, [])]
    return Sheet(head, header, terms.rebased(set_id), terms, columns.cells, rows)


def table(lines: Iterable[str], path: Path, above: int) -> list[SheetRow]:
    """Tab-separated rows, which stand below ``above`` other lines of the file. Raises DocumentError (file:line)."""
    reader = csv.reader(lines, delimiter="\t", strict=True)
    rows: list[SheetRow] = []
    try:
        line = above + 1
        for cells in reader:
            rows.append(SheetRow(line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        raise DocumentError(f"it is not TSV: {error}", where=f"{path}:{above + reader.line_num}") from None
    return rows


def header(base: str, name: str, source: str, space: str, slots: Iterable[str]) -> str:
    """The header of the sheet for the dataset ``name``: its IRI is ``source``, and ``space`` begins each of its IRIs.

    ``slots`` are the lines between the set's IRI and the prefixes.
    """
    lines = (
        f"mapping_set_id: {base}id/linkset/{name}",
        *slots,
        f"object_source: {source}",
        *("curie_map:", f"  id: {base}id/", f"  {name}: {space}"),
    )
    return "".join(f"# {line}\n" for line in lines)


def tsv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as tab-separated text. White space in a cell becomes a space, so that a row is a line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([" ".join(cell.split()) for cell in row] for row in rows)
    return out.getvalue()
