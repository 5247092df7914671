"""The site: settings, engine, release, IRIs and labels for every view; one per application and opened release."""

import dataclasses
import functools
import hashlib
import os
import platform
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox
from flask import current_app, request

from quoth import __version__
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.coverage import Coverage
from quoth.claim.model.namespaces import DCTERMS, Term
from quoth.config import Settings
from quoth.converters import Networks, networks
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Engine
from quoth.http import message
from quoth.index.build import INDEX_FILE
from quoth.index.claims import ClaimIndex
from quoth.release import resource_counts
from quoth.release.dumps.tables import DOCUMENTS, GONE
from quoth.release.history.past_changes import PastChanges
from quoth.release.history.schema import HISTORY
from quoth.release.release import CURRENT, Release
from quoth.resources import folder
from quoth.sparql import named_queries, parameters
from quoth.verify.pool import CourtPool, Limits
from quoth.web.core.statements import Labels
from quoth.web.core.urls import Iris, is_web

WEB = Path(__file__).parents[1]
"""The folder of templates, static files and the guide."""
_NAME = re.compile(r"[\w.-]+")
SITEMAP = "sitemap"
"""The attribute of a view that ``sitemap_paths`` sets."""
View = TypeVar("View", bound=Callable[..., Any])

LINKS_A_PAGE = 100
"""Incoming links on one page of a document."""


@dataclass(frozen=True, eq=False)
class Site:
    """A release with all that its pages and documents are made from.

    ``fingerprint`` changes with everything that can change a response: the release, the code and its templates, the
    two URLs, the settings that describe the dataset, the texts. So a strong validator is known before the response is.

    ``court``: the processes that hold texts against the record; they start when the first text comes.

    ``texts``: those of articles that the operator has at hand, for the sentence around a quotation.

    ``pinned``: the documents are those of this release even after another becomes current (archive.py).
    ``opened``: since when it is served. ``switched``: since when the current release is that, None where that is not
    known; known from the start, since another one may be current before this site has answered anything."""

    settings: Settings
    engine: Engine
    release: Release
    iris: Iris
    labels: Labels
    claim_index: ClaimIndex
    fingerprint: str
    court: CourtPool
    trusted: Networks = ()
    texts: Texts | None = None
    pinned: bool = False
    opened: datetime = dataclasses.field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    switched: datetime | None = None

    def etag(self, *parts: str) -> str:
        """A strong validator of the response for ``parts``, known before the response is made (RFC 9110 §8.8.3)."""
        return hashlib.sha256("\0".join((self.fingerprint, *parts)).encode()).hexdigest()[:24]

    @property
    def endpoint(self) -> str:
        """The path of the SPARQL endpoint."""
        return f"releases/{self.release.number}/sparql" if self.pinned else "sparql"

    @property
    def version(self) -> tuple[Path, str, int]:
        """The key of caches of the engine's answers: the release, what it holds (words may be redacted), and since when
        answers may be kept."""
        return self.release.path, self.release.manifest.content_sha256, self.engine.generation

    @functools.cached_property
    def modified(self) -> datetime:
        """The last change of any response, the same on every server that has the release and the software: the latest
        of the release's publication or redaction, the switch to the current release, which may be an earlier one or
        bring notices about it, and the software. Of other settings, ETags alone know. No time to come (RFC 9110
        §8.8.2.1), which a clock that was wrong has left."""
        times = [self.release.modified, _software()[1], *([self.switched] if self.switched else [])]
        return min(max(times), datetime.now(UTC).replace(microsecond=0))

    @functools.cached_property
    def degrees(self) -> Mapping[str, int]:
        """Resource → number of incoming links, for the resources with more than a page of them."""
        return dict(resource_counts.read(self.release, DOCUMENTS, lambda count: count > LINKS_A_PAGE))

    @functools.cached_property
    def gone(self) -> Mapping[str, int]:
        """Resource that only earlier releases describe → number of the last release that did."""
        return dict(resource_counts.read(self.release, GONE))

    @functools.cached_property
    def past(self) -> PastChanges | None:
        """The history of the dataset; None where an earlier version made the release, which has none."""
        return PastChanges(self.release.file(HISTORY)) if HISTORY in self.release.manifest.files else None

    @functools.cached_property
    def coverage(self) -> Mapping[str, Coverage]:
        """Encoding → how its claims cover the article's text."""
        return self.release.coverage()

    @functools.cached_property
    def licence(self) -> str | None:
        """The licence of the dataset: that of the settings, else that of the data, where the release has just one."""
        if self.settings.licence:
            return self.settings.licence
        licences = self.column("licences", "licence")
        return licences[0] if len(licences) == 1 and is_web(licences[0]) else None

    @property
    def dataset_title(self) -> str:
        """The name of the dataset where it stands among others, as in a reader of feeds."""
        return self.settings.title or "Quoth"

    def serves(self, number: int) -> bool:
        """Whether this server has the documents of that release: the current one, and those whose stores are here."""
        return number == self.release.number or (self.settings.releases / str(number) / "store").is_dir()

    def speaking(self, languages: tuple[str, ...]) -> "Site":
        """This site for a reader who prefers labels in those languages (accept_language.preferred_languages)."""
        return dataclasses.replace(self, labels=self.labels.speaking(languages)) if languages else self

    def caller(self) -> Caller:
        """The client of the current request."""
        return message.of(request.environ, self.trusted).caller

    def rows(self, name: str, x: str | None = None) -> list[dict[str, Term]]:
        """The rows of our own query ``name``, with ?x bound to the IRI ``x`` if one is given."""
        return self.engine.select(named_queries.text(name), **({} if x is None else {"x": ox.NamedNode(x)}))

    def rows_of(self, name: str, iris: Sequence[str], limit: int | None = None) -> list[dict[str, Term]]:
        """The rows of our own query ``name`` for every ?x among those IRIs, at most ``limit`` of them."""
        text = parameters.bind(named_queries.text(name), {"x": [ox.NamedNode(iri) for iri in iris]})
        return self.engine.select(text if limit is None else parameters.paginate(text, limit, 1)) if iris else []

    def column(self, name: str, variable: str, x: str | None = None) -> list[str]:
        """The IRIs that our own query ``name`` binds to one variable, in order, each once."""
        terms = (row.get(variable) for row in self.rows(name, x))
        return list(dict.fromkeys(term.value for term in terms if isinstance(term, ox.NamedNode)))

    def about(self, iri: str) -> list[ox.Quad] | None:
        """The statements of the default graph whose subject is that IRI; None where none is, and none points at it, and
        for what was withdrawn."""
        try:
            ox.NamedNode(iri)
        except ValueError:
            return None
        quads = self.engine.describe([iri])
        described = any(q.predicate != DCTERMS.isReplacedBy for q in quads)
        return quads if described or self.rows("pointed-at", iri) else None


