"""Identifiers of other datasets: the schemes of the release's linksets, and the entities that an identifier names."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import Term
from quoth.web.core.site import Site

_WEB = re.compile(r"https?://(?:www\.)?([^/?#@\s]+)/", re.IGNORECASE)
VALUE_LIMIT = 300
"""Characters of an identifier."""


@dataclass(frozen=True)
class IdentifierScheme:
    """A dataset or list: its IRI, what its IRIs begin with, and what an identifier of it looks like."""

    source: str
    label: str
    space: str
    pattern: str
    any_case: bool

    def identifier(self, written: str) -> str | None:
        """The identifier in what somebody wrote, which may be an IRI of the scheme or a page on its host, or None."""
        text = written.strip().removeprefix(self.space).removesuffix("/")
        if _host(text) and _host(text) == _host(self.space):
            text = re.split(r"[?#]", text)[0].rpartition("/")[2]
        if self.any_case:
            text = re.sub(r"\s", "", text)
        flags = re.IGNORECASE if self.any_case else re.NOFLAG
        return text if len(text) <= VALUE_LIMIT and re.search(self.pattern, text, flags) else None


def _host(text: str) -> str:
    """The host of a web address, without the www. before it; empty for any other text."""
    match = _WEB.match(text)
    return match[1].lower() if match else ""


@cached(LRUCache(4), key=lambda site: site.version, lock=threading.Lock())
def schemes(site: Site) -> Mapping[str, IdentifierScheme]:
    """The schemes by their names in a lookup."""
    schemes = {}
    for row in site.rows("lookup-schemes"):
        source, label, space, pattern, flags = (
            _text(row.get(name)) for name in ("source", "label", "space", "pattern", "flags")
        )
        schemes[_text(row["key"])] = IdentifierScheme(
            source, label, space or f"{source}#", pattern or ".", flags == "i"
        )
    return schemes


def entities(site: Site, scheme: IdentifierScheme, identifier: str, close: bool = True) -> list[str]:
    """The entities that are the same as what the identifier names; else, unless not wanted, those close to it."""
    iri = _targets(site, scheme).get(identifier.lower() if scheme.any_case else identifier)
    rows = site.rows("lookup", iri) if iri else []
    best = [row for row in rows if row["rank"] == rows[0]["rank"] and (close or _text(row["rank"]) == "0")]
    return list(dict.fromkeys(_text(row["entity"]) for row in best))


@cached(LRUCache(64), key=lambda site, scheme: (site.version, scheme), lock=threading.Lock())
def _targets(site: Site, scheme: IdentifierScheme) -> Mapping[str, str]:
    """Identifier, in small letters where case does not matter → the IRI for it in the release."""
    iris = site.column("lookup-targets", "target", scheme.source)
    named = {iri.removeprefix(scheme.space).removesuffix("/"): iri for iri in iris if iri.startswith(scheme.space)}
    return {name.lower(): iri for name, iri in named.items()} if scheme.any_case else named


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
