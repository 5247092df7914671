"""Entities by what others call them: /id/lookup?wikidata=Q843 answers 303 to the entity.

The schemes are those of the release: every dataset or list that a linkset leads to and that has a name for lookups.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from cachetools import LRUCache, cached
from flask import Blueprint, Response, request

from quoth.claim.model.namespaces import Term
from quoth.errors import NotFoundError, UsageError
from quoth.web.core.site import Site, site

VALUE_LIMIT = 300
"""Characters of an identifier."""

blueprint = Blueprint("lookup", __name__)


@dataclass(frozen=True)
class Scheme:
    """A dataset or list: its IRI, what its IRIs begin with, and what an identifier of it looks like."""

    source: str
    label: str
    space: str
    pattern: str
    any_case: bool

    def identifier(self, written: str) -> str | None:
        """The identifier in what somebody wrote, which may be an IRI of the scheme, or None."""
        text = written.strip().removeprefix(self.space).removesuffix("/")
        if self.any_case:
            text = re.sub(r"\s", "", text)
        flags = re.IGNORECASE if self.any_case else re.NOFLAG
        return text if len(text) <= VALUE_LIMIT and re.search(self.pattern, text, flags) else None


@blueprint.get("/id/lookup")
def lookup() -> Response:
    """303 to the entity that an identifier is of; 300 with all of them where it is close to several.

    Raises UsageError for an unknown scheme or an identifier that cannot be one of it, and NotFoundError.
    """
    here = site()
    known = schemes(here)
    if len(given := list(request.args.items(multi=True))) != 1:
        raise UsageError("a lookup takes one identifier", where="query string", remedy=_remedy(known))
    [(key, written)] = given
    if key not in known:
        raise UsageError(f"{key!r} is no scheme of this release", where=key, remedy=_remedy(known))
    scheme = known[key]
    identifier = scheme.identifier(written)
    if identifier is None:
        remedy = f"one matches {scheme.pattern}" + (", in any case" if scheme.any_case else "")
        raise UsageError(f"{written[:VALUE_LIMIT]!r} is no identifier of {scheme.label}", where=key, remedy=remedy)
    found = entities(here, scheme, identifier)
    if not found:
        raise NotFoundError(
            f"release {here.release.number} links nothing with {identifier!r} of {scheme.label}",
            where=key,
            remedy=_remedy(known),
        )
    urls = [here.iris.url(f"id/{name}") for entity in found if (name := here.iris.name(entity))]
    response = Response("".join(f"{url}\n" for url in urls), 303 if len(urls) == 1 else 300)
    response.content_type = "text/plain; charset=utf-8"
    if len(urls) == 1:
        response.headers["Location"] = urls[0]
    response.headers["Cache-Control"] = "no-cache"
    return response


@cached(LRUCache(4), key=lambda here: here.release.path, lock=threading.Lock())
def schemes(here: Site) -> Mapping[str, Scheme]:
    """The schemes by their names in a lookup."""
    return {_text(row["key"]): _scheme(row) for row in here.rows("lookup-schemes")}


def _scheme(row: Mapping[str, Term]) -> Scheme:
    source = _text(row["source"])
    return Scheme(
        source,
        _text(row["label"]),
        _text(row.get("space")) or f"{source}#",
        _text(row.get("pattern")) or ".",
        _text(row.get("flags")) == "i",
    )


def entities(here: Site, scheme: Scheme, identifier: str, close: bool = True) -> list[str]:
    """The entities that are the same as what the identifier names; else, unless not wanted, those close to it."""
    iri = _targets(here, scheme).get(identifier.lower() if scheme.any_case else identifier)
    rows = here.rows("lookup", iri) if iri else []
    best = [row for row in rows if row["rank"] == rows[0]["rank"] and (close or _text(row["rank"]) == "0")]
    return list(dict.fromkeys(_text(row["entity"]) for row in best))


@cached(LRUCache(64), key=lambda here, scheme: (here.release.path, scheme), lock=threading.Lock())
def _targets(here: Site, scheme: Scheme) -> Mapping[str, str]:
    """Identifier, in small letters where case does not matter → the IRI for it in the release."""
    iris = here.column("lookup-targets", "target", scheme.source)
    named = {iri.removeprefix(scheme.space).removesuffix("/"): iri for iri in iris if iri.startswith(scheme.space)}
    return {name.lower(): iri for name, iri in named.items()} if scheme.any_case else named


def _remedy(known: Mapping[str, Scheme]) -> str:
    if not known:
        return "this release has no linksets"
    return "give one of " + ", ".join(f"{key} ({scheme.label})" for key, scheme in known.items())


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
