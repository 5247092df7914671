"""A server that the tests of this room share where they need no settings of their own, and its access log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quoth.release.release import Release

from ..serving import Server, serving
from .samples import published


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="session")
def server(release: Release, log: Path) -> Iterator[Server]:
    """A server behind proxies that it trusts."""
    with serving(
        release.path.parent, access_log=log, query_workers=2, trusted_proxies="127.0.0.1 10.0.0.0/8"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two releases."""
    folder = tmp_path_factory.mktemp("releases")
    published(folder, "the first")
    published(folder, "the second")
    return folder
