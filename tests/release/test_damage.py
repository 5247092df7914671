"""A flipped byte in any file of a release is found before the release is served, and by quoth verify-release."""

import os
import random
import shutil
import time
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from werkzeug.test import Client

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.errors import ReleaseError, UnavailableError
from quoth.release import publish
from quoth.release.current import switch
from quoth.release.dumps import nquads
from quoth.release.dumps.tables import INDEX, SEGMENTS
from quoth.release.history import diff
from quoth.release.history.past_changes import PastChanges, Wanted
from quoth.release.history.schema import HISTORY
from quoth.release.manifest import MANIFEST
from quoth.release.open import open_current
from quoth.release.release import Release, Releases
from quoth.server import current_release
from quoth.server.current_release import CurrentRelease

from ..cli.commands import quoth
from ..conftest import BASE
from ..serving import free_port
from .publishing import quads
from .publishing import release as publish_one


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish_one(tmp_path_factory.mktemp("sound") / "releases")


def flipped(release: Release, folder: Path, name: str, place: float = 0.5) -> Path:
    """A copy of the folder of releases with one bit of a file changed, at a ``place`` between its first byte (0) and
    its last (1)."""
    copy = folder / "releases"
    shutil.copytree(release.path.parent, copy, symlinks=True)
    if tables := release.segments().get(name):
        name = f"{SEGMENTS}/{tables[-1].sha256}"
    file = copy / str(release.number) / name
    data = bytearray(file.read_bytes())
    data[round(place * (len(data) - 1))] ^= 0x40
    file.unlink()  # it may be a link
    file.write_bytes(data)
    return copy


def names(release: Release) -> list[str]:
    """Every file of a release that has data, and the tables."""
    listed = [*release.manifest.files, *(f"store/{name}" for name in release.manifest.store or ()), MANIFEST]
    return [name for name in listed if not name.startswith("store/") or (release.path / name).stat().st_size]


def test_every_file_with_data_is_listed(sound: Release) -> None:
    held = {path.relative_to(sound.path).as_posix() for path in sound.path.rglob("*") if path.is_file()}
    segments = {f"{SEGMENTS}/{segment.sha256}" for members in sound.segments().values() for segment in members}
    listed = {*sound.manifest.files, *(f"store/{name}" for name in sound.manifest.store or ()), MANIFEST, *segments}
    assert {name for name in held - listed if not name.startswith(("store/LOCK", "store/LOG"))} == set()


PLACES = {"the first": 0.0, "a third": 1 / 3, "the middle": 0.5, "near the end": 0.97, "the last": 1.0}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_flipped_byte_in_any_file_is_found(sound: Release, tmp_path: Path, place: float) -> None:
    for number, name in enumerate(names(sound)):
        copy = flipped(sound, tmp_path / str(number), name, place)
        with pytest.raises(ReleaseError, match=r"is not the file that was published|cannot be read"):
            Releases(copy).open(sound.number).verify()
        with pytest.raises(ReleaseError):
            open_current(Settings(releases=copy))


def test_of_a_large_release_all_but_the_content_of_large_files_is_compared(sound: Release, tmp_path: Path) -> None:
    most = (sound.path / "lists.sqlite").stat().st_size
    missed = set()
    for number, name in enumerate(names(sound)):
        copy = flipped(sound, tmp_path / str(number), name)
        with pytest.raises(ReleaseError):
            Releases(copy).open(1).verify()
        with suppress(ReleaseError):
            Releases(copy).open(1).verify(most)
            missed.add(name)
    assert {"lists.sqlite"} <= missed <= {"lists.sqlite", "history.sqlite"}
    for number, (name, place) in enumerate((n, p) for n in ("lists.sqlite", "history.sqlite") for p in (0.0, 1e-9)):
        copy = flipped(sound, tmp_path / f"head-{number}", name, place)
        with pytest.raises(ReleaseError, match=name):
            Releases(copy).open(1).verify(most)
        with (copy / "1" / name).open("ab") as file:
            file.write(bytes(1))
        with pytest.raises(ReleaseError, match=name):
            Releases(copy).open(1).verify(0)


@pytest.mark.slow
@pytest.mark.parametrize("same", [True, False], ids=["the same", "other quads"])
def test_the_next_publication_makes_a_whole_release_beside_a_damaged_one(
    tmp_path: Path, same: bool, whole_pair: Release
) -> None:
    content = quads(5 if same else 6)
    for number, name in enumerate(names(whole_pair)):
        copy = flipped(whole_pair, tmp_path / str(number), name, random.Random(name).random())
        made = publish_one(copy, content)
        assert (made.number, made.reused) == (3, False), name
        made.verify()
        assert {str(q) for q in ox.Store.read_only(str(made.store_path))} > {str(q) for q in content}
        assert len(diff_lines(made)) == len(content)
        past = PastChanges(made.path / HISTORY)
        # Where the last history can't be read, it goes on from the one before; nothing is lost of that.
        assert [n for n, _ in past.releases()] == ([1, 3] if name in (HISTORY, MANIFEST) else [1, 2, 3]), name
        assert len(past.changes(Wanted(event="added"), limit=99)) == (6 if same else 7), name


