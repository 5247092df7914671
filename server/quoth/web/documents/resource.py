"""A resource of a release by its address: its IRI, its links, and the reason why an address leads to none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PROV, RDF
from quoth.errors import GoneError, Link, NotFoundError
from quoth.formats import HTML, RDF_FORMATS, by_name
from quoth.web.core.site import Site
from quoth.web.core.urls import is_web

OFFERS = (*RDF_FORMATS, HTML)


@dataclass(frozen=True)
class Resource:
    """A resource that a release describes: its IRI, its percent-encoded name below /id/, the statements about it.

    ``current``: the current release describes it as well. A pinned release may describe a withdrawn resource."""

    site: Site
    iri: str
    name: str
    own: Sequence[ox.Quad]
    current: bool

    @property
    def stem(self) -> str:
        """The path of its document."""
        return f"{self.site.iris.documents}/{self.name}"

    @property
    def canonical(self) -> str | None:
        """The path of the current document about it, if there is one."""
        return f"doc/{self.name}" if self.current else None

    def links(self) -> list[Link]:
        """The links of its document, beside those to the variants, with relations of IANA's registry."""
        site, url = self.site, self.site.iris.url
        targets: list[Link] = [
            (self.iri, "describes", None),
            (url("ns"), "describedby", None),
            (url(".well-known/void"), "describedby", None),
            (ONTOLOGY_IRI, "profile", None),
        ]
        targets += [(type, "type", None) for type in self._values(RDF.type) if is_web(type)]
        articles = map(site.iris.name, self._values(PROV.wasQuotedFrom))
        targets += [(url(f"{site.iris.documents}/{article}"), "collection", None) for article in articles if article]
        if site.licence:
            targets.append((site.licence, "license", None))
        if site.pinned:
            targets += [(url(self.canonical), "latest-version", None)] if self.canonical else []
        elif site.serves(site.release.number):
            targets.append((url(f"releases/{site.release.number}/doc/{self.name}"), "cite-as", None))
        return [*targets, (url("releases"), "version-history", None)]

    def _values(self, predicate: ox.NamedNode) -> Iterator[str]:
        return (q.object.value for q in self.own if q.predicate == predicate and isinstance(q.object, ox.NamedNode))


def resource_at(site: Site, path: str, current: Site) -> Resource | None:
    """The resource that a path names, if the release of ``site`` describes it. ``current``: the current release's site.

    However the request encoded the path, the document has one address.
    """
    for iri in site.iris.candidates(f"id/{path}"):
        own = site.about(iri)
        if own is not None:
            in_current = not site.pinned or current.about(iri) is not None
            return Resource(site, iri, site.iris.name(iri) or path, own, in_current)
    return None


def split_suffix(path: str) -> tuple[str, str | None]:
    """``claim/x`` and ``ttl`` for ``claim/x.ttl``; the whole path and None where no variant has the suffix."""
    stem, _, suffix = path.rpartition(".")
    format = by_name(OFFERS, suffix) if stem else None
    return (stem, suffix) if format is not None and format.suffix == suffix else (path, None)


def missing(site: Site, path: str) -> NotFoundError | GoneError:
    """The error for a path that names no resource: an earlier release may have described one."""
    for name in () if site.pinned else dict.fromkeys((path, split_suffix(path)[0])):
        for iri in site.iris.candidates(f"id/{name}"):
            if iri in site.gone:
                return _gone(site, iri, path)
    return NotFoundError(
        f"release {site.release.number} says nothing of {site.iris.base}id/{path}",
        remedy=f"start from {site.iris.public}, or ask {site.iris.url('sparql')}",
    )


def _gone(site: Site, iri: str, path: str) -> GoneError:
    last = site.gone[iri]
    detail = f"the current release, {site.release.number}, says nothing of {iri} any more; release {last} was the last"
    if not site.serves(last):
        return GoneError(detail, remedy=f"its documents are not served here; see {site.iris.url('releases')}")
    url = site.iris.url(f"releases/{last}/doc/{path}")
    return GoneError(detail, remedy=f"what release {last} said is at {url}", links=[(url, "predecessor-version", None)])
