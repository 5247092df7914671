"""The listing of a folder of releases, ``current.json``: which release is current, since when, and which are kept.

Whoever copies the folder over HTTP begins with it (fetch), since a web server or an object storage shows neither links
nor folders. It says the same as the link ``current`` and the folders, by which everybody else goes.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from quoth.errors import UnavailableError
from quoth.release.manifest import MANIFEST
from quoth.release.release import CURRENT, Releases

LISTING = "current.json"


@dataclass(frozen=True)
class Entry:
    """A release: the SHA-256 of its manifest in hexadecimal, and the time of that file, which is a later one where the
    release was made anew."""

    manifest_sha256: str
    modified: datetime


@dataclass(frozen=True)
class Listing:
    """The number of the ``current`` release, the time ``since`` when it is, and the ``releases`` by their numbers,
    ascending. Times are in UTC, in whole seconds."""

    current: int
    since: datetime
    releases: Mapping[int, Entry]

    @classmethod
    def of(cls, releases: Path) -> Self:
        """The listing of a folder. Raises UnavailableError where nothing is published or it cannot be read."""
        known = Releases(releases)
        current, entries = known.current_number(), {}
        for number in known.numbers():
            file = releases / str(number) / MANIFEST
            try:
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                entries[number] = Entry(digest, _modified(file))
            except OSError:  # damaged, or just removed
                continue
        return cls(current, _modified(releases / CURRENT), entries)

    def to_json(self) -> str:
        """The text of the file."""
        entries = {
            str(number): {"manifest_sha256": entry.manifest_sha256, "modified": _utc(entry.modified)}
            for number, entry in self.releases.items()
        }
        value = {"current": self.current, "since": _utc(self.since), "releases": entries}
        return json.dumps(value, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """The listing in a file. Raises ValueError, TypeError, KeyError, AttributeError or RecursionError for what is
        none."""
        value = json.loads(text)
        entries = {
            int(number): Entry(str(entry["manifest_sha256"]), datetime.fromisoformat(entry["modified"]))
            for number, entry in value["releases"].items()
        }
        current, since = value["current"], datetime.fromisoformat(value["since"])
        if (
            type(current) is not int
            or current not in entries
            or min(entries) < 1
            or any(time.tzinfo is None or not 1970 <= time.year < 9999 for time in (since, *_times(entries)))
        ):
            raise ValueError("the current release is not among those that are kept, or a time is none or in no zone")
        return cls(current, since, dict(sorted(entries.items())))


def write(releases: Path) -> None:
    """Write the listing of a folder in one step, if a release is current there and it is another than before. The
    caller has the lock. Where it cannot be written, there is none: a copy finds that out, but not that one is old."""
    file = releases / LISTING
    try:
        text = Listing.of(releases).to_json()
        if file.is_file() and file.read_text("utf-8") == text:
            return
    except UnavailableError:
        return
    spare = releases / f".current-{LISTING}"  # swept if this is killed
    try:
        with spare.open("w", encoding="utf-8") as written:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
        os.replace(spare, file)
    except OSError:
        for path in (spare, file):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _times(entries: Mapping[int, Entry]) -> list[datetime]:
    return [entry.modified for entry in entries.values()]


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.lstat().st_mtime), UTC)


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
