"""Files: where the ontology, the shapes and the shipped data are; how a text is read, and written in one step."""

import contextlib
import functools
import json
import os
import stat
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from quoth.errors import QuothError, ReleaseError, UsageError

MAX_FILE_BYTES = 256 * 2**20
"""Bytes that a document or a text may have."""


@functools.cache
def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes`` or ``data``.

    A checkout comes first, because an editable install must not serve a stale copy.

    Raises ReleaseError if the installation has no such folder.
    """
    package = Path(str(files("quoth")))
    for candidate in (package.parent.parent / name, package / "_resources" / name):
        if candidate.is_dir() and (candidate.parent / "pyproject.toml").exists() == (
            candidate.parent.name != "_resources"
        ):
            return candidate
    raise ReleaseError(f"this installation of Quoth has no folder {name}", remedy="install it again")


@functools.cache
def jsonld_context() -> dict[str, object]:
    """The terms of ontology/context.jsonld (JSON-LD 1.1 §3.1), the context of documents and of what is served."""
    loaded = json.loads((folder("ontology") / "context.jsonld").read_text("utf-8"))
    terms: dict[str, object] = loaded["@context"]
    return terms


def read_text(path: Path, error: type[QuothError] = UsageError, remedy: str | None = None) -> str:
    """The text of a file with its own line ends. Raises ``error`` for a file that cannot be read as UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise error(reason.strerror or "it cannot be opened", where=str(path)) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as reason:
        line = data.count(b"\n", 0, reason.start) + 1
        raise error(f"it is not UTF-8 (byte {reason.start})", where=f"{path}:{line}", remedy=remedy) from None


def check_file(path: Path, error: type[QuothError] = UsageError) -> None:
    """Raise ``error`` for what is no file (a pipe or a device might never end), and for a file that is too large."""
    try:
        status = path.stat()
    except OSError as reason:
        raise error(reason.strerror or "it cannot be opened", where=str(path)) from None
    if not stat.S_ISREG(status.st_mode):
        raise error("it is not a file", where=str(path), remedy="name a file, or take it out of the folder")
    if status.st_size > MAX_FILE_BYTES:
        limit = f"it has more than {MAX_FILE_BYTES // 2**20} MiB"
        raise error(limit, where=str(path), remedy="split it into several files")


def write(content: str | bytes | Iterable[str], path: Path) -> None:
    """Replace a file by a text (UTF-8), whole or in pieces, or by bytes, in one step. Raises UsageError where it cannot
    be written."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            for piece in [content] if isinstance(content, str | bytes) else content:
                file.write(piece.encode("utf-8") if isinstance(piece, str) else piece)
        partial.replace(path)
    except OSError as error:
        raise UsageError(error.strerror or "it cannot be written", where=str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
