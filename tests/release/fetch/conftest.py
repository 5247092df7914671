"""Three releases, in a folder and on a web server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..publishing import quads, release
from .places import Web, web


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three releases, which grow."""
    folder = tmp_path_factory.mktemp("three") / "releases"
    for claims in (3, 4, 5):
        release(folder, quads(claims))
    return folder


@pytest.fixture
def published(three: Path, tmp_path: Path) -> Path:
    """The same, for one test alone."""
    folder = tmp_path / "published"
    shutil.copytree(three, folder, symlinks=True)
    return folder


@pytest.fixture
def served(published: Path) -> Iterator[Web]:
    with web(published) as server:
        yield server
