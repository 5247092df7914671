"""Writing linksets: rows are added to a file in SSSOM/TSV, and nothing that is there is taken away."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quoth.claim.reading import sssom, sssom_table
from quoth.claim.reading.sssom_table import Sheet
from quoth.errors import DocumentError
from quoth.link.matching.linkable import Dataset

SUFFIX = sssom.SUFFIX
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_modifier",
    "predicate_id",
    "object_id",
    "object_label",
    "object_category",
    "mapping_justification",
    "author_id",
    "reviewer_id",
    "review_date",
    "mapping_date",
    "comment",
)
_IRIS = ("subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "reviewer_id")


@dataclass(frozen=True)
class Begun:
    """What a linkset that is not there yet begins with."""

    base: str
    name: str
    dataset: Dataset
    creator: str
    licence: str

    def text(self, date: str) -> str:
        """The header and the columns."""
        return (
            f"# mapping_set_id: {self.base}id/linkset/{self.name}\n"
            f"# mapping_set_title: {json.dumps(f'Links to {self.dataset.label}', ensure_ascii=False)}\n"
            f'# mapping_set_description: "Proposed by names, and accepted one by one."\n'
            f"# license: {self.licence}\n# creator_id:\n#   - {self.creator}\n"
            f'# publication_date: "{date}"\n# object_source: {self.dataset.iri}\n'
            f"# curie_map:\n#   id: {self.base}id/\n#   {self.name}: {self.dataset.space}\n"
            + sssom_table.tsv([COLUMNS])
        )


@dataclass(frozen=True)
class Added:
    """The text of a linkset with more rows, and how many of those that were given it did not have yet."""

    text: str
    count: int


def added(text: str, path: Path, base: str, rows: Sequence[Mapping[str, str]], date: str) -> Added:
    """The linkset with more rows, whose IRIs are written out; what it says already is left as it is.

    Raises DocumentError where the result could not be read, with the line.
    """
    table = sssom_table.read(text, path, base)
    columns = table.columns + [c for c in COLUMNS if c not in table.columns and any(row.get(c) for row in rows)]
    old = [[record.get(c, "") for c in columns] for record in table.records()]
    said = {_said(table, record) for record in table.records()}
    new = []
    for row in rows:
        if (key := _said(table, row)) not in said:
            said.add(key)
            shown = {**row, **{c: table.terms.compact(row[c]) for c in _IRIS if row.get(c)}}
            new.append([shown.get(c, "") for c in columns])
    head = [f'# publication_date: "{date}"\n' if h.startswith("# publication_date:") else h for h in table.head]
    found = "".join(head) + sssom_table.tsv([columns, *old, *new]) if new else text
    wrong = sssom.read(found, path, base).findings
    if wrong:
        raise DocumentError(f"{wrong[0]}; nothing was written", where=str(path))
    return Added(found, len(new))


def _said(table: Sheet, row: Mapping[str, str]) -> tuple[str, ...]:
    """What a row says, whatever way it is written."""
    iris = (str(table.terms.entity(row[c])) if row.get(c) else "" for c in ("subject_id", "predicate_id", "object_id"))
    return (*iris, row.get("predicate_modifier", ""))
