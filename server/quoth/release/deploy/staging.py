"""Releases staged in an engine: each becomes a dataset of its own there, and is compared before anybody reads it.

Which one is read is decided in the folder of the releases, by its link ``current``: the dataset of a release follows
from the record (record.py). So the switch is one step, readers see the old dataset or the new one, and earlier ones
stay where they are until their releases go.
"""

import secrets
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from quoth.claim.model.report import Progress
from quoth.config import Settings
from quoth.engine.pool.ticket import Limits
from quoth.engine.remote.dialect import Dialect, Location, locate
from quoth.engine.remote.engine import RemoteEngine
from quoth.engine.remote.loader import ANSWER_S, Loader, RefusedError, SpoiltError, TakenError
from quoth.errors import QuothError, ReleaseError, UnavailableError
from quoth.release.current import lock
from quoth.release.deploy import record
from quoth.release.deploy.filling import Filling
from quoth.release.release import Release, Releases
from quoth.release.retention import in_use
from quoth.release.verified import VerifiedEngine

_ANY = "SELECT ?s WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 1"

Note = Callable[[str], None]


@dataclass(frozen=True)
class Staging:
    """The releases of the folder ``releases`` in the servers at a ``location`` of a ``dialect``. ``note`` is told in a
    sentence what could not be dropped.

    The caller of ``stage`` has the lock of the folder. All raise UnavailableError where the engine is down or refuses,
    and ReleaseError for a record that cannot be read.
    """

    releases: Path
    location: Location
    dialect: Dialect
    note: Note

    def stage(self, release: Release, tell: Progress = lambda *_: None, wholly: bool = False) -> None:
        """Have the engine hold a release, which need not have its number yet, unless it does so by its counts or, if
        ``wholly``, quad by quad. What failed before, or has no release any more, is dropped first.

        Raises ReleaseError, and leaves nothing in the engine, where that does not hold just the quads of the release.
        """
        with closing(self._loader()) as loader:
            self._sweep(loader)
            if (dataset := dataset_of(self.releases, self.location, release)) is not None:
                if self._holds(loader, dataset, release, wholly):
                    return
                self._drop(loader, dataset)
            # To where it was: servers read it from there.
            self._load(loader, release, tell, dataset)

    def stage_current(self) -> Release:
        """Have the engine hold the current release, which is returned, once its files are compared with its manifest.
        Raises what ``stage`` raises, and ReleaseError where a publication is running."""
        with lock(self.releases, "the engine holds what it held"):
            release = Releases(self.releases).current()
            release.verify()
            self.stage(release, wholly=True)
        return release

    def verify(self, release: Release) -> str | None:
        """Compare the dataset of a release with it, quad by quad; returns its URL, or None for an earlier release
        that has none. Raises ReleaseError where it has another content."""
        dataset = dataset_of(self.releases, self.location, release)
        if dataset is None and release.number == _current(self.releases):
            raise not_staged(release)
        if dataset is None:
            return None
        with closing(self._loader()) as loader:
            self._filling(loader, dataset).compare(release)
        return dataset

    def sweep(self) -> None:
        """Drop the datasets that have no release any more. Raises ReleaseError where a publication is running."""
        with lock(self.releases, "nothing was dropped in the engine"), closing(self._loader()) as loader:
            self._sweep(loader)

    def exchange(self) -> None:
        """Load anew the releases that are not what they were when they were loaded, then drop their old datasets, come
        what may. Raises ReleaseError where a publication is running."""
        with lock(self.releases, "the engine has the old releases"), closing(self._loader()) as loader:
            current, kept = _current(self.releases), Releases(self.releases).numbers()
            other = {n for url, (n, _) in record.left(self.releases).items() if is_at(url, self.location)}
            try:
                for number in sorted(other.intersection(kept), key=lambda n: n != current):
                    self._load(loader, Releases(self.releases).open(number), lambda *_: None)
                    self._sweep(loader)  # which may make room for the next
            finally:
                self._sweep(loader)

    def _sweep(self, loader: Loader) -> None:
        for dataset in record.left(self.releases):
            if is_at(dataset, self.location):
                self._drop(loader, dataset)

    def _holds(self, loader: Loader, dataset: str, release: Release, wholly: bool) -> bool:
        """Whether a dataset has a release, which it may be read for this very moment: it is not given up for a server
        that does not answer. Raises UnavailableError for one."""
        try:
            self._check(dataset, release)
            if wholly:
                self._filling(loader, dataset).compare(release)
        except ReleaseError:
            return False
        except UnavailableError:
            if loader.exists(dataset):
                raise
            return False
        return True

    def _load(self, loader: Loader, release: Release, tell: Progress, dataset: str | None = None) -> None:
        dataset = dataset or self._place(release)
        try:
            self._load_into(loader, release, tell, dataset)
        except SpoiltError:
            # Fuseki fails where it was killed as it made one of that name: what it left there is nobody's to delete.
            self._load_into(loader, release, tell, f"{dataset}-{secrets.token_hex(2)}")

    def _load_into(self, loader: Loader, release: Release, tell: Progress, dataset: str) -> None:
        held, is_used = self._held(dataset), dataset in record.read(self.releases)
        # Not every server refuses to make what is there.
        if not is_used and self.dialect.exists and loader.exists(dataset):
            raise loader.taken(dataset)
        self._enter(dataset, record.entry(release))
        try:
            filling = self._filling(loader, dataset, tell)
            if held is None or not self._changed(filling, held, release):
                if is_used:
                    filling.empty()
                filling.fill(release)
            self._check(dataset, release)
        except (TakenError, RefusedError):
            self._enter(dataset, None)
            raise
        except BaseException as error:
            self._drop(loader, dataset)
            if isinstance(error, UnavailableError) and (notes := getattr(error, "__notes__", ())):
                raise ReleaseError(notes[-1], remedy="see to the engine") from None
            raise

    def _held(self, dataset: str) -> Release | None:
        """The release that a dataset has, if that is still as it was."""
        entry = record.read(self.releases).get(dataset)
        with suppress(QuothError):
            if entry and record.entry(release := Releases(self.releases).open(entry[0])) == entry:
                return release
        return None

    def _changed(self, filling: Filling, held: Release, release: Release) -> bool:
        """Whether the dataset of another release could be made that of a release; if not, it is as may be."""
        try:
            return filling.change(held, release)
        except ReleaseError as error:
            self.note(f"{error.detail}: it did not have release {held.number} any more, and is loaded anew")
            return False

    def _filling(self, loader: Loader, dataset: str, tell: Progress = lambda *_: None) -> Filling:
        return Filling(self.dialect, loader, self._engine(dataset), dataset, tell)

    def _loader(self) -> Loader:
        return Loader(self.dialect, self.location)

    def _drop(self, loader: Loader, dataset: str) -> None:
        """Drop a dataset; one that cannot be dropped stays in the record, and the next publication tries again."""
        try:
            self._filling(loader, dataset).empty()
        except UnavailableError as error:
            self.note(f"{dataset} is still in the engine, and is dropped by the next publication: {error.detail}")
        else:
            self._enter(dataset, None)

    def _enter(self, dataset: str, entry: record.Entry | None) -> None:
        """Enter a dataset in the record, or take it out."""
        known = record.read(self.releases)
        known.pop(dataset, None)
        record.write(self.releases, {**known, dataset: entry} if entry else known)

    def _place(self, release: Release) -> str:
        """The URL of a dataset for a release. Raises ReleaseError where there is no room."""
        if self.dialect.releases == "many":
            number, sha256 = record.entry(release)
            return f"{self.location.urls[0]}-{number}-{sha256[:8]}"
        known, current = record.read(self.releases), _current(self.releases)
        free = [url for url in self.location.urls if url not in known]
        # Of the others, that of the oldest release that nobody reads.
        by_age = sorted((known[url][0], url) for url in self.location.urls if url in known)
        one = self.dialect.releases == "one"
        free += [url for n, url in by_age if one or (n != current and not in_use(self.releases / str(n)))]
        for url in free:
            if url in known or not self._engine(url).select(_ANY):
                return url
            self.note(f"the engine at {url} has data that are not of these releases: it is left alone")
        raise ReleaseError(
            "no engine is free: each holds a release that is served, or data that are not of these releases",
            remedy="try again when servers have followed the last switch, name one more in engine, or empty one",
        )

    def _engine(self, dataset: str) -> RemoteEngine:
        url = self.location.with_login(self.dialect.filled(self.dialect.query, dataset))
        return RemoteEngine(url, Limits(time_s=ANSWER_S), dialect=self.dialect)

    def _check(self, dataset: str, release: Release) -> None:
        """Count what a dataset has, as the server that visitors ask does. Raises ReleaseError where it is not the
        release, UnavailableError where it cannot be asked."""
        engine = VerifiedEngine(self._engine(dataset), release)
        try:
            engine.check()
        except UnavailableError as error:
            if engine.was_asked:
                raise ReleaseError(error.__notes__[-1], remedy="see to the engine") from None
            remedy = "see to the engine; if nothing helps, delete what it has of this release, and try again"
            raise UnavailableError(error.__notes__[-1], remedy=remedy) from None


