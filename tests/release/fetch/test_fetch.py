"""Releases fetched from a folder, from a web server that has one, and from a server of Quoth."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from quoth.cli import cli
from quoth.config import Settings
from quoth.errors import NewerReleaseError, NotFoundError, QuothError, ReleaseError, UnavailableError, UsageError
from quoth.release.current import lock, roll_back
from quoth.release.fetch.download import Fetched
from quoth.release.fetch.fetch import FETCHING, Copied, fetch
from quoth.release.fetch.source import FolderSource, HttpSource, source_of
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

IDLE = ("LOCK", "LOG")
"""Files of a store that have no data."""


class _Handler(SimpleHTTPRequestHandler):
    """Files of a folder, as any web server sends them. ``spoil`` is told each path, and gives bytes in place of the
    file's, a status, or None for the file itself."""

    def __init__(self, *arguments: Any, seen: list[str], spoil: dict[str, bytes | int], **options: Any) -> None:
        self.seen, self.spoil = seen, spoil
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        self.seen.append(self.path)
        ending = next((end for end in self.spoil if self.path.partition("?")[0].endswith(end)), None)
        if ending is None:
            super().do_GET()
        elif isinstance(found := self.spoil[ending], int):
            self.send_response(found)
            self.send_header("Location", "http://user:Sesam@127.0.0.1:9/elsewhere?key=Sesam")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

    def log_message(self, *_: Any) -> None:
        pass


class Web:
    """A web server over a folder."""

    def __init__(self, folder: Path) -> None:
        self.seen, self.spoil = list[str](), dict[str, bytes | int]()
        handler = partial(_Handler, directory=str(folder), seen=self.seen, spoil=self.spoil)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def web(folder: Path) -> Iterator[Web]:
    served = Web(folder)
    thread = Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        thread.join()
        served.server.server_close()


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


def bring(releases: Path, source: str, number: int | None = None, keep: int = 0) -> Copied:
    with closing(source_of(source)) as place:
        return fetch(releases, place, number, keep, lambda *_: None)


def content(folder: Path) -> dict[str, bytes]:
    """The files below a folder that readers see, links followed; the bytes of each."""
    files = {str(path.relative_to(folder)): path for path in folder.glob("[0-9c]*/**/*") if path.is_file()}
    listing = {LISTING: folder / LISTING}
    return {name: path.read_bytes() for name, path in (files | listing).items() if path.name not in IDLE}


