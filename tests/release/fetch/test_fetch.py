"""Releases fetched from a folder, from a web server that has one, and from a server of Quoth."""

import errno
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from quoth.cli import cli
from quoth.config import Settings
from quoth.errors import NotFoundError, UnavailableError
from quoth.release.current import lock, roll_back
from quoth.release.fetch.download import Fetched
from quoth.release.fetch.fetch import fetch
from quoth.release.fetch.source import FolderSource, source_of
from quoth.release.listing import LISTING, Listing
from quoth.release.manifest import MANIFEST
from quoth.release.open import open_current
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.release import Releases
from quoth.release.retention import hold, prune
from quoth.web.app import create_app
from quoth.web.guide import chapters

from ...conftest import BASE
from ...serving import serving
from ..publishing import quads, release
from .places import Web, bring, content


def test_a_folder_becomes_a_copy_of_another(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copied = bring(copy, str(published))
    assert (copied.release.number, copied.releases) == (3, (3, 2, 1))
    assert content(copy) == content(published)
    assert Listing.of(copy) == Listing.of(published)  # with the time since which the release is current
    for one in Releases(copy).all():
        one.verify()
    again = bring(copy, str(published))
    assert (again.releases, again.fetched) == ((), Fetched())


def test_only_what_differs_is_fetched_and_the_rest_is_linked(served: Web, published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    bring(copy, served.url)
    assert content(copy) == content(published)
    served.seen.clear()
    release(published, quads(6))
    fetched = bring(copy, served.url).fetched
    assert content(copy) == content(published)
    assert fetched.linked > 0
    small = {f"/{LISTING}", "/4/manifest.json", "/engine.json"}
    assert len({*served.seen} - small) == fetched.files == len(served.seen) - len(small)
    before = {path.stat().st_ino for number in (1, 2, 3) for path in (copy / str(number)).rglob("*")}
    new = [path for path in (copy / "4").rglob("*") if path.is_file() and path.name != MANIFEST]
    assert len([path for path in new if path.stat().st_ino in before]) == fetched.linked
    assert len(new) == fetched.linked + fetched.files


@pytest.mark.slow
def test_a_copy_follows_rollbacks_prunes_and_redactions(served: Web, published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    bring(copy, served.url)
    os.utime(published / "current", (0, 0), follow_symlinks=False)
    with lock(published):
        pass  # which writes the listing anew
    assert bring(copy, served.url).release.number == 3
    assert (copy / "current").lstat().st_mtime > 0  # not back to what was earlier
    roll_back(published, 1)
    served.seen.clear()
    assert bring(copy, served.url).release.number == 1
    assert served.seen == [f"/{LISTING}", "/engine.json"]
    redact(published, Redaction(f"{BASE}id/claim/a/1", "A court ordered it.", "", "2026-11-29"))
    assert sorted(bring(copy, served.url).releases) == [1, 2, 3]
    assert content(copy) == content(published)
    assert [one.modified for one in Releases(copy).all()] == [one.modified for one in Releases(published).all()]
    assert not any(b"1 > 1" in data for name, data in content(copy).items() if name.endswith((".sst", ".log")))
    roll_back(published, 3)
    assert prune(published, 1).removed == [1, 2]
    with hold(copy / "2"):
        pruned = bring(copy, served.url).pruned
        assert (pruned.removed, pruned.in_use) == ([1], [2])
    assert bring(copy, served.url).pruned.removed == [2]
    assert content(copy) == content(published)


@pytest.mark.slow
def test_as_many_are_kept_as_the_setting_says(served: Web, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert bring(copy, served.url, keep=2).releases == (3, 2)
    assert bring(copy, served.url, keep=1).pruned.removed == [2]
    assert Releases(copy).numbers() == [3]


def test_one_release_is_fetched_and_stays_current_until_the_source_switches(
    served: Web, published: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    bring(copy, served.url)
    assert bring(copy, served.url, 2).release.number == 2
    assert Releases(copy).numbers() == [1, 2, 3]
    notes = list[str]()
    with closing(source_of(served.url)) as place:
        assert fetch(copy, place, None, 0, lambda *_: None, notes.append).release.number == 2
    assert "is behind" in notes[0]
    with pytest.raises(NotFoundError, match=r"there is no release 9 .*name one of 1, 2, 3"):
        bring(copy, served.url, 9)


@pytest.mark.slow
def test_words_that_had_to_go_go_where_an_earlier_release_is_tried_too(
    served: Web, published: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    bring(copy, served.url)
    bring(copy, served.url, 2)
    redact(published, Redaction(f"{BASE}id/claim/a/1", "A court ordered it.", "", "2026-11-29"))
    copied = bring(copy, served.url)
    assert (copied.release.number, sorted(copied.releases)) == (2, [1, 2, 3])
    same, other = ({k: v for k, v in content(place).items() if k[0].isdigit()} for place in (copy, published))
    assert same == other
    assert bring(copy, served.url).fetched == Fetched()


def test_a_switch_by_a_clock_that_was_ahead_is_followed_by_the_next(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    ahead = time.time() + 86_400
    os.utime(published / "current", (ahead, ahead), follow_symlinks=False)
    assert bring(copy, str(published)).release.number == 3
    roll_back(published, 2)
    assert bring(copy, str(published)).release.number == 2
    assert Listing.of(copy) == Listing.of(published)


def test_files_that_cannot_be_linked_are_fetched(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system without links."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    assert bring(tmp_path / "copy", str(published)).fetched.linked == 0
    assert content(tmp_path / "copy") == content(published)


def test_a_server_of_quoth_is_a_source(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with serving(published) as server:
        assert bring(copy, f"http://127.0.0.1:{server.port}/releases").release.number == 3
        name = next(path.name for path in (published / "3" / "segments").iterdir())
        whole = server.get(f"/releases/3/segments/{name}")
        assert whole.body == (published / "3" / "segments" / name).read_bytes()
        part = server.get(f"/releases/3/segments/{name}", {"Range": "bytes=5-", "If-Range": whole.headers["etag"]})
        assert (part.status, part.body) == (206, whole.body[5:])
        assert server.get("/releases/3/store/CURRENT", {"If-None-Match": "*"}).status == 304
        for path in ("store/LOCK", "store/%2E%2E", "segments/x", f"segments/{'0' * 64}", "store/", "redacted.json"):
            assert server.get(f"/releases/3/{path}").status == 404, path
        assert {server.get(f"/releases/{name}.json").status for name in ("engine", "redacted")} == {404}
    assert content(copy) == content(published)
    app = create_app(Settings(releases=copy, public_url=BASE), *open_current(Settings(releases=copy)))
    assert app.test_client().get("/doc/claim/a/4.ttl").status_code == 200


def test_the_record_of_an_engine_comes_along(published: Path, tmp_path: Path) -> None:
    (published / "engine.json").write_text("{}\n")
    bring(tmp_path / "copy", str(published))
    assert (tmp_path / "copy" / "engine.json").read_text() == "{}\n"
    for text in ('{"http://localhost:3030/velm-1": 1}', "[" * 100_000, "<html>"):
        (published / "engine.json").write_text(text)
        notes: list[str] = []
        with closing(source_of(str(published))) as place:
            fetch(tmp_path / "copy", place, None, 0, lambda *_: None, notes.append)
        assert ["file engine.json that is no record" in note for note in notes] == [True]
        assert (tmp_path / "copy" / "engine.json").read_text() == "{}\n"


def test_the_proxy_of_the_environment_is_asked_and_no_netrc_read(
    served: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator has a proxy for what is elsewhere; a password that nobody named is nobody's here."""
    (tmp_path / "netrc").write_text("machine claims.example default login me password Sesam\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", served.url)
    monkeypatch.delenv("no_proxy", raising=False)
    served.spoil[LISTING] = 404
    with pytest.raises(UnavailableError, match=r"http://claims\.example/releases: there is no current\.json"):
        bring(tmp_path / "copy", "http://claims.example/releases")
    assert served.seen == ["http://claims.example/releases/current.json"]
    assert served.logins == [None]


def test_a_copy_of_a_copy_without_links_is_a_source(published: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"  # as an object storage has it
    shutil.copytree(published, flat, ignore=shutil.ignore_patterns("current", ".*"))
    with ExitStack() as stack:
        source = stack.enter_context(closing(FolderSource(flat)))
        fetch(tmp_path / "copy", source, None, 0, lambda *_: None)
    assert content(tmp_path / "copy") == content(published)


def test_the_command_says_what_it_did(published: Path, tmp_path: Path) -> None:
    arguments = ["fetch-release", str(published), "--releases", str(tmp_path / "copy")]
    done = CliRunner().invoke(cli, arguments)
    assert done.output.startswith("release 3 is current: ")
    assert "files fetched" in done.output
    assert CliRunner().invoke(cli, arguments).output == "release 3 is current: nothing is new\n"
    prune(published, 1)
    assert CliRunner().invoke(cli, arguments).output.splitlines()[1] == "removed: 1, 2"


@pytest.mark.slow
def test_the_commands_of_the_guide_run(published: Path, tmp_path: Path) -> None:
    text = (Path(chapters.__file__).parent / "servers.md").read_text("utf-8")
    [commands] = [token.content for token in chapters.examples(text) if token.info == "sh copies"]
    quoth = Path(sys.executable).parent / "quoth"
    with serving(published) as server:
        script = commands.replace("localhost:8000", f"127.0.0.1:{server.port}").replace("quoth ", f"{quoth} ")
        done = subprocess.run(
            f"set -e\n{script}", shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("release 3 is what was published")
