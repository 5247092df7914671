"""What somebody means who names a thing: by its IRI or address, by an identifier elsewhere, or by a name."""

from collections import Counter
from collections.abc import Sequence

from quoth.claim.model.namespaces import KINDS
from quoth.corpus import bases
from quoth.errors import Choice, NotFoundError, UsageError
from quoth.index import names
from quoth.index.names import ItemFilter
from quoth.index.similarity import folded, similarity, similarity_score
from quoth.sparql import parameters
from quoth.web.core.site import Site
from quoth.web.present import identifiers

_NEAR = 40.0
"""The score of a name from which it is suggested for another (similarity_score)."""
_NEAR_LIMIT = 5


def _classes(*kinds: str) -> tuple[str, ...]:
    return tuple(iri for iri, kind in KINDS.items() if kind in kinds)


_THINGS = ItemFilter(tuple(set(KINDS) - set(_classes("claim", "topic", "concept", "linkset", "dataset"))), claims=False)
_EVERYTHING = ItemFilter(tuple(KINDS), claims=True)
_NAMED = ItemFilter(tuple(KINDS), claims=False)
_SOURCES = _classes("source", "unnamed source", "organisation", "person", "group", "agent", "document", "article")
"""The classes of what a claim can be credited to; publication makes whatever is credited with one a quoth:Source."""
_ITEMS = {"entity": _THINGS, "source": ItemFilter(_SOURCES, claims=False), "claim": ItemFilter((), claims=True)} | {
    kind: ItemFilter(_classes(kind), claims=False) for kind in ("topic", "article", "dataset")
}
LISTS = {"entity": "entities", "source": "sources", "topic": "topics", "article": "articles"}
"""The kinds of things that have lists, and the names of these."""


def identified(site: Site, text: str) -> list[str]:
    """The things of the release that a text names by an IRI, absolute, with a prefix or relative, by an address of this
    server, or by an identifier in a dataset that the release is linked with."""
    written = text.strip()
    if not written or len(written) > identifiers.VALUE_LIMIT:
        return []
    own = names.among(site.claim_index, own_iris(site, written), _EVERYTHING)
    schemes = [(scheme, scheme.identifier(written)) for scheme in identifiers.schemes(site).values()]
    known = [iri for scheme, name in schemes if name for iri in identifiers.entities(site, scheme, name)]
    return list(dict.fromkeys([*own, *known]))


def own_iris(site: Site, written: str) -> list[str]:
    """The IRIs that a text may stand for by itself: absolute, with a prefix or relative, or an address of ours."""
    address = written.removeprefix(site.iris.public).removeprefix(site.iris.prefix)
    of_corpus = [iri] if (iri := bases.full(address, site.iris.base)) != site.iris.base + address else []
    path = written
    for start in (site.iris.base, site.iris.public, site.iris.prefix, "doc/", "id/"):
        path = path.removeprefix(start)
    iris = [parameters.absolute(written, site.iris.base), *of_corpus, *site.iris.candidates(f"id/{path}")]
    return list(dict.fromkeys(iris))


def written(site: Site, kind: str, text: str) -> list[str]:
    """The IRIs that a value may stand for where things of a kind are asked for: those of ``own_iris``, and those of
    which it is the name without the kind, as ``ferry`` is for ``article/ferry``."""
    if not text or len(text) > identifiers.VALUE_LIMIT:
        return []
    corpus = next((f"{path}/" for path in site.iris.corpora if text.startswith(f"{path}/")), "")
    below = site.iris.candidates(f"id/{corpus}{kind}/{text.removeprefix(corpus)}") if kind in LISTS else ()
    return list(dict.fromkeys([*own_iris(site, text), *below]))


def resolve(site: Site, kind: str, text: str, where: str) -> str:
    """The IRI of the thing of a kind (parameters.KINDS; empty: any) that a text names; ``where``: the parameter.

    Raises UsageError for several things of that name and for a thing of another kind, and NotFoundError. They have the
    things that may have been meant as choices.
    """
    items, noun = _ITEMS.get(kind, _EVERYTHING), kind or "thing"
    given, a_noun = repr(text if len(text) <= 80 else text[:80] + "…"), f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    iris = identified(site, text)
    fitting = _fitting(site, text, items, iris)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        detail = f"{given} can mean {len(fitting)} things"
        raise UsageError(detail, where=where, remedy="choose one of them", choices=_choices(site, fitting))
    if others := iris or _called(site, text, _NAMED):
        detail = f"{given} is {site.labels.label(others[0])}, which is not {a_noun}"
        raise UsageError(detail, where=where, remedy=f"give the name or the IRI of {a_noun}")
    remedy = f"give the name or the IRI of {a_noun}"
    if kind in LISTS:
        remedy += f"; all are in {site.iris.url(LISTS[kind])}"
    near = _choices(site, near_to(site, text, items))
    raise NotFoundError(f"this release has no {noun} {given}", where=where, remedy=remedy, choices=near)


def shown(site: Site, kind: str, iri: str) -> str:
    """A thing as a form shows it: its label, where that leads back to it alone; else its IRI, relative to the
    dataset."""
    label = site.labels.label(iri)
    named = _fitting(site, label, _ITEMS.get(kind, _EVERYTHING), identified(site, label))
    return label if named == [iri] else site.iris.shorten(iri)


def told_apart(site: Site, iris: Sequence[str]) -> list[str]:
    """The labels of things that are offered beside each other; those that several have with their kinds and IRIs."""
    site.labels.fetch(iris)
    labels = [site.labels.label(iri) for iri in iris]
    bearers, kinds = Counter(map(folded, labels)), names.kinds(site.claim_index, iris)
    return [
        f"{label} ({kinds.get(iri, 'resource')}, {site.iris.shorten(iri)})" if bearers[folded(label)] > 1 else label
        for iri, label in zip(iris, labels, strict=True)
    ]


def _fitting(site: Site, text: str, items: ItemFilter, iris: Sequence[str]) -> list[str]:
    """The things that a text means: those of the ``iris`` by which it identifies things; else those of its name."""
    return names.among(site.claim_index, iris, items) or _called(site, text, items)


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
    return [Choice(name, site.iris.shorten(iri)) for name, iri in zip(told_apart(site, iris), iris, strict=True)]
