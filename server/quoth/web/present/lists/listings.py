"""The lists of things in the release: articles, entities, sources, topics; by number of claims."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import PREFIXES, QUOTH
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.web.core.site import Site
from quoth.web.present import identifiers
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref
from quoth.web.present.thing_names import LISTS

CHOICES_LIMIT = 300
"""Things that a form lists."""


def _classes(prefix: str, *names: str) -> tuple[str, ...]:
    return tuple(PREFIXES[prefix] + name for name in names)


_ARTICLE = _classes("schema", "Article", "NewsArticle")


@dataclass(frozen=True)
class Listing:
    """A list of things: of the classes of any of its ``kinds``, and none of ``but``, with the claims of a ``role``."""

    name: str
    title: str
    words: str
    role: str
    kinds: Mapping[str, Sequence[str]]
    but: Sequence[str] = ()
    counted: str = "claims"

    def selection(self, kind: str = "") -> tuple[Sequence[str], Sequence[str]]:
        """The classes of the list, or of one kind, and the classes that it leaves out."""
        classes = self.kinds[kind] if kind else [iri for classes in self.kinds.values() for iri in classes]
        # Every unnamed source is a source as well.
        return classes, (*self.but, *(self.kinds["unnamed"] if kind == "named" else ()))


_TABLE = (
    Listing("articles", "Articles", "Each article is broken down into the claims that it makes and reports.", "quoted",
            {"articles": _ARTICLE}),
    Listing("entities", "Entities",
            "Who and what the claims are about. Types are neutral; anything anyone says about an entity is a claim.",
            "about",
            {"organisations": _classes("org", "Organization"),
             "people": _classes("foaf", "Person"),
             "groups": _classes("foaf", "Group"),
             "places": _classes("schema", "Place", "Country", "City", "AdministrativeArea", "CivicStructure"),
             "others": (*_classes("foaf", "Agent", "Document"), *_classes("schema", "Thing"))},
            (QUOTH.AnonymousSource.value,), "claims about the entity"),
    Listing("sources", "Sources", "Everyone credited with a claim, whether they made it or passed it on. "
            "Those whom an article identifies by office alone are among the named.",
            "credited", {"named": (QUOTH.Source.value,), "unnamed": (QUOTH.AnonymousSource.value,)},
            _ARTICLE, "claims credited to the source"),
    Listing("topics", "Topics",
            "Subjects on which claims can be compared, whether or not they came about. Which claims concern a topic is "
            "our inference.",
            "concerning", {"topics": (QUOTH.Topic.value,)}, (), "claims on the topic"),
)  # fmt: skip
LISTINGS = {listing.name: listing for listing in _TABLE}


@dataclass(frozen=True)
class ListedThing:
    """One thing of a list, its kind in words, the number of its claims, and how many of them nobody has reviewed."""

    ref: Ref
    kind: str
    claims: int
    proposed: int


def page(site: Site, listing: Listing, kind: str, number: int, size: int) -> Page[ListedThing]:
    """One page of a list, narrowed to a kind if one is named. Raises NotFoundError past the last."""
    classes, but = listing.selection(kind)
    total = site.claim_index.things_count(classes, but)
    link_parameters = {"kind": kind} if kind else {}
    empty: Page[None] = pagination.page(
        (), number=number, size=size, total=total, path=listing.name, link_parameters=link_parameters
    )
    things = site.claim_index.things(listing.role, classes, but, first=(number - 1) * size, size=size)
    site.labels.fetch(thing.iri for thing in things)
    return empty.map([ListedThing(ref(site, thing.iri), thing.kind, thing.claims, thing.proposed) for thing in things])


@cached(LRUCache(16), key=lambda site, kind: (site.version, kind), lock=threading.Lock())
def choices(site: Site, kind: str) -> Sequence[str]:
    """The things of a kind (IRIs), those with the most claims first, at most CHOICES_LIMIT."""
    if kind == "dataset":
        return list(dict.fromkeys(scheme.source for scheme in identifiers.schemes(site).values()))
    if kind not in LISTS:
        return ()
    listing = LISTINGS[LISTS[kind]]
    things = site.claim_index.things(listing.role, *listing.selection(), first=0, size=CHOICES_LIMIT)
    return [thing.iri for thing in things]
