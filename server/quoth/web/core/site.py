"""What every view needs: settings, engine, release, IRIs, labels; made once per application."""

import dataclasses
import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
from flask import current_app, request

from quoth import __version__
from quoth.claim.model.namespaces import Term
from quoth.config import Settings
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Engine
from quoth.http import client_address, message
from quoth.http.client_address import Networks
from quoth.index.build import LISTS
from quoth.index.claims import Lists
from quoth.release import resource_counts
from quoth.release.release import Release
from quoth.sparql import named_queries, parameters
from quoth.web.core.labels import Labels
from quoth.web.core.urls import Iris, is_web

HERE = Path(__file__).parents[1]
_STARTED = datetime.now(UTC).replace(microsecond=0)

LINKS_A_PAGE = 100
"""Incoming links on one page of a document."""


@dataclass(frozen=True, eq=False)
class Site:
    """One application's world. ``fingerprint`` changes with whatever can change a response: the release, the code and
    its templates, the two URLs, the contact. So a strong validator can be made before the response is.

    ``pinned``: the documents are those of one release, whichever is current (kept.py)."""

    settings: Settings
    engine: Engine
    release: Release
    iris: Iris
    labels: Labels
    lists: Lists
    fingerprint: str
    trusted: Networks = ()
    pinned: bool = False

    def etag(self, *parts: str) -> str:
        """A strong validator of what this answers for ``parts`` (RFC 9110 §8.8.3), known before it is made."""
        return hashlib.sha256("\0".join((self.fingerprint, *parts)).encode()).hexdigest()[:24]

    @functools.cached_property
    def modified(self) -> datetime:
        """When what is served changed last, as far as that is known: when the release was made, or since then this
        process began, as its software or its settings may be others than those of the one before."""
        return max(datetime.fromisoformat(self.release.manifest.created), _STARTED)

    def since(self, *paths: Path) -> datetime:
        """When the latest of the release and of those files and folders changed."""
        times = [datetime.fromtimestamp(int(path.stat().st_mtime), UTC) for path in paths if path.exists()]
        return max(self.modified, *times)

    @functools.cached_property
    def degrees(self) -> Mapping[str, int]:
        """How many links lead to each resource to which there are more than a page of them."""
        return dict(resource_counts.read(self.release, resource_counts.DOCUMENTS, lambda count: count > LINKS_A_PAGE))

    @functools.cached_property
    def gone(self) -> Mapping[str, int]:
        """What only earlier releases say something of: the number of the last that did."""
        return dict(resource_counts.read(self.release, resource_counts.GONE))

    @functools.cached_property
    def licence(self) -> str | None:
        """The licence of the data, where the release has just one."""
        found = self.column("licences", "licence")
        return found[0] if len(found) == 1 and is_web(found[0]) else None

    def speaking(self, languages: tuple[str, ...]) -> "Site":
        """The same for a reader who prefers labels in those languages (languages.preferred)."""
        return dataclasses.replace(self, labels=self.labels.speaking(languages)) if languages else self

    def caller(self) -> Caller:
        """Who makes the current request."""
        return message.of(request.environ, self.trusted).caller

    def rows(self, name: str, x: str | None = None) -> list[dict[str, Term]]:
        """The rows of our own query ``name``, with ?x bound to the IRI ``x`` if one is given."""
        return self.engine.select(named_queries.text(name), **({} if x is None else {"x": ox.NamedNode(x)}))

    def rows_of(self, name: str, iris: Sequence[str], limit: int | None = None) -> list[dict[str, Term]]:
        """The rows of our own query ``name`` for every ?x among those IRIs, at most ``limit`` of them."""
        text = parameters.bind(named_queries.text(name), {"x": [ox.NamedNode(iri) for iri in iris]})
        return self.engine.select(text if limit is None else parameters.page(text, limit, 1)) if iris else []

    def column(self, name: str, variable: str, x: str | None = None) -> list[str]:
        """The IRIs that our own query ``name`` binds to one variable, in order, each once."""
        found = (row.get(variable) for row in self.rows(name, x))
        return list(dict.fromkeys(term.value for term in found if isinstance(term, ox.NamedNode)))

    def about(self, iri: str) -> list[ox.Quad] | None:
        """The statements of the default graph whose subject is that IRI; None where none is, and none points at it."""
        try:
            ox.NamedNode(iri)
        except ValueError:
            return None
        found = self.engine.describe([iri])
        return found if found or self.rows("pointed-at", iri) else None


def make(settings: Settings, engine: Engine, release: Release) -> Site:
    """The site of an application."""
    return Site(
        settings,
        engine,
        release,
        Iris(release.manifest.base, settings.public_url),
        Labels(engine),
        Lists(release.path / LISTS, lambda name: engine.select(named_queries.text(name))),
        _fingerprint([release.manifest.to_json(), settings.public_url, settings.contact, __version__]),
        client_address.networks(settings.trusted_proxies),
    )


def site() -> Site:
    """The site of the application that serves the current request."""
    found: Site = current_app.extensions["quoth"]
    return found


def _fingerprint(parts: Iterable[str]) -> str:
    digest = hashlib.sha256("\0".join(parts).encode())
    for file in sorted(
        p for folder in (HERE, named_queries.OWN) for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]
