"""What a search that finds nothing by name may have meant: its words in another spelling, things of such names, and
the claims with a concept that the words stand for."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.claim.rules.vocabulary import our_vocabulary
from quoth.index import fulltext
from quoth.index.facets import FACETS
from quoth.index.fulltext import Search, SearchQuery
from quoth.index.selection import Selection
from quoth.index.vocabulary import vocabulary
from quoth.web.core.site import Site
from quoth.web.present import thing_names
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

_FACETS = ("eventType", "speechAct")
"""The facets whose concepts have words by which a text shows them."""
_WORDS = 12
"""Words of a text that are looked up among those of concepts."""


@dataclass(frozen=True)
class ConceptClaims:
    """The claims with a concept in a facet: how many, and the path of their table."""

    concept: Ref
    title: str
    count: int
    path: str


@dataclass(frozen=True)
class Alternatives:
    """The words of a search as the release spells them, empty where that finds nothing either; the things whose names
    are most like them; and the claims with concepts that they stand for."""

    words: str = ""
    things: Sequence[Ref] = ()
    claims: Sequence[ConceptClaims] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.things or self.claims)


def alternatives(site: Site, text: str, query: SearchQuery) -> Alternatives:
    """What may have been meant by a text, from which ``query`` was made."""
    known = vocabulary(site.claim_index)
    respelt = known.respelt(text)
    found = dataclasses.replace(query, words=fulltext.expression(respelt, known))
    things = thing_names.near_to(site, text)
    called = thing_names.told_apart(site, things)
    return Alternatives(
        respelt if respelt != text and Search(site.claim_index).count(found) else "",
        [dataclasses.replace(ref(site, iri), label=name) for iri, name in zip(things, called, strict=True)],
        list(_of_concepts(site, text)),
    )


def _of_concepts(site: Site, text: str) -> Iterator[ConceptClaims]:
    """The claims with a concept that a text, or a word of it, means: by its name, another word for it, or a form of
    either; those that no claim has are left out."""
    words = [text.strip(), *text.split()[:_WORDS]]
    for facet in map(FACETS.__getitem__, _FACETS):
        found = (name for word in words for name in our_vocabulary().near(facet.space.removesuffix("#"), word))
        for name in dict.fromkeys(found):
            iri = facet.space + name
            if count := site.claim_index.count(Selection("all", narrowed=((facet.name, iri),))):
                yield ConceptClaims(ref(site, iri), facet.title, count, f"claims?{facet.parameter}={name}")
