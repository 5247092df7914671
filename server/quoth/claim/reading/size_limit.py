"""The size of what a document expands to: prefixes, aliases and columns can make a short document a very long one."""

from pathlib import Path

import pyoxigraph as ox

from quoth.errors import DocumentError

MAX_CHARACTERS = 2**29
"""Characters that the terms of a document may have together, each counted as often as it is said. A document that has
most of them in its own text may have ``_TIMES`` as many as the text."""
_TIMES = 20


class SizeLimit:
    """The characters that are left for the statements of a document, whose text has ``written`` characters."""

    def __init__(self, path: Path, written: int) -> None:
        self._path = path
        self._left = max(MAX_CHARACTERS, _TIMES * written)

    def take(self, quad: ox.Quad) -> None:
        """Count a statement. Raises DocumentError if it is one too many."""
        self._left -= _size(quad)
        if self._left < 0:
            raise DocumentError(
                "its terms are too long altogether, with their prefixes written out",
                where=str(self._path),
                remedy="split it into several documents, or shorten its IRIs",
            )


def _size(quad: ox.Quad) -> int:
    """The characters of a quad's terms."""
    size = len(quad.predicate.value)
    for term in (quad.subject, quad.object, quad.graph_name):
        size += len(getattr(term, "value", ""))
        if isinstance(term, ox.Literal):
            size += len(term.datatype.value)
    return size
