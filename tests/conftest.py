"""Fixtures of all tests: the fictional corpus, which ships its text, and a real application over a real release of it,
with everything hostile beside it."""

import atexit
import dataclasses
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.release.publish import publish
from quoth.release.release import Release, Releases
from quoth.web.app import create_app

# What the commands of tests find out is kept beside their other files, and not in the cache directory of a user.
os.environ["QUOTH_CACHE"] = tempfile.mkdtemp(prefix="quoth-cache-")
atexit.register(shutil.rmtree, os.environ["QUOTH_CACHE"], ignore_errors=True)

BASE = "http://localhost:8000/"
CORPUS = Path(__file__).parent / "corpus"
SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"
ODD_NAMES = ["a+b", "a%2Fb", "a%23b", "c:d(e),f", "café", "a.b", "%25", "~tilde", "emoji🚢"]

FAST_ROOMS = {"claim", "http", "index", "sparql", "web"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of rooms that run in one process as fast, except modules that start a server or a command, and
    those that take long."""
    for item in items:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        starts = {"serving", "subprocess"} & vars(getattr(item, "module", None) or object).keys()
        takes_long = item.get_closest_marker("slow") or item.get_closest_marker("long")
        if room in FAST_ROOMS and not starts and not takes_long:
            item.add_marker(pytest.mark.fast)


@pytest.fixture(scope="session", autouse=True)
def _only_settings() -> None:
    """These are of the test run: commands would say that they are no settings. They have been read by now."""
    for name in ("QUOTH_CONFORMANCE", "QUOTH_CORPORA"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def harbour() -> Path:
    """The encoding of the fictional article."""
    return CORPUS / "harbour.yaml"


@pytest.fixture(scope="session")
def text() -> str:
    """The fictional article."""
    return (CORPUS / "harbour.txt").read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The directory with the fictional article's text."""
    return Texts(CORPUS)


def hostile() -> list[ox.Quad]:
    """Quads that a careless or malicious encoder could publish."""
    eve = ox.NamedNode(BASE + "id/person/eve")
    quads = [
        ox.Quad(eve, RDF.type, ox.NamedNode("http://xmlns.com/foaf/0.1/Person")),
        ox.Quad(eve, RDFS.label, ox.Literal(SCRIPT, language="en")),
        ox.Quad(eve, RDFS.seeAlso, ox.NamedNode("javascript:alert(1)")),
        ox.Quad(eve, RDFS.seeAlso, ox.NamedNode("data:text/html,<script>".replace("<", "%3C").replace(">", "%3E"))),
        ox.Quad(eve, RDFS.seeAlso, ox.NamedNode("https://example.org/?a='onmouseover='x&b=1")),
        ox.Quad(ox.NamedNode(BASE + "id/person/bell"), RDFS.label, ox.Literal("bell \x07", language="en")),
        ox.Quad(ox.NamedNode(BASE + "id/person/odd"), ox.NamedNode(BASE + "p/123"), ox.Literal("no name in XML")),
    ]
    for name in ODD_NAMES:
        topic = ox.NamedNode(BASE + "id/topic/" + name)
        quads += [
            ox.Quad(topic, RDF.type, QUOTH.Topic),
            ox.Quad(topic, RDFS.label, ox.Literal(f"topic {name}", language="en")),
        ]
    return quads


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Release:
    report, authored = check.check([harbour.parent], BASE, texts)
    assert report.conforms
    return publish(
        publication.published_quads([*authored, *hostile()], BASE),
        releases=tmp_path_factory.mktemp("releases"),
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json=json.dumps(report.as_json()),
        validator=report.validator,
    )


@pytest.fixture(scope="session")
def settings(release: Release) -> Settings:
    return Settings(releases=release.path.parent, public_url=BASE)


@pytest.fixture(scope="session")
def engine(release: Release) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(release.store_path, Limits(time_s=5, workers=1))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def app(settings: Settings, engine: EmbeddedEngine, release: Release) -> Flask:
    return create_app(settings, engine, release)


class Client(FlaskClient):
    """A client that reads every response to its end and closes it, as a server does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = Client
    return app.test_client()


@pytest.fixture
def moved(settings: Settings, engine: EmbeddedEngine, release: Release) -> FlaskClient:
    """The same release, served elsewhere and under a sub-path."""
    elsewhere = dataclasses.replace(settings, public_url="https://example.org/claims/")
    app = create_app(elsewhere, engine, release)
    app.test_client_class = Client
    return app.test_client()


@contextmanager
def application(releases: Path) -> Iterator[Flask]:
    """An application over the current release of a folder."""
    release = Releases(releases).current()
    engine = EmbeddedEngine(release.store_path, Limits(workers=1))
    app = create_app(Settings(releases=releases, public_url=BASE), engine, release)
    app.test_client_class = Client
    yield app
    engine.close()
