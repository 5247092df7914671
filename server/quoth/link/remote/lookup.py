"""Looking names up at a SPARQL endpoint, and what it says of the things that it names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api.rows import named_nodes
from quoth.link.matching.linkable import Dataset
from quoth.link.matching.similarity import Candidate, Subject
from quoth.link.remote.sparql_client import Endpoint
from quoth.link.remote.targets import Target

BATCH = 40
"""Things that one query asks about."""
FOUND_LIMIT = 25
"""Things of one name that are looked at."""
_LONGEST = 500


@dataclass
class Details:
    """What an endpoint says of one thing. ``onwards``: what it redirects to, in the target's own space."""

    exists: bool = False
    labels: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    descriptions: list[str] = field(default_factory=list)
    onwards: list[str] = field(default_factory=list)

    def candidate(self, iri: str) -> Candidate:
        """The thing as a candidate."""
        types = frozenset(self.types)
        return Candidate(iri, tuple(self.labels), tuple(self.aliases), types, " ".join(self.descriptions))


class Lookup:
    """The endpoint of a target, asked about things of a dataset."""

    def __init__(self, target: Target, dataset: Dataset, endpoint: Endpoint) -> None:
        self._languages = target.languages
        self._space = dataset.space
        self._endpoint = endpoint

    def candidates(self, subject: Subject) -> list[Candidate]:
        """What has one of the names of an entity, as the target's query ``candidates`` finds it."""
        names = list(dict.fromkeys(v for n in [*subject.labels, *subject.aliases] for v in _variants(n)))
        terms = [t for n in names for t in (ox.Literal(n), *(ox.Literal(n, language=x) for x in self._languages))]
        rows = self._endpoint.select("candidates", name=terms)
        items = [row["item"].value for row in rows if isinstance(row.get("item"), ox.NamedNode)]  # type: ignore[union-attr]
        own = list(dict.fromkeys(i for i in items if i.startswith(self._space)))[:FOUND_LIMIT]
        found = self.details(own)
        return [found[iri].candidate(iri) for iri in own if found[iri].exists and not found[iri].onwards]

    def details(self, iris: Iterable[str], *, fresh: bool = False) -> dict[str, Details]:
        """What the endpoint says of each of these."""
        wanted = list(dict.fromkeys(iris))
        found: dict[str, Details] = defaultdict(Details)
        for start in range(0, len(wanted), BATCH):
            self._details(wanted[start : start + BATCH], fresh, found)
        return {iri: found[iri] for iri in wanted}

    def _details(self, iris: Sequence[str], fresh: bool, found: dict[str, Details]) -> None:
        languages = [ox.Literal(x) for x in ("", *self._languages)]
        items: list[Term] = list(named_nodes(iris))
        for row in self._endpoint.select("details", fresh=fresh, item=items, language=languages):
            item, what, value = row.get("item"), row.get("what"), row.get("value")
            if not isinstance(item, ox.NamedNode) or not isinstance(what, ox.Literal) or item.value not in iris:
                continue
            details = found[item.value]
            details.exists = True
            text = value.value if isinstance(value, ox.NamedNode | ox.Literal) else ""
            if what.value == "type" and isinstance(value, ox.NamedNode):
                details.types.add(text)
            elif what.value == "onwards" and text.startswith(self._space) and text != item.value:
                details.onwards.append(text)
            elif text and what.value in _TEXTS:
                getattr(details, _TEXTS[what.value]).append(" ".join(text.split())[:_LONGEST])


_TEXTS = {"label": "labels", "alias": "aliases", "description": "descriptions"}
"""What a row of the query ``details`` says → where it is kept."""


def _variants(name: str) -> Iterable[str]:
    """A name as it stands and as it may be written elsewhere: an endpoint compares letter by letter."""
    bare = name.removeprefix("the ").removeprefix("The ")
    for form in (name, bare, name[:1].upper() + name[1:], bare.title(), bare.upper()):
        yield form
        yield form.replace("’", "'")
        yield form.replace("'", "’")
