"""The results of checks on disk, each by the digest of all that it depends on: so that it is found out once."""

import contextlib
import functools
import hashlib
import json
import os
import time
import zlib
from collections.abc import Iterator
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from quoth import processes
from quoth.errors import UsageError
from quoth.resources import folder, write

_DIGEST_BYTES = 32
_MARK = "swept"
_DAY_S = 24 * 60 * 60
MONTH_S = 30 * _DAY_S
"""Seconds after which an entry is removed that nobody asks for."""
MAX_ENTRY_BYTES = 2**30
"""Bytes that an entry may have when it is decompressed."""


class Stored:
    """Entries in a folder: texts, or JSON values, by a key of hexadecimal digits.

    An entry is written in one step; one that is damaged, or not to be read, is none.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def _path(self, key: str) -> Path:
        return self.directory / key[:2] / key[2:]

    def get(self, key: str) -> Any:
        """The value of that key; None where there is none."""
        text = self.text(key)
        try:
            return None if text is None else json.loads(text)
        except ValueError:
            return None

    def text(self, key: str) -> str | None:
        """The text of that key; None where there is none."""
        try:
            path = self._path(key)
            data = path.read_bytes()
            if path.stat().st_mtime < time.time() - _DAY_S:
                os.utime(path)  # it is still asked for
            digest, packed = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
            if hashlib.sha256(key.encode() + packed).digest() != digest:
                return None
            return zlib.decompressobj().decompress(packed, MAX_ENTRY_BYTES).decode()
        except (OSError, ValueError, zlib.error):
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep a value. A disk that is full, or cannot be written to, keeps nothing."""
        self.put_text(key, json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def put_text(self, key: str, text: str) -> None:
        """Keep a text. A disk that is full, or cannot be written to, keeps nothing."""
        packed = zlib.compress(text.encode(), 1)
        with contextlib.suppress(UsageError):
            write(hashlib.sha256(key.encode() + packed).digest() + packed, self._path(key))

    def sweep(self) -> None:
        """Once a day, remove what nobody has asked for in a month."""
        mark, now = self.directory / _MARK, time.time()
        with contextlib.suppress(OSError):
            if mark.exists() and mark.stat().st_mtime > now - _DAY_S:
                return
            mark.touch()
            for entry in self.directory.glob("[0-9a-f][0-9a-f]/*"):
                if entry.stat().st_mtime < now - MONTH_S:
                    entry.unlink()


@contextlib.contextmanager
def stored(directory: Path | None) -> Iterator[Stored]:
    """The entries in a folder; None: in one of their own, which is removed in the end."""
    if directory is not None:
        kept = Stored(directory)
        kept.sweep()
        yield kept
        return
    with processes.temporary_folder("quoth-check-") as folder:
        yield Stored(folder)


def default_directory() -> Path | None:
    """The user's folder for what can be made anew (XDG Base Directory Specification); None for a user without one."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    with contextlib.suppress(RuntimeError):
        return (Path(home) if os.path.isabs(home) else Path.home() / ".cache") / "quoth"
    return None


def digest(value: object) -> str:
    """The digest of values of JSON, as hexadecimal digits."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def software() -> str:
    """The digest of the software that a verdict depends on: code and rules of claims, ontology, shapes, engines."""
    packages = ("pyoxigraph", "pyshacl", "pyshacl-turbo", "rdflib", "ruamel.yaml", "rapidfuzz", "snowballstemmer")
    whole = hashlib.sha256(repr([_version(package) for package in packages]).encode())
    for root in (files("quoth") / "claim", folder("ontology"), folder("shapes")):
        for name, data in _contents(root, ""):
            whole.update(f"{name} {len(data)}\n".encode() + data)
    return whole.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _contents(root: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(root.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _contents(item, f"{name}/{item.name}") if item.name != "__pycache__" else ()
        else:
            yield f"{name}/{item.name}", item.read_bytes()
