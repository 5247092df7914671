"""The form of SSSOM/TSV: a header in YAML behind ``#``, then tab-separated columns and rows."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from quoth.claim.reading import yaml_ld
from quoth.claim.reading.sssom_slots import Terms
from quoth.errors import DocumentError

_SET_ID = re.compile(r"(https?://.+/)id/linkset/[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Row:
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
    rows: list[Row]

    @property
    def top(self) -> int:
        """The number of lines of the header."""
        return len(self.head)

    def records(self) -> list[dict[str, str]]:
        """The rows by their columns; cells that are missing are empty."""
        padded = (r.cells + [""] * (len(self.columns) - len(r.cells)) for r in self.rows)
        return [dict(zip(self.columns, cells, strict=False)) for cells in padded]


def read(text: str, path: Path, base: str) -> Sheet:
    """A file for a dataset with that base.

    Raises DocumentError (file:line) where the header is not YAML or does not name the set, or the table is no TSV.
    """
    lines = list(io.StringIO(text, newline=""))
    top = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = yaml_ld.parse("".join(line[1:].removeprefix(" ") for line in lines[:top]), path)
    set_id = str(header.get("mapping_set_id", ""))
    match = _SET_ID.fullmatch(set_id)
    if match is None:
        raise DocumentError(
            "the header says not which linkset this is",
            where=f"{path}:1",
            remedy="give it a mapping_set_id such as http://localhost:8000/id/linkset/wikidata",
        )
    declared = header.get("curie_map")
    pairs = declared.items() if isinstance(declared, Mapping) else ()
    terms = Terms({str(prefix): str(iri) for prefix, iri in pairs}, own=match[1], base=base)
    columns, *rows = [*table(lines[top:], path, top)] or [Row(top + 1, [])]
    return Sheet(lines[:top], header, terms.rebased(set_id), terms, columns.cells, rows)


def table(lines: Iterable[str], path: Path, above: int) -> list[Row]:
    """Tab-separated rows, which stand below ``above`` other lines of the file. Raises DocumentError (file:line)."""
    reader = csv.reader(lines, delimiter="\t", strict=True)
    rows: list[Row] = []
    try:
        line = above + 1
        for cells in reader:
            rows.append(Row(line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        raise DocumentError(f"it is not TSV: {error}", where=f"{path}:{above + reader.line_num}") from None
    return rows


def tsv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as tab-separated text. White space in a cell becomes a space, so that a row is a line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([" ".join(cell.split()) for cell in row] for row in rows)
    return out.getvalue()
