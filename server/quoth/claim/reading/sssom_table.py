"""The form of SSSOM/TSV (https://mapping-commons.github.io/sssom/spec-formats-tsv/): metadata in YAML, behind ``#`` or
in a file of its own, then tab-separated columns and rows."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from pathlib import Path

from quoth.claim.model.excerpts import shortened
from quoth.claim.reading import yaml_syntax
from quoth.claim.reading.json_ld import MAX_IRI
from quoth.claim.reading.sssom_slots import BUILT_IN, VERSIONS, Terms
from quoth.errors import DocumentError, QuothError
from quoth.resources import read_text

_SET_ID = re.compile(r"(https?://.+/)id/linkset/[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_VALUES = 10_000
"""Values that a key or a cell may have: aliases can make short metadata very long."""


@dataclass(frozen=True)
class SheetRow:
    """The cells of one row, and the number of its first line, from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """One mapping set. ``head``: the lines of the metadata in its file; ``header``: slot → the texts of its values;
    ``metadata``: the file of the header, and ``lines`` those of its slots; ``linkset``: the IRI of the set in the
    dataset; ``terms``: the terms for its cells; ``extensions``: the names of the slots that it defines itself."""

    head: list[str]
    header: Mapping[str, list[str]]
    metadata: Path
    lines: Mapping[str, int]
    linkset: str
    terms: Terms
    extensions: list[str]
    columns: list[str]
    rows: list[SheetRow]

    def records(self) -> list[dict[str, str]]:
        """The rows by their columns; cells that are missing are empty."""
        return [dict(zip_longest(self.columns, r.cells[: len(self.columns)], fillvalue="")) for r in self.rows]


def metadata_file(path: Path) -> Path:
    """The file with the metadata of a table that has none (SSSOM/TSV, External metadata mode)."""
    return path.with_suffix(".yml")


def read_sheet_text(path: Path, error: type[QuothError] = DocumentError) -> str:
    """The text of a file (UTF-8) with its own line ends. Raises ``error`` where the file cannot be read."""
    return read_text(path, error, "save it as UTF-8").removeprefix("\ufeff")


def parse(text: str, path: Path, base: str) -> Sheet:
    """The sheet in the text of a file, for a dataset with that base.

    Raises DocumentError (file:line) where the metadata is missing, is not YAML or does not name the set, or the table
    is no TSV.
    """
    lines = list(io.StringIO(text, newline=""))
    head = list(takewhile(lambda line: line.startswith("#"), lines))
    beside = metadata_file(path)
    external = beside.is_file()
    if bool(head) == external:
        problem = "in the file and in" if external else "neither after # above its columns nor in"
        remedy = "keep one of the two" if external else "begin it with lines such as # mapping_set_id: …"
        raise DocumentError(f"the set's metadata is {problem} {beside.name}", where=f"{path}:1", remedy=remedy)
    source = beside if external else path
    block = read_sheet_text(beside) if external else "".join(line[1:].removeprefix(" ") for line in head)
    tree = yaml_syntax.parse(block, source, as_text=True)
    places = yaml_syntax.first_lines(tree)
    _check_version(tree, source, places)
    header = {str(name): _texts(value, source, places[str(name)]) for name, value in tree.items()}
    prefixes = _prefixes(tree, source, places)
    set_id = next(iter(header.get("mapping_set_id", [])), "")
    match = _SET_ID.fullmatch(set_id)
    terms = Terms(prefixes, own=match[1] if match else "", base=base)
    try:
        linkset = terms.iri(set_id).value
    except DocumentError:
        problem = f"its mapping_set_id {shortened(set_id)!r} is not an IRI" if set_id else "it has no mapping_set_id"
        raise DocumentError(
            f"{problem}: SSSOM requires one",
            where=f"{source}:{places.get('mapping_set_id', 1)}",
            remedy=f"give it one such as {base}id/linkset/wikidata",
        ) from None
    columns, *rows = table(lines[len(head) :], path, len(head)) or [SheetRow(len(head) + 1, [])]
    definitions = tree.get("extension_definitions")
    extensions = [str(d.get("slot_name")) for d in definitions or [] if isinstance(d, Mapping)]
    return Sheet(head, header, source, places, linkset, terms, extensions, columns.cells, rows)


def _check_version(tree: Mapping[object, object], source: Path, places: Mapping[str, int]) -> None:
    """Refuse a set of another version (SSSOM, Using the sssom_version slot)."""
    version = tree.get("sssom_version")
    if version is not None and version not in VERSIONS:
        raise DocumentError(
            f"the set is written in SSSOM {shortened(version)}",
            where=f"{source}:{places['sssom_version']}",
            remedy=f"Quoth reads {' and '.join(VERSIONS)}",
        )


def _prefixes(tree: Mapping[object, object], source: Path, places: Mapping[str, int]) -> dict[str, str]:
    """The prefixes that the set declares. Raises DocumentError for one that SSSOM binds to another IRI."""
    declared = tree.get("curie_map")
    if declared is not None and not isinstance(declared, Mapping):
        remedy = "write a prefix and its IRI on each line below it"
        raise DocumentError("curie_map is not a mapping", where=f"{source}:{places['curie_map']}", remedy=remedy)
    prefixes = {str(p): str(iri) for p, iri in (declared or {}).items() if isinstance(iri, str)}
    if long := next((prefix for prefix, iri in prefixes.items() if len(iri) > MAX_IRI), None):
        raise DocumentError(
            f"the IRI of the prefix {shortened(long)} has more than {MAX_IRI:,} characters",
            where=f"{source}:{places['curie_map']}",
            remedy="write a shorter one: many others contain it",
        )
    for prefix in BUILT_IN.keys() & prefixes.keys():
        if prefixes[prefix] != BUILT_IN[prefix]:
            raise DocumentError(
                f"the prefix {prefix} means <{shortened(prefixes[prefix])}>",
                where=f"{source}:{places['curie_map']}",
                remedy=f"in SSSOM it means <{BUILT_IN[prefix]}>: take it out, or use another prefix",
            )
    return prefixes


def _texts(value: object, source: Path, line: int) -> list[str]:
    """The texts of a slot's values: one, several, or none. Values that are mappings have none."""
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_VALUES:
        raise DocumentError(f"it has more than {MAX_VALUES:,} values", where=f"{source}:{line}")
    return [str(v) for v in values if isinstance(v, str)]


def table(lines: Iterable[str], path: Path, above: int) -> list[SheetRow]:
    """Tab-separated rows, which stand below ``above`` other lines of the file. Raises DocumentError (file:line)."""
    reader = csv.reader(lines, delimiter="\t", strict=True)
    rows: list[SheetRow] = []
    try:
        line = above + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
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
