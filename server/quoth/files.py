"""Writing files as a whole or not at all."""

import os
from pathlib import Path

from quoth.errors import UsageError


def write(text: str, path: Path) -> None:
    """Put a text (UTF-8) in the place of a file, in one step. Raises UsageError where it cannot be written."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(text.encode("utf-8"))
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(error.strerror or "it cannot be written", where=str(path)) from None
