"""Making a folder of releases what another one is: its releases are fetched, and its current one becomes current.

Readers see a release once it is whole, and the switch is one step, as that of a publication. A release that was made
anew at the source, since words had to go from it, is exchanged; one that is kept there no longer is removed.
"""

import functools
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from quoth.claim.model.report import Progress
from quoth.errors import NotFoundError, ReleaseError, UnavailableError
from quoth.release.current import exchange, fsync, lock, sweep, switch, sync
from quoth.release.deploy import record
from quoth.release.fetch.download import Fetched, download, known
from quoth.release.fetch.source import BrokenError, MissingError, Source, read
from quoth.release.history.past_changes import PastChanges
from quoth.release.history.schema import HISTORY
from quoth.release.integrity import VERIFIED_BYTES
from quoth.release.listing import LISTING, Entry, Listing
from quoth.release.manifest import MANIFEST, Manifest
from quoth.release.release import Release, Releases
from quoth.release.retention import Pruned, remove

FETCHING = ".fetching-"
"""The names of folders with releases that are not whole begin so."""

_MOST_BYTES = 2**26
"""Length of a listing, a manifest or a record of an engine."""

_NONE = Pruned((), (), 0)

Note = Callable[[str], None]


@dataclass(frozen=True)
class Copied:
    """The ``release`` that is current now, and what was ``fetched`` for it and others: the numbers of ``releases``
    that are new or other ones than before, and what of the old ones was ``pruned``."""

    release: Release
    fetched: Fetched
    releases: Sequence[int] = ()
    pruned: Pruned = _NONE


def fetch(
    releases: Path, source: Source, number: int | None, keep: int, tell: Progress, note: Note = lambda text: None
) -> Copied:
    """Fetch what the source keeps, at most the newest ``keep`` releases (0: all) and its current one, which becomes
    current here since the time when it did there; releases that are kept there no longer are removed. With a
    ``number``, that release alone is fetched and becomes current, and none is removed. Where the source switched before
    this folder did, only releases that are here are fetched, if others have taken their place there. ``note`` is told,
    in a sentence, what could not be done.

    Raises NotFoundError where the source has no such release; UnavailableError where it cannot be reached or has no
    listing; ReleaseError where it is another dataset than the one here, has something other than what was published,
    where another publication is running, or the disk is full; NewerReleaseError. The current release stays then.
    """
    with lock(releases, "the current release stays"):
        listing, before = _listing(source), _current(releases)
        if number is None:
            listing = _newest(listing, keep)
        elif number not in listing.releases:
            kept = ", ".join(map(str, listing.releases))
            raise NotFoundError(f"there is no release {number}", where=source.where, remedy=f"name one of {kept}")
        current, since = number or listing.current, listing.since if number in (None, listing.current) else None
        wanted = [current, *sorted({*listing.releases} - {current}, reverse=True)] if number is None else [current]
        here = Releases(releases).numbers()
        # A time to come is that of a clock that was wrong: what follows may have an earlier one.
        behind = number is None and before is not None and listing.since < before.since <= datetime.now(UTC)
        if behind:
            note(f"{source.where} is behind: what is current here was switched to later; it stays")
            wanted = [n for n in here if n in listing.releases]  # words may have had to go from them
        copy = _Copy(releases, source, listing, tell)
        lacking = [n for n in wanted if not copy.has(n)]
        switching = not behind and (before is None or before.current != current or since not in (None, before.since))
        old = [n for n in here if n not in listing.releases and n < max(listing.releases)] if number is None else []
        if lacking or switching:
            sweep(releases)
        failed = False
        for n in lacking:
            try:
                copy.bring(n)
            except (ReleaseError, UnavailableError, OSError) as error:
                if n == current and not behind:
                    raise
                failed = True
                note(f"release {n} was not fetched: {error}")
        if not failed:
            copy.clean()
        _fetch_record(source, releases, note)
        if switching:
            switch(releases, current, since)
        pruned = remove(releases, old) if old and not behind else _NONE
    return Copied(Releases(releases).current(), copy.fetched, tuple(copy.brought), pruned)


def _newest(listing: Listing, keep: int) -> Listing:
    """The listing of the current release and the newest ones, that many."""
    kept = {listing.current, *[*listing.releases][-keep:]}
    return replace(listing, releases={n: entry for n, entry in listing.releases.items() if n in kept})


