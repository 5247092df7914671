"""The files of every release that is kept: /releases/<n>/claims.trig.gz and the others.

A file never changes once its release has a number: it may be kept for good, its ETag is its SHA-256, and so a download
that broke off goes on where it ended (Range with If-Range, RFC 9110 §14), with whichever server has the release.
"""

import base64
import re
from datetime import datetime

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from quoth.errors import NotFoundError, QuothError
from quoth.release.release import MANIFEST, Release, Releases
from quoth.web.releases.archive import kept as releases
from quoth.web.core.site import Site

SUMS = "SHA256SUMS"
FILES = {
    "claims.trig.gz": ("application/gzip", "every quad, as TriG"),
    "claims.nq.gz": ("application/gzip", "every quad, as N-Quads"),
    "graphs.tsv.gz": ("application/gzip", "the named graphs and how many triples each has, as TSV"),
    "documents.tsv.gz": ("application/gzip", "what has a document, and how many links lead to it, as TSV"),
    "gone.tsv.gz": ("application/gzip", "what had a document in an earlier release, as TSV"),
    "statistics.json": ("application/json", "how often each class and property is used"),
    MANIFEST: ("application/json", "counts and checksums"),
    SUMS: ("text/plain; charset=utf-8", "the checksums, for sha256sum --check"),
    "report.ttl": ("text/turtle; charset=utf-8", "the validation report (SHACL)"),
    "report.json": ("application/json", "the same, as the check writes it"),
}
"""File name → media type and what it is."""

IMMUTABLE = "public, max-age=31536000, immutable"

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE | re.ASCII)

blueprint = Blueprint("files", __name__)


def kept(here: Site, limit: int) -> list[Release]:
    """The releases whose files can be had, the newest first; the current one is always among them."""
    known = Releases(here.settings.releases)
    found = [here.release]
    for number in reversed(known.numbers()):
        if len(found) >= limit:
            break
        try:
            found += [known.open(number)] if number != here.release.number else []
        except QuothError:
            continue  # damaged, or just removed
    return sorted(found, key=lambda release: -release.number)


@blueprint.get("/releases/<int:number>/<name>")
def file(number: int, name: str) -> Response:
    """One file of a release, or a range of it. Raises NotFoundError for any other name: no path comes from the request."""
    release = releases().release(number)
    there = {SUMS, MANIFEST, *release.manifest.files}
    if name not in FILES or name not in there:
        raise NotFoundError(
            f"release {number} has no file {name}", remedy="it has " + ", ".join(f for f in FILES if f in there)
        )
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
    """Whether one range is asked for. The whole is a right answer to whatever else a Range header may say, and to HEAD
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
    # A type has to be given, or the file's name would be taken for a content coding.
    response = send_file(path, mimetype="application/octet-stream", conditional=False, etag=False)
    # As it stands: a media type that is given as one would get a second charset.
    response.content_type = FILES[name][0]
    counted = release.manifest.files.get(name)
    if counted is None:
        response.direct_passthrough = False
        response.add_etag()
    else:
        response.set_etag(counted.sha256)
        # RFC 9530 §3: of the representation, so the same for every range of it.
        digest = base64.b64encode(bytes.fromhex(counted.sha256)).decode("ascii")
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