def make_site(settings: Settings, engine: Engine, release: Release) -> Site:
    """The site of an application. Raises UsageError for a folder of texts that cannot be read."""
    texts = Texts(settings.texts) if settings.texts else None
    hashes = texts.hashes if texts else ()
    limits = Limits(settings.query_time_limit_s, settings.query_memory_mb, settings.verify_workers)
    described = (settings.contact, settings.title, settings.publisher, settings.licence, " ".join(settings.questions))
    return Site(
        settings,
        engine,
        release,
        Iris(release.manifest.base, settings.public_url),
        Labels(engine),
        ClaimIndex(release.path / INDEX_FILE, lambda name: engine.select(named_queries.text(name))),
        _fingerprint([release.manifest.to_json(), settings.public_url, *described, *hashes]),
        CourtPool(release.path.parent, release.number, settings.texts, limits),
        networks(settings.trusted_proxies, "trusted_proxies"),
        texts,
        switched=_switched(settings.releases / CURRENT, release.number),
    )


def _switched(link: Path, number: int) -> datetime | None:
    """The time since when a release is current; None where it is not any more, or is an earlier one."""
    if not link.is_symlink() or os.readlink(link) != str(number):
        return None
    return datetime.fromtimestamp(int(link.lstat().st_mtime), UTC)


def current_site() -> Site:
    """The site of the application that serves the current request."""
    site: Site = current_app.extensions["quoth"]
    return site


def sitemap_paths(paths: Callable[[Site], Iterable[str]] | None) -> Callable[[View], View]:
    """Decorates a view that differs from others in the sitemap, which has every path without a parameter.

    None: the view has no pages for robots. Otherwise ``paths`` gives the pages of a view with parameters.
    """

    def decorate(view: View) -> View:
        setattr(view, SITEMAP, paths)
        return view

    return decorate


def _fingerprint(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join((*parts, _software()[0])).encode()).hexdigest()[:20]


def software() -> str:
    """A digest of all that makes responses of a release: templates, static files and queries, the ontology and the
    shapes, and the versions of Quoth, of Python and of the libraries, by which compressed bytes may differ too."""
    return _software()[0][:24]


@functools.cache
def _software() -> tuple[str, datetime]:
    """The digest, and the last change of those files."""
    needed = {_NAME.match(text)[0].lower() for p in ("quoth", "flask") for text in metadata.requires(p) or ()}  # type: ignore[index]
    versions = sorted({f"{d.name.lower()} {d.version}" for d in metadata.distributions() if d.name.lower() in needed})
    own = (__version__, platform.python_version(), zlib.ZLIB_RUNTIME_VERSION)
    digest = hashlib.sha256("\0".join((*own, *versions)).encode())
    folders = (WEB, named_queries.OWN, named_queries.QUESTIONS, folder("ontology"), folder("shapes"))
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".pyc"]
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest(), datetime.fromtimestamp(max(int(file.stat().st_mtime) for file in files), UTC)