class _Copy:
    """Brings releases of a listing into a folder."""

    def __init__(self, releases: Path, source: Source, listing: Listing, tell: Progress) -> None:
        self._releases, self._source, self._listing, self._tell = releases, source, listing, tell
        self.fetched, self.brought = Fetched(), list[int]()

    @functools.cached_property
    def _here(self) -> Sequence[Release]:
        return Releases(self._releases).readable()

    @functools.cached_property
    def _known(self) -> dict[str, Path]:
        return known(self._here)

    def has(self, number: int) -> bool:
        """Whether the release of that number is here, as the listing has it."""
        with suppress(OSError):
            text = (self._releases / str(number) / MANIFEST).read_bytes()
            return hashlib.sha256(text).hexdigest() == self._listing.releases[number].manifest_sha256
        return False

    def clean(self, but: Path | None = None) -> None:
        """Delete what was fetched in part, ``but`` for one folder, and releases in whose place others are."""
        for left in self._releases.glob(f"{FETCHING}*"):
            if left != but:
                shutil.rmtree(left)

    def bring(self, number: int) -> None:
        """Have the release of that number here, as the listing has it."""
        entry, path = self._listing.releases[number], self._releases / str(number)
        text, manifest = self._manifest(number, entry)
        self._check(manifest)
        folder = self._releases / f"{FETCHING}{number}-{entry.manifest_sha256}"
        self.clean(but=folder)
        folder.mkdir(exist_ok=True)
        download(self._source, manifest, folder, self._known, self.fetched, self._tell)
        (folder / MANIFEST).write_bytes(text)
        os.utime(folder / MANIFEST, (entry.modified.timestamp(),) * 2)
        fetched = Release(number, folder, manifest)
        fetched.verify(VERIFIED_BYTES)
        self._check_history(fetched)
        sync(folder)
        if path.exists():
            exchange(folder, path)
            shutil.rmtree(folder)
        else:
            folder.rename(path)
        fsync(self._releases)
        self._known.update(known([Release(number, path, manifest)]))
        self.brought.append(number)

    def _manifest(self, number: int, entry: Entry) -> tuple[bytes, Manifest]:
        name = f"{number}/{MANIFEST}"
        text = _small(self._source, name)
        if text is None or hashlib.sha256(text).hexdigest() != entry.manifest_sha256:
            raise UnavailableError(
                f"{name} is not the one that {LISTING} lists",
                where=self._source.where,
                remedy="the source is being changed, perhaps: try again",
            )
        try:
            manifest = Manifest.from_json(text.decode(), f"{self._source.where}/{name}")
            if manifest.release != number:
                raise ValueError(f"it is that of release {manifest.release}")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ReleaseError(f"{name} cannot be read: {error}", where=self._source.where) from None
        return text, manifest

    def _check(self, manifest: Manifest) -> None:
        """Raise ReleaseError where this is of another dataset than what is here, or another release of that number."""
        same = all(one.manifest.base == manifest.base for one in self._here[-1:])
        with suppress(NotFoundError, ReleaseError):  # a damaged one may be replaced
            here = Releases(self._releases).open(manifest.release).manifest
            anew = len(here.redacted or ()) <= len(manifest.redacted or ())
            same = same and anew and here.created == manifest.created
        if not same:
            raise self._another()

    def _check_history(self, fetched: Release) -> None:
        """Raise ReleaseError where the history of a release has other releases than those that are here."""
        if HISTORY not in fetched.manifest.files:
            return
        made = dict(PastChanges(fetched.path / HISTORY).releases())
        if any(made.get(one.number, one.manifest.created) != one.manifest.created for one in self._here):
            raise self._another()

    def _another(self) -> ReleaseError:
        return ReleaseError(
            f"what is in {self._releases} is no copy of what is there",
            where=self._source.where,
            remedy="name another folder with --releases, or delete this one, if it may go",
        )


def _listing(source: Source) -> Listing:
    text = _small(source, LISTING)
    if text is None:
        raise UnavailableError(
            f"there is no {LISTING}, which the folders of releases have that this version of Quoth publishes to",
            where=source.where,
            remedy="name the folder itself, such as https://claims.example.org/releases; a publication of an earlier"
            " version gets one by `quoth releases prune` or the next `quoth publish`",
        )
    try:
        return Listing.from_json(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnavailableError(f"{LISTING} is no listing of releases: {error}", where=source.where) from None


def _small(source: Source, name: str) -> bytes | None:
    """A short file; None where the source has none of that name."""
    try:
        return read(source, name, _MOST_BYTES)
    except MissingError:
        return None
    except BrokenError as error:
        raise UnavailableError(str(error), where=source.where, remedy="try again later") from None


def _current(releases: Path) -> Listing | None:
    with suppress(UnavailableError):
        return Listing.of(releases)
    return None


def _fetch_record(source: Source, releases: Path, note: Note) -> None:
    """Take over which datasets of an engine hold the releases, where the source tells."""
    text, here = _small(source, record.RECORD), releases / record.RECORD
    if text is None or (here.exists() and here.read_bytes() == text):
        return
    try:
        record.parsed(text)
    except ValueError as error:  # such as the page that a web server sends for any name
        note(f"{source.where} has a file {record.RECORD} that is no record of an engine: it stays there: {error}")
    else:
        record.replace(releases, text)