def test_a_folder_becomes_a_copy_of_another(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copied = bring(copy, str(published))
    assert (copied.release.number, copied.releases) == (3, [3, 2, 1])
    assert content(copy) == content(published)
    assert Listing.of(copy) == Listing.of(published)  # with the time since which the release is current
    for one in Releases(copy).all():
        one.verify()
    again = bring(copy, str(published))
    assert (again.releases, again.fetched) == ([], Fetched())


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


def test_as_many_are_kept_as_the_setting_says(served: Web, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert bring(copy, served.url, keep=2).releases == [3, 2]
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
    assert content(copy) == content(published)
    app = create_app(Settings(releases=copy, public_url=BASE), *open_current(Settings(releases=copy)))
    assert app.test_client().get("/doc/claim/a/4.ttl").status_code == 200


def test_what_was_begun_is_gone_on_with(served: Web, published: Path, tmp_path: Path) -> None:
    copy, name = tmp_path / "copy", "3/lists.sqlite"
    served.spoil[name] = 403
    with pytest.raises(UnavailableError, match=r"answered 403 for 3/lists\.sqlite"):
        bring(copy, served.url)
    assert Releases(copy).numbers() == []
    [folder] = copy.glob(f"{FETCHING}*")
    whole = (published / name).read_bytes()
    (folder / ".lists.sqlite").write_bytes(whole[:1000])
    served.spoil.clear()
    served.seen.clear()
    bring(copy, served.url, 3)
    before, after = (
        {path: data for path, data in content(place).items() if path.startswith("3/")} for place in (published, copy)
    )
    assert after == before
    assert f"/{name}" in served.seen
    assert len(served.seen) < len(before) / 2
    assert not [*copy.glob(f"{FETCHING}*")]


def test_a_part_of_another_file_is_begun_again(served: Web, published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    served.spoil["3/lists.sqlite"] = 403
    with pytest.raises(UnavailableError):
        bring(copy, served.url)
    [folder] = copy.glob(f"{FETCHING}*")
    (folder / ".lists.sqlite").write_bytes(b"x" * 1000)
    (folder / "report.json").write_bytes((published / "3" / "report.json").read_bytes().swapcase())
    served.spoil.clear()
    bring(copy, served.url, 3)
    Releases(copy).open(3).verify()


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize("name", ["lists.sqlite", "segments.json.gz", "store/CURRENT", "segments/", "report.ttl"])
@pytest.mark.parametrize("spoil", [_flipped, lambda data: data[:-1], lambda data: data + b"x"])
def test_what_is_not_as_published_is_refused(
    served: Web, published: Path, tmp_path: Path, name: str, spoil: Any
) -> None:
    copy = tmp_path / "copy"
    bring(copy, served.url, 2)
    if name == "segments/":
        here = {path.name for path in (copy / "2" / "segments").iterdir()}
        name += next(path.name for path in (published / "3" / "segments").iterdir() if path.name not in here)
    file = published / "3" / name
    data = file.read_bytes()
    file.unlink()  # which another release may share
    file.write_bytes(spoil(data))
    with pytest.raises(QuothError, match=rf"3/{name} is not the file that was published|ended 3/{name} too soon"):
        bring(copy, str(published), 3)
    assert Releases(copy).current_number() == 2
    assert Releases(copy).numbers() == [2]


def _rewritten(folder: Path, change: Any) -> None:
    """Change the manifest of release 3 in a folder, and all hashes that cover it: as somebody would who may."""
    file = folder / "3" / MANIFEST
    data = json.loads(file.read_text())
    del data["manifest_sha256"]
    change(data)
    file.write_text(json.dumps(data))
    listing = json.loads((folder / LISTING).read_text())
    listing["releases"]["3"]["manifest_sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / LISTING).write_text(json.dumps(listing))


FILE = {"bytes": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}
HOSTILE: dict[str, Any] = {
    "a path upwards": lambda m: m["files"].update({"../../evil": FILE}),
    "an absolute path": lambda m: m["store"].update({"/tmp/evil": FILE}),
    "a hidden name": lambda m: m["store"].update({".evil": FILE}),
    "a folder": lambda m: m["files"].update({"store/evil": FILE}),
    "its own manifest": lambda m: m["files"].update({MANIFEST: FILE}),
    "a size below nothing": lambda m: m["files"]["report.ttl"].update(bytes=-1),
    "a size that is a text": lambda m: m["files"]["report.ttl"].update(bytes="1"),
    "no digest": lambda m: m["files"]["report.ttl"].update(sha256=""),
    "a digest that is a path": lambda m: m["files"]["report.ttl"].update(sha256="../" * 21 + "x"),
    "more than any disk": lambda m: m["files"]["report.ttl"].update(bytes=2**62),
    "another number": lambda m: m.update(release=2),
    "no files": lambda m: m.update(files=None, store=None),
    "a list": lambda m: m.update(files=[1]),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_manifest_writes_nothing_anywhere(served: Web, published: Path, tmp_path: Path, change: Any) -> None:
    copy, outside = tmp_path / "deep" / "copy", tmp_path / "deep"
    _rewritten(published, change)
    with pytest.raises(ReleaseError):
        bring(copy, served.url)
    assert Releases(copy).numbers() == []
    assert {path.name for path in outside.iterdir()} == {"copy"}
    assert not [*tmp_path.rglob("*evil*")]


def test_a_newer_format_is_left_alone(served: Web, published: Path, tmp_path: Path) -> None:
    _rewritten(published, lambda manifest: manifest.update(format=99))
    with pytest.raises(NewerReleaseError, match="install a newer Quoth"):
        bring(tmp_path / "copy", served.url)


@pytest.mark.parametrize(
    "index",
    [
        b"no gzip",
        gzip.compress(b"[" * 100_000),
        gzip.compress(b'{"claims.nq.gz": [["k", "../../../evil", 1, 1, 1, 1]]}'),
        gzip.compress(b'{"claims.nq.gz": [["k", "' + b"0" * 64 + b'", 1, "1", 1, 1]]}'),
        pytest.param(gzip.compress(bytes(2**29), 1), id="a bomb", marks=pytest.mark.slow),
    ],
)
def test_a_hostile_index_of_segments_is_refused(published: Path, tmp_path: Path, index: bytes) -> None:
    def change(manifest: Any) -> None:
        manifest["files"]["segments.json.gz"] = {
            "bytes": len(index),
            "sha256": hashlib.sha256(index).hexdigest(),
        }

    (published / "3" / "segments.json.gz").unlink()
    (published / "3" / "segments.json.gz").write_bytes(index)
    (published / "current").unlink()
    _rewritten(published, change)
    with pytest.raises(ReleaseError, match="segments"):
        bring(tmp_path / "copy", str(published))
    assert not [*tmp_path.rglob("*evil*")]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder link"])
def test_nothing_is_read_but_plain_files_of_the_source(published: Path, tmp_path: Path, kind: str) -> None:
    store = published / "3" / "store"
    if kind == "folder link":
        store.rename(tmp_path / "elsewhere")
        store.symlink_to(tmp_path / "elsewhere")
    else:
        (store / "CURRENT").rename(tmp_path / "secret")
        (store / "CURRENT").symlink_to(tmp_path / "secret") if kind == "link" else os.mkfifo(store / "CURRENT")
    with pytest.raises(ReleaseError, match=r"link|no plain file|cannot be read"):
        bring(tmp_path / "copy", str(published))


def test_redirects_are_not_followed_nor_their_credentials_told(served: Web, tmp_path: Path) -> None:
    served.spoil[LISTING] = 302
    with pytest.raises(UnavailableError, match=r"redirects to http://127\.0\.0\.1:9/elsewhere, which is not") as caught:
        bring(tmp_path / "copy", served.url.replace("http://", "http://me:Sesam@") + "/?sig=Sesam")
    assert "Sesam" not in str(caught.value)


@pytest.mark.parametrize(
    "listing",
    [
        b"",
        b"[]",
        b"<html>",
        b"[" * 100_000,
        b'{"current": 1, "since": "2026-11-29T00:00:00Z", "releases": {}}',
        b'{"current": 1, "since": "2026-11-29T00:00:00", "releases": {"1": {"manifest_sha256": "0", "modified": "x"}}}',
    ],
)
def test_a_listing_that_is_none_is_refused(served: Web, tmp_path: Path, listing: bytes) -> None:
    served.spoil[LISTING] = listing
    with pytest.raises(UnavailableError, match="no listing of releases"):
        bring(tmp_path / "copy", served.url)


def test_a_source_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    for source in (str(tmp_path / "nothing"), "ftp://example.org/releases", "http://"):
        with pytest.raises(UsageError, match="SOURCE"):
            source_of(source)
    with pytest.raises(UnavailableError, match=r"there is no current\.json"):
        bring(tmp_path / "copy", str(tmp_path))
    assert HttpSource("https://me:Sesam@example.org:8443/a%20b/?sig=Sesam").where == "https://example.org:8443/a%20b"


def test_another_dataset_is_left_alone(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    release(copy, quads(2))  # somebody publishes here, to the same addresses
    before = content(copy)
    os.utime(copy / "current", (0, 0), follow_symlinks=False)
    with pytest.raises(ReleaseError, match="is no copy of what is there"):
        bring(copy, str(published), 1)
    assert content(copy) == before | {LISTING: (copy / LISTING).read_bytes()}


def test_one_fetches_at_a_time(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with lock(copy), pytest.raises(ReleaseError, match="another publication is running"):
        bring(copy, str(published))


def test_the_record_of_an_engine_comes_along(published: Path, tmp_path: Path) -> None:
    (published / "engine.json").write_text("{}\n")
    bring(tmp_path / "copy", str(published))
    assert (tmp_path / "copy" / "engine.json").read_text() == "{}\n"


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
