"""The files of every release in the archive: /releases/<n>/claims.trig.gz and the others.

A file never changes once its release has a number, so caches may store it for ever. Its ETag is its SHA-256, so an
interrupted download resumes where it ended (Range with If-Range, RFC 9110 §14), on any server that has the release.
"""

import base64
import re
from datetime import datetime

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from quoth.errors import NotFoundError
from quoth.release.release import MANIFEST, Release
from quoth.web.core.archive import FILES, IMMUTABLE, SUMS, archive

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE | re.ASCII)

blueprint = Blueprint("files", __name__)


@blueprint.get("/releases/<int:number>/<name>")
def file(number: int, name: str) -> Response:
    """One file of a release, or a range of it. Raises NotFoundError for other names: no path comes from the request."""
    release = archive().release(number)
    names = [name for name in FILES if name in {SUMS, MANIFEST, *release.manifest.files}]
    if name not in names:
        raise NotFoundError(f"release {number} has no file {name}", remedy="it has " + ", ".join(names))
    if name == SUMS:
        response = Response(checksums(release), mimetype="text/plain")
        response.add_etag()
    else:
        response = _file(release, name)
    response.headers["Cache-Control"] = IMMUTABLE
    response.last_modified = datetime.fromisoformat(release.manifest.created)
    environ = dict(request.environ)
    if not _one_range():
        environ.pop("HTTP_RANGE", None)
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=response.content_length)
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
    return "".join(f"{file.sha256}  {name}\n" for name, file in sorted(release.manifest.files.items()) if name in FILES)


def _file(release: Release, name: str) -> Response:
    path = release.path / name
    if not path.is_file():
        raise NotFoundError(f"the file {name} of release {release.number} is missing", remedy="restore it from a copy")
    # Without a type, Werkzeug would take the suffix of the file's name for a content coding.
    response = send_file(path, mimetype="application/octet-stream", conditional=False, etag=False)
    # Not as the media type, to which Werkzeug would add a second charset.
    response.content_type = FILES[name][0]
    entry = release.manifest.files.get(name)
    if entry is None:
        response.direct_passthrough = False
        response.add_etag()
    else:
        response.set_etag(entry.sha256)
        # RFC 9530 §3: the digest of the whole representation, the same for every range.
        digest = base64.b64encode(bytes.fromhex(entry.sha256)).decode("ascii")
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
