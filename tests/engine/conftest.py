"""A small store, shared by the tests of this room."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits

from .. import oxigraph

BASE = "http://localhost:8000/"
E = "http://e/"
GRAPH = ox.NamedNode(E + "g")


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(E + name)


def quads() -> list[ox.Quad]:
    many = [ox.Quad(iri(f"s{i}"), iri(f"p{i % 3}"), ox.Literal(f"value {i}")) for i in range(3000)]
    hostile = [
        ox.Quad(iri("control"), iri("says"), ox.Literal("bell \x07 and return \r end")),
        ox.Quad(iri("odd"), iri("123"), ox.Literal("a predicate that RDF/XML cannot write")),
        ox.Quad(iri("reported"), iri("says"), ox.Literal("hé", language="en"), GRAPH),
        ox.Quad(iri("regex"), iri("says"), ox.Literal("a" * 5000)),
    ]
    return many + hostile


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "store"
    store = ox.Store(str(path))
    store.bulk_extend(quads())
    store.flush()
    del store
    return path


@pytest.fixture
def engine(store_path: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(store_path, Limits(time_s=5, workers=2))
    yield engine
    engine.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


# By module: a query that was given up goes on in that server for as long as it lives.
@pytest.fixture(scope="module")
def endpoint(store_path: Path) -> Iterator[str]:
    with oxigraph.serving("serve-read-only", store_path) as url:
        yield f"{url}/query"
