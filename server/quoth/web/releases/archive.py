"""The releases that are kept: /releases lists them, and their documents are served beside the current one's.

A release that is asked for is opened then, read-only, and the few that were used last stay open. Nothing has to be
waited for when one is closed: a request that still reads it holds its store, which goes with the last that does.
"""

import dataclasses
import json
import threading
from dataclasses import dataclass

from cachetools import LRUCache
from flask import Blueprint, Flask, Response, current_app, render_template

from quoth.errors import NotFoundError, ReleaseError
from quoth.formats import HTML, JSON
from quoth.engine.embedded import EmbeddedEngine
from quoth.release.release import Release, Releases
from quoth.engine.pool.pool import Limits
from quoth.web.core import variants
from quoth.web.core import site as sites
from quoth.web.core.variants import Choice, Resource
from quoth.web.core.site import Site

OPEN = 3
"""Releases other than the current one that are open at a time."""

OFFERS = (HTML, JSON)

blueprint = Blueprint("kept", __name__)


class Kept:
    """The sites of the releases beside ``current``, in the same folder."""

    def __init__(self, current: Site) -> None:
        self._current = current
        self._releases = Releases(current.settings.releases)
        self._open: LRUCache[int, Site] = LRUCache(OPEN)
        self._lock = threading.Lock()

    def serves(self, number: int) -> bool:
        """Whether the documents of that release are served here: another server's store holds the current one alone."""
        return not self._current.settings.engine and (self._releases.path / str(number) / "store").is_dir()

    def release(self, number: int) -> Release:
        """The release of that number. Raises NotFoundError."""
        if number == self._current.release.number:
            return self._current.release
        try:
            return self._releases.open(number)
        except (NotFoundError, ReleaseError):
            numbers = ", ".join(map(str, self._releases.numbers()))
            raise NotFoundError(f"release {number} is not kept here", remedy=f"kept are: {numbers}") from None

    def site(self, number: int) -> Site:
        """The site whose documents are those of that release. Raises NotFoundError."""
        release = self.release(number)
        if not self.serves(number):
            raise NotFoundError(
                f"the documents of release {number} are not served here: the engine holds the current release alone",
                remedy=f"see the current documents, {self._current.iris.url('doc/…')}",
            )
        with self._lock:
            found = self._open.get(number)
            if found is None or found.release.manifest != release.manifest:
                found = self._open[number] = self._opened(release)
        return found

    def _opened(self, release: Release) -> Site:
        here = self._current
        if release.number == here.release.number:
            found = here
        else:
            # What strangers ask goes to the current release alone: no process for that is ever started here.
            found = sites.make(here.settings, EmbeddedEngine(release.store_path, Limits(workers=1)), release)
        return dataclasses.replace(
            found, pinned=True, iris=dataclasses.replace(found.iris, documents=f"releases/{release.number}/doc")
        )

    def listed(self) -> list["Listed"]:
        """Every release that can be read, the newest first."""
        found = []
        for number in reversed(self._releases.numbers()):
            try:
                release = self.release(number)
            except NotFoundError:
                continue
            found.append(Listed(release, number == self._current.release.number, self.serves(number)))
        return found


@dataclass(frozen=True)
class Listed:
    """A release in the list of them; ``served``: whether its documents are."""

    release: Release
    current: bool
    served: bool


def register(app: Flask, here: Site) -> None:
    """Give ``app`` the releases beside the one that ``here`` serves."""
    app.extensions["quoth-kept"] = Kept(here)
    app.register_blueprint(blueprint)


def kept() -> Kept:
    """The kept releases of the application that serves the current request."""
    found: Kept = current_app.extensions["quoth-kept"]
    return found


@blueprint.get("/releases")
@blueprint.get("/releases.<suffix>")
def releases(suffix: str | None = None) -> Response:
    """The releases that are kept, as a page or as JSON."""
    here = sites.site()
    found = kept().listed()

    def make(choice: Choice) -> str:
        if choice.format is HTML:
            return render_template("releases.html", releases=found)
        return json.dumps([_member(here, listed) for listed in found], indent=1) + "\n"

    depends = [f"{listed.release.manifest.content_sha256} {listed.served}" for listed in found]
    return variants.answer(Resource(here, "releases", OFFERS, make, depends=depends), suffix)


def _member(here: Site, listed: Listed) -> dict[str, object]:
    manifest = listed.release.manifest
    url = here.iris.url(f"releases/{manifest.release}")
    return {
        "release": manifest.release,
        "created": manifest.created,
        "current": listed.current,
        "url": url,
        "documents": f"{url}/doc/" if listed.served else None,
        "claims": manifest.claims,
        "articles": manifest.articles,
        "quads": manifest.quads,
        "base": manifest.base,
        "content_sha256": manifest.content_sha256,
    }
