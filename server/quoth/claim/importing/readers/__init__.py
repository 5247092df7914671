"""Readers: each knows one format, and yields articles and what does not fit.

Only ``cli`` imports this room, and ``claim.exporting``. A package adds one by an entry point of the group
``quoth.readers``, whose object has the attributes of ``Reader``.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from quoth.claim.importing.article import Article, Misfit
from quoth.claim.importing.mapping import Mapping as MappingFile
from quoth.errors import QuothError, UsageError

GROUP = "quoth.readers"
BUILT_IN = ("brat", "claim-review", "litbank", "proposals", "table", "tei", "web-annotation")


class Reader(Protocol):
    """A reader of one format: a module or another object with these attributes."""

    KEYS: Mapping[str, type]
    """The keys of its mapping file beside the common ones, with the types of their values."""

    def read(self, path: Path, mapping: MappingFile, texts: Path) -> Iterator[Article | Misfit]:
        """The articles in a file or folder, one after the other, so that few are in memory, and what does not fit.

        ``texts`` is the folder of the texts of the corpus, for a format that only names its texts. The same input
        gives the same articles in the same order, with the same slugs and ids of attributions.

        Raises UsageError for a file that is not of this format, and for a mapping that does not say what is needed.
        """
        ...


def names() -> list[str]:
    """The names of the formats, those of other packages last."""
    return [*BUILT_IN, *sorted(point.name for point in entry_points(group=GROUP))]


def get(name: str) -> Reader:
    """The reader of a format. Raises UsageError for one that is not known, or whose package cannot be loaded."""
    if name in BUILT_IN:
        reader: Reader = import_module(f"{__name__}.{name.replace('-', '_')}")
        return reader
    for point in entry_points(group=GROUP, name=name):
        package = point.dist.name if point.dist else "another package"
        try:
            return _Guarded(point.load(), package)
        except Exception as error:
            detail = f"the reader of {package} cannot be loaded: {error!r:.200}"
            raise UsageError(detail, where=name, remedy="repair or remove that package") from None
    raise UsageError(f"there is no reader for {name!r}", remedy=f"use one of {', '.join(names())}")


class _Guarded:
    """The reader of another package, whose mistakes are told as its own."""

    def __init__(self, reader: Any, package: str) -> None:
        self.KEYS: Mapping[str, type] = dict(reader.KEYS)
        self._reader, self._package = reader, package

    def read(self, path: Path, mapping: MappingFile, texts: Path) -> Iterator[Article | Misfit]:
        """See ``Reader.read``."""
        where = f"{path} (read by {self._package})"
        try:
            for each in self._reader.read(path, mapping, texts):
                if not isinstance(each, Article | Misfit):
                    raise TypeError(f"it gives {type(each).__name__}, which is neither Article nor Misfit")
                yield each
        except QuothError:
            raise
        except Exception as error:
            remedy = "tell those who make that package; what was read before is imported"
            raise UsageError(f"the reader failed: {error!r:.200}", where=where, remedy=remedy) from None
