"""The record, beside the releases, of the datasets that were made of them in engines: ``engine.json``.

A dataset is entered before it is made and leaves when it is dropped, so that whatever a killed publication left in an
engine is known to the next one. What is not in the record was made by somebody else, and is never touched.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quoth.errors import ReleaseError
from quoth.release.current import fsync
from quoth.release.release import Release, Releases

RECORD = "engine.json"

Entry = tuple[int, str]
"""The number of a release and its content_sha256, which is another one where words were taken out."""


def entry(release: Release) -> Entry:
    """The entry of a release."""
    return release.number, release.manifest.content_sha256


def read(releases: Path) -> dict[str, Entry]:
    """The datasets, by their URLs (without a user's name and password), each with the release that it is of.

    Raises ReleaseError for a file that cannot be read.
    """
    file = releases / RECORD
    try:
        return parsed(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"the record of the engine's datasets cannot be read: {error}",
            where=str(file),
            remedy="restore it from a copy, or delete it, and in the engine the datasets of these releases",
        ) from None


def parsed(text: bytes) -> dict[str, Entry]:
    """What is in the text of a record. Raises ValueError for one that is none."""
    try:
        rows: Mapping[str, Any] = json.loads(text)
        return {str(url): (int(row["release"]), str(row["content_sha256"])) for url, row in rows.items()}
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no record: {error}") from None


def left(releases: Path) -> dict[str, Entry]:
    """The datasets whose releases are kept no longer, or are not what they were; not those of a release that cannot be
    read. Raises what ``read`` raises."""
    known = Releases(releases)
    kept: dict[int, str | None] = dict.fromkeys(known.numbers())
    kept |= {release.number: release.manifest.content_sha256 for release in known.readable()}
    rows = read(releases).items()
    return {url: (number, sha256) for url, (number, sha256) in rows if kept.get(number, "") not in (None, sha256)}


def write(releases: Path, datasets: Mapping[str, Entry]) -> None:
    """Write the record. The caller has the lock of the folder."""
    rows = {url: {"release": number, "content_sha256": sha256} for url, (number, sha256) in datasets.items()}
    replace(releases, (json.dumps(rows, indent=2) + "\n").encode())


def replace(releases: Path, text: bytes) -> None:
    """Put a text in the place of the record, in one step. The caller has the lock of the folder."""
    spare = releases / f".{RECORD}"
    spare.write_bytes(text)
    fsync(spare)
    os.replace(spare, releases / RECORD)
    fsync(releases)
