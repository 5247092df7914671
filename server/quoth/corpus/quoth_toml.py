"""The file ``quoth.toml``, which makes a folder a corpus: where it is looked for, and what it may say.

Paths in it are relative to its folder. It is data alone (TOML 1.0): nothing that it says is run.
"""

import difflib
import functools
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quoth.errors import UsageError
from quoth.resources import check_file, read_text

NAME = "quoth.toml"

_OF_SERVERS = """
engine host port public_url processes cache_mb open_releases keep_releases page_rows drain_limit_s trusted_proxies
query_time_limit_s query_delivery_limit_s query_memory_mb query_result_mb query_result_rows query_spool_mb
verify_workers query_workers query_long_workers query_queue query_rate_limit query_size_kb
service_endpoints service_time_limit_s service_result_mb
"""

SETTINGS: Mapping[str, type] = {
    **dict.fromkeys(("base", "title", "publisher", "contact", "licence", "engine"), str),
    **dict.fromkeys(("texts", "releases"), Path),
    "questions": list,
    **dict.fromkeys(_OF_SERVERS.split(), object),
    "mcp": bool,
}
"""The keys that are settings of config.py too, each with the type of its value; object: a text, a number or a list of
texts, which config.py converts. No file says where on this machine logs and caches are, or whom `quoth link` asks: a
corpus may be by somebody else."""

KEYS: Mapping[str, type] = {
    **SETTINGS,
    "articles": Path,
    "copy_texts": bool,
    "quoted_percent": int,
    **dict.fromkeys(("documents", "vocabularies", "corpora", "open_licences"), list),
}
"""The keys of the file, each with the type of its value."""

_OF_THE_MACHINE = frozenset(("access_log", "cache", "engine_login", "link_cache", "link_targets"))
"""Settings of config.py that are no keys."""

