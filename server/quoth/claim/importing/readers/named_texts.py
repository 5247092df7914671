"""Texts that an input only names: the files of the corpus's folder of texts."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from quoth.claim.importing.article import Misfit
from quoth.corpus.new import lasting_slug
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

SUFFIXES = (".txt", ".text", ".md")
MAX_NAME = 120
"""Characters of the name of a text in IRIs."""


class NamedTexts:
    """The texts of a folder by the slugs of their names, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        self._files = {lasting_slug(f.stem, MAX_NAME): f for f in files if f.suffix.lower() in SUFFIXES}
        self._known: dict[str, tuple[str, str] | Misfit] = {}

    def slug(self, name: str) -> str:
        """The slug of the text of that name, which may be a path or an address that ends with it, with or without the
        suffix of a page; empty if there is none."""
        try:
            path = unquote(urlsplit(name).path) or name
        except ValueError:
            path = name
        stem = path.rstrip("/").rpartition("/")[2]
        candidates = (lasting_slug(words, MAX_NAME) for words in (name, stem, stem.rpartition(".")[0]))
        return next((candidate for candidate in candidates if candidate in self._files), "")

    def get(self, name: str) -> tuple[str, str] | Misfit | None:
        """The slug and the text of that name; None if there is none, and a misfit for one that cannot be read."""
        if not (slug := self.slug(name)):
            return None
        if slug not in self._known:
            # Records of one article mostly follow each other: one text is kept, not all.
            self._known = {slug: _read(slug, self._files[slug])}
        return self._known[slug]


def _read(slug: str, file: Path) -> tuple[str, str] | Misfit:
    try:
        check_file(file)
        return slug, read_text(file)
    except UsageError as error:
        return Misfit("text not readable", error.where or str(file), str(error), "save it as UTF-8")
