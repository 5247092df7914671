"""Retention: which releases are kept, and the disk that each one takes.

A release is removed in one step, by renaming it aside; then its files are deleted, by the next prune or publication if
this one is killed. The current release is never removed, nor the newest one, with whose number and history the next
publication goes on, nor one that a server still serves: a server has a shared lock on the folder of its release.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from quoth.errors import ReleaseError
from quoth.release.current import REMOVING, fsync, lock, sweep
from quoth.release.manifest import MANIFEST
from quoth.release.release import Releases


@dataclass(frozen=True)
class Pruned:
    """The numbers of the releases that are (or would be) ``removed`` and of those that stay because they are
    ``in_use``, oldest first, and the bytes that are ``freed``: not those of files that other releases have too."""

    removed: Sequence[int]
    in_use: Sequence[int]
    freed: int


def prune(folder: Path, keep: int, dry_run: bool = False) -> Pruned:
    """Remove all releases but the current one and the newest ``keep`` (at least 1) that can be read; if ``dry_run``
    none, but say which.

    Raises ReleaseError where a publication is running or a file cannot be removed, NewerReleaseError where a newer
    version of Quoth wrote a release, UnavailableError where none is current.
    """
    with lock(folder, "some of the releases may not have been removed"):
        known = Releases(folder)
        current = known.current().number
        oldest = [release.number for release in known.readable()][-keep:][0]
        return remove(folder, [n for n in known.numbers() if n < oldest and n != current], dry_run)


def remove(folder: Path, numbers: Sequence[int], dry_run: bool = False) -> Pruned:
    """Remove the releases of those ``numbers``, ascending, but for those that a server still serves; if ``dry_run``
    none, but say which. The caller has the lock."""
    with ExitStack() as locks:
        removed, in_use = list[int](), list[int]()
        for number in numbers:
            free = locks.enter_context(_locked(folder / str(number), fcntl.LOCK_EX))
            (removed if free else in_use).append(number)
        rest = [number for number in Releases(folder).numbers() if number not in removed]
        freed = own_bytes([[folder / str(n) for n in numbers] for numbers in (removed, rest)])[0]
        if not dry_run:
            for number in removed:
                (folder / str(number)).rename(folder / f"{REMOVING}{number}")
            fsync(folder)
            sweep(folder)
    return Pruned(removed, in_use, freed)


def own_bytes(groups: Sequence[Sequence[Path]]) -> list[int]:
    """The bytes of the files that each group of folders has alone: a file with hard links in several folders is one."""
    sizes: list[dict[tuple[int, int], int]] = []
    for group in groups:
        sizes.append({})
        for parent, _, names in (entry for path in group for entry in os.walk(path)):
            for name in names:
                status = os.stat(os.path.join(parent, name), follow_symlinks=False)
                sizes[-1][status.st_dev, status.st_ino] = status.st_size
    seen = Counter(inode for group in sizes for inode in group)
    return [sum(size for inode, size in group.items() if seen[inode] == 1) for group in sizes]


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Keep a release, the folder ``path``, from being removed. Raises ReleaseError where it is removed already."""
    with _locked(path, fcntl.LOCK_SH) as there:
        if not there or not (path / MANIFEST).exists():
            raise ReleaseError(f"{path} has just been removed", remedy="try again")
        yield


def in_use(path: Path) -> bool:
    """Whether a server on this machine still serves a release, the folder ``path``, which may be gone."""
    if not path.is_dir():
        return False
    with _locked(path, fcntl.LOCK_EX) as free:
        return not free


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[bool]:
    """A lock on a folder while the context lasts, and whether it could be had; where the file system has none, True."""
    fd = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
            had = True
        except OSError as error:
            had = not isinstance(error, BlockingIOError)
        yield had
    finally:
        os.close(fd)