def staging(settings: Settings, note: Note) -> Staging | None:
    """The staging of releases that the settings ask for; None where there is none: the engine is embedded, or the
    operator loads it. Raises UsageError."""
    if not settings.engine:
        return None
    location = locate(settings.engine, settings.engine_login)
    dialect = location.dialect
    return None if dialect is None else Staging(settings.releases, location, dialect, note)


def dataset_of(releases: Path, location: Location, release: Release) -> str | None:
    """The URL of the dataset of a release at a location; None where it has none there."""
    entry = record.entry(release)
    known = record.read(releases)
    return next((url for url in known if known[url] == entry and is_at(url, location)), None)


def is_at(dataset: str, location: Location) -> bool:
    """Whether the URL of a dataset is one that releases at a location have."""
    if location.dialect is not None and location.dialect.releases == "many":
        return dataset.startswith(f"{location.urls[0]}-")
    return dataset in location.urls


def not_staged(release: Release) -> UnavailableError:
    """The error for a release that is not in the engine."""
    return UnavailableError(
        f"release {release.number} has not been loaded into the engine",
        remedy="run quoth publish, or for an earlier release quoth rollback, with the same engine",
    )


def _current(releases: Path) -> int | None:
    with suppress(UnavailableError):
        return Releases(releases).current_number()
    return None
