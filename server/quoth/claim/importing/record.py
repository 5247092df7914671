"""The record of what was imported into a corpus: a file that says of each entry of each document what was written.

By it an entry that a person has corrected is told from one that is as it was imported, and one that a person has taken
out from one that is new.
"""

import csv
import io
from pathlib import Path

from quoth.errors import UsageError
from quoth.resources import read_text, write

NAME = "imported.tsv"
_COLUMNS = ["document", "list", "id", "digest"]

Digests = dict[tuple[str, str], str]
"""(list, id) of an entry → the digest of what was written."""


class Record:
    """The record in the folder of a corpus. Raises UsageError (file:line) for one that cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._documents: dict[str, Digests] = {}
        if not self._path.exists():
            return
        rows = csv.reader(io.StringIO(read_text(self._path)), delimiter="\t", strict=True)
        try:
            for number, row in enumerate(rows, 1):
                if number == 1 and row == _COLUMNS:
                    continue
                document, of_list, id, digest = row
                self._documents.setdefault(document, {})[of_list, id] = digest
        except (csv.Error, ValueError):
            remedy = "restore it from version control, or remove it: all that was imported then counts as corrected"
            raise UsageError("it is no record of imports", where=f"{self._path}:{number}", remedy=remedy) from None

    def of(self, document: str) -> Digests:
        """The digests of a document, by its path relative to the corpus; may be changed."""
        return self._documents.setdefault(document, {})

    def save(self) -> None:
        """Write the record in one step."""
        out = io.StringIO()
        rows = csv.writer(out, delimiter="\t", lineterminator="\n")
        rows.writerow(_COLUMNS)
        for document, digests in sorted(self._documents.items()):
            rows.writerows([document, *key, digest] for key, digest in digests.items())
        write(out.getvalue(), self._path)
