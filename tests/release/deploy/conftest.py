"""Servers of each dialect, and folders of releases that are published with them."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ... import engines, oxigraph
from .deployment import Deployment

_names = itertools.count(1)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two servers of Oxigraph."""
    with ExitStack() as stack:
        yield [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "ab"]


@pytest.fixture(
    scope="module",
    params=["oxigraph", *(pytest.param(name, marks=pytest.mark.slow) for name in ("fuseki", "rdf4j", "virtuoso"))],
)
def setting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The setting of an engine of each dialect: where each release is a dataset of its own, without an end of its
    name."""
    folder = tmp_path_factory.mktemp("engines")
    with ExitStack() as stack:
        match request.param:
            case "oxigraph":
                urls = [stack.enter_context(oxigraph.serving("serve", folder / name)) for name in "ab"]
                yield " ".join(f"oxigraph+{url}" for url in urls)
            case "fuseki":
                yield f"fuseki+{stack.enter_context(engines.fuseki_with_datasets(folder))}/velm"
            case "rdf4j":
                yield f"rdf4j+{stack.enter_context(engines.rdf4j_server(folder))}/velm"
            case _:
                url = stack.enter_context(engines.virtuoso_server(folder))
                yield f"virtuoso+{url.replace('//', f'//{engines.VIRTUOSO_LOGIN}@')}"


@pytest.fixture
def deployed(setting: str, tmp_path: Path) -> Iterator[Deployment]:
    """A folder of releases that is published into servers with nothing of it, and leaves them so."""
    deployed = Deployment(tmp_path / "releases", f"{setting}{next(_names)}" if "velm" in setting else setting)
    yield deployed
    deployed.clear()
