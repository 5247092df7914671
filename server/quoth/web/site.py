"""What every view needs: settings, engine, release, IRIs, labels; made once per application."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from flask import current_app, request

from quoth import __version__
from quoth.config import Settings
from quoth.store import queries
from quoth.store.caller import Caller
from quoth.store.engine import Engine, Term
from quoth.store.lists import LISTS, Lists
from quoth.store.release import Release
from quoth.web import callers
from quoth.web.callers import Networks
from quoth.web.iris import Iris
from quoth.web.labels import Labels

HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Site:
    """One application's world. ``fingerprint`` changes with whatever can change a response: the release, the code and
    its templates, the two URLs. So a strong validator can be made before the response is."""

    settings: Settings
    engine: Engine
    release: Release
    iris: Iris
    labels: Labels
    lists: Lists
    fingerprint: str
    trusted: Networks = ()

    def caller(self) -> Caller:
        """Who makes the current request."""
        return callers.caller(request.environ, self.trusted)

    def rows(self, name: str, x: str | None = None) -> list[dict[str, Term]]:
        """The rows of our own query ``name``, with ?x bound to the IRI ``x`` if one is given."""
        return self.engine.select(queries.text(name), **({} if x is None else {"x": ox.NamedNode(x)}))

    def column(self, name: str, variable: str, x: str | None = None) -> list[str]:
        """The IRIs that our own query ``name`` binds to one variable, in order, each once."""
        found = (row.get(variable) for row in self.rows(name, x))
        return list(dict.fromkeys(term.value for term in found if isinstance(term, ox.NamedNode)))

    def says_something(self, iri: str) -> bool:
        """Whether the release has a statement about an IRI or one that points at it."""
        try:
            ox.NamedNode(iri)
        except ValueError:
            return False
        return bool(self.engine.describe([iri])) or bool(self.rows("pointed-at", iri))


def make(settings: Settings, engine: Engine, release: Release) -> Site:
    """The site of an application."""
    return Site(
        settings,
        engine,
        release,
        Iris(release.manifest.base, settings.public_url),
        Labels(engine),
        Lists(release.path / LISTS, lambda name: engine.select(queries.text(name))),
        _fingerprint([release.manifest.to_json(), settings.public_url, __version__]),
        callers.networks(settings.trusted_proxies),
    )


def site() -> Site:
    """The site of the application that serves the current request."""
    found: Site = current_app.extensions["quoth"]
    return found


def _fingerprint(parts: Iterable[str]) -> str:
    digest = hashlib.sha256("\0".join(parts).encode())
    for file in sorted(
        p for folder in (HERE, queries.OWN) for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]
