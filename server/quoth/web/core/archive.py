"""The archive: the releases beside the current one, with their files and, where their stores remain, their documents.

A release is opened read-only when a request asks for it, and the few that were used last stay open (the setting
``open_releases``). Closing a release waits for nothing: a request that still reads the release holds its store, which
goes with the last such request.
"""

import contextlib
import dataclasses
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import pyoxigraph as ox
from cachetools import LRUCache, cached
from flask import current_app

from quoth.engine.api.interface import Engine
from quoth.errors import GoneError, NotFoundError, QuothError, ReleaseError
from quoth.formats import NQUADS, TRIG
from quoth.release.history.past_changes import PastChanges
from quoth.release.history.schema import HISTORY
from quoth.release.integrity import File
from quoth.release.manifest import MANIFEST
from quoth.release.open import Copy, open_archived, open_copy, open_staged
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
        self._copies = _Copies(current.settings.open_releases)
        self._elsewhere = LRUCache[tuple[int, str], Engine](current.settings.open_releases)
        self._own = _pinned(current)
        self._lock, self._copying = threading.Lock(), threading.Lock()

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

    def rolled_back(self) -> list[Release]:
        """The releases of the dataset that were current after the current one was made, before that was current again;
        the newest first."""
        current, since = self._current.release, self._current.switched
        later = []
        for number in reversed(self._releases.numbers()):
            if since is None or number <= current.number:
                break
            with contextlib.suppress(QuothError):  # damaged, or just removed
                release = self._releases.open(number)
                # One that is just being published is newer than the switch to the current one.
                if release.manifest.base == current.manifest.base and release.manifest.created <= _utc(since):
                    later.append(release)
        return later

    def past(self) -> PastChanges | None:
        """The history of the newest release, even where it was rolled back: what was told once is not lost. None where
        the current release has none."""
        rolled_back = self.rolled_back() if self._current.past else []
        return next(filter(None, map(_whole_past, rolled_back)), self._current.past)

    def close(self, numbers: Iterable[int]) -> None:
        """Close releases that are no longer kept, or were made anew, so that the disk is free of them."""
        with self._lock, self._copying:
            for number in numbers:
                self._open.close(number)
                self._copies.close(number)

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
                site = make_site(self._current.settings, engine, release)
                # Its documents have notices of the current release.
                site = self._open[number] = _pinned(dataclasses.replace(site, switched=self._current.switched))
        return site

    def queryable(self, number: int) -> Site:
        """The site of that release, whose engine answers ad-hoc queries. Raises NotFoundError, GoneError, and HttpError
        (501) where another server answers queries, which has not that release."""
        release = self.release(number)
        if self._current.settings.engine and number != self._current.release.number:
            if (engine := self._staged(release)) is not None:
                return dataclasses.replace(self.site(number), engine=engine)
            raise HttpError(
                501,
                "Not implemented",
                f"queries of this server go to an engine that does not have release {number}",
                f"load {self._current.iris.url(f'releases/{release.number}/claims.trig')} into a store of your own",
            )
        return self.site(number)

    def is_staged(self, number: int) -> bool:
        """Whether the engine at another server has that release beside the current one."""
        return self._staged(self.release(number)) is not None

    def _staged(self, release: Release) -> Engine | None:
        """An engine over the dataset that a release has beside that of the current one; None where it has none."""
        key = release.number, release.manifest.content_sha256
        with self._lock:
            if (engine := self._elsewhere.get(key)) is None:
                engine = open_staged(self._current.settings, release, self._current.engine)
                if engine is not None:
                    self._elsewhere[key] = engine
        return engine

    def beside(self, site: Site, tag: str, quads: Callable[[], Iterable[ox.Quad]]) -> Site:
        """The ``site`` of an earlier release with an engine that reads some ``quads`` too, which are others when the
        ``tag`` is another one; the same site where that cannot be."""
        number = site.release.number
        with self._copying:
            known = self._copies.get(number)
            if known is None or known[0] != tag or (known[1] is not None and not known[1].is_there):
                self._copies.close(number)
                known = self._copies[number] = tag, open_copy(site.release, quads(), self._current.engine)
        return dataclasses.replace(site, engine=known[1].engine) if known[1] else site


class _Copies(LRUCache[int, tuple[str, Copy | None]]):
    """Copies of the stores that were asked last, with their tags; None where none can be made."""

    def popitem(self) -> tuple[int, tuple[str, Copy | None]]:
        """Close the one that was not used for longest."""
        number, (tag, copy) = super().popitem()
        if copy:
            copy.close()
        return number, (tag, copy)

    def close(self, number: int) -> None:
        """Close the copy of a release, if there is one."""
        _, copy = self.pop(number, ("", None))
        if copy:
            copy.close()


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


@cached(LRUCache(4), key=lambda release: (release.path, release.manifest.files.get(HISTORY)), lock=threading.Lock())
def _whole_past(release: Release) -> PastChanges | None:
    """The history of a release; None where it has none, or a damaged one."""
    with contextlib.suppress(ReleaseError):
        release.verify(names=(HISTORY,), with_store=False)
        return PastChanges(release.file(HISTORY)) if HISTORY in release.manifest.files else None
    return None


def _utc(time: datetime) -> str:
    """A time as manifests have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def archive() -> ReleaseArchive:
    """The archive of the application that serves the current request."""
    archive: ReleaseArchive = current_app.extensions["quoth-archive"]
    return archive
