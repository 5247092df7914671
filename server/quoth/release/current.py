"""Which release of a folder is current: it is switched in one step, by one process at a time."""

import ctypes
import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from quoth.errors import ReleaseError, reason
from quoth.release import listing
from quoth.release.release import CURRENT, Release, Releases

BUILDING, REMOVING, COPIED, _SWITCHING = ".building-", ".removing-", ".copied-", ".current-"
"""The names of what is not, or no longer, a release begin with these."""


@contextmanager
def lock(releases: Path, failure: str = "nothing was published") -> Iterator[None]:
    """Keep other publications out of the folder, which is made, and whose listing is written at the end. The lock ends
    with the process, however that ends.

    Raises ReleaseError where another publication is running, and for what the system or SQLite cannot do meanwhile,
    with what this ``failure`` means.
    """
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with (releases / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ReleaseError(
                    f"another publication is running in {releases}", remedy="wait until it has finished"
                ) from None
            try:
                yield
            finally:
                listing.write(releases)
    except (OSError, sqlite3.Error) as error:
        raise ReleaseError(
            f"{failure}: {reason(error)}",
            where=str(releases),
            remedy="free some space there, allow writing, or name another directory with --releases",
        ) from None
    except RuntimeError as error:
        if not str(error).startswith("Corruption"):  # as the engine says of the files of a store
            raise
        raise ReleaseError(
            f"{failure}: a store is damaged: {error}",
            where=str(releases),
            remedy="make the next release without the last one: `quoth publish --force`",
        ) from None


def switch(releases: Path, number: int, since: datetime | None = None) -> None:
    """Make a release the current one, which it is ``since`` that time, else from now on. The caller has the lock."""
    link = releases / f"{_SWITCHING}{number}"
    link.symlink_to(str(number))
    if since is not None:
        os.utime(link, (since.timestamp(), since.timestamp()), follow_symlinks=False)
    os.replace(link, releases / CURRENT)
    fsync(releases)


def sweep(releases: Path) -> None:
    """Delete what a publication or a prune that was killed left, and copies of stores (open.py), which servers make
    anew. The caller has the lock."""
    for entry in releases.iterdir():
        if entry.name.startswith((BUILDING, REMOVING, COPIED)):
            shutil.rmtree(entry, ignore_errors=entry.name.startswith(COPIED))
        elif entry.name.startswith(_SWITCHING):
            entry.unlink()


def roll_back(
    releases: Path, number: int | None = None, stage: Callable[[Release], None] = lambda release: None
) -> Release:
    """Make an earlier release the current one again, which is returned: that of the number, or the last one before.

    Its files are compared with its manifest first, and it is given to ``stage``. Raises NotFoundError,
    ReleaseError, UnavailableError.
    """
    with lock(releases, "the current release stays"):
        sweep(releases)
        known = Releases(releases)
        if number is None:
            current = known.current_number()
            earlier = [n for n in known.numbers() if n < current]
            if not earlier:
                raise ReleaseError(f"there is no release before {current} in {releases}")
            number = earlier[-1]
        release = known.open(number)
        release.verify()
        stage(release)
        switch(releases, number)
    return release


def exchange(one: Path, other: Path) -> None:
    """Give each of two folders the name of the other, in one step. Raises ReleaseError where the system or the file
    system cannot do that, and OSError for what else it says."""
    libc = ctypes.CDLL(None, use_errno=True)
    at_cwd, exchanging = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2(2)
    rename = getattr(libc, "renameat2", None)
    if rename is not None and not rename(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchanging):
        return
    number = errno.ENOSYS if rename is None else ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        raise ReleaseError(
            f"no folder in {one.parent} can be exchanged for another in one step, as a redaction does",
            remedy="copy the releases to a file system on Linux that can, such as ext4, Btrfs or XFS, redact there, and"
            " copy them back in place of these",
        )
    raise OSError(number, os.strerror(number))


def check_exchange(releases: Path) -> None:
    """Raise the ReleaseError of ``exchange`` where folders of releases could not be exchanged. The caller has the
    lock."""
    one, other = (releases / f"{BUILDING}exchange-{number}" for number in (1, 2))
    try:
        one.mkdir()
        other.mkdir()
        exchange(one, other)
    finally:
        sweep(releases)


def sync(folder: Path) -> None:
    """Have the system write a folder to disk, with all that is in it but the files that have other names, too: they are
    of an earlier release, and on disk already."""
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            if path.stat().st_nlink == 1:
                fsync(path)
        fsync(Path(parent))


def fsync(path: Path) -> None:
    """Have the system write a file or folder to disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
