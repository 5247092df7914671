"""The files of one release brought into a folder beside the others: linked where a release here has the same, else read
from the source, and each checked before it gets its name. What was begun is gone on with."""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import tenacity

from quoth.claim.model.report import Progress
from quoth.errors import ReleaseError, UnavailableError
from quoth.release.dumps.tables import SEGMENTS
from quoth.release.fetch import contents
from quoth.release.fetch.contents import Piece
from quoth.release.fetch.source import BrokenError, MissingError, Source
from quoth.release.manifest import Manifest
from quoth.release.release import STORE, Release

_AT_A_TIME = 8
"""Files that are fetched at a time: most are small, and the way back and forth takes longer than they do."""
_ATTEMPTS, _LONGEST_PAUSE_S = 5, 10.0
_DAMAGED = "see to the source with quoth verify-release, or try again: what is whole is kept"

Known = Mapping[str, Path]
"""The files of the releases that are here, by the digests that pieces have."""


@dataclass
class Fetched:
    """What it took: the files and bytes that were read from the source, and the files that were linked."""

    files: int = 0
    bytes: int = 0
    linked: int = 0


def known(releases: Iterable[Release]) -> dict[str, Path]:
    """The files of releases that are here, by their digests."""
    found = dict[str, Path]()
    for release in releases:
        files = {**release.manifest.files, **{f"{STORE}/{k}": v for k, v in (release.manifest.store or {}).items()}}
        found |= {file.sha256: release.path / name for name, file in files.items()}
        with suppress(OSError):
            found |= {entry.name: Path(entry.path) for entry in os.scandir(release.path / SEGMENTS)}
    return found


def download(source: Source, manifest: Manifest, folder: Path, here: Known, fetched: Fetched, tell: Progress) -> None:
    """Bring all files of a release but its manifest into a ``folder``, which may have some of them, and count them.

    Raises ReleaseError for files that are not those of the manifest, and where the disk has no room for them, and
    UnavailableError where the source has them no more, refuses, or cannot be reached for long.
    """
    for name in ("", STORE, SEGMENTS):
        (folder / name).mkdir(exist_ok=True)
    number = manifest.release

    def bring(pieces: Iterable[Piece]) -> None:
        missing = [piece for piece in pieces if not _link(piece, folder, here, fetched)]
        needed, free = sum(piece.size for piece in missing), shutil.disk_usage(folder).free
        if needed > free:
            raise ReleaseError(
                f"release {number} needs {needed} bytes more, and {free} are free",
                where=str(folder.parent),
                remedy="free some space there",
            )
        stop = Event()
        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            jobs = {threads.submit(_read, source, number, piece, folder, stop): piece for piece in missing}
            try:
                for done, job in enumerate(as_completed(jobs)):
                    job.result()
                    tell(f"release {number}", done, len(missing))
                    fetched.files += 1
                    fetched.bytes += jobs[job].size
            finally:
                stop.set()
                threads.shutdown(cancel_futures=True)

    index = contents.index(manifest)
    if index is not None:
        bring([index])
    bring([*contents.plain(manifest), *(contents.segments(manifest, folder) if index else ())])


def _link(piece: Piece, folder: Path, here: Known, fetched: Fetched) -> bool:
    """Whether the folder has the piece, from before or by a link to a file that is here."""
    target = folder / piece.name
    if target.exists():
        if piece.is_in(target):
            return True
        target.unlink()
    same = here.get(piece.sha256)
    if same is None or not piece.is_in(same):
        return False
    try:
        os.link(same, target)
    except OSError:  # a file of another user, one with as many names as a file may have, a file system without links
        return False
    fetched.linked += 1
    return True


class _StoppedError(Exception):
    """Another file could not be had, or the command is to end: the rest is for the next one."""


def _read(source: Source, number: int, piece: Piece, folder: Path, stop: Event) -> None:
    """Read a piece from the source, on from where an earlier attempt ended. Raises _StoppedError."""
    target, name = folder / piece.name, f"{number}/{piece.name}"
    part = target.with_name(f".{target.name}")  # no piece has such a name
    for _ in range(2):
        _retrying(source, lambda: _append(source, name, piece, part, stop), stop)
        if piece.is_in(part):
            part.rename(target)
            return
        part.unlink(missing_ok=True)  # begun with another file, perhaps
    raise ReleaseError(f"{name} is not the file that was published", where=source.where, remedy=_DAMAGED)


def _append(source: Source, name: str, piece: Piece, part: Path, stop: Event) -> None:
    with part.open("ab") as file:
        if (size := file.tell()) >= piece.size > 0:
            return
        try:
            for block in source.blocks(name, size):
                if stop.is_set():
                    raise _StoppedError
                if not block:
                    size = file.truncate(0)
                size += len(block)
                if size > piece.size:
                    return  # longer than it should be, so it is another one
                file.write(block)
        except MissingError:
            raise UnavailableError(f"{name} is missing", where=source.where, remedy=_DAMAGED) from None
        if size < piece.size:
            raise BrokenError(f"ended {name} too soon")


def _retrying(source: Source, call: Callable[[], None], stop: Event) -> None:
    """Call again, after pauses, what meets a connection that broke. Raises UnavailableError where it goes on so."""
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(BrokenError),
        stop=tenacity.stop_after_attempt(_ATTEMPTS),
        wait=tenacity.wait_random_exponential(0.5, max=_LONGEST_PAUSE_S),
        sleep=tenacity.sleep_using_event(stop),
        reraise=True,
    )
    try:
        retrying(call)
    except BrokenError as error:
        raise UnavailableError(
            str(error), where=source.where, remedy="run the same command again: it goes on where it stopped"
        ) from None
