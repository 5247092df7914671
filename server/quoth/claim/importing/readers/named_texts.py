"""Texts that an input only names: the files of the corpus's folder of texts."""

from pathlib import Path

from quoth.corpus.new import slug_of
from quoth.resources import read_text

SUFFIXES = (".txt", ".text", ".md")


class NamedTexts:
    """The texts of a folder by the slugs of their names, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        self._files = {slug_of(f.stem): f for f in files if f.suffix.lower() in SUFFIXES}
        self._known: dict[str, str] = {}

    def get(self, name: str) -> tuple[str, str] | None:
        """The slug and the text of that name, which may be a path or a URL that ends with it; None if there is none."""
        stem = name.rstrip("/").rpartition("/")[2]
        for candidate in (slug_of(name), slug_of(stem), slug_of(Path(stem).stem)):
            if file := self._files.get(candidate):
                if candidate not in self._known:
                    self._known = {candidate: read_text(file)}  # rows of one article mostly follow each other
                return candidate, self._known[candidate]
        return None
