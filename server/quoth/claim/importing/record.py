"""The record of what was imported into a corpus: a file that says of each entry of each document what was written.

By it an entry that a person has corrected is told from one that is as it was imported, and one that a person has taken
out from one that is new.
"""

from pathlib import Path

from quoth.errors import UsageError
from quoth.resources import read_text, write

NAME = "imported.tsv"
_HEAD = "document\tlist\tid\tdigest\n"

Digests = dict[tuple[str, str], str]
"""(list, id) of an entry → the digest of what was written. Keys before the lists are in the list without a name."""


class Record:
    """The record in the folder of a corpus. Raises UsageError (file:line) for one that cannot be read.

    The rows of a document are added when it is written, so that nothing is forgotten where an import is stopped; later
    rows count. What was stopped in the middle of a row is no row.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._documents: dict[str, Digests] = {}
        lines = read_text(self._path).split("\n")[:-1] if self._path.exists() else []
        for number, line in enumerate(lines, 1):
            match line.split("\t"):
                case [document, of_list, id, digest] if f"{line}\n" != _HEAD:
                    self._documents.setdefault(document, {})[of_list, id] = digest
                case [_, _, _, _]:
                    pass
                case _:
                    remedy = "restore it from version control, or remove it: then all that is there is a person's"
                    raise UsageError("it is no record of imports", where=f"{self._path}:{number}", remedy=remedy)

    def of(self, document: str) -> Digests:
        """The digests of a document, by its path relative to the corpus."""
        return self._documents.get(document, {})

    def add(self, document: str, digests: Digests) -> None:
        """Record a document that has been written."""
        self._documents[document] = digests
        if not self._path.exists():
            write(_HEAD, self._path)
        try:
            with self._path.open("a", encoding="utf-8", newline="") as file:
                file.write(_rows(document, digests))
        except OSError as error:
            raise UsageError(error.strerror or "it cannot be written", where=str(self._path)) from None

    def save(self) -> None:
        """Write the record anew, in one step, each row once."""
        if self._documents:
            rows = (_rows(document, digests) for document, digests in sorted(self._documents.items()))
            write(_HEAD + "".join(rows), self._path)


def _rows(document: str, digests: Digests) -> str:
    return "".join(f"{document}\t{of_list}\t{id}\t{digest}\n" for (of_list, id), digest in digests.items())
