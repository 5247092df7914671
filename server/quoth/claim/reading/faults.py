"""The mistakes of one document, collected: each is found although there are others."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from quoth.claim.reading.yaml_tree import Node, listed
from quoth.errors import DocumentError

LIMIT = 1000
"""Mistakes after which a document is not read on."""


class LimitError(DocumentError):
    """A document is too large, or nested too deeply, to be read on."""


class Faults:
    """Collects the errors of ``with`` blocks, so that what follows is read as well; ``throw`` raises them as one.

    Errors at a node that has one already follow from it, and are left out.
    """

    def __init__(self) -> None:
        self.errors: list[DocumentError] = []
        self.places: set[str | None] = set()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        return isinstance(error, DocumentError) and self.take(error)

    def take(self, error: DocumentError) -> bool:
        """Collect an error; False if it ends the reading."""
        if isinstance(error, LimitError) or len(self.errors) >= LIMIT:
            return False
        self.errors += (e for e in (error, *error.others) if e.where not in self.places)
        return True

    def keep(self, tree: Node, key: str, work: Callable[[Any], object]) -> None:
        """Do some work on each entry of a list, and take those that have a mistake out."""
        if key in tree:
            tree[key] = [entry for entry in listed(tree[key]) if self._passes(work, entry)]

    def _passes(self, work: Callable[[Any], object], entry: Any) -> bool:
        before = len(self.errors)
        with self:
            work(entry)
        return len(self.errors) == before

    def throw(self) -> None:
        """Raise the first error, which has the others, in the order of their lines; nothing if there are none."""
        if self.errors:
            first, *others = sorted(self.errors, key=lambda e: _line(e.where))
            first.others = others
            raise first


def _line(where: str | None) -> int:
    line = (where or "").rpartition(":")[2]
    return int(line) if line.isdecimal() else 0
