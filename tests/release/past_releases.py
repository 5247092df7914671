"""Releases as earlier versions of Quoth made them, put together from what those versions wrote, as text.

A folder of ``past`` has the files of one release of three claims, decompressed, with its manifest as it was; the index
is there as statements of SQL, and the store is loaded from the N-Quads.
"""

import gzip
import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pyoxigraph as ox

PAST = Path(__file__).parent / "past"
VERSIONS = sorted(folder.name for folder in PAST.iterdir())


def build(version: str, releases: Path) -> Path:
    """Put the release of a version into the folder ``releases``, as its number 1 and the current one."""
    release = releases / "1"
    release.mkdir(parents=True)
    for file in (PAST / version).iterdir():
        match file.suffix:
            case ".sql":
                with sqlite3.connect(release / f"{file.stem}.sqlite") as connection:
                    connection.executescript(file.read_text("utf-8"))
                connection.close()
            case ".nq" | ".tsv":
                (release / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
            case _:
                shutil.copy(file, release)
    quads = list(ox.parse(path=str(PAST / version / "claims.nq")))
    trig = ox.serialize(quads, format=ox.RdfFormat.TRIG)
    assert trig is not None
    (release / "claims.trig.gz").write_bytes(gzip.compress(trig, mtime=0))
    store = ox.Store(str(release / "store"))
    store.bulk_extend(quads)
    store.flush()
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    for name in manifest["files"]:  # compressed and filled by other versions of the libraries
        data = (release / name).read_bytes()
        manifest["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (release / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    (releases / "current").symlink_to("1")
    return release