@pytest.mark.parametrize("name", ["documents.tsv.gz", "gone.tsv.gz", "claims.nq.gz", INDEX, "lists.sqlite"])
def test_a_whole_history_goes_on_whatever_else_is_damaged(whole_pair: Release, tmp_path: Path, name: str) -> None:
    """No change that was told gets another number or another release: the lines are in the store, too."""
    copy, told = flipped(whole_pair, tmp_path, name), PastChanges(whole_pair.path / HISTORY).changes(Wanted(), limit=99)
    assert {change.release for change in told} == {1, 2}
    notes: list[str] = []
    made = publish_one(copy, quads(6), note=notes.append)
    after = PastChanges(made.path / HISTORY).changes(Wanted(), limit=99)
    assert (after[-len(told) :], {change.release for change in after[: -len(told)]}) == (told, {3})
    assert [change.iri for change in after if change.release == 3] == [f"{BASE}id/claim/a/5"]
    assert notes == []
    assert not (made.path / "history.lines").exists()
    made.verify()


def test_a_damaged_history_is_not_gone_on_from(whole_pair: Release, tmp_path: Path) -> None:
    copy, notes = flipped(whole_pair, tmp_path, HISTORY), list[str]()
    made = publish_one(copy, quads(6), note=notes.append)
    assert notes == ["release 2 is damaged: the history of the next one goes on from release 1"]
    assert [n for n, _ in PastChanges(made.path / HISTORY).releases()] == [1, 3]


@pytest.fixture(scope="module")
def whole_pair(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The second release of two."""
    folder = tmp_path_factory.mktemp("pair") / "releases"
    publish_one(folder)
    return publish_one(folder, quads(5))


def diff_lines(release: Release) -> list[bytes]:
    return list(diff.lines(release))


@pytest.mark.slow
def test_a_server_keeps_the_release_before_a_damaged_one(
    whole_pair: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    for number, name in enumerate(names(whole_pair)):
        copy = flipped(whole_pair, tmp_path / str(number), name)
        (copy / "current").unlink()
        (copy / "current").symlink_to("1")
        application = CurrentRelease(Settings(releases=copy, query_workers=1), open_current)
        client = Client(application)
        switch(copy, 2)
        time.sleep(0.01)
        assert client.get("/doc/claim/a/2.ttl").status_code == 200, name
        assert client.get("/doc/claim/a/4.ttl").status_code == 404, name
        assert "release 1 stays" in capfd.readouterr().err, name
        pinned = client.get("/releases/2/doc/claim/a/4.ttl")
        assert pinned.status_code == (404 if name == MANIFEST else 503), name
        assert str(copy) not in pinned.text
        application.close()


def test_commands_say_it_in_one_line(sound: Release, tmp_path: Path) -> None:
    assert quoth("verify-release", "--releases", sound.path.parent, cwd=tmp_path).stdout.startswith("release 1 is what")
    copy = flipped(sound, tmp_path, "claims.nq.gz")
    for command in (["verify-release"], ["query", "ASK {}"], ["serve", "--port", str(free_port())]):
        result = quoth(*command, "--releases", copy, cwd=tmp_path)
        assert (result.returncode, len(result.stderr.splitlines())) == (5, 1), result.stderr
        assert "claims.nq.gz is not the file that was published" in result.stderr


def test_a_damaged_store_is_in_the_way_of_no_plan_and_no_publication(
    sound: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = flipped(sound, tmp_path, "store/CURRENT")
    damaged = Releases(copy).current()
    assert [*diff.about(damaged, [f"{BASE}id/article/a"])] == [*nquads.to_lines(quads(0))]
    monkeypatch.setattr(publish, "VERIFIED_BYTES", 0)  # as if it were large
    with pytest.raises(ReleaseError, match=r"a store is damaged: Corruption.*quoth publish --force"):
        publish_one(copy, quads(5))
    assert {*os.listdir(copy)} == {".lock", "current.json", "1", "current"}
    assert publish_one(copy, quads(5), force=True).number == 2


def test_a_store_that_cannot_be_opened_is_named(sound: Release, tmp_path: Path) -> None:
    copy = flipped(sound, tmp_path, "store/CURRENT")
    with pytest.raises(UnavailableError, match="cannot be opened"):
        EmbeddedEngine(copy / "1" / "store")
