"""The archive: the releases beside the current one, with their files and, where their stores remain, their documents.

A release is opened read-only when a request asks for it, and the few that were used last stay open (the setting
``open_releases``). Closing a release waits for nothing: a request that still reads the release holds its store, which
goes with the last such request.
"""

import contextlib
import dataclasses
import sys
import threading
from collections.abc import Iterable

from cachetools import LRUCache
from flask import current_app

from quoth.errors import GoneError, NotFoundError, QuothError, ReleaseError
from quoth.formats import NQUADS, TRIG
from quoth.release.history.schema import HISTORY
from quoth.release.integrity import File
from quoth.release.manifest import MANIFEST
from quoth.release.open import open_archived
from quoth.release.questions import QUESTIONS
from quoth.release.release import Release, Releases
from quoth.web.core.problem_details import HttpError
from quoth.web.core.site import Site, make_site

SUMS = "SHA256SUMS"
PLAIN = {"claims.trig": "claims.trig.gz", "claims.nq": "claims.nq.gz"}
"""The files that a release holds compressed alone: the name of each → that of the compressed file."""
FILES = {
    "claims.trig": (TRIG.content_type, "every quad, as TriG"),
    "claims.nq": (NQUADS.content_type, "every quad, as N-Quads"),
    "claims.trig.gz": ("application/gzip", "the same TriG, compressed"),
    "claims.nq.gz": ("application/gzip", "the same N-Quads, compressed"),
    "graphs.tsv.gz": ("application/gzip", "the named graphs and how many triples each has, as TSV"),
    "documents.tsv.gz": ("application/gzip", "what has a document, and how many links lead to it, as TSV"),
    "gone.tsv.gz": ("application/gzip", "what had a document in an earlier release, as TSV"),
    HISTORY: ("application/vnd.sqlite3", "what each release added, changed and withdrew, as SQLite"),
    "statistics.json": ("application/json", "how often each class and property is used"),
    QUESTIONS: ("application/json", "the questions that are about this data, as SPARQL"),
    MANIFEST: ("application/json", "counts and checksums"),
    SUMS: ("text/plain; charset=utf-8", "the checksums, for sha256sum --check"),
    "report.ttl": ("text/turtle; charset=utf-8", "the validation report (SHACL)"),
    "report.json": ("application/json", "the same, as the check writes it"),
}
"""The files of a release that can be downloaded, those to load by their URL first: name → media type, description."""


def files_of(release: Release) -> dict[str, File | None]:
    """The files that can be downloaded, in the order of FILES, with size and SHA-256 where the manifest has them. It
    does not have its own; that of an earlier version does not have those of what is held compressed alone."""
    manifest = release.manifest
    known = {**manifest.files, **(manifest.uncompressed or {})}
    held = {SUMS, MANIFEST, *manifest.files}
    return {name: known.get(name) for name in FILES if PLAIN.get(name, name) in held}


class ReleaseArchive:
    """The releases in the folder of the release that ``current`` serves, and the sites of their documents."""

    def __init__(self, current: Site) -> None:
        self._current = current
        self._releases = Releases(current.settings.releases)
        self._open = _OpenSites(current.settings.open_releases)
        self._own = _pinned(current)
        self._lock = threading.Lock()

    def release(self, number: int) -> Release:
        """The release of that number. Raises NotFoundError, and GoneError for one that was kept once."""
        if number == self._current.release.number:
            return self._current.release
        try:
            return self._releases.open(number)
        except (NotFoundError, ReleaseError) as error:
            numbers, past = ", ".join(map(str, self._releases.numbers())), self._current.past
            if past is None or isinstance(error, ReleaseError) or number not in dict(past.releases()):
                raise NotFoundError(f"release {number} is not kept here", remedy=f"kept releases: {numbers}") from None
        url = self._current.iris.url(f"releases/{number}/changes")
        remedy = f"kept releases: {numbers}; what it changed is still at {url}"
        raise GoneError(f"release {number} is no longer kept", remedy=remedy, links=[(url, "related", None)])

    def releases(self, limit: int = sys.maxsize) -> list[Release]:
        """The newest releases that can be read, at most ``limit`` of them, the newest first; always the current one."""
        releases = [self._current.release]
        for number in reversed(self._releases.numbers()):
            if len(releases) < limit and number != self._current.release.number:
                with contextlib.suppress(QuothError):  # damaged, or just removed
                    releases.append(self._releases.open(number))
        return sorted(releases, key=lambda release: -release.number)

    def close(self, numbers: Iterable[int]) -> None:
        """Close releases that are no longer kept, or were made anew, so that the disk is free of them."""
        with self._lock:
            for number in numbers:
                self._open.close(number)

    def site(self, number: int) -> Site:
        """The site whose documents are those of that release. Raises NotFoundError, GoneError."""
        release = self.release(number)
        if not self._current.serves(number):
            raise NotFoundError(
                f"the documents of release {number} are not served here: its store was not kept",
                remedy=f"see the current documents, {self._current.iris.url('doc/…')}",
            )
        if number == self._current.release.number:
            return self._own
        with self._lock:
            site = self._open.get(number)
            if site is None or site.release.manifest != release.manifest:
                self._open.close(number)
                engine = open_archived(release, self._current.engine)
                site = self._open[number] = _pinned(make_site(self._current.settings, engine, release))
        return site

    def queryable(self, number: int) -> Site:
        """The site of that release, whose engine answers ad-hoc queries. Raises NotFoundError, GoneError, and HttpError
        (501) where another server answers queries, which has the current release alone."""
        release = self.release(number)
        if self._current.settings.engine and number != self._current.release.number:
            raise HttpError(
                501,
                "Not implemented",
                f"queries of this server go to an engine that has release {self._current.release.number} alone",
                f"load {self._current.iris.url(f'releases/{release.number}/claims.trig')} into a store of your own",
            )
        return self.site(number)


class _OpenSites(LRUCache[int, Site]):
    """The sites of the releases that were used last. One that is closed can still be read by those who began before."""

    def popitem(self) -> tuple[int, Site]:
        """Close the one that was not used for longest."""
        number, site = super().popitem()
        site.engine.close()
        return number, site

    def close(self, number: int) -> None:
        """Close the site of a release, if it is open."""
        if site := self.pop(number, None):
            site.engine.close()


def _pinned(site: Site) -> Site:
    """The same site, with the documents of its release."""
    iris = dataclasses.replace(site.iris, documents=f"releases/{site.release.number}/doc")
    return dataclasses.replace(site, pinned=True, iris=iris)


def archive() -> ReleaseArchive:
    """The archive of the application that serves the current request."""
    archive: ReleaseArchive = current_app.extensions["quoth-archive"]
    return archive
