"""Sources that are damaged, or that somebody made who wants to write elsewhere, read elsewhere, or fill the memory."""

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from quoth.errors import NewerReleaseError, QuothError, ReleaseError, UnavailableError, UsageError
from quoth.release.fetch.source import HttpSource, source_of
from quoth.release.listing import LISTING
from quoth.release.manifest import MANIFEST
from quoth.release.release import Releases
from quoth.release.retention import prune

from ..publishing import quads, release
from .places import Web, bring, content


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lists.sqlite", "segments.json.gz", "store/CURRENT", "segments/", "statistics.json"])
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
        gzip.compress(b"[" * 100_000, mtime=0),
        gzip.compress(b'{"claims.nq.gz": [["k", "../../../evil", 1, 1, 1, 1]]}', mtime=0),
        gzip.compress(b'{"claims.nq.gz": [["k", "' + b"0" * 64 + b'", 1, "1", 1, 1]]}', mtime=0),
        pytest.param(gzip.compress(bytes(2**29), 1, mtime=0), id="a bomb", marks=pytest.mark.slow),
    ],
    ids=["no gzip", "deep", "another folder", "a number as text", None],
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


def test_a_redirect_to_what_is_no_url_is_told_as_that(served: Web, tmp_path: Path) -> None:
    served.spoil[LISTING] = 302
    served.handler.location = "http://[::1"
    with pytest.raises(UnavailableError, match="redirects to what is no URL, which is not followed"):
        bring(tmp_path / "copy", served.url)


@pytest.mark.parametrize(
    "listing",
    [
        b"",
        b"[]",
        b"<html>",
        b"[" * 100_000,
        b'{"current": 1, "since": "2026-11-29T00:00:00Z", "releases": {}}',
        b'{"current": 1, "since": "2026-11-29T00:00:00", "releases": {"1": {"manifest_sha256": "0", "modified": "x"}}}',
        *(
            b'{"current": 1, "since": "%s", "releases": {"1": {"manifest_sha256": "0", "modified": "%s"}}}'
            % (date, date)
            for date in (b"2026-11-29T00:00:00", b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59")
        ),
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


@pytest.mark.parametrize("number", [1, 3, None])
@pytest.mark.parametrize("kept", [1, 3])
def test_another_dataset_is_left_alone(published: Path, tmp_path: Path, number: int | None, kept: int) -> None:
    """Also where the number that becomes current is none of those that are here, and where the source keeps none of
    them any more."""
    copy = tmp_path / "copy"
    release(copy, quads(2))  # somebody publishes here, to the same addresses
    manifest = copy / "1" / MANIFEST
    manifest.write_text(_created(manifest.read_text(), "2026-11-01T00:00:00Z"))
    before = content(copy)
    os.utime(copy / "current", (0, 0), follow_symlinks=False)
    if kept < 3:
        prune(published, kept)
    if number in (None, *Releases(published).numbers()):
        with pytest.raises(ReleaseError, match="is no copy of what is there"):
            bring(copy, str(published), number)
    assert content(copy) == before | {LISTING: (copy / LISTING).read_bytes()}


def _created(manifest: str, time: str) -> str:
    """The text of a manifest with another time of the publication."""
    data = json.loads(manifest)
    del data["manifest_sha256"]
    return json.dumps(data | {"created": time})
