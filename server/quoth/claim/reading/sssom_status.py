"""The results of later checks of links: tables beside the linksets, ``<name>.status.tsv``, that only grow.

A row is about a mapping of the linkset. The latest row of a mapping is its status; of several on one day, the last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, DCTERMS, LINK_STATUS, SCHEMA, SKOS, XSD, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.reading import sssom_table
from quoth.claim.reading.sssom_slots import Terms
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


@dataclass(frozen=True)
class Status:
    """One row: the result of a check, and its line. ``link`` is the mapping's subject, predicate and target.

    Two are equal if a link has the same status on the same day, whoever checked.
    """

    link: tuple[str, ...]
    checked: str
    status: str
    observation: str
    checker: str = field(compare=False)
    line: int = field(default=0, compare=False)

    def quads(self, mapping: ox.NamedNode, graph: ox.NamedNode) -> list[ox.Quad]:
        """The status as statements about the mapping."""
        statements: list[tuple[ox.NamedNode, QuadTerm]] = [
            (ADMS.status, getattr(LINK_STATUS, self.status)),
            (SCHEMA.lastReviewed, ox.Literal(self.checked, datatype=XSD.date)),
            (SCHEMA.reviewedBy, ox.NamedNode(self.checker)),
        ]
        if self.status in _REPLACED:
            statements.append((DCTERMS.isReplacedBy, ox.NamedNode(self.observation)))
        elif self.observation:
            statements.append((SKOS.changeNote, ox.Literal(self.observation)))
        return [ox.Quad(mapping, p, o, graph) for p, o in statements]  # type: ignore[arg-type]

    def warning(self, path: Path) -> Finding | None:
        """A warning about a link that should not be published again unseen, or None."""
        if self.status not in _ALARMING:
            return None
        subject, _, target = self.link
        return Finding(
            f"<{target}>, linked with <{subject}>, {_ALARMING[self.status]} (checked {self.checked})",
            "link-status",
            "Warning",
            focus=subject,
            value=target,
            remedy="look there, then change the link or keep it",
            file=str(path),
            line=self.line,
        )


def read(text: str, path: Path, terms: Terms) -> list[Status]:
    """The rows of a table, whose cells have the form that the linkset's have.

    Raises DocumentError (file:line) for a row that is no status.
    """
    rows = sssom_table.table(text.splitlines(keepends=True), path, 0)
    if not rows or tuple(rows[0].cells) != COLUMNS:
        raise DocumentError("its columns are not those of a status table", where=f"{path}:1", remedy=", ".join(COLUMNS))
    statuses = []
    for row in rows[1:]:
        try:
            *link, checked, status, observation, checker = (cell for _, cell in zip(COLUMNS, row.cells, strict=True))
            key = tuple(terms.entity(cell).value for cell in link)
            getattr(LINK_STATUS, status)
            observation = terms.entity(observation).value if status in _REPLACED else observation
            day = date.fromisoformat(checked).isoformat()
            statuses.append(Status(key, day, status, observation, terms.entity(checker).value, row.line))
        except (DocumentError, ValueError, AttributeError) as error:
            detail = error.detail if isinstance(error, DocumentError) else error
            raise DocumentError(f"the row is not a status: {detail}", where=f"{path}:{row.line}") from None
    return statuses


def latest(rows: Sequence[Status]) -> Mapping[tuple[str, ...], Status]:
    """The latest row of each mapping."""
    return {row.link: row for row in sorted(rows, key=lambda row: row.checked)}


def tsv(rows: Sequence[Status], terms: Terms, *, begin: bool) -> str:
    """Rows as lines to append, after a line with the columns if they ``begin`` a file."""
    lines = [
        (
            *map(terms.compact, row.link),
            row.checked,
            row.status,
            terms.compact(row.observation) if row.status in _REPLACED else row.observation,
            terms.compact(row.checker),
        )
        for row in rows
    ]
    return sssom_table.tsv([COLUMNS, *lines] if begin else lines)
