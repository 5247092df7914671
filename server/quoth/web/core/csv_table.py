"""Tables as CSV (RFC 4180) in UTF-8, with several values in a cell and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from quoth.claim.model.cells import harmless

SEPARATOR = " | "
"""Stands between several values in one cell. A value that has a bar itself has a broken one (¦) in its place."""


def joined(values: Iterable[str]) -> str:
    """Several values as one cell.

    >>> joined(["the mayor", "Lind | Tay"])
    'the mayor | Lind ¦ Tay'
    """
    return SEPARATOR.join(value.replace("|", "¦") for value in values)


def lines(rows: Iterable[Sequence[str]], columns: Iterable[str] = ()) -> bytes:
    """The rows as lines, below the names of the ``columns`` if there are any. A text that a spreadsheet would take for
    a formula has an apostrophe before it."""
    written = io.StringIO()
    writer = csv.writer(written)
    if names := list(columns):
        writer.writerow(names)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode()
