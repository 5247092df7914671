"""Retention: which releases are removed, when, and what a prune that was killed leaves."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quoth.errors import ReleaseError, UnavailableError
from quoth.release.current import roll_back
from quoth.release.release import Releases
from quoth.release.retention import hold, own_bytes, prune

from .publishing import quads, release


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("five") / "releases"
    for claims in range(1, 6):
        release(folder, quads(claims))
    return folder


@pytest.fixture
def folder(five: Path, tmp_path: Path) -> Path:
    # cp keeps hard links, which copytree does not.
    subprocess.run(["cp", "-a", str(five), str(tmp_path)], check=True)
    return tmp_path / "releases"


def disk(folder: Path) -> int:
    """The bytes of all files of releases, each counted once."""
    entries = [path.stat() for path in folder.glob("[0-9]*/**/*") if path.is_file() and not path.is_symlink()]
    return sum({entry.st_ino: entry.st_size for entry in entries}.values())


@pytest.mark.parametrize(("keep", "removed"), [(9, []), (5, []), (3, [1, 2]), (1, [1, 2, 3, 4])])
def test_the_newest_releases_are_kept(folder: Path, keep: int, removed: list[int]) -> None:
    before = disk(folder)
    assert prune(folder, keep, dry_run=True).removed == removed
    assert Releases(folder).numbers() == [1, 2, 3, 4, 5]
    pruned = prune(folder, keep)
    assert (pruned.removed, pruned.in_use) == (removed, [])
    assert pruned.freed == before - disk(folder)
    assert (pruned.freed > 0) == bool(removed)
    assert set(os.listdir(folder)) == {".lock", "current.json", "current", *map(str, {1, 2, 3, 4, 5} - set(removed))}
    for kept in Releases(folder).all():
        kept.verify()
    assert release(folder, quads(7)).number == 6


def test_the_current_release_is_kept_however_old_it_is(folder: Path) -> None:
    roll_back(folder, 2)
    assert prune(folder, 1).removed == [1, 3, 4]
    assert Releases(folder).numbers() == [2, 5]
    assert Releases(folder).current().number == 2


def test_a_damaged_release_does_not_count(folder: Path) -> None:
    (folder / "4" / "manifest.json").write_text("{")
    assert prune(folder, 2).removed == [1, 2]
    assert Releases(folder).numbers() == [3, 4, 5]


def test_a_release_that_is_served_stays_until_it_is_not(folder: Path) -> None:
    with hold(folder / "3"):
        pruned = prune(folder, 1)
        assert (pruned.removed, pruned.in_use) == ([1, 2, 4], [3])
    assert prune(folder, 1).removed == [3]
    with pytest.raises((ReleaseError, OSError)), hold(folder / "3"):
        pass


def test_a_release_that_is_being_removed_cannot_be_served(folder: Path) -> None:
    fd = os.open(folder / "1", os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    with pytest.raises(ReleaseError, match="removed"), hold(folder / "1"):
        pass
    os.close(fd)
    with hold(folder / "1"):
        pass


def test_nothing_is_removed_during_a_publication(folder: Path) -> None:
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="another publication is running"):
            prune(folder, 1)
    assert Releases(folder).numbers() == [1, 2, 3, 4, 5]


def test_where_none_is_current_none_is_removed(folder: Path, tmp_path: Path) -> None:
    (folder / "current").unlink()
    for path in (folder, tmp_path / "none"):
        with pytest.raises(UnavailableError):
            prune(path, 1)
    assert Releases(folder).numbers() == [1, 2, 3, 4, 5]


KILLED = """
import os, signal, sys
from pathlib import Path
from quoth.release.retention import prune
count = 0
def audit(event, arguments):
    global count
    if event in ("os.rename", "os.remove", "os.rmdir"):
        count += 1
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(audit)
prune(Path(sys.argv[1]), 3)
"""
"""A prune that ends itself before its nth change of the folder: two releases are renamed, then their files go."""


@pytest.mark.parametrize("last", [1, 2, 3, 10, 20])
@pytest.mark.parametrize("sweeper", ["prune", "publish"])
def test_a_killed_prune_leaves_whole_releases_and_is_swept(folder: Path, last: int, sweeper: str) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(last)], check=False)
    assert ended.returncode == -signal.SIGKILL
    kept = Releases(folder).all()
    assert [r.number for r in kept] == [1, 2, 3, 4, 5][min(last - 1, 2) :]
    for each in kept:
        each.verify()
    assert Releases(folder).current().number == 5
    left = [name for name in os.listdir(folder) if name.startswith(".removing-")]
    assert bool(left) == (last > 1)
    if sweeper == "prune":
        assert prune(folder, 3).removed == [1, 2][min(last - 1, 2) :]
    else:
        release(folder, quads(8))
    assert not [name for name in os.listdir(folder) if name.startswith(".removing-")]


def test_bytes_are_of_its_own_where_no_other_folder_has_them(tmp_path: Path) -> None:
    for name, size in (("a/x", 10), ("a/y/z", 5), ("b/x", 7)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    os.link(tmp_path / "a" / "x", tmp_path / "b" / "linked")
    os.link(tmp_path / "b" / "x", tmp_path / "b" / "again")
    a, b = tmp_path / "a", tmp_path / "b"
    assert own_bytes([[a], [b]]) == [5, 7]
    assert own_bytes([[a, b]]) == [22]
