"""The sizes and digests of the files of a release, for its manifest."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quoth.claim.model.namespaces import QUOTH
from quoth.release.build.content import Content
from quoth.release.dumps import nquads
from quoth.release.dumps.segments import Segment
from quoth.release.dumps.tables import NQUADS, TRIG, concatenated
from quoth.release.integrity import File
from quoth.release.manifest import FORMAT, MANIFEST, SOFTWARE
from quoth.release.release import STORE, Release

DIGESTED_BYTES = 256 * 2**20
"""Of a dump that is larger uncompressed, no digest of that form is given: to make it takes longer than all else."""


def entries(content: Content, building: Path, last: Release | None) -> dict[str, Any]:
    """The entries of the manifest that are counted or hashed, for ``content`` that was made in a folder. Of the files
    of the store, those that are linked from the ``last`` release are not hashed again."""
    return {
        "format": FORMAT,
        "software": SOFTWARE,
        "quads": content.quads,
        "asserted": content.statistics.asserted.triples,
        "graphs": content.graphs,
        "claims": content.claims,
        "claims_other_encodings": content.statistics.asserted.classes.get(QUOTH.Claim.value, 0) - content.claims,
        "articles": content.statistics.articles,
        "content_sha256": content.sha256,
        "files": files(building, content.segments),
        "store": store(building, last),
        "uncompressed": uncompressed(content.segments),
    }


def files(folder: Path, segments: Mapping[str, Sequence[Segment]]) -> dict[str, File]:
    """The files of a release, and the tables that are kept in ``segments``: each as if it were one file."""
    found = {}
    for name, members in segments.items():
        with concatenated(members) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[name] = File(file.tell(), digest)
    plain = (path for path in sorted(folder.iterdir()) if path.is_file() and path.name != MANIFEST)
    return dict(sorted((found | {path.name: _file(path) for path in plain}).items()))


def uncompressed(segments: Mapping[str, Sequence[Segment]]) -> dict[str, File]:
    """The dumps, uncompressed; without a digest where they are large."""
    return {name.removesuffix(".gz"): _uncompressed(segments[name]) for name in (NQUADS, TRIG)}


def store(folder: Path, last: Release | None) -> dict[str, File]:
    """The files of the store. Those that are linked from the ``last`` release have the digests of its manifest."""
    found = {}
    for path in sorted((folder / STORE).iterdir()):
        if path.is_file() and not path.name.startswith(("LOCK", "LOG")):  # they have no data
            known = (last.manifest.store or {}).get(path.name) if last else None
            linked = known and last and _is_same(last.store_path / path.name, path)
            found[path.name] = known if known and linked else _file(path)
    return found


def _is_same(one: Path, other: Path) -> bool:
    return one.is_file() and one.samefile(other)


def _file(path: Path) -> File:
    return File(path.stat().st_size, nquads.sha256(path))


def _uncompressed(segments: Sequence[Segment]) -> File:
    size = sum(segment.uncompressed for segment in segments)
    if size > DIGESTED_BYTES:
        return File(size, "")
    digest = hashlib.sha256()
    for segment in segments:
        digest.update(segment.text())
    return File(size, digest.hexdigest())
