"""Every document, list and question is the same to the byte whichever engine holds the release.

Compared with the embedded one are a real endpoint, and one that gives what has no order in another order."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask

from quoth.claim.model.namespaces import RDFS, Term
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.ticket import Limits
from quoth.engine.remote.engine import RemoteEngine
from quoth.release import resource_counts
from quoth.release.dumps.tables import DOCUMENTS
from quoth.release.release import Release
from quoth.release.verified import LONG_S, VerifiedEngine
from quoth.sparql import named_queries
from quoth.web.app import create_app
from quoth.web.present import stored_questions

from .. import oxigraph
from ..conftest import BASE, Client

FORMATS = ("html", "trig", "ttl", "jsonld", "nq")
LISTS = (
    "",
    "entities",
    "sources",
    "articles",
    "topics",
    "claims",
    "claims.csv",
    "claims.nq",
    "queries",
    "catalog",
    "ns",
)
CUT = re.compile(r"\bLIMIT\b")
ORDERED = re.compile(r"\bORDER BY\b.*\bLIMIT\b", re.DOTALL)


class Backwards(EmbeddedEngine):
    """An engine that gives the rows of a query without ORDER BY, and quads, from the last to the first."""

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        rows = super().select(text, **bindings)
        return rows if "ORDER BY" in text else rows[::-1]

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        return super().describe(iris)[::-1]

    def graph(self, iri: str) -> list[ox.Quad]:
        return super().graph(iri)[::-1]


@pytest.fixture(scope="module", params=["a real endpoint", "backwards"])
def other(request: pytest.FixtureRequest, settings: Settings, release: Release) -> Iterator[Flask]:
    if request.param == "backwards":
        backwards = Backwards(release.store_path, Limits(workers=1))
        yield create_app(settings, backwards, release)
        backwards.close()
        return
    with oxigraph.serving("serve-read-only", release.store_path) as url:
        remote = VerifiedEngine(RemoteEngine(f"{url}/query"), release)
        remote.check()
        yield create_app(settings, remote, release)
        remote.close()


def differing(app: Flask, other: Flask, paths: Sequence[str]) -> list[str]:
    """The paths whose responses are not the same from both."""
    clients = []
    for each in (app, other):
        each.test_client_class = Client
        clients.append(each.test_client())
    pairs = ((path, [client.get(path) for client in clients]) for path in paths)
    return [path for path, (a, b) in pairs if (a.status_code, a.data) != (200, b.data) or b.status_code != 200]


@pytest.mark.slow
def test_every_document(app: Flask, other: Flask, release: Release) -> None:
    topics = [iri.removeprefix(f"{BASE}id/") for iri, _ in resource_counts.read(release, DOCUMENTS)]
    plain = [topic for topic in topics if re.fullmatch(r"[\w/.-]+", topic, re.ASCII) and topic != "person/odd"]
    assert len(plain) > 50
    paths = [f"/doc/{topic}.{format}" for topic in plain for format in FORMATS]
    assert differing(app, other, paths) == []


@pytest.mark.parametrize("path", LISTS)
def test_every_list(app: Flask, other: Flask, path: str) -> None:
    assert differing(app, other, [f"/{path}"]) == []


def test_every_question(app: Flask, other: Flask) -> None:
    paths = [f"/queries/{question.name}?format=csv" for question in stored_questions.questions(app.extensions["quoth"])]
    assert differing(app, other, paths) == []


def test_what_was_answered_while_a_part_was_missing_is_not_kept(
    app: Flask, settings: Settings, release: Release, tmp_path: Path
) -> None:
    now = [0.0]
    shutil.copytree(release.store_path, tmp_path / "store")
    whole = ox.serialize(ox.Store.read_only(str(release.store_path)), format=ox.RdfFormat.N_QUADS)
    path, claim = "/doc/claim/harbour/no-ties.ttl", f"{BASE}id/claim/harbour/no-ties"
    assert whole is not None
    with oxigraph.serving("serve", tmp_path / "store") as url:
        engine = VerifiedEngine(RemoteEngine(f"{url}/query"), release, lambda: now[0])
        engine.check()
        client = create_app(settings, engine, release).test_client()
        oxigraph.update(url, f"DELETE WHERE {{ <{claim}> <{RDFS.label.value}> ?label }}")
        before = client.get(path)
        oxigraph.load(url, whole)
        sound = app.test_client().get(path)
        held = {"If-None-Match": before.headers["ETag"], "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        after = client.get(path, headers=held)
        assert (before.status_code, after.status_code, after.data) == (200, 200, sound.data)
        assert before.data != sound.data
        generation = engine.generation
        now[0] += LONG_S
        engine.check()
        assert engine.generation > generation  # empties the caches
        engine.close()


@pytest.mark.parametrize("file", sorted(named_queries.OWN.glob("*.rq")), ids=lambda file: file.stem)
def test_what_is_cut_is_ordered(file: object) -> None:
    text = named_queries.text(file.stem)  # type: ignore[attr-defined]
    any_will_do = ("pointed-at", "graph-exists", "values-of-a-property")
    if CUT.search(text) and file.stem not in any_will_do:  # type: ignore[attr-defined]
        assert ORDERED.search(text), "which rows are left out would depend on the engine"