_LISTS_OF_PATHS = ("documents", "vocabularies", "corpora")
_EXAMPLES = {
    object: '8000, or "some words"',
    str: '"some words"',
    Path: '"articles"',
    bool: "true",
    int: "80",
    list: '["one", "two"]',
}
_LISTED = {"folder", "path"}
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class Corpus:
    """A corpus: its folder, the text of its quoth.toml, and the values in that. Paths in it begin with the folder.
    ``public`` has the public paths that it gives to corpora, by their folders."""

    folder: Path
    text: str
    values: Mapping[str, Any]
    public: Mapping[Path, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / NAME

    def where(self, key: str) -> str:
        """The file and the line of a key."""
        return f"{self.file}:{line_of(self.text, key)}"

    def where_listed(self, folder: Path) -> str:
        """The file and the line where the folder of another corpus is named."""
        written = re.escape(os.path.relpath(folder, self.folder))
        found = re.search(rf"[\"'](?:\./)?{written}/?[\"']", self.text)
        return f"{self.file}:{self.text.count(chr(10), 0, found.start()) + 1}" if found else self.where("corpora")

    @property
    def settings(self) -> Mapping[str, Any]:
        """The values that are settings. A folder of texts counts where it exists: who checks a corpus may have none."""
        values: dict[str, Any] = {"releases": self.folder / "releases"}
        values |= {key: value for key, value in self.values.items() if key in SETTINGS}
        texts = self.folder if "corpora" in self.values else None  # text_folders knows those of the others
        if not values.setdefault("texts", texts) or not values["texts"].is_dir():
            del values["texts"]
        return values

    @property
    def own_base(self) -> str:
        """The base that it names, with a slash at its end; else empty."""
        return f"{self.values['base'].rstrip('/')}/" if "base" in self.values else ""

    @property
    def vocabularies(self) -> tuple[Path, ...]:
        """The vocabularies that it names."""
        return tuple(self._paths("vocabularies"))

    def documents(self) -> Iterator[Path]:
        """The files and folders that belong to it: those that it names, else its whole folder; then those of the
        corpora that it names. Raises UsageError for one that does not exist, and what ``others`` raises."""
        yield from self._paths("documents") if "documents" in self.values else (self.folder,)
        yield from self._paths("vocabularies")
        for other in self.others():
            yield from other.documents()

    def others(self) -> Iterator["Corpus"]:
        """The corpora that it names. Raises UsageError for one that cannot be in a release with it."""
        for folder in self._paths("corpora"):
            if not (folder / NAME).is_file():
                remedy = "name the folder of a corpus; quoth new makes one"
                raise UsageError(f"{folder} is no corpus: it has no {NAME}", where=self.where("corpora"), remedy=remedy)
            other = read(folder)
            if "corpora" in other.values:
                detail, remedy = (
                    "a corpus that another one names cannot name corpora itself",
                    "name them all in the other",
                )
                raise UsageError(detail, where=other.where("corpora"), remedy=remedy)
            yield other

    def _paths(self, key: str) -> Iterator[Path]:
        for path in self.values.get(key, ()):
            if not path.exists():
                detail = f"there is no {path}"
                raise UsageError(
                    detail, where=self.where(key), remedy=f"correct {key}: paths are relative to this file"
                )
            yield path


def find(start: Path) -> Corpus | None:
    """The corpus that a file or folder is in: of the nearest folder above that has a quoth.toml, up to the home
    directory or else the root. Its folder is relative to the current one, where that is shorter.

    Raises UsageError for a quoth.toml that cannot be read, or says what it may not.
    """
    whole, home = Path(os.path.realpath(start)), Path(os.path.expanduser("~"))
    for folder in (whole, *whole.parents):
        if (folder / NAME).is_file():
            return read(Path(min(os.path.relpath(folder), str(folder), key=len)))
        if folder == home:
            break
    return None


def find_one(paths: Iterable[Path]) -> Corpus | None:
    """The corpus that those files and folders are in; for those that are in none, that of the current folder.

    Raises UsageError where they are in different ones.
    """
    found = [corpus for path in paths if (corpus := find(path))]
    others = [corpus for corpus in found if corpus.folder != found[0].folder]
    if others:
        detail = f"{found[0].folder} and {others[0].folder} are different corpora"
        raise UsageError(detail, remedy=f"name one of them, or list both under corpora in a {NAME} of their own")
    return found[0] if found else find(Path())


def text_folders(folder: Path) -> dict[Path, str]:
    """The folders of the texts of a corpus, by its folder, and of those that it names; else the folder itself. Each has
    the base that its corpus or the one that names it has, if any."""
    corpus = read(folder) if (folder / NAME).is_file() else None
    own, others = (corpus.own_base, corpus.others()) if corpus else ("", ())
    texts = {other.settings["texts"]: other.own_base or own for other in others if "texts" in other.settings}
    return {folder: own} | texts


def read(folder: Path) -> Corpus:
    """The corpus in a folder. Raises UsageError, with file and line, for a quoth.toml that is none, is no TOML, or has
    an unknown key or a value of another type."""
    file = folder / NAME
    check_file(file)
    status = file.stat()
    return _read(file, (status.st_mtime_ns, status.st_ino, status.st_size))


@functools.lru_cache(maxsize=64)
def _read(file: Path, state: tuple[int, ...]) -> Corpus:
    """The corpus of that file in that ``state``: every document of it asks."""
    text = read_text(file).removeprefix("\ufeff")
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place, last = _PLACE.search(str(error)), text.rstrip().count("\n") + 1
        detail = f"it is not TOML: {_PLACE.sub('', str(error))}"
        where = f"{file}:{place[1] if place and place[1] else last}"
        raise UsageError(detail, where=where, remedy='write KEY = "value", one on a line') from None
    listed, public = _listed(values.get("corpora"), file, text)
    values |= {} if listed is None else {"corpora": listed}
    corpus = Corpus(file.parent, text, {key: _value(key, value, file, text) for key, value in values.items()}, public)
    _check_releases(corpus)
    return corpus


def _check_releases(corpus: Corpus) -> None:
    """Raise UsageError where documents or texts would be in the folder of the releases, where none is looked for."""
    values, releases = corpus.values, os.path.realpath(corpus.settings["releases"])
    folders = (corpus.folder, values.get("articles"), values.get("texts"), *values.get("documents", ()))
    for other in filter(None, folders):
        if os.path.commonpath([releases, os.path.realpath(other)]) == releases:
            detail = f"{other} would be in the folder of the releases, where no document is looked for"
            remedy = 'give the releases a folder of their own, like releases = "releases"'
            raise UsageError(detail, where=corpus.where("releases"), remedy=remedy)


def _listed(listed: Any, file: Path, text: str) -> tuple[Any, dict[Path, str]]:
    """The folders under ``corpora``, where entries may be tables with a folder and a path; and these paths."""
    if not isinstance(listed, list):
        return listed, {}
    folders: list[Any] = []
    public = {}
    for entry in listed:
        if isinstance(entry, dict):
            right = "folder" in entry and entry.keys() <= _LISTED and all(isinstance(v, str) for v in entry.values())
            if not right:
                remedy = 'write it like {folder = "../sport", path = "sport"}'
                raise UsageError(
                    "it is no corpus of this one", where=f"{file}:{line_of(text, 'corpora')}", remedy=remedy
                )
            if "path" in entry:
                public[file.parent / entry["folder"]] = entry["path"]
            entry = entry["folder"]
        if entry and isinstance(entry, str) and os.path.normpath(entry) in {os.path.normpath(str(f)) for f in folders}:
            where = f"{file}:{line_of(text, 'corpora')}"
            raise UsageError(f"{entry} is named twice", where=where, remedy="name each corpus once, with one path")
        folders.append(entry)
    return folders, public


def _value(key: str, value: Any, file: Path, text: str) -> Any:
    """The value of a key as it is used: paths begin with the folder of the file."""
    where = f"{file}:{line_of(text, key)}"
    if key not in KEYS:
        [meant] = difflib.get_close_matches(key, KEYS, 1) or [""]
        remedy = f"did you mean {meant}?" if meant else "use " + ", ".join(KEYS)
        if key in _OF_THE_MACHINE:
            remedy = f"set QUOTH_{key.upper()} in the environment: this file may come with somebody else's corpus"
        raise UsageError(f"there is no key {key!r}", where=where, remedy=remedy)
    kind, remedy = KEYS[key], f"write it like {key} = {_EXAMPLES[KEYS[key]]}"
    if kind is bool:
        if not isinstance(value, bool):
            raise UsageError(f"{key} is neither true nor false", where=where, remedy=remedy)
        return value
    if kind is int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100:
            raise UsageError(f"{key} is no whole number from 1 to 100", where=where, remedy=remedy)
        return value
    if kind is object and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    words = value if kind is list or (kind is object and isinstance(value, list)) else [value]
    if not isinstance(words, list) or not all(isinstance(each, str) and each.strip() for each in words):
        what = "no list of texts" if kind is list else "no text"
        raise UsageError(f"{key} is {what}, or an empty one", where=where, remedy=remedy)
    if not all(each.isprintable() for each in words):
        raise UsageError(f"{key} has a control character", where=where, remedy="take it out")
    if kind is not Path and key not in _LISTS_OF_PATHS:
        return words if kind is list else " ".join(words)
    for each in words:
        if Path(each).is_absolute() or each.startswith("~"):
            detail = f"{each!r} is not relative to the folder of this file"
            raise UsageError(detail, where=where, remedy='write a path like "articles" or "../texts"')
    paths = [file.parent / each for each in words]
    return paths if kind is list else paths[0]


def line_of(text: str, key: str) -> int:
    """The line of a key, of a table of that name, or of a key in quotation marks."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*[=.\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
