"""What later checks of links met with: tables beside the linksets, ``<name>.status.tsv``, that only grow.

A row is about a mapping of the linkset; the latest one of a mapping, and of one day the last, is its status.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, DCTERMS, LINK_STATUS, SCHEMA, SKOS, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.reading import sssom_table
from quoth.claim.reading.sssom_slots import CellError, Terms
from quoth.errors import DocumentError

SUFFIX = ".status.tsv"
COLUMNS = ("subject_id", "predicate_id", "object_id", "checked", "status", "found", "checker")
KEPT = "kept"
_REPLACED = ("redirected", "merged")
_ALARMING = {
    "gone": "is gone",
    "merged": "was merged into something else that is linked",
    "reused": "may be an identifier of something else now",
}
_KEY = ("subject_id", "predicate_id", "object_id")


@dataclass(frozen=True)
class Status:
    """One row: what a check met with, on which line. ``link`` is the mapping's subject, predicate and target."""

    link: tuple[str, ...]
    checked: str
    status: str
    found: str
    checker: str
    line: int = 0

    def quads(self, mapping: ox.NamedNode, graph: ox.NamedNode) -> list[ox.Quad]:
        """The status as statements about the mapping."""
        said: list[tuple[ox.NamedNode, QuadTerm]] = [
            (ADMS.status, getattr(LINK_STATUS, self.status)),
            (SCHEMA.lastReviewed, ox.Literal(self.checked, datatype=_DATE)),
            (SCHEMA.reviewedBy, ox.NamedNode(self.checker)),
        ]
        if self.status in _REPLACED:
            said.append((DCTERMS.isReplacedBy, ox.NamedNode(self.found)))
        elif self.found:
            said.append((SKOS.changeNote, ox.Literal(self.found)))
        return [ox.Quad(mapping, p, o, graph) for p, o in said]  # type: ignore[arg-type]

    def warning(self, path: Path) -> Finding | None:
        """What to look at before such a link is published again, or None."""
        if self.status not in _ALARMING:
            return None
        return Finding(
            f"<{self.link[2]}>, linked with <{self.link[0]}>, {_ALARMING[self.status]} (checked {self.checked})",
            "link-status",
            "Warning",
            focus=self.link[0],
            value=self.link[2],
            remedy="look there, then change the link or keep it",
            file=str(path),
            line=self.line,
        )


_DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def read(text: str, path: Path, terms: Terms) -> list[Status]:
    """The rows of a table whose cells are written as its linkset writes them.

    Raises DocumentError (file:line) for a row that says something else than a row can.
    """
    rows = sssom_table.table(text.splitlines(keepends=True), path, 0)
    if not rows or tuple(rows[0].cells) != COLUMNS:
        raise DocumentError("it has not the columns of a status", where=f"{path}:1", remedy=", ".join(COLUMNS))
    found = []
    for row in rows[1:]:
        try:
            found.append(_status(row, terms))
        except (CellError, ValueError, AttributeError) as error:
            raise DocumentError(f"the row is no status: {error}", where=f"{path}:{row.line}") from None
    return found


def _status(row: sssom_table.Row, terms: Terms) -> Status:
    cells = dict(zip(COLUMNS, row.cells, strict=True))
    link = tuple(terms.entity(cells[c]).value for c in _KEY)
    getattr(LINK_STATUS, cells["status"])
    found = terms.entity(cells["found"]).value if cells["status"] in _REPLACED else cells["found"]
    checked = date.fromisoformat(cells["checked"]).isoformat()
    return Status(link, checked, cells["status"], found, terms.entity(cells["checker"]).value, row.line)


def latest(rows: Sequence[Status]) -> Mapping[tuple[str, ...], Status]:
    """The status of each mapping that has one."""
    ordered = sorted(rows, key=lambda one: one.checked)
    return {one.link: one for one in ordered}


def tsv(rows: Sequence[Status], terms: Terms, *, begin: bool) -> str:
    """Rows as lines to append; with the columns to ``begin`` with."""
    lines = [
        (
            *map(terms.written, one.link),
            one.checked,
            one.status,
            terms.written(one.found) if one.status in _REPLACED else one.found,
            terms.written(one.checker),
        )
        for one in rows
    ]
    return sssom_table.tsv([COLUMNS, *lines] if begin else lines)
