"""The values that entities have for properties, out of what the release says of them."""

import re
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF
from quoth.claim.model.triple_index import TripleIndex
from quoth.index.claims import Selection
from quoth.web.core.site import Site
from quoth.web.reconcile import schema
from quoth.web.reconcile.schema import Property
from quoth.web.reconcile.scoring import Value

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


class Known:
    """What the release says of some entities (IRIs), read at once."""

    def __init__(self, here: Site, iris: Iterable[str]) -> None:
        self.here = here
        wanted = list(dict.fromkeys(iris))
        self._index = TripleIndex(here.engine.describe(wanted))

    def there(self, iri: str) -> bool:
        """Whether anything is said of it."""
        return bool(self.classes(iri))

    def classes(self, iri: str) -> list[str]:
        """Its classes (IRIs)."""
        return self._index.values(iri, RDF.type)

    def texts(self, iri: str, *predicates: ox.NamedNode) -> list[str]:
        """The lexical forms and IRIs that it has for any of those predicates."""
        return [value for predicate in predicates for value in self._index.values(iri, predicate)]

    def values(self, iri: str, property: Property) -> list[Value]:
        """The values that it has for a property."""
        if property.kind == "type":
            return [Value(t.name, t.id) for t in schema.of_classes(self.classes(iri))]
        if property.kind == "quotation":
            return [Value(words) for words in quotations(self.here, iri)]
        if property.kind == "count":
            return [Value(str(self._count(iri, property)))]
        found = self.texts(iri, *property.predicates)
        if property.scheme:
            space = property.scheme.space
            return [Value(v.removeprefix(space).removesuffix("/"), v) for v in found if v.startswith(space)]
        if property.kind in ("entity", "concept"):
            self.here.labels.fetch(found)
            return [Value(self.here.labels.label(value), identifier(self.here, value)) for value in found]
        return [Value(value) for value in found]

    def _count(self, iri: str, property: Property) -> int:
        lists = self.here.claim_index
        if property.role:
            return lists.count(Selection(property.role, iri))
        return lists.count(Selection("all", narrowed=(("article", iri),)))


def quotations(here: Site, iri: str) -> Sequence[str]:
    """The words that carry a claim."""
    text = "SELECT quotation FROM item JOIN words ON words.rowid = item.id WHERE item.iri = :iri"
    found = here.claim_index.select(text, (("iri", iri),))
    return [words for (column,) in found for words in column.split("\n") if words]


def identifier(here: Site, iri: str) -> str:
    """The id of an entity: its IRI without what the identifier space begins with; of all else, the IRI."""
    return iri.removeprefix(f"{here.iris.base}id/")


def meant(here: Site, text: str) -> list[str]:
    """The IRIs that a client may mean by an id, an IRI, or the address of a document."""
    name = text.strip()
    for start in (f"{here.iris.base}id/", here.iris.url("id/"), here.iris.url("doc/")):
        name = name.removeprefix(start)
    found = []
    for iri in here.iris.candidates(f"id/{name}"):
        try:
            found.append(ox.NamedNode(iri).value)
        except ValueError:
            continue
    return found


def cell(value: Value, property: Property) -> dict[str, object]:
    """A value as a cell of a data extension response."""
    if property.kind == "entity" and "://" not in value.id:
        return {"id": value.id, "name": value.text}
    if property.kind == "concept":
        return {"str": value.id.rpartition("#")[2]}
    if property.kind in ("integer", "count") and value.text.lstrip("-").isdecimal() and len(value.text) < 16:
        return {"int": int(value.text)}
    if property.kind == "date" and _DATE.fullmatch(value.text):
        return {"date": f"{value.text}T00:00:00Z"}
    if property.kind == "date" and _MOMENT.fullmatch(value.text):
        return {"date": value.text}
    return {"str": value.text}
