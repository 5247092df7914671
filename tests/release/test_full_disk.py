"""A publication for which the disk is too small leaves the old release, and says in one line what to do."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from quoth.release.release import Releases

from .publisher import Publisher

KIB = 1024
MOUNT = 'mount -t tmpfs -o size=16m tmpfs "$0" && exec "$@"'
"""A small disk, in a namespace that goes with the process."""

Disk = tuple[Publisher, Path, Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A publisher with a disk of 16 MiB, the disk's folder as the publisher knows it, and as everybody sees it."""
    command = ("unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, str(tmp_path))
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no file system can be mounted here: {tried.stderr.strip()}")
    with Publisher(command) as publisher:
        assert publisher.publish(tmp_path / "releases", 3) == 0
        yield publisher, tmp_path, publisher.root / tmp_path.relative_to("/")


def check_refused(publisher: Publisher, releases: Path, end: int) -> None:
    """Nothing has changed but the message."""
    assert end == 5
    assert "nothing was published" in publisher.message
    assert "free some space there" in publisher.message
    assert "\n" not in publisher.message
    assert {*os.listdir(releases)} <= {".lock", "current.json", "1", "current"}
    assert claims_of_current(releases) == 3


def claims_of_current(releases: Path) -> int:
    """The number of the claims of the current release, which is whole."""
    with TemporaryDirectory() as copy:  # as Quoth resolves the path, it would look into its own file system
        current = Releases(shutil.copytree(releases, Path(copy, "releases"), symlinks=True)).current()
        current.verify()
        return current.manifest.claims


def fill(folder: Path, left: int) -> None:
    """Leave so many bytes free."""
    (folder / "ballast").unlink(missing_ok=True)
    sizes = os.statvfs(folder)
    with (folder / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(sizes.f_bavail * sizes.f_frsize - left, 1))


@pytest.mark.slow
@pytest.mark.parametrize("force", [False, True], ids=["changed", "made anew"])
def test_on_a_full_disk_the_old_release_stays_and_the_next_publication_recovers(disk: Disk, force: bool) -> None:
    publisher, folder, seen = disk
    left, refused = 0, 0
    while True:
        fill(seen, left)
        if (end := publisher.publish(folder / "releases", 60, force=force)) == 0:
            break
        check_refused(publisher, seen / "releases", end)
        left, refused = left + max(4 * KIB, left // 4 // (4 * KIB) * 4 * KIB), refused + 1
    assert refused > 8
    assert claims_of_current(seen / "releases") == 60
    fill(seen, 0)
    assert publisher.publish(folder / "releases", 61) == 5
    (seen / "ballast").unlink()
    assert publisher.publish(folder / "releases", 61) == 0
    assert {*os.listdir(seen / "releases")} == {".lock", "current.json", "1", "2", "3", "current"}


@pytest.mark.slow
@pytest.mark.parametrize("force", [False, True], ids=["changed", "made anew"])
def test_where_files_may_not_grow_the_old_release_stays(tmp_path: Path, force: bool) -> None:
    folder, refused, most = tmp_path / "releases", 0, 8
    with Publisher() as publisher:
        assert publisher.publish(folder, 3) == 0
        while (end := publisher.publish(folder, 60, force=force, most_bytes=most)) != 0:
            check_refused(publisher, folder, end)
            most, refused = most * 2, refused + 1
    assert refused > 10
    assert claims_of_current(folder) == 60
