"""A flipped byte in any file of a release is found before the release is served, and by quoth verify-release."""

import shutil
from pathlib import Path

import pytest

from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.errors import QuothError, ReleaseError, UnavailableError
from quoth.release.open import open_current
from quoth.release.release import MANIFEST, Release, Releases
from quoth.release.tables import SEGMENTS

from ..cli.commands import quoth
from ..serving import free_port
from .publishing import release as publish_one


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish_one(tmp_path_factory.mktemp("sound") / "releases")


def flipped(release: Release, folder: Path, name: str) -> Path:
    """A copy of the folder of releases with one byte of a file changed, in the middle."""
    copy = folder / "releases"
    shutil.copytree(release.path.parent, copy, symlinks=True)
    if tables := release.segments().get(name):
        name = f"{SEGMENTS}/{tables[-1].sha256}"
    file = copy / str(release.number) / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x40
    file.write_bytes(data)
    return copy


def test_every_file_with_data_is_listed(sound: Release) -> None:
    held = {path.relative_to(sound.path).as_posix() for path in sound.path.rglob("*") if path.is_file()}
    segments = {f"{SEGMENTS}/{segment.sha256}" for members in sound.segments().values() for segment in members}
    listed = {*sound.manifest.files, *(f"store/{name}" for name in sound.manifest.store or ()), MANIFEST, *segments}
    assert {name for name in held - listed if not name.startswith(("store/LOCK", "store/LOG"))} == set()


def test_a_flipped_byte_in_any_file_is_found(sound: Release, tmp_path: Path) -> None:
    names = [*sound.manifest.files, *(f"store/{name}" for name in sound.manifest.store or ())]
    empty = {name for name in names if name.startswith("store/") and not (sound.path / name).stat().st_size}
    for number, name in enumerate(name for name in names if name not in empty):
        copy = flipped(sound, tmp_path / str(number), name)
        with pytest.raises(ReleaseError, match="is not the file that was published"):
            Releases(copy).open(sound.number).verify()
        with pytest.raises(ReleaseError):
            open_current(Settings(releases=copy))


def test_a_flipped_byte_in_the_manifest_is_found(sound: Release, tmp_path: Path) -> None:
    copy = flipped(sound, tmp_path, MANIFEST)
    with pytest.raises(QuothError):
        open_current(Settings(releases=copy))


def test_commands_say_it_in_one_line(sound: Release, tmp_path: Path) -> None:
    assert quoth("verify-release", "--releases", sound.path.parent, cwd=tmp_path).stdout.startswith("release 1 is what")
    copy = flipped(sound, tmp_path, "claims.nq.gz")
    for command in (["verify-release"], ["query", "ASK {}"], ["serve", "--port", str(free_port())]):
        result = quoth(*command, "--releases", copy, cwd=tmp_path)
        assert (result.returncode, len(result.stderr.splitlines())) == (5, 1), result.stderr
        assert "claims.nq.gz is not the file that was published" in result.stderr


def test_a_store_that_cannot_be_opened_is_named(sound: Release, tmp_path: Path) -> None:
    copy = flipped(sound, tmp_path, "store/CURRENT")
    with pytest.raises(UnavailableError, match="cannot be opened"):
        EmbeddedEngine(copy / "1" / "store")
