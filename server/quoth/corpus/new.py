"""A new corpus: the files of the folder ``template``, with what is known of it."""

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from string import Template

from quoth.corpus.quoth_toml import NAME
from quoth.errors import UsageError

FILES = {
    "README.md": "README.md",
    "articles.rq": "queries/articles.rq",
    "check.yml": ".github/workflows/check.yml",
    "entities.yaml": "entities.yaml",
    "gitignore": ".gitignore",
    NAME: NAME,
}
"""The files of the template, and what they are called in a corpus; the one that makes it a corpus last."""

FOLDERS = ("articles", "texts")
EXAMPLES = {"base": "https://example.org/claims/", "contact": "mailto:claims@example.org"}
"""The text in a comment for a key that may be missing."""

_TEMPLATE = Path(__file__).with_name("template")


def slug_of(words: str) -> str:
    """A short name for IRIs: words in small ASCII letters and digits, with hyphens between them; may be empty.

    >>> slug_of("Dagens Énergie, 2026")
    'dagens-energie-2026'
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def lasting_slug(words: str, most: int) -> str:
    """The slug of words, of at most so many letters; of words without Latin letters a digest, so that they have the
    same one always, and others another.

    >>> lasting_slug("Dagens Énergie", 8), lasting_slug("日本", 80)
    ('dagens-e', 'n-cf2abf0c5b')
    """
    digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return slug_of(words)[:most].strip("-") or f"n-{digest}"


def create(folder: Path, title: str, publisher: str, settings: Mapping[str, str | None]) -> None:
    """Make a corpus in a folder that does not exist yet or is empty; ``publisher`` is a name, ``settings`` are values
    of other keys. A folder that is made appears as a whole.

    Raises UsageError for a folder with something in it, one that cannot be written, and names that cannot be used.
    """
    for what, name in (("title", title), ("publisher", publisher)):
        if not name.strip() or not name.isprintable():
            raise UsageError(f"{name!r} is no {what}", remedy=f"give --{what} with a name in one line")
    if not (slug := slug_of(publisher)):
        raise UsageError(
            f"the name {publisher!r} has no Latin letters, of which an IRI could be made",
            remedy="give --publisher with a Latin name, and write the other one into entities.yaml",
        )
    folder = folder.resolve()  # a folder beside . is not in it
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError("it exists and is not empty", where=str(folder), remedy="name a new folder")
    values = {
        "heading": re.sub(r"([\\`*_\[\]<>#])", r"\\\1", title),
        "title": _quoted(title),
        "name": _quoted(publisher),
        "publisher": _quoted(f"id/org/{slug}"),
        **{key: f"{key} = {_quoted(value)}" for key, value in settings.items() if value},
        **{key: f"# {key} = {_quoted(EXAMPLES[key])}" for key in EXAMPLES if not settings.get(key)},
        "licence": _quoted(settings.get("licence") or ""),
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
            whole = Path(name, "corpus")
            _fill(whole, values)
            if not folder.exists():
                whole.rename(folder)
            else:  # somebody may be in it: it stays the same folder
                for child in sorted(whole.iterdir(), key=lambda child: child.name == NAME):
                    child.rename(folder / child.name)
    except OSError as error:
        raise UsageError(error.strerror or "it cannot be written", where=str(folder)) from None


def _fill(folder: Path, values: Mapping[str, str]) -> None:
    for source, target in FILES.items():
        file = folder / target
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template((_TEMPLATE / source).read_text("utf-8")).substitute(values), "utf-8")
    for name in FOLDERS:
        (folder / name).mkdir()
        (folder / name / ".gitkeep").touch()


def _quoted(text: str) -> str:
    """A text as TOML and YAML have it in quotation marks: as JSON has it."""
    return json.dumps(text, ensure_ascii=False)
