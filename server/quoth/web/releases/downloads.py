"""The files of every release in the archive: /releases/<n>/claims.nq and the others, and for those who copy the whole
folder (`quoth fetch-release`) all that it has, under the same names, with the listing /releases/current.json.

A file's ETag is its SHA-256, so an interrupted download resumes where it ended (Range with If-Range, RFC 9110 §14), on
any server that has the release. A file never changes once its release has a number, but for words that have to go by
law: caches may store it, and ask whether it still holds.

The quads are held compressed. claims.nq.gz is that file, for those who unzip it themselves; claims.nq is N-Quads, for
those who load a URL: the same bytes with the content coding gzip (RFC 9110 §8.4.1.3) for a client that takes it, else
uncompressed on the way, and then without ranges.
"""

import base64
import gzip
import hashlib
import os
import re
from typing import BinaryIO

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from quoth.errors import NotFoundError
from quoth.http.content_encoding import preferred_coding
from quoth.release.dumps.tables import SEGMENTS
from quoth.release.integrity import File
from quoth.release.listing import LISTING, Listing
from quoth.release.release import STORE, Release
from quoth.web.core.archive import FILES, PLAIN, SUMS, archive, files_of
from quoth.web.core.responses import validated
from quoth.web.core.site import current_site, sitemap_paths

_CHUNK_BYTES = 1 << 16
_BYTES = "application/octet-stream"
_SHA256 = re.compile("[0-9a-f]{64}", re.ASCII)
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE | re.ASCII)

blueprint = Blueprint("files", __name__)


@blueprint.get("/releases/<int:number>/<name>")
def file(number: int, name: str) -> Response:
    """One file of a release, or a range of it. Raises NotFoundError for other names: no path comes from the request."""
    release = archive().release(number)
    files = files_of(release)
    if name not in files and name not in release.manifest.files:
        raise NotFoundError(f"release {number} has no file {name}", remedy="it has " + ", ".join(files))
    if name == SUMS:
        response = Response(checksums(release), mimetype="text/plain")
        response.add_etag()
    else:
        response = _file(release, name, files.get(name))
    return _conditional(response, release)


@blueprint.get(f"/releases/<int:number>/{STORE}/<name>", defaults={"folder": STORE})
@blueprint.get(f"/releases/<int:number>/{SEGMENTS}/<name>", defaults={"folder": SEGMENTS})
def part(number: int, folder: str, name: str) -> Response:
    """A file of the store of a release, or a segment of its tables. Raises NotFoundError for other names."""
    release = archive().release(number)
    entry = (release.manifest.store or {}).get(name) if folder == STORE else None
    try:
        if entry is None and not (folder == SEGMENTS and _SHA256.fullmatch(name)):
            raise FileNotFoundError
        response = _held((release.path / folder / name).open("rb"))
    except FileNotFoundError:
        remedy = f"copy the release by `quoth fetch-release {current_site().iris.url('releases')}`"
        raise NotFoundError(f"release {number} has no file {folder}/{name}", remedy=remedy) from None
    response.content_type = _BYTES
    # A segment is named by what it unpacks to, and equal texts make equal segments.
    response.set_etag(entry.sha256 if entry else name)
    return _conditional(response, release)


@blueprint.get(f"/releases/{LISTING}")
@sitemap_paths(None)
def listing() -> Response:
    """The listing of the folder of releases. Raises UnavailableError."""
    text = Listing.of(current_site().settings.releases).to_json()
    return validated(lambda: text, hashlib.sha256(text.encode()).hexdigest()[:24], "application/json")


def _conditional(response: Response, release: Release) -> Response:
    """The response with a file, or the part of it that the request asks for, or a 304."""
    response.headers["Cache-Control"] = "no-cache"
    response.last_modified = release.modified
    environ = dict(request.environ)
    if not _one_range():
        environ.pop("HTTP_RANGE", None)
    held = response.accept_ranges != "none"
    try:
        response.make_conditional(environ, accept_ranges=held, complete_length=response.content_length)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _one_range() -> bool:
    """Whether the request asks for one range. The whole file is a right answer to any other Range header, and to HEAD
    (RFC 9110 §14.2); and a weak validator never holds for a part (§13.1.5)."""
    match = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.method != "GET" or request.headers.get("If-Range", "").startswith("W/"):
        return False
    first, last = match[1], match[2]
    return bool(first or last) and not (first and last and int(last) < int(first))


def checksums(release: Release) -> str:
    """The SHA-256 of each file of a release, as sha256sum writes and reads them."""
    return "".join(
        f"{file.sha256}  {name}\n" for name, file in sorted(files_of(release).items()) if file and file.sha256
    )


def _file(release: Release, name: str, entry: File | None) -> Response:
    """The response with a file as the client takes it. ``entry``: what the manifest knows of the file."""
    kept_as = PLAIN.get(name, name)
    held = release.manifest.files.get(kept_as)
    try:
        opened = release.open_file(kept_as) if held else (release.path / kept_as).open("rb")
    except FileNotFoundError:
        raise NotFoundError(
            f"the file {name} of release {release.number} is missing", remedy="restore it from a copy"
        ) from None
    coded = name in PLAIN and preferred_coding(request.headers.get("Accept-Encoding", ""), ("gzip",)) == "gzip"
    if name in PLAIN and not coded:
        response = _uncompressed(opened, entry)
    else:
        response = _held(opened)
        entry = held
    if name in PLAIN:
        response.vary.add("Accept-Encoding")
    if coded:
        response.headers["Content-Encoding"] = "gzip"
    # Not as the media type, to which Werkzeug would add a second charset.
    response.content_type = FILES[name][0] if name in FILES else _BYTES
    if entry is not None and entry.sha256:
        response.set_etag(entry.sha256)
        # RFC 9530 §3: the digest of the whole representation in its coding, the same for every range.
        digest = base64.b64encode(bytes.fromhex(entry.sha256)).decode("ascii")
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    elif held is not None:
        response.set_etag(f"{held.sha256}-plain")
    else:
        response.direct_passthrough = False
        response.add_etag()
    return response


def _held(opened: BinaryIO) -> Response:
    """A file as it is."""
    response = Response(FileWrapper(opened, _CHUNK_BYTES), direct_passthrough=True)
    response.content_length = opened.seek(0, os.SEEK_END)
    opened.seek(0)
    return response


def _uncompressed(packed: BinaryIO, entry: File | None) -> Response:
    """What is in a compressed file, as a stream; its length where that is known."""
    file = gzip.open(packed)  # noqa: SIM115  # the response closes both
    response = Response(FileWrapper(file, _CHUNK_BYTES), direct_passthrough=True)  # type: ignore[arg-type]
    response.call_on_close(packed.close)
    if entry is not None:
        response.content_length = entry.bytes
    response.accept_ranges = "none"
    return response
