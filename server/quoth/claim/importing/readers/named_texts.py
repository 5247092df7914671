"""Texts that an input only names: the files of the corpus's folder of texts."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from quoth.claim.importing.article import Misfit
from quoth.corpus.new import slug_of
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

SUFFIXES = (".txt", ".text", ".md")


class NamedTexts:
    """The texts of a folder by the slugs of their names, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        self._files = {slug_of(f.stem): f for f in files if f.suffix.lower() in SUFFIXES and slug_of(f.stem)}
        self._known: dict[str, tuple[str, str] | Misfit] = {}

    def get(self, name: str) -> tuple[str, str] | Misfit | None:
        """The slug and the text of that name, which may be a path or an address that ends with it, with or without the
        suffix of a page; None if there is none, and a misfit for one that cannot be read."""
        try:
            path = unquote(urlsplit(name).path) or name
        except ValueError:
            path = name
        stem = path.rstrip("/").rpartition("/")[2]
        for candidate in (slug_of(name), slug_of(stem), slug_of(stem.rpartition(".")[0])):
            if file := self._files.get(candidate):
                if candidate not in self._known:
                    # Records of one article mostly follow each other: one text is kept, not all.
                    self._known = {candidate: _read(candidate, file)}
                return self._known[candidate]
        return None


def _read(slug: str, file: Path) -> tuple[str, str] | Misfit:
    try:
        check_file(file)
        return slug, read_text(file)
    except UsageError as error:
        return Misfit("text not readable", error.where or str(file), str(error), "save it as UTF-8")
