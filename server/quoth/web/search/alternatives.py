"""What a search that finds nothing by name may have meant: its words in another spelling, and things of such names."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from quoth.index import fulltext
from quoth.index.fulltext import Search, SearchQuery
from quoth.index.vocabulary import vocabulary
from quoth.web.core.site import Site
from quoth.web.present import thing_names
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref


@dataclass(frozen=True)
class Alternatives:
    """The words of a search as the release spells them, empty where that finds nothing either; and the things whose
    names are most like them."""

    words: str = ""
    things: Sequence[Ref] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.things)


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
    )
