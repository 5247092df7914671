"""The court: the record of a folder of releases, opened, against which texts are held. The way in from Python.

>>> from quoth.verify.court import Court
>>> report = Court("releases").verify("“It has been late eleven times,” the dockers say.")  # doctest: +SKIP
"""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import SCHEMA
from quoth.index.claims import ClaimIndex
from quoth.release.open import Summaries, open_lists
from quoth.release.release import Release, Releases
from quoth.verify.article_texts import ArticleTexts
from quoth.verify.findings import Report
from quoth.verify.verify import TIME_LIMIT_S, verify

EARLIER = 3
"""Earlier releases in which words are looked for that the current one does not have."""


class Court:
    """The record of the release of that ``number``, else of the current one, and of a few before it. For one thread.

    A release is opened when it is asked for the first time, and anew once it was made anew (redaction).
    """

    def __init__(self, releases: Path | str, texts: Path | str | None = None, number: int | None = None) -> None:
        """``releases`` is their folder, ``texts`` one with texts of articles, which are known by their SHA-256. Raises
        UsageError for a folder of texts that cannot be read."""
        self._known = Releases(Path(releases))
        self._number = number
        self._folder = Texts(Path(texts)) if texts else None
        self._opened: dict[tuple[int, int], tuple[ClaimIndex, Summaries]] = {}
        self._texts: dict[tuple[int, int], ArticleTexts] = {}

    def verify(self, text: str, language: str = "en", *, whole: bool = False, limit_s: float = TIME_LIMIT_S) -> Report:
        """Hold a text (plain, Markdown, HTML) in a ``language`` (BCP 47) against the record, for at most ``limit_s``
        seconds; ``whole``: it is one quotation. Nothing of it is kept.

        Raises UsageError for a text or a language that is none, QueryTimeoutError, UnavailableError if nothing is
        published, ReleaseError for a release that is damaged."""
        release, keys = self._release()
        lists, summaries = self._opened[keys[release.number]]
        past = [(number, self._opened[key][0]) for number, key in keys.items() if number != release.number]
        return verify(
            text,
            lists,
            release.number,
            tag=language,
            summaries=summaries,
            earlier=past,
            texts=self._texts.get(keys[release.number]),
            whole=whole,
            limit_s=limit_s,
        )

    def open(self) -> None:
        """Open what a text is held against, so that none has to wait for that."""
        self._release()

    def _release(self) -> tuple[Release, Mapping[int, tuple[int, int]]]:
        """The release, and the keys of it and of those before it, the newest first, all of which are open now."""
        current = self._known.open(self._number) if self._number else self._known.current()
        earlier = [number for number in reversed(self._known.numbers()) if number < current.number][:EARLIER]
        releases = [current, *map(self._known.open, earlier)]
        keys = {release.number: (release.number, release.path.stat().st_ino) for release in releases}
        for release in releases:
            key = keys[release.number]
            if key not in self._opened:
                self._opened[key] = open_lists(release)
        if self._folder and keys[current.number] not in self._texts:
            self._texts[keys[current.number]] = ArticleTexts(_texts(current, self._folder))
        for opened in (self._opened, self._texts):
            for key in opened.keys() - keys.values():
                del opened[key]
        return current, keys


def _texts(release: Release, folder: Texts) -> dict[str, str]:
    """Article (IRI) → its text, where the folder has that with the recorded hash."""
    store = ox.Store.read_only(str(release.store_path))
    hashes = {
        str(quad.subject): quad.object.value
        for quad in store.quads_for_pattern(None, SCHEMA.sha256, None)
        if isinstance(quad.object, ox.Literal)
    }
    return {
        quad.subject.value: text
        for quad in store.quads_for_pattern(None, SCHEMA.encoding, None)
        if isinstance(quad.subject, ox.NamedNode) and (text := folder.get(hashes.get(str(quad.object), "")))
    }
