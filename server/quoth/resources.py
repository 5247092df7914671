"""Where the ontology, the shapes and the shipped data are, in a checkout and in an installed wheel."""

import functools
from importlib.resources import files
from pathlib import Path

from quoth.errors import ReleaseError


@functools.cache
def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes`` or ``data``.

    A checkout is asked first: there an editable install must not serve a stale copy.

    Raises ReleaseError if the installation has no such folder.
    """
    package = Path(str(files("quoth")))
    for candidate in (package.parent.parent / name, package / "_resources" / name):
        if candidate.is_dir() and (candidate.parent / "pyproject.toml").exists() == (
            candidate.parent.name != "_resources"
        ):
            return candidate
    raise ReleaseError(f"this installation of Quoth has no folder {name}", remedy="install it again")
