"""What somebody means who names a thing: by its IRI or address, by an identifier elsewhere, or by a name."""

import threading
from collections.abc import Sequence

from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import KINDS
from quoth.errors import Choice, NotFoundError, UsageError
from quoth.index import names
from quoth.index.names import ItemFilter
from quoth.index.similarity import folded, similarity, similarity_score
from quoth.sparql import parameters
from quoth.web.core.site import Site
from quoth.web.present import identifiers
from quoth.web.present.lists.listings import LISTINGS

CHOICES_LIMIT = 300
"""Things that a form lists."""
_NEAR = 40.0
"""The score of a name from which it is suggested for another (similarity_score)."""
_NEAR_LIMIT = 5


def _classes(*kinds: str) -> tuple[str, ...]:
    return tuple(iri for iri, kind in KINDS.items() if kind in kinds)


_THINGS = ItemFilter(tuple(set(KINDS) - set(_classes("claim", "topic", "concept", "linkset", "dataset"))), claims=False)
_EVERYTHING = ItemFilter(tuple(KINDS), claims=True)
_NAMED = ItemFilter(tuple(KINDS), claims=False)
_ITEMS = {"entity": _THINGS, "source": _THINGS, "claim": ItemFilter((), claims=True)} | {
    kind: ItemFilter(_classes(kind), claims=False) for kind in ("topic", "article", "dataset")
}
_LISTS = {"entity": "entities", "source": "sources", "topic": "topics", "article": "articles"}


@cached(LRUCache(16), key=lambda site, kind: (site.version, kind), lock=threading.Lock())
def choices(site: Site, kind: str) -> Sequence[str]:
    """The things of a kind (IRIs), those with the most claims first, at most CHOICES_LIMIT."""
    if kind == "dataset":
        return list(dict.fromkeys(scheme.source for scheme in identifiers.schemes(site).values()))
    if kind not in _LISTS:
        return ()
    listing = LISTINGS[_LISTS[kind]]
    things = site.claim_index.things(listing.role, *listing.selection(), first=0, size=CHOICES_LIMIT)
    return [thing.iri for thing in things]


def identified(site: Site, text: str) -> list[str]:
    """The things of the release that a text names by an IRI, absolute, with a prefix or relative, by an address of this
    server, or by an identifier in a dataset that the release is linked with."""
    written = text.strip()
    if not written or len(written) > identifiers.VALUE_LIMIT:
        return []
    path = written
    for start in (site.iris.base, site.iris.public, site.iris.prefix, "doc/", "id/"):
        path = path.removeprefix(start)
    iris = [parameters.absolute(written, site.iris.base), *site.iris.candidates(f"id/{path}")]
    own = names.among(site.claim_index, list(dict.fromkeys(iris)), _EVERYTHING)
    schemes = [(scheme, scheme.identifier(written)) for scheme in identifiers.schemes(site).values()]
    known = [iri for scheme, name in schemes if name for iri in identifiers.entities(site, scheme, name)]
    return list(dict.fromkeys([*own, *known]))


def resolve(site: Site, kind: str, text: str, where: str) -> str:
    """The IRI of the thing of a kind (parameters.KINDS; empty: any) that a text names; ``where``: the parameter.

    Raises UsageError for several things of that name and for a thing of another kind, and NotFoundError. They have the
    things that may have been meant as choices.
    """
    items, noun = _ITEMS.get(kind, _EVERYTHING), kind or "thing"
    given, a_noun = repr(text if len(text) <= 80 else text[:80] + "…"), f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    iris = identified(site, text)
    fitting = names.among(site.claim_index, iris, items) or _called(site, text, items)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        detail = f"{given} can mean {len(fitting)} things"
        raise UsageError(detail, where=where, remedy="choose one of them", choices=_choices(site, fitting))
    if iris:
        detail = f"{given} is {site.labels.label(iris[0])}, which is not {a_noun}"
        raise UsageError(detail, where=where, remedy=f"give the name or the IRI of {a_noun}")
    remedy = f"give the name or the IRI of {a_noun}"
    if kind in _LISTS:
        remedy += f"; all are in {site.iris.url(_LISTS[kind])}"
    near = _choices(site, near_to(site, text, items))
    raise NotFoundError(f"this release has no {noun} {given}", where=where, remedy=remedy, choices=near)


def shown(site: Site, kind: str, iri: str) -> str:
    """A thing as a form shows it: its label, where that alone names it; else its IRI, relative to the dataset."""
    label = site.labels.label(iri)
    alone = not identified(site, label) and _called(site, label, _ITEMS.get(kind, _EVERYTHING)) == [iri]
    return label if alone else site.iris.shorten(iri)


def _called(site: Site, text: str, items: ItemFilter) -> list[str]:
    """The things of just that name; else those of it with the family name first."""
    bearers, wanted = names.exact(site.claim_index, text, items), folded(text)
    just = [bearer.iri for bearer in bearers if wanted in map(folded, (*bearer.labels, *bearer.also))]
    return (just or [bearer.iri for bearer in bearers]) if wanted else []


def near_to(site: Site, text: str, items: ItemFilter = _NAMED) -> list[str]:
    """The things whose names are most like a text, the likeliest first; no claims unless ``items`` has them."""
    wanted = folded(text)
    scores = {
        bearer.iri: max(similarity_score(similarity(wanted, folded(name))) for name in (*bearer.labels, *bearer.also))
        for bearer in names.alike(site.claim_index, text, items)
        if bearer.labels or bearer.also
    }
    near = sorted((iri for iri, score in scores.items() if score >= _NEAR), key=lambda iri: (-scores[iri], iri))
    return near[:_NEAR_LIMIT]


def _choices(site: Site, iris: Sequence[str]) -> list[Choice]:
    site.labels.fetch(iris)
    return [Choice(site.labels.label(iri), site.iris.shorten(iri)) for iri in iris]
