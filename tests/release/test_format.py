"""Releases of earlier versions open and answer; those of newer versions are refused in one line, and left alone."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.errors import NewerReleaseError, ReleaseError
from quoth.release.manifest import FORMAT
from quoth.release.release import Releases

from ..conftest import BASE, CORPUS, application
from .past_releases import PAST, VERSIONS, build
from .publishing import quads, release


@pytest.fixture(params=VERSIONS)
def past(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with one release, made by an earlier version."""
    build(request.param, tmp_path)
    return tmp_path


def test_the_manifest_of_0_1_0_has_no_format() -> None:
    manifest = json.loads((PAST / "0.1.0" / "manifest.json").read_text())
    assert list(manifest) == [
        *("release", "created", "software", "base", "quads", "asserted", "graphs", "claims", "articles"),
        *("content_sha256", "files"),
    ]
    assert manifest["software"] == "quoth 0.1.0"
    assert sorted(manifest["files"]) == [
        *("claims.nq.gz", "claims.trig.gz", "documents.tsv.gz", "gone.tsv.gz", "graphs.tsv.gz", "lists.sqlite"),
        *("report.json", "report.ttl", "statistics.json"),
    ]


def test_a_release_that_is_made_now_has_its_format(tmp_path: Path) -> None:
    current = release(tmp_path)
    assert json.loads((current.path / "manifest.json").read_text())["format"] == FORMAT
    assert Releases(tmp_path).current() == current


def test_an_earlier_release_opens(past: Path) -> None:
    current = Releases(past).current()
    assert current.manifest.to_json() == (current.path / "manifest.json").read_text()
    assert len(current.graphs(9)) == current.manifest.graphs
    assert current.statistics().asserted.triples == current.manifest.asserted


def answer(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, path
    return response


def test_an_earlier_release_answers(past: Path) -> None:
    with application(past) as app:
        client = app.test_client()
        manifest = Releases(past).current().manifest
        counted = "/sparql?query=SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }&format=csv"
        assert answer(client, counted).text.split() == ["n", str(manifest.quads)]
        assert answer(client, "/claims.json").json["total"] == manifest.claims
        rows = gzip.decompress((past / "1" / "documents.tsv.gz").read_bytes()).decode().splitlines()[1:]
        assert len(rows) > 8
        for row in rows:
            path = row.partition(">")[0].removeprefix(f"<{BASE}id/")
            assert ox.NamedNode(f"{BASE}id/{path}") in {
                triple.subject for triple in ox.parse(answer(client, f"/doc/{path}.ttl").data, ox.RdfFormat.TURTLE)
            }
            assert "<h1" in answer(client, f"/doc/{path}.html").text
        for path in ("/", "/claims", "/search?q=ferry", "/articles", "/sources", "/topics", "/releases/1"):
            answer(client, path)


@pytest.mark.parametrize("lacking", ["ALTER TABLE claim DROP COLUMN realis", "DROP TABLE name", None], ids=str)
def test_a_release_with_an_index_that_lacks_something_answers(past: Path, lacking: str | None) -> None:
    index = past / "1" / "lists.sqlite"
    if lacking is None:
        index.unlink()
    else:
        with closing(sqlite3.connect(index)) as connection:
            connection.execute(lacking)
    with application(past) as app:
        client = app.test_client()
        assert answer(client, "/claims.json?relation=corroborates").status_code == 200
        assert answer(client, "/claims.json?realis=actual").json["total"] > 0
        assert (
            answer(client, "/claims.json?memberOf=org/harbour-office").json["total"] == 0
        )  # nobody is on record as one
        assert answer(client, "/search.json?q=ferry").json["total"] > 0
        assert answer(client, "/reconcile/suggest/entity?prefix=harb").json["result"]


def test_a_release_is_made_beside_an_earlier_one(past: Path) -> None:
    release(past)
    assert Releases(past).numbers() == [1, 2]
    with application(past) as app:
        client = app.test_client()
        answer(client, "/releases/1/doc/claim/harbour/ferry-late.ttl")
        assert client.get("/doc/claim/harbour/ferry-late.ttl").status_code == 410


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A folder whose current release has a format that comes after ours."""
    rewrite(release(tmp_path).path, format=FORMAT + 1, layout=["unknown"])
    return tmp_path


def rewrite(path: Path, **entries: object) -> None:
    file = path / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **entries}))


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the folder, without the list of what there is: it is made anew whenever the lock is given back."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "current.json"]
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def test_a_newer_release_is_not_opened(newer: Path) -> None:
    with pytest.raises(NewerReleaseError, match=f"format {FORMAT + 1}.*--base {BASE} --releases") as caught:
        Releases(newer).current()
    assert caught.value.where == str(newer / "1" / "manifest.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("force", [False, True], ids=["", "force"])
@pytest.mark.parametrize("current", ["1", "2"], ids=["is current", "is not current"])
def test_nothing_is_published_beside_a_newer_release(tmp_path: Path, force: bool, current: str) -> None:
    first = release(tmp_path)
    release(tmp_path, quads(4))
    rewrite(first.path, format=FORMAT + 1)
    os.remove(tmp_path / "current")
    (tmp_path / "current").symlink_to(current)
    before = contents(tmp_path)
    with pytest.raises(NewerReleaseError):
        release(tmp_path, quads(5), force=force)
    assert contents(tmp_path) == before
    assert os.readlink(tmp_path / "current") == current


COMMANDS = {
    "publish": ["publish", str(CORPUS / "harbour.yaml")],
    "publish --force": ["publish", str(CORPUS / "harbour.yaml"), "--force"],
    "serve": ["serve", "--port", "1"],
    "query": ["query", "ASK {}"],
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_says_in_one_line_what_to_do_about_a_newer_release(newer: Path, arguments: list[str]) -> None:
    before = contents(newer)
    command = [sys.executable, "-c", "from quoth.cli import main; main()", *arguments, "--releases", str(newer)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 5
    lines = [line for line in result.stderr.splitlines() if not line.startswith("quoth: note:")]
    assert len(lines) == 1
    assert f"`quoth publish DOCUMENTS --base {BASE} --releases FOLDER`" in lines[0]
    assert result.stdout == ""
    assert contents(newer) == before


@pytest.mark.parametrize("format", ["2", 0, -1, True, 1.0, None], ids=repr)
def test_a_malformed_format_is_refused(tmp_path: Path, format: object) -> None:
    rewrite(release(tmp_path).path, format=format)
    with pytest.raises(ReleaseError, match="cannot be read") as caught:
        Releases(tmp_path).current()
    assert not isinstance(caught.value, NewerReleaseError)
